"""Working days: told which days are off and which weekends are worked, this calendar counts on them.

Offices rest on Saturday and Sunday (QĐ 188/1999/QĐ-TTg), on public holidays (BLLĐ Đ.111–112) and on days
swapped against a worked Saturday. In a term the first day is not counted (BLDS Đ.147) and a last day that is
off moves to the end of the next working day (BLDS Đ.148 k.5).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, Literal

from tracker.errors import Invalid

_EVERY_DAY = range(1, date.max.toordinal() + 1)
_SATURDAY = 5


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked. `off` and `work` hold the exceptions to Monday–Friday; `work` wins.

    Every question is answered by counting, never by walking: `_count` is a sum and two binary searches, its
    inverse `_nth` one more, so that a term of ten thousand days costs as little as one of ten.
    """

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return day in self.work or (day.weekday() < _SATURDAY and day not in self.off)

    def roll(self, day: date) -> date:
        """`day` itself when it is worked, else the next working day (BLDS Đ.148 k.5)."""
        return day if self.is_working(day) else self._nth(self._count(day.toordinal()) + 1)

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which is not counted (BLDS Đ.147); before it for a negative n.

        Zero days after `start` is `start` itself, worked or not.
        """
        if n > 0:
            return self._nth(self._count(start.toordinal()) + n)
        if n < 0:
            return self._nth(self._count(start.toordinal() - 1) + n + 1)
        return start

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative when `end` is earlier."""
        return self._count(end.toordinal()) - self._count(start.toordinal())

    def last_working_day_before(self, day: date) -> date:
        """The nearest working day that is earlier than `day`."""
        return self.add_working_days(day, -1)

    def overdue_through(self, as_of: date) -> date:
        """The latest due date that is already overdue on `as_of`, when due dates roll to a working day.

        Rolling keeps the order of days (it is monotonic), so one comparison answers for any number of due
        dates, in SQL too: roll(due) < as_of  ⟺  due <= overdue_through(as_of). The bound is the last working
        day before `as_of`: a due date up to it rolls no further than it, and a later one finds no working day
        before `as_of` to roll to.
        """
        return self.last_working_day_before(as_of)

    @cached_property
    def _lost(self) -> list[int]:
        """Weekdays that are off, as sorted day numbers."""
        return sorted(day.toordinal() for day in self.off - self.work if day.weekday() < _SATURDAY)

    @cached_property
    def _gained(self) -> list[int]:
        """Weekend days that are worked, as sorted day numbers."""
        return sorted(day.toordinal() for day in self.work if day.weekday() >= _SATURDAY)

    def _count(self, ordinal: int) -> int:
        """Working days from 1 January of year 1, a Monday, up to and with the day of this number."""
        weeks, rest = divmod(ordinal, 7)
        weekdays = 5 * weeks + min(rest, 5)
        return weekdays - bisect_right(self._lost, ordinal) + bisect_right(self._gained, ordinal)

    @cached_property
    def _nth(self) -> Callable[[int], date]:
        """The n-th working day since 1 January of year 1; remembered, for all terms of a year share a few hundred."""
        return cache(lambda n: date.fromordinal(_EVERY_DAY[bisect_left(_EVERY_DAY, n, key=self._count)]))


@dataclass(frozen=True)
class CalendarDay:
    """One exception to Monday–Friday with the document it rests on; a provisional one is not in force."""

    on: date
    kind: Literal["off", "work"]
    name: str
    document: str
    provisional: bool
    swapped_with: date | None


def read_year(mapping: Mapping[str, Any]) -> list[CalendarDay]:
    """The days of one file of `config/calendars/`, in order. Raises Invalid with everything that is wrong.

    A swap is in force as a whole: when the day off is only proposed, so is the worked day that pays for it.
    """
    year, off, work = mapping["year"], mapping.get("off", []), mapping.get("work", [])
    _check_year(year, off, work)
    proposed = {row["d"] for row in [*off, *work] if row.get("state") == "provisional"}
    for row in work:
        if proposed & {row["d"], row["for"]}:
            proposed |= {row["d"], row["for"]}
    paid_by = {row["for"]: row["d"] for row in work}

    def day(row: Mapping[str, Any], kind: Literal["off", "work"], name: str, other: date | None) -> CalendarDay:
        return CalendarDay(row["d"], kind, name, row.get("doc", ""), row["d"] in proposed, other)

    days = [day(row, "off", row["name"], paid_by.get(row["d"])) for row in off]
    days += [day(row, "work", f"Làm bù cho ngày {row['for']:%d/%m/%Y}", row["for"]) for row in work]
    return sorted(days, key=lambda each: each.on)


def calendar_from(days: Iterable[CalendarDay]) -> WorkingCalendar:
    """The calendar in force: provisional days are left out until a document decides them."""
    known = [day for day in days if not day.provisional]
    return WorkingCalendar(
        off=frozenset(day.on for day in known if day.kind == "off"),
        work=frozenset(day.on for day in known if day.kind == "work"),
    )


def _check_year(year: int, off: list[Mapping[str, Any]], work: list[Mapping[str, Any]]) -> None:
    """Raise Invalid naming each day that cannot stand in the calendar of `year`."""
    wrong: dict[str, str] = {}
    seen: set[date] = set()
    days_off = {row["d"] for row in off}
    for row in [*off, *work]:
        day = row["d"]
        if day.year != year:
            wrong[day.isoformat()] = f"Ngày {day:%d/%m/%Y} không thuộc năm {year}."
        elif day in seen:
            wrong[day.isoformat()] = f"Ngày {day:%d/%m/%Y} được khai hai lần."
        seen.add(day)
    for row in work:
        day, swapped = row["d"], row["for"]
        if day.weekday() < _SATURDAY:
            wrong[day.isoformat()] = f"Ngày {day:%d/%m/%Y} vốn là ngày làm việc nên không thể là ngày làm bù."
        elif swapped.year == year and swapped not in days_off:
            wrong[day.isoformat()] = (
                f"Ngày làm bù {day:%d/%m/%Y} thay cho {swapped:%d/%m/%Y}, nhưng ngày đó không được nghỉ."
            )
    if wrong:
        raise Invalid(wrong, f"Lịch làm việc năm {year} có {len(wrong)} chỗ cần sửa.")
