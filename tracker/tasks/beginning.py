"""How one assignment begins: its row and its first standing, inside the transaction of a larger deed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker.db import add_many, db
from tracker.directives.models import Directive
from tracker.rules.lifecycle import State
from tracker.tasks.ledger import FACTS
from tracker.tasks.models import NEVER, Assignment, Standing, Task
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS


def new_assignment(
    task: Task, unit: Unit, assigner: Unit, *, now: datetime, due_on: date | None, occurrence: str = ""
) -> Assignment:
    """One assignment, begun."""
    assignment = an_assignment(task, unit.id, assigner.id, now=now, due_on=due_on, occurrence=occurrence)
    begin([assignment], now)
    return assignment


def an_assignment(
    task: Task,
    unit_id: int,
    assigner_id: int,
    *,
    now: datetime,
    due_on: date | None,
    occurrence: str = "",
    fan_out_id: int | None = None,
    officer_id: int | None = None,
) -> Assignment:
    """The row of an assignment that is not begun yet; `occurrence` names its turn in a recurring duty."""
    return Assignment(
        task_id=task.id,
        unit_id=unit_id,
        assigner_id=assigner_id,
        occurrence=occurrence,
        fan_out_id=fan_out_id,
        kind=task.kind,
        upward=is_upward(task.directive),
        state=State.ASSIGNED,
        assigned_on=now.date(),
        assigned_at=now,
        due_on=due_on,
        original_due=due_on,
        officer_id=officer_id,
        updated_at=now,
    )


def is_upward(directive: Directive) -> bool:
    """Whether a paper goes upward: a commune's proposals (kiến nghị, đề xuất), done by those above it."""
    return directive.issuer.kind in COMMUNE_KINDS


def assigner_of(directive: Directive) -> int:
    """The id of the unit that follows and confirms the work of a paper: its issuer, above a commune its province."""
    issuer = directive.issuer
    return issuer.parent_id if is_upward(directive) and issuer.parent_id is not None else issuer.id


def begin(given: Sequence[Assignment], now: datetime) -> None:
    """Let assignments begin: from today each has a standing."""
    if not given:
        return
    add_many(given)
    term = {"from_on": now.date(), "until_on": NEVER}
    rows = [{"assignment_id": one.id, **term, **{fact: getattr(one, fact) for fact in FACTS}} for one in given]
    db.session.execute(sa.insert(Standing), rows)
