"""Signing in, passwords, invitations, people and their posts."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.accounts.acting import User
from tracker.accounts.models import Invitation, Person, Post, SignInAttempt
from tracker.accounts.queries import person_named, posts_of
from tracker.db import atomic, db
from tracker.errors import Forbidden, Invalid, Refused
from tracker.history.actions import Actor, record
from tracker.rules.access import PROVINCIAL, Deed, Role, require
from tracker.rules.texts import fold
from tracker.units.actions import whole_house
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]*")
SHORTEST_PASSWORD = 10
FIRST_ADMINISTRATOR = "quantri"
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng."


def hash_password(password: str) -> str:
    """The Argon2 hash of a password in NFC: the same word typed on two keyboards is the same password."""
    return _HASHER.hash(unicodedata.normalize("NFC", password))


_NOBODY = hash_password(secrets.token_hex(8))


def sign_in(
    username: str, password: str, address: str, *, now: datetime, max_failures: int, window_minutes: int
) -> Post:
    """The post that the person will act for. Raises Refused during a pause, Invalid when name or password is wrong.

    Failures are counted per name and per address; an unknown name costs as much time as a known one.
    """
    keys = [f"name:{username.strip().lower()[:100]}", f"address:{address[:60]}"]
    since = now - timedelta(minutes=window_minutes)
    _check_attempts(keys, since, max_failures, window_minutes)
    person = person_named(username)
    if not _fits(person, password) or person is None or not person.active:
        with atomic():
            db.session.add_all(SignInAttempt(key=key, at=now) for key in keys)
        raise Invalid({"password": WRONG}, WRONG)
    posts = posts_of(person.id, now.date())
    if not posts:
        raise Refused("Tài khoản chưa giữ vị trí nào đang hiệu lực; đề nghị liên hệ người quản trị.")
    with atomic():
        db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.key == keys[0]))
        db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < now - timedelta(days=1)))
        person.last_seen_at = now
        record("person", person.id, "sign_in", by=None, now=now)
    return posts[0]


def _check_attempts(keys: list[str], since: datetime, max_failures: int, minutes: int) -> None:
    limits = dict(zip(keys, (max_failures, max_failures * 10), strict=True))
    counts = db.session.execute(
        sa.select(SignInAttempt.key, sa.func.count())
        .where(SignInAttempt.key.in_(keys), SignInAttempt.at > since)
        .group_by(SignInAttempt.key)
    )
    if any(number >= limits[key] for key, number in counts):
        raise Refused(f"Nhập sai nhiều lần. Hãy thử lại sau {minutes} phút.", code="too_many_attempts")


def _fits(person: Person | None, password: str) -> bool:
    kept = person.password_hash if person and person.password_hash else _NOBODY
    try:
        _HASHER.verify(kept, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False
    return kept != _NOBODY


def check_new_password(password: str, repeated: str, person: Person) -> None:
    """Raise Invalid for a password that is short, the user name itself, or not repeated alike."""
    wrong = {}
    if len(password) < SHORTEST_PASSWORD:
        wrong["password"] = f"Mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự."
    elif _easily_guessed(password.lower(), person.username):
        wrong["password"] = "Mật khẩu quá dễ đoán; hãy chọn một cụm từ dài hơn."  # noqa: S105
    if password != repeated:
        wrong["repeated"] = "Hai lần nhập chưa giống nhau."
    if wrong:
        raise Invalid(wrong)


def _easily_guessed(password: str, username: str) -> bool:
    """Whether it is little more than the user name, or few different characters."""
    besides = password.replace(username, "")
    return len(besides) < SHORTEST_PASSWORD // 2 or len(set(password)) < SHORTEST_PASSWORD // 2


def change_password(person: Person, old: str, password: str, repeated: str, *, now: datetime) -> None:
    """Change one's own password; every other session of the person ends."""
    if not _fits(person, old):
        raise Invalid({"old": "Mật khẩu hiện tại chưa đúng."})
    check_new_password(password, repeated, person)
    if password == old:
        raise Invalid({"password": "Mật khẩu mới phải khác mật khẩu hiện tại."})
    _set_password(person, password, now)


def _set_password(person: Person, password: str, now: datetime) -> None:
    with atomic():
        person.password_hash = hash_password(password)
        person.must_change_password = False
        person.session_token = secrets.token_hex(24)
        record("person", person.id, "password", by=None, now=now)


def sign_out_everywhere(person: Person, *, now: datetime) -> None:
    """End all sessions of a person."""
    with atomic():
        person.session_token = secrets.token_hex(24)
        record("person", person.id, "sign_out_everywhere", by=None, now=now)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def check_reach(person: Person, by: User, today: date) -> None:
    """Raise Forbidden unless all posts that the person holds are within the administrator's own subtree.

    Whoever may give a new password to somebody may act as they do, so one shared post is not enough.
    """
    require(by.role, Deed.ADMINISTER)
    held = [post for post in person.posts if post.until_on is None or post.until_on >= today]
    if any(not post.unit.path.startswith(by.unit_path) for post in held):
        raise Forbidden("Người này còn giữ vị trí ngoài phạm vi quản trị của đồng chí.")


