"""Asking about assignments, always on behalf of a person: `visible_to(user)` is the only road to a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from tracker.accounts.acting import User
from tracker.accounts.models import Person
from tracker.db import db
from tracker.directives.models import Directive
from tracker.directives.queries import visible as directive_visible
from tracker.errors import NotFound
from tracker.evidence.models import StoredFile
from tracker.evidence.queries import directives_with, evidence_with
from tracker.rules.access import OF_UNIT
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy, overdue_through
from tracker.rules.lifecycle import Kind, State
from tracker.rules.texts import fold
from tracker.tasks import standing
from tracker.tasks.models import (
    Assignment,
    Coordination,
    Extension,
    FanOut,
    Progress,
    Submission,
    SubmissionEvidence,
    Target,
    TargetReading,
    Task,
)
from tracker.units.models import Unit
from tracker.units.queries import subtree


def led(user: User) -> ColumnElement[bool]:
    """Which assignments a person's lists and counts are made of: those that units of their subtree lead.

    A department also lists what it assigned; a province assigns within itself, so one condition says both.
    """
    own = subtree(user.unit_path)
    led_below = Assignment.unit_id.in_(own)
    if user.role in OF_UNIT or user.unit_path == user.province_path:
        return led_below
    return sa.or_(led_below, Assignment.assigner_id.in_(own))


def helped(user: User) -> ColumnElement[bool]:
    """Which assignments a person's unit coordinates: seen and reminded, never counted (D1)."""
    tasks = sa.select(Coordination.task_id).where(Coordination.unit_id.in_(subtree(user.unit_path)))
    return Assignment.task_id.in_(tasks)


def visible(user: User) -> ColumnElement[bool]:
    """Which assignments a person may see at all."""
    return sa.or_(led(user), helped(user)) if user.role in OF_UNIT else led(user)


def assignment(user: User, assignment_id: int) -> Assignment:
    """One assignment with what its page shows; raises NotFound when it is not the person's to see."""
    found = db.session.scalar(
        sa.select(Assignment)
        .where(Assignment.id == assignment_id, visible(user))
        .options(
            joinedload(Assignment.task).joinedload(Task.directive).joinedload(Directive.issuer),
            joinedload(Assignment.task).joinedload(Task.monitor),
            joinedload(Assignment.unit),
            joinedload(Assignment.assigner),
            joinedload(Assignment.officer),
        )
    )
    if found is None:
        raise NotFound("Không tìm thấy nhiệm vụ này.")
    return found


def pending_submission(of: Assignment) -> Submission | None:
    """The result that is written and not yet decided."""
    return db.session.scalar(
        sa.select(Submission)
        .where(Submission.assignment_id == of.id, Submission.outcome == "pending")
        .order_by(Submission.id.desc())
        .limit(1)
    )


def submissions(of: Assignment) -> Sequence[Submission]:
    """All results of an assignment with their evidence, newest first."""
    return db.session.scalars(
        sa.select(Submission)
        .where(Submission.assignment_id == of.id)
        .options(
            selectinload(Submission.evidence),
            joinedload(Submission.written_by),
            joinedload(Submission.sent_by),
        )
        .order_by(Submission.id.desc())
    ).all()


def open_extension(of: Assignment) -> Extension | None:
    """The extension request that waits for a decision."""
    return db.session.scalar(
        sa.select(Extension).where(Extension.assignment_id == of.id, Extension.granted.is_(None)).limit(1)
    )


def extensions(of: Assignment) -> Sequence[Extension]:
    """All extension requests of an assignment, newest first."""
    return db.session.scalars(
        sa.select(Extension).where(Extension.assignment_id == of.id).order_by(Extension.id.desc())
    ).all()


def progress(of: Assignment) -> Sequence[Progress]:
    """All progress reports of an assignment, newest first."""
    return db.session.scalars(
        sa.select(Progress)
        .where(Progress.assignment_id == of.id)
        .options(joinedload(Progress.by))
        .order_by(Progress.id.desc())
    ).all()


