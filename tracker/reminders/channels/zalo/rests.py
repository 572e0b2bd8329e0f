"""What rests and until when: the whole channel or one template, after an answer that speaks for all that follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db, put
from tracker.history.actions import record
from tracker.reminders.channels.zalo.errors import CONSEQUENCES, Trouble
from tracker.reminders.channels.zalo.models import THE_ACCOUNT, ZaloRest
from tracker.rules.access import Deed, require

CHANNEL = "channel"


def rest(scope: str, trouble: Trouble, said: str, until: datetime, *, now: datetime) -> None:
    """Let the channel or a template rest until a moment."""
    with atomic():
        known = db.session.get(ZaloRest, scope, populate_existing=True)
        since = known.since if known and known.until > now else now
        put(ZaloRest, scope=scope, trouble=trouble.value, said=said[:300], since=since, until=until)


def resting(now: datetime) -> Sequence[ZaloRest]:
    """What rests now, the channel first."""
    query = sa.select(ZaloRest).where(ZaloRest.until > now).execution_options(populate_existing=True)
    return sorted(db.session.scalars(query), key=lambda one: (one.scope != CHANNEL, one.scope))


def channel_rest(now: datetime) -> ZaloRest | None:
    """The rest of the whole channel, if it rests now."""
    return next((one for one in resting(now) if one.scope == CHANNEL), None)


def leaves_to_email(one: ZaloRest) -> bool:
    """Whether e-mail takes over while it lasts: a night passes by itself, an empty account may not."""
    return CONSEQUENCES[Trouble(one.trouble)].by_email


def wake(scope: str, *, by: User, now: datetime) -> None:
    """End a rest before its time, after an administrator has put right what was wrong."""
    require(by.role, Deed.ADMINISTER)
    with atomic():
        db.session.execute(sa.delete(ZaloRest).where(ZaloRest.scope == scope))
        record("zalo", THE_ACCOUNT, "wake", by=by, now=now, scope=scope)
