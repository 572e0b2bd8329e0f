"""A round of delivery: claim, hand over, note, until nothing waits or the server is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.delivering.claiming import Claim, begin, claim, release, renew, reopen_lapsed
from tracker.reminders.delivering.noting import note
from tracker.reminders.delivering.writing import BY_EMAIL, Way
from tracker.reminders.messages import Letterhead
from tracker.reminders.situations import Manner
from tracker.rules.reminding import NEVER_TWICE


class Carrier(Protocol):
    """Whatever hands a message over, as the writer of its way wrote it, and says how that ended."""

    def send(self, mail: Any, /) -> Answer: ...


def deliver(
    manner: Manner,
    head: Letterhead,
    carrier: Carrier,
    present: Callable[[], datetime],
    way: Way = BY_EMAIL,
) -> Counter[str]:
    """Send all that may leave now; returns how many notices were sent, dropped and failed.

    A bad address ends its own message only; a server that cannot be reached ends the round, and all that is
    left waits for the next.
    """
    ended: Counter[str] = Counter()
    reopen_lapsed(present())
    while (taken := claim(present(), manner, head, way)) is not None:
        ended += taken.ended()
        if not _hand_over(taken, carrier, present, ended, carefully=way.channel in NEVER_TWICE):
            break
    return ended


def _hand_over(
    taken: Claim, carrier: Carrier, present: Callable[[], datetime], ended: Counter[str], *, carefully: bool
) -> bool:
    """Hand over all parcels of a claim; False when the server cannot be reached.

    Carefully: each is noted before it leaves, so that after a sudden death nothing is sent a second time.
    """
    rest = taken.parcels
    while rest := renew(taken, rest, present()):
        parcel, *rest = rest
        if carefully and not begin(taken, parcel, present()):
            continue
        answer = carrier.send(parcel.mail)
        ended += note(taken, parcel, answer, present())
        if answer.result is Result.UNREACHABLE:
            release(taken, rest, present())
            return False
    return True
