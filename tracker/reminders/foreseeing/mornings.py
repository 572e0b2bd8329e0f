"""On which of the coming mornings the leaders of which unit would hear how it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from tracker.accounts.acting import User
from tracker.reminders.foreseeing.sides import Mark, Side, Silences
from tracker.reminders.situations import Topic, daily_topic, first_dues, speaks_until
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.foreseeing import Opening
from tracker.rules.notices import Audience, Step
from tracker.rules.reminding import Rung

_DAILY = Rung(Step.DAILY, date.min)


class Mornings:
    """How the units stand whose work a person may see, on the first of these days and those after it."""

    def __init__(self, user: User, days: Sequence[date], calendar: WorkingCalendar, silences: Silences):
        self._today, self._silences = days[0], silences
        self._units = first_dues(user, days[0])
        self._until = cache(lambda day, policy: speaks_until(day, calendar, policy))

    def units(self, unit_id: int | None) -> Sequence[Any]:
        """All units, or one, as plain values."""
        return [row for row in self._units if unit_id in (None, row.unit_id)]

    def told_on(self, day: date, side: Side) -> Counter[Rung]:
        """Of how many units leaders would hear on a side; of none where no message leaves the house."""
        if not (side.manner.email or side.manner.zalo.is_open):
            return Counter()
        number = sum(bool(_audience(side, row)[Step.DAILY]) for row in self._units if self._speaks(row, day, side))
        return Counter({_DAILY: number} if number else {})

    def topics(self, row: Any, days: Sequence[date], sides: Sequence[Side]) -> Iterator[tuple[Mark, Topic, Audience]]:
        """How a unit stands, on those of the days on which that is worth telling."""
        for day in days:
            for number, side in enumerate(sides):
                if self._speaks(row, day, side):
                    mark = (number,), Opening(day, _DAILY)
                    yield mark, daily_topic(row.unit_id, day), _audience(side, row)

    def _speaks(self, row: Any, day: date, side: Side) -> bool:
        """Whether the leaders of a unit are told on the day how it stands."""
        due, until = row.known_due if day == self._today else row.first_due, self._until(day, side.manner.policy)
        silent = any(first <= day <= last for first, last in self._silences.over(row.unit_path))
        return until is not None and due is not None and due <= until and not silent


def _audience(side: Side, row: Any) -> Audience:
    return side.of(row.unit_path).cadence.audience