def siblings(of: Assignment, user: User) -> Sequence[Assignment]:
    """The same task at the other units that the person may see."""
    return db.session.scalars(
        sa.select(Assignment)
        .join(Assignment.unit)
        .where(Assignment.task_id == of.task_id, Assignment.id != of.id, visible(user))
        .options(contains_eager(Assignment.unit))
        .order_by(Unit.sort_key)
    ).all()


@dataclass(frozen=True)
class Day:
    """Everything that time status depends on besides the record: the day, the calendar, the policy."""

    on: date
    calendar: WorkingCalendar
    policy: Policy


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to.

    `view` is one of VIEWS, or "helping" for what the unit coordinates; `box` one of the six boxes as of the day;
    `unit_path` names a unit with all below it, as figures do; `ids` are rows that were ticked.
    """

    view: str = "all"
    text: str = ""
    unit_path: str = ""
    directive_id: int | None = None
    task_id: int | None = None
    assigner_id: int | None = None
    officer_id: int | None = None
    kind: str = ""
    due_from: date | None = None
    due_until: date | None = None
    starred: bool = False
    difficulty: str = ""
    box: str = ""
    cluster: str = ""
    ids: tuple[int, ...] = ()


VIEWS = ("todo", "overdue", "today", "soon", "review", "returned", "new", "open", "done", "all")
SORTS = ("due", "unit", "content", "updated", "state")
SOON_VIEW_DAYS = 7


def _narrowed(user: User, filters: Filters, day: Day) -> list[ColumnElement[bool]]:
    """The conditions of a list. What lies in other tables is asked there first: no join, one index serves."""
    scope = sa.and_(helped(user), sa.not_(led(user))) if filters.view == "helping" else led(user)
    exact = {
        Assignment.task_id: filters.task_id,
        Assignment.assigner_id: filters.assigner_id,
        Assignment.officer_id: filters.officer_id,
        Assignment.kind: filters.kind or None,
        Assignment.difficulty: filters.difficulty or None,
    }
    conditions = [scope, *(column == value for column, value in exact.items() if value is not None)]
    if filters.directive_id is not None:
        conditions.append(Assignment.task_id.in_(_tasks(Task.directive_id == filters.directive_id)))
    if filters.unit_path:
        conditions.append(Assignment.unit_id.in_(subtree(filters.unit_path)))
    if filters.ids:
        conditions.append(Assignment.id.in_(filters.ids))
    if filters.starred:
        conditions.append(Assignment.task_id.in_(_tasks(Task.starred.is_(True))))
    if filters.cluster:
        conditions.append(Assignment.unit_id.in_(sa.select(Unit.id).where(Unit.cluster == filters.cluster)))
    if filters.due_from:
        conditions.append(Assignment.due_on >= filters.due_from)
    if filters.due_until:
        conditions.append(Assignment.due_on <= filters.due_until)
    conditions += [_says(word) for word in fold(filters.text).split()]
    if filters.box:
        conditions.append(standing.is_counted(Assignment.kind))
        conditions.append(standing.box(Assignment, day.on, day.calendar, day.policy) == filters.box)
    return conditions


def _tasks(condition: ColumnElement[bool]) -> Any:
    return sa.select(Task.id).where(condition)


def _says(word: str) -> ColumnElement[bool]:
    """Whether task, document number or unit hold the folded word."""
    units = sa.select(Unit.id).where(Unit.search_text.contains(word, autoescape=True))
    tasks = _tasks(Task.search_text.contains(word, autoescape=True))
    return sa.or_(Assignment.task_id.in_(tasks), Assignment.unit_id.in_(units))


def view_condition(view: str, day: Day) -> ColumnElement[bool]:
    """What each ready-made view shows; the same condition counts it."""
    running = standing.is_running(Assignment)
    line = overdue_through(day.on, day.calendar, day.policy)
    tomorrow = _due_by(day, 0)
    week = _due_by(day, SOON_VIEW_DAYS)
    review = Assignment.state == State.SUBMITTED.value
    conditions: dict[str, ColumnElement[bool]] = {
        "overdue": sa.and_(running, Assignment.due_on <= line),
        "today": sa.and_(running, Assignment.due_on > line, Assignment.due_on <= tomorrow),
        "soon": sa.and_(running, Assignment.due_on > tomorrow, Assignment.due_on <= week),
        "todo": sa.or_(sa.and_(running, Assignment.due_on <= week), review, sa.and_(running, Assignment.returned)),
        "review": review,
        "returned": sa.and_(running, Assignment.returned),
        "new": Assignment.state == State.ASSIGNED.value,
        "open": running,
        "done": Assignment.state == State.COMPLETED.value,
        "all": sa.true(),
        "helping": sa.true(),
    }
    return conditions[view]


Row = Any
"""A row of plain values with the names of `_LISTED`."""

_LISTED = (
    Assignment.id,
    Assignment.state,
    Assignment.kind,
    Assignment.assigned_on,
    Assignment.due_on,
    Assignment.original_due,
    Assignment.submitted_on,
    Assignment.completed_on,
    Assignment.completed_due,
    Assignment.received_at,
    Assignment.returned,
    Assignment.with_leader_at,
    Assignment.officer_id,
    Assignment.difficulty,
    Assignment.updated_at,
    Assignment.evidence_count,
    Assignment.extensions,
    Assignment.version,
    Task.id.label("task_id"),
    Task.content,
    Task.ordinal,
    Task.starred,
    Directive.id.label("directive_id"),
    Directive.doc_symbol,
    Unit.id.label("unit_id"),
    Unit.name.label("unit_name"),
    Person.name.label("officer_name"),
)


def _listed(*conditions: ColumnElement[bool]) -> Any:
    return (
        sa.select(*_LISTED)
        .join(Task, Task.id == Assignment.task_id)
        .join(Directive, Directive.id == Task.directive_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == Assignment.officer_id)
        .where(*conditions)
    )


def _order(sort: str, descending: bool) -> list[Any]:
    column: Any = {
        "due": Assignment.due_on,
        "unit": Unit.sort_key,
        "content": Task.content,
        "updated": Assignment.updated_at,
        "state": Assignment.state,
    }[sort]
    first = column.desc() if descending else column.asc()
    first = first.nulls_last() if sort == "due" else first
    return [first, Assignment.id] if sort == "due" else [first, Assignment.due_on.asc().nulls_last(), Assignment.id]


def listing(
    user: User,
    filters: Filters,
    day: Day,
    *,
    sort: str = "due",
    descending: bool = False,
    limit: int | None = 50,
    offset: int = 0,
) -> Sequence[Row]:
    """The rows of a list as plain values, in the wanted order; second key always the due date, then the id."""
    order = _order(sort, descending)
    wanted = sa.select(Assignment.id)
    if sort in ("unit", "content"):
        wanted = wanted.join(Task, Task.id == Assignment.task_id).join(Unit, Unit.id == Assignment.unit_id)
    wanted = wanted.where(*_narrowed(user, filters, day), view_condition(filters.view, day))
    wanted = wanted.order_by(*order).offset(offset).limit(limit)
    return db.session.execute(_listed(Assignment.id.in_(wanted.scalar_subquery())).order_by(*order)).all()


def view_counts(user: User, filters: Filters, day: Day) -> dict[str, int]:
    """How many rows each ready-made view holds under the same filters, in one question.

    Each view is counted by itself: an index range each is many times quicker than one pass over all rows.
    «Cần xử lý» is the sum of views that do not overlap, and of what was returned and is due later.
    """
    query = sa.select(sa.func.count()).select_from(Assignment)
    query = query.where(*_narrowed(user, replace(filters, view="all"), day))
    parts = {view: view_condition(view, day) for view in VIEWS if view != "todo"}
    week = _due_by(day, SOON_VIEW_DAYS)
    later = sa.or_(Assignment.due_on > week, Assignment.due_on.is_(None))
    parts["returned_later"] = sa.and_(view_condition("returned", day), later)
    counts = [query.where(part).scalar_subquery().label(view) for view, part in parts.items()]
    found: dict[str, int] = dict(db.session.execute(sa.select(*counts)).one()._mapping)
    later_ones = found.pop("returned_later")
    return found | {"todo": sum(found[view] for view in ("overdue", "today", "soon", "review")) + later_ones}


def _due_by(day: Day, days: int) -> date:
    """The latest due date whose term ends within so many days from the day."""
    return overdue_through(day.on + timedelta(days=days + 1), day.calendar, day.policy)


def box_counts(unit_path: str, day: Day) -> dict[str, int]:
    """How many counted assignments of a unit's subtree stand in each box today; boxes of none are left out."""
    box = standing.box(Assignment, day.on, day.calendar, day.policy)
    rows = db.session.execute(
        sa.select(box.label("box"), sa.func.count())
        .where(Assignment.unit_id.in_(subtree(unit_path)), standing.is_counted(Assignment.kind))
        .group_by("box")
    )
    return {box: number for box, number in rows if box is not None}


