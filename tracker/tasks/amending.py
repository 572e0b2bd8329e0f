"""A directive changes the tasks of another: drafted and seen as a difference, then in force as one deed.

    document B «điều chỉnh, bổ sung» document A
      B's tasks like A's ──► changes of A's tasks   (content, product, due date)
      B's other tasks    ──► added: tasks of B, given as any other
      A's tasks struck   ──► withdrawn: their running assignments are cancelled by B

The assignments go on: their life, evidence and history stay. Wordings that are replaced are kept with the document
that set them, and standings keep the totals of earlier days.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.directives.models import Directive
from tracker.errors import Invalid, NotFound, Refused
from tracker.history.actions import record
from tracker.rules.access import Deed, require
from tracker.rules.amending import Wording, amended_due, changed, may_become, taken_up
from tracker.rules.lifecycle import LABELS, Kind, Move
from tracker.rules.texts import fold
from tracker.tasks.giving import check_deadline
from tracker.tasks.ledger import move, remember
from tracker.tasks.models import Amendment, AmendmentChange, Assignment, Coordination, Series, Task, TaskVersion
from tracker.tasks.standing import is_running


def draft_amendment(directive: Directive, amends: Directive, *, by: User, now: datetime) -> Amendment:
    """Begin to amend one directive by another; its tasks that nobody holds are laid beside the old ones."""
    _check_side(directive, by)
    if directive.id == amends.id:
        raise Invalid({"amends_id": "Chọn một văn bản khác."})
    if amends.issued_on > directive.issued_on:
        raise Invalid({"amends_id": "Văn bản được điều chỉnh phải ban hành trước văn bản này."})
    if _known(directive, amends) is not None:
        raise Refused("Văn bản này đã có bản điều chỉnh cho văn bản đó.")
    with atomic():
        amendment = Amendment(
            directive_id=directive.id, amends_id=amends.id, drafted_at=now, drafted_by_id=by.person_id
        )
        db.session.add(amendment)
        db.session.flush()
        held = _held_tasks(directive)
        news = [task for task in tasks_of_directive(directive) if task.id not in held]
        _lay_beside(amendment, list(tasks_of_directive(amends)), news)
        record("directive", directive.id, "draft_amendment", by=by, now=now, amends=amends.doc_symbol)
    return amendment


def _check_side(directive: Directive, by: User) -> None:
    require(by.role, Deed.ASSIGN)
    if not directive.issuer.path.startswith(by.unit_path):
        raise NotFound


def _known(directive: Directive, amends: Directive) -> int | None:
    return db.session.scalar(
        sa.select(Amendment.id).where(Amendment.directive_id == directive.id, Amendment.amends_id == amends.id)
    )


def tasks_of_directive(directive: Directive) -> Sequence[Task]:
    """The tasks of a directive in the order of their adding."""
    return db.session.scalars(sa.select(Task).where(Task.directive_id == directive.id).order_by(Task.id)).all()


def _held_tasks(directive: Directive) -> set[int]:
    """The ids of the tasks of a directive that some unit has already."""
    own = sa.select(Task.id).where(Task.directive_id == directive.id)
    given = sa.select(Assignment.task_id).where(Assignment.task_id.in_(own))
    return set(db.session.scalars(given.union(sa.select(Series.task_id).where(Series.task_id.in_(own)))))


def wording_of(task: Task | AmendmentChange | TaskVersion | sa.Row[Any], *, ordinal: str = "") -> Wording:
    """What a task, a change or an old version says, as the rules want to be told it."""
    kind = Kind(getattr(task, "kind", Kind.SCHEDULED))
    return Wording(task.content, task.deliverable, task.due_text, kind, task.due_on, ordinal)


def _lay_beside(amendment: Amendment, old: list[Task], new: list[Task]) -> None:
    """Propose a change for each old task that a new one takes up, when the new one says something else."""
    news = [wording_of(task, ordinal=task.ordinal) for task in new]
    for place, taking in changes_of([wording_of(task, ordinal=task.ordinal) for task in old], news):
        db.session.add(_change(amendment, old[place], news[taking], absorbs_id=new[taking].id))


def changes_of(old: Sequence[Wording], new: Sequence[Wording]) -> list[tuple[int, int]]:
    """Which new task would change which old one, as pairs of places; a kind that counts otherwise changes none."""
    return [(place, by) for place, by in taken_up(old, new) if may_become(old[place].kind, new[by].kind)]


def _change(amendment: Amendment, task: Task, new: Wording, *, absorbs_id: int | None = None) -> AmendmentChange:
    return AmendmentChange(
        amendment_id=amendment.id,
        task_id=task.id,
        task=task,
        absorbs_id=absorbs_id,
        kind=new.kind,
        content=new.content,
        deliverable=new.deliverable,
        due_text=new.due_text,
        due_on=new.due_on,
        unit_ids=[],
    )


def change_task(
    amendment: Amendment,
    task: Task,
    new: Wording,
    *,
    withdrawn: bool = False,
    unit_ids: Collection[int] = (),
    by: User,
    now: datetime,
) -> None:
    """Say what the amendment does to a task, for some units or all; what changes nothing is taken out of the draft.

    Raises Invalid for a deadline or kind that cannot be. A wording is one for all units: only due dates and
    withdrawals may be for some.
    """
    _check_side(amendment.directive, by)
    if task.directive_id != amendment.amends_id:
        raise NotFound("Nhiệm vụ này không thuộc văn bản được điều chỉnh.")
    what = changed(wording_of(task), new)
    if not withdrawn:
        _check_change(amendment, task, new, bool(unit_ids) and set(what) != {"due"})
    with atomic():
        _hold(amendment)
        known = db.session.scalar(
            sa.select(AmendmentChange).where(
                AmendmentChange.amendment_id == amendment.id, AmendmentChange.task_id == task.id
            )
        )
        absorbs_id = known.absorbs_id if known is not None else None
        if known is not None:
            db.session.delete(known)
            db.session.flush()
        if withdrawn or what or absorbs_id:
            change = _change(amendment, task, new, absorbs_id=absorbs_id)
            change.withdrawn, change.unit_ids = withdrawn, sorted(unit_ids)
            db.session.add(change)


def _check_change(amendment: Amendment, task: Task, new: Wording, partly: bool) -> None:
    if not may_become(Kind(task.kind), new.kind):
        said = f"Không đổi «{LABELS[Kind(task.kind)]}» thành «{LABELS[new.kind]}» được; hãy rút và giao nhiệm vụ mới."
        raise Invalid({"kind": said})
    if not new.content:
        raise Invalid({"content": "Nhập nội dung nhiệm vụ."})
    if partly:
        raise Invalid({"units": "Chỉ đổi hạn hoặc rút nhiệm vụ được cho riêng một số đơn vị."})
    if new.due_on != task.due_on:
        check_deadline(new.kind, new.due_on, task.recurrence, amendment.directive)


def _hold(amendment: Amendment) -> None:
    db.session.refresh(amendment, with_for_update={"of": Amendment})
    if amendment.took_effect_at is not None:
        raise Refused("Bản điều chỉnh này đã có hiệu lực.")


def drop_amendment(amendment: Amendment, *, by: User, now: datetime) -> None:
    """Give a draft up; nothing had changed."""
    _check_side(amendment.directive, by)
    with atomic():
        _hold(amendment)
        record("directive", amendment.directive_id, "drop_amendment", by=by, now=now)
        db.session.delete(amendment)


def take_effect(amendment: Amendment, *, by: User, now: datetime) -> int:
    """Let the amendment take effect; returns how many assignments it reached. Raises Refused when it is empty."""
    _check_side(amendment.directive, by)
    with atomic():
        _hold(amendment)
        changes = db.session.scalars(
            sa.select(AmendmentChange)
            .where(AmendmentChange.amendment_id == amendment.id)
            .order_by(AmendmentChange.id)
        ).all()
        if not changes and not tasks_of_directive(amendment.directive):
            raise Refused("Bản điều chỉnh chưa có thay đổi nào.")
        reached = sum(_apply(change, amendment, by, now) for change in changes)
        amendment.took_effect_at = now
        for directive_id in (amendment.directive_id, amendment.amends_id):
            record("directive", directive_id, "amend", by=by, now=now, document=_cited(amendment), count=len(changes))
    return reached


def _cited(amendment: Amendment) -> str:
    return f"{amendment.directive.doc_symbol} ngày {amendment.directive.issued_on:%d/%m/%Y}"


def _apply(change: AmendmentChange, amendment: Amendment, by: User, now: datetime) -> int:
    """One change in force: the old wording kept, the running assignments moved or cancelled."""
    old = wording_of(change.task)
    change.old_kind, change.old_content, change.old_deliverable = old.kind, old.content, old.deliverable
    change.old_due_text, change.old_due_on = old.due_text, old.due_on
    if not change.withdrawn and not changed(old, wording_of(change)):
        _absorb(change)
        return 0
    running = _running(change)
    if change.withdrawn:
        _withdraw(running, amendment, by, now)
        _end_series(change, now)
    else:
        if not change.unit_ids:
            _reword(change, amendment, now)
        _move_due(running, change, amendment, by, now)
    change.unit_ids = sorted({one.unit_id for one in running})
    return len(running)


def _running(change: AmendmentChange) -> Sequence[Assignment]:
    query = sa.select(Assignment).where(Assignment.task_id == change.task_id, is_running(Assignment))
    if change.unit_ids:
        query = query.where(Assignment.unit_id.in_(change.unit_ids))
    return db.session.scalars(query.order_by(Assignment.id).with_for_update(of=Assignment)).all()


def _withdraw(running: Sequence[Assignment], amendment: Amendment, by: User, now: datetime) -> None:
    for one in running:
        move(one, Move.CANCEL, now=now)
        one.with_leader_at = None
        record("assignment", one.id, "withdraw", by=by, now=now, document=_cited(amendment))


def _end_series(change: AmendmentChange, now: datetime) -> None:
    """A recurring duty that is withdrawn makes no more occurrences."""
    query = sa.update(Series).where(Series.task_id == change.task_id, Series.ended_on.is_(None))
    if change.unit_ids:
        query = query.where(Series.unit_id.in_(change.unit_ids))
    db.session.execute(query.values(ended_on=now.date()))


def _reword(change: AmendmentChange, amendment: Amendment, now: datetime) -> None:
    """Keep the wording in force as a version of its document, and put the new one in its place."""
    task = change.task
    latest = db.session.scalar(
        sa.select(TaskVersion.replaced_by_id).where(TaskVersion.task_id == task.id).order_by(TaskVersion.id.desc())
    )
    version = TaskVersion(
        task_id=task.id,
        directive_id=latest or task.directive_id,
        replaced_by_id=amendment.directive_id,
        replaced_at=now,
        content=task.content,
        deliverable=task.deliverable,
        due_text=task.due_text,
        due_on=task.due_on,
    )
    db.session.add(version)
    task.content, task.deliverable, task.kind = change.content, change.deliverable, change.kind
    task.due_text, task.due_on = change.due_text, change.due_on
    task.search_text = fold(f"{task.content} {amendment.amends.doc_symbol} {amendment.directive.doc_symbol}")
    _absorb(change)


def _absorb(change: AmendmentChange) -> None:
    """The task of the amending document lives on in the amended one, with the units that coordinate.

    What Zalo may not name stays unnamed.
    """
    if change.absorbs_id is None:
        return
    absorbed = db.session.get_one(Task, change.absorbs_id)
    change.task.unnamed_by_zalo = change.task.unnamed_by_zalo or absorbed.unnamed_by_zalo
    db.session.execute(sa.delete(Coordination).where(Coordination.task_id == change.absorbs_id))
    db.session.flush()
    db.session.execute(sa.delete(Task).where(Task.id == change.absorbs_id))


def _move_due(
    running: Sequence[Assignment], change: AmendmentChange, amendment: Amendment, by: User, now: datetime
) -> None:
    for one in running:
        before = one.due_on
        if one.occurrence == "" and change.due_on != change.old_due_on:
            one.due_on = amended_due(before, change.due_on, one.extensions)
        one.kind, one.updated_at = change.kind, now
        remember(one, now.date())
        record("assignment", one.id, "amend", by=by, now=now, old_due=before, new_due=one.due_on,
               document=_cited(amendment))  # fmt: skip
