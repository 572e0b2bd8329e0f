"""A round of delivery: several hands, each of which claims, hands over and notes until nothing waits.

A hand has its own connection to the server and goes through its letters one by one, so that while one waits for
the server's answer another writes its letters. A hand that finds the server away puts back what it holds and stops.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from tracker.db import aside, db, for_a_thread
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.delivering.claiming import Claim, begin, claim, keep, release, reopen_lapsed
from tracker.reminders.delivering.noting import note
from tracker.reminders.delivering.writing import BY_EMAIL, Parcel, Way
from tracker.reminders.letters.messages import Letterhead
from tracker.reminders.manner import Manner
from tracker.rules.notices import NEVER_TWICE

_FIRST_PEOPLE, _MOST_PEOPLE = 12, 100
"""For so many people letters are claimed at once: a few to begin with, so that the server need not wait, then ever
more, since a claim for anybody at all costs as much as twenty letters."""


class Carrier(Protocol):
    """Whatever hands a message over, as the writer of its way wrote it, and says how that ended."""

    def send(self, mail: Any, /) -> Answer: ...


@dataclass(frozen=True)
class Round:
    """What the hands of one round have in common."""

    manner: Manner
    head: Letterhead
    present: Callable[[], datetime]
    way: Way

    @property
    def careful(self) -> bool:
        """Whether each message is noted before it leaves, so that after a sudden death none is sent a second time."""
        return self.way.channel in NEVER_TWICE

    def claim(self, people: int) -> Claim | None:
        """What the next people are to be told; None: nothing waits."""
        return claim(self.present(), self.manner, self.head, self.way, people)


def deliver(
    manner: Manner,
    head: Letterhead,
    carrier: Carrier,
    present: Callable[[], datetime],
    way: Way = BY_EMAIL,
    more: Sequence[Carrier] = (),
) -> Counter[str]:
    """Send all that may leave now; returns how many notices were sent, dropped and failed.

    `more` carriers to the same server let as many hands work at the same time. A bad address ends its own message
    only; a server that cannot be reached ends the round, and all that is left waits for the next.
    """
    reopen_lapsed(present())
    this = Round(manner, head, present, way)
    taken = this.claim(_FIRST_PEOPLE)
    if taken is None:
        return Counter()
    helpful = more if taken.people == _FIRST_PEOPLE else ()
    with ThreadPoolExecutor(max(1, len(helpful))) as pool:
        helping = [pool.submit(for_a_thread(_hand), this, one) for one in helpful]
        ended = _hand(this, carrier, taken)
    return sum((one.result() for one in helping), ended)


def _hand(this: Round, carrier: Carrier, taken: Claim | None = None) -> Counter[str]:
    """Hand over what was claimed while the next is claimed, until nothing waits; returns how many notices ended."""
    ended: Counter[str] = Counter()
    people = _FIRST_PEOPLE
    taken = taken or this.claim(people)
    if taken is None:
        return ended
    with aside(db.engine) as notes, ThreadPoolExecutor(1) as ahead:
        while taken is not None:
            people = min(4 * people, _MOST_PEOPLE)
            coming = ahead.submit(for_a_thread(this.claim), people)
            reached = _handed_over(this, carrier, taken, notes, ended)
            taken = coming.result()
            if taken is not None and not reached:
                release(taken, taken.parcels, this.present())
                break
    return ended


def _handed_over(this: Round, carrier: Carrier, taken: Claim, notes: sa.Connection, ended: Counter[str]) -> bool:
    """Hand over all of a claim; False when the server is away, and what was not tried waits again."""
    ended += taken.ended()
    for number, parcel in enumerate(taken.parcels):
        if not _may_leave(this, taken, parcel, notes):
            continue
        answer = carrier.send(parcel.mail)
        ended += note(taken, parcel, answer, this.present(), notes)
        if answer.result is Result.UNREACHABLE:
            release(taken, taken.parcels[number + 1 :], this.present())
            return False
    return True


def _may_leave(this: Round, taken: Claim, parcel: Parcel, notes: sa.Connection) -> bool:
    """Whether the message is still ours; False when another deliverer has taken it over."""
    keep(taken, this.present(), notes)
    return begin(taken, parcel, this.present()) if this.careful else parcel.message_id not in taken.lost
