"""Talking HTTP with Zalo: one connection a call, so that «it never left» and «it was never answered» stay apart.

A kept connection that the other side has closed cannot tell the two apart; at a few hundred messages a day a new
one costs nothing that anybody would notice.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

_TOO_BUSY = (429, 503)
_LARGEST_ANSWER = 1024 * 1024
_NO_NUMBER = -1


class NotSent(Exception):
    """Nothing left this house: it may be tried again without a doubt."""


class NoAnswer(Exception):
    """It left, and what became of it is not known."""


@dataclass(frozen=True)
class Reply:
    """What Zalo answered: its `error` (0 is well), `message` in its words, and the rest."""

    error: int
    message: str
    data: Mapping[str, Any]

    @property
    def well(self) -> bool:
        """Whether it was done."""
        return self.error == 0


class Client:
    """Calls with a time limit; raises NotSent or NoAnswer, and returns whatever Zalo has to say."""

    def __init__(self, timeout_seconds: int):
        self._timeout = timeout_seconds

    def get(self, url: str, query: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
        """Ask for something."""
        return self._call("GET", f"{url}?{urlencode(query)}", None, headers)

    def post_json(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
        """Send a message."""
        written = json.dumps(body, ensure_ascii=False).encode()
        return self._call("POST", url, written, {"Content-Type": "application/json", **headers})

    def post_form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """Send a form, as the token endpoint wants it."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._call("POST", url, urlencode(fields).encode(), {**kind, **headers})

    def _call(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        connection, target = self._connected(url)
        try:
            return _read(connection, method, target, body, {"Connection": "close", **headers})
        finally:
            connection.close()

    def _connected(self, url: str) -> tuple[http.client.HTTPConnection, str]:
        """A connection of its own, and what to ask there; whatever is wrong so far, nothing has left yet."""
        try:
            parts = urlsplit(url)
            connection = self._connection(parts.scheme, parts.netloc)
            connection.connect()
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NotSent(f"Không kết nối được Zalo: {type(error).__name__}: {error}") from error
        return connection, parts.path + (f"?{parts.query}" if parts.query else "")

    def _connection(self, scheme: str, where: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(where, timeout=self._timeout, context=ssl.create_default_context())
        return http.client.HTTPConnection(where, timeout=self._timeout)


def _read(
    connection: http.client.HTTPConnection, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
) -> Reply:
    try:
        connection.request(method, target, body, dict(headers))
        response = connection.getresponse()
        said = response.read(_LARGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(f"Zalo không trả lời kịp: {type(error).__name__}") from error
    return _understood(response.status, said)


def _understood(status: int, said: bytes) -> Reply:
    """The answer as Zalo means it; one that is no JSON says only by its status whether anything was taken."""
    try:
        data = json.loads(said)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        if status in _TOO_BUSY:
            raise NotSent(f"Zalo đang quá tải (HTTP {status})")
        raise NoAnswer(f"Zalo trả lời không đọc được (HTTP {status})")
    message = data.get("message") or data.get("error_description") or data.get("error_name") or ""
    return Reply(_number(data.get("error", 0)), str(message), data)


def _number(error: Any) -> int:
    """The code as a number; words instead of a number are an error all the same."""
    try:
        return int(error or 0)
    except (ValueError, TypeError):
        return _NO_NUMBER
