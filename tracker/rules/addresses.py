"""Addresses as an operator writes them: of a mailbox, of a mail server, of the house on the web."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
"""What a letter can be sent to without being mended first."""

NOT_A_MAIL_SERVER = "viết dạng smtp://tên:mật-khẩu@máy-chủ:cổng hoặc smtps://tên:mật-khẩu@máy-chủ:cổng"
_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class MailHost:
    """Where a mail server listens and who we are there; `secure` is TLS from the first byte on."""

    secure: bool
    host: str
    port: int
    user: str
    password: str


def mail_host(url: str) -> MailHost | None:
    """The mail server of smtp://user:password@host:port or smtps://…; none when it is not written so."""
    parts = _split(url)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        return None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailHost(parts.scheme == "smtps", parts.hostname, parts.port or _PORTS[parts.scheme], user, password)


def is_web_address(url: str) -> bool:
    """Whether a link can begin with it: http:// or https:// and a host, no question and no fragment."""
    parts = _split(url)
    return bool(parts and parts.scheme in ("http", "https") and parts.hostname and not parts.query + parts.fragment)


def is_sender(text: str) -> bool:
    """Whether a letter can come from it: «a@b.vn» or «Tên <a@b.vn>»."""
    return bool(ADDRESS.fullmatch(parseaddr(text)[1]))


def _split(url: str) -> SplitResult | None:
    """The parts of an address; none when a part is impossible, such as a port that is no number."""
    try:
        parts = urlsplit(url)
        return None if parts.port == 0 or re.search(r"\s", url) else parts
    except ValueError:
        return None
