"""The same figures in smaller parts: by commune, directive, field, department, cause of difficulty, or week.

Every breakdown counts each assignment once, so that its lines sum to the figures of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.directives.models import Directive
from tracker.reports.queries.figures import Scope, counts, facts_at, rates_json, tallied, tally_json
from tracker.rules.causes import CAUSES
from tracker.rules.rates import Tally
from tracker.tasks.models import Task
from tracker.tasks.queries import NONE, Day, Facts, cause
from tracker.units.models import Unit

BREAKDOWNS = {
    "commune": "Đơn vị",
    "directive": "Văn bản",
    "field": "Lĩnh vực",
    "department": "Cơ quan giao",
    "cause": "Nguyên nhân vướng mắc",
    "week": "Tuần đến hạn",
}
"""What figures can be divided by, in the words of the interface."""


@dataclass(frozen=True)
class Line:
    """One line of a breakdown: a key that programs read, a name that people read, `id` that a list is narrowed to."""

    key: str
    name: str
    tally: Tally
    id: str

    def as_json(self) -> dict[str, Any]:
        """The line in the shape of the figures."""
        return {"key": self.key, "name": self.name, **tally_json(self.tally), "rates": rates_json(self.tally)}


def breakdown(scope: Scope, day: Day, by: str, *, today: date) -> list[Line]:
    """The figures of a scope line by line; `by` is one of BREAKDOWNS."""
    _key, named = _LINES[by]
    return named(_tallies(scope, day, by, today))


def _tallies(scope: Scope, day: Day, by: str, today: date) -> dict[Any, Tally]:
    key, _named = _LINES[by]
    column = key(facts_at(day, today=today), day).label("line")
    rows = db.session.execute(counts(scope, day, column, today=today)).all()
    return _grouped(rows, _week if by == "week" else _itself)


def _grouped(rows: Iterable[Any], place: Callable[[Any], Any]) -> dict[Any, Tally]:
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(place(row.line), []).append(row)
    return {one: tally for one, members in groups.items() if _says_something(tally := tallied(members))}


def _says_something(tally: Tally) -> bool:
    return bool(tally.total or tally.standing or tally.excluded)


def _itself(key: Any) -> Any:
    return key


def _week(due_on: date | None) -> date | None:
    """The Monday of the week of a due date."""
    return due_on and due_on - timedelta(days=due_on.weekday())


def _records(model: Any, order: Any, ids: Iterable[int]) -> Sequence[Any]:
    return db.session.scalars(sa.select(model).where(model.id.in_(list(ids))).order_by(*order)).all()


_NEWEST_FIRST = (Directive.issued_on.desc(), Directive.id)


def _units(tallies: dict[int, Tally]) -> list[Line]:
    found = _records(Unit, (Unit.sort_key, Unit.id), tallies)
    return [Line(one.code, one.name, tallies[one.id], str(one.id)) for one in found]


def _directives(tallies: dict[int, Tally]) -> list[Line]:
    found = _records(Directive, _NEWEST_FIRST, tallies)
    return [Line(one.doc_symbol, one.doc_symbol, tallies[one.id], str(one.id)) for one in found]


def _fields(tallies: dict[str, Tally]) -> list[Line]:
    names = sorted(tallies, key=lambda name: (not name, name))
    return [Line(name, name or "Chưa phân lĩnh vực", tallies[name], name or NONE) for name in names]


def _causes(tallies: dict[str | None, Tally]) -> list[Line]:
    known: dict[str, Tally] = {}
    for code, tally in tallies.items():
        known[code or ""] = known.get(code or "", Tally()) + tally
    order = [code for code in (*CAUSES, "") if code in known]
    return [Line(code, CAUSES.get(code, "Không nêu vướng mắc"), known[code], code or NONE) for code in order]


def _weeks(tallies: dict[date | None, Tally]) -> list[Line]:
    found = []
    for monday in sorted(tallies, key=lambda day: day or date.max):
        if monday is None:
            found.append(Line("", "Không có thời hạn", tallies[monday], NONE))
            continue
        year, week, _ = monday.isocalendar()
        sunday = monday + timedelta(days=6)
        name = f"Tuần {week}/{year} ({monday:%d/%m} – {sunday:%d/%m})"
        found.append(Line(f"{year}-W{week:02}", name, tallies[monday], monday.isoformat()))
    return found


_Key = Callable[[Facts, Day], Any]
_LINES: dict[str, tuple[_Key, Callable[[dict[Any, Tally]], list[Line]]]] = {
    "commune": (lambda facts, _: facts.columns.unit_id, _units),
    "directive": (lambda _facts, _: Task.directive_id, _directives),
    "field": (lambda _facts, _: Directive.field, _fields),
    "department": (lambda _facts, _: Directive.issuer_id, _units),
    "cause": (lambda facts, day: sa.func.coalesce(cause(facts.id, day.on), ""), _causes),
    "week": (lambda facts, _: facts.columns.due_on, _weeks),
}


def by_unit(scope: Scope, day: Day, *, today: date) -> dict[int, Tally]:
    """The tally of every unit below the scope that leads something, by the number of the unit."""
    return _tallies(scope, day, "commune", today)


def by_commune(scope: Scope, day: Day, *, today: date) -> list[tuple[Unit, Tally]]:
    """The tally of every unit below the scope that leads something, in the order of the alphabet."""
    tallies = by_unit(scope, day, today=today)
    return [(one, tallies[one.id]) for one in _records(Unit, (Unit.sort_key, Unit.id), tallies)]


def by_directive(scope: Scope, day: Day, *, today: date) -> list[tuple[Directive, Tally]]:
    """The tally of every directive with assignments in the scope, newest first."""
    tallies = _tallies(scope, day, "directive", today)
    return [(one, tallies[one.id]) for one in _records(Directive, _NEWEST_FIRST, tallies)]
