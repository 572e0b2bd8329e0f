"""What is unkind about a plan of due dates before it is given: days off, short notice, too much on one day.

Nothing here forbids: an official sees what the plan comes to for those who must do it, and decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.sentences import count, long_date

Kind = Literal["past", "day_off", "short_notice", "crowded"]


@dataclass(frozen=True)
class Planned:
    """One task of the plan: its due date, none when it has none, and the ids of the units that would lead it."""

    due_on: date | None
    units: Sequence[int]


@dataclass(frozen=True)
class Limits:
    """From when a plan is unkind: fewer working days of notice, or more falling due on a unit's one day."""

    least_working_days: int = 3
    most_a_day: int = 5


@dataclass(frozen=True)
class Collision:
    """One thing to see: its kind, the due date, how many tasks or units it concerns, and the number that matters.

    `number` is the working days left (short notice), or the most that one unit has on the day (crowded).
    """

    kind: Kind
    due_on: date
    concerned: int
    number: int = 0
    runs_to: date | None = None

    @property
    def sentence(self) -> str:
        """The collision in words."""
        day, many = long_date(self.due_on), count(self.concerned)
        if self.kind == "past":
            return f"Hạn {day} đã qua: {many} việc."
        if self.kind == "day_off":
            return f"Hạn {day} là ngày nghỉ, tính đến hết {long_date(self.runs_to or self.due_on)}: {many} việc."
        if self.kind == "short_notice":
            left = f"chỉ còn {self.number} ngày làm việc" if self.number else "không còn ngày làm việc nào"
            return f"Hạn {day} {left}: {many} việc."
        return f"Dồn việc ngày {day}: {many} đơn vị có nhiều việc cùng đến hạn, nhiều nhất {count(self.number)} việc."


def collisions(
    plan: Iterable[Planned],
    busy: Mapping[tuple[int, date], int],
    today: date,
    calendar: WorkingCalendar,
    limits: Limits | None = None,
) -> list[Collision]:
    """All that is to be seen of a plan, by due date. `busy` counts what falls due already, by unit and printed date.

    Notice is counted in working days after today up to and with the day on which the term ends. Load is counted
    on that day too, so that a Saturday's work weighs on the Monday on which it may still be done.
    """
    limits = limits or Limits()
    dated = [(one, one.due_on) for one in plan if one.due_on is not None]
    tasks = Counter(due for _, due in dated)
    found = [each for due in sorted(tasks) for each in _of_day(due, tasks[due], today, calendar, limits)]
    return sorted(found + list(_crowds(dated, busy, calendar, limits)), key=lambda each: each.due_on)


def _of_day(due: date, tasks: int, today: date, calendar: WorkingCalendar, limits: Limits) -> Iterator[Collision]:
    ends = calendar.roll(due)
    if ends != due:
        yield Collision("day_off", due, tasks, runs_to=ends)
    if ends < today:
        yield Collision("past", due, tasks)
        return
    notice = calendar.working_days_between(today, ends)
    if notice < limits.least_working_days:
        yield Collision("short_notice", due, tasks, notice)


def _crowds(
    dated: Sequence[tuple[Planned, date]],
    busy: Mapping[tuple[int, date], int],
    calendar: WorkingCalendar,
    limits: Limits,
) -> Iterator[Collision]:
    """The days on which some unit would have too much, with how many units and the most of any."""
    added = Counter((unit, calendar.roll(due)) for one, due in dated for unit in one.units)
    load = Counter(added)
    for (unit, due), number in busy.items():
        if (unit, calendar.roll(due)) in added:
            load[unit, calendar.roll(due)] += number
    heavy: dict[date, list[int]] = {}
    for (_, day), number in load.items():
        if number > limits.most_a_day:
            heavy.setdefault(day, []).append(number)
    yield from (Collision("crowded", day, len(numbers), max(numbers)) for day, numbers in heavy.items())
