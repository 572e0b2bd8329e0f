"""Communes × tasks: how one directive, or what is overdue most, stands everywhere at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.directives.models import Directive
from tracker.reports.queries.figures import Scope, facts_at
from tracker.tasks import standing
from tracker.tasks.models import Task
from tracker.tasks.queries import Day
from tracker.units.models import Unit
from tracker.units.queries import subtree

MOST_TASKS = 40


@dataclass(frozen=True)
class Cell:
    """What one unit has of one task: its one assignment, or the worst of several, how many, and how many overdue."""

    status: str
    number: int
    overdue: int = 0


@dataclass(frozen=True)
class Matrix:
    """Units down, tasks across; a missing cell means that the unit was not given the task."""

    units: Sequence[Unit]
    tasks: Sequence[Any]
    cells: dict[tuple[int, int], Cell]
    more: int

    def overdue_of_unit(self, unit_id: int) -> int:
        """How much of the tasks shown is overdue at a unit."""
        return sum(self._overdue(unit_id, task.id) for task in self.tasks)

    def overdue_of_task(self, task_id: int) -> int:
        """How much of a task is overdue, over all units."""
        return sum(self._overdue(unit.id, task_id) for unit in self.units)

    @property
    def overdue(self) -> int:
        """How much is overdue in the whole table."""
        return sum(self.overdue_of_unit(unit.id) for unit in self.units)

    def _overdue(self, unit_id: int, task_id: int) -> int:
        cell = self.cells.get((unit_id, task_id))
        return cell.overdue if cell else 0


_WORST_FIRST = ("overdue", "due_today", "due_soon", "done_late", "no_deadline", "in_term", "done_no_deadline")


def matrix(scope: Scope, day: Day, *, today: date) -> Matrix:
    """Every unit of the scope against its tasks, those overdue at most units first; at most MOST_TASKS tasks."""
    rows = db.session.execute(_statuses(scope, day, today)).all()
    overdue: dict[int, int] = {}
    for row in rows:
        overdue[row.task_id] = overdue.get(row.task_id, 0) + (row.number if row.status == "overdue" else 0)
    shown = sorted(overdue, key=lambda task_id: (-overdue[task_id], task_id))[:MOST_TASKS]
    cells: dict[tuple[int, int], Cell] = {}
    for row in rows:
        place = (row.unit_id, row.task_id)
        cells[place] = _together(cells.get(place), _cell(row))
    return Matrix(_units(rows), _tasks(shown), cells, len(overdue) - len(shown))


def _together(one: Cell | None, other: Cell) -> Cell:
    """Several occurrences in one cell: the worst of them is shown."""
    if one is None:
        return other
    worst = min(one.status, other.status, key=_badness)
    return Cell(worst, one.number + other.number, one.overdue + other.overdue)


def _cell(row: Any) -> Cell:
    return Cell(row.status, row.number, row.number if row.status == "overdue" else 0)


def _badness(status: str) -> int:
    return _WORST_FIRST.index(status) if status in _WORST_FIRST else len(_WORST_FIRST)


def _statuses(scope: Scope, day: Day, today: date) -> sa.Select[Any]:
    facts = facts_at(day, today=today)
    columns = facts.columns
    status = standing.time_status(columns, columns.assigned_on, day.on, day.calendar, day.policy).label("status")
    query = sa.select(columns.unit_id, columns.task_id, status, sa.func.count().label("number")).where(
        facts.then,
        columns.unit_id.in_(subtree(scope.unit.path)),
        standing.is_counted(columns),
        columns.state.not_in(standing.UNCOUNTED_STATES),
    )
    if scope.directive is not None:
        query = query.where(columns.task_id.in_(sa.select(Task.id).where(Task.directive_id == scope.directive.id)))
    return query.group_by(columns.unit_id, columns.task_id, status)


def _units(rows: Sequence[Any]) -> Sequence[Unit]:
    ids = {row.unit_id for row in rows}
    return db.session.scalars(sa.select(Unit).where(Unit.id.in_(ids)).order_by(Unit.sort_key, Unit.id)).all()


def _tasks(ids: Sequence[int]) -> Sequence[Any]:
    found = db.session.execute(
        sa.select(Task.id, Task.content, Directive.doc_symbol)
        .join(Directive, Directive.id == Task.directive_id)
        .where(Task.id.in_(ids))
    ).all()
    return sorted(found, key=lambda row: ids.index(row.id))
