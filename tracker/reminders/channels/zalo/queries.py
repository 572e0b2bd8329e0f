"""Asking how the channel is."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.db import db
from tracker.reminders.channels.zalo.models import THE_ACCOUNT, ZaloAccount, ZaloTemplate
from tracker.reminders.channels.zalo.webhook import HEARTBEAT
from tracker.reminders.models import Heartbeat


def account() -> ZaloAccount | None:
    """The Official Account, once an administrator has consented."""
    return db.session.get(ZaloAccount, THE_ACCOUNT, populate_existing=True)


def webhook_beat() -> Heartbeat | None:
    """When Zalo last reported something, and what became of it."""
    return db.session.get(Heartbeat, HEARTBEAT, populate_existing=True)


def templates_known() -> dict[str, ZaloTemplate]:
    """What Zalo said of the templates, by id, when it was last asked."""
    return {one.template_id: one for one in db.session.scalars(sa.select(ZaloTemplate))}