def completion(unit_path: str) -> tuple[int, int]:
    """How many counted assignments of a unit's subtree are done, and how many there are (R1 of today)."""
    done = sa.func.count(sa.case((Assignment.state == State.COMPLETED.value, 1)))
    row = db.session.execute(
        sa.select(done, sa.func.count()).where(
            Assignment.unit_id.in_(subtree(unit_path)),
            standing.is_counted(Assignment.kind),
            Assignment.state.not_in(standing.UNCOUNTED_STATES),
        )
    ).one()
    return row[0], row[1]


def latest_progress(assignment_ids: Sequence[int]) -> dict[int, Progress]:
    """The last progress report of each of the assignments that has one."""
    last = (
        sa.select(sa.func.max(Progress.id))
        .where(Progress.assignment_id.in_(assignment_ids))
        .group_by(Progress.assignment_id)
    )
    return {one.assignment_id: one for one in db.session.scalars(sa.select(Progress).where(Progress.id.in_(last)))}


def directives_known(user: User, *, limit: int = 100) -> Sequence[Any]:
    """The latest directives a list can be narrowed to: (id, number), those with work that the person may see."""
    query = sa.select(Directive.id, Directive.doc_symbol).order_by(Directive.issued_on.desc(), Directive.id.desc())
    if user.role in OF_UNIT:
        own = sa.select(Task.directive_id).join(Assignment, Assignment.task_id == Task.id).where(visible(user))
        query = query.where(Directive.id.in_(own))
    else:
        query = query.where(Directive.issuer_id.in_(subtree(user.unit_path)))
    return db.session.execute(query.limit(limit)).all()


