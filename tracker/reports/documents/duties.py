"""The assignments behind the figures of a day, one line each: what annexes and letters list.

The same standing of the day that the figures count decides the box here, so a list is as long as its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.clock import HOUSE_ZONE
from tracker.db import db
from tracker.directives.models import Directive
from tracker.evidence.models import Evidence
from tracker.reports.documents.naming import cited, head_of
from tracker.reports.queries import Scope
from tracker.reports.queries.figures import facts_at
from tracker.rules.deadlines import overdue_through
from tracker.rules.lifecycle import Kind, State
from tracker.rules.periods import Part
from tracker.rules.rates import Box
from tracker.tasks import standing
from tracker.tasks.models import Assignment, Progress, Standing, Submission, SubmissionEvidence, Task
from tracker.tasks.queries import Day, Facts, cause, part
from tracker.tasks.queries.lists import due_by
from tracker.units.models import Unit
from tracker.units.queries import subtree


@dataclass(frozen=True)
class Duty:
    """One assignment at the end of a day; `box` is none for standing and excluded work.

    `cited` names the paper that gave it in full, `result` the documents that show it done.
    """

    assignment_id: int
    unit_id: int
    unit_name: str
    unit_kind: str
    task_id: int
    directive_id: int
    doc_symbol: str
    cited: str
    content: str
    due_text: str
    due_on: date | None
    kind: Kind
    state: State
    box: Box | None
    cause: str = ""
    progress: str = ""
    result: str = ""


def duties(scope: Scope, day: Day, *, today: date, boxes: Sequence[Box] = (), told: bool = True) -> list[Duty]:
    """All assignments of a scope as of a day, or those in the given boxes; by unit, paper and task.

    Told: with what was last said and sent about each; else one question answers all.
    """
    rows = db.session.execute(_listed(scope, day, today, boxes)).all()
    if not told:
        return [_duty(row, {}, "", "") for row in rows]
    names = _cited(row.Directive for row in rows)
    ids = [row.id for row in rows]
    ends = midnight_after(day.on)
    said, shown = _last_progress(ids, ends), _results(ids, ends)
    return [_duty(row, names, said.get(row.id, ""), shown.get(row.id, "")) for row in rows]


def cause_of(facts: Facts, on: date) -> Any:
    """The cause of difficulty that was named last: the present keeps it, a past day asks for it."""
    return Assignment.difficulty if facts.columns is Assignment else cause(facts.id, on)


def midnight_after(on: date) -> datetime:
    """The moment at which a day is over in house time."""
    return datetime.combine(on + timedelta(days=1), time(), HOUSE_ZONE)


def _listed(scope: Scope, day: Day, today: date, boxes: Sequence[Box]) -> Any:
    """The SELECT of the lines."""
    columns = facts_at(day, today=today).columns
    counted = standing.is_counted(columns)
    named = cause_of(facts_at(day, today=today), day.on)
    box = sa.case((counted, standing.box(columns, day.on, day.calendar, day.policy)))
    query = _within(
        sa.select(
            Assignment.id,
            Assignment.unit_id,
            Assignment.kind,
            Unit.name.label("unit_name"),
            Unit.kind.label("unit_kind"),
            Task.id.label("task_id"),
            Task.content,
            Task.due_text,
            Directive,
            columns.due_on.label("due_on"),
            columns.state.label("state"),
            box.label("box"),
            named.label("cause"),
        ),
        scope,
        day,
        today,
    )
    query = query.join(Directive, Directive.id == Task.directive_id).join(Unit, Unit.id == Assignment.unit_id)
    query = query.order_by(Unit.sort_key, Unit.id, Directive.issued_on, Directive.id, Task.id, Assignment.id)
    return query.where(box.in_([one.value for one in boxes])) if boxes else query


def _within(query: Any, scope: Scope, day: Day, today: date) -> Any:
    """The query narrowed to the scope as it was on the day: what the figures count, and what stands beside it."""
    facts = facts_at(day, today=today)
    query = query.select_from(Assignment).join(Task, Task.id == Assignment.task_id)
    if facts.columns is Standing:
        query = query.join(Standing, sa.and_(Standing.assignment_id == Assignment.id, facts.then))
    query = query.where(Assignment.unit_id.in_(subtree(scope.unit.path)), facts.columns.upward.is_(scope.upward))
    query = query.where(facts.columns.state != State.DRAFT.value)
    if scope.directive is not None:
        query = query.where(Task.directive_id == scope.directive.id)
    if scope.period is not None:
        worked = [Part.IN_PERIOD.value, Part.CARRIED_OVER.value]
        query = query.where(part(facts, scope.period.start, scope.unit.path).in_(worked))
    return query


def due_within(scope: Scope, day: Day, days: int, *, today: date) -> int:
    """How many running assignments fall due from the day on within so many calendar days."""
    columns = facts_at(day, today=today).columns
    line = overdue_through(day.on, day.calendar, day.policy)
    falls_due = sa.and_(columns.due_on > line, columns.due_on <= due_by(day, days))
    query = _within(sa.select(sa.func.count()), scope, day, today)
    return db.session.scalar(query.where(standing.is_running(columns), falls_due)) or 0


def waiting_since(scope: Scope, day: Day, *, today: date) -> list[date]:
    """The days on which the results were sent that waited for confirmation at the end of the day."""
    columns = facts_at(day, today=today).columns
    query = _within(sa.select(columns.submitted_on), scope, day, today)
    return list(db.session.scalars(query.where(columns.state == State.SUBMITTED.value)))


def _duty(row: Any, names: Mapping[int, str], said: str, result: str) -> Duty:
    return Duty(
        assignment_id=row.id,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        unit_kind=row.unit_kind,
        task_id=row.task_id,
        directive_id=row.Directive.id,
        doc_symbol=row.Directive.doc_symbol,
        cited=names.get(row.Directive.id, ""),
        content=row.content,
        due_text=row.due_text,
        due_on=row.due_on,
        kind=Kind(row.kind),
        state=State(row.state),
        box=Box(row.box) if row.box else None,
        cause=row.cause or "",
        progress=said,
        result=result,
    )


def _cited(papers: Iterable[Directive]) -> dict[int, str]:
    """How each paper is cited, its issuer asked about once."""
    issuer = cache(lambda unit: head_of(unit).short)
    return {paper.id: cited(paper, issuer) for paper in {one.id: one for one in papers}.values()}


def _last_progress(ids: Sequence[int], before: datetime) -> dict[int, str]:
    """What was last said about each before the moment."""
    last = sa.select(sa.func.max(Progress.id)).where(Progress.at < before).group_by(Progress.assignment_id)
    query = sa.select(Progress.assignment_id, Progress.text).where(Progress.id.in_(last))
    return {row.assignment_id: row.text for row in _of_these(query, Progress.assignment_id, ids)}


def _results(ids: Sequence[int], before: datetime) -> dict[int, str]:
    """The numbers of the documents that were sent with a result before the moment."""
    query = (
        sa.select(Submission.assignment_id, Evidence.doc_symbol, Evidence.doc_on)
        .join(SubmissionEvidence, SubmissionEvidence.submission_id == Submission.id)
        .join(Evidence, Evidence.id == SubmissionEvidence.evidence_id)
        .where(Submission.sent_at < before, _stood(before))
        .where(Evidence.doc_symbol != "")
        .order_by(Submission.id, Evidence.id)
    )
    found: dict[int, list[str]] = {}
    for assignment_id, symbol, on in _of_these(query, Submission.assignment_id, ids):
        found.setdefault(assignment_id, []).append(f"{symbol} ngày {on:%d/%m/%Y}" if on else symbol)
    return {assignment_id: "; ".join(dict.fromkeys(symbols)) for assignment_id, symbols in found.items()}


def _stood(before: datetime) -> Any:
    """Whether a submission was confirmed or still waited just before the moment; what came later is not known yet."""
    return sa.or_(Submission.outcome == "confirmed", Submission.decided_at.is_(None), Submission.decided_at >= before)


MOST_AT_ONCE = 500


def _of_these(query: Any, column: Any, ids: Sequence[int]) -> list[Any]:
    """The rows that belong to the ids, asked for in portions that every database takes."""
    parts = [ids[start : start + MOST_AT_ONCE] for start in range(0, len(ids), MOST_AT_ONCE)]
    return [row for part in parts for row in db.session.execute(query.where(column.in_(part)))]
