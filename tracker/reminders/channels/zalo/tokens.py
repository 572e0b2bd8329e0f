"""The account's tokens: got by an administrator's consent, refreshed early and by one process at a time.

A refresh token works once, and the old access token dies with it. So the row is locked, read again, refreshed and
committed before anybody else looks; whoever waited finds the new token. An answer that never came may have spent
the refresh token: the next refresh finds out, and then only a new consent helps, which is one click.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.errors import Refused
from tracker.history.actions import record
from tracker.reminders.channels.zalo.client import Client, NoAnswer, NotSent, Reply
from tracker.reminders.channels.zalo.errors import Trouble, trouble_of
from tracker.reminders.channels.zalo.models import THE_ACCOUNT, ZaloAccount
from tracker.reminders.channels.zalo.vault import Vault
from tracker.rules.access import Deed, require

EARLY = timedelta(hours=2)
"""A token is refreshed when less than this is left of its day."""

_REFRESH_LASTS = timedelta(days=90)
_UNSAID_LASTS = timedelta(hours=1)
CONSENT = "Chưa được cấp quyền gửi tin qua Zalo OA: người quản trị cần bấm «Cấp quyền»."
UNREADABLE = (
    "Khóa bí mật của hệ thống đã đổi nên không đọc được quyền Zalo đã lưu: "
    "người quản trị cần bấm «Cấp quyền lại» ở trang Kênh Zalo."
)


class NeedsConsent(Exception):
    """Only an administrator's consent helps; the message says why in words."""


class NotNow(Exception):
    """No token can be got at the moment; later it may."""


@dataclass(frozen=True)
class ZaloApp:
    """The app of the Official Account, as the settings tell it."""

    app_id: str
    app_secret: str
    oauth_url: str


@dataclass(frozen=True)
class Tokens:
    """Gets, refreshes and keeps the tokens of the account."""

    app: ZaloApp
    client: Client
    vault: Vault

    def current(self, now: datetime, refused: str = "") -> str:
        """A token to send with, other than the one that Zalo just refused.

        Raises NeedsConsent when only an administrator can help, NotNow when Zalo cannot be asked at present.
        """
        account = db.session.get(ZaloAccount, THE_ACCOUNT, populate_existing=True)
        token, is_early = self._kept(account, now, refused)
        if token and not is_early:
            return token
        try:
            return self._refreshed(now, refused)
        except NotNow:
            if token:
                return token
            raise

    def complaint_of(self, account: ZaloAccount | None) -> str:
        """Why an administrator has to consent, in words; "" while the consent that was given serves."""
        if account is None:
            return CONSENT
        return account.trouble or ("" if self.vault.opens(account.access_token) else UNREADABLE)

    def _kept(self, account: ZaloAccount | None, now: datetime, refused: str) -> tuple[str, bool]:
        """The token of the row, "" when it has ended or was refused, and whether it is time to refresh it."""
        if account is None or (complaint := self.complaint_of(account)):
            raise NeedsConsent(CONSENT if account is None else complaint)
        token = self.vault.read(account.access_token)
        usable = token != refused and account.access_until > now
        return token if usable else "", account.access_until - now < EARLY

    def _refreshed(self, now: datetime, refused: str) -> str:
        """Refresh under the lock of the row, unless somebody else did while we waited for it."""
        with atomic():
            account = db.session.get_one(ZaloAccount, THE_ACCOUNT, with_for_update=True, populate_existing=True)
            token, is_early = self._kept(account, now, refused)
            if token and not is_early:
                return token
            said = self._ask(grant_type="refresh_token", refresh_token=self.vault.read(account.refresh_token))
            if complaint := _complaint(said):
                account.trouble = complaint
            else:
                self._keep(account, said.data, now)
                return str(said.data["access_token"])
        raise NeedsConsent(complaint)

    def give_up(self, said: str) -> None:
        """Note that a token just made was refused as well: only a new consent helps."""
        with atomic():
            account = db.session.get(ZaloAccount, THE_ACCOUNT, with_for_update=True)
            if account is not None:
                account.trouble = f"{said}: cần người quản trị cấp quyền lại."[:300]

    def consent_url(self, redirect_uri: str, state: str, verifier: str) -> str:
        """Where an administrator of the Official Account gives consent; `verifier` is kept until the answer."""
        asked = {
            "app_id": self.app.app_id,
            "redirect_uri": redirect_uri,
            "code_challenge": challenge_of(verifier),
            "state": state,
        }
        return f"{self.app.oauth_url}/v4/oa/permission?{urlencode(asked)}"

    def take_consent(self, code: str, oa_id: str, verifier: str, *, by: User, now: datetime) -> None:
        """Change the code of a consent for tokens and keep them. Raises Refused in Zalo's words."""
        require(by.role, Deed.ADMINISTER)
        try:
            said = self._ask(grant_type="authorization_code", code=code, code_verifier=verifier)
        except NotNow as error:
            raise Refused(f"Chưa lấy được quyền gửi tin: {error}. Hãy bấm «Cấp quyền» lần nữa.") from error
        if complaint := _complaint(said):
            raise Refused(complaint)
        with atomic():
            account = db.session.get(ZaloAccount, THE_ACCOUNT, with_for_update=True)
            if account is None:
                account = ZaloAccount(id=THE_ACCOUNT)
                db.session.add(account)
            account.oa_id, account.consented_at, account.consented_by = oa_id[:40], now, by.name[:120]
            self._keep(account, said.data, now)
            record("zalo", THE_ACCOUNT, "consent", by=by, now=now, oa_id=oa_id)

    def _ask(self, **fields: str) -> Reply:
        """Call the token endpoint; raises NotNow when there is no answer to go by."""
        url = f"{self.app.oauth_url}/v4/oa/access_token"
        fields = {"app_id": self.app.app_id, **fields}
        try:
            said = self.client.post_form(url, fields, {"secret_key": self.app.app_secret})
        except (NotSent, NoAnswer) as error:
            raise NotNow(str(error)) from error
        if trouble_of(said.error) is Trouble.RATE:
            raise NotNow(said.message)
        return said

    def _keep(self, account: ZaloAccount, said: Mapping[str, Any], now: datetime) -> None:
        """Keep a new pair; Zalo says how long the first lives, as a text of seconds."""
        account.access_token = self.vault.keep(str(said["access_token"]))
        account.refresh_token = self.vault.keep(str(said["refresh_token"]))
        account.access_until = now + _lasts(said.get("expires_in"))
        account.refresh_until = now + _REFRESH_LASTS
        account.refreshed_at, account.trouble = now, ""


def _complaint(said: Reply) -> str:
    """Why no pair of tokens came back, in words; "" when one did. An answer that lacks one is a failure too."""
    if said.well and said.data.get("access_token") and said.data.get("refresh_token"):
        return ""
    return f"Zalo không cấp quyền ({said.error} {said.message[:150]}): cần người quản trị cấp quyền lại."


def _lasts(seconds: Any) -> timedelta:
    """How long a token lives; an hour when Zalo says nothing that can be read."""
    written = str(seconds or "")
    return timedelta(seconds=int(written)) if written.isdecimal() else _UNSAID_LASTS


def new_verifier() -> str:
    """A secret of 43 characters that only the browser which began a consent can show at its end."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """What is told of the verifier beforehand: its SHA-256 in Base64 without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
