"""Urging by hand: whoever gave the work says so once more. A nudge is state; the tick makes notices of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.errors import Refused
from tracker.history.actions import record
from tracker.reminders.models import Nudge
from tracker.reminders.situations import extension_waits
from tracker.rules.access import Deed
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import State
from tracker.rules.reminding import why_not_nudged
from tracker.tasks.ledger import hold
from tracker.tasks.models import Assignment


def nudge(assignment: Assignment, text: str, *, by: User, now: datetime, policy: Policy) -> None:
    """Urge the unit on, with a word of one's own if there is any.

    Raises Refused when the work waits for the province, has ended, or was urged today already; Forbidden or
    NotFound as every deed of the assigning side.
    """
    with atomic():
        hold(assignment, Deed.NUDGE, by=by, now=now, policy=policy, version=None)
        reason = reasons_against([assignment.id], now.date()).get(assignment.id)
        if reason:
            raise Refused(reason)
        db.session.add(
            Nudge(assignment_id=assignment.id, day=now.date(), at=now, by_id=by.person_id, by_name=by.name, text=text)
        )
        record("assignment", assignment.id, "nudge", by=by, now=now, text=text)


def reasons_against(ids: Collection[int], today: date) -> dict[int, str]:
    """Why each of these assignments may not be urged today, in sentences; those that may be are left out."""
    rows = db.session.execute(
        sa.select(Assignment.id, Assignment.state, extension_waits().label("waits"), Nudge.by_name)
        .outerjoin(Nudge, sa.and_(Nudge.assignment_id == Assignment.id, Nudge.day == today))
        .where(Assignment.id.in_(ids))
    )
    found = {row.id: why_not_nudged(State(row.state), row.waits, row.by_name) for row in rows}
    return {assignment_id: reason for assignment_id, reason in found.items() if reason}
