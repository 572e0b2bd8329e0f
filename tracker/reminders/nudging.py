"""Urging by hand: whoever gave the work, or leads who does it, says so once more.

A nudge is state; the tick makes notices of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.errors import Refused
from tracker.history.actions import record
from tracker.reminders.models import Nudge
from tracker.reminders.situations import extension_waits
from tracker.rules.access import Deed, may
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import State
from tracker.rules.reminding import why_not_nudged
from tracker.tasks.ledger import hold
from tracker.tasks.models import Assignment


def nudge(assignment: Assignment, text: str, *, by: User, now: datetime, policy: Policy) -> None:
    """Urge the unit on, or as its leader the officer in charge, with a word of one's own if there is any.

    Raises Refused when the work waits for the province, has ended, was urged today already by the same side, or a
    leader has nobody to urge; Forbidden or NotFound as every deed of one's side.
    """
    deed = deed_of(by)
    with atomic():
        hold(assignment, deed, by=by, now=now, policy=policy, version=None)
        reason = reasons_against([assignment.id], now.date(), by).get(assignment.id)
        if reason:
            raise Refused(reason)
        urging = {"by_id": by.person_id, "by_name": by.name, "text": text, "inside": deed is Deed.URGE}
        db.session.add(Nudge(assignment_id=assignment.id, day=now.date(), at=now, **urging))
        record("assignment", assignment.id, deed.value, by=by, now=now, text=text)


def deed_of(by: User) -> Deed:
    """What urging is for this person: from above, or within the unit that he leads."""
    return Deed.URGE if may(by.role, Deed.URGE) else Deed.NUDGE


def reasons_against(ids: Collection[int], today: date, by: User) -> dict[int, str]:
    """Why this person may not urge each of these assignments today, in sentences; those that may be are left out.

    Each side urges once a day: what a leader says to his officer is no word of the province, and unknown to it.
    """
    inside = deed_of(by) is Deed.URGE
    todays = sa.and_(Nudge.assignment_id == Assignment.id, Nudge.day == today, Nudge.inside.is_(inside))
    rows = db.session.execute(
        sa.select(
            Assignment.id,
            Assignment.state,
            Assignment.officer_id,
            Assignment.with_leader_at,
            extension_waits().label("waits"),
            Nudge.by_name,
        )
        .outerjoin(Nudge, todays)
        .where(Assignment.id.in_(ids))
    )
    found = {row.id: _reason(row, by) for row in rows}
    return {assignment_id: reason for assignment_id, reason in found.items() if reason}


def _reason(row: Any, by: User) -> str:
    alone = row.officer_id in (None, by.person_id) or row.with_leader_at is not None
    inside = deed_of(by) is Deed.URGE
    return why_not_nudged(State(row.state), row.waits, row.by_name, nobody_to_urge=inside and alone)
