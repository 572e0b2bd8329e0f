"""The course of one fictional assignment, kept in memory and written at once: thousands of them in seconds.

It says what `tasks.actions` and `tasks.deciding` would have said, step by step: the lifecycle decides which move
follows, the standing of each day and the chained history come out the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from tracker.accounts.acting import User
from tracker.db import Base
from tracker.evidence.models import Evidence
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy, effective_due, overdue_through
from tracker.rules.lifecycle import Move, State, after
from tracker.tasks.ledger import FACTS
from tracker.tasks.models import NEVER, Assignment, Extension, Progress, Submission


class Law:
    """The calendar and policy in force; each question of a day is worked out once."""

    def __init__(self, calendar: WorkingCalendar, policy: Policy):
        self.calendar = calendar
        self.overdue_through = cache(lambda day: overdue_through(day, calendar, policy))
        self.effective_due = cache(lambda day: effective_due(day, calendar, policy))


@dataclass(frozen=True)
class Staff:
    """Who acts on an assignment: the unit's leader and officers, the assigning side's monitor."""

    leader: User
    officers: tuple[User, ...]
    monitor: User


@dataclass
class Life:
    """One assignment from its giving on. Moments come in order; every step is written down when it is taken."""

    assignment: Assignment
    giver: User
    law: Law
    course: list[tuple[str, User, datetime, dict[str, Any]]] = field(default_factory=list)
    standings: list[dict[str, Any]] = field(default_factory=list)
    parts: list[Progress | Submission | Extension] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._remember(self.assignment.assigned_on)
        self.tell("assign", self.giver, self.assignment.assigned_at)

    def records(self) -> Iterator[Base]:
        """All that hangs on the assignment but its standings, once it has its number."""
        for part in self.parts:
            part.assignment_id = self.assignment.id
            yield part
        yield from self.evidence

    def days(self) -> Iterator[dict[str, Any]]:
        """The rows of its standings, once it has its number."""
        return (row | {"assignment_id": self.assignment.id} for row in self.standings)

    def tell(self, deed: str, by: User, at: datetime, **details: Any) -> None:
        """Write one line of history and note whether the work was overdue by then."""
        self.course.append((deed, by, at, {key: value for key, value in details.items() if value not in (None, "")}))
        one = self.assignment
        one.updated_at = at
        running = one.state in (State.ASSIGNED, State.RECEIVED, State.IN_PROGRESS, State.DECLINED)
        if running and one.due_on and one.due_on <= self.law.overdue_through(at.date()):
            one.was_overdue = True

    def receive(self, by: User, at: datetime) -> None:
        """The unit acknowledges."""
        self.tell("receive", by, at)
        self._move(Move.RECEIVE, at)
        self.assignment.received_at = at

    def delegate(self, staff: Staff, officer: User, at: datetime, internal_due: date | None = None) -> None:
        """The leader gives the work to an officer."""
        self.assignment.officer_id, self.assignment.internal_due = officer.person_id, internal_due
        self.tell("delegate", staff.leader, at, officer_id=officer.person_id, internal_due=internal_due)

    def progress(self, by: User, at: datetime, text: str, cause: str = "") -> None:
        """The officer says how it goes."""
        self.tell("progress", by, at, text=text, cause=cause)
        self.assignment.told_on = at.date()
        self._move(Move.PROGRESS, at)
        late = self.assignment.was_overdue
        self.parts.append(Progress(at=at, by_id=by.person_id, text=text, cause=cause, explanation=late))
        self.assignment.difficulty = cause

    def write(self, by: User, at: datetime, text: str, document: Evidence) -> Submission:
        """The officer writes the result and hands it to the leader."""
        if self.assignment.state == State.RECEIVED:
            self._move(Move.PROGRESS, at)
        submission = Submission(text=text, written_by_id=by.person_id, written_at=at, evidence=[document])
        submission.outcome = "pending"
        self.parts.append(submission)
        self.evidence.append(document)
        self.assignment.evidence_count = 1
        self.assignment.with_leader_at = at
        self.tell("hand_up", by, at)
        return submission

    def submit(self, submission: Submission, by: User, at: datetime) -> None:
        """The leader sends the result to the province; the clock stops."""
        self.tell("submit", by, at)
        submission.sent_by_id, submission.sent_at = by.person_id, at
        one = self.assignment
        one.with_leader_at, one.returned, one.submitted_on = None, False, at.date()
        one.submitted_through = self.law.overdue_through(at.date())
        self._move(Move.SUBMIT, at)

    def confirm(self, submission: Submission, by: User, at: datetime) -> None:
        """The province confirms; the day of the submission counts (D2)."""
        one = self.assignment
        one.completed_on = one.submitted_on
        one.completed_due = self.law.effective_due(one.due_on)
        self._move(Move.CONFIRM, at)
        self._decided(submission, "confirmed", by, at)
        self.tell("confirm", by, at, completed_on=one.completed_on, due=one.completed_due)

    def send_back(self, submission: Submission, by: User, at: datetime, reason: str) -> None:
        """The province returns the result; the clock runs on."""
        one = self.assignment
        one.submitted_on = one.submitted_through = None
        one.returned = True
        self._move(Move.SEND_BACK, at)
        self._decided(submission, "returned", by, at, reason)
        self.tell("send_back", by, at, reason=reason)

    def ask_extension(self, by: User, at: datetime, until: date, reason: str) -> Extension:
        """The unit asks for a later due date."""
        request = Extension(
            asked_by_id=by.person_id, asked_at=at, until_on=until, reason=reason, old_due=self.assignment.due_on
        )
        self.parts.append(request)
        self.tell("ask_extension", by, at, until_on=until, reason=reason)
        return request

    def extend(self, request: Extension, by: User, at: datetime, note: str) -> None:
        """The province grants the later date."""
        request.granted, request.new_due, request.note = True, request.until_on, note
        request.decided_by_id, request.decided_at = by.person_id, at
        self.assignment.due_on = request.until_on
        self.assignment.extensions += 1
        self._remember(at.date())
        self.tell("extend", by, at, old_due=request.old_due, new_due=request.new_due, note=note)

    def end(self, move: Move, by: User, at: datetime, reason: str, document: str = "") -> None:
        """Decline, suspend or cancel, with a reason and the document it rests on."""
        self.tell(move.value, by, at, reason=reason, document=document)
        self._move(move, at)

    def _decided(self, submission: Submission, outcome: str, by: User, at: datetime, reason: str = "") -> None:
        submission.outcome, submission.reason = outcome, reason
        submission.decided_by_id, submission.decided_at = by.person_id, at

    def _move(self, move: Move, at: datetime) -> None:
        self.assignment.state = after(State(self.assignment.state), move)
        self._remember(at.date())

    def _remember(self, day: date) -> None:
        if not self.standings or self.standings[-1]["from_on"] < day:
            if self.standings:
                self.standings[-1]["until_on"] = day
            self.standings.append({"from_on": day, "until_on": NEVER})
        self.standings[-1].update({fact: getattr(self.assignment, fact) for fact in FACTS})
