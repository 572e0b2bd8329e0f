"""Giving a message that could not be sent another chance; whether it is still true is judged when it leaves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.errors import Refused
from tracker.history.actions import record
from tracker.reminders.models import Message, Notice
from tracker.rules.access import Deed, require


def resend(message: Message, *, by: User, now: datetime) -> None:
    """Let a failed message wait again, under the same Message-ID and with fresh attempts.

    Raises Refused for one that has not failed, Forbidden for a role that does not watch over the outbox.
    """
    require(by.role, Deed.WATCH_OUTBOX)
    with atomic():
        db.session.refresh(message, with_for_update=True)
        if message.state != "failed":
            raise Refused("Chỉ gửi lại được thư đã không gửi được.")
        message.state, message.attempts, message.next_attempt_at = "waiting", 0, now
        db.session.execute(
            sa.update(Notice)
            .where(Notice.message_id == message.id, Notice.state == "failed")
            .values(state="waiting", send_after=now, ended_at=None)
        )
        record("message", message.id, "resend", by=by, now=now)
