"""How work begins: tasks of a directive, their fan-out to units in one deed, its undoing, and targets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.directives.models import Directive
from tracker.errors import Invalid, NotFound, Refused
from tracker.history.actions import record, record_first
from tracker.rules.access import Deed, require
from tracker.rules.lifecycle import Kind, State
from tracker.rules.rates import Direction, target_met
from tracker.rules.recurrence import check_rule
from tracker.rules.texts import fold
from tracker.tasks.beginning import assigner_of, assignment_row, begin
from tracker.tasks.models import (
    Assignment,
    Coordination,
    FanOut,
    Series,
    Standing,
    Target,
    TargetReading,
    Task,
)
from tracker.tasks.recurring import begin_series
from tracker.units.models import Unit

UNNAME, NAME_AGAIN = "unname_by_zalo", "name_by_zalo"
"""What the history of a task says when Zalo may no longer name it, and when it may again."""


def add_task(
    directive: Directive,
    *,
    content: str,
    kind: Kind,
    due_text: str = "",
    due_on: date | None = None,
    deliverable: str = "",
    ordinal: str = "",
    section: str = "",
    recurrence: str = "",
    starred: bool = False,
    unnamed_by_zalo: bool = False,
    coordinators: Sequence[Unit] = (),
    monitor_id: int | None = None,
    by: User,
    now: datetime,
) -> Task:
    """Add a task to a directive. The wording of the deadline is kept beside the confirmed date."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    _check_own(directive, by)
    check_deadline(kind, due_on, recurrence, directive)
    with atomic():
        task = Task(
            directive_id=directive.id,
            ordinal=ordinal,
            section=section,
            content=content,
            deliverable=deliverable,
            kind=kind,
            due_text=due_text,
            due_on=due_on,
            recurrence=recurrence,
            starred=starred,
            unnamed_by_zalo=unnamed_by_zalo,
            monitor_id=monitor_id or by.person_id,
            registered_at=now,
            search_text=fold(f"{content} {directive.doc_symbol}"),
        )
        db.session.add(task)
        db.session.flush()
        db.session.add_all(Coordination(task_id=task.id, unit_id=unit.id) for unit in coordinators)
        record("directive", directive.id, "add_task", by=by, now=now, task_id=task.id, content=content)
        if unnamed_by_zalo:
            record("task", task.id, UNNAME, by=by, now=now)
    return task


def _check_own(directive: Directive, by: User) -> None:
    if not directive.issuer.path.startswith(by.unit_path):
        raise NotFound


def check_deadline(kind: Kind, due_on: date | None, recurrence: str, directive: Directive) -> None:
    """Raise Invalid when a task of this kind cannot have this due date or rhythm."""
    if kind == Kind.RECURRING:
        check_rule(recurrence)
    if kind == Kind.SCHEDULED and due_on is None:
        raise Invalid({"due_on": "Nhiệm vụ có thời hạn cần ngày hạn; nếu chưa rõ, chọn «Không có thời hạn»."})
    if kind in (Kind.STANDING, Kind.UNDATED) and due_on is not None:
        raise Invalid({"due_on": "Loại nhiệm vụ này không có ngày hạn; bỏ trống hoặc chọn «Có thời hạn»."})
    if due_on is not None and due_on < directive.issued_on:
        raise Invalid({"due_on": f"Hạn phải từ ngày văn bản ({directive.issued_on:%d/%m/%Y}) trở đi."})


def star(task: Task, starred: bool, *, by: User, now: datetime) -> None:
    """Mark a task as one of focus (gắn sao), or no longer."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    _check_own(task.directive, by)
    with atomic():
        task.starred = starred
        record("directive", task.directive_id, "star", by=by, now=now, task_id=task.id, starred=starred)


def leave_unnamed(task: Task, unnamed: bool, *, by: User, now: datetime) -> None:
    """Let messages by Zalo only count a task (không gửi qua Zalo), or name it again."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    _check_own(task.directive, by)
    with atomic():
        db.session.refresh(task, with_for_update={"of": Task})
        if task.unnamed_by_zalo != unnamed:
            task.unnamed_by_zalo = unnamed
            record("task", task.id, UNNAME if unnamed else NAME_AGAIN, by=by, now=now)


def assign(tasks: Sequence[Task], units: Sequence[Unit], *, by: User, now: datetime) -> FanOut:
    """Assign every given task to every given unit in one deed; what is already assigned is left alone.

    Raises Invalid when nothing is chosen, Refused when nothing new would come of it.
    """
    require(by.role, Deed.ASSIGN)
    if not tasks or not units:
        missing = {} if tasks else {"tasks": "Chọn ít nhất một nhiệm vụ."}
        raise Invalid(missing | ({} if units else {"units": "Chọn ít nhất một đơn vị."}))
    directive = tasks[0].directive
    _check_own(directive, by)
    if any(not unit.path.startswith(by.province_path) for unit in units):
        raise Invalid({"units": "Chỉ giao được cho đơn vị thuộc tỉnh."})
    with atomic():
        known = _already_given(tasks)
        fresh = [(task, unit) for task in tasks for unit in units if (task.id, unit.id) not in known]
        if not fresh:
            raise Refused("Các nhiệm vụ này đã được giao cho những đơn vị đã chọn.")
        return give(directive, fresh, by=by, now=now)


