"""Figures of a unit as of any day: one value, from which page, JSON, files and sentence are made.

scope ──► one SELECT grouped by the box of tasks/standing.py ──► Tally (its parts must sum) ──► Figures
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.directives.models import Directive
from tracker.rules.deadlines import overdue_through
from tracker.rules.lifecycle import EXCLUDED, Kind, State
from tracker.rules.rates import Box, Rate, Tally, rates
from tracker.rules.sentences import official_sentence, targets_sentence
from tracker.tasks import standing
from tracker.tasks.models import Assignment, Standing, Task
from tracker.tasks.queries import Day, targets
from tracker.units.models import Unit
from tracker.units.queries import subtree


@dataclass(frozen=True)
class Scope:
    """What is counted: the assignments of a unit's subtree, of one directive, assigned from a day on."""

    unit: Unit
    directive: Directive | None = None
    assigned_from: date | None = None


@dataclass(frozen=True)
class Figures:
    """What was true of a scope at the end of a day."""

    unit_code: str
    unit_name: str
    as_of: date
    tally: Tally

    @property
    def sentence(self) -> str:
        """The figures in the words of the official report."""
        said = official_sentence(self.tally, data_cutoff=self.as_of)
        targets_said = targets_sentence(self.tally.targets_met, self.tally.targets_total)
        return f"{said} {targets_said}".strip()

    def as_json(self) -> dict[str, Any]:
        """The shape that other programs call; percent is a number with at most two decimals, or null."""
        tally = self.tally
        return {
            "unit": self.unit_code,
            "as_of": self.as_of.isoformat(),
            "boxes": {box.value: getattr(tally, box.value) for box in Box},
            "total": tally.total,
            "standing": tally.standing,
            "excluded": tally.excluded,
            "targets": {"met": tally.targets_met, "total": tally.targets_total},
            "rates": {
                name: {
                    "numerator": rate.numerator,
                    "denominator": rate.denominator,
                    "percent": None if rate.percent is None else float(rate.percent),
                }
                for name, rate in rates(tally).items()
            },
            "sentence": self.sentence,
        }


def figures(scope: Scope, day: Day, *, today: date) -> Figures:
    """The figures of a scope at the end of a day, from what was known by then.

    Raises DoesNotAddUp when the boxes do not make the total counted apart.
    """
    row = db.session.execute(_counts(scope, day, today=today)).one()
    read = targets(scope.unit.path, day.on)
    if scope.directive is not None:
        read = [one for one in read if one.Target.directive_id == scope.directive.id]
    tally = _tally(dict(row._mapping), met=sum(1 for one in read if one.met), targets=len(read))
    return Figures(scope.unit.code, scope.unit.name, day.on, tally)


def by_unit(scope: Scope, day: Day, *, today: date) -> dict[int, Tally]:
    """The tally of every unit below the scope that leads something, by the number of the unit."""
    return _tallies(scope, day, Assignment.unit_id, today)


def by_commune(scope: Scope, day: Day, *, today: date) -> list[tuple[Unit, Tally]]:
    """The tally of every unit below the scope that leads something, in the order of the alphabet."""
    return _by(scope, day, Assignment.unit_id, Unit, Unit.sort_key, today)


def by_directive(scope: Scope, day: Day, *, today: date) -> list[tuple[Directive, Tally]]:
    """The tally of every directive with assignments in the scope, newest first."""
    return _by(scope, day, Task.directive_id, Directive, Directive.issued_on.desc(), today)


def _by(scope: Scope, day: Day, key: Any, model: Any, order: Any, today: date) -> list[Any]:
    tallies = _tallies(scope, day, key, today)
    found = db.session.scalars(sa.select(model).where(model.id.in_(list(tallies))).order_by(order)).all()
    return [(one, tallies[one.id]) for one in found]


def _tallies(scope: Scope, day: Day, key: Any, today: date) -> dict[int, Tally]:
    query = _counts(scope, day, today=today, tasks=key is Task.directive_id)
    tallies: dict[int, Tally] = {}
    for row in db.session.execute(query.add_columns(key.label("key")).group_by(key)):
        counts = dict(row._mapping)
        owner = counts.pop("key")
        tallies[owner] = _tally(counts)
    return tallies


def _tally(counts: dict[str, int], *, met: int = 0, targets: int = 0) -> Tally:
    total = counts.pop("total")
    tally = Tally(**counts, targets_met=met, targets_total=targets)
    tally.check(total)
    return tally


