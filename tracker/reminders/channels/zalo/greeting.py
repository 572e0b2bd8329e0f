"""Answering who has just linked an account: one line from the account itself, free within two days of their message.

The webhook has two seconds and must not wait for anybody; the next tick answers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.accounts.models import Person
from tracker.db import atomic, db, forget
from tracker.reminders.channels.zalo.client import NoAnswer, NotSent
from tracker.reminders.channels.zalo.models import ZaloContact
from tracker.reminders.channels.zalo.setup import Zalo
from tracker.reminders.channels.zalo.tokens import NeedsConsent, NotNow

_STILL_AWAITED = timedelta(hours=1)
"""Nobody waits longer for an answer to a code."""

_TEXT = "Đã liên kết với tài khoản của {name}. Từ nay tin nhắc việc đến đây; đổi cách nhận ở trang Tài khoản."


def greet(zalo: Zalo, now: datetime) -> int:
    """Answer each new link once, whatever comes of it; returns how many answers Zalo took."""
    newly = _newly_linked(now)
    try:
        token = zalo.tokens.current(now) if newly else ""
    except (NeedsConsent, NotNow):
        return 0
    finally:
        forget()
    return sum(_said(zalo, token, user_id, _TEXT.format(name=name)) for user_id, name in newly)


def _newly_linked(now: datetime) -> list[tuple[str, str]]:
    """The accounts linked lately and not answered yet, with the names of their people; noted as answered."""
    fresh = sa.and_(
        ZaloContact.user_id.is_not(None),
        ZaloContact.greeted_at.is_(None),
        ZaloContact.linked_at >= now - _STILL_AWAITED,
    )
    query = sa.select(ZaloContact, Person.name).join(Person, Person.id == ZaloContact.person_id).where(fresh)
    if db.session.execute(query.limit(1)).first() is None:
        return []
    with atomic():
        rows = db.session.execute(query.with_for_update(of=ZaloContact, skip_locked=True)).all()
        for contact, _name in rows:
            contact.greeted_at = now
        return [(str(contact.user_id), name) for contact, name in rows]


def _said(zalo: Zalo, token: str, user_id: str, text: str) -> bool:
    url = f"{zalo.settings.zalo_api_url}/v3.0/oa/message/cs"
    try:
        body = {"recipient": {"user_id": user_id}, "message": {"text": text}}
        return zalo.client.post_json(url, body, {"access_token": token}).well
    except (NotSent, NoAnswer):
        return False
