"""What an amendment changes, seen by a person: all of it from the assigning side, only one's own from a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.accounts.acting import User
from tracker.db import db
from tracker.directives.models import Directive
from tracker.errors import NotFound
from tracker.rules.access import OF_UNIT
from tracker.rules.amending import What, Wording, changed
from tracker.rules.lifecycle import Kind
from tracker.tasks.models import Amendment, AmendmentChange, Assignment, Task, TaskVersion
from tracker.tasks.standing import is_running
from tracker.units.models import Unit
from tracker.units.queries import subtree


@dataclass(frozen=True)
class Change:
    """One task of the amended directive before and after, and the units whose work it reaches."""

    task_id: int
    ordinal: str
    old: Wording
    new: Wording
    what: tuple[What, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class Added:
    """A task that only the amending directive has, and the units that hold it."""

    task_id: int
    content: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """All that an amendment changes, as far as the person may see."""

    changes: tuple[Change, ...]
    added: tuple[Added, ...]

    @property
    def by_unit(self) -> list[tuple[str, dict[str, int]]]:
        """For each unit how many tasks are added to it and how many change in which way."""
        counts: dict[str, Counter[str]] = {}
        for one in self.added:
            for unit in one.units:
                counts.setdefault(unit, Counter())["added"] += 1
        for change in self.changes:
            for unit in change.units:
                counts.setdefault(unit, Counter()).update(change.what)
        return [(unit, dict(found)) for unit, found in counts.items()]


def amendment(user: User, amendment_id: int) -> Amendment:
    """An amendment of the person's side, or one in force that changed their unit's work; else raises NotFound."""
    found = db.session.scalar(
        sa.select(Amendment)
        .where(Amendment.id == amendment_id)
        .options(
            joinedload(Amendment.directive).joinedload(Directive.issuer),
            joinedload(Amendment.amends).joinedload(Directive.issuer),
        )
    )
    if found is None or not _open_to([found], user):
        raise NotFound("Không tìm thấy bản điều chỉnh này.")
    return found


def amendments_of(directive_id: int, user: User) -> Sequence[Amendment]:
    """The amendments by and of a directive that the person may see, oldest first."""
    found = db.session.scalars(
        sa.select(Amendment)
        .where(sa.or_(Amendment.directive_id == directive_id, Amendment.amends_id == directive_id))
        .options(joinedload(Amendment.directive).joinedload(Directive.issuer), joinedload(Amendment.amends))
        .order_by(Amendment.id)
    ).all()
    return _open_to(found, user)


def _open_to(found: Sequence[Amendment], user: User) -> list[Amendment]:
    """Those of the person's side; to others those in force that added to their unit's work or changed it."""
    own = {one.id for one in found if one.directive.issuer.path.startswith(user.unit_path) and _assigns(user)}
    others = [one for one in found if one.id not in own and one.took_effect_at is not None]
    concerned = own | (_concerning(others, user) if others else set())
    return [one for one in found if one.id in concerned]


def _assigns(user: User) -> bool:
    return user.role not in OF_UNIT


def _concerning(in_force: Sequence[Amendment], user: User) -> set[int]:
    """The ids of amendments that reached work of the person's side."""
    units = set(db.session.scalars(sa.select(Unit.id).where(Unit.id.in_(subtree(user.unit_path)))))
    changes = db.session.scalars(
        sa.select(AmendmentChange).where(AmendmentChange.amendment_id.in_([one.id for one in in_force]))
    )
    found = {each.amendment_id for each in changes if not units.isdisjoint(each.unit_ids) and _what(each, _old(each))}
    adding = sa.select(Task.directive_id).join(Assignment, Assignment.task_id == Task.id)
    added = adding.where(
        Task.directive_id.in_([one.directive_id for one in in_force]), Assignment.unit_id.in_(subtree(user.unit_path))
    )
    papers = set(db.session.scalars(added.distinct()))
    return found | {one.id for one in in_force if one.directive_id in papers}


def may_be_amended(directive: Directive, user: User) -> Sequence[Directive]:
    """The earlier directives of the person's side that this one might amend, newest first."""
    return db.session.scalars(
        sa.select(Directive)
        .where(
            Directive.id != directive.id,
            Directive.issued_on <= directive.issued_on,
            Directive.issuer_id.in_(subtree(user.unit_path)),
            Directive.id.in_(sa.select(Task.directive_id)),
        )
        .order_by(Directive.issued_on.desc(), Directive.id.desc())
        .limit(200)
    ).all()


