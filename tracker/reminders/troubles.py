"""What is wrong with reminding: asked on every page of those who watch over it, so all of it in one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.db import Moment, db
from tracker.reminders.beats import REMINDERS, ended_badly, is_alive, remembered
from tracker.reminders.channels.zalo.closing import consent_trouble, kept_token, rest_to_email
from tracker.reminders.channels.zalo.tokens import UNREADABLE
from tracker.reminders.channels.zalo.vault import Vault
from tracker.reminders.models import Heartbeat, Message, Notice, waiting_since
from tracker.rules.notices import Channel

WAITS_TOO_LONG = timedelta(hours=3)
_TROUBLED_FOR = timedelta(hours=1)
_REFUSALS, _OF_SENT = 3, 4
"""So many refusals, and one for every so many letters that were taken, are the channel's fault and no address's."""


class Trouble(StrEnum):
    """What can be wrong."""

    SILENT = "silent"
    LATE = "late"
    JOB = "job"
    WAITING = "waiting"
    AWAY = "away"
    REFUSED = "refused"
    CLOSED = "closed"


@dataclass(frozen=True)
class Found:
    """One thing that is wrong, since when, and what there is to say: which channel, which job, how many, why."""

    trouble: Trouble
    since: datetime | None = None
    name: str = ""
    said: str = ""
    refused: int = 0
    tried: int = 0


def troubles(now: datetime, heartbeat_minutes: int, *, zalo: Vault | None = None) -> list[Found]:
    """What is wrong at the moment, the gravest first. `zalo` reads the tokens of a house that has an app there."""
    when = {"now": now, "lately": now - _TROUBLED_FOR, "remembered": remembered(now)}
    row = db.session.execute(_signs(), when).one()
    return [*_of_the_clock(row, now, heartbeat_minutes), *_of_waiting(row, now), *_of_channels(row, zalo)]


def _of_the_clock(row: Any, now: datetime, minutes: int) -> list[Found]:
    found = []
    if row.beat is None:
        found.append(Found(Trouble.SILENT))
    elif not is_alive(row.beat, now, minutes):
        found.append(Found(Trouble.LATE, row.beat))
    if row.job is not None:
        found.append(Found(Trouble.JOB, row.job_at, row.job, row.job_said))
    return found


def _of_waiting(row: Any, now: datetime) -> list[Found]:
    waits = row.waiting is not None and now - row.waiting > WAITS_TOO_LONG
    return [Found(Trouble.WAITING, row.waiting)] if waits else []


def _of_channels(row: Any, zalo: Vault | None) -> list[Found]:
    found = []
    if zalo and (why := row.consent or ("" if zalo.opens(row.token) else UNREADABLE) or row.rest):
        found.append(Found(Trouble.CLOSED, name=Channel.ZALO.value, said=why))
    for channel in (one.value for one in _LEADING_OUT if not (found and one is Channel.ZALO)):
        refused, sent = getattr(row, f"{channel}_refused"), getattr(row, f"{channel}_sent")
        if getattr(row, f"{channel}_away"):
            found.append(Found(Trouble.AWAY, name=channel))
        elif refused >= _REFUSALS and refused * _OF_SENT >= sent:
            found.append(Found(Trouble.REFUSED, name=channel, refused=refused, tried=refused + sent))
    return found


_LEADING_OUT = tuple(channel for channel in Channel if channel is not Channel.INAPP)


@cache
def _signs() -> Any:
    """The one question, built once: the heartbeat, a job that failed, the oldest that waits, how channels fare."""
    now, lately = sa.bindparam("now", type_=Moment), sa.bindparam("lately", type_=Moment)
    failed = ended_badly(sa.bindparam("remembered", type_=Moment))
    last_failed = [
        sa.select(column).where(failed).order_by(Heartbeat.at.desc(), Heartbeat.name).limit(1).scalar_subquery()
        for column in (Heartbeat.name, Heartbeat.at, Heartbeat.said)
    ]
    return sa.select(
        sa.select(Heartbeat.at).where(Heartbeat.name == REMINDERS).scalar_subquery().label("beat"),
        *(asked.label(name) for asked, name in zip(last_failed, ("job", "job_at", "job_said"), strict=True)),
        sa.select(sa.func.min(waiting_since)).where(Notice.state == "waiting").scalar_subquery().label("waiting"),
        consent_trouble().label("consent"),
        kept_token().label("token"),
        rest_to_email(now).label("rest"),
        *(sign for channel in _LEADING_OUT for sign in _signs_of(channel, lately)),
    )


def _signs_of(channel: Channel, lately: sa.ColumnElement[datetime]) -> list[sa.ColumnElement[Any]]:
    """How a channel fared since the moment `lately`: is it away, how many were refused, how many were taken.

    A server that cannot be reached shows in one message that waits untried, and in none that left since its claim.
    Refusals must be several and weigh something beside what was taken: one bad address is not the channel's fault,
    and one letter that was taken does not make good thousands that were not.
    """
    of_channel = Message.channel == channel.value
    tried = sa.and_(of_channel, Message.claimed_at >= lately, Message.error != "", Message.state != "sent")
    taken = sa.and_(of_channel, Message.sent_at >= lately, Message.state == "sent")
    last_taken = sa.select(sa.func.max(Message.sent_at)).where(taken).scalar_subquery()
    since_then = sa.or_(last_taken.is_(None), Message.claimed_at > last_taken)
    return [
        sa.exists().where(tried, Message.attempts == 0, since_then).label(f"{channel.value}_away"),
        *(
            sa.select(sa.func.count())
            .select_from(Message)
            .where(which)
            .scalar_subquery()
            .label(f"{channel.value}_{name}")
            for which, name in ((tried, "refused"), (taken, "sent"))
        ),
    ]