def last_used(unit_id: int) -> dict[int, datetime]:
    """When each officer of a unit was last given work, by the id of the person."""
    rows = db.session.execute(
        sa.select(Assignment.officer_id, sa.func.max(Assignment.updated_at))
        .where(Assignment.unit_id == unit_id, Assignment.officer_id.is_not(None))
        .group_by(Assignment.officer_id)
    )
    return {officer_id: at for officer_id, at in rows if officer_id is not None}


def urgent(user: User, day: Day, *, officer_id: int | None = None, limit: int = 30) -> Sequence[Row]:
    """What a unit must do now: waiting for its leader, due today, overdue, returned or nobody's yet."""
    running = standing.is_running(Assignment)
    tomorrow = _due_by(day, 0)
    now = sa.or_(
        Assignment.with_leader_at.is_not(None),
        Assignment.due_on <= tomorrow,
        Assignment.returned,
        sa.and_(Assignment.state == State.ASSIGNED.value, Assignment.kind != Kind.STANDING.value),
    )
    mine = [Assignment.officer_id == officer_id] if officer_id else []
    own = Assignment.unit_id.in_(subtree(user.unit_path))
    query = _listed(own, running, now, *mine).order_by(
        Assignment.with_leader_at.is_(None), Assignment.due_on.asc().nulls_last(), Assignment.id
    )
    return db.session.execute(query.limit(limit)).all()


