"""Asking about the outbox on behalf of those who watch over it: what was planned, how it ended, what is wrong.

A run is a moment of planning: all notices that one tick wrote carry the same `planned_at`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.accounts.models import Person
from tracker.db import Moment, db
from tracker.errors import NotFound
from tracker.reminders.models import Heartbeat, Message, Notice, Silence, waiting_since
from tracker.reminders.queries import HEARTBEAT
from tracker.rules.notices import Channel
from tracker.rules.texts import fold
from tracker.tasks.models import Assignment
from tracker.tasks.queries.sight import led
from tracker.units.models import Unit
from tracker.units.queries import subtree

RUNS_SHOWN = 12
WAITS_TOO_LONG = timedelta(hours=3)
_TROUBLED_FOR = timedelta(hours=1)
_TROUBLES = 3


@dataclass(frozen=True)
class Narrowed:
    """Which notices of the outbox are asked for: planned in [since, until), and the rest only where given."""

    since: datetime
    until: datetime
    state: str = ""
    channel: str = ""
    text: str = ""
    run: datetime | None = None


def totals(user: User, asked: Narrowed) -> dict[tuple[str, str], int]:
    """How many notices of each channel ended in each state, whatever state or channel is asked for."""
    query = sa.select(Notice.channel, Notice.state, sa.func.count())
    rows = db.session.execute(_of(query, user, asked).group_by(Notice.channel, Notice.state))
    return {(channel, state): number for channel, state, number in rows}


def runs(user: User, asked: Narrowed) -> Sequence[Any]:
    """The last runs that planned anything: (planned_at, planned, and how many of it ended in which state)."""
    query = sa.select(
        Notice.planned_at,
        sa.func.count().label("planned"),
        *(_counted(state) for state in ("sent", "waiting", "dropped", "failed")),
    )
    narrowed = _of(query, user, asked).group_by(Notice.planned_at).order_by(Notice.planned_at.desc())
    return db.session.execute(narrowed.limit(RUNS_SHOWN)).all()


def _counted(state: str) -> sa.ColumnElement[int]:
    states = ("waiting", "sending") if state == "waiting" else (state,)
    return sa.func.count().filter(Notice.state.in_(states)).label(state)


def listing(user: User, asked: Narrowed, *, limit: int, offset: int) -> Sequence[Any]:
    """The notices, newest first: (Notice, person's name and user name, unit's name, Message or none)."""
    query = sa.select(Notice, Person.name, Person.username, Unit.name.label("unit_name"), Message)
    return db.session.execute(
        _of(query, user, asked, narrow=True)
        .join(Unit, Unit.id == sa.func.coalesce(Assignment.unit_id, Notice.unit_id))
        .outerjoin(Message, Message.id == Notice.message_id)
        .order_by(Notice.planned_at.desc(), Notice.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def number_of(user: User, asked: Narrowed) -> int:
    """How many notices the listing holds on all its pages."""
    found: int | None = db.session.scalar(_of(sa.select(sa.func.count()), user, asked, narrow=True))
    return found or 0


def failed(user: User, asked: Narrowed) -> Sequence[int]:
    """The messages asked for that could not be sent."""
    query = sa.select(Notice.message_id).where(Notice.state == "failed", Notice.message_id.is_not(None)).distinct()
    return db.session.scalars(_of(query, user, asked, narrow=True)).all()


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


def longest_waiting() -> datetime | None:
    """Since when the oldest notice that may leave has been waiting."""
    return db.session.scalar(sa.select(sa.func.min(waiting_since)).where(Notice.state == "waiting"))


def last_trouble() -> str:
    """What the last attempt at a message that waits ran into, in words; "" when nothing did."""
    waits = sa.and_(Message.state == "waiting", Message.error != "")
    query = sa.select(Message.error).where(waits).order_by(Message.claimed_at.desc().nulls_last(), Message.id.desc())
    return db.session.scalar(query.limit(1)) or ""


def troubles(now: datetime, heartbeat_minutes: int) -> list[tuple[str, Any]]:
    """What is wrong with reminding, each as (kind, since when or which): «late», «silent», «waiting», «channel».

    One question, for every page of those who watch asks it.
    """
    row = db.session.execute(_signs_of_trouble(), {"lately": now - _TROUBLED_FOR}).one()
    found: list[tuple[str, Any]] = []
    if row.beat is None:
        found.append(("silent", None))
    elif now - row.beat > timedelta(minutes=heartbeat_minutes):
        found.append(("late", row.beat))
    if row.waiting is not None and now - row.waiting > WAITS_TOO_LONG:
        found.append(("waiting", row.waiting))
    return [*found, *(("channel", channel.value) for channel in _LEADING_OUT if getattr(row, channel.value))]


_LEADING_OUT = tuple(channel for channel in Channel if channel is not Channel.INAPP)


@cache
def _signs_of_trouble() -> Any:
    """The one question, built once: the heartbeat, the oldest that waits, and which channels fail."""
    beat = sa.select(Heartbeat.at).where(Heartbeat.name == HEARTBEAT).scalar_subquery()
    waiting = sa.select(sa.func.min(waiting_since)).where(Notice.state == "waiting").scalar_subquery()
    failing = [_is_failing(channel).label(channel.value) for channel in _LEADING_OUT]
    return sa.select(beat.label("beat"), waiting.label("waiting"), *failing)


def _is_failing(channel: Channel) -> sa.ColumnElement[bool]:
    """Whether nothing left by a channel since the moment `lately` although it was tried.

    A server that cannot be reached shows in one message that waits untried; refusals must be several, for one
    bad address is not the channel's fault.
    """
    of_channel, lately = Message.channel == channel.value, sa.bindparam("lately", type_=Moment)
    tried = sa.and_(of_channel, Message.claimed_at >= lately, Message.error != "", Message.state != "sent")
    sent = sa.exists().where(of_channel, Message.sent_at >= lately)
    unreachable = sa.exists().where(tried, Message.attempts == 0)
    refused = sa.select(sa.func.count()).select_from(Message).where(tried).scalar_subquery()
    return sa.and_(sa.not_(sent), sa.or_(unreachable, refused >= _TROUBLES))
