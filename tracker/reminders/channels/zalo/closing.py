"""Why the channel is closed, as parts of a question: for pages that ask for everything that is wrong at once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.reminders.channels.zalo.errors import CONSEQUENCES, Trouble
from tracker.reminders.channels.zalo.models import THE_ACCOUNT, ZaloAccount, ZaloRest
from tracker.reminders.channels.zalo.rests import CHANNEL
from tracker.reminders.channels.zalo.tokens import CONSENT


def consent_trouble() -> sa.ColumnElement[str]:
    """Why an administrator has to consent, in words; "" when consent was given and still holds."""
    said = sa.select(ZaloAccount.trouble).where(ZaloAccount.id == THE_ACCOUNT).scalar_subquery()
    return sa.func.coalesce(said, CONSENT)


def kept_token() -> sa.ScalarSelect[str]:
    """The token as it is kept, to be tried with the secret of the house; none before a consent."""
    return sa.select(ZaloAccount.access_token).where(ZaloAccount.id == THE_ACCOUNT).scalar_subquery()


def rest_to_email(now: sa.ColumnElement[datetime]) -> sa.ScalarSelect[str]:
    """Why e-mail takes over while the whole channel rests, in words; none when it does not."""
    by_email = [one.value for one in Trouble if CONSEQUENCES[one].by_email]
    rests = sa.select(ZaloRest.said).where(ZaloRest.scope == CHANNEL, ZaloRest.until > now)
    return rests.where(ZaloRest.trouble.in_(by_email)).scalar_subquery()
