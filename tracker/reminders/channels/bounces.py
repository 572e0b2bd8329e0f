"""Returned mail: what a delivery status notification (RFC 3464) says of a letter and of its address.

5.1.1 no such mailbox            → DEAD      nothing is sent to this address any more
5.7.1 refused, 5.3.4 too large   → REFUSED   this letter failed, the address may be well
4.x.x, 5.2.2 mailbox full        → WAITS     tried again later under the same Message-ID
Action: delayed                  → DELAYED   the other server still tries: nothing to do
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from enum import StrEnum
from mailbox import Maildir
from pathlib import Path
from typing import Any

from tracker.errors import Refused


class Verdict(StrEnum):
    """What follows from a return."""

    DEAD = "dead"
    REFUSED = "refused"
    WAITS = "waits"
    DELAYED = "delayed"


@dataclass(frozen=True)
class Bounce:
    """A letter that came back: the token of its return path or Message-ID, the verdict and the server's words."""

    token: str
    verdict: Verdict
    said: str


_GRAVEST = (Verdict.DEAD, Verdict.REFUSED, Verdict.WAITS, Verdict.DELAYED)
_NO_MAILBOX = re.compile(r"5\.(1\.(1|2|3|6|10)|2\.1|4\.4)")
"""RFC 3463: bad mailbox or destination, moved, disabled, no route. 5.1.7 and 5.1.8 blame the sender."""

_UNSAID = re.compile(r"5\.[01]\.0")
_UNKNOWN_THERE = re.compile(
    r"(user|mailbox|recipient|account|address)[^.]{0,40}"
    r"(unknown|not found|does ?n[o']t exist|not exist|unavailable|disabled|invalid|no longer)"
    r"|(no such|unknown|invalid) (user|mailbox|recipient|account|address)",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45])\d\d\b")
_TOKEN = re.compile(r"[+=]([0-9a-f]{32})@")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


def return_path(bounce_address: str, message_key: str) -> str:
    """The envelope sender of one message (VERP), which tells what came back however the return is worded.

    `message_key` is the Message-ID in its angle brackets: «<ab12…@house>» becomes «tra-lai+ab12…@house».
    """
    box, _, domain = bounce_address.rpartition("@")
    return f"{box}+{token_of(message_key)}@{domain}"


def token_of(message_key: str) -> str:
    """The unguessable left side of a Message-ID."""
    return message_key.strip("<>").partition("@")[0]


def verdict_of(status: str, said: str) -> Verdict:
    """What follows from an enhanced status code, or from the words where the code says nothing."""
    if status.startswith("4") or status == "5.2.2":
        return Verdict.WAITS
    unknown = _UNSAID.fullmatch(status) and _UNKNOWN_THERE.search(said)
    return Verdict.DEAD if unknown or _NO_MAILBOX.fullmatch(status) else Verdict.REFUSED


def status_in(said: str) -> str:
    """The enhanced status code in a server's words, or what its three digits amount to."""
    if found := _STATUS.search(said):
        return found[1]
    code = _CODE.search(said)
    return f"{code[1] if code else 5}.0.0"


def read(raw: bytes) -> Bounce | None:
    """The return that this message is, or none: an answer, a notice of reading, anything else."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        report = str(message.get_param("report-type", ""))
        if message.get_content_type() != "multipart/report" or report.lower() != "delivery-status":
            return None
        found = list(_returns(message))
        if not found:
            return None
        verdict, said = min(found, key=lambda one: _GRAVEST.index(one[0]))
        return Bounce(_token(message, raw), verdict, said)
    except (MessageError, ValueError, LookupError):
        return None


def new_messages(maildir: str) -> Iterator[bytes]:
    """The unread messages of a Maildir; each counts as read once the next is asked for, and stays.

    Raises Refused when there is no Maildir that we may read and write.
    """
    if not all(os.access(Path(maildir, part), os.R_OK | os.W_OK | os.X_OK) for part in ("cur", "new", "tmp")):
        raise Refused(
            f"Không đọc được hộp thư trả lại «{maildir}»: cần một Maildir (các thư mục cur, new, tmp) "
            "mà chương trình được đọc và ghi; xem mail.bounce_maildir."
        )
    box = Maildir(maildir, create=False)
    for key in list(box.keys()):
        message = box[key]
        if message.get_subdir() == "new":
            yield message.as_bytes()
            message.set_subdir("cur")
            message.add_flag("S")
            box[key] = message


def _returns(message: EmailMessage) -> Iterator[tuple[Verdict, str]]:
    """The verdict and the words of every recipient that the report complains of."""
    for part in message.walk():
        blocks: Any = part.get_payload()
        if part.get_content_type() != "message/delivery-status" or not isinstance(blocks, list):
            continue
        for block in blocks:
            action = str(block.get("Action", "")).strip().lower()
            words = str(block.get("Diagnostic-Code", "")).partition(";")[2] or str(block.get("Status", ""))
            said = " ".join(words.split())
            if action == "delayed":
                yield Verdict.DELAYED, said
            elif action == "failed":
                yield verdict_of(status_in(str(block.get("Status", "")) or said), said), said


def _token(message: EmailMessage, raw: bytes) -> str:
    """By which message of ours it is: the address it came back to, else the Message-ID it quotes."""
    addressed = " ".join(str(value) for name in _ADDRESSED for value in message.get_all(name, []))
    if found := _TOKEN.search(addressed):
        return found[1]
    quoted = _MESSAGE_ID.findall(raw)
    return quoted[-1].decode() if quoted else ""
