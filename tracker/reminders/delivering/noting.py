"""Noting: how each sending ended, written down before the next letter leaves."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from tracker.db import atomic, db
from tracker.reminders.addresses import bury
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.delivering.claiming import Claim, finish, wait_again
from tracker.reminders.delivering.writing import Parcel
from tracker.reminders.models import Message, Notice, under_way
from tracker.rules.reminding import next_attempt

_ENDINGS = {
    Result.REFUSED: "failed",
    Result.LATER: "failed",
    Result.UNKNOWN: "unknown",
}
"""What a message is that is not to be tried again; LATER among them has been tried too often."""


def note(taken: Claim, parcel: Parcel, answer: Answer, now: datetime, connection: sa.Connection) -> Counter[str]:
    """Write down how the sending ended; returns how many notices ended with it.

    That a message was taken is written over a connection beside that of the session, in one trip: the sooner it is
    noted, the fewer letters can come twice. A message that was taken over because this deliverer was away for too
    long is the other's to note.
    """
    if answer.result is Result.SENT:
        with connection.begin():
            return Counter(sent=_sent(connection, taken, parcel, answer, now))
    ours = sa.and_(Message.id == parcel.message_id, Message.state == "sending", Message.claim == taken.mark)
    with atomic():
        message = db.session.scalar(sa.select(Message).where(ours).with_for_update())
        return _noted(message, answer, now) if message else Counter()


def _sent(connection: sa.Connection, taken: Claim, parcel: Parcel, answer: Answer, now: datetime) -> int:
    """Message and notices in one statement; SQLite writes one table in a statement, but needs no trip."""
    values = {"this": parcel.message_id, "mark": taken.mark, "now": now}
    values |= {"said": answer.said[:300], "receipt": answer.receipt}
    if connection.dialect.name == "postgresql":
        return connection.execute(_ALL_SENT, values).rowcount
    if connection.scalar(_MESSAGE_SENT, values) is None:
        return 0
    return connection.execute(_NOTICES_SENT, values).rowcount


_MESSAGE_SENT = (
    sa.update(Message)
    .where(Message.id == sa.bindparam("this"), Message.state == "sending", Message.claim == sa.bindparam("mark"))
    .values(
        state="sent",
        sent_at=sa.bindparam("now"),
        attempts=Message.attempts + 1,
        next_attempt_at=None,
        receipt=sa.bindparam("receipt"),
        error=sa.bindparam("said"),
    )
    .returning(Message.id)
)


def _notices_sent(carried: sa.ColumnElement[bool]) -> sa.Update:
    values = {"state": "sent", "ended_at": sa.bindparam("now"), "outcome": sa.bindparam("said")}
    return sa.update(Notice).where(carried, under_way).values(values)


_NOTICES_SENT = _notices_sent(Notice.message_id == sa.bindparam("this"))
_ALL_SENT = _notices_sent(Notice.message_id.in_(sa.select(_MESSAGE_SENT.cte("taken").c.id)))


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
    return finish(message, _ENDINGS[answer.result], now, answer.said)


def _again_at(answer: Answer, attempts: int, now: datetime) -> datetime | None:
    """When to try again: after a growing pause, or at the next tick when it was the server that was away."""
    if answer.result is Result.LATER:
        again_at = next_attempt(now, attempts)
        return max(again_at, answer.not_before or again_at) if again_at else None
    return (answer.not_before or now) if answer.result is Result.UNREACHABLE else None