def _already_given(tasks: Sequence[Task]) -> set[tuple[int, int]]:
    """Which task which unit has already, as an assignment or as a series that makes them."""
    ids = [task.id for task in tasks]
    once = Assignment.kind != Kind.RECURRING.value
    given = sa.select(Assignment.task_id, Assignment.unit_id).where(Assignment.task_id.in_(ids), once)
    running = sa.select(Series.task_id, Series.unit_id).where(Series.task_id.in_(ids), Series.ended_on.is_(None))
    return {(task_id, unit_id) for task_id, unit_id in db.session.execute(given.union(running))}


def give(directive: Directive, pairs: Sequence[tuple[Task, Unit]], *, by: User, now: datetime) -> FanOut:
    """Give each task to its unit as one fan-out, inside a larger deed that has checked both.

    A recurring duty becomes a series, whose occurrences come ahead of time.
    """
    fan_out = FanOut(directive_id=directive.id, at=now, by_id=by.person_id)
    db.session.add(fan_out)
    db.session.flush()
    once = [pair for pair in pairs if pair[0].kind != Kind.RECURRING]
    assigner_id = assigner_of(directive)
    rows = [
        assignment_row(task, unit.id, assigner_id, now=now, due_on=task.due_on, fan_out_id=fan_out.id)
        for task, unit in once
    ]
    given = begin(rows, now)
    record_first("assignment", given, "assign", by=by, now=now, fan_out=fan_out.id)
    made = begin_series([pair for pair in pairs if pair[0].kind == Kind.RECURRING], fan_out, by=by, now=now)
    count = len(given) + made
    record("directive", directive.id, "assign", by=by, now=now, fan_out=fan_out.id, count=count)
    return fan_out


def undo(fan_out: FanOut, *, by: User, now: datetime, minutes: int) -> int:
    """Take a fan-out back within `minutes` while no unit has touched it; returns how many assignments went."""
    require(by.role, Deed.ASSIGN)
    directive = db.session.get(Directive, fan_out.directive_id)
    if directive is None:
        raise NotFound
    _check_own(directive, by)
    with atomic():
        db.session.refresh(fan_out, with_for_update=True)
        if fan_out.undone_at is not None:
            raise Refused("Lần giao này đã được hoàn tác.")
        if now - fan_out.at > timedelta(minutes=minutes):
            raise Refused(f"Chỉ hoàn tác được trong {minutes} phút sau khi giao; hãy hủy từng nhiệm vụ bằng văn bản.")
        given = db.session.scalars(sa.select(Assignment).where(Assignment.fan_out_id == fan_out.id)).all()
        touched = [one for one in given if one.state != State.ASSIGNED]
        if touched:
            raise Refused(f"{len(touched)} đơn vị đã tiếp nhận nên không hoàn tác được nữa.")
        fan_out.undone_at = now
        db.session.execute(sa.delete(Series).where(Series.fan_out_id == fan_out.id))
        db.session.execute(sa.delete(Standing).where(Standing.assignment_id.in_([one.id for one in given])))
        for one in given:
            record("assignment", one.id, "undo", by=by, now=now)
        db.session.flush()
        db.session.execute(sa.delete(Assignment).where(Assignment.fan_out_id == fan_out.id))
        record("directive", directive.id, "undo", by=by, now=now, fan_out=fan_out.id, count=len(given))
    return len(given)


def set_target(
    directive: Directive,
    units: Sequence[Unit],
    *,
    content: str,
    goal: Decimal | None,
    measure: str,
    direction: str,
    by: User,
    now: datetime,
) -> list[Target]:
    """Set a target (mục tiêu, chỉ tiêu) for units; without a goal it can only be declared met."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    _check_own(directive, by)
    if not units:
        raise Invalid({"units": "Chọn ít nhất một đơn vị."})
    if goal is None and direction != "declared":
        raise Invalid({"goal": "Nhập giá trị mục tiêu, hoặc chọn «Đánh giá bằng lời»."})
    with atomic():
        targets = [
            Target(
                directive_id=directive.id,
                unit_id=unit.id,
                content=content,
                goal=goal,
                measure=measure,
                direction=direction,
                set_on=now.date(),
            )
            for unit in units
        ]
        db.session.add_all(targets)
        record("directive", directive.id, "set_target", by=by, now=now, content=content, count=len(units))
    return targets


def read_target(
    target: Target, as_of: date, value: Decimal | None, declared_met: bool, *, by: User, now: datetime
) -> TargetReading:
    """Record the value of a target on a day; whether it is met follows from goal and direction."""
    require(by.role, Deed.READ_TARGET)
    if not target.unit.path.startswith(by.unit_path):
        raise NotFound
    if as_of > now.date():
        raise Invalid({"as_of": "Ngày số liệu không được sau hôm nay."})
    if target.goal is not None and value is None:
        raise Invalid({"value": "Nhập giá trị đạt được."})
    with atomic():
        met = declared_met if target.goal is None else target_met(target.goal, Direction(target.direction), value)
        reading = TargetReading(
            target_id=target.id, as_of=as_of, value=value, met=bool(met), recorded_at=now, by_id=by.person_id
        )
        db.session.add(reading)
        record("target", target.id, "read", by=by, now=now, as_of=as_of, value=value, met=reading.met)
    return reading
