"""How the work of units and of their officers stands today, for many of them in one question.

What is overdue or waits for the province is what the report of the unit counts there: the same box of
`tasks/standing.py`, held equal to the figures by a property test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from tracker.db import db
from tracker.rules.lifecycle import OPEN
from tracker.rules.rates import Box
from tracker.tasks import standing
from tracker.tasks.models import Assignment
from tracker.tasks.queries.days import Day
from tracker.tasks.queries.lists import view_condition
from tracker.units.models import Unit

Owner = tuple[int, int | None]
"""A unit with all below it, and the officer in charge there; None: nobody's."""


@dataclass(frozen=True)
class Load:
    """How many assignments stand where; `unassigned` and `stuck` (a difficulty was named) are parts of `overdue`.

    `soon` is due within the days of the list «7 ngày tới». `oldest`: due date and number of what is overdue longest
    and still to be done.
    """

    overdue: int = 0
    today: int = 0
    soon: int = 0
    pending: int = 0
    returned: int = 0
    unassigned: int = 0
    stuck: int = 0
    oldest: tuple[date, int] | None = None

    def __add__(self, other: Self) -> Load:
        numbers = {name: getattr(self, name) + getattr(other, name) for name in _NUMBERS}
        return Load(**numbers, oldest=min(filter(None, (self.oldest, other.oldest)), default=None))


_NUMBERS = tuple(one.name for one in fields(Load) if one.name != "oldest")


def loads(unit_ids: Collection[int], day: Day) -> dict[Owner, Load]:
    """The loads of these units, officer by officer; one question, whatever their number."""
    tree, shown = _trees(unit_ids), _conditions(day)
    numbers = [sa.func.count(sa.case((condition, 1))).label(name) for name, condition in shown.items()]
    late = sa.and_(shown["overdue"], standing.is_running(Assignment))
    # One text per row holds date and number, so that the least of them names the assignment as well.
    first = sa.cast(Assignment.due_on, sa.String) + "/" + sa.cast(Assignment.id, sa.String)
    rows = db.session.execute(
        sa.select(tree.c.root, Assignment.officer_id, *numbers, sa.func.min(sa.case((late, first))).label("oldest"))
        .join(tree, tree.c.id == Assignment.unit_id)
        .where(standing.is_counted(Assignment), Assignment.state.in_(_OPEN))
        .group_by(tree.c.root, Assignment.officer_id)
    )
    return {(row.root, row.officer_id): _load(row) for row in rows}


def pressing(unit_ids: Collection[int], day: Day, most: int) -> dict[int, list[int]]:
    """The assignments that press in each of these units: so many each of what is overdue, due today, due soon."""
    tree, shown = _trees(unit_ids), _conditions(day)
    groups = (sa.and_(shown["overdue"], standing.is_running(Assignment)), shown["today"], shown["soon"])
    group = sa.case(*((condition, number) for number, condition in enumerate(groups)))
    place = sa.func.row_number().over(partition_by=(tree.c.root, group), order_by=(Assignment.due_on, Assignment.id))
    placed = (
        sa.select(tree.c.root, Assignment.id, place.label("place"))
        .join(tree, tree.c.id == Assignment.unit_id)
        .where(standing.is_counted(Assignment), Assignment.state.in_(_OPEN), sa.or_(*groups))
        .subquery()
    )
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, assignment_id in db.session.execute(
        sa.select(placed.c.root, placed.c.id).where(placed.c.place <= most).order_by(placed.c.id)
    ):
        found[unit_id].append(assignment_id)
    return found


def _trees(unit_ids: Collection[int]) -> sa.CTE:
    """These units, each with all below it under its number as `root`."""
    tree = sa.select(Unit.id, Unit.id.label("root")).where(Unit.id.in_(unit_ids)).cte("tree", recursive=True)
    return tree.union_all(sa.select(Unit.id, tree.c.root).where(Unit.parent_id == tree.c.id))


def load_of(known: dict[Owner, Load], unit_ids: Iterable[int], officer_id: int | None = None) -> Load:
    """The load of some of the units together, or of one officer in them."""
    wanted = set(unit_ids)
    own = [load for (unit, officer), load in known.items() if unit in wanted and officer_id in (None, officer)]
    return sum(own, Load())


_OPEN = sorted(state.value for state in OPEN)


def _conditions(day: Day) -> dict[str, ColumnElement[bool]]:
    overdue = standing.box(Assignment, day.on, day.calendar, day.policy) == Box.OPEN_OVERDUE.value
    late = sa.and_(overdue, standing.is_running(Assignment))
    return {
        "overdue": overdue,
        "today": view_condition("today", day),
        "soon": view_condition("soon", day),
        "pending": view_condition("review", day),
        "returned": view_condition("returned", day),
        "unassigned": sa.and_(late, Assignment.officer_id.is_(None)),
        "stuck": sa.and_(late, Assignment.difficulty != ""),
    }


def _load(row: Any) -> Load:
    numbers = {name: getattr(row, name) for name in _NUMBERS}
    due_on, _, number = (row.oldest or "").partition("/")
    return Load(**numbers, oldest=(date.fromisoformat(due_on), int(number)) if number else None)
