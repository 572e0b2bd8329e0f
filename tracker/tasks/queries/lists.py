"""Lists of assignments: what they are narrowed to, their ready-made views, their order and their counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from tracker.accounts.acting import User
from tracker.accounts.models import Person
from tracker.db import db
from tracker.directives.models import Directive
from tracker.rules.access import OF_UNIT
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy, overdue_through
from tracker.rules.lifecycle import State
from tracker.rules.texts import fold
from tracker.tasks import standing
from tracker.tasks.models import (
    Assignment,
    Progress,
    Task,
)
from tracker.tasks.queries.sight import helped, led, visible
from tracker.units.models import Unit
from tracker.units.queries import subtree


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
    `unit_path` names a unit with all below it, as figures do; `ids` are rows that were ticked;
    `upward` shows only what came of communes' proposals.
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
    upward: bool = False
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
    if filters.upward:
        conditions.append(Assignment.upward.is_(True))
    if filters.cluster:
        conditions.append(Assignment.unit_id.in_(sa.select(Unit.id).where(Unit.cluster == filters.cluster)))
    if filters.due_from:
        conditions.append(Assignment.due_on >= filters.due_from)
    if filters.due_until:
        conditions.append(Assignment.due_on <= filters.due_until)
    conditions += [_says(word) for word in fold(filters.text).split()]
    if filters.box:
        conditions.append(standing.is_counted(Assignment, upward=filters.upward))
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
    tomorrow = due_by(day, 0)
    week = due_by(day, SOON_VIEW_DAYS)
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
    Assignment.upward,
    Assignment.occurrence,
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


def listed(*conditions: ColumnElement[bool]) -> Any:
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
    return db.session.execute(listed(Assignment.id.in_(wanted.scalar_subquery())).order_by(*order)).all()


def view_counts(user: User, filters: Filters, day: Day) -> dict[str, int]:
    """How many rows each ready-made view holds under the same filters, in one question.

    Each view is counted by itself: an index range each is many times quicker than one pass over all rows.
    «Cần xử lý» is the sum of views that do not overlap, and of what was returned and is due later.
    """
    query = sa.select(sa.func.count()).select_from(Assignment)
    query = query.where(*_narrowed(user, replace(filters, view="all"), day))
    parts = {view: view_condition(view, day) for view in VIEWS if view != "todo"}
    week = due_by(day, SOON_VIEW_DAYS)
    later = sa.or_(Assignment.due_on > week, Assignment.due_on.is_(None))
    parts["returned_later"] = sa.and_(view_condition("returned", day), later)
    counts = [query.where(part).scalar_subquery().label(view) for view, part in parts.items()]
    found: dict[str, int] = dict(db.session.execute(sa.select(*counts)).one()._mapping)
    later_ones = found.pop("returned_later")
    return found | {"todo": sum(found[view] for view in ("overdue", "today", "soon", "review")) + later_ones}


def due_by(day: Day, days: int) -> date:
    """The latest due date whose term ends within so many days from the day."""
    return overdue_through(day.on + timedelta(days=days + 1), day.calendar, day.policy)


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
