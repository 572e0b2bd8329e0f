"""What an administrator does to people and their posts besides adding them."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from tracker.accounts.acting import User
from tracker.accounts.actions import check_reach
from tracker.accounts.models import Person, Post
from tracker.db import atomic
from tracker.errors import Invalid, NotFound, Refused
from tracker.history.actions import record
from tracker.rules.access import Deed, require


def end_post(post: Post, until_on: date, *, by: User, now: datetime) -> None:
    """Set the last day of a post."""
    require(by.role, Deed.ADMINISTER)
    if not post.unit.path.startswith(by.unit_path):
        raise NotFound
    if until_on < post.from_on:
        raise Invalid({"until_on": f"Ngày thôi giữ vị trí phải từ {post.from_on:%d/%m/%Y} trở đi."})
    if post.person_id == by.person_id and until_on < now.date():
        raise Refused("Không tự kết thúc vị trí của chính mình; hãy nhờ người quản trị khác.")
    with atomic():
        post.until_on = until_on
        record("person", post.person_id, "end_post", by=by, now=now, unit=post.unit.name, until_on=until_on)


def lock_account(person: Person, *, by: User, now: datetime) -> None:
    """Lock the account and end its sessions. Whether work still lies with the person, `tasks` asks before."""
    _check_may(person, by, now.date())
    with atomic():
        person.active = False
        person.session_token = secrets.token_hex(24)
        record("person", person.id, "lock", by=by, now=now)


def unlock_account(person: Person, *, by: User, now: datetime) -> None:
    """Let a locked account sign in again."""
    _check_may(person, by, now.date())
    with atomic():
        person.active = True
        record("person", person.id, "unlock", by=by, now=now)


def _check_may(person: Person, by: User, today: date) -> None:
    check_reach(person, by, today)
    if person.id == by.person_id:
        raise Refused("Không tự khóa tài khoản của chính mình; hãy nhờ người quản trị khác.")
