"""Who can be reached by Zalo and how: a linked account first, then the phone number; linking by a one-time code.

A phone number alone never proves who somebody is. A person shows that a Zalo account is theirs by sending the code
from it to the Official Account; the signed report of that message binds the two.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.accounts.models import Person, Post
from tracker.db import atomic, db, insert
from tracker.history.actions import record
from tracker.reminders.channels.zalo.models import THE_ACCOUNT, ZaloAccount, ZaloCode, ZaloContact
from tracker.rules.access import Deed, require
from tracker.rules.reaching import zalo_number
from tracker.units.queries import subtree

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, O, 1, I and L, which look alike on a phone."""
_CODE_LENGTH = 8
_MOST_SHOWN = 200
_SENT_CODE = re.compile(r"\s*LK\s*([0-9A-Z]{8})\s*", re.IGNORECASE)
USER = "user:"
"""Before the id of a linked account, where an address may also be a phone number."""


@dataclass(frozen=True)
class Reach:
    """Where a person hears by Zalo: «user:…», a number, or nowhere. `lost`: wanted it, and it does not work now."""

    address: str = ""
    lost: bool = False


def reaches(*, is_open: bool, by_phone: bool) -> dict[int, Reach]:
    """Everybody who could hear by Zalo, by person; while the channel is closed nobody does."""
    rows = db.session.execute(
        sa.select(Person.id, Person.phone, ZaloContact)
        .outerjoin(ZaloContact, ZaloContact.person_id == Person.id)
        .where(Person.active, sa.or_(Person.phone != "", ZaloContact.person_id.is_not(None)))
    )
    found = ((row.id, _reach(row.ZaloContact, row.phone if by_phone else "", is_open)) for row in rows)
    return {person_id: reach for person_id, reach in found if reach != Reach()}


def _reach(contact: ZaloContact | None, phone: str, is_open: bool) -> Reach:
    number = zalo_number(phone)
    if contact is None:
        return Reach(number if is_open else "")
    if not contact.wanted:
        return Reach()
    linked = f"{USER}{contact.user_id}" if contact.user_id and not contact.user_trouble else ""
    number = "" if number == contact.phone_refused else number
    address = linked or number
    return Reach(address, False) if is_open and address else Reach("", bool(contact.user_id or contact.phone_refused))


def troubles_of(people: Collection[int]) -> dict[int, str]:
    """Why Zalo does not reach these people, in words, for those whom it does not."""
    contacts = db.session.scalars(sa.select(ZaloContact).where(ZaloContact.person_id.in_(people)))
    said = ((one.person_id, one.user_trouble or one.phone_trouble or _unwanted(one)) for one in contacts)
    return {person_id: words for person_id, words in said if words}


def _unwanted(contact: ZaloContact) -> str:
    return "" if contact.wanted else "Người nhận không nhận tin qua Zalo"


def contact_of(person_id: int) -> ZaloContact | None:
    """How the person is reached by Zalo, when anything is known of it."""
    return db.session.get(ZaloContact, person_id, populate_existing=True)


def _own(person_id: int) -> ZaloContact:
    """The row of a person, to be changed inside a transaction; of somebody new, a new one."""
    new = insert(ZaloContact).values(
        person_id=person_id, wanted=True, user_trouble="", phone_refused="", phone_trouble=""
    )
    db.session.execute(new.on_conflict_do_nothing())
    return db.session.get_one(ZaloContact, person_id, with_for_update=True, populate_existing=True)


def give_code(*, by: User, now: datetime, minutes: int) -> str:
    """A new one-time code that links the Zalo account it is sent from to this person; earlier ones stop working."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    with atomic():
        db.session.execute(sa.delete(ZaloCode).where(ZaloCode.person_id == by.person_id))
        expires_at = now + timedelta(minutes=minutes)
        db.session.add(ZaloCode(person_id=by.person_id, code_hash=_hashed(code), expires_at=expires_at))
    return code


def code_in(text: str) -> str:
    """The code in a message such as «LK 7KQ2M9XA»; "" when it is another message."""
    found = _SENT_CODE.fullmatch(text)
    return found[1].upper() if found else ""


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def link(code: str, user_id: str, *, now: datetime) -> bool:
    """Bind the Zalo account to whoever was given the code; returns whether it was good. It works once.

    A Zalo account belongs to one person: the last who showed it. Links are made one after the other.
    """
    with atomic():
        db.session.get(ZaloAccount, THE_ACCOUNT, with_for_update=True)
        given = db.session.scalar(
            sa.select(ZaloCode).where(ZaloCode.code_hash == _hashed(code)).with_for_update(skip_locked=True)
        )
        if given is None or given.expires_at < now:
            return False
        person_id = given.person_id
        db.session.delete(given)
        db.session.execute(sa.update(ZaloContact).where(ZaloContact.user_id == user_id).values(user_id=None))
        contact = _own(person_id)
        contact.user_id, contact.linked_at, contact.greeted_at = user_id[:40], now, None
        contact.wanted, contact.user_trouble = True, ""
        record("person", person_id, "zalo_link", by=None, now=now)
    return True


def unlink(*, by: User, now: datetime) -> None:
    """Let go of one's own linked Zalo account."""
    with atomic():
        contact = _own(by.person_id)
        contact.user_id, contact.linked_at, contact.user_trouble = None, None, ""
        record("person", by.person_id, "zalo_unlink", by=by, now=now)


def want_zalo(wanted: bool, *, by: User, now: datetime) -> None:
    """Set whether the person hears by Zalo at all; the inbox and e-mail are untouched."""
    with atomic():
        _own(by.person_id).wanted = wanted
        record("person", by.person_id, "zalo_wanted", by=by, now=now, wanted=wanted)


def follows(user_id: str, yes: bool, *, now: datetime) -> None:
    """Note that a linked person follows the Official Account again, or no longer."""
    with atomic():
        contact = db.session.scalar(sa.select(ZaloContact).where(ZaloContact.user_id == user_id).with_for_update())
        if contact is not None:
            contact.user_trouble = "" if yes else "Đã bỏ quan tâm Zalo OA"
            contact.troubled_at = contact.troubled_at if yes else now


def mark_unreachable(person_id: int, address: str, said: str, *, now: datetime) -> None:
    """Note that Zalo cannot reach the person at this address, and why; nothing is tried there again by itself."""
    with atomic():
        contact = _own(person_id)
        contact.troubled_at = now
        if address.startswith(USER):
            contact.user_trouble = said[:300]
        else:
            contact.phone_refused, contact.phone_trouble = address[:20], said[:300]


def unreachable(by: User) -> Sequence[Any]:
    """The people of one's subtree whom Zalo cannot reach: (Person, ZaloContact), the latest first."""
    troubled = sa.or_(ZaloContact.user_trouble != "", ZaloContact.phone_trouble != "")
    within = Person.posts.any(Post.unit_id.in_(subtree(by.unit_path)))
    return db.session.execute(
        sa.select(Person, ZaloContact)
        .join(ZaloContact, ZaloContact.person_id == Person.id)
        .where(troubled, within, Person.active)
        .order_by(ZaloContact.troubled_at.desc(), Person.id)
        .limit(_MOST_SHOWN)
    ).all()


def try_again(person: Person, *, by: User, now: datetime) -> None:
    """Forget what did not work for a person, so that the next message tries again."""
    require(by.role, Deed.ADMINISTER)
    with atomic():
        contact = _own(person.id)
        contact.user_trouble = contact.phone_trouble = contact.phone_refused = ""
        record("person", person.id, "zalo_retry", by=by, now=now)
