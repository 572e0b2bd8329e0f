"""What the reading of a deadline proposes for a task: its kind, due date or rhythm; and whether to look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import Kind
from tracker.rules.wordings import Reading, read_wording

_KINDS = {
    "date": Kind.SCHEDULED,
    "recurring": Kind.RECURRING,
    "ongoing": Kind.STANDING,
    "event": Kind.UNDATED,
    "none": Kind.UNDATED,
}


@dataclass(frozen=True)
class Proposal:
    """What a task would get. `sure` is False where a person must look; `why` says what was done."""

    kind: Kind
    due_on: date | None = None
    recurrence: str = ""
    sure: bool = True
    why: str = ""


def propose(text: str, issued_on: date, calendar: WorkingCalendar, policy: Policy) -> Proposal:
    """The proposal for a wording of a paper of that day; no words at all propose work without a due date."""
    if not text.strip():
        return Proposal(Kind.UNDATED, why="Không ghi thời hạn.")
    return proposal(read_wording(text, issued_on, calendar), policy)


def proposal(reading: Reading, policy: Policy) -> Proposal:
    """The proposal that a reading makes; «trước ngày D» means D or the day before, as the province settled (D3)."""
    due = reading.due
    if due is not None and "before" in reading.tags and policy.before_means == "day_before":
        due -= timedelta(days=1)
    return Proposal(_KINDS[reading.kind], due, reading.rrule or "", reading.sure, reading.why)
