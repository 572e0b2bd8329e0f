"""Recurring duties: a series of one unit, and its occurrences, made ahead of time, each an assignment of its own.

    task (rule) ──► series of a unit ──► occurrence 14/06 │ occurrence 14/07 │ …
                    made_through ───────────────────────────▲ nothing up to here is made again

What was made and touched is left alone for ever: a change or an end takes back only what nobody has begun. A new
occurrence is with the officer who had the one before, while that person still works in the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.accounts.acting import User
from tracker.accounts.queries import holds_post_in
from tracker.db import atomic, db
from tracker.errors import Invalid, NotFound, Refused
from tracker.history.actions import record, record_first
from tracker.rules.access import Deed, require
from tracker.rules.lifecycle import Kind, Move, State
from tracker.rules.recurrence import AHEAD_DAYS, check_rule, occurrences
from tracker.tasks.beginning import assigner_of, assignment_row, begin
from tracker.tasks.ledger import move
from tracker.tasks.models import Assignment, FanOut, Series, Task
from tracker.units.models import Unit


def anchor_of(task: Task) -> date:
    """The day from which the rule of a task counts: its first due date where one is set, else its document's."""
    return task.due_on or task.directive.issued_on


def begin_series(pairs: Sequence[tuple[Task, Unit]], fan_out: FanOut, *, by: User, now: datetime) -> int:
    """Begin the series of each task and unit from today, inside a larger deed; returns how many occurrences it made.

    A series that had ended begins anew.
    """
    if not pairs:
        return 0
    ended = _series_of([task.id for task, _ in pairs])
    begun = [_begun(ended.get((task.id, unit.id)), task, unit, fan_out, now.date()) for task, unit in pairs]
    db.session.flush()
    return _make(begun, by=by, now=now)


def _series_of(task_ids: Sequence[int]) -> dict[tuple[int, int], Series]:
    found = db.session.scalars(sa.select(Series).where(Series.task_id.in_(task_ids)))
    return {(series.task_id, series.unit_id): series for series in found}


def _begun(series: Series | None, task: Task, unit: Unit, fan_out: FanOut, today: date) -> Series:
    series = series or Series(task_id=task.id, unit_id=unit.id, task=task, unit=unit)
    series.fan_out_id, series.begins_on, series.ended_on = fan_out.id, today, None
    series.made_through = today - timedelta(days=1)
    db.session.add(series)
    return series


def make_occurrences(*, now: datetime) -> int:
    """Make every occurrence whose time has come by now and that is not there yet; returns how many are new.

    Run twice, or by two processes at once, it makes each occurrence once: the series is locked, what lies up to
    `made_through` is not made again, and the database knows one assignment for a task, unit and occurrence.
    """
    made = 0
    for series_id in db.session.scalars(sa.select(Series.id).where(_runs(now.date())).order_by(Series.id)).all():
        with atomic():
            series = db.session.scalar(_locked(series_id))
            made += _make([series], by=None, now=now) if series is not None else 0
    return made


def _runs(today: date) -> sa.ColumnElement[bool]:
    """Whether a series may have something to make: its end has not been made yet."""
    ahead = today + timedelta(days=AHEAD_DAYS)
    return sa.and_(
        Series.made_through < ahead,
        sa.or_(Series.ended_on.is_(None), Series.ended_on > Series.made_through),
    )


def _locked(series_id: int) -> sa.Select[Series]:
    query = (
        sa.select(Series).where(Series.id == series_id).options(joinedload(Series.task).joinedload(Task.directive))
    )
    return query.with_for_update(of=Series).execution_options(populate_existing=True)


def _make(many: Sequence[Series], *, by: User | None, now: datetime) -> int:
    """Begin the occurrences of these series that are due to be made; returns how many."""
    before, days_of = _made_already(many), cache(occurrences)
    rows: list[dict[str, Any]] = []
    for series in many:
        task, made = series.task, before[series.task_id, series.unit_id]
        until = min(now.date() + timedelta(days=AHEAD_DAYS), series.ended_on or date.max)
        days = days_of(task.recurrence, anchor_of(task), until, after=series.made_through)
        series.made_through = max(series.made_through, until)
        officer_id = made.heir(series.unit_id, now.date()) if days else None
        rows += [
            assignment_row(
                task,
                series.unit_id,
                assigner_of(task.directive),
                now=now,
                due_on=day,
                occurrence=_fresh_name(day, made.names),
                fan_out_id=series.fan_out_id,
                officer_id=officer_id,
            )
            for day in days
            if day not in made.held
        ]
    _tell(begin(rows, now), rows, by=by, now=now)
    return len(rows)


def _tell(numbers: Sequence[int], rows: Sequence[dict[str, Any]], *, by: User | None, now: datetime) -> None:
    """Write the first lines of new occurrences: given, and to whom they went by themselves."""
    named: dict[str, list[int]] = {}
    for number, row in zip(numbers, rows, strict=True):
        named.setdefault(row["occurrence"], []).append(number)
    for occurrence, ids in named.items():
        record_first("assignment", ids, "assign", by=by, now=now, occurrence=occurrence)
    for number, row in zip(numbers, rows, strict=True):
        if row["officer_id"] is not None:
            record("assignment", number, "delegate", by=None, now=now, officer_id=row["officer_id"])


