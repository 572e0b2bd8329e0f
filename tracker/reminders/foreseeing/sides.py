"""The sides of a look: how it is reminded and how it would be, where it is silent, and what is heard on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import sqlalchemy as sa

from tracker.db import db
from tracker.reminders.contacts import Contact
from tracker.reminders.manner import Manner
from tracker.reminders.models import Silence
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.foreseeing import Opening, Period, Way, anywhere
from tracker.rules.notices import Channel
from tracker.rules.reminding import Rung
from tracker.units.models import Unit


@dataclass
class Heard:
    """What somebody would newly hear on a day: assignments by what is said of them, and by which channels."""

    contact: Contact
    said: Counter[Rung] = field(default_factory=Counter)
    channels: set[Channel] = field(default_factory=set)

    def hear(self, rung: Rung, channels: Iterable[Channel]) -> None:
        """One assignment more."""
        self.said[anywhere(rung)] += 1
        self.channels.update(channels)


Hearing = dict[tuple[date, int], Heard]
"""By day and person."""

Forecast = dict[date, Counter[Rung]]
"""By day: of how many assignments there is what to say, and of how many units how they stand."""

Mark = tuple[tuple[int, ...], Opening]
"""On which sides something opens; on none what is only asked as it was said before."""


class Side:
    """One manner of reminding: the way of each unit that assigns."""

    def __init__(self, manner: Manner, calendar: WorkingCalendar):
        self.manner = manner
        known = {id(cadence): Way(calendar, manner.policy, cadence) for cadence in manner.cadences()}
        self.of = cache(lambda path: known[id(manner.cadence_for(path))])


class Silences:
    """The areas where nobody is reminded on some of the days, or was on the day before."""

    def __init__(self, days: Sequence[date]):
        near = sa.and_(Silence.until_on >= days[0] - timedelta(days=1), Silence.from_on <= days[-1])
        query = sa.select(Unit.path, Silence.from_on, Silence.until_on).join(Unit, Unit.id == Silence.unit_id)
        self._areas = db.session.execute(query.where(near, Silence.lifted_at.is_(None))).all()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._areas)

    def over(self, path: str) -> tuple[Period, ...]:
        """The silences over a unit."""
        return tuple((first, last) for area, first, last in self._areas if path.startswith(area))
