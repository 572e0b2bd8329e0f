"""The province's own delay: how long results wait for its decision, so that the clock has two sides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.clock import HOUSE_ZONE
from tracker.db import db
from tracker.rules.ranking import REVIEW_PATIENCE_DAYS, median_days
from tracker.rules.rates import Rate
from tracker.tasks.models import Assignment, Submission
from tracker.tasks.queries import Day
from tracker.units.models import Unit
from tracker.units.queries import subtree


@dataclass
class ReviewDelay:
    """Of one assigning unit: working days from sending to decision, and how long the undecided have waited."""

    unit: Unit
    decided: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    @property
    def median(self) -> int | None:
        """The median of working days to a decision."""
        return median_days(self.decided)

    @property
    def in_time(self) -> Rate:
        """Decided within the days that are patience, of all that was decided."""
        return Rate(sum(1 for days in self.decided if days <= REVIEW_PATIENCE_DAYS), len(self.decided))

    @property
    def long_waiting(self) -> int:
        """How many still wait for longer than that."""
        return sum(1 for days in self.waiting if days > REVIEW_PATIENCE_DAYS)

    @property
    def oldest(self) -> int:
        """Working days that the oldest undecided result has waited."""
        return max(self.waiting, default=0)


def review_delays(path: str, day: Day, *, start: date | None = None) -> list[ReviewDelay]:
    """The review delays of the assigning units of a subtree at the end of a day, the longest queue first.

    With `start` only decisions from that day on are measured; what waits is measured whenever it was sent.
    """
    found: dict[int, ReviewDelay] = {}
    for row in db.session.execute(_sent(path, day)):
        one = found.setdefault(row.Unit.id, ReviewDelay(row.Unit))
        if row.decided_at is None or row.decided_at >= _midnight(day.on + timedelta(days=1)):
            one.waiting.append(_working_days(row.sent_at, day.on, day))
        elif start is None or row.decided_at.date() >= start:
            one.decided.append(_working_days(row.sent_at, row.decided_at.date(), day))
    return sorted(found.values(), key=lambda one: (-len(one.waiting), one.unit.sort_key))


def _working_days(sent_at: datetime, until: date, day: Day) -> int:
    return max(0, day.calendar.working_days_between(sent_at.date(), until))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), HOUSE_ZONE)


def _sent(path: str, day: Day) -> Any:
    """What was sent by the end of the day and not taken back by the unit itself."""
    return (
        sa.select(Unit, Submission.sent_at, Submission.decided_at)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Unit, Unit.id == Assignment.assigner_id)
        .where(
            Assignment.assigner_id.in_(subtree(path)),
            Submission.sent_at < _midnight(day.on + timedelta(days=1)),
            Submission.outcome != "recalled",
        )
    )
