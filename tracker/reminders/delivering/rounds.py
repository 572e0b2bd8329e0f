"""A round of delivery: claim, hand over, note, until nothing waits or the server is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.delivering.claiming import Claim, claim, release, renew, reopen_lapsed
from tracker.reminders.delivering.noting import note
from tracker.reminders.messages import Letterhead, Mail
from tracker.reminders.situations import Manner
from tracker.rules.reminding import Channel


class Carrier(Protocol):
    """Whatever hands a mail over and says how that ended."""

    def send(self, mail: Mail) -> Answer: ...


def deliver(
    manner: Manner,
    head: Letterhead,
    carrier: Carrier,
    present: Callable[[], datetime],
    channel: Channel = Channel.EMAIL,
) -> Counter[str]:
    """Send all that may leave now; returns how many notices were sent, dropped and failed.

    A bad address ends its own message only; a server that cannot be reached ends the round, and all that is
    left waits for the next.
    """
    ended: Counter[str] = Counter()
    reopen_lapsed(present())
    while (taken := claim(present(), manner, head, channel)) is not None:
        ended += taken.ended()
        if not _hand_over(taken, carrier, present, ended):
            break
    return ended


def _hand_over(taken: Claim, carrier: Carrier, present: Callable[[], datetime], ended: Counter[str]) -> bool:
    """Hand over all parcels of a claim; False when the server cannot be reached.

    While one letter is on its way, on a thread that knows no database, the answer to the one before is noted.
    """
    rest = renew(taken, taken.parcels, present())
    with ThreadPoolExecutor(1) as way:
        under_way = way.submit(carrier.send, rest[0].mail) if rest else None
        while under_way is not None:
            answer, parcel = under_way.result(), rest[0]
            away = answer.result is Result.UNREACHABLE
            rest = rest[1:] if away else renew(taken, rest[1:], present())
            under_way = way.submit(carrier.send, rest[0].mail) if rest and not away else None
            ended += note(taken, parcel, answer, present())
            if away:
                release(taken, rest, present())
                return False
    return True
