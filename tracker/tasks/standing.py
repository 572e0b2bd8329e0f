"""Time status and box as ONE SQL expression: the twin of rules/deadlines.py, held equal by a property test.

It needs no join with the calendar. Rolling a due date forward keeps the order of dates, so a date is overdue
on a day exactly when it is not after the last working day before it (`overdue_through`). The same turn of
thought gives «due within n days»: not after the last working day up to then.

`columns` is anything with the columns of a standing: `Assignment` for today, `Standing` for a day in the past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import (
    SHORT_TERM_DAYS,
    Policy,
    TimeStatus,
    overdue_through,
    soon_threshold,
    updates_from,
)
from tracker.rules.lifecycle import COUNTED, EXCLUDED, RUNNING, Kind, State
from tracker.rules.rates import Box

UNCOUNTED_STATES = [state.value for state in (*EXCLUDED, State.DRAFT)]


class days_between(sa.sql.functions.GenericFunction[int]):
    """Calendar days from the first date to the second, on either database."""

    type = sa.Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _on_sqlite(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


@compiles(days_between)
def _elsewhere(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({end} - {start})"


def is_running(columns: Any) -> ColumnElement[bool]:
    """Still owed and with the unit: its clock runs. Listed state by state, so that an index serves."""
    running: ColumnElement[bool] = columns.state.in_(sorted(RUNNING))
    return running


def is_overdue(columns: Any, as_of: date, calendar: WorkingCalendar, policy: Policy) -> ColumnElement[bool]:
    """Whether an open row is past its due date; a submitted one is judged on the day of its submission."""
    line = overdue_through(as_of, calendar, policy)
    return sa.case(
        (columns.state == State.SUBMITTED.value, columns.due_on <= columns.submitted_through),
        else_=columns.due_on <= line,
    )


def box(columns: Any, as_of: date, calendar: WorkingCalendar, policy: Policy) -> ColumnElement[str | None]:
    """The box of a row at the end of the day, NULL when it is outside the count (domain.md b.2)."""
    return _box(columns, as_of, calendar, policy, {one: one.value for one in Box})


def _box(
    columns: Any, as_of: date, calendar: WorkingCalendar, policy: Policy, said: dict[Box, Any]
) -> ColumnElement[Any]:
    done = sa.case(
        (columns.completed_due.is_(None), said[Box.DONE_NO_DEADLINE]),
        (columns.completed_on <= columns.completed_due, said[Box.DONE_ON_TIME]),
        else_=said[Box.DONE_LATE],
    )
    return sa.case(
        (columns.state == State.COMPLETED.value, done),
        (columns.state.in_(UNCOUNTED_STATES), sa.null()),
        (columns.due_on.is_(None), said[Box.OPEN_NO_DEADLINE]),
        (is_overdue(columns, as_of, calendar, policy), said[Box.OPEN_OVERDUE]),
        else_=said[Box.OPEN_IN_TERM],
    )


class Update(IntEnum):
    """Whether work had to tell how it goes within the limit, and did (R7)."""

    NOT_ASKED = 0
    MISSING = 1
    MADE = 2


@dataclass(frozen=True)
class Place:
    """Everything that decides which counts a row belongs to."""

    kind: Kind
    state: State
    box: Box | None
    fallen: bool
    """Whether its due date had passed by the day, done or not."""
    update: Update
    """Whether it had to tell how it goes, and did."""


_BOXES, _STATES, _KINDS = tuple(Box), (State.COMPLETED, *(s for s in State if s != State.COMPLETED)), tuple(Kind)


def place(columns: Any, as_of: date, calendar: WorkingCalendar, policy: Policy) -> ColumnElement[int]:
    """The place of a row as ONE whole number: databases group by it twice as fast as by five columns."""
    number = {one: index for index, one in enumerate(_BOXES, start=1)}
    fallen = sa.case((columns.due_on <= overdue_through(as_of, calendar, policy), 1), else_=0)
    state = sa.case({one.value: index for index, one in enumerate(_STATES)}, value=columns.state)
    kind = sa.case({one.value: index for index, one in enumerate(_KINDS)}, value=columns.kind)
    boxed = sa.func.coalesce(_box(columns, as_of, calendar, policy, number), 0)
    in_box = ((kind * len(_STATES) + state) * 2 + fallen) * (len(_BOXES) + 1) + boxed
    return in_box * len(Update) + update(columns, as_of, policy)


def update(columns: Any, as_of: date, policy: Policy) -> ColumnElement[int]:
    """Whether a row had to tell how it goes on the day, and did: the number of an Update."""
    first = updates_from(as_of, policy)
    if first is None:
        return sa.literal(Update.NOT_ASKED.value)
    asked = sa.and_(is_running(columns), columns.assigned_on < first)
    made = sa.case((columns.told_on >= first, Update.MADE.value), else_=Update.MISSING.value)
    return sa.case((asked, made), else_=Update.NOT_ASKED.value)


@cache
def read_place(number: int) -> Place:
    """What the number of a place says."""
    number, update = divmod(number, len(Update))
    number, boxed = divmod(number, len(_BOXES) + 1)
    number, fallen = divmod(number, 2)
    kind, state = divmod(number, len(_STATES))
    return Place(_KINDS[kind], _STATES[state], _BOXES[boxed - 1] if boxed else None, bool(fallen), Update(update))


def time_status(
    columns: Any, assigned_on: Any, as_of: date, calendar: WorkingCalendar, policy: Policy
) -> ColumnElement[str]:
    """The time status of a row on a day, in the words of `rules.deadlines.TimeStatus`."""
    clock = sa.case(
        (columns.due_on.is_(None), TimeStatus.NO_DEADLINE.value),
        (is_overdue(columns, as_of, calendar, policy), TimeStatus.OVERDUE.value),
        (columns.state == State.SUBMITTED.value, TimeStatus.IN_TERM.value),
        (_is_due_today(columns, as_of, calendar, policy), TimeStatus.DUE_TODAY.value),
        (is_due_soon(columns, assigned_on, as_of, calendar, policy), TimeStatus.DUE_SOON.value),
        else_=TimeStatus.IN_TERM.value,
    )
    done = {
        Box.DONE_ON_TIME.value: TimeStatus.DONE_ON_TIME.value,
        Box.DONE_LATE.value: TimeStatus.DONE_LATE.value,
        Box.DONE_NO_DEADLINE.value: TimeStatus.DONE_NO_DEADLINE.value,
    }
    where = box(columns, as_of, calendar, policy)
    return sa.case(
        (columns.state.in_(UNCOUNTED_STATES), TimeStatus.VOID.value),
        (columns.state == State.COMPLETED.value, sa.case(done, value=where)),
        else_=clock,
    )


def _is_due_today(columns: Any, as_of: date, calendar: WorkingCalendar, policy: Policy) -> ColumnElement[bool]:
    if policy.roll_to_working_day and not calendar.is_working(as_of):
        return sa.false()
    return sa.and_(columns.due_on > overdue_through(as_of, calendar, policy), columns.due_on <= as_of)


def is_due_soon(
    columns: Any, assigned_on: Any, as_of: date, calendar: WorkingCalendar, policy: Policy
) -> ColumnElement[bool]:
    """Whether the due date lies within the threshold of its term (D15), short terms having shorter ones."""
    term = days_between(assigned_on, columns.due_on)
    day_one = date(2026, 1, 1)
    cases = []
    for days in range(SHORT_TERM_DAYS):
        threshold = soon_threshold(day_one, day_one + timedelta(days=days), policy)
        cases.append((term <= days, columns.due_on <= _last_within(threshold, as_of, calendar, policy)))
    return sa.case(*cases, else_=columns.due_on <= _last_within(policy.soon_days, as_of, calendar, policy))


def _last_within(days: int, as_of: date, calendar: WorkingCalendar, policy: Policy) -> date:
    """The latest due date whose term ends within so many days: the last that is overdue the day after."""
    return overdue_through(as_of + timedelta(days=days + 1), calendar, policy)


def is_counted(assignment: Any, *, upward: bool = False) -> ColumnElement[bool]:
    """Whether an assignment is counted at all: scheduled, undated, or an occurrence of recurring work.

    What communes propose to those above them is counted apart from what the province assigns.
    """
    return sa.and_(assignment.kind.in_([one.value for one in COUNTED]), assignment.upward.is_(upward))
