"""A round of delivery: claim, hand over, note, until nothing waits or the server is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Protocol

from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.delivering.claiming import Claim, begin, claim, release, renew, reopen_lapsed
from tracker.reminders.delivering.noting import note
from tracker.reminders.delivering.writing import BY_EMAIL, Way
from tracker.reminders.manner import Manner
from tracker.reminders.messages import Letterhead
from tracker.rules.notices import NEVER_TWICE


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
        hand_over = _carefully if way.channel in NEVER_TWICE else _quickly
        if not hand_over(taken, carrier, present, ended):
            break
    return ended


def _carefully(taken: Claim, carrier: Carrier, present: Callable[[], datetime], ended: Counter[str]) -> bool:
    """Hand over all parcels of a claim, each noted before it leaves; False when the server cannot be reached.

    After a sudden death nothing is sent a second time.
    """
    rest = taken.parcels
    while rest := renew(taken, rest, present()):
        parcel, *rest = rest
        if not begin(taken, parcel, present()):
            continue
        answer = carrier.send(parcel.mail)
        ended += note(taken, parcel, answer, present())
        if answer.result is Result.UNREACHABLE:
            release(taken, rest, present())
            return False
    return True


def _quickly(taken: Claim, carrier: Carrier, present: Callable[[], datetime], ended: Counter[str]) -> bool:
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
