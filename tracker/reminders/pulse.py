"""The pulse of the house: a clock writes down that it has beaten, and a run that lasts beats while it is at work.

Whoever hands letters over for half an hour is not late, and whoever died in the middle of it is, as soon as the last
beat is too old: so a run beats only as it gets on, never by a clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tracker.db import atomic, put
from tracker.reminders.beats import REMINDERS
from tracker.reminders.channels.answers import Answer
from tracker.reminders.delivering import Carrier
from tracker.reminders.models import Heartbeat

BETWEEN_BEATS = timedelta(minutes=1)


def beat(now: datetime, said: str, name: str = REMINDERS) -> None:
    """Write down that a clock of the house lives and what it did; /healthz and `tracker doctor` read it."""
    with atomic():
        put(Heartbeat, name=name, at=now, said=said[:300])


class Pulse:
    """The beats of one run, by the clock `alive`."""

    def __init__(self, alive: Callable[[], datetime]):
        self._alive = alive
        self._last: datetime | None = None
        self._said = ""

    def says(self, said: str) -> None:
        """Beat, and say this until there is something else to say."""
        self._said, self._last = said, self._alive()
        beat(self._last, said)

    def goes_on(self) -> None:
        """Beat again when the last beat is a minute old."""
        if self._last is None or self._alive() - self._last >= BETWEEN_BEATS:
            self.says(self._said)


@dataclass(frozen=True)
class Beating:
    """A carrier that lets its run beat before each message it hands over."""

    carrier: Carrier
    pulse: Pulse

    def send(self, message: Any, /) -> Answer:
        """Hand the message over as the carrier does."""
        self.pulse.goes_on()
        return self.carrier.send(message)
