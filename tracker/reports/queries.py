"""Figures of a unit as of any day: one question, one value, from which page, JSON, file and sentence are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.rules.deadlines import Policy, overdue_through
from tracker.rules.lifecycle import EXCLUDED, Kind, State
from tracker.rules.rates import Box, Tally, rates
from tracker.rules.sentences import official_sentence, targets_sentence
from tracker.tasks import standing
from tracker.tasks.models import Assignment, Standing
from tracker.tasks.queries import targets
from tracker.units.models import Unit
from tracker.units.queries import subtree


@dataclass(frozen=True)
class Figures:
    """What was true of a unit and its subtree at the end of a day."""

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
        """The shape that other programs call; percent is a number with at most two decimals or null."""
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


def figures(unit: Unit, as_of: date, policy: Policy) -> Figures:
    """The figures of a unit's subtree at the end of a day, from what was known by then.

    Raises DoesNotAddUp when the boxes do not make the total counted apart.
    """
    calendar = working_calendar()
    box = standing.box(Standing, as_of, calendar, policy)
    counted = standing.is_counted(Assignment.kind)
    fallen_due = Standing.due_on <= overdue_through(as_of, calendar, policy)

    def number(*conditions: Any) -> Any:
        return sa.func.count(sa.case((sa.and_(*conditions), 1)))

    row = db.session.execute(
        sa.select(
            *(number(counted, box == one.value).label(one.value) for one in Box),
            number(Assignment.kind == Kind.STANDING.value, box.is_not(None)).label("standing"),
            number(Standing.state.in_([state.value for state in EXCLUDED])).label("excluded"),
            number(counted, Standing.state == State.SUBMITTED.value).label("pending"),
            number(counted, fallen_due, Standing.state == State.COMPLETED.value).label("due_done"),
            number(counted, fallen_due, box.is_not(None)).label("due_all"),
            number(counted, Standing.state.not_in(standing.UNCOUNTED_STATES)).label("total"),
        )
        .join(Assignment, Assignment.id == Standing.assignment_id)
        .where(
            Standing.from_on <= as_of,
            Standing.until_on > as_of,
            Assignment.unit_id.in_(subtree(unit.path)),
        )
    ).one()
    counts = dict(row._mapping)
    total = counts.pop("total")
    read = [row.met for row in targets(unit.path, as_of)]
    tally = Tally(**counts, targets_met=sum(1 for met in read if met), targets_total=len(read))
    tally.check(total)
    return Figures(unit.code, unit.name, as_of, tally)
