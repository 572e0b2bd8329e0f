"""Handover before an account closes: work belongs to the unit, and somebody else of it goes on (D14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.accounts.acting import User
from tracker.accounts.administering import lock_account
from tracker.accounts.models import Person
from tracker.accounts.queries import holds_post_in
from tracker.db import atomic, db
from tracker.errors import Invalid, Refused
from tracker.history.actions import record
from tracker.rules.access import Deed, require
from tracker.rules.lifecycle import OPEN
from tracker.tasks.models import Assignment


def open_work(person_id: int) -> Sequence[Assignment]:
    """The assignments delegated to a person that are still owed, the earliest due first."""
    return db.session.scalars(
        sa.select(Assignment)
        .where(Assignment.officer_id == person_id, Assignment.state.in_([state.value for state in OPEN]))
        .options(joinedload(Assignment.task), joinedload(Assignment.unit))
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    ).all()


def hand_over(person: Person, successor: Person, *, lock: bool = False, by: User, now: datetime) -> int:
    """Give all open work of a person to a successor in the same unit; returns how many assignments went.

    With `lock` the account closes in the same deed.
    """
    require(by.role, Deed.ADMINISTER)
    if successor.id == person.id:
        raise Invalid({"successor_id": "Chọn người khác để nhận bàn giao."})
    with atomic():
        work = open_work(person.id)
        if not work:
            raise Refused("Không còn việc đang mở nào để bàn giao.")
        for unit in {one.unit for one in work}:
            if not unit.path.startswith(by.unit_path) or not holds_post_in(successor.id, unit.id, now.date()):
                raise Invalid({"successor_id": f"Chọn người đang công tác tại {unit.name}."})
        for one in work:
            one.officer_id, one.updated_at = successor.id, now
            names = {"from_person": person.name, "to_person": successor.name}
            record("assignment", one.id, "hand_over", by=by, now=now, officer_id=successor.id, **names)
        record("person", person.id, "hand_over", by=by, now=now, to_person=successor.name, count=len(work))
        if lock:
            lock_account(person, by=by, now=now)
    return len(work)


def close_account(person: Person, *, by: User, now: datetime) -> None:
    """Lock an account that holds no open work any more; raises Refused while it does."""
    require(by.role, Deed.ADMINISTER)
    with atomic():
        waiting = len(open_work(person.id))
        if waiting:
            raise Refused(f"{person.name} còn {waiting} việc đang mở; hãy bàn giao trước khi khóa tài khoản.")
        lock_account(person, by=by, now=now)
