"""Asking about the outbox on behalf of those who watch over it: what was planned and how it ended.

A run is a moment of planning: all notices that one tick wrote carry the same `planned_at`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.accounts.models import Person
from tracker.db import db
from tracker.errors import NotFound
from tracker.reminders.models import Address, Message, Notice, Silence, waiting_since
from tracker.rules.texts import fold
from tracker.tasks.models import Assignment
from tracker.tasks.queries.sight import led
from tracker.units.models import Unit
from tracker.units.queries import subtree

RUNS_SHOWN = 12


@dataclass(frozen=True)
class Narrowed:
    """Which notices of the outbox are asked for: planned in [since, until), and the rest only where given."""

    since: datetime
    until: datetime
    state: str = ""
    channel: str = ""
    text: str = ""
    run: datetime | None = None


ENDINGS = ("sent", "waiting", "dropped", "failed", "bounced", "unknown")
"""What may have become of a notice, so that the numbers of a run add up; being sent is still waiting."""


def totals(user: User, asked: Narrowed) -> Sequence[Any]:
    """What became of the notices, whatever state or channel is asked for: (channel, state, number, arrived)."""
    query = sa.select(Notice.channel, Notice.state, sa.func.count().label("number"), _ARRIVED)
    return db.session.execute(_carried(_of(query, user, asked)).group_by(Notice.channel, Notice.state)).all()


def runs(user: User, asked: Narrowed) -> Sequence[Any]:
    """The last runs that planned anything: (planned_at, planned, how many of it arrived, and one of each ENDINGS)."""
    query = sa.select(
        Notice.planned_at,
        sa.func.count().label("planned"),
        _ARRIVED,
        *(_counted(state) for state in ENDINGS),
    )
    narrowed = _carried(_of(query, user, asked)).group_by(Notice.planned_at).order_by(Notice.planned_at.desc())
    return db.session.execute(narrowed.limit(RUNS_SHOWN)).all()


_ARRIVED = sa.func.count(Message.delivered_at).label("arrived")


def _carried(query: Any) -> Any:
    """The notices with the messages that carried them, where there are any."""
    return query.outerjoin(Message, Message.id == Notice.message_id)


def _counted(state: str) -> sa.ColumnElement[int]:
    states = ("waiting", "sending") if state == "waiting" else (state,)
    return sa.func.count().filter(Notice.state.in_(states)).label(state)


def listing(user: User, asked: Narrowed, *, limit: int, offset: int) -> Sequence[Any]:
    """The notices, newest first: (Notice, person's name and user name, unit's name, Message or none, dead).

    `dead` is the address of the message when nothing arrives there.
    """
    query = sa.select(
        Notice, Person.name, Person.username, Unit.name.label("unit_name"), Message, Address.address.label("dead")
    )
    return db.session.execute(
        _carried(_of(query, user, asked, narrow=True))
        .join(Unit, Unit.id == sa.func.coalesce(Assignment.unit_id, Notice.unit_id))
        .outerjoin(Address, _TO_THE_DEAD)
        .order_by(Notice.planned_at.desc(), Notice.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def number_of(user: User, asked: Narrowed) -> int:
    """How many notices the listing holds on all its pages."""
    found: int | None = db.session.scalar(_of(sa.select(sa.func.count()), user, asked, narrow=True))
    return found or 0


def failed(user: User, asked: Narrowed) -> Sequence[int]:
    """The messages asked for that could not be sent, or came back from an address that is alive."""
    query = sa.select(Notice.message_id).where(
        Notice.message_id.is_not(None),
        sa.or_(Notice.state == "failed", sa.and_(Notice.state == "bounced", ~sa.exists().where(_TO_THE_DEAD))),
    )
    return db.session.scalars(_carried(_of(query.distinct(), user, asked, narrow=True))).all()


_TO_THE_DEAD = Address.address == sa.func.lower(Message.address)


def message(user: User, message_id: int) -> Message:
    """One message about work the person may see; raises NotFound otherwise."""
    carried = sa.select(Notice.message_id).outerjoin(Assignment, Assignment.id == Notice.assignment_id)
    seen = carried.where(_seen_by(user), Notice.message_id.is_not(None))
    found = db.session.scalar(sa.select(Message).where(Message.id == message_id, Message.id.in_(seen)))
    if found is None:
        raise NotFound("Không tìm thấy thư này.")
    return found


def _of(query: Any, user: User, asked: Narrowed, *, narrow: bool = False) -> Any:
    """The notices of a period that the person may see; `narrow` heeds the state and channel as well."""
    query = (
        query.select_from(Notice)
        .outerjoin(Assignment, Assignment.id == Notice.assignment_id)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.planned_at >= asked.since, Notice.planned_at < asked.until, _seen_by(user))
    )
    if asked.run is not None:
        query = query.where(Notice.planned_at == asked.run)
    if asked.text:
        query = query.where(Person.search_text.contains(fold(asked.text), autoescape=True))
    if narrow and asked.state:
        query = query.where(Notice.state == asked.state)
    if narrow and asked.channel:
        query = query.where(Notice.channel == asked.channel)
    return query


def _seen_by(user: User) -> sa.ColumnElement[bool]:
    """Notices about work that the person may see, and the letters of the week of units in his province."""
    return sa.or_(
        sa.and_(Notice.assignment_id.is_not(None), led(user)), Notice.unit_id.in_(subtree(user.province_path))
    )


def silences(user: User) -> list[Silence]:
    """The silences over areas of the person's province, the latest first."""
    query = sa.select(Silence).join(Unit, Unit.id == Silence.unit_id)
    mine = query.where(Unit.path.startswith(user.province_path, autoescape=True))
    return list(db.session.scalars(mine.order_by(Silence.until_on.desc(), Silence.id.desc()).limit(100)))


def silence(user: User, silence_id: int) -> Silence:
    """One silence of the person's province; raises NotFound otherwise."""
    found = db.session.get(Silence, silence_id)
    if found is None or not found.unit.path.startswith(user.province_path):
        raise NotFound("Không tìm thấy đợt tạm ngừng nhắc này.")
    return found


def waiting(user: User, now: datetime) -> Any:
    """What waits, whenever it was planned: (number, due, oldest, planned_at).

    `due` ought to have left, `oldest` is since when its first; `planned_at` is when the first of all was planned.
    """
    due = waiting_since <= now
    query = sa.select(
        sa.func.count().label("number"),
        sa.func.count().filter(due).label("due"),
        sa.func.min(waiting_since).filter(due).label("oldest"),
        sa.func.min(Notice.planned_at).label("planned_at"),
    )
    unsent = query.select_from(Notice).where(Notice.state.in_(("waiting", "sending")))
    about = unsent.outerjoin(Assignment, Assignment.id == Notice.assignment_id)
    return db.session.execute(about.where(_seen_by(user))).one()


def last_sent(channel: str) -> datetime | None:
    """When a message last left by the channel."""
    query = sa.select(Message.sent_at).where(Message.channel == channel, Message.sent_at.is_not(None))
    return db.session.scalar(query.order_by(Message.sent_at.desc()).limit(1))


def last_trouble() -> str:
    """What the last attempt at a message that waits ran into, in words; "" when nothing did."""
    waits = sa.and_(Message.state == "waiting", Message.error != "")
    query = sa.select(Message.error).where(waits).order_by(Message.claimed_at.desc().nulls_last(), Message.id.desc())
    return db.session.scalar(query.limit(1)) or ""
