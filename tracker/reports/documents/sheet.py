"""The sheet of the weekly meeting (giao ban): one page of A4, lying, made of the same figures as the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.reports.documents.concerns import (
    Concern,
    Problem,
    Proposal,
    concerns,
    problems,
    proposals,
    shortened,
    waiting_long,
)
from tracker.reports.documents.duties import due_within, duties, waiting_since
from tracker.reports.documents.facts import reconcile, silences_of
from tracker.reports.documents.naming import head_of
from tracker.reports.documents.paper import Column, Row, Table
from tracker.reports.queries import Figures, Scope, by_commune, by_unit, figures, overdue_on
from tracker.rules.causes import CAUSES
from tracker.rules.letterheads import Letterhead
from tracker.rules.rates import BOX_LABELS, Box, Tally, rates
from tracker.rules.sentences import count, padded, percent
from tracker.tasks.queries import Day

WEEKS = 12
DAYS_AHEAD = 7
MOST_UNITS = 10
MOST_PROBLEMS = 5
MOST_SILENCES = 2


@dataclass(frozen=True)
class Headline:
    """One of the five figures at the top: its name, its number, and what to compare it with."""

    name: str
    number: int
    note: str


@dataclass(frozen=True)
class Watch:
    """What the page of the meeting shows: the figures of the day and of a week ago, and what they call for."""

    figures: Figures
    before: Tally
    waiting_long: int
    concerns: Sequence[Concern]
    problems: Sequence[Problem]
    proposals: Sequence[Proposal]
    silences: Sequence[str]


@dataclass(frozen=True)
class Sheet(Watch):
    """What lies on the table of the meeting: the same, with the weeks behind and the week ahead."""

    head: Letterhead
    due_soon: int
    weeks: Sequence[tuple[date, int]]

    @property
    def title(self) -> str:
        """«Giao ban tuần 26 năm 2026: tiến độ nhiệm vụ giao trên địa bàn tỉnh An Hòa»."""
        year, week, _ = self.figures.as_of.isocalendar()
        place = self.head.short.removeprefix("UBND ")
        where = f"trên địa bàn {place}" if self.head.committee else f"của {place}"
        return f"Giao ban tuần {week} năm {year}: tiến độ nhiệm vụ giao {where}"

    @property
    def silence_note(self) -> str:
        """Where nobody is reminded, as short as one page asks for; nothing when that is nowhere."""
        more = len(self.silences) - MOST_SILENCES
        return " ".join(self.silences[:MOST_SILENCES]) + (f" Và {padded(more)} đợt khác." if more > 0 else "")

    @property
    def headlines(self) -> tuple[Headline, ...]:
        """The five figures in their order."""
        now, then = self.figures.tally, self.before
        return (
            Headline("Đã giao", now.total, f"7 ngày trước: {count(then.total)}"),
            Headline("Đã hoàn thành", now.done, f"đạt {percent(rates(now)['R1'])}; 7 ngày trước: {count(then.done)}"),
            Headline("Quá hạn chưa xong", now.open_overdue, f"7 ngày trước: {count(then.open_overdue)}"),
            Headline(f"Đến hạn trong {DAYS_AHEAD} ngày", self.due_soon, "chưa hoàn thành"),
            Headline("Chờ xác nhận", now.pending, f"7 ngày trước: {count(then.pending)}"),
        )


def watch(scope: Scope, day: Day, *, today: date) -> Watch:
    """What to look at in a unit as of a day. Raises DoesNotAddUp when lists and counts differ."""
    week_ago = Day(day.on - timedelta(days=7), day.calendar, day.policy)
    counted = figures(scope, day, today=today)
    overdue = duties(scope, day, today=today, boxes=[Box.OPEN_OVERDUE], told=False)
    reconcile(counted.tally, overdue, [Box.OPEN_OVERDUE])
    found = problems(overdue)
    slow = waiting_long(waiting_since(scope, day, today=today), day)
    before = by_unit(scope, week_ago, today=today)
    return Watch(
        figures=counted,
        before=sum(before.values(), Tally()),
        waiting_long=slow,
        concerns=concerns(by_commune(scope, day, today=today), before, overdue, day.on),
        problems=found,
        proposals=proposals(overdue, found, slow, day),
        silences=silences_of(scope, day),
    )


def sheet(scope: Scope, day: Day, *, today: date) -> Sheet:
    """The sheet of a unit as of a day. Raises DoesNotAddUp when lists and counts differ."""
    weeks = [Day(day.on - timedelta(days=7 * n), day.calendar, day.policy) for n in reversed(range(WEEKS))]
    seen = watch(scope, day, today=today)
    return Sheet(
        **vars(seen),
        head=head_of(scope.unit),
        due_soon=due_within(scope, day, DAYS_AHEAD, today=today),
        weeks=[(one.on, n) for one, n in zip(weeks, overdue_on(scope.unit.path, weeks), strict=True)],
    )


def box_table(on: Sheet) -> Table:
    """The boxes with their numbers and shares."""
    tally = on.figures.tally
    rows = [Row((BOX_LABELS[box], getattr(tally, box.value))) for box in Box if getattr(tally, box.value)]
    return Table(
        (Column("Kết quả thực hiện", 70), Column("Nhiệm vụ", 22, "right")),
        (*rows, Row(("Tổng số", tally.total), "total")),
    )


def concern_table(on: Sheet) -> Table:
    """The units that need attention."""
    columns = (
        Column("Đơn vị cần quan tâm", 46),
        Column("Quá hạn", 18, "right"),
        Column("Lâu nhất (ngày)", 22, "right"),
        Column("Hoàn thành", 26, "right"),
        Column("So tuần trước", 20, "right"),
    )
    rows = [
        Row((one.unit.name, one.tally.open_overdue, one.days, _share(one), f"{one.change:+d}" if one.change else "0"))
        for one in on.concerns[:MOST_UNITS]
    ]
    return Table(columns, tuple(rows) or (Row(("Không có đơn vị nào", None, None, None, None)),))


def _share(one: Concern) -> str:
    return f"{count(one.tally.done)}/{count(one.tally.total)}"


def problem_table(on: Sheet) -> Table:
    """The tasks that several units cannot finish."""
    columns = (Column("Nhiệm vụ nhiều đơn vị vướng", 76), Column("Đơn vị", 16, "right"), Column("Nguyên nhân", 40))
    rows = [
        Row((shortened(one.content), one.units, CAUSES.get(one.cause, "Chưa giải trình")))
        for one in on.problems[:MOST_PROBLEMS]
    ]
    return Table(columns, tuple(rows) or (Row(("Không có", None, None)),))


def week_table(on: Sheet) -> Table:
    """Overdue work at the end of each of the last weeks."""
    columns = tuple(Column(f"{day:%d/%m}", 20, "right") for day, _ in on.weeks)
    return Table((Column("Quá hạn, 12 tuần", 34), *columns), (Row(("Nhiệm vụ", *(n for _, n in on.weeks))),))
