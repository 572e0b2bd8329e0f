"""Figures of a unit as of any day: one value, from which page, JSON, files and sentence are made.

scope ──► one SELECT grouped by the box of tasks/standing.py ──► Tally (its parts must sum) ──► Figures
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.directives.models import Directive
from tracker.rules.letterheads import assigner
from tracker.rules.lifecycle import COUNTED, EXCLUDED, Kind, State
from tracker.rules.periods import Part, Period, earliest_sending
from tracker.rules.rates import Box, Rate, Tally, rates
from tracker.rules.sentences import official_sentence, parts_sentence, targets_sentence
from tracker.tasks import standing
from tracker.tasks.models import Task
from tracker.tasks.queries import Day, Facts, facts_of, part, targets
from tracker.units.models import Unit
from tracker.units.queries import province_of, subtree


@dataclass(frozen=True)
class Scope:
    """What is counted: the assignments of a unit's subtree, of one directive, and the work of one period.

    With a period that is what was assigned in it and what it took over from before; its end is the day of the
    figures, which may come before the period's own cut-off. Without one all that was ever assigned counts.
    `upward` counts instead what communes proposed: work that the unit leads for them, or that it asked for.
    """

    unit: Unit
    directive: Directive | None = None
    period: Period | None = None
    upward: bool = False


@dataclass(frozen=True)
class Figures:
    """What was true of a scope at the end of a day; `parts` say where the work of a period comes from."""

    unit_code: str
    unit_name: str
    as_of: date
    tally: Tally
    period: Period | None = None
    parts: dict[Part, Tally] = field(default_factory=dict)
    send_from: date | None = None
    assigner: str = "UBND tỉnh"
    upward: Tally = field(default_factory=Tally)

    @property
    def cumulative(self) -> Tally:
        """Lũy kế: all that was ever assigned."""
        return sum(self.parts.values(), Tally()) if self.period else self.tally

    @property
    def sentence(self) -> str:
        """The figures in the words of the official report."""
        said = [official_sentence(self.tally, self.assigner, self.as_of)]
        if self.period and self.tally.total:
            said.append(parts_sentence(self.parts[Part.CARRIED_OVER].total, self.parts[Part.IN_PERIOD].total))
        said.append(targets_sentence(self.tally.targets_met, self.tally.targets_total))
        return " ".join(sentence for sentence in said if sentence)

    def as_json(self) -> dict[str, Any]:
        """The shape that other programs call; percent is a number with at most two decimals, or null."""
        tally = self.tally
        said = {"unit": self.unit_code, "as_of": self.as_of.isoformat(), **tally_json(tally)}
        said["upward"] = {
            "done": self.upward.done,
            "overdue": self.upward.open_overdue,
            "total": self.upward.total,
        }
        said["targets"] = {"met": tally.targets_met, "total": tally.targets_total}
        said["rates"] = rates_json(tally)
        said["sentence"] = self.sentence
        if self.period:
            said["period"] = self._period_json(self.period)
        return said

    def _period_json(self, period: Period) -> dict[str, Any]:
        columns = {
            "carried_over": self.parts[Part.CARRIED_OVER],
            "in_period": self.parts[Part.IN_PERIOD],
            "cumulative": self.cumulative,
        }
        return {
            "code": period.code,
            "name": period.name,
            "start": period.start.isoformat(),
            "cutoff": period.cutoff.isoformat(),
            "send_from": self.send_from and self.send_from.isoformat(),
            **{name: tally_json(tally) for name, tally in columns.items()},
        }


def tally_json(tally: Tally) -> dict[str, Any]:
    """The counts of a tally: its boxes, their sum, and what stands beside it."""
    return {
        "boxes": {box.value: getattr(tally, box.value) for box in Box},
        "total": tally.total,
        "standing": tally.standing,
        "excluded": tally.excluded,
    }


def rates_json(tally: Tally) -> dict[str, Any]:
    """Every named rate with its fraction."""
    return {
        name: {
            "numerator": rate.numerator,
            "denominator": rate.denominator,
            "percent": None if rate.percent is None else float(rate.percent),
        }
        for name, rate in rates(tally).items()
    }


def figures(scope: Scope, day: Day, *, today: date) -> Figures:
    """The figures of a scope at the end of a day, from what was known by then.

    Raises DoesNotAddUp when the boxes do not make the total counted apart.
    """
    read = targets(scope.unit.path, day.on)
    if scope.directive is not None:
        read = [one for one in read if one.Target.directive_id == scope.directive.id]
    met, number = sum(1 for one in read if one.met), len(read)
    parts, given, upward = _given_and_upward(scope, day, today)
    counted = parts[Part.IN_PERIOD] + parts[Part.CARRIED_OVER] if parts else given
    tally = counted + Tally(targets_met=met, targets_total=number)
    send_from = earliest_sending(scope.period.cutoff, day.calendar) if scope.period else None
    province = province_of(scope.unit)
    assigned_by = assigner(province.name if province else "")
    return Figures(
        scope.unit.code, scope.unit.name, day.on, tally, scope.period, parts, send_from, assigned_by, upward
    )


def tally_of(scope: Scope, day: Day, *, today: date) -> Tally:
    """The counts of a scope, targets left out."""
    return tallied(db.session.execute(counts(scope, day, today=today)).all())


def _given_and_upward(scope: Scope, day: Day, today: date) -> tuple[dict[Part, Tally], Tally, Tally]:
    """The tally of each part of a period, settled work too, or else of what was given; and of what goes upward.

    Two counts, each over its own index, are one question.
    """
    facts = facts_at(day, today=today)
    keys = [facts.columns.upward.label("upward")]
    if scope.period is not None:
        keys.append(part(facts, scope.period.start, scope.unit.path).label("part"))
    given = counts(Scope(scope.unit, scope.directive), day, *keys, today=today)
    upward = counts(replace(scope, upward=True), day, *keys, today=today)
    rows = db.session.execute(sa.union_all(given, upward)).all()
    below = [row for row in rows if not row.upward]
    parts = {one: tallied(row for row in below if row.part == one.value) for one in Part} if scope.period else {}
    return parts, tallied(below), tallied(row for row in rows if row.upward)


def facts_at(day: Day, *, today: date) -> Facts:
    """The present reads the assignments, a past day the standings of that day."""
    return facts_of(day.on if day.on < today else None)


def counts(scope: Scope, day: Day, *keys: Any, today: date) -> sa.Select[Any]:
    """The SELECT that counts: one row for each place that rows stand in, and for each key.

    One pass over one index; what a place means is decided in `tallied`. A key that lies in papers joins them.
    """
    facts = facts_at(day, today=today)
    columns = facts.columns
    groups = (standing.place(columns, day.on, day.calendar, day.policy).label("place"), *keys)
    query = sa.select(*groups, sa.func.count().label("number")).select_from(columns)
    if scope.directive is not None or any(_of_papers(key) for key in keys):
        query = query.join(Task, Task.id == columns.task_id).join(Directive, Directive.id == Task.directive_id)
    if scope.directive is not None:
        query = query.where(Task.directive_id == scope.directive.id)
    if scope.period is not None:
        worked = [Part.IN_PERIOD.value, Part.CARRIED_OVER.value]
        query = query.where(part(facts, scope.period.start, scope.unit.path).in_(worked))
    return query.where(facts.then, columns.upward.is_(scope.upward), _within(scope, columns)).group_by(*groups)


def _within(scope: Scope, columns: Any) -> Any:
    """What units of the scope lead; of what goes upward also what they proposed."""
    led = columns.unit_id.in_(subtree(scope.unit.path))
    if not scope.upward:
        return led
    papers = sa.select(Directive.id).where(Directive.issuer_id.in_(subtree(scope.unit.path)))
    return sa.or_(led, columns.task_id.in_(sa.select(Task.id).where(Task.directive_id.in_(papers))))


def _of_papers(key: Any) -> bool:
    """Whether a key is a column of tasks or directives."""
    return getattr(key.element, "table", None) in (Task.__table__, Directive.__table__)


def tallied(rows: Iterable[Any]) -> Tally:
    """The tally of counted rows. Raises DoesNotAddUp when the boxes miss what the states say is counted."""
    found: dict[str, int] = {}
    total = 0

    def add(name: str, number: int) -> None:
        found[name] = found.get(name, 0) + number

    for row in rows:
        place = standing.read_place(row.place)
        for name in _counts_of(place):
            add(name, row.number)
        if place.kind in COUNTED and place.state not in standing.UNCOUNTED_STATES:
            total += row.number
    tally = Tally(**found)
    tally.check(total)
    return tally


def _counts_of(place: standing.Place) -> Iterable[str]:
    """The counts of a tally that a row in this place belongs to."""
    if place.state in EXCLUDED:
        yield "excluded"
    if place.box is None:
        return
    if place.kind is Kind.STANDING:
        yield "standing"
    if place.kind not in COUNTED:
        return
    yield place.box.value
    if place.state is State.SUBMITTED:
        yield "pending"
    if place.update:
        yield "update_expected"
    if place.update is standing.Update.MADE:
        yield "updated"
    if place.fallen:
        yield "due_all"
        if place.state is State.COMPLETED:
            yield "due_done"


def average(province_path: str, day: Day, *, today: date, headline: str) -> Rate:
    """The headline rate of a whole province: what a commune may see besides its own figures (D9)."""
    province = db.session.scalar(sa.select(Unit).where(Unit.path == province_path))
    if province is None:
        return Rate(0, 0)
    return rates(tally_of(Scope(province), day, today=today))[headline]