def coming(user: User, day: Day, *, days: int = SOON_VIEW_DAYS, officer_id: int | None = None) -> Sequence[Row]:
    """What falls due in the next `days` calendar days, today left out."""
    running = standing.is_running(Assignment)
    tomorrow = _due_by(day, 0)
    end = _due_by(day, days)
    mine = [Assignment.officer_id == officer_id] if officer_id else []
    own = Assignment.unit_id.in_(subtree(user.unit_path))
    query = _listed(own, running, Assignment.due_on > tomorrow, Assignment.due_on <= end, *mine)
    return db.session.execute(query.order_by(Assignment.due_on, Assignment.id)).all()


def due_per_day(user: User, start: date, days: int, *, officer_id: int | None = None) -> dict[date, int]:
    """How many open assignments of the unit are due on each of the next days."""
    running = standing.is_running(Assignment)
    mine = [Assignment.officer_id == officer_id] if officer_id else []
    rows = db.session.execute(
        sa.select(Assignment.due_on, sa.func.count())
        .where(
            Assignment.unit_id.in_(subtree(user.unit_path)),
            running,
            Assignment.due_on.between(start, start + timedelta(days=days - 1)),
            *mine,
        )
        .group_by(Assignment.due_on)
    )
    return {due_on: number for due_on, number in rows if due_on is not None}


def answers(user: User, *, limit: int = 5) -> Sequence[Any]:
    """What the province decided lately on the unit's results: (submission, assignment id, content)."""
    return db.session.execute(
        sa.select(Submission, Assignment.id, Task.content)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Assignment.unit_id.in_(subtree(user.unit_path)), Submission.outcome.in_(["confirmed", "returned"]))
        .order_by(Submission.decided_at.desc())
        .limit(limit)
    ).all()


def reviews(user: User, *, limit: int = 200) -> Sequence[Any]:
    """What waits for the province, first in first out: listed rows with the moment each was sent."""
    query = (
        _listed(Assignment.state == State.SUBMITTED.value, Assignment.assigner_id.in_(subtree(user.unit_path)))
        .add_columns(Submission.sent_at)
        .join(Submission, sa.and_(Submission.assignment_id == Assignment.id, Submission.outcome == "pending"))
        .order_by(Submission.sent_at, Assignment.id)
    )
    return db.session.execute(query.limit(limit)).all()


def waiting_extensions(user: User) -> Sequence[Any]:
    """Extension requests that wait for the province: (extension, listed assignment columns)."""
    return db.session.execute(
        sa.select(Extension, Assignment.id, Task.content, Unit.name.label("unit_name"), Assignment.due_on)
        .join(Assignment, Assignment.id == Extension.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Extension.granted.is_(None), Assignment.assigner_id.in_(subtree(user.unit_path)))
        .order_by(Extension.asked_at)
    ).all()


def declined(user: User) -> Sequence[Row]:
    """Assignments that a unit asked not to do, waiting for the province."""
    return db.session.execute(
        _listed(
            Assignment.state == State.DECLINED.value, Assignment.assigner_id.in_(subtree(user.unit_path))
        ).order_by(Assignment.updated_at)
    ).all()


def tasks_of(directive_id: int, user: User, day: Day) -> Sequence[Any]:
    """The tasks of a directive with, as far as the person may see, how many were given, done and overdue."""
    given = aliased(Assignment)
    seen = sa.select(Assignment.id).where(visible(user))
    where = standing.box(given, day.on, day.calendar, day.policy)
    return db.session.execute(
        sa.select(
            Task,
            sa.func.count(given.id).label("given"),
            sa.func.count(sa.case((given.state == State.COMPLETED.value, 1))).label("done"),
            sa.func.count(sa.case((where == "open_overdue", 1))).label("overdue"),
        )
        .outerjoin(given, sa.and_(given.task_id == Task.id, given.id.in_(seen)))
        .where(Task.directive_id == directive_id)
        .group_by(Task.id)
        .order_by(Task.id)
    ).all()


