"""What lies on whose desk: what a unit must do now, and what waits for the province."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import db
from tracker.rules.lifecycle import Kind, State
from tracker.tasks import standing
from tracker.tasks.models import (
    Assignment,
    Extension,
    Submission,
    Task,
)
from tracker.tasks.queries.days import Day
from tracker.tasks.queries.lists import SOON_VIEW_DAYS, Row, due_by, listed
from tracker.units.models import Unit
from tracker.units.queries import subtree


def last_used(unit_id: int) -> dict[int, datetime]:
    """When each officer of a unit was last given work, by the id of the person."""
    rows = db.session.execute(
        sa.select(Assignment.officer_id, sa.func.max(Assignment.updated_at))
        .where(Assignment.unit_id == unit_id, Assignment.officer_id.is_not(None))
        .group_by(Assignment.officer_id)
    )
    return {officer_id: at for officer_id, at in rows if officer_id is not None}


def urgent(user: User, day: Day, *, officer_id: int | None = None, limit: int = 30) -> Sequence[Row]:
    """What a unit must do now: waiting for its leader, due today, overdue, returned or nobody's yet."""
    running = standing.is_running(Assignment)
    tomorrow = due_by(day, 0)
    now = sa.or_(
        Assignment.with_leader_at.is_not(None),
        Assignment.due_on <= tomorrow,
        Assignment.returned,
        sa.and_(Assignment.state == State.ASSIGNED.value, Assignment.kind != Kind.STANDING.value),
    )
    mine = [Assignment.officer_id == officer_id] if officer_id else []
    own = Assignment.unit_id.in_(subtree(user.unit_path))
    query = listed(own, running, now, *mine).order_by(
        Assignment.with_leader_at.is_(None), Assignment.due_on.asc().nulls_last(), Assignment.id
    )
    return db.session.execute(query.limit(limit)).all()


def coming(user: User, day: Day, *, days: int = SOON_VIEW_DAYS, officer_id: int | None = None) -> Sequence[Row]:
    """What falls due in the next `days` calendar days, today left out."""
    running = standing.is_running(Assignment)
    tomorrow = due_by(day, 0)
    end = due_by(day, days)
    mine = [Assignment.officer_id == officer_id] if officer_id else []
    own = Assignment.unit_id.in_(subtree(user.unit_path))
    query = listed(own, running, Assignment.due_on > tomorrow, Assignment.due_on <= end, *mine)
    return db.session.execute(query.order_by(Assignment.due_on, Assignment.id)).all()


def due_per_day(user: User, start: date, days: int, *, officer_id: int | None = None) -> dict[date, int]:
    """How many open assignments of the unit are due on each of the next days."""
    running = standing.is_running(Assignment)
    mine = [Assignment.officer_id == officer_id] if officer_id else []
    rows = db.session.execute(
        sa.select(Assignment.due_on, sa.func.count())
        .where(
            Assignment.unit_id.in_(subtree(user.unit_path)),
            running,
            Assignment.due_on.between(start, start + timedelta(days=days - 1)),
            *mine,
        )
        .group_by(Assignment.due_on)
    )
    return {due_on: number for due_on, number in rows if due_on is not None}


def answers(user: User, *, limit: int = 5) -> Sequence[Any]:
    """What the province decided lately on the unit's results: (submission, assignment id, content)."""
    return db.session.execute(
        sa.select(Submission, Assignment.id, Task.content)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Assignment.unit_id.in_(subtree(user.unit_path)), Submission.outcome.in_(["confirmed", "returned"]))
        .order_by(Submission.decided_at.desc())
        .limit(limit)
    ).all()


def reviews(user: User, *, limit: int = 200) -> Sequence[Any]:
    """What waits for the province, first in first out: listed rows with the moment each was sent."""
    query = (
        listed(Assignment.state == State.SUBMITTED.value, Assignment.assigner_id.in_(subtree(user.unit_path)))
        .add_columns(Submission.sent_at)
        .join(Submission, sa.and_(Submission.assignment_id == Assignment.id, Submission.outcome == "pending"))
        .order_by(Submission.sent_at, Assignment.id)
    )
    return db.session.execute(query.limit(limit)).all()


def reviews_waiting(user: User) -> int:
    """How many results wait for the province in all."""
    own = Assignment.assigner_id.in_(subtree(user.unit_path))
    waiting = sa.select(sa.func.count()).where(Assignment.state == State.SUBMITTED.value, own)
    return db.session.scalar(waiting) or 0


def waiting_extensions(user: User) -> Sequence[Any]:
    """Extension requests that wait for the province: (extension, listed assignment columns)."""
    return db.session.execute(
        sa.select(Extension, Assignment.id, Task.content, Unit.name.label("unit_name"), Assignment.due_on)
        .join(Assignment, Assignment.id == Extension.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Extension.granted.is_(None), Assignment.assigner_id.in_(subtree(user.unit_path)))
        .order_by(Extension.asked_at)
    ).all()


def declined(user: User) -> Sequence[Row]:
    """Assignments that a unit asked not to do, waiting for the province."""
    return db.session.execute(
        listed(
            Assignment.state == State.DECLINED.value, Assignment.assigner_id.in_(subtree(user.unit_path))
        ).order_by(Assignment.updated_at)
    ).all()
