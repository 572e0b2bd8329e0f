"""An import is issued: one directive with all its tasks and assignments in one transaction, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db, insert_many, table_of
from tracker.directives.actions import record_directive
from tracker.directives.drafts import rows
from tracker.directives.importing import check_open, choose, start_import
from tracker.directives.models import Directive, ImportDraft, ImportRow
from tracker.directives.paper import Paper
from tracker.directives.proposed import Circumstances
from tracker.directives.reading.results import ReadDirective
from tracker.directives.returning import why
from tracker.errors import Invalid, Refused
from tracker.evidence.actions import attach_to_directive
from tracker.evidence.intake import Accepted
from tracker.history.actions import record
from tracker.rules.access import Deed, require
from tracker.rules.sentences import count
from tracker.rules.texts import fold
from tracker.tasks.amending import draft_amendment, tasks_of_directive
from tracker.tasks.giving import give
from tracker.tasks.issuing.planning import Plan, plan
from tracker.tasks.models import Coordination, Task
from tracker.units.models import Unit


def issue(draft: ImportDraft, paper: Paper, issuer: Unit, *, by: User, now: datetime) -> Directive:
    """Record the directive of a draft, its tasks and their assignments; of one that amends, the draft of that too.

    Raises Refused while rows are wrong or deadlines unconfirmed, Invalid for a paper that cannot be recorded.
    """
    require(by.role, Deed.ASSIGN)
    with atomic():
        db.session.refresh(draft, with_for_update=True)
        check_open(draft)
        coming = plan(draft, by)
        _check(draft, coming)
        directive = record_directive(paper, issuer, by=by, now=now)
        attach_to_directive(directive, [Accepted(**file) for file in draft.files], by=by, now=now)
        tasks = _tasks(directive, [row for row, _ in coming.rows], by, now)
        pairs = [(task, unit) for task, (_, units) in zip(tasks, coming.rows, strict=True) for unit in units]
        if pairs:
            give(directive, pairs, by=by, now=now)
        record("directive", directive.id, "import", by=by, now=now, file=draft.file_name, count=len(tasks))
        draft.directive_id, draft.touched_at = directive.id, now
        if draft.amends is not None:
            draft_amendment(directive, draft.amends, by=by, now=now)
    return directive


def _check(draft: ImportDraft, coming: Plan) -> None:
    if coming.bad:
        raise Refused(f"Còn {count(coming.bad)} dòng cần sửa; sửa từng dòng, hoặc bỏ ra và tải về sửa sau.")
    if coming.unsure:
        raise Refused(
            f"Còn {count(coming.unsure)} dòng chưa chắc về thời hạn hoặc đơn vị; xem và xác nhận trước khi ghi."
        )
    if not coming.rows and coming.left_out:
        raise Refused("Không còn dòng nào để ghi.")
    if coming.rows and draft.scope != "later" and not coming.units and not coming.taking_up:
        raise Refused("Chưa chọn đơn vị nào để giao.")


def _tasks(directive: Directive, rows: Sequence[sa.Row[Any]], by: User, now: datetime) -> Sequence[Task]:
    """The tasks of the rows, in their order, with the units that coordinate."""
    same = {"directive_id": directive.id, "monitor_id": by.person_id, "registered_at": now}
    symbol = fold(directive.doc_symbol)
    tasks = [
        {name: getattr(row, name) for name in _SAID} | same | {"search_text": f"{fold(row.content)} {symbol}"}
        for row in rows
    ]
    ids = insert_many(Task, tasks)
    helping = [
        {"task_id": task_id, "unit_id": unit_id}
        for task_id, row in zip(ids, rows, strict=True)
        for unit_id in row.helpers["units"]
        if unit_id not in row.leads["units"]
    ]
    if helping:
        db.session.execute(sa.insert(table_of(Coordination)), helping)
    return tasks_of_directive(directive)


_SAID = (
    *("ordinal", "section", "content", "deliverable", "kind", "due_text", "due_on", "recurrence"),
    "unnamed_by_zalo",
)
"""What a task takes from its row as it is."""


GiveBack = Callable[[ImportDraft, Sequence[ImportRow]], None]


def import_at_once(
    read: ReadDirective,
    file_name: str,
    paper: Paper,
    issuer: Unit,
    circumstances: Circumstances,
    *,
    scope: str,
    unit_ids: Sequence[int] = (),
    files: Sequence[Accepted] = (),
    give_back: GiveBack | None = None,
    by: User,
    now: datetime,
) -> Directive:
    """Read to issued in one deed, for those who need no preview; nothing stays behind when it is refused.

    `give_back` is told the rows that stand in the way before they are refused.
    """
    with atomic():
        draft = start_import(read, file_name, circumstances, files=[asdict(file) for file in files], by=by, now=now)
        choose(draft, scope, unit_ids, by=by, now=now)
        _raise_problems(draft, give_back)
        return issue(draft, paper, issuer, by=by, now=now)


def _raise_problems(draft: ImportDraft, give_back: GiveBack | None) -> None:
    """Raise Invalid naming each row that stands in the way, by the row of the file; they are given back before."""
    standing = {row.id: row for view in ("bad", "unsure") for row in rows(draft, view)}
    if not standing:
        return
    bad = sorted(standing.values(), key=lambda row: row.place)
    if give_back is not None:
        give_back(draft, bad)
    wrong = {f"{row.cells['place']}, dòng {row.cells['rows'][0]}": why(row, draft.scope) for row in bad}
    raise Invalid(wrong, f"Có {count(len(wrong))} dòng cần sửa nên không ghi gì.")
