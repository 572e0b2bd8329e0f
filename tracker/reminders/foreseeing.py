"""What the coming days would bring under a cadence: asked of the work as it is, judged by the rules alone."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.reminders.situations import extension_waits, running
from tracker.rules.cadences import Forecast, forecast
from tracker.rules.deadlines import Policy
from tracker.rules.reminding import Cadence, Term, latest_due, plain_term
from tracker.tasks.models import Assignment, Task
from tracker.tasks.queries.sight import led

DAYS_SHOWN = 14


def foreseen(user: User, today: date, policy: Policy, cadence: Cadence) -> Forecast:
    """Which rungs would be said on each of the next fourteen days of the work the person may see."""
    days = [today + timedelta(days=n) for n in range(DAYS_SHOWN)]
    calendar = working_calendar()
    terms = _terms(user, latest_due(days[-1], calendar, cadence))
    return forecast(terms, days, calendar, policy, cadence)


def _terms(user: User, latest: date) -> Counter[Term]:
    """How many running assignments have each term, without those whose extension waits to be decided."""
    query = (
        sa.select(Assignment.due_on, Assignment.assigned_on, Task.due_text, sa.func.count())
        .join(Task, Task.id == Assignment.task_id)
        .where(running, led(user), Assignment.due_on <= latest, sa.not_(extension_waits()))
        .group_by(Assignment.due_on, Assignment.assigned_on, Task.due_text)
    )
    found: Counter[Term] = Counter()
    for due_on, assigned_on, due_text, number in db.session.execute(query):
        if due_on is not None:
            found[plain_term(due_on, assigned_on, due_text)] += number
    return found