@dataclass
class _Before:
    """What a series has made so far: the names of all occurrences, the due dates of those that were not taken back,
    and who was given the last one that somebody was given."""

    names: set[str] = field(default_factory=set)
    held: set[date] = field(default_factory=set)
    officer_id: int | None = None

    def heir(self, unit_id: int, today: date) -> int | None:
        """Who gets the next one: that officer, while they work in the unit."""
        found = self.officer_id
        return found if found is not None and holds_post_in(found, unit_id, today) else None


def _made_already(many: Sequence[Series]) -> dict[tuple[int, int], _Before]:
    """What each series has made, by task and unit."""
    found = {(series.task_id, series.unit_id): _Before() for series in many}
    rows = db.session.execute(
        sa.select(
            Assignment.task_id,
            Assignment.unit_id,
            Assignment.occurrence,
            Assignment.original_due,
            Assignment.state,
            Assignment.officer_id,
        )
        .where(
            Assignment.task_id.in_({task_id for task_id, _ in found}),
            Assignment.unit_id.in_({unit_id for _, unit_id in found}),
        )
        .order_by(Assignment.original_due, Assignment.id)
    )
    for task_id, unit_id, name, day, state, officer_id in rows:
        before = found.get((task_id, unit_id))
        if before is None:
            continue
        before.names.add(name)
        before.officer_id = officer_id or before.officer_id
        if day is not None and state != State.CANCELLED:
            before.held.add(day)
    return found


def _fresh_name(day: date, taken: set[str]) -> str:
    """The name of an occurrence: its first due date; a number follows when one of that name was taken back."""
    names = (day.isoformat() + (f"/{n}" if n > 1 else "") for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def change_series(task: Task, recurrence: str, document: str, *, by: User, now: datetime) -> int:
    """Give a recurring task another rhythm from tomorrow on, by a citing document; returns how many units it moves.

    Occurrences due until today, and later ones that somebody has begun, stay as they are. Raises Invalid for a
    wrong rule or a missing document, Refused when nothing changes.
    """
    _check(task, document, by)
    check_rule(recurrence)
    if recurrence == task.recurrence:
        raise Refused("Nhịp mới trùng với nhịp đang dùng.")
    with atomic():
        running = _running(task)
        wanted = set(_coming_days(task, recurrence, now.date()))
        old, task.recurrence = task.recurrence, recurrence
        for series in running:
            _take_back(series, now.date(), document, keep=wanted, by=by, now=now)
            series.made_through = now.date()
        _make(running, by=by, now=now)
        record("directive", task.directive_id, "change_series", by=by, now=now, task_id=task.id, old=old,
               recurrence=recurrence, document=document)  # fmt: skip
    return len(running)


def end_series(
    task: Task, last_on: date, document: str, *, units: Sequence[int] = (), by: User, now: datetime
) -> int:
    """End a recurring task after `last_on`, for some units or all, by a citing document; returns how many units.

    Occurrences due until then stay; later ones that nobody has begun are cancelled by the document.
    """
    _check(task, document, by)
    with atomic():
        running = [series for series in _running(task) if not units or series.unit_id in units]
        if not running:
            raise Refused("Nhiệm vụ định kỳ này đã kết thúc.")
        for series in running:
            series.ended_on = last_on
            _take_back(series, last_on, document, keep=set(), by=by, now=now)
        record("directive", task.directive_id, "end_series", by=by, now=now, task_id=task.id, last_on=last_on,
               document=document, count=len(running))  # fmt: skip
    return len(running)


def _check(task: Task, document: str, by: User) -> None:
    require(by.role, Deed.ASSIGN)
    if not task.directive.issuer.path.startswith(by.unit_path):
        raise NotFound
    if task.kind != Kind.RECURRING:
        raise Refused("Đây không phải nhiệm vụ định kỳ.")
    if not document:
        raise Invalid({"document": "Ghi số, ký hiệu, ngày của văn bản làm căn cứ."})


def _running(task: Task) -> list[Series]:
    query = sa.select(Series).where(Series.task_id == task.id, Series.ended_on.is_(None)).order_by(Series.id)
    return list(db.session.scalars(query.with_for_update()).all())


def _coming_days(task: Task, recurrence: str, today: date) -> list[date]:
    return occurrences(recurrence, anchor_of(task), today + timedelta(days=AHEAD_DAYS), after=today)


def _take_back(series: Series, after: date, document: str, *, keep: set[date], by: User, now: datetime) -> None:
    """Cancel what was made ahead for days later than `after` and nobody has begun, but for the days to keep."""
    untouched = db.session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.task_id == series.task_id,
            Assignment.unit_id == series.unit_id,
            Assignment.state == State.ASSIGNED.value,
            Assignment.due_on > after,
        )
        .with_for_update(of=Assignment)
    ).all()
    for one in untouched:
        if one.due_on not in keep:
            move(one, Move.CANCEL, now=now)
            record("assignment", one.id, "cancel", by=by, now=now, document=document)
