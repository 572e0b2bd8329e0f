"""A file on its way to becoming a directive: what was read is kept as a draft, mended by people, then issued.

    file ─read─► rows ─start_import─► draft ─mend, choose, leave out─► (tasks/issuing) one directive, or none

A draft is its unit's, survives a closed browser, and changes nothing outside itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import STALE, atomic, db, table_of
from tracker.directives.models import Directive, ImportDraft, ImportRow
from tracker.directives.proposed import (
    Circumstances,
    Proposed,
    as_proposed,
    columns_of,
    complaints,
    paper_of,
    paper_seen,
    row_of,
    row_seen,
    scope_seen,
    titles_of,
)
from tracker.directives.reading.contents import NO_DAY
from tracker.directives.reading.results import ReadDirective
from tracker.errors import Conflict, Invalid, Refused
from tracker.rules.access import Deed, require
from tracker.rules.mentions import units_named
from tracker.rules.proposals import propose


def start_import(
    read: ReadDirective,
    file_name: str,
    circumstances: Circumstances,
    *,
    files: Sequence[Mapping[str, Any]] = (),
    by: User,
    now: datetime,
) -> ImportDraft:
    """Keep what was read from a file as a draft of the person's unit. Raises Invalid when it holds no task; a message
    without a table is kept all the same, since its header is a directive and people add its tasks by hand.

    `files` name bytes that lie in the store already; while the draft is open they are not swept.
    """
    require(by.role, Deed.RECORD_DIRECTIVE)
    if not read.tasks and not read.paper.document_id:
        raise Invalid({"file": read.problems[-1] if read.problems else "Tệp không có nhiệm vụ nào."})
    with atomic():
        draft = ImportDraft(
            unit_id=by.unit_id,
            by_id=by.person_id,
            file_name=file_name[:300],
            started_at=now,
            touched_at=now,
            paper=paper_of(read) | {"issuer_id": str(by.unit_id)},
            remarks=list(read.problems),
            titles=titles_of(read),
            unit_ids=[],
            files=[dict(file) for file in files],
            refers=[each.doc_symbol for each in read.paper.references if each.doc_symbol],
        )
        db.session.add(draft)
        db.session.flush()
        rows = [row_of(task, circumstances) | {"draft_id": draft.id, "place": n} for n, task in enumerate(read.tasks)]
        if rows:
            db.session.execute(sa.insert(table_of(ImportRow)), rows)
    return draft


def check_open(draft: ImportDraft) -> None:
    """Raise Refused for a draft that was issued or dropped."""
    if draft.directive_id is not None:
        raise Refused("Bản nhập này đã được ghi thành văn bản.")
    if draft.dropped_at is not None:
        raise Refused("Bản nhập này đã bỏ.")


def mend_row(
    draft: ImportDraft,
    row: ImportRow,
    proposed: Proposed,
    circumstances: Circumstances,
    *,
    seen: str = "",
    by: User,
    now: datetime,
) -> None:
    """Take what a person typed for a row; a deadline that somebody looked at is sure. Problems may remain.

    `seen` is the mark of the row that they looked at: raises Conflict when somebody else typed there meanwhile.
    """
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        db.session.refresh(row)
        _check_seen(seen, row_seen(row))
        names = {"leads": units_named(proposed.lead), "helpers": units_named(proposed.coordinating)}
        columns = columns_of(proposed, circumstances, **names)
        row.sure = columns.pop("known_leads") or proposed.lead == row.lead
        row.mended, row.left_out = True, False
        for name, value in columns.items():
            setattr(row, name, value)


def _touch(draft: ImportDraft, now: datetime) -> None:
    db.session.refresh(draft, with_for_update=True)
    check_open(draft)
    draft.touched_at = now


def _check_seen(seen: str, now_there: str) -> None:
    if seen and seen != now_there:
        raise Conflict(STALE)


def set_paper(
    draft: ImportDraft,
    paper: Mapping[str, str],
    circumstances: Circumstances,
    *,
    seen: str = "",
    by: User,
    now: datetime,
) -> int:
    """Take the directive's fields as typed. Another day of issue reads every wording anew that nobody mended, and
    a day that a person gave is no longer said to be missing.

    Returns how many due dates or rhythms that moved. Raises Conflict as `mend_row` does.
    """
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        _check_seen(seen, paper_seen(draft))
        again = paper["issued_on"] != draft.paper.get("issued_on")
        draft.paper = dict(paper)
        draft.remarks = [remark for remark in draft.remarks if remark != NO_DAY.format(draft.started_at)]
        return sum(_read_again(row, circumstances) for row in _rows(draft)) if again else 0


def _rows(draft: ImportDraft) -> Iterator[ImportRow]:
    yield from db.session.scalars(
        sa.select(ImportRow).where(ImportRow.draft_id == draft.id).order_by(ImportRow.place)
    )


def _read_again(row: ImportRow, circumstances: Circumstances) -> bool:
    """Read a row's own wording from the new day; whether that changed when it is due."""
    before = (row.kind, row.due_on, row.recurrence)
    now_read = as_proposed(row)
    if row.due_text and not row.mended:
        said = propose(row.due_text, circumstances.issued_on, circumstances.calendar, circumstances.policy)
        now_read = replace(now_read, kind=said.kind, due_on=said.due_on, recurrence=said.recurrence)
        row.kind, row.due_on, row.recurrence, row.sure = said.kind, said.due_on, said.recurrence, said.sure
        row.doubts = {name: each for name, each in row.doubts.items() if name != "due_on"}
        if not said.sure:
            row.doubts = row.doubts | {"due_on": said.why}
    row.problems = complaints(now_read, circumstances.issued_on)
    row.bad = bool(row.problems)
    return before != (row.kind, row.due_on, row.recurrence)


