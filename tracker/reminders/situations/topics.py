"""What an assignment has to say: a rung of the ladder, something that happened, or that nothing happens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from tracker.reminders.situations.decisions import Decision
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.lifecycle import WITH_UNIT, State
from tracker.rules.notices import Step
from tracker.rules.reminding import NEWS_DAYS, SAID_OF, Cadence, Rung, is_unreceived
from tracker.tasks.models import NEVER


@dataclass(frozen=True)
class Topic:
    """One thing that an assignment has to say, before it is known to whom; `inbox_only`: by no other channel."""

    step: Step
    code: str
    key_due: date
    subject_id: int = 0
    not_before: datetime | None = None
    detail: str = ""
    new_due: date | None = None
    rung_days: int = 0
    old_due: date | None = None
    by: str = ""
    """Who urged, or decided."""
    document: str = ""
    """By which paper it was decided."""
    decision: Decision | None = None
    inbox_only: bool = False

    @property
    def more(self) -> str:
        """What a line has to add: a word of whoever did it, else the document that it rests on."""
        return self.detail or self.document


_INSIDE = (Step.HANDED_UP, Step.HANDED_BACK)
"""What is true while a result lies with the unit's leader, and what is true while it does not."""


def news_topic(step: Step, subject_id: int = 0, detail: str = "", new_due: date | None = None) -> Topic:
    """A topic that no due date opens; `subject_id` tells one event of its kind from another."""
    return Topic(step, step.value, NEVER, subject_id, detail=detail, new_due=new_due)


def assigned(row: Any, now: datetime, cadence: Cadence) -> list[Topic]:
    """The giving itself, held back while it can still be undone."""
    if row.assigned_at < now - timedelta(days=NEWS_DAYS):
        return []
    safe_at = row.assigned_at + timedelta(minutes=cadence.undo_minutes)
    return [Topic(Step.ASSIGNED, Step.ASSIGNED.value, NEVER, not_before=safe_at)]


def true_now(news: Iterable[Topic], row: Any, cadence: Cadence) -> Iterator[Topic]:
    """The news of an assignment that is true in its state.

    A decision is mailed once it can no longer be undone. What was undone before any mail told of it is for the
    inbox alone, and for that only if it knows of it.
    """
    for topic in news:
        decision = topic.decision
        if row.state not in SAID_OF.get(topic.step, WITH_UNIT):
            continue
        if topic.step in _INSIDE and (topic.step is Step.HANDED_UP) is (row.with_leader_at is None):
            continue
        if decision is None:
            yield topic
            continue
        undone = decision.undoes(row.assigned_at, row.received_at, cadence)
        if decision.told or not undone:
            yield replace(topic, not_before=decision.mailed_from(cadence), inbox_only=undone)


def pending(
    row: Any, rung: Rung | None, now: datetime, calendar: WorkingCalendar, cadence: Cadence
) -> Iterator[Topic]:
    """What is to be said as long as nothing happens: the rung in force, or that the work was not even received."""
    if rung is not None:
        yield Topic(rung.step, rung.code, row.due_on, rung.subject, rung_days=rung.days)
    elif not row.extension_waits and is_unreceived(State(row.state), row.assigned_at, now, calendar, cadence):
        yield news_topic(Step.UNRECEIVED)
