"""A stretch of the calendar that a wording names: a day, a month, a quarter, half a year, a year, some weeks."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY, MONTH, QUARTER, HALF, YEAR = "day", "month", "quarter", "half", "year"
"""Units of a span; HALF is any run of months from the beginning or up to the end of a year."""

_TEN_DAYS = {"thuong tuan": 10, "trung tuan": 20}
_WEEK_OF_MONTH = {
    "nhat": 7,
    "dau": 7,
    "dau tien": 7,
    "1": 7,
    "2": 14,
    "hai": 14,
    "3": 21,
    "ba": 21,
    "4": 28,
    "tu": 28,
}


@dataclass(slots=True)
class Span:
    """One date or period as written, from `at` up to `until` in the plain wording.

    `year` is None until the neighbours or the day of issue settle it; `month` is the number of the month or
    quarter, `edge` the part that is meant («dau», «giua», «cuoi», «tuan 2» …). `months` is (first, last) for HALF.
    """

    unit: str
    at: int
    until: int
    year: int | None = None
    month: int = 0
    day: int = 0
    edge: str = ""
    months: tuple[int, int] = (1, 12)
    doubt: str = ""
    tag: str = ""
    role: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether the calendar has it; 29 February is judged in a leap year while the year is unknown."""
        if self.unit == DAY:
            return 1 <= self.month <= 12 and 1 <= self.day <= monthrange(self.year or 2024, self.month)[1]
        if self.unit == MONTH:
            return 1 <= self.month <= 12
        return self.unit != QUARTER or 1 <= self.month <= 4

    @property
    def order(self) -> tuple[int, int]:
        """Its place within a year, by its end."""
        if self.unit == DAY:
            return self.month, self.day
        return self._last_month(), 31

    @property
    def start(self) -> date:
        """The first day."""
        year = self._known_year()
        if self.unit == DAY:
            return date(year, self.month, self.day)
        return date(year, self._first_month(), 1)

    @property
    def end(self) -> date:
        """The last day, or the day that its edge stands for (BLDS Đ.146 k.2–3)."""
        if self.unit == DAY:
            return self.start
        if self.edge:
            return self._at_edge()
        return self.last

    @property
    def last(self) -> date:
        """The last day of the whole period, whatever its edge."""
        year, month = self._known_year(), self._last_month()
        return self.start if self.unit == DAY else date(year, month, monthrange(year, month)[1])

    def _known_year(self) -> int:
        if self.year is None:
            raise ValueError("the year is not settled yet")
        return self.year

    def _first_month(self) -> int:
        return {MONTH: self.month, QUARTER: 3 * self.month - 2, HALF: self.months[0]}.get(self.unit, 1)

    def _last_month(self) -> int:
        return {MONTH: self.month, QUARTER: 3 * self.month, HALF: self.months[1]}.get(self.unit, 12)

    def _at_edge(self) -> date:
        edge, start = self.edge, self.start
        if edge == "dau":
            return start
        if edge == "giua":
            return self._middle(start)
        if edge == "nua dau":
            return self._middle(start)
        if edge in _TEN_DAYS:
            return start + timedelta(days=_TEN_DAYS[edge] - 1)
        if edge.endswith(" ngay dau"):
            return min(start + timedelta(days=max(int(edge.split()[0]), 1) - 1), self.last)
        if edge.startswith("tuan ") and (days := _WEEK_OF_MONTH.get(edge.removeprefix("tuan ").removeprefix("thu "))):
            return start + timedelta(days=days - 1)
        return self.last

    def _middle(self, start: date) -> date:
        if self.unit == YEAR:
            return date(start.year, 6, 30)
        return date(start.year, self._middle_month(), 15)

    def _middle_month(self) -> int:
        return (self._first_month() + self._last_month()) // 2
