"""A Zalo that lives on this machine and behaves as published: tokens die on refresh, errors come with HTTP 200.

In tests:   with FakeZalo() as zalo: ...           zalo.url, zalo.messages, zalo.say("-115")
By hand:    python tests/fake_zalo.py              prints the settings to start the tracker with, then what it gets
            python tests/fake_zalo.py --webhook http://127.0.0.1:8000/zalo/webhook

What it does: consent and PKCE, single-use refresh tokens, access tokens that die when a new one is made, the night
from 22:00 to 06:00, calls per minute, messages per day, money, people without Zalo, followers, templates with typed
parameters, delivery receipts and other signed reports. At /_control it can be told to misbehave.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import secrets
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

HANOI = timezone(timedelta(hours=7))
APP_ID, APP_SECRET, OA_ID, OA_SECRET = "1234567890", "app-secret", "9876543210", "oa-secret"
TOKEN_SECONDS = 90_000
CALLS_A_MINUTE = 4_000
TEMPLATE_KINDS = (
    "reminder",
    "overdue",
    "escalation",
    "returned",
    "extended",
    "digest",
    "reminder_call",
    "overdue_call",
)
TEMPLATE_IDS = {kind: str(101 + n) for n, kind in enumerate(TEMPLATE_KINDS)}

MESSAGES = {
    -32: "Your application reached limit call API",
    -100: "Unknown error",
    -108: "Phone number invalid",
    -109: "Template ID invalid",
    -1122: "Template data missing param",
    -1124: "Template data invalid format or too long",
    -115: "Out of quota",
    -118: "Zalo account not existed",
    -124: "Access token invalid",
    -127: "Can only send to the administrators of the OA",
    -133: "Not allowed to send in this time (22:00 to 06:00)",
    -144: "OA has exceeded its daily quota",
    -213: "User has not followed OA",
    -216: "Access token is invalid",
    -220: "Access token has expired",
    -230: "User has not interacted with the OA in the past 7 days",
    -234: "Not allowed to send in this time (22:00 to 06:00)",
}


@dataclass
class FakeZalo:
    """The server with all that it remembers; change any field to change how it behaves."""

    port: int = 0
    now: Callable[[], datetime] = lambda: datetime.now(HANOI)
    webhook: str = ""
    unreachable: set[str] = field(default_factory=set)
    followers: set[str] = field(default_factory=set)
    templates: dict[str, dict[str, int]] = field(default_factory=dict)
    calls_a_minute: int = CALLS_A_MINUTE
    daily_quota: int = 500
    money: int = 1_000_000
    stall_seconds: float = 0.0
    receipts: bool = True

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.messages: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.next_errors: deque[int] = deque()
        self.next_deeds: deque[str] = deque()
        self.access_token, self.refresh_token = "", ""
        self.token_until = self.now()
        self.codes: dict[str, str] = {}
        self.refreshes = 0
        self.sent_today: dict[str, int] = {}
        self.recent: deque[datetime] = deque()
        self.reports: list[int] = []
        self.writers: set[str] = set()
        self.texts: list[tuple[str, str]] = []

    def __enter__(self) -> FakeZalo:
        zalo = self

        class Handler(_Handler):
            server_zalo = zalo

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        """Where it listens; all three of Zalo's hosts in one."""
        return f"http://127.0.0.1:{self.port}"

    def fail_next(self, *codes: int) -> None:
        """Answer the next messages with these errors."""
        self.next_errors.extend(codes)

    def misbehave_next(self, *deeds: str) -> None:
        """At the next calls: «hang up», «stall», «busy» (HTTP 503), «garbage»; each after taking a message in."""
        self.next_deeds.extend(deeds)

    # Tokens.

    def consent(self, redirect_uri: str, challenge: str, state: str) -> str:
        """Where the browser is sent after an administrator agreed."""
        code = secrets.token_urlsafe(12)
        self.codes[code] = challenge
        return f"{redirect_uri}?{urlencode({'code': code, 'oa_id': OA_ID, 'state': state})}"

    def new_pair(self) -> dict[str, str]:
        """A new pair of tokens; the old ones die at once."""
        self.access_token, self.refresh_token = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.token_until = self.now() + timedelta(seconds=TOKEN_SECONDS)
        return {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_in": str(TOKEN_SECONDS),
        }

    def token(self, form: dict[str, str], secret: str) -> dict[str, Any]:
        """The token endpoint."""
        if secret != APP_SECRET or form.get("app_id") != APP_ID:
            return {"error": -14002, "error_name": "Invalid app", "error_description": "app_id or secret_key"}
        if self.next_errors:
            return {"error": self.next_errors.popleft(), "error_name": "Told to fail"}
        if form.get("grant_type") == "authorization_code":
            challenge = self.codes.pop(form.get("code", ""), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if challenge is None or challenge != base64.urlsafe_b64encode(digest).decode().rstrip("="):
                return {"error": -14003, "error_name": "Invalid code"}
            return self.new_pair()
        if not self.refresh_token or form.get("refresh_token") != self.refresh_token:
            return {"error": -14014, "error_name": "Invalid refresh token"}
        self.refreshes += 1
        return self.new_pair()

    # Messages.

    def send(self, body: dict[str, Any], token: str, by_user: bool) -> dict[str, Any]:
        """Both template endpoints; what is wrong is looked for in the order in which Zalo seems to look."""
        if code := self._wrong(body, token, by_user):
            return {"error": code, "message": MESSAGES.get(code, "Told to fail")}
        to = body["user_id" if by_user else "phone"]
        msg_id = secrets.token_hex(10)
        self.messages.append({"to": to, "msg_id": msg_id, **body})
        day = f"{self.now():%Y-%m-%d}"
        self.sent_today[day] = self.sent_today.get(day, 0) + 1
        self.money -= 300
        sent_time = str(_milliseconds(self.now()))
        if by_user:
            told: dict[str, Any] = {"message_id": msg_id, "user_id": to, "sent_time": sent_time}
        else:
            quota = {
                "dailyQuota": str(self.daily_quota),
                "remainingQuota": str(self.daily_quota - len(self.messages)),
            }
            told = {"msg_id": msg_id, "sent_time": sent_time, "sending_mode": "1", "quota": quota}
        return {"error": 0, "message": "Success", "data": told}

    def talk(self, body: dict[str, Any], token: str) -> dict[str, Any]:
        """A text in answer to somebody who wrote; by day and by night."""
        text, to = body["message"]["text"], body["recipient"]["user_id"]
        code = -216 if token != self.access_token else -230 if to not in self.writers else 0
        code = code or (-210 if len(text) > 2000 else 0)
        if code:
            return {"error": code, "message": MESSAGES.get(code, "Told to fail")}
        msg_id = secrets.token_hex(10)
        self.texts.append((to, text))
        return {"error": 0, "message": "Success", "data": {"message_id": msg_id, "user_id": to}}

    def _wrong(self, body: dict[str, Any], token: str, by_user: bool) -> int:
        if not token or token != self.access_token:
            return -216 if by_user else -124
        if self.now() >= self.token_until:
            return -220 if by_user else -124
        if self._too_fast():
            return -32
        if self.next_errors:
            return self.next_errors.popleft()
        if not 6 <= self.now().hour < 22:
            return -234 if by_user else -133
        if self.money < 300:
            return -115
        if self.sent_today.get(f"{self.now():%Y-%m-%d}", 0) >= self.daily_quota:
            return -144
        return self._wrong_addressee(body, by_user) or self._wrong_data(body)

    def _too_fast(self) -> bool:
        while self.recent and self.recent[0] < self.now() - timedelta(minutes=1):
            self.recent.popleft()
        self.recent.append(self.now())
        return len(self.recent) > self.calls_a_minute

    def _wrong_addressee(self, body: dict[str, Any], by_user: bool) -> int:
        if by_user:
            return 0 if body.get("user_id") in self.followers else -213
        phone = str(body.get("phone", ""))
        if not (phone.isdecimal() and phone.startswith("84") and len(phone) == 11):
            return -108
        return -118 if phone in self.unreachable else 0

    def _wrong_data(self, body: dict[str, Any]) -> int:
        limits = self.templates.get(str(body.get("template_id")))
        if limits is None:
            return -109 if self.templates else 0
        data = body.get("template_data", {})
        if set(data) != set(limits) or not all(data.values()):
            return -1122
        return -1124 if any(len(data[name]) > most for name, most in limits.items()) else 0

    # Reports.

    def report(self, event: dict[str, Any], *, secret: str = OA_SECRET, app_id: str = APP_ID) -> int:
        """Send a signed report to the webhook; returns the status it answered with."""
        raw, headers = signed(event, secret=secret, app_id=app_id, now=self.now())
        self.writers.add(str(event.get("sender", {}).get("id", "")))
        request = urllib.request.Request(self.webhook, raw, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        self.reports.append(status)
        return status

    def receipt_of(self, message: dict[str, Any]) -> dict[str, Any]:
        """The report that a message to a phone number has arrived."""
        told = {"msg_id": message["msg_id"], "tracking_id": message.get("tracking_id", "")}
        told["delivery_time"] = str(_milliseconds(self.now()))
        return {
            "event_name": "user_received_message",
            "sender": {"id": OA_ID},
            "recipient": {"id": message["to"]},
            "message": told,
        }


def text_from(user_id: str, text: str) -> dict[str, Any]:
    """The report that somebody wrote to the account."""
    return {
        "event_name": "user_send_text",
        "sender": {"id": user_id},
        "recipient": {"id": OA_ID},
        "message": {"msg_id": secrets.token_hex(8), "text": text},
    }


def following(user_id: str, yes: bool = True) -> dict[str, Any]:
    """The report that somebody follows the account, or no longer."""
    return {"event_name": "follow" if yes else "unfollow", "oa_id": OA_ID, "follower": {"id": user_id}}


def signed(
    event: dict[str, Any], *, secret: str = OA_SECRET, app_id: str = APP_ID, now: datetime
) -> tuple[bytes, dict[str, str]]:
    """The bytes of a report and its headers: SHA-256 over app id, body, time and key, one after the other."""
    timestamp = str(_milliseconds(now))
    raw = json.dumps({"app_id": APP_ID, **event, "timestamp": timestamp}, ensure_ascii=False).encode()
    mac = hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()
    return raw, {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={mac}"}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


class _Handler(BaseHTTPRequestHandler):
    """The doors of the server; one lock, so that two calls never meet inside."""

    server_zalo: FakeZalo

    def log_message(self, *_told: Any) -> None:
        """Keep quiet; the caller prints what it wants."""

    def do_GET(self) -> None:
        """Consent in a browser, and what is asked about templates and messages."""
        parts, zalo = urlsplit(self.path), self.server_zalo
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        zalo.calls.append(f"GET {parts.path}")
        if parts.path == "/v4/oa/permission":
            where = zalo.consent(asked["redirect_uri"], asked.get("code_challenge", ""), asked.get("state", ""))
            self.send_response(302)
            self.send_header("Location", where)
            self.end_headers()
        elif parts.path == "/template/info/v2":
            self._answer(self._template(asked.get("template_id", "")))
        elif parts.path == "/_control":
            self._answer({"messages": zalo.messages, "refreshes": zalo.refreshes, "reports": zalo.reports})
        else:
            self._answer({"error": -404, "message": "No such call"}, 404)

    def do_POST(self) -> None:
        """Tokens, messages, and being told how to behave."""
        raw, zalo = self.rfile.read(int(self.headers.get("Content-Length", 0))), self.server_zalo
        path = urlsplit(self.path).path
        zalo.calls.append(f"POST {path}")
        by_user = path == "/v3.0/oa/message/template"
        with zalo.lock:
            deed = zalo.next_deeds.popleft() if zalo.next_deeds else ""
            if deed == "busy":
                self._answer({}, 503, raw=b"<html>busy</html>")
                return
            if path == "/v4/oa/access_token":
                form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
                said = zalo.token(form, self.headers.get("secret_key", ""))
            elif by_user or path == "/message/template":
                said = zalo.send(json.loads(raw), self.headers.get("access_token", ""), by_user)
            elif path == "/v3.0/oa/message/cs":
                said = zalo.talk(json.loads(raw), self.headers.get("access_token", ""))
            elif path == "/_control":
                said = self._told(json.loads(raw or b"{}"))
            else:
                said = {"error": -404, "message": "No such call"}
            taken = zalo.messages[-1:] if said.get("error") == 0 and path == "/message/template" else []
        self._finish(said, deed)
        for message in taken if zalo.webhook and zalo.receipts else ():
            threading.Thread(target=zalo.report, args=(zalo.receipt_of(message),), daemon=True).start()

    def _finish(self, said: dict[str, Any], deed: str) -> None:
        """Answer, or do what was told instead of answering."""
        if deed == "hang up":
            self.close_connection = True
            return
        if deed == "garbage":
            self._answer({}, 502, raw=b"<html>bad gateway</html>")
            return
        if deed == "stall":
            time.sleep(self.server_zalo.stall_seconds)
        self._answer(said)

    def _template(self, template_id: str) -> dict[str, Any]:
        limits = self.server_zalo.templates.get(template_id)
        if limits is None:
            return {"error": -109, "message": MESSAGES[-109]}
        told = [
            {"name": name, "require": True, "type": "STRING", "maxLength": most, "minLength": 1, "acceptNull": False}
            for name, most in limits.items()
        ]
        return {"error": 0, "message": "Success", "data": {"status": "ENABLE", "listParams": told}}

    def _told(self, told: dict[str, Any]) -> dict[str, Any]:
        """By hand: {"fail": [-115]}, {"deeds": ["stall"]}, {"text": ["5551", "LK …"]}, {"follow": "5551"}…"""
        zalo = self.server_zalo
        zalo.fail_next(*told.get("fail", ()))
        zalo.misbehave_next(*told.get("deeds", ()))
        zalo.unreachable |= set(told.get("unreachable", ()))
        zalo.money = told.get("money", zalo.money)
        events = [text_from(*told["text"])] if "text" in told else []
        if user_id := told.get("follow") or told.get("unfollow"):
            events.append(following(user_id, "follow" in told))
            (zalo.followers.add if "follow" in told else zalo.followers.discard)(user_id)
        for event in events:
            threading.Thread(target=zalo.report, args=(event,), daemon=True).start()
        return {"error": 0, "message": "Done"}

    def _answer(self, said: dict[str, Any], status: int = 200, raw: bytes | None = None) -> None:
        body = json.dumps(said, ensure_ascii=False).encode() if raw is None else raw
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if raw is None else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-RateLimit-Limit", str(self.server_zalo.calls_a_minute))
        self.send_header(
            "X-RateLimit-Remain", str(max(0, self.server_zalo.calls_a_minute - len(self.server_zalo.recent)))
        )
        self.end_headers()
        self.wfile.write(body)


def approved() -> dict[str, dict[str, int]]:
    """All our templates as if Zalo had approved them, with the limits that we hold ourselves to."""
    from tracker.reminders.channels.zalo.templates import templates

    return {
        TEMPLATE_IDS[kind]: {name: template.most(name) for name in template.parameters}
        for kind, template in templates().items()
    }


def main() -> None:
    """Serve until interrupted, and print every message that comes in."""
    asked = argparse.ArgumentParser(description="Zalo thử trên máy này")
    asked.add_argument("--port", type=int, default=8077)
    asked.add_argument("--webhook", default="http://127.0.0.1:8000/zalo/webhook")
    asked.add_argument("--by-day", action="store_true", help="behave as if it were always noon")
    told = asked.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[1]))
    noon = datetime.now(HANOI).replace(hour=12, minute=0)
    with FakeZalo(told.port, now=(lambda: noon) if told.by_day else lambda: datetime.now(HANOI)) as zalo:
        zalo.webhook = told.webhook
        zalo.templates.update(approved())
        for name, value in {
            "APP_ID": APP_ID,
            "APP_SECRET": APP_SECRET,
            "OA_SECRET_KEY": OA_SECRET,
            "OAUTH_URL": zalo.url,
            "API_URL": zalo.url,
            "PHONE_URL": zalo.url,
            **{f"TEMPLATE_{kind.upper()}": template_id for kind, template_id in TEMPLATE_IDS.items()},
        }.items():
            print(f"export TRACKER_ZALO_{name}={quote(value, safe=':/')}")
        print(f'# curl -d \'{{"text": ["5551", "LK …"]}}\' {zalo.url}/_control', flush=True)
        seen = 0
        while True:
            time.sleep(0.3)
            for message in zalo.messages[seen:]:
                print(json.dumps(message, ensure_ascii=False), flush=True)
            seen = len(zalo.messages)


if __name__ == "__main__":
    main()
