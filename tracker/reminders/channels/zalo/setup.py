"""The channel put together from the settings, and whether it is open at a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.db import db, forget
from tracker.reminders.channels.zalo.carrier import Endpoints, ZaloCarrier
from tracker.reminders.channels.zalo.client import Client
from tracker.reminders.channels.zalo.models import ZaloTemplate
from tracker.reminders.channels.zalo.parcels import by_zalo
from tracker.reminders.channels.zalo.queries import account
from tracker.reminders.channels.zalo.rests import channel_rest, leaves_to_email
from tracker.reminders.channels.zalo.tokens import NeedsConsent, NotNow, Tokens, ZaloApp
from tracker.reminders.channels.zalo.vault import Vault
from tracker.reminders.channels.zalo.writing import Writer
from tracker.reminders.delivering import Way
from tracker.reminders.manner import ByZalo
from tracker.settings import Settings

_REFRESH_SECONDS = 6
"""For connecting, and again for the answer: on SQLite all others who write wait meanwhile, fifteen at the most."""


@dataclass(frozen=True)
class Zalo:
    """The channel of one house: its tokens, and what writes and carries its messages."""

    settings: Settings
    client: Client
    tokens: Tokens

    @property
    def template_ids(self) -> dict[str, str]:
        """The id of each template that Zalo has approved, by our name for it."""
        given = {
            "reminder": self.settings.zalo_template_reminder,
            "overdue": self.settings.zalo_template_overdue,
            "reminder_call": self.settings.zalo_template_reminder_call,
            "overdue_call": self.settings.zalo_template_overdue_call,
            "escalation": self.settings.zalo_template_escalation,
            "returned": self.settings.zalo_template_returned,
            "extended": self.settings.zalo_template_extended,
            "digest": self.settings.zalo_template_digest,
        }
        return {kind: template_id for kind, template_id in given.items() if template_id}

    def carrier(self, present: Callable[[], datetime]) -> ZaloCarrier:
        """What hands messages over."""
        chosen = self.settings
        endpoints = Endpoints(chosen.zalo_api_url, chosen.zalo_phone_url, chosen.zalo_development)
        return ZaloCarrier(endpoints, self.client, self.tokens, present)

    def writer(self) -> Writer:
        """What writes them, within the limits that Zalo gave when it was last asked."""
        known = db.session.scalars(sa.select(ZaloTemplate)).all()
        limits = {one.template_id: {name: limit["max"] for name, limit in one.limits.items()} for one in known}
        return Writer(self.template_ids, self.settings.zalo_names_tasks, limits)

    def closed_because(self, now: datetime) -> str:
        """Why e-mail has to take over at present, in words; "" while the channel is open or will be by itself."""
        if complaint := self.tokens.complaint_of(account()):
            return complaint
        resting = channel_rest(now)
        return resting.said if resting and leaves_to_email(resting) else ""

    def at(self, now: datetime) -> ByZalo:
        """What planning has to know of the channel."""
        return ByZalo(True, not self.closed_because(now), self.settings.zalo_by_phone)

    def round(self, present: Callable[[], datetime]) -> tuple[Way, ZaloCarrier] | None:
        """What a round of delivery needs; none while the channel rests."""
        return None if channel_rest(present()) else (by_zalo(self.writer()), self.carrier(present))

    def keep_alive(self, now: datetime) -> None:
        """Refresh the token in time, whether or not there is anything to send; what goes wrong is written down."""
        try:
            self.tokens.current(now)
        except (NeedsConsent, NotNow):
            return
        finally:
            forget()


def zalo_of(settings: Settings, secret: str | bytes) -> Zalo | None:
    """The channel under these settings; none when it is not configured. `secret` is that of the house."""
    if not settings.zalo_app_id:
        return None
    app = ZaloApp(settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oauth_url)
    hurried = Client(min(settings.zalo_timeout_seconds, _REFRESH_SECONDS))
    return Zalo(settings, Client(settings.zalo_timeout_seconds), Tokens(app, hurried, Vault(secret)))
