"""A letter as bytes on the wire: headers in encoded words, bodies in base64, nothing that a server has to mend.

    multipart/mixed             only when something is attached
      multipart/alternative
        text/plain · text/html
      application/…

Written by hand because the library takes longer over a Vietnamese letter than the mail server does; a test reads
every letter back with that library.
"""

from __future__ import annotations

from base64 import b64encode, encodebytes
from collections.abc import Iterator
from email.utils import format_datetime, parseaddr
from functools import cache

from tracker.reminders.channels.bounces import token_of
from tracker.reminders.letters.messages import Attachment, Mail, domain_of
from tracker.rules.addresses import ADDRESS

_BYTES_IN_A_WORD = 39
"""Of one encoded word: with its frame and the longest name of a header it fits a line of 76."""


def on_the_wire(mail: Mail, sender: str) -> bytes:
    """The letter with CRLF line ends. Raises ValueError for an address that cannot be written."""
    if not ADDRESS.fullmatch(mail.address):
        raise ValueError(f"«{mail.address}»")
    kind, body = _body(mail)
    headers = [
        _fixed(sender, mail.sender_name),
        f"To: {_mailbox(mail.name, mail.address)}",
        *([f"Reply-To: {mail.reply_to}"] if ADDRESS.fullmatch(mail.reply_to) else []),
        f"Subject: {_words(mail.subject)}",
        f"Date: {format_datetime(mail.written_at)}",
        f"Message-ID: {mail.message_key}",
        *([f"In-Reply-To: {mail.thread}", f"References: {mail.thread}"] if mail.thread else []),
        kind,
    ]
    return "\r\n".join(headers).encode("ascii") + b"\r\n\r\n" + body


@cache
def _fixed(sender: str, sender_name: str) -> str:
    """The headers that are the same in every letter of the house, or of one province in it."""
    name, address = parseaddr(sender)
    return "\r\n".join(
        (
            f"From: {_mailbox(sender_name or name, address)}",
            f"List-Id: <nhac-viec.{domain_of(sender)}>",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "MIME-Version: 1.0",
        )
    )


def _body(mail: Mail) -> tuple[str, bytes]:
    """The header that says what the body is, and the body."""
    token = token_of(mail.message_key)
    kind, body = _joined("alternative", f"=_a{token}", [_text("plain", mail.text), _text("html", mail.html)])
    if not mail.attached:
        return kind, body
    letter = f"{kind}\r\n\r\n".encode("ascii") + body
    return _joined("mixed", f"=_m{token}", [letter, *map(_file, mail.attached)])


def _joined(kind: str, boundary: str, parts: list[bytes]) -> tuple[str, bytes]:
    mark = boundary.encode("ascii")
    body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + mark + b"--\r\n"
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"', body


def _text(kind: str, text: str) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + _base64(text.replace("\n", "\r\n").encode("utf-8", "replace"))


def _file(one: Attachment) -> bytes:
    head = (
        f"Content-Type: {one.media_type}\r\n"
        f'Content-Disposition: attachment; filename="{one.name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode("ascii") + _base64(one.data)


def _base64(data: bytes) -> bytes:
    return encodebytes(data).replace(b"\n", b"\r\n")


def _mailbox(name: str, address: str) -> str:
    """«"Le Van A" <a@b.vn>»; without a name the address alone."""
    plain = _clean(name)
    if not plain:
        return address
    if plain.isascii() and "=?" not in plain:
        quoted = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"\r\n <{address}>'
    return f"{_words(plain)}\r\n <{address}>"


def _words(text: str) -> str:
    """A text as a header may carry it: as it is, or in encoded words of which each ends between two characters."""
    text = _clean(text)
    if text.isascii() and "=?" not in text:
        return text
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode('ascii')}?=" for piece in _pieces(text))


def _pieces(text: str) -> Iterator[bytes]:
    piece = b""
    for letter in text:
        encoded = letter.encode("utf-8", "replace")
        if len(piece) + len(encoded) > _BYTES_IN_A_WORD:
            yield piece
            piece = b""
        piece += encoded
    yield piece


def _clean(text: str) -> str:
    """The text on one line, without what could end a header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
