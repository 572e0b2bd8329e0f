"""What letters say of assignments, as plain values."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.accounts.models import Person
from tracker.db import db, one_of
from tracker.directives.models import Directive
from tracker.reminders.letters.messages import plain
from tracker.rules.causes import CAUSES
from tracker.rules.lifecycle import LABELS, Kind, State
from tracker.tasks.models import Assignment, Task
from tracker.units.models import Unit


def facts(ids: Collection[int]) -> dict[int, Any]:
    """The facts of these assignments by their number, in one question."""
    rows = db.session.execute(_FACTS.where(one_of(Assignment.id, ids)))
    return {row.id: _plain(row) for row in rows}


def _plain(row: Any) -> Any:
    return plain(
        row._asdict(),
        state_label=LABELS[State(row.state)],
        difficulty_label=CAUSES.get(row.difficulty, ""),
        standing=row.kind == Kind.STANDING.value,
    )


_assigner, _above, _officer, _monitor = aliased(Unit), aliased(Unit), aliased(Person), aliased(Person)
_FACTS = (
    sa.select(
        Assignment.id,
        Assignment.state,
        Assignment.kind,
        Assignment.upward,
        Assignment.due_on,
        Assignment.returned,
        Assignment.internal_due,
        Assignment.extensions,
        Assignment.difficulty,
        Assignment.updated_at,
        Task.content,
        Task.deliverable,
        Task.ordinal,
        Task.unnamed_by_zalo,
        Directive.doc_symbol,
        Directive.issued_on,
        Unit.name.label("unit_name"),
        _assigner.name.label("assigner_name"),
        sa.case((_assigner.kind == "province", _assigner.name), else_=_above.name).label("province_name"),
        _officer.name.label("officer_name"),
        _officer.phone.label("officer_phone"),
        _officer.email.label("officer_email"),
        Task.monitor_id,
        _monitor.name.label("monitor_name"),
        _monitor.phone.label("monitor_phone"),
        _monitor.email.label("monitor_email"),
    )
    .join(Task, Task.id == Assignment.task_id)
    .join(Directive, Directive.id == Task.directive_id)
    .join(Unit, Unit.id == Assignment.unit_id)
    .join(_assigner, _assigner.id == Assignment.assigner_id)
    .outerjoin(_above, sa.and_(_above.id == _assigner.parent_id, _above.kind == "province"))
    .outerjoin(_officer, _officer.id == Assignment.officer_id)
    .outerjoin(_monitor, _monitor.id == Task.monitor_id)
)
