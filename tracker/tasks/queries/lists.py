"""Lists of assignments: what they are narrowed to, their ready-made views, their order and their counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from tracker.rules.deadlines import overdue_through
from tracker.rules.lifecycle import EXCLUDED, RUNNING, Kind, State
from tracker.rules.periods import Part
from tracker.rules.texts import fold
from tracker.tasks import standing
from tracker.tasks.models import (
    Assignment,
    Progress,
    Standing,
    Task,
)
from tracker.tasks.queries.days import Day, Facts, cause, facts_of, part
from tracker.tasks.queries.sight import helped, led, visible
from tracker.units.models import Unit
from tracker.units.queries import subtree


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to.

    `view` is one of VIEWS, or "helping" for what the unit coordinates; `box` one of the six boxes as of the day;
    `unit_path` names a unit with all below it, as figures do; `ids` are rows that were ticked. With `as_of` the
    list is that of a past day, as the figures of that day count it; with `start` it holds the work of the period
    that began then, or one part of it. NONE as field or difficulty asks for rows without one. `upward` shows only
    what came of communes' proposals.
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
    as_of: date | None = None
    start: date | None = None
    part: str = ""
    field: str = ""
    issuer_id: int | None = None
    lead_id: int | None = None
    without_due: bool = False


NONE = "none"
VIEWS = ("todo", "overdue", "today", "soon", "review", "returned", "new", "open", "done", "all")
SORTS = ("due", "unit", "content", "updated", "state")
SOON_VIEW_DAYS = 7
STREAMED_AT_ONCE = 1000


def _narrowed(user: User, filters: Filters, day: Day) -> list[ColumnElement[bool]]:
    """The conditions of a list. What lies in other tables is asked there first: no join, one index serves."""
    scope = sa.and_(helped(user), sa.not_(led(user))) if filters.view == "helping" else led(user)
    facts = facts_of(filters.as_of)
    conditions = [scope, *_of_assignments(filters), *_of_papers(filters), *_of_the_day(filters, facts, day)]
    words = fold(filters.text).split()
    return [*conditions, _says(words)] if words else conditions


def _of_assignments(filters: Filters) -> list[ColumnElement[bool]]:
    """What is the same on every day."""
    exact = {
        Assignment.task_id: filters.task_id,
        Assignment.assigner_id: filters.assigner_id,
        Assignment.officer_id: filters.officer_id,
        Assignment.unit_id: filters.lead_id,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value is not None]
    if filters.unit_path:
        conditions.append(Assignment.unit_id.in_(subtree(filters.unit_path)))
    if filters.ids:
        conditions.append(Assignment.id.in_(filters.ids))
    if filters.upward:
        conditions.append(Assignment.upward.is_(True))
    if filters.cluster:
        conditions.append(Assignment.unit_id.in_(sa.select(Unit.id).where(Unit.cluster == filters.cluster)))
    return conditions


def _of_papers(filters: Filters) -> list[ColumnElement[bool]]:
    """What tasks and directives say."""
    asked: list[ColumnElement[bool]] = []
    if filters.directive_id is not None:
        asked.append(Task.directive_id == filters.directive_id)
    if filters.starred:
        asked.append(Task.starred.is_(True))
    if filters.field:
        asked.append(_by_paper(Directive.field == ("" if filters.field == NONE else filters.field)))
    if filters.issuer_id is not None:
        asked.append(_by_paper(Directive.issuer_id == filters.issuer_id))
    return [Assignment.task_id.in_(_tasks(condition)) for condition in asked]


def _by_paper(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Task.directive_id.in_(sa.select(Directive.id).where(condition))


def _of_the_day(filters: Filters, facts: Facts, day: Day) -> list[ColumnElement[bool]]:
    """What may have been otherwise on another day: kind, due date, box, cause, part of a period."""
    columns = facts.columns
    conditions = [facts.then]
    if filters.kind:
        conditions.append(columns.kind == filters.kind)
    if filters.due_from:
        conditions.append(columns.due_on >= filters.due_from)
    if filters.due_until:
        conditions.append(columns.due_on <= filters.due_until)
    if filters.without_due:
        conditions.append(columns.due_on.is_(None))
    if filters.difficulty:
        cause_then = cause(Assignment.id, day.on) if filters.as_of else Assignment.difficulty
        wanted = "" if filters.difficulty == NONE else filters.difficulty
        conditions.append(sa.func.coalesce(cause_then, "") == wanted)
    if filters.start:
        wanted_parts = [filters.part] if filters.part else [Part.IN_PERIOD.value, Part.CARRIED_OVER.value]
        conditions.append(part(facts, filters.start, filters.unit_path or "/").in_(wanted_parts))
    if filters.box:
        conditions.append(_in_box(filters, columns, day))
    return conditions


def _in_box(filters: Filters, columns: Any, day: Day) -> ColumnElement[bool]:
    """Whether a row stands in one of the six boxes, in COUNTED (any of them), or beside the total."""
    counted = standing.is_counted(columns, upward=filters.upward)
    this_way = columns.upward.is_(filters.upward)
    where = standing.box(columns, day.on, day.calendar, day.policy)
    update = standing.update(columns, day.on, day.policy)
    beside: dict[str, ColumnElement[bool]] = {
        "counted": sa.and_(counted, columns.state.not_in(standing.UNCOUNTED_STATES)),
        "done": sa.and_(counted, columns.state == State.COMPLETED.value),
        "pending": sa.and_(counted, columns.state == State.SUBMITTED.value),
        "update_due": sa.and_(counted, update != standing.Update.NOT_ASKED),
        "not_updated": sa.and_(counted, update == standing.Update.MISSING),
        "standing": sa.and_(columns.kind == Kind.STANDING.value, where.is_not(None), this_way),
        "excluded": sa.and_(columns.state.in_([state.value for state in EXCLUDED]), this_way),
    }
    return beside[filters.box] if filters.box in beside else sa.and_(counted, where == filters.box)


BESIDE = {
    "counted": "Tổng số",
    "done": "Đã hoàn thành",
    "pending": "Chờ xác nhận",
    "update_due": "Phải cập nhật tình hình",
    "not_updated": "Chưa cập nhật đúng quy định",
    "standing": "Thường xuyên",
    "excluded": "Tạm dừng, hủy, chuyển",
}
"""What figures count besides the six boxes, by the name under which a list shows it."""


def _tasks(condition: ColumnElement[bool]) -> Any:
    return sa.select(Task.id).where(condition)


def _says(words: list[str]) -> ColumnElement[bool]:
    """Whether task, document number or unit hold every folded word; the task alone is asked first, it mostly does."""
    in_task = [Task.search_text.contains(word, autoescape=True) for word in words]
    in_unit = [Unit.search_text.contains(word, autoescape=True) for word in words]
    either = [
        sa.or_(Assignment.task_id.in_(_tasks(task)), Assignment.unit_id.in_(sa.select(Unit.id).where(unit)))
        for task, unit in zip(in_task, in_unit, strict=True)
    ]
    return sa.or_(Assignment.task_id.in_(_tasks(sa.and_(*in_task))), sa.and_(*either))


def view_condition(view: str, day: Day) -> ColumnElement[bool]:
    """What a ready-made view shows."""
    return _view_conditions(day)[view]


def _view_conditions(day: Day) -> dict[str, ColumnElement[bool]]:
    """What each ready-made view shows; the same condition counts it."""
    running = standing.is_running(Assignment)
    line = overdue_through(day.on, day.calendar, day.policy)
    tomorrow = due_by(day, 0)
    week = due_by(day, SOON_VIEW_DAYS)
    review = Assignment.state == State.SUBMITTED.value
    return {
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


Row = Any
"""A row of plain values with the names of `_LISTED`."""
_OF_THE_DAY = ("state", "kind", "assigned_on", "due_on", "submitted_on", "completed_on", "completed_due")
_LISTED = (
    Assignment.id,
    Assignment.upward,
    Assignment.occurrence,
    Assignment.original_due,
    Assignment.received_at,
    Assignment.with_leader_at,
    Assignment.officer_id,
    Assignment.updated_at,
    Assignment.evidence_count,
    Assignment.extensions,
    Assignment.version,
    Task.id.label("task_id"),
    Task.content,
    Task.ordinal,
    Task.starred,
    Task.unnamed_by_zalo,
    Directive.id.label("directive_id"),
    Directive.doc_symbol,
    Unit.id.label("unit_id"),
    Unit.name.label("unit_name"),
    Person.name.label("officer_name"),
)


def listed(*conditions: ColumnElement[bool], facts: Facts | None = None) -> Any:
    """The rows under some conditions, as they stand today or as the facts of another day say."""
    past = facts is not None and facts.columns is not Assignment
    columns = facts.columns if facts and past else Assignment
    returned = sa.false() if past else Assignment.returned
    query = sa.select(
        *_LISTED,
        *(getattr(columns, name).label(name) for name in _OF_THE_DAY),
        returned.label("returned"),
        (sa.literal("") if past else Assignment.difficulty).label("difficulty"),
    ).select_from(Assignment)
    if past:
        query = query.join(Standing, Standing.assignment_id == Assignment.id)
    return (
        query.join(Task, Task.id == Assignment.task_id)
        .join(Directive, Directive.id == Task.directive_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == Assignment.officer_id)
        .where(*conditions)
    )


def _order(sort: str, descending: bool, columns: Any = Assignment) -> list[Any]:
    column: Any = {
        "due": columns.due_on,
        "unit": Unit.sort_key,
        "content": Task.content,
        "updated": Assignment.updated_at,
        "state": columns.state,
    }[sort]
    first = column.desc() if descending else column.asc()
    first = first.nulls_last() if sort == "due" else first
    return [first, Assignment.id] if sort == "due" else [first, columns.due_on.asc().nulls_last(), Assignment.id]


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
    return db.session.execute(_listing(user, filters, day, sort, descending, limit, offset)).all()


def _listing(
    user: User, filters: Filters, day: Day, sort: str, descending: bool, limit: int | None, offset: int
) -> Any:
    facts = facts_of(filters.as_of)
    order = _order(sort, descending, facts.columns)
    wanted = sa.select(Assignment.id)
    if filters.as_of:
        wanted = wanted.join(Standing, Standing.assignment_id == Assignment.id)
    if sort in ("unit", "content"):
        wanted = wanted.join(Task, Task.id == Assignment.task_id).join(Unit, Unit.id == Assignment.unit_id)
    wanted = wanted.where(*_narrowed(user, filters, day), view_condition(filters.view, day))
    wanted = wanted.order_by(*order).offset(offset).limit(limit)
    rows = listed(Assignment.id.in_(wanted.scalar_subquery()), facts.then, facts=facts)
    return rows.order_by(*order)


def listing_streamed(
    user: User, filters: Filters, day: Day, *, sort: str = "due", descending: bool = False, limit: int
) -> Iterator[Row]:
    """The rows of a list one after the other, never all in memory; read them before anything else is asked."""
    query = _listing(user, filters, day, sort, descending, limit, 0)
    yield from db.session.execute(query, execution_options={"yield_per": STREAMED_AT_ONCE})


def listing_count(user: User, filters: Filters, day: Day) -> int:
    """How many rows the list holds on all its pages."""
    query = sa.select(sa.func.count()).select_from(Assignment)
    if filters.as_of:
        query = query.join(Standing, Standing.assignment_id == Assignment.id)
    query = query.where(*_narrowed(user, filters, day), view_condition(filters.view, day))
    return db.session.scalar(query) or 0


def view_counts(user: User, filters: Filters, day: Day) -> dict[str, int]:
    """How many rows each ready-made view holds under the same filters, in one question.

    All rows are counted by state alone; only those still running are looked at more closely. «Cần xử lý» is the
    sum of views that do not overlap, and of what was returned and is due later.
    """
    narrowed = _narrowed(user, replace(filters, view="all"), day)
    states = sa.select(Assignment.state, sa.func.count().label("number")).where(*narrowed).group_by(Assignment.state)
    of_all, of_running = states.subquery("of_all"), _running_views(narrowed, day).subquery("of_running")
    rows = db.session.execute(sa.select(of_all, of_running).select_from(of_all.join(of_running, sa.true()))).all()
    number = {row.state: row.number for row in rows}
    few = {view: getattr(rows[0], view) if rows else 0 for view in _RUNNING_VIEWS}
    later = few.pop("returned_later")
    review = number.get(State.SUBMITTED, 0)
    return few | {
        "todo": few["overdue"] + few["today"] + few["soon"] + review + later,
        "review": review,
        "new": number.get(State.ASSIGNED, 0),
        "open": sum(number.get(state, 0) for state in RUNNING),
        "done": number.get(State.COMPLETED, 0),
        "all": sum(number.values()),
    }


_RUNNING_VIEWS = ("overdue", "today", "soon", "returned", "returned_later")


def _running_views(narrowed: list[ColumnElement[bool]], day: Day) -> Any:
    """How many running rows each view of due dates holds; «returned_later»: returned, and due after all of them."""
    later = sa.or_(Assignment.due_on > due_by(day, SOON_VIEW_DAYS), Assignment.due_on.is_(None))
    shown = _view_conditions(day) | {"returned_later": sa.and_(Assignment.returned, later)}
    numbers = (sa.func.count(sa.case((shown[view], 1))).label(view) for view in _RUNNING_VIEWS)
    return sa.select(*numbers).where(*narrowed, standing.is_running(Assignment))


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
