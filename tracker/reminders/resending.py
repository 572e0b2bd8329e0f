"""Giving a message that could not be sent another chance; whether it is still true is judged when it leaves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.errors import Refused
from tracker.history.actions import record
from tracker.reminders.addresses import is_dead
from tracker.reminders.models import Message, Notice
from tracker.rules.access import Deed, require

MAY_GO_AGAIN = ("failed", "bounced", "unknown")
"""How a message ended that may be sent again by hand."""


def resend(message: Message, *, by: User, now: datetime) -> None:
    """Let a message that failed, came back or may never have arrived wait again with fresh attempts.

    It keeps its Message-ID; Zalo does not know that name, so what was unknown may arrive twice there. Raises
    Refused for any other message and for one that came back from a dead address, Forbidden for a role that does not
    watch over the outbox.
    """
    require(by.role, Deed.WATCH_OUTBOX)
    with atomic():
        db.session.refresh(message, with_for_update=True)
        if message.state not in MAY_GO_AGAIN:
            raise Refused("Chỉ gửi lại được thư không gửi được, bị trả lại hoặc chưa rõ đã nhận.")
        if message.state == "bounced" and is_dead(message.address):
            raise Refused(
                f"Địa chỉ {message.address} không nhận được thư. Sửa địa chỉ hoặc bấm «Dùng lại địa chỉ này» "
                "ở trang của người nhận rồi gửi lại."
            )
        before = message.state
        message.tried_at = message.sent_at = None
        message.state, message.attempts, message.next_attempt_at = "waiting", 0, now
        db.session.execute(
            sa.update(Notice)
            .where(Notice.message_id == message.id, Notice.state == before)
            .values(state="waiting", send_after=now, late_since=None, ended_at=None)
        )
        record("message", message.id, "resend", by=by, now=now, was=before)
