"""What Zalo reports: checked by its signature, then taken in: arrived, follows, no longer follows, a code was sent.

The signature is SHA-256 over app id, the body as it came, the time inside it and a secret, one after the other.
Reports may come twice or late; taking one in twice changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.db import atomic, db, put
from tracker.errors import Forbidden, Invalid
from tracker.reminders.channels.answers import ARRIVED
from tracker.reminders.channels.zalo.contacts import code_in, follows, link
from tracker.reminders.models import Heartbeat, Message, Notice
from tracker.rules.notices import Channel

HEARTBEAT = "zalo_webhook"
LARGEST_REPORT = 64 * 1024
_BAD_SIGNATURE = "Chữ ký của báo cáo không đúng."
_SIGNED_BY_THE_APP = (
    "Chữ ký khớp với App Secret, không phải OA Secret Key: sửa zalo.oa_secret_key theo trang Webhook của ứng dụng."
)


@dataclass(frozen=True)
class Secrets:
    """What signatures are checked with. The app secret only serves to tell a wrong set-up from a forgery."""

    app_id: str
    oa_secret_key: str
    app_secret: str


def take_in(raw: bytes, signature: str, keys: Secrets, *, now: datetime) -> str:
    """Check a report and do what it asks; returns what it was in one word.

    Raises Invalid when it is no report at all and Forbidden when nobody who knows the secret signed it.
    """
    report = _read(raw)
    _check(raw, report, signature, keys, now)
    event = str(report.get("event_name", ""))
    done = _TAKEN[event](report, now) if event in _TAKEN else "ignored"
    _beat(f"{event[:60]}: {done}", now)
    return done


def _read(raw: bytes) -> Mapping[str, Any]:
    if len(raw) > LARGEST_REPORT:
        raise Invalid({"body": "Báo cáo quá lớn."})
    try:
        report = json.loads(raw)
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, dict):
        raise Invalid({"body": "Báo cáo phải là một đối tượng JSON."})
    return report


def _check(raw: bytes, report: Mapping[str, Any], signature: str, keys: Secrets, now: datetime) -> None:
    said = signature.strip().removeprefix("mac=").lower()
    timestamp = str(report.get("timestamp", ""))
    if _same(said, mac(keys.app_id, raw, timestamp, keys.oa_secret_key)):
        return
    if _same(said, mac(keys.app_id, raw, timestamp, keys.app_secret)):
        _beat(_SIGNED_BY_THE_APP, now)
        raise Forbidden(_SIGNED_BY_THE_APP)
    raise Forbidden(_BAD_SIGNATURE)


def mac(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """The signature of a report; "" without a secret, which no report can show."""
    if not secret:
        return ""
    said = app_id.encode() + raw + timestamp.encode("utf-8", "replace") + secret.encode()
    return hashlib.sha256(said).hexdigest()


def _same(said: str, wanted: str) -> bool:
    """Compared in constant time."""
    return bool(wanted) and hmac.compare_digest(said.encode(), wanted.encode())


def _beat(said: str, now: datetime) -> None:
    with atomic():
        put(Heartbeat, name=HEARTBEAT, at=now, said=said[:300])


def _arrived(report: Mapping[str, Any], now: datetime) -> str:
    """A message has arrived: by our own id when it went to a phone, by Zalo's when it went to a linked account."""
    told = _part(report, "message")
    ours, theirs = str(told.get("tracking_id") or ""), str(told.get("msg_id") or "")
    known = [Message.message_key == ours] if ours else []
    known += [Message.receipt == theirs] if theirs else []
    if not known:
        return "ignored"
    query = sa.select(Message).where(Message.channel == Channel.ZALO.value, sa.or_(*known)).with_for_update()
    with atomic():
        message = db.session.scalar(query.limit(1))
        if message is None:
            return "unheard of"
        _note_arrival(message, theirs, now)
    return "arrived"


def _note_arrival(message: Message, receipt: str, now: datetime) -> None:
    """It is there: a message whose fate was unknown was sent after all."""
    message.delivered_at = message.delivered_at or now
    message.receipt = message.receipt or receipt[:60]
    if message.state == "unknown":
        message.state, message.sent_at, message.error = "sent", now, ""
        resolved = sa.update(Notice).where(Notice.message_id == message.id, Notice.state == "unknown")
        db.session.execute(resolved.values(state="sent", outcome=ARRIVED))


def _follows(report: Mapping[str, Any], now: datetime) -> str:
    follows(str(_part(report, "follower").get("id") or ""), True, now=now)
    return "follows"


def _unfollows(report: Mapping[str, Any], now: datetime) -> str:
    follows(str(_part(report, "follower").get("id") or ""), False, now=now)
    return "unfollows"


def _wrote(report: Mapping[str, Any], now: datetime) -> str:
    """Somebody wrote to the account: a code links the two, anything else is between them and the account."""
    code = code_in(str(_part(report, "message").get("text") or ""))
    user_id = str(_part(report, "sender").get("id") or "")
    if not code or not user_id:
        return "ignored"
    return "linked" if link(code, user_id, now=now) else "no such code"


def _part(report: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = report.get(name)
    return found if isinstance(found, dict) else {}


_TAKEN: dict[str, Callable[[Mapping[str, Any], datetime], str]] = {
    "user_received_message": _arrived,
    "follow": _follows,
    "unfollow": _unfollows,
    "user_send_text": _wrote,
}
