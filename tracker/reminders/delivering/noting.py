"""Noting: how each sending ended, written down at once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from tracker.db import atomic, db
from tracker.reminders.addresses import bury
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.delivering.claiming import Claim, finish, wait_again
from tracker.reminders.delivering.writing import Parcel
from tracker.reminders.models import Message, Notice
from tracker.rules.reminding import next_attempt

_ENDINGS = {
    Result.SENT: "sent",
    Result.REFUSED: "failed",
    Result.LATER: "failed",
    Result.UNKNOWN: "unknown",
}
"""What a message is that is not to be tried again; LATER among them has been tried too often."""


def note(taken: Claim, parcel: Parcel, answer: Answer, now: datetime) -> Counter[str]:
    """Write down how the sending ended; returns how many notices ended with it.

    A message that was taken over because this deliverer was away for too long is the other's to note.
    """
    ours = sa.and_(Message.id == parcel.message_id, Message.state == "sending", Message.claim == taken.mark)
    with atomic():
        if answer.result is Result.SENT:
            return _sent(ours, parcel, answer, now)
        message = db.session.scalar(sa.select(Message).where(ours).with_for_update())
        return _noted(message, answer, now) if message else Counter()


def _sent(ours: sa.ColumnElement[bool], parcel: Parcel, answer: Answer, now: datetime) -> Counter[str]:
    """The usual ending, in two statements: the sooner it is noted, the fewer letters can come twice."""
    values = {
        "state": "sent",
        "sent_at": now,
        "attempts": Message.attempts + 1,
        "next_attempt_at": None,
        "receipt": answer.receipt,
    }
    if not _changed(sa.update(Message).where(ours).values(**values, error=answer.said[:300])):
        return Counter()
    carried = sa.and_(Notice.message_id == parcel.message_id, Notice.state == "sending")
    ending = {"state": "sent", "ended_at": now, "outcome": answer.said[:300]}
    return Counter(sent=_changed(sa.update(Notice).where(carried).values(**ending)))


def _changed(update: sa.Update) -> int:
    """How many rows the update has changed."""
    return cast("sa.CursorResult[Any]", db.session.connection().execute(update)).rowcount


def _noted(message: Message, answer: Answer, now: datetime) -> Counter[str]:
    if answer.result is not Result.UNREACHABLE:
        message.attempts += 1
    again_at = _again_at(answer, message.attempts, now)
    message.error, message.next_attempt_at = answer.said[:300], again_at
    if again_at is not None:
        wait_again(message, again_at, answer.said)
        return Counter()
    if answer.dead:
        bury(message.address, answer.said, now=now)
    message.receipt = answer.receipt
    ending = _ENDINGS[answer.result]
    return Counter({ending: finish(message, ending, now, answer.said)})


def _again_at(answer: Answer, attempts: int, now: datetime) -> datetime | None:
    """When to try again: after a growing pause, or at the next tick when it was the server that was away."""
    if answer.result is Result.LATER:
        again_at = next_attempt(now, attempts)
        return max(again_at, answer.not_before or again_at) if again_at else None
    return (answer.not_before or now) if answer.result is Result.UNREACHABLE else None