def _counts(scope: Scope, day: Day, *, today: date, tasks: bool = False) -> Any:
    """The SELECT that counts boxes; the present reads the assignments, a past day the standings of that day."""
    live = day.on >= today
    columns: Any = Assignment if live else Standing
    box = standing.box(columns, day.on, day.calendar, day.policy)
    counted = standing.is_counted(Assignment.kind)
    fallen = columns.due_on <= overdue_through(day.on, day.calendar, day.policy)
    done = columns.state == State.COMPLETED.value

    def number(name: str, *conditions: Any) -> Any:
        return sa.func.count(sa.case((sa.and_(*conditions), 1))).label(name)

    query = sa.select(
        *(number(one.value, counted, box == one.value) for one in Box),
        number("standing", Assignment.kind == Kind.STANDING.value, box.is_not(None)),
        number("excluded", columns.state.in_([state.value for state in EXCLUDED])),
        number("pending", counted, columns.state == State.SUBMITTED.value),
        number("due_done", counted, fallen, done),
        number("due_all", counted, fallen, box.is_not(None)),
        number("total", counted, columns.state.not_in(standing.UNCOUNTED_STATES)),
    ).select_from(Assignment)
    if not live:
        on_that_day = sa.and_(Standing.from_on <= day.on, Standing.until_on > day.on)
        query = query.join(Standing, sa.and_(Standing.assignment_id == Assignment.id, on_that_day))
    if tasks or scope.directive is not None:
        query = query.join(Task, Task.id == Assignment.task_id)
    if scope.directive is not None:
        query = query.where(Task.directive_id == scope.directive.id)
    if scope.assigned_from is not None:
        query = query.where(Assignment.assigned_on >= scope.assigned_from)
    return query.where(Assignment.unit_id.in_(subtree(scope.unit.path)))


def average(province_path: str, day: Day, *, today: date, headline: str) -> Rate:
    """The headline rate of a whole province: what a commune may see besides its own figures (D9)."""
    province = db.session.scalar(sa.select(Unit).where(Unit.path == province_path))
    if province is None:
        return Rate(0, 0)
    row = db.session.execute(_counts(Scope(province), day, today=today)).one()
    return rates(_tally(dict(row._mapping)))[headline]


def longest_overdue(path: str, day: Day) -> dict[int, date]:
    """The oldest due date that is overdue today, by unit."""
    late = standing.is_overdue(Assignment, day.on, day.calendar, day.policy)
    rows = db.session.execute(
        sa.select(Assignment.unit_id, sa.func.min(Assignment.due_on))
        .where(Assignment.unit_id.in_(subtree(path)), standing.is_running(Assignment), late)
        .group_by(Assignment.unit_id)
    )
    return {unit_id: due_on for unit_id, due_on in rows if due_on is not None}


@dataclass(frozen=True)
class Hindered:
    """A task that is overdue at several units, with the cause that they name most often."""

    task_id: int
    content: str
    units: int
    cause: str
    naming_it: int


def hindered(path: str, day: Day, *, limit: int = 5) -> list[Hindered]:
    """The tasks overdue at most units, each with its most frequent cause."""
    late = standing.is_overdue(Assignment, day.on, day.calendar, day.policy)
    rows = db.session.execute(
        sa.select(Assignment.task_id, Assignment.difficulty, sa.func.count(), sa.func.min(Task.content))
        .join(Task, Task.id == Assignment.task_id)
        .where(Assignment.unit_id.in_(subtree(path)), standing.is_running(Assignment), late)
        .group_by(Assignment.task_id, Assignment.difficulty)
    ).all()
    totals: dict[int, int] = {}
    causes: dict[int, tuple[int, str]] = {}
    contents: dict[int, str] = {}
    for task_id, cause, number, content in rows:
        contents[task_id] = content
        totals[task_id] = totals.get(task_id, 0) + number
        if cause:
            causes[task_id] = max(causes.get(task_id, (0, "")), (number, cause))
    worst = sorted(totals, key=lambda task_id: (-totals[task_id], task_id))[:limit]
    return [
        Hindered(one, contents[one], totals[one], causes.get(one, (0, ""))[1], causes.get(one, (0, ""))[0])
        for one in worst
    ]


def overdue_on(path: str, days: Sequence[Day]) -> list[int]:
    """How many assignments were overdue at the end of each of the given days, oldest first; one question."""
    last = overdue_through(days[-1].on, days[-1].calendar, days[-1].policy)
    rows = db.session.execute(
        sa.select(Standing.from_on, Standing.until_on, Standing.due_on, Standing.submitted_through, Standing.state)
        .join(Assignment, Assignment.id == Standing.assignment_id)
        .where(
            Assignment.unit_id.in_(subtree(path)),
            standing.is_counted(Assignment.kind),
            Standing.until_on > days[0].on,
            Standing.due_on <= last,
            Standing.state.not_in([State.COMPLETED.value, *standing.UNCOUNTED_STATES]),
        )
    ).all()
    return [sum(1 for row in rows if _was_overdue(row, day)) for day in days]


def _was_overdue(row: Any, day: Day) -> bool:
    line = overdue_through(day.on, day.calendar, day.policy)
    if row.state == State.SUBMITTED:
        line = row.submitted_through
    return bool(row.from_on <= day.on < row.until_on and row.due_on <= line)