def difference(of: Amendment, user: User) -> Difference:
    """What the amendment changes or changed. From a unit only what reaches its own work is seen."""
    changes = db.session.scalars(
        sa.select(AmendmentChange)
        .where(AmendmentChange.amendment_id == of.id)
        .options(joinedload(AmendmentChange.task))
        .order_by(AmendmentChange.task_id)
    ).all()
    reached = _reached(changes, user) if of.took_effect_at else _to_reach(changes, user)
    own = user.role in OF_UNIT
    shown = [_shown(change, reached.get(change.id, ()), of) for change in changes]
    added = _added(of, user, [change.absorbs_id for change in changes if change.absorbs_id])
    return Difference(
        tuple(one for one in shown if one.what and (one.units or not own)),
        tuple(one for one in added if one.units or not own),
    )


def _shown(change: AmendmentChange, units: Sequence[str], of: Amendment) -> Change:
    old = _old(change) if of.took_effect_at else _wording(change.task)
    return Change(change.task_id, change.task.ordinal, old, _wording(change), _what(change, old), tuple(units))


def _what(change: AmendmentChange, old: Wording) -> tuple[What, ...]:
    return ("withdrawn",) if change.withdrawn else changed(old, _wording(change))


def _wording(of: Task | AmendmentChange) -> Wording:
    return Wording(of.content, of.deliverable, of.due_text, Kind(of.kind), of.due_on)


def _old(change: AmendmentChange) -> Wording:
    kind = Kind(change.old_kind or change.kind)
    return Wording(change.old_content, change.old_deliverable, change.old_due_text, kind, change.old_due_on)


def _reached(changes: Sequence[AmendmentChange], user: User) -> dict[int, list[str]]:
    """The names of the units whose work each change in force reached, as written down when it took effect."""
    ids = {unit_id for change in changes for unit_id in change.unit_ids}
    seen = sa.select(Unit.id, Unit.name).where(Unit.id.in_(ids), Unit.id.in_(subtree(user.unit_path)))
    names = db.session.execute(seen.order_by(Unit.sort_key)).all()
    return {change.id: [name for unit_id, name in names if unit_id in change.unit_ids] for change in changes}


def _to_reach(changes: Sequence[AmendmentChange], user: User) -> dict[int, list[str]]:
    """The names of the units that are still at the task of each change of a draft."""
    at_it = _units_of([change.task_id for change in changes], user, is_running(Assignment))
    found = {}
    for change in changes:
        units = at_it.get(change.task_id, {})
        found[change.id] = [name for unit, name in units.items() if not change.unit_ids or unit in change.unit_ids]
    return found


def _units_of(task_ids: Sequence[int], user: User, *besides: sa.ColumnElement[bool]) -> dict[int, dict[int, str]]:
    """The units of the person's side that have each task: their names by id, in order."""
    rows = db.session.execute(
        sa.select(Assignment.task_id, Unit.id, Unit.name)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.task_id.in_(task_ids), Unit.id.in_(subtree(user.unit_path)), *besides)
        .order_by(Unit.sort_key)
    )
    found: dict[int, dict[int, str]] = {}
    for task_id, unit_id, name in rows:
        found.setdefault(task_id, {})[unit_id] = name
    return found


def _added(of: Amendment, user: User, absorbed: Sequence[int]) -> Sequence[Added]:
    """The tasks of the amending directive that take up no old one."""
    tasks = db.session.execute(
        sa.select(Task.id, Task.content)
        .where(Task.directive_id == of.directive_id, Task.id.not_in(absorbed))
        .order_by(Task.id)
    ).all()
    holders = _units_of([task_id for task_id, _ in tasks], user)
    return [Added(task_id, content, tuple(holders.get(task_id, {}).values())) for task_id, content in tasks]


def change_of(of: Amendment, task_id: int) -> AmendmentChange | None:
    """What a draft does to one task so far."""
    return db.session.scalar(
        sa.select(AmendmentChange).where(AmendmentChange.amendment_id == of.id, AmendmentChange.task_id == task_id)
    )


def units_at(task_id: int) -> set[int]:
    """The ids of the units that are still at a task."""
    return set(
        db.session.scalars(sa.select(Assignment.unit_id).where(Assignment.task_id == task_id, is_running(Assignment)))
    )


def versions(task_id: int) -> Sequence[TaskVersion]:
    """The wordings of a task that were replaced, oldest first, each with the document that set it."""
    return db.session.scalars(
        sa.select(TaskVersion)
        .where(TaskVersion.task_id == task_id)
        .options(joinedload(TaskVersion.directive), joinedload(TaskVersion.replaced_by))
        .order_by(TaskVersion.id)
    ).all()
