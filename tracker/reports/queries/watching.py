"""What to keep an eye on: the oldest delays of today, and overdue work week by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.rules.deadlines import effective_due, overdue_through
from tracker.rules.lifecycle import State
from tracker.tasks import standing
from tracker.tasks.models import Assignment, Standing
from tracker.tasks.queries import Day
from tracker.units.queries import subtree


def longest_overdue(path: str, day: Day) -> dict[int, date]:
    """The last day in term of what is overdue longest today, by unit: one that was a day off runs on (D4)."""
    late = standing.is_overdue(Assignment, day.on, day.calendar, day.policy)
    rows = db.session.execute(
        sa.select(Assignment.unit_id, sa.func.min(Assignment.due_on))
        .where(Assignment.unit_id.in_(subtree(path)), standing.is_running(Assignment), late)
        .group_by(Assignment.unit_id)
    )
    ends = ((unit_id, effective_due(due_on, day.calendar, day.policy)) for unit_id, due_on in rows)
    return {unit_id: end for unit_id, end in ends if end is not None}


def overdue_on(path: str, days: Sequence[Day]) -> list[int]:
    """How many assignments were overdue at the end of each of the given days, oldest first; one question."""
    last = overdue_through(days[-1].on, days[-1].calendar, days[-1].policy)
    rows = db.session.execute(
        sa.select(
            Standing.from_on, Standing.until_on, Standing.due_on, Standing.submitted_through, Standing.state
        ).where(
            Standing.unit_id.in_(subtree(path)),
            standing.is_counted(Standing),
            Standing.until_on > days[0].on,
            Standing.due_on <= last,
            Standing.state.not_in([State.COMPLETED.value, *standing.UNCOUNTED_STATES]),
        )
    ).all()
    lines = [(day.on, overdue_through(day.on, day.calendar, day.policy)) for day in days]
    return [sum(_was_overdue(row, on, line) for row in rows) for on, line in lines]


def _was_overdue(row: Any, on: date, line: date) -> bool:
    """Whether the row is of the day and past its due date: `line` is the last one overdue by then."""
    if row.state == State.SUBMITTED:
        line = row.submitted_through
    return bool(row.from_on <= on < row.until_on and row.due_on <= line)
