"""The day of a question: today is read from the assignments, a past day from the standings of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from tracker.clock import HOUSE_ZONE
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import OPEN, State
from tracker.rules.periods import Part
from tracker.tasks.models import Assignment, Progress, Standing
from tracker.units.queries import subtree

OWED = sorted(state.value for state in (*OPEN, State.SUSPENDED))
"""What is still owed, or may be again: it goes over into the next period."""


@dataclass(frozen=True)
class Day:
    """Everything that time status depends on besides the record: the day, the calendar, the policy."""

    on: date
    calendar: WorkingCalendar
    policy: Policy


@dataclass(frozen=True)
class Facts:
    """Where the facts of a day stand: `columns` has those of a standing, `id` is the assignment's."""

    columns: Any
    id: Any
    then: ColumnElement[bool]
    """Which rows are of that day."""


def facts_of(past: date | None) -> Facts:
    """The facts at the end of a past day, as they were known by then; without a day, those of now."""
    if past is None:
        return Facts(Assignment, Assignment.id, sa.true())
    return Facts(Standing, Standing.assignment_id, sa.and_(Standing.from_on <= past, Standing.until_on > past))


def part(facts: Facts, start: date, unit_path: str) -> ColumnElement[str]:
    """The part of the period from `start` on that a row of the unit's subtree is: rules.periods.part in SQL."""
    before = aliased(Standing)
    owed_before = sa.select(before.assignment_id).where(
        before.unit_id.in_(subtree(unit_path)),
        before.from_on < start,
        before.until_on >= start,
        before.state.in_(OWED),
    )
    return sa.case(
        (facts.columns.assigned_on >= start, Part.IN_PERIOD.value),
        (facts.id.in_(owed_before), Part.CARRIED_OVER.value),
        else_=Part.SETTLED.value,
    )


def end_of(day: date) -> datetime:
    """The moment at which the day is over, house time: what is known by then is known by the day."""
    return datetime.combine(day + timedelta(days=1), time(), HOUSE_ZONE)


def cause(assignment_id: Any, on: date) -> Any:
    """The cause of difficulty that the last progress report by the end of the day names; NULL without one."""
    return (
        sa.select(Progress.cause)
        .where(Progress.assignment_id == assignment_id, Progress.at < end_of(on))
        .order_by(Progress.id.desc())
        .limit(1)
        .scalar_subquery()
    )
