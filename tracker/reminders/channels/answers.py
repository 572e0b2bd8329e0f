"""How the sending of one message ended, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Result(StrEnum):
    """How the sending of one message ended.

    LATER is the trouble of one message, UNREACHABLE that of the whole channel. UNKNOWN was handed over and
    never answered, by a channel that does not recognise a message it has had before.
    """

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """The result with what the server said, when it may be tried again at the earliest, and its own name for it.

    `dead` says that nothing will ever arrive at this address.
    """

    result: Result
    said: str = ""
    not_before: datetime | None = None
    receipt: str = ""
    dead: bool = False


ARRIVED = "Zalo báo đã nhận được"
"""What is said of notices whose message was never answered and is known to have arrived."""
