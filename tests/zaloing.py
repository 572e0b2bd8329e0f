"""A house that reaches its people by Zalo: the fake Zalo beside it, consent given, phones and accounts known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from builders import at
from fake_zalo import APP_ID, APP_SECRET, OA_ID, OA_SECRET, TEMPLATE_IDS, FakeZalo

from tracker.accounts.acting import User
from tracker.accounts.models import Person
from tracker.db import atomic, db
from tracker.reminders.channels.zalo.models import THE_ACCOUNT, ZaloAccount, ZaloContact
from tracker.reminders.channels.zalo.setup import Zalo, zalo_of
from tracker.settings import Settings

SECRET = "only for tests"
NOON = at("2026-06-17 12:00")


def configured(settings: Settings, zalo: FakeZalo, **changed: Any) -> Settings:
    """The settings of a house that uses this Zalo."""
    ids = {f"zalo_template_{kind}": template_id for kind, template_id in TEMPLATE_IDS.items()}
    values = {
        "zalo_app_id": APP_ID,
        "zalo_app_secret": APP_SECRET,
        "zalo_oa_secret_key": OA_SECRET,
        "zalo_oauth_url": zalo.url,
        "zalo_api_url": zalo.url,
        "zalo_phone_url": zalo.url,
        "zalo_timeout_seconds": 1,
        **ids,
    }
    return replace(settings, **{**values, **changed})


@dataclass
class Clock:
    """The one clock of house and Zalo in a test."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def consented(zalo: FakeZalo, room: Zalo, now: datetime) -> None:
    """An administrator has consented."""
    account = ZaloAccount(id=THE_ACCOUNT, oa_id=OA_ID, consented_at=now, consented_by="Quản trị")
    room.tokens._keep(account, zalo.new_pair(), now)
    with atomic():
        db.session.merge(account)


def kept_account() -> ZaloAccount:
    """The row of the account as it is in the database now."""
    return db.session.get_one(ZaloAccount, THE_ACCOUNT, populate_existing=True)


def room_of(settings: Settings) -> Zalo:
    """The channel under these settings."""
    room = zalo_of(settings, SECRET)
    assert room is not None
    return room


def with_phone(user: User, phone: str) -> None:
    """The person has this number."""
    with atomic():
        db.session.get_one(Person, user.person_id).phone = phone


def linked(user: User, zalo: FakeZalo, user_id: str) -> None:
    """The person has linked this Zalo account and follows ours."""
    zalo.followers.add(user_id)
    with atomic():
        db.session.merge(ZaloContact(person_id=user.person_id, user_id=user_id, linked_at=NOON, wanted=True))