def choose(
    draft: ImportDraft, scope: str, unit_ids: Collection[int], *, seen: str = "", by: User, now: datetime
) -> None:
    """Say who gets the tasks: "rows", "all", "later", "cluster:<name>", or "units" with their ids.

    Raises Conflict as `mend_row` does.
    """
    require(by.role, Deed.RECORD_DIRECTIVE)
    if scope == "units" and not unit_ids:
        raise Invalid({"units": "Chọn ít nhất một đơn vị."})
    with atomic():
        _touch(draft, now)
        _check_seen(seen, scope_seen(draft))
        draft.scope, draft.unit_ids = scope, sorted(unit_ids)


def set_amends(draft: ImportDraft, amends: Directive | None, *, by: User, now: datetime) -> None:
    """Say which directive the import amends, or that it amends none."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        draft.amends_id = amends.id if amends else None


def leave_out(draft: ImportDraft, row_ids: Collection[int], out: bool, *, by: User, now: datetime) -> int:
    """Leave rows out of the import, or take them in again; returns how many."""
    return _mark(draft, row_ids, {"left_out": out}, by, now)


def confirm_deadlines(draft: ImportDraft, row_ids: Collection[int], *, by: User, now: datetime) -> int:
    """Say that somebody looked at deadlines that were guessed; returns how many."""
    return _mark(draft, row_ids, {"sure": True}, by, now)


def _mark(draft: ImportDraft, row_ids: Collection[int], values: dict[str, bool], by: User, now: datetime) -> int:
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        ticked = sa.update(ImportRow).where(ImportRow.draft_id == draft.id, ImportRow.id.in_(row_ids))
        done = cast(sa.CursorResult[Any], db.session.execute(ticked.values(**values)))
    return done.rowcount


def drop_import(draft: ImportDraft, *, by: User, now: datetime) -> None:
    """Give a draft up; what was read is forgotten."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        draft.dropped_at = now
        db.session.execute(sa.delete(ImportRow).where(ImportRow.draft_id == draft.id))
