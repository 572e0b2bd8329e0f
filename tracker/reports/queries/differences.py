"""The difference of two cut-offs, task by task: of two days, or of a closed period and today.

earlier ──┐
          ├─ every assignment that either counts ──► rules.differences.change ──► rows, and how each box grew
later  ───┘
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.directives.models import Directive
from tracker.reports.models import Snapshot, SnapshotRow
from tracker.reports.queries.figures import Scope, facts_at
from tracker.reports.queries.snapshots import WORKED
from tracker.rules.differences import CHANGE_LABELS, Change, Seen, change, shift
from tracker.rules.lifecycle import COUNTED, State
from tracker.rules.rates import Box
from tracker.tasks import standing
from tracker.tasks.models import Assignment, Task
from tracker.tasks.queries import Day
from tracker.units.models import Unit
from tracker.units.queries import subtree


@dataclass(frozen=True)
class Changed:
    """One assignment that makes two cut-offs differ."""

    assignment_id: int
    unit_name: str
    content: str
    doc_symbol: str
    change: Change
    before: Seen | None
    after: Seen | None

    def as_json(self) -> dict[str, Any]:
        """The row in words that programs read."""
        return {
            "assignment": self.assignment_id,
            "unit": self.unit_name,
            "content": self.content,
            "directive": self.doc_symbol,
            "change": self.change.value,
            "before": _seen_json(self.before),
            "after": _seen_json(self.after),
        }


def _seen_json(seen: Seen | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {"state": seen.state.value, "box": seen.box, "due_on": seen.due_on and seen.due_on.isoformat()}


@dataclass(frozen=True)
class Difference:
    """All that changed, and by how much each box grew for it."""

    rows: Sequence[Changed]

    @property
    def grown(self) -> dict[Box, int]:
        """Later count less earlier count of each box."""
        return shift((row.before, row.after) for row in self.rows)

    @property
    def by_change(self) -> dict[Change, int]:
        """How many assignments changed in which way; ways of none are left out."""
        found = {kind: sum(row.change is kind for row in self.rows) for kind in CHANGE_LABELS}
        return {kind: number for kind, number in found.items() if number}

    def as_json(self) -> dict[str, Any]:
        """The shape that programs read."""
        return {
            "grown": {box.value: number for box, number in self.grown.items()},
            "changes": {kind.value: number for kind, number in self.by_change.items()},
            "rows": [row.as_json() for row in self.rows],
        }


def difference(scope: Scope, earlier: Day, later: Day, *, today: date) -> Difference:
    """What changed in a scope from the end of one day to the end of another."""
    return _between(_on(scope, earlier, today).subquery("earlier"), _on(scope, later, today).subquery("later"))


def difference_since(snapshot: Snapshot, day: Day, *, today: date) -> Difference:
    """What is otherwise on a day with the work that a closed period counted."""
    counted = SnapshotRow.kind.in_([kind.value for kind in COUNTED])
    then = sa.select(
        *(SnapshotRow.assignment_id, SnapshotRow.state, SnapshotRow.box, SnapshotRow.due_on),
        *(SnapshotRow.unit_name, SnapshotRow.content, SnapshotRow.doc_symbol),
    ).where(SnapshotRow.snapshot_id == snapshot.id, SnapshotRow.part.in_(WORKED), counted)
    now = _on(Scope(snapshot.unit, snapshot.directive), day, today)
    known = sa.select(SnapshotRow.assignment_id).where(
        SnapshotRow.snapshot_id == snapshot.id, SnapshotRow.part.in_(WORKED)
    )
    columns = facts_at(day, today=today)
    given_then = columns.columns.assigned_on.between(snapshot.start_on, snapshot.cutoff_on)
    return _between(then.subquery("earlier"), now.where(sa.or_(given_then, columns.id.in_(known))).subquery("later"))


def _on(scope: Scope, day: Day, today: date) -> Any:
    """Every assignment of a counted kind as it stood at the end of a day."""
    facts = facts_at(day, today=today)
    columns = facts.columns
    nothing = sa.cast(sa.null(), sa.String)
    query = sa.select(
        facts.id.label("assignment_id"),
        columns.state,
        standing.box(columns, day.on, day.calendar, day.policy).label("box"),
        columns.due_on,
        *(nothing.label(name) for name in ("unit_name", "content", "doc_symbol")),
    ).where(
        facts.then,
        columns.unit_id.in_(subtree(scope.unit.path)),
        columns.upward.is_(scope.upward),
        standing.is_counted(columns),
    )
    if scope.directive is not None:
        query = query.where(columns.task_id.in_(sa.select(Task.id).where(Task.directive_id == scope.directive.id)))
    return query


def _between(earlier: Any, later: Any) -> Difference:
    """Pair both sides; only rows that may have changed leave the database, the rule decides."""
    one, other = earlier.c, later.c
    which = sa.func.coalesce(other.assignment_id, one.assignment_id)
    differ = sa.or_(
        one.box.is_distinct_from(other.box),
        one.due_on.is_distinct_from(other.due_on),
        sa.and_(one.state == State.SUBMITTED.value, other.state.is_distinct_from(State.SUBMITTED.value)),
    )
    query = (
        sa.select(
            which.label("assignment_id"),
            *(one.state.label("state_before"), one.box.label("box_before"), one.due_on.label("due_before")),
            *(other.state.label("state_after"), other.box.label("box_after"), other.due_on.label("due_after")),
            sa.func.coalesce(one.unit_name, Unit.name).label("unit_name"),
            sa.func.coalesce(one.content, Task.content).label("content"),
            sa.func.coalesce(one.doc_symbol, Directive.doc_symbol).label("doc_symbol"),
        )
        .select_from(earlier.join(later, one.assignment_id == other.assignment_id, full=True))
        .outerjoin(Assignment, Assignment.id == which)
        .outerjoin(Task, Task.id == Assignment.task_id)
        .outerjoin(Directive, Directive.id == Task.directive_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(differ)
        .order_by(Unit.sort_key, which)
    )
    found = (_changed(row) for row in db.session.execute(query))
    return Difference([row for row in found if row is not None])


def _changed(row: Any) -> Changed | None:
    before = _seen(row.state_before, row.box_before, row.due_before)
    after = _seen(row.state_after, row.box_after, row.due_after)
    what = change(before, after)
    if what is None:
        return None
    return Changed(row.assignment_id, row.unit_name, row.content, row.doc_symbol, what, before, after)


def _seen(state: str | None, box: str | None, due_on: date | None) -> Seen | None:
    return Seen(State(state), Box(box) if box else None, due_on) if state else None
