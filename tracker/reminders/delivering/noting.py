"""Noting: how each sending ended, written down at once; letters that were taken, as many as came in meanwhile."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

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
            return note_sent(db.session.connection(), [(taken, parcel, answer)], now)
        message = db.session.scalar(sa.select(Message).where(ours).with_for_update())
        return _noted(message, answer, now) if message else Counter()


Handed = tuple[Claim, Parcel, Answer]
"""A parcel that was handed over, under which claim, and the answer to it."""


def note_sent(connection: sa.Connection, handed: Sequence[Handed], now: datetime) -> Counter[str]:
    """Write down that these were taken, in two statements; returns how many notices were sent with them.

    The sooner it is noted, the fewer letters can come twice. What another deliverer took over is left to it.
    """
    alike: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for taken, parcel, answer in handed:
        alike[taken.mark, answer.said[:300], answer.receipt].append(parcel.message_id)
    return Counter(sent=sum(_sent(connection, ids, *same, now) for same, ids in alike.items()))


def _sent(connection: sa.Connection, ids: list[int], mark: str, said: str, receipt: str, now: datetime) -> int:
    values = {"ids": ids, "mark": mark, "said": said, "receipt": receipt, "now": now}
    changed = [row.id for row in connection.execute(_MESSAGES_SENT, values)]
    if not changed:
        return 0
    notices: int = connection.execute(_NOTICES_SENT, {**values, "ids": changed}).rowcount
    return notices


_THESE: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_MESSAGES_SENT = (
    sa.update(Message)
    .where(Message.id.in_(_THESE), Message.state == "sending", Message.claim == sa.bindparam("mark"))
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
_NOTICES_SENT = (
    sa.update(Notice)
    .where(Notice.message_id.in_(_THESE), Notice.state == "sending")
    .values(state="sent", ended_at=sa.bindparam("now"), outcome=sa.bindparam("said"))
)


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
