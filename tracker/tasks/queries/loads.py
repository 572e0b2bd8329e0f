"""How the work of units and of their officers stands today, for many of them in two questions.

What is overdue or waits for the province is what the report of the unit counts there: what `tasks/standing.py` makes
its boxes of, held equal to the figures by a property test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from tracker.db import db, one_of
from tracker.rules.lifecycle import OPEN
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


def loads(unit_ids: Collection[int], day: Day, *, overdue_only: bool = False) -> dict[Owner, Load]:
    """The loads of these units, officer by officer; two questions, whatever their number.

    With `overdue_only` what is not overdue is not counted, which takes a third of the time.
    """
    above = _above(unit_ids)
    shown = _of_overdue(day) if overdue_only else _of_overdue(day) | _of_others(day)
    numbers = [sa.func.count(sa.case((condition, 1))).label(name) for name, condition in shown.items()]
    late = sa.and_(shown["overdue"], standing.is_running(Assignment))
    # One text per row holds date and number, so that the least of them names the assignment as well.
    first = sa.cast(Assignment.due_on, sa.String) + "/" + sa.cast(Assignment.id, sa.String)
    oldest = sa.func.min(sa.case((late, first))).label("oldest")
    counted = (standing.is_counted(Assignment), Assignment.state.in_(_OPEN))
    fallen = (Assignment.due_on < day.on,) if overdue_only else ()
    rows = db.session.execute(
        sa.select(Assignment.unit_id, Assignment.officer_id, *numbers, oldest)
        .where(one_of(Assignment.unit_id, above), *counted, *fallen)
        .group_by(Assignment.unit_id, Assignment.officer_id)
    )
    known: dict[Owner, Load] = defaultdict(Load)
    for row in rows:
        for unit_id in above[row.unit_id]:
            known[unit_id, row.officer_id] += _load(row)
    return known


def _above(unit_ids: Collection[int]) -> dict[int, list[int]]:
    """These units and all below them, each with those of the units that it falls under.

    A question of its own: joined to what it is asked for, databases take a tree to be as large as all that there is.
    """
    tree = sa.select(Unit.id, Unit.id.label("root")).where(one_of(Unit.id, unit_ids)).cte("tree", recursive=True)
    tree = tree.union_all(sa.select(Unit.id, tree.c.root).where(Unit.parent_id == tree.c.id))
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, root in db.session.execute(sa.select(tree.c.id, tree.c.root)):
        found[unit_id].append(root)
    return found


def pressing(unit_ids: Collection[int], day: Day, most: int) -> dict[int, list[int]]:
    """The assignments that press in each of these units: what is overdue, due today and due soon.

    Of each unit below them not more than so many of each, what is due first.
    """
    above, shown = _above(unit_ids), _of_overdue(day) | _of_others(day)
    groups = (sa.and_(shown["overdue"], standing.is_running(Assignment)), shown["today"], shown["soon"])
    group = sa.case(*((condition, number) for number, condition in enumerate(groups)))
    first = (Assignment.due_on, Assignment.id)
    place = sa.func.row_number().over(partition_by=(Assignment.unit_id, group), order_by=first).label("place")
    counted = (standing.is_counted(Assignment), Assignment.state.in_(_OPEN), sa.or_(*groups))
    asked = sa.select(Assignment.id, Assignment.unit_id, place).where(one_of(Assignment.unit_id, above), *counted)
    placed = asked.subquery()
    found: dict[int, list[int]] = defaultdict(list)
    rows = db.session.execute(sa.select(placed).where(placed.c.place <= most).order_by(placed.c.id))
    for assignment_id, unit_id, _ in rows:
        for root in above[unit_id]:
            found[root].append(assignment_id)
    return found


def load_of(known: dict[Owner, Load], unit_ids: Iterable[int], officer_id: int | None = None) -> Load:
    """The load of some of the units together, or of one officer in them."""
    wanted = set(unit_ids)
    own = [load for (unit, officer), load in known.items() if unit in wanted and officer_id in (None, officer)]
    return sum(own, Load())


_OPEN = sorted(state.value for state in OPEN)


def _of_overdue(day: Day) -> dict[str, ColumnElement[bool]]:
    overdue = standing.is_overdue(Assignment, day.on, day.calendar, day.policy)
    late = sa.and_(overdue, standing.is_running(Assignment))
    return {
        "overdue": overdue,
        "unassigned": sa.and_(late, Assignment.officer_id.is_(None)),
        "stuck": sa.and_(late, Assignment.difficulty != ""),
    }


def _of_others(day: Day) -> dict[str, ColumnElement[bool]]:
    views = {"today": "today", "soon": "soon", "pending": "review", "returned": "returned"}
    return {name: view_condition(view, day) for name, view in views.items()}


def _load(row: Any) -> Load:
    numbers = {name: getattr(row, name, 0) for name in _NUMBERS}
    due_on, _, number = (row.oldest or "").partition("/")
    return Load(**numbers, oldest=(date.fromisoformat(due_on), int(number)) if number else None)
