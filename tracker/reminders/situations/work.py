"""The assignments that may have something to say, as plain values, and what stands beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.reminders.manner import Manner
from tracker.reminders.models import Silence
from tracker.reminders.situations.happened import News, ended_since, in_the_news
from tracker.reminders.situations.only import Only, among
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.lifecycle import WITH_UNIT
from tracker.rules.reminding import NEWS_DAYS, SAID_OF, latest_due
from tracker.tasks.models import Assignment, Coordination, Extension, Task
from tracker.units.models import Unit

_CONTENT_SHOWN = 200
_assigner = aliased(Unit)
running = Assignment.state.in_([state.value for state in WITH_UNIT])


def running_rows(only: Only) -> Sequence[Any]:
    """Those of these assignments that are running, as plain values."""
    return db.session.execute(_plain_values().where(running, among(only, Assignment.id))).all()


def speaking_rows(now: datetime, calendar: WorkingCalendar, manner: Manner) -> Sequence[Any]:
    """All running assignments that may have something to say, as plain values."""
    since = now - timedelta(days=NEWS_DAYS)
    may_speak = sa.or_(
        Assignment.due_on <= max(latest_due(now.date(), calendar, cadence) for cadence in manner.cadences()),
        Assignment.assigned_at >= since,
        Assignment.id.in_(in_the_news(since)),
    )
    return db.session.execute(_plain_values().where(running, may_speak)).all()


def rows_ended(news: News, now: datetime, only: Only | None) -> Sequence[Any]:
    """The assignments that were lately taken away or confirmed; nothing is asked when the news knows of none."""
    if not any(topic.step in SAID_OF for topics in news.values() for topic in topics):
        return []
    ended = Assignment.state.in_([state.value for states in SAID_OF.values() for state in states])
    lately = Assignment.id.in_(ended_since(now - timedelta(days=NEWS_DAYS)))
    return db.session.execute(_plain_values().where(ended, lately, among(only, Assignment.id))).all()


def helpers_of(only: Only | None) -> dict[int, list[int]]:
    """The coordinating units of each task."""
    query = sa.select(Coordination.task_id, Coordination.unit_id)
    if only is not None:
        query = query.where(Coordination.task_id.in_(sa.select(Assignment.task_id).where(among(only, Assignment.id))))
    helpers: dict[int, list[int]] = defaultdict(list)
    for task_id, unit_id in db.session.execute(query):
        helpers[task_id].append(unit_id)
    return helpers


def silenced(today: date) -> list[tuple[str, date]]:
    """The areas that are silent on the day, each as the path of its unit and the last day of the silence."""
    in_force = sa.and_(Silence.from_on <= today, Silence.until_on >= today, Silence.lifted_at.is_(None))
    query = sa.select(Unit.path, Silence.until_on).join(Unit, Unit.id == Silence.unit_id).where(in_force)
    return [(path, until) for path, until in db.session.execute(query)]


def extension_waits() -> sa.ColumnElement[bool]:
    """Whether a request for a later due date of the assignment waits for the province."""
    return sa.exists().where(Extension.assignment_id == Assignment.id, Extension.granted.is_(None))


def _plain_values() -> Any:
    """The question for what has to be known of assignments to say what they say, the first due first."""
    return (
        sa.select(
            Assignment.id,
            Assignment.task_id,
            Assignment.unit_id,
            Assignment.state,
            Assignment.assigned_on,
            Assignment.assigned_at,
            Assignment.received_at,
            Assignment.due_on,
            Assignment.officer_id,
            Assignment.with_leader_at,
            Task.monitor_id,
            Task.due_text,
            sa.func.substr(Task.content, 1, _CONTENT_SHOWN).label("content"),
            Unit.code.label("unit_code"),
            Unit.name.label("unit_name"),
            Unit.path.label("unit_path"),
            _assigner.path.label("assigner_path"),
            extension_waits().label("extension_waits"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(_assigner, _assigner.id == Assignment.assigner_id)
        .order_by(Assignment.due_on.asc().nulls_last(), Assignment.id)
    )
