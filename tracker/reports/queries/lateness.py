"""What stands beside a unit's rate, so that a comparison is fair: how late, why, and how often extended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.clock import HOUSE_ZONE
from tracker.db import db
from tracker.reports.queries.figures import Scope, facts_at
from tracker.rules.deadlines import Standing as RuleStanding
from tracker.rules.deadlines import days_late
from tracker.rules.lifecycle import State
from tracker.rules.ranking import median_days
from tracker.rules.rates import Box
from tracker.tasks import standing
from tracker.tasks.models import Assignment, Extension
from tracker.tasks.queries import Day, cause
from tracker.units.queries import subtree

OBJECTIVE = "objective"


@dataclass(frozen=True)
class Lateness:
    """Of one unit: work done late or overdue, the median of its days late, and what explains it.

    `objective` counts late work whose unit names an objective cause; it stays inside the counts of late work.
    """

    late: int = 0
    median_days: int | None = None
    objective: int = 0
    extensions: int = 0


def lateness(scope: Scope, day: Day, *, today: date) -> dict[int, Lateness]:
    """How late the units of a scope are at the end of a day, by the id of the unit."""
    extended = _extended(scope, day)
    late: dict[int, list[Any]] = {unit_id: [] for unit_id in extended}
    for row in db.session.execute(_late(scope, day, today)):
        late.setdefault(row.unit_id, []).append(row)
    return {unit_id: _of_one(rows, day, extended.get(unit_id, 0)) for unit_id, rows in late.items()}


def _of_one(rows: Iterable[Any], day: Day, extensions: int) -> Lateness:
    known = list(rows)
    days = [days_late(_ruled(row), day.on, day.calendar, day.policy) for row in known]
    objective = sum(1 for row in known if row.cause == OBJECTIVE)
    return Lateness(len(known), median_days(days), objective, extensions)


def _ruled(row: Any) -> RuleStanding:
    return RuleStanding(
        State(row.state), row.due_on, row.assigned_on, row.submitted_on, row.completed_on, row.completed_due
    )


def _late(scope: Scope, day: Day, today: date) -> sa.Select[Any]:
    facts = facts_at(day, today=today)
    columns = facts.columns
    box = standing.box(columns, day.on, day.calendar, day.policy)
    names = ("unit_id", "state", "due_on", "assigned_on", "submitted_on", "completed_on", "completed_due")
    return sa.select(*(getattr(columns, name) for name in names), cause(facts.id, day.on).label("cause")).where(
        facts.then,
        columns.unit_id.in_(subtree(scope.unit.path)),
        standing.is_counted(columns),
        box.in_([Box.DONE_LATE.value, Box.OPEN_OVERDUE.value]),
    )


def _extended(scope: Scope, day: Day) -> dict[int, int]:
    """How many extensions were granted to each unit by the end of the day."""
    midnight = datetime.combine(day.on + timedelta(days=1), time(), HOUSE_ZONE)
    rows = db.session.execute(
        sa.select(Assignment.unit_id, sa.func.count())
        .join(Extension, Extension.assignment_id == Assignment.id)
        .where(
            Assignment.unit_id.in_(subtree(scope.unit.path)),
            Extension.granted.is_(True),
            Extension.decided_at < midnight,
        )
        .group_by(Assignment.unit_id)
    )
    return {unit_id: number for unit_id, number in rows}
