"""How an assignment changes: held fast, moved by the lifecycle, and its standing of the day written down."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.db import STALE, db
from tracker.errors import Conflict, NotFound
from tracker.rules.access import Deed, on_side, require
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy, overdue_through
from tracker.rules.deadlines import Standing as RuleStanding
from tracker.rules.lifecycle import RUNNING, Move, State, after
from tracker.tasks.models import NEVER, Assignment, Standing

FACTS = (
    *("task_id", "unit_id", "kind", "upward", "assigned_on"),
    *("state", "due_on", "submitted_on", "submitted_through", "completed_on", "completed_due"),
    "told_on",
)
"""What a standing repeats of its assignment: whose it is, and how it stands."""


def hold(
    assignment: Assignment, deed: Deed, *, by: User, now: datetime, policy: Policy, version: int | None
) -> WorkingCalendar:
    """Lock the assignment for a deed of its side and note whether it is overdue by now.

    Raises Forbidden for a role that may not, NotFound for the wrong side, Conflict for a stale version.
    """
    require(by.role, deed)
    # What the page loaded beside it (the officer, by an outer join) is read again but not locked.
    db.session.refresh(assignment, with_for_update={"of": Assignment})
    lead, assigner = assignment.unit, assignment.assigner
    if not on_side(deed, unit_path=by.unit_path, lead_path=lead.path, assigner_path=assigner.path):
        raise NotFound
    if version is not None and version != assignment.version:
        raise Conflict(STALE)
    calendar = working_calendar()
    if _is_overdue(assignment, overdue_through(now.date(), calendar, policy)):
        assignment.was_overdue = True
    return calendar


def as_ruled(assignment: Assignment) -> RuleStanding:
    """The assignment as the rules want to be told of it."""
    return RuleStanding(
        state=State(assignment.state),
        due_on=assignment.due_on,
        assigned_on=assignment.assigned_on,
        submitted_on=assignment.submitted_on,
        completed_on=assignment.completed_on,
        completed_due=assignment.completed_due,
        told_on=assignment.told_on,
    )


def _is_overdue(assignment: Assignment, through: date) -> bool:
    return assignment.state in RUNNING and assignment.due_on is not None and assignment.due_on <= through


def move(assignment: Assignment, step: Move, *, now: datetime, policy: Policy | None = None) -> None:
    """Take one step of the lifecycle, keep the dates that belong to it, and remember the day's standing.

    Raises Refused when the state does not allow the step. `policy` is needed to submit: it says which due
    dates had passed when the clock stopped.
    """
    assignment.state = after(State(assignment.state), step)
    if assignment.state == State.SUBMITTED:
        if policy is None:
            raise ValueError("submitting needs the policy")
        assignment.submitted_on = now.date()
        assignment.submitted_through = overdue_through(now.date(), working_calendar(), policy)
        assignment.returned = False
    elif assignment.state != State.COMPLETED:
        assignment.submitted_on = assignment.submitted_through = None
        assignment.completed_on = assignment.completed_due = None
    remember(assignment, now.date())


def remember(assignment: Assignment, today: date) -> None:
    """Write down what is true of the assignment from today on; a second change of one day replaces the first."""
    last = db.session.scalar(
        sa.select(Standing).where(Standing.assignment_id == assignment.id, Standing.until_on == NEVER)
    )
    if last is None or last.from_on < today:
        if last is not None:
            last.until_on = today
        db.session.add(standing_from(assignment, today))
        return
    for fact in FACTS:
        setattr(last, fact, getattr(assignment, fact))


def standing_from(assignment: Assignment, day: date) -> Standing:
    """What is true of the assignment from a day on, until something else is."""
    facts = {fact: getattr(assignment, fact) for fact in FACTS}
    return Standing(assignment_id=assignment.id, from_on=day, until_on=NEVER, **facts)
