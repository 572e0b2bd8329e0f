"""A round of delivery: claim, hand over, note, until nothing waits or the server is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from tracker.db import db
from tracker.reminders.channels.answers import Result
from tracker.reminders.delivering.claiming import begin, claim, release, reopen_lapsed
from tracker.reminders.delivering.line import Carrier, Line
from tracker.reminders.delivering.noting import note
from tracker.reminders.delivering.writing import BY_EMAIL, Way
from tracker.reminders.manner import Manner
from tracker.reminders.messages import Letterhead
from tracker.rules.notices import NEVER_TWICE

_FIRST_PEOPLE, _MOST_PEOPLE = 12, 100
"""For so many people letters are claimed at once: a few to begin with, so that the server need not wait."""


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
    reopen_lapsed(present())
    hand_over = _carefully if way.channel in NEVER_TWICE else _quickly
    return hand_over(manner, head, carrier, present, way)


def _carefully(
    manner: Manner, head: Letterhead, carrier: Carrier, present: Callable[[], datetime], way: Way
) -> Counter[str]:
    """Hand over one after the other, each noted before it leaves: after a sudden death none is sent a second time."""
    ended: Counter[str] = Counter()
    while (taken := claim(present(), manner, head, way, _MOST_PEOPLE)) is not None:
        ended += taken.ended()
        for number, parcel in enumerate(taken.parcels):
            if not begin(taken, parcel, present()):
                continue
            answer = carrier.send(parcel.mail)
            ended += note(taken, parcel, answer, present())
            if answer.result is Result.UNREACHABLE:
                release(taken, taken.parcels[number + 1 :], present())
                return ended
    return ended


def _quickly(
    manner: Manner, head: Letterhead, carrier: Carrier, present: Callable[[], datetime], way: Way
) -> Counter[str]:
    """Hand over on a line, which begins with a few and is fed ahead of time."""
    ended: Counter[str] = Counter()
    people = _FIRST_PEOPLE
    with Line(carrier, present, db.engine) as line:
        while not line.away and (taken := claim(present(), manner, head, way, people)) is not None:
            ended += taken.ended()
            line.put(taken)
            ended += _troubles_noted(line, present)
            people = min(2 * people, _MOST_PEOPLE)
    ended += line.sent + _troubles_noted(line, present)
    for _mark, lying in groupby(line.left, key=lambda pair: pair[0].mark):
        pairs = list(lying)
        release(pairs[0][0], [parcel for _, parcel in pairs], present())
    return ended


def _troubles_noted(line: Line, present: Callable[[], datetime]) -> Counter[str]:
    ended: Counter[str] = Counter()
    while not line.troubles.empty():
        ended += note(*line.troubles.get(), present())
    return ended
