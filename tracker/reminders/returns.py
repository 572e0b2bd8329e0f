"""Taking back returned mail: the letter's own record, its notices and its address learn what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.db import atomic, db
from tracker.reminders.addresses import bury
from tracker.reminders.channels.bounces import Bounce, Verdict
from tracker.reminders.models import Message, Notice
from tracker.rules.reminding import next_attempt

_OUT = ("sent", "sending")


def take_back(bounce: Bounce, now: datetime) -> Message | None:
    """Write down a return; the message it was of, or none when it is of no letter of this house.

    Whoever returns it must know the token that only the letter carried. The same return twice changes nothing.
    """
    with atomic():
        message = _message(bounce.token)
        if message is None or message.state not in _OUT:
            return message
        message.error = bounce.said[:300]
        if bounce.verdict is Verdict.DEAD:
            bury(message.address, bounce.said, now=now)
            _fail(message, now, bounce.said)
        elif message.state == "sent" and bounce.verdict is not Verdict.DELAYED:
            again_at = next_attempt(now, message.attempts) if bounce.verdict is Verdict.WAITS else None
            _wait(message, again_at, bounce.said) if again_at else _fail(message, now, bounce.said)
        return message


def _message(token: str) -> Message | None:
    if not token:
        return None
    query = sa.select(Message).where(Message.message_key.startswith(f"<{token}@", autoescape=True))
    return db.session.scalar(query.with_for_update())


def _wait(message: Message, again_at: datetime, said: str) -> None:
    """A mailbox that is full today may have room tomorrow: the letter waits as one refused for now."""
    message.state, message.next_attempt_at, message.sent_at = "waiting", again_at, None
    for notice in _carried(message):
        notice.state, notice.send_after, notice.late_since = "waiting", again_at, None
        notice.ended_at, notice.outcome = None, said[:300]


def _fail(message: Message, now: datetime, said: str) -> None:
    message.state = "bounced"
    for notice in _carried(message):
        notice.state, notice.ended_at, notice.outcome = "bounced", now, said[:300]


def _carried(message: Message) -> Sequence[Notice]:
    query = sa.select(Notice).where(Notice.message_id == message.id, Notice.state.in_(_OUT))
    return db.session.scalars(query).all()