def directive(user: User, directive_id: int) -> Directive:
    """A directive issued in the person's subtree, to add tasks to; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(Directive)
        .where(Directive.id == directive_id, Directive.issuer_id.in_(subtree(user.unit_path)))
        .options(joinedload(Directive.issuer))
    )
    if found is None:
        raise NotFound("Không tìm thấy văn bản này.")
    return found


def task(user: User, task_id: int) -> Task:
    """One task of a directive issued in the person's subtree; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(Task)
        .join(Task.directive)
        .where(Task.id == task_id, Directive.issuer_id.in_(subtree(user.unit_path)))
    )
    if found is None:
        raise NotFound("Không tìm thấy nhiệm vụ này.")
    return found


def fan_out(user: User, fan_out_id: int) -> FanOut:
    """One fan-out of a directive issued in the person's subtree; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(FanOut)
        .join(Directive, Directive.id == FanOut.directive_id)
        .where(FanOut.id == fan_out_id, Directive.issuer_id.in_(subtree(user.unit_path)))
    )
    if found is None:
        raise NotFound("Không tìm thấy lần giao này.")
    return found


def latest_fan_out(directive_id: int) -> FanOut | None:
    """The last fan-out of a directive that was not undone."""
    return db.session.scalar(
        sa.select(FanOut)
        .where(FanOut.directive_id == directive_id, FanOut.undone_at.is_(None))
        .order_by(FanOut.id.desc())
        .limit(1)
    )


def target(user: User, target_id: int) -> Target:
    """One target of a unit in the person's subtree; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(Target).where(Target.id == target_id, Target.unit_id.in_(subtree(user.unit_path)))
    )
    if found is None:
        raise NotFound("Không tìm thấy chỉ tiêu này.")
    return found


def targets(unit_path: str, as_of: date) -> Sequence[Any]:
    """The targets of a unit's subtree, each with its last reading by the day (value, met, day) or NULLs."""
    last = (
        sa.select(TargetReading.target_id, sa.func.max(TargetReading.id).label("id"))
        .where(TargetReading.as_of <= as_of)
        .group_by(TargetReading.target_id)
        .subquery()
    )
    return db.session.execute(
        sa.select(Target, TargetReading.value, TargetReading.met, TargetReading.as_of)
        .options(joinedload(Target.unit), joinedload(Target.directive))
        .outerjoin(last, last.c.target_id == Target.id)
        .outerjoin(TargetReading, TargetReading.id == last.c.id)
        .where(Target.unit_id.in_(subtree(unit_path)), Target.set_on <= as_of)
        .order_by(Target.id)
    ).all()


def downloadable(user: User, file_id: int) -> StoredFile:
    """A file that the person uploaded, or that belongs to a directive or a result open to them.

    A result that the unit's leader has not sent yet is the unit's alone. Raises NotFound otherwise.
    """
    papers = sa.select(Directive.id).where(Directive.id.in_(directives_with(file_id)), directive_visible(user))
    own = Assignment.unit_id.in_(subtree(user.unit_path))
    results = (
        sa.select(Submission.id)
        .join(SubmissionEvidence, SubmissionEvidence.submission_id == Submission.id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            SubmissionEvidence.evidence_id.in_(evidence_with(file_id)),
            visible(user),
            sa.or_(Submission.sent_at.is_not(None), own if user.role in OF_UNIT else sa.false()),
        )
    )
    found = db.session.scalar(
        sa.select(StoredFile).where(
            StoredFile.id == file_id,
            sa.or_(StoredFile.uploaded_by_id == user.person_id, papers.exists(), results.exists()),
        )
    )
    if found is None:
        raise NotFound("Không tìm thấy tệp này.")
    return found


def targets_of(directive_id: int, user: User) -> Sequence[Any]:
    """The targets of a directive: content and goal with how many units of the person's subtree hold it."""
    return db.session.execute(
        sa.select(
            Target.content,
            Target.goal,
            Target.measure,
            Target.direction,
            sa.func.count().label("units"),
        )
        .where(Target.directive_id == directive_id, Target.unit_id.in_(subtree(user.unit_path)))
        .group_by(Target.content, Target.goal, Target.measure, Target.direction)
        .order_by(sa.func.min(Target.id))
    ).all()