def invite(person: Person, *, by: User | None, now: datetime, days: int) -> str:
    """A one-time token with which the person sets a password; earlier ones stop working. Only its hash is kept."""
    if by is not None:
        check_reach(person, by, now.date())
    token = secrets.token_urlsafe(24)
    with atomic():
        db.session.execute(sa.delete(Invitation).where(Invitation.person_id == person.id))
        db.session.add(
            Invitation(person_id=person.id, token_hash=_hashed(token), expires_at=now + timedelta(days=days))
        )
        record("person", person.id, "invite", by=by, now=now)
    return token


def invitation(token: str, *, now: datetime) -> tuple[Invitation, Person]:
    """The open invitation behind a token and whom it invites; raises Refused when used, expired or unknown."""
    found = db.session.scalar(sa.select(Invitation).where(Invitation.token_hash == _hashed(token)))
    person = db.session.get(Person, found.person_id) if found else None
    if found is None or person is None or found.used_at is not None or found.expires_at < now:
        raise Refused("Liên kết này đã được dùng hoặc đã hết hạn; đề nghị người quản trị gửi liên kết mới.")
    return found, person


def accept_invitation(token: str, password: str, repeated: str, *, now: datetime) -> Person:
    """Set the first password by a one-time link."""
    with atomic():
        found, person = invitation(token, now=now)
        check_new_password(password, repeated, person)
        found.used_at = now
        _set_password(person, password, now)
    return person


def add_person(
    *,
    username: str,
    name: str,
    email: str = "",
    phone: str = "",
    unit: Unit,
    role: Role,
    title: str = "",
    by: User | None,
    now: datetime,
    password: str = "",
    demo: bool = False,
) -> Person:
    """Add a person with a first post. Raises Invalid when the user name is taken or cannot be typed everywhere."""
    if by is not None:
        require(by.role, Deed.ADMINISTER)
        if not unit.path.startswith(by.unit_path):
            raise Forbidden("Đơn vị này ngoài phạm vi quản trị của đồng chí.")
    if not _USERNAME.fullmatch(username.strip().lower()):
        raise Invalid({"username": "Chỉ dùng chữ không dấu, số, dấu chấm, gạch nối; bắt đầu bằng chữ hoặc số."})
    _check_fits(role, unit)
    with atomic():
        if person_named(username) is not None:
            raise Invalid({"username": "Tên đăng nhập này đã có người dùng."})
        person = Person(
            username=username.strip().lower(),
            name=name,
            email=email,
            phone=phone,
            password_hash=hash_password(password) if password else "",
            must_change_password=bool(password) and not demo,
            session_token=secrets.token_hex(24),
            demo=demo,
            search_text=fold(f"{name} {username}"),
        )
        db.session.add(person)
        db.session.flush()
        record("person", person.id, "add", by=by, now=now, name=name, username=person.username)
        _add_post(person, unit, role, title, now.date(), by, now)
    return person


def _check_fits(role: Role, unit: Unit) -> None:
    """The roles that give and confirm work belong above the communes."""
    if role in PROVINCIAL and unit.kind in COMMUNE_KINDS:
        raise Invalid({"role": "Vai trò này dành cho đơn vị cấp tỉnh, không dành cho xã, phường."})


def _add_post(
    person: Person, unit: Unit, role: Role, title: str, from_on: date, by: Actor | None, now: datetime
) -> Post:
    post = Post(person_id=person.id, unit_id=unit.id, role=role, title=title, from_on=from_on)
    db.session.add(post)
    record("person", person.id, "add_post", by=by, now=now, unit=unit.name, role=role.value, title=title)
    return post


def add_post(person: Person, unit: Unit, role: Role, title: str, from_on: date, *, by: User, now: datetime) -> Post:
    """Give a person another post from a day on."""
    require(by.role, Deed.ADMINISTER)
    if not unit.path.startswith(by.unit_path):
        raise Forbidden("Đơn vị này ngoài phạm vi quản trị của đồng chí.")
    _check_fits(role, unit)
    with atomic():
        return _add_post(person, unit, role, title, from_on, by, now)


def edit_person(person: Person, *, name: str, email: str, phone: str, by: User, now: datetime) -> None:
    """Correct a person's name and addresses."""
    check_reach(person, by, now.date())
    with atomic():
        person.name, person.email, person.phone = name, email, phone
        person.search_text = fold(f"{name} {person.username}")
        record("person", person.id, "edit", by=by, now=now, name=name, email=email, phone=phone)


def set_contact(
    person: Person, *, email: str, phone: str, wants_email: bool, digest_at: time | None, now: datetime
) -> None:
    """Change one's own addresses, whether e-mail is wanted, and when the digest should come (none: as for all)."""
    with atomic():
        person.email, person.phone, person.wants_email = email, phone, wants_email
        person.digest_at = digest_at
        record("person", person.id, "contact", by=None, now=now, email=email, phone=phone)


def first_administrator(*, now: datetime) -> Person | None:
    """The administrator of the whole house, added to an empty installation; none once anybody has a password."""
    with atomic():
        if db.session.scalar(sa.select(Person.id).where(Person.password_hash != "").limit(1)) is not None:
            return None
        known = person_named(FIRST_ADMINISTRATOR)
        return known or add_person(
            username=FIRST_ADMINISTRATOR,
            name="Quản trị hệ thống",
            unit=whole_house(now=now),
            role=Role.ADMINISTRATOR,
            title="Quản trị hệ thống",
            by=None,
            now=now,
        )
