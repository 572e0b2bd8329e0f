"""What the province lately decided about work as a whole: taken away for good or for a time, or given back.

given ──→ withdrawn    cancelled, struck by an amendment, or transferred to another unit
      ├─→ suspended ──→ resumed
      ├─→ confirmed ──→ reopened
      └─→ declined ───→ decline refused
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.history.models import Event
from tracker.reminders.models import Notice
from tracker.rules.notices import GIVEN_BACK, Channel, Step
from tracker.rules.reminding import TAKEN_AWAY, Cadence, was_undone

STEPS = {
    "cancel": Step.WITHDRAWN,
    "withdraw": Step.WITHDRAWN,
    "transfer": Step.WITHDRAWN,
    "suspend": Step.SUSPENDED,
    "resume": Step.RESUMED,
    "reopen": Step.REOPENED,
    "refuse_decline": Step.DECLINE_REFUSED,
}
"""What each deed of the history says to those who had the work."""

TAKING = tuple(deed for deed, step in STEPS.items() if step in TAKEN_AWAY)
"""The deeds after which a unit no longer has to do the work."""

GIVING = tuple(deed for deed, step in STEPS.items() if step in GIVEN_BACK)
"""The deeds after which it has to go on."""


@dataclass(frozen=True)
class Decision:
    """One decision: why, by which document and by whom, as far as that is written down; `event_id` names it.

    `told`: the inbox had named the work before, or its suspension before it ended. `undid_at`: for work given back,
    since when it had been suspended.
    """

    step: Step
    event_id: int
    at: datetime
    reason: str
    document: str
    by_name: str
    told: bool
    undid_at: datetime | None = None

    def mailed_from(self, cadence: Cadence) -> datetime:
        """When it can no longer be undone, so that mail may tell of it."""
        return self.at + timedelta(minutes=cadence.undo_minutes)

    def undoes(self, assigned_at: datetime, received_at: datetime | None, cadence: Cadence) -> bool:
        """Whether it takes back what no mail has told yet: a suspension, or the giving of work nobody received."""
        given_at = assigned_at if self.step in TAKEN_AWAY and received_at is None else None
        begun_at = self.undid_at or given_at
        return begun_at is not None and was_undone(begun_at, self.at, cadence)


def decisions(events: Iterable[Any]) -> Mapping[int, Decision]:
    """The last decision about each assignment, of events in their order that say whether it was `told` before."""
    found: dict[int, Decision] = {}
    for one in events:
        if one.deed in STEPS:
            found[one.thing_id] = _read(one, found.get(one.thing_id))
    return found


def told_before() -> sa.ColumnElement[bool]:
    """Whether somebody's inbox knew of what an event takes back."""
    before = sa.and_(Notice.assignment_id == Event.thing_id, Notice.planned_at <= Event.at)
    of_it = sa.or_(Event.deed.in_(TAKING), Notice.rung == Step.SUSPENDED.value)
    inbox = Notice.channel == Channel.INAPP.value
    return sa.and_(Event.deed.in_(STEPS), sa.exists().where(before, inbox, of_it))


def _read(event: Any, before: Decision | None) -> Decision:
    step = STEPS[event.deed]
    undid_at = before.at if step is Step.RESUMED and before and before.step is Step.SUSPENDED else None
    reason, document = (str(event.details.get(name) or "") for name in ("reason", "document"))
    return Decision(step, event.id, event.at, reason, document, event.by_name, event.told, undid_at)
