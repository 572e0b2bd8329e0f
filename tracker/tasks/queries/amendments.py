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
    if found is None or not _is_open_to(found, user):
        raise NotFound("Không tìm thấy bản điều chỉnh này.")
    return found


def _is_open_to(found: Amendment, user: User) -> bool:
    if found.directive.issuer.path.startswith(user.unit_path) and user.role not in OF_UNIT:
        return True
    if found.took_effect_at is None:
        return False
    seen = difference(found, user)
    return bool(seen.changes or seen.added)


def amendments_of(directive_id: int, user: User) -> Sequence[Amendment]:
    """The amendments by and of a directive that the person may see, oldest first."""
    found = db.session.scalars(
        sa.select(Amendment)
        .where(sa.or_(Amendment.directive_id == directive_id, Amendment.amends_id == directive_id))
        .options(joinedload(Amendment.directive).joinedload(Directive.issuer), joinedload(Amendment.amends))
        .order_by(Amendment.id)
    ).all()
    return [one for one in found if _is_open_to(one, user)]


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
    reached = {change.id: _reached(change, of, user) for change in changes}
    own = user.role in OF_UNIT
    shown = (_shown(change, reached[change.id], of) for change in changes)
    added = _added(of, user, [change.absorbs_id for change in changes if change.absorbs_id])
    return Difference(
        tuple(one for one in shown if one.what and (one.units or not own)),
        tuple(one for one in added if one.units or not own),
    )


def _shown(change: AmendmentChange, units: Sequence[str], of: Amendment) -> Change:
    old = _old(change) if of.took_effect_at else _wording(change.task)
    new = _wording(change)
    what: tuple[What, ...] = ("withdrawn",) if change.withdrawn else changed(old, new)
    return Change(change.task_id, change.task.ordinal, old, new, what, tuple(units))


def _wording(of: Task | AmendmentChange) -> Wording:
    return Wording(of.content, of.deliverable, of.due_text, Kind(of.kind), of.due_on)


def _old(change: AmendmentChange) -> Wording:
    kind = Kind(change.old_kind or change.kind)
    return Wording(change.old_content, change.old_deliverable, change.old_due_text, kind, change.old_due_on)


def _reached(change: AmendmentChange, of: Amendment, user: User) -> Sequence[str]:
    """The names of the units whose work the change reaches: those written down, before that those still at it."""
    query = sa.select(Unit.name).where(Unit.id.in_(subtree(user.unit_path))).order_by(Unit.sort_key)
    if of.took_effect_at:
        return db.session.scalars(query.where(Unit.id.in_(change.unit_ids))).all()
    at_it = sa.select(Assignment.unit_id).where(Assignment.task_id == change.task_id, is_running(Assignment))
    if change.unit_ids:
        at_it = at_it.where(Assignment.unit_id.in_(change.unit_ids))
    return db.session.scalars(query.where(Unit.id.in_(at_it))).all()


def _added(of: Amendment, user: User, absorbed: Sequence[int]) -> Sequence[Added]:
    """The tasks of the amending directive that take up no old one."""
    tasks = db.session.execute(
        sa.select(Task.id, Task.content)
        .where(Task.directive_id == of.directive_id, Task.id.not_in(absorbed))
        .order_by(Task.id)
    ).all()
    return [Added(task_id, content, tuple(_holders(task_id, user))) for task_id, content in tasks]


def _holders(task_id: int, user: User) -> Sequence[str]:
    given = sa.select(Assignment.unit_id).where(Assignment.task_id == task_id)
    query = sa.select(Unit.name).where(Unit.id.in_(given), Unit.id.in_(subtree(user.unit_path)))
    return db.session.scalars(query.order_by(Unit.sort_key)).all()


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
