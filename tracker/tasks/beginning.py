"""How one assignment begins: its row and its first standing, inside the transaction of a larger deed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.db import db, insert_many, table_of
from tracker.directives.models import Directive
from tracker.rules.lifecycle import State
from tracker.tasks.ledger import FACTS
from tracker.tasks.models import NEVER, Assignment, Standing, Task
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS


def new_assignment(task: Task, unit: Unit, assigner: Unit, *, now: datetime, due_on: date | None) -> Assignment:
    """One assignment, begun."""
    (number,) = begin([assignment_row(task, unit.id, assigner.id, now=now, due_on=due_on)], now)
    return db.session.get_one(Assignment, number)


def assignment_row(
    task: Task,
    unit_id: int,
    assigner_id: int,
    *,
    now: datetime,
    due_on: date | None,
    occurrence: str = "",
    fan_out_id: int | None = None,
    officer_id: int | None = None,
) -> dict[str, Any]:
    """The columns of an assignment that is not begun yet; `occurrence` names its turn in a recurring duty."""
    return {
        "task_id": task.id,
        "unit_id": unit_id,
        "assigner_id": assigner_id,
        "occurrence": occurrence,
        "fan_out_id": fan_out_id,
        "kind": task.kind,
        "upward": is_upward(task.directive),
        "state": State.ASSIGNED.value,
        "assigned_on": now.date(),
        "assigned_at": now,
        "due_on": due_on,
        "original_due": due_on,
        "officer_id": officer_id,
        "updated_at": now,
    }


def is_upward(directive: Directive) -> bool:
    """Whether a paper goes upward: a commune's proposals (kiến nghị, đề xuất), done by those above it."""
    return directive.issuer.kind in COMMUNE_KINDS


def assigner_of(directive: Directive) -> int:
    """The id of the unit that follows and confirms the work of a paper: its issuer, above a commune its province."""
    issuer = directive.issuer
    return issuer.parent_id if is_upward(directive) and issuer.parent_id is not None else issuer.id


def begin(rows: Sequence[dict[str, Any]], now: datetime) -> list[int]:
    """Let assignments begin: from today each has a standing. Returns their ids, in the order of the rows."""
    ids = insert_many(Assignment, rows)
    term = {"from_on": now.date(), "until_on": NEVER}
    facts = [
        {"assignment_id": number, **term, **{fact: row.get(fact) for fact in FACTS}}
        for number, row in zip(ids, rows, strict=True)
    ]
    if facts:
        db.session.execute(sa.insert(table_of(Standing)), facts)
    return ids
