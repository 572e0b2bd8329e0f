"""How a unit stands today, for those who lead it: told on the mornings on which the rule finds it worth telling."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import db, one_of
from tracker.reminders.situations.topics import Topic
from tracker.reminders.situations.work import extension_waits, running
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.notices import Step
from tracker.rules.reminding import week_begins
from tracker.tasks import standing
from tracker.tasks.models import Assignment
from tracker.tasks.queries import SOON_VIEW_DAYS, Day, due_by, led
from tracker.units.models import Unit

DAILY = Step.DAILY.value


def worth_telling(
    today: date, calendar: WorkingCalendar, policy: Policy, units: Collection[int] | None = None
) -> Sequence[Any]:
    """The units, of all or of these, whose leaders are told today how they stand, as plain values like those of work.

    Work speaks from the day after it was given, for the giving says when it is due.
    """
    latest = speaks_until(today, calendar, policy)
    if latest is None or (units is not None and not units):
        return []
    speaking = sa.and_(waits_for_the_unit(), Assignment.due_on <= latest, Assignment.assigned_on < today)
    asked = sa.true() if units is None else one_of(Assignment.unit_id, units)
    return db.session.execute(
        of_units().where(Unit.id.in_(sa.select(Assignment.unit_id).where(speaking, asked)))
    ).all()


def speaks_until(day: date, calendar: WorkingCalendar, policy: Policy) -> date | None:
    """The last due date of work that makes its unit worth telling of on the day; None on days off.

    What is overdue or due on the day speaks, when a week begins also what is due in the days ahead.
    """
    if not calendar.is_working(day):
        return None
    return due_by(Day(day, calendar, policy), SOON_VIEW_DAYS if week_begins(day, calendar) else 0)


def first_dues(user: User, today: date) -> Sequence[Any]:
    """The units that have work which the person may see, with its earliest due date; `known_due`: but for today's."""
    known = sa.case((Assignment.assigned_on < today, Assignment.due_on))
    query = of_units().add_columns(
        sa.func.min(known).label("known_due"), sa.func.min(Assignment.due_on).label("first_due")
    )
    query = query.join(Assignment, Assignment.unit_id == Unit.id).where(waits_for_the_unit(), led(user))
    return db.session.execute(query.group_by(Unit.id)).all()


def of_units() -> Any:
    """The question for units as what speaks: they have no number of an assignment or a task, and no due date."""
    return sa.select(
        sa.literal(0).label("id"),
        sa.literal(0).label("task_id"),
        sa.null().label("due_on"),
        Unit.id.label("unit_id"),
        Unit.code.label("unit_code"),
        Unit.name.label("unit_name"),
        Unit.name.label("content"),
        Unit.path.label("unit_path"),
        Unit.path.label("assigner_path"),
    ).order_by(Unit.id)


def waits_for_the_unit() -> sa.ColumnElement[bool]:
    """Whether the figures count the work and the unit has to go on with it."""
    return sa.and_(running, standing.is_counted(Assignment), sa.not_(extension_waits()))


def daily_topic(unit_id: int, today: date) -> Topic:
    """How the unit stands on the day; it is said of no assignment, and once for each unit and day."""
    return Topic(Step.DAILY, DAILY, today, unit_id)
