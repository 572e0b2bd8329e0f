"""Counts of today for a unit or a directive, and targets with their readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from tracker.accounts.acting import User
from tracker.db import db
from tracker.rules.lifecycle import State
from tracker.tasks import standing
from tracker.tasks.models import (
    Assignment,
    Target,
    TargetReading,
    Task,
)
from tracker.tasks.queries.days import Day, end_of
from tracker.tasks.queries.sight import visible
from tracker.units.queries import subtree


def box_counts(unit_path: str, day: Day) -> dict[str, int]:
    """How many counted assignments of a unit's subtree stand in each box today; boxes of none are left out."""
    box = standing.box(Assignment, day.on, day.calendar, day.policy)
    rows = db.session.execute(
        sa.select(box.label("box"), sa.func.count())
        .where(Assignment.unit_id.in_(subtree(unit_path)), standing.is_counted(Assignment))
        .group_by("box")
    )
    return {box: number for box, number in rows if box is not None}


def completion(unit_path: str) -> tuple[int, int]:
    """How many counted assignments of a unit's subtree are done, and how many there are (R1 of today)."""
    done = sa.func.count(sa.case((Assignment.state == State.COMPLETED.value, 1)))
    row = db.session.execute(
        sa.select(done, sa.func.count()).where(
            Assignment.unit_id.in_(subtree(unit_path)),
            standing.is_counted(Assignment),
            Assignment.state.not_in(standing.UNCOUNTED_STATES),
        )
    ).one()
    return row[0], row[1]


def tasks_of(directive_id: int, user: User, day: Day, *, limit: int | None = None, offset: int = 0) -> Sequence[Any]:
    """The tasks of a directive with, as far as the person may see, how many were given, done and overdue."""
    given = aliased(Assignment)
    seen = sa.select(Assignment.id).where(visible(user))
    where = standing.box(given, day.on, day.calendar, day.policy)
    return db.session.execute(
        sa.select(
            Task,
            sa.func.count(given.id).label("given"),
            sa.func.count(sa.case((given.state == State.COMPLETED.value, 1))).label("done"),
            sa.func.count(sa.case((where == "open_overdue", 1))).label("overdue"),
        )
        .outerjoin(given, sa.and_(given.task_id == Task.id, given.id.in_(seen)))
        .where(Task.directive_id == directive_id)
        .group_by(Task.id)
        .order_by(Task.id)
        .limit(limit)
        .offset(offset)
    ).all()


def task_count(directive_id: int) -> int:
    """How many tasks a directive has."""
    query = sa.select(sa.func.count()).select_from(Task).where(Task.directive_id == directive_id)
    return db.session.scalar(query) or 0


def targets(unit_path: str, as_of: date) -> Sequence[Any]:
    """The targets of a unit's subtree, each with its latest reading known by the day (value, met, day) or NULLs.

    Of two readings of one day the one written later counts; one written after the day changes nothing of it.
    """
    order = (TargetReading.as_of.desc(), TargetReading.id.desc())
    place = sa.func.row_number().over(partition_by=TargetReading.target_id, order_by=order).label("place")
    known = sa.select(TargetReading.id, TargetReading.target_id, place).where(
        TargetReading.as_of <= as_of, TargetReading.recorded_at < end_of(as_of)
    )
    last = known.subquery("last")
    return db.session.execute(
        sa.select(Target, TargetReading.value, TargetReading.met, TargetReading.as_of)
        .options(joinedload(Target.unit), joinedload(Target.directive))
        .outerjoin(last, sa.and_(last.c.target_id == Target.id, last.c.place == 1))
        .outerjoin(TargetReading, TargetReading.id == last.c.id)
        .where(Target.unit_id.in_(subtree(unit_path)), Target.set_on <= as_of)
        .order_by(Target.id)
    ).all()


def targets_of(directive_id: int, user: User) -> Sequence[Any]:
    """The targets of a directive: content and goal with how many units of the person's subtree hold it."""
    return db.session.execute(
        sa.select(
            Target.content,
            Target.goal,
            Target.measure,
            Target.direction,
            sa.func.count().label("units"),
        )
        .where(Target.directive_id == directive_id, Target.unit_id.in_(subtree(user.unit_path)))
        .group_by(Target.content, Target.goal, Target.measure, Target.direction)
        .order_by(sa.func.min(Target.id))
    ).all()
