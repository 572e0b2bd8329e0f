"""Asking about files: what belongs to a directive, and one file by its number."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.db import db
from tracker.evidence.models import DirectiveFile, Evidence, StoredFile


def files_of_directive(directive_id: int) -> Sequence[StoredFile]:
    """The files of a directive, oldest first."""
    return db.session.scalars(
        sa.select(StoredFile)
        .join(DirectiveFile, DirectiveFile.file_id == StoredFile.id)
        .where(DirectiveFile.directive_id == directive_id)
        .order_by(StoredFile.id)
    ).all()


def directives_with(file_id: int) -> sa.Select[int]:
    """The ids of the directives that a file is attached to."""
    return sa.select(DirectiveFile.directive_id).where(DirectiveFile.file_id == file_id)


def evidence_with(file_id: int) -> sa.Select[int]:
    """The ids of the evidence that a file is part of."""
    return sa.select(Evidence.id).where(Evidence.file_id == file_id)
