"""Report periods: from which day to which, by what name, and from when the report may be owed.

A period is written as people type it: «nd09-month:2026-05» (NĐ 09/2019/NĐ-CP Đ.12: from the 15th to the 14th),
«quarter:2026-2» (calendar), «first:2026-05» (5 tháng đầu năm), or as its two ends, «2025-12-15..2026-06-05».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from tracker.errors import Invalid
from tracker.rules.calendar import WorkingCalendar

NOT_A_PERIOD = (
    "Kỳ báo cáo viết như «nd09-month:2026-05», «month:2026-05», «quarter:2026-2», «half:2026-1», «year:2026», "
    "«first:2026-05» hoặc «2025-12-15..2026-06-05»."
)
_LENGTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DECREE = "nd09-"
_LAST_DAY_OF_DECREE = 14
_ROMAN = ("I", "II", "III", "IV")
YEARS = range(2000, 2100)

KINDS = {
    "nd09-month": "Tháng theo Nghị định 09/2019",
    "nd09-quarter": "Quý theo Nghị định 09/2019",
    "nd09-half": "6 tháng theo Nghị định 09/2019",
    "nd09-year": "Năm theo Nghị định 09/2019",
    "month": "Tháng",
    "quarter": "Quý",
    "half": "6 tháng",
    "year": "Năm",
    "first": "Từ đầu năm",
}
"""The kinds of period that have a name, in the order in which they are offered."""


@dataclass(frozen=True)
class Period:
    """What a report covers: figures from `start` up to and with `cutoff` (ngày chốt số liệu)."""

    code: str
    name: str
    start: date
    cutoff: date


def period(code: str) -> Period:
    """The period with this code. Raises Invalid at «period» for what is none, or ends before it starts."""
    kind, _, place = code.strip().partition(":")
    if kind in KINDS and (numbers := re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", place)):
        year, number = int(numbers[1]), int(numbers[2] or 1)
        if year in YEARS and _fits(kind, number, bool(numbers[2])):
            return _named(kind, year, number)
    if ends := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", code.strip()):
        return _between(ends[1], ends[2])
    raise Invalid({"period": NOT_A_PERIOD})


def _fits(kind: str, number: int, numbered: bool) -> bool:
    """Whether a year has such a part: twelve months, four quarters, two halves; a year is not numbered."""
    months = _LENGTHS.get(kind.removeprefix(_DECREE), 1)
    return numbered == (months < 12) and 1 <= number <= 12 // months


def _between(start: str, cutoff: str) -> Period:
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(cutoff)
    except ValueError:
        raise Invalid({"period": NOT_A_PERIOD}) from None
    if first.year not in YEARS or last.year not in YEARS:
        raise Invalid({"period": NOT_A_PERIOD})
    return free(first, last)


def free(start: date, cutoff: date) -> Period:
    """The period between two days, both included. Raises Invalid at «start» when it ends before it starts."""
    if start > cutoff:
        raise Invalid({"start": "Ngày đầu kỳ không được sau ngày chốt số liệu."})
    return Period(f"{start}..{cutoff}", f"Từ {start:%d/%m/%Y} đến hết {cutoff:%d/%m/%Y}", start, cutoff)


def _named(kind: str, year: int, number: int) -> Period:
    if kind == "first":
        start, cutoff = date(year, 1, 1), _month_end(year, number)
        words = f"{number} tháng đầu năm {year}" if number < 12 else f"Năm {year}"
        return Period(f"first:{year}-{number:02}", _with_days(words, start, cutoff), start, cutoff)
    months = _LENGTHS[kind.removeprefix(_DECREE)]
    cutoff, start = _month_end(year, number * months), date(year, (number - 1) * months + 1, 1)
    if kind.startswith(_DECREE):
        cutoff, start = cutoff.replace(day=_LAST_DAY_OF_DECREE), start + relativedelta(months=-1, day=15)
    written = {1: f"{year}-{number:02}", 12: f"{year}"}.get(months, f"{year}-{number}")
    return Period(f"{kind}:{written}", _with_days(_words(months, year, number), start, cutoff), start, cutoff)


def _month_end(year: int, month: int) -> date:
    return date(year, month, 1) + relativedelta(day=31)


def _words(months: int, year: int, number: int) -> str:
    return {
        1: f"Tháng {number}/{year}",
        3: f"Quý {_ROMAN[(number - 1) % 4]}/{year}",
        6: f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {year}",
        12: f"Năm {year}",
    }[months]


def _with_days(words: str, start: date, cutoff: date) -> str:
    return f"{words} ({start:%d/%m/%Y} – {cutoff:%d/%m/%Y})"


def holding(kind: str, day: date) -> Period:
    """The period of a kind in which the day lies, both ends included. Raises Invalid for an unknown kind."""
    if kind not in KINDS:
        raise Invalid({"period": NOT_A_PERIOD})
    month = day
    if kind.startswith(_DECREE) and day.day > _LAST_DAY_OF_DECREE:
        month = day + relativedelta(months=1, day=1)
    months = _LENGTHS.get(kind.removeprefix(_DECREE), 1)
    return _named(kind, month.year, (month.month - 1) // months + 1)


def asked(code: str, day: date) -> Period:
    """The period that a code or the bare name of a kind means; a bare kind means the one that holds the day."""
    return holding(code.strip(), day) if code.strip() in KINDS else period(code)


def as_far_as(one: Period, day: date) -> Period:
    """The period as far as a day: itself when it ends there, else a free one."""
    return one if day == one.cutoff else free(one.start, day)


def cutoff_in(one: Period, as_of: date | None, today: date) -> date:
    """The day of a period's figures: the one asked for, else the period's own cut-off, or today while it runs.

    Raises Invalid at «as_of» for a day outside the period and at «period» for one that has not begun.
    """
    if one.start > today:
        raise Invalid({"period": "Kỳ báo cáo này chưa bắt đầu."})
    if as_of is not None and not one.start <= as_of <= one.cutoff:
        raise Invalid(
            {"as_of": f"Ngày chốt số liệu phải trong kỳ, từ {one.start:%d/%m/%Y} đến {one.cutoff:%d/%m/%Y}."}
        )
    return as_of or min(one.cutoff, today)


_OFFERED = {1: 13, 3: 5, 6: 3, 12: 2}
"""How many of each length are offered: a year of them and the running one."""


def offered(today: date) -> dict[str, list[Period]]:
    """The periods to choose from on a day by kind, the running one first."""
    found: dict[str, list[Period]] = {}
    for kind in KINDS:
        months = _LENGTHS.get(kind.removeprefix(_DECREE), 1)
        current = holding(kind, today)
        found[kind] = [current]
        for _ in range(_OFFERED[months] - 1):
            before = _before(kind, found[kind][-1])
            if kind == "first" and before.start.year < current.start.year - 1:
                break
            found[kind].append(before)
    return found


def _before(kind: str, one: Period) -> Period:
    if kind == "first":
        return holding(kind, one.cutoff.replace(day=1) - timedelta(days=1))
    return holding(kind, one.start - timedelta(days=1))


class Part(StrEnum):
    """Where the work of a period comes from. Every assignment known by the cut-off is in exactly one part."""

    IN_PERIOD = "in_period"
    """Assigned within the period (giao trong kỳ)."""
    CARRIED_OVER = "carried_over"
    """Assigned before it and still owed when it began (kỳ trước chuyển sang)."""
    SETTLED = "settled"
    """Done with before it began: in the cumulative figures only."""


PART_LABELS = {Part.IN_PERIOD: "Giao trong kỳ", Part.CARRIED_OVER: "Kỳ trước chuyển sang", Part.SETTLED: "Kỳ trước"}


def part(assigned_on: date, owed_before: bool, start: date) -> Part:
    """Which part of a period an assignment is; `owed_before`: still owed, or suspended, the day before `start`."""
    if assigned_on >= start:
        return Part.IN_PERIOD
    return Part.CARRIED_OVER if owed_before else Part.SETTLED


def earliest_sending(cutoff: date, calendar: WorkingCalendar) -> date:
    """The first day on which a report may be owed: one working day after its cut-off (NĐ 09/2019 Đ.12)."""
    return calendar.add_working_days(cutoff, 1)


def check_sending(cutoff: date, send_by: date, calendar: WorkingCalendar) -> None:
    """Raise Invalid when a report is asked for less than one working day after its cut-off."""
    first = earliest_sending(cutoff, calendar)
    if send_by < first:
        raise Invalid(
            {
                "send_by": f"Hạn gửi báo cáo phải sau ngày chốt số liệu {cutoff:%d/%m/%Y} ít nhất 1 ngày làm việc, "
                f"sớm nhất là {first:%d/%m/%Y}."
            }
        )
