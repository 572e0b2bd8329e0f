"""Asking about imports that are under way, on behalf of a person: those of their unit's side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from tracker.accounts.acting import User
from tracker.db import db
from tracker.directives.models import ImportDraft, ImportRow
from tracker.errors import NotFound
from tracker.units.queries import subtree

VIEWS = ("all", "bad", "unsure", "left_out")


def draft(user: User, draft_id: int) -> ImportDraft:
    """One import of the person's side; raises NotFound for another's and for one that was dropped."""
    found = db.session.scalar(
        sa.select(ImportDraft).where(
            ImportDraft.id == draft_id,
            ImportDraft.unit_id.in_(subtree(user.unit_path)),
            ImportDraft.dropped_at.is_(None),
        )
    )
    if found is None:
        raise NotFound("Không tìm thấy bản nhập này.")
    return found


def open_drafts(user: User) -> Sequence[ImportDraft]:
    """The imports of the person's side that are neither issued nor dropped, the latest first."""
    return db.session.scalars(
        sa.select(ImportDraft)
        .where(
            ImportDraft.unit_id.in_(subtree(user.unit_path)),
            ImportDraft.directive_id.is_(None),
            ImportDraft.dropped_at.is_(None),
        )
        .order_by(ImportDraft.touched_at.desc())
    ).all()


def named_files() -> set[str]:
    """The hashes of files that open imports hold, of everybody: the store keeps their bytes."""
    kept = db.session.scalars(
        sa.select(ImportDraft.files).where(ImportDraft.directive_id.is_(None), ImportDraft.dropped_at.is_(None))
    )
    return {file["sha256"] for files in kept for file in files}


def row(of: ImportDraft, row_id: int) -> ImportRow:
    """One row of a draft; raises NotFound otherwise."""
    found = db.session.get(ImportRow, row_id)
    if found is None or found.draft_id != of.id:
        raise NotFound("Không tìm thấy dòng này.")
    return found


def _view(of: ImportDraft, view: str) -> ColumnElement[bool]:
    """What each view shows. A row whose leads are unknown is bad only when rows say who gets them."""
    bad = sa.or_(ImportRow.bad, ImportRow.homeless) if of.scope == "rows" else ImportRow.bad
    inside = ImportRow.left_out.is_(False)
    conditions: dict[str, ColumnElement[bool]] = {
        "all": sa.true(),
        "bad": sa.and_(bad, inside),
        "unsure": sa.and_(ImportRow.sure.is_(False), inside),
        "left_out": ImportRow.left_out.is_(True),
    }
    return conditions[view]


def rows(of: ImportDraft, view: str = "all", *, limit: int | None = None, offset: int = 0) -> Sequence[ImportRow]:
    """The rows of a draft in a view, in their order."""
    query = sa.select(ImportRow).where(ImportRow.draft_id == of.id, _view(of, view)).order_by(ImportRow.place)
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def row_ids(of: ImportDraft, view: str) -> Sequence[int]:
    """The ids of all rows of a view."""
    return db.session.scalars(sa.select(ImportRow.id).where(ImportRow.draft_id == of.id, _view(of, view))).all()


def kept_rows(of: ImportDraft) -> Sequence[sa.Row[Any]]:
    """The rows that are not left out, in their order, as plain values: what is issued of each, not what was read.

    Ten thousand of them are looked at before an import is issued; their cells and complaints stay where they are.
    """
    columns = [getattr(ImportRow, name) for name in _ISSUED]
    query = sa.select(*columns).where(ImportRow.draft_id == of.id, ImportRow.left_out.is_(False))
    return db.session.execute(query.order_by(ImportRow.place)).all()


_ISSUED = (
    *("id", "section", "ordinal", "content", "deliverable", "kind", "due_text", "due_on", "recurrence"),
    *("leads", "helpers", "unnamed_by_zalo"),
)


def row_counts(of: ImportDraft) -> dict[str, int]:
    """How many rows each view holds."""
    counts = [sa.func.count(sa.case((_view(of, view), 1))).label(view) for view in VIEWS]
    found = db.session.execute(sa.select(*counts).where(ImportRow.draft_id == of.id)).one()
    return dict(found._mapping)
