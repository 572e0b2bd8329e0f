"""Taking in files and numbered documents: files first, facts second."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.directives.drafts import named_files
from tracker.directives.models import Directive
from tracker.errors import NotFound
from tracker.evidence.intake import Accepted
from tracker.evidence.models import DirectiveFile, Evidence, StoredFile
from tracker.evidence.store import sweep
from tracker.history.actions import record
from tracker.rules.access import Deed, require


def remember(file: Accepted, *, by: User, now: datetime) -> StoredFile:
    """Record an accepted upload; called where something is about to name it, so that no file is without a record."""
    with atomic():
        stored = StoredFile(
            sha256=file.sha256,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            uploaded_at=now,
            uploaded_by_id=by.person_id,
        )
        db.session.add(stored)
        db.session.flush()
    return stored


def add_evidence(
    unit_id: int,
    *,
    doc_type: str = "",
    doc_symbol: str = "",
    doc_on: date | None = None,
    issuer: str = "",
    abstract: str = "",
    file: StoredFile | None = None,
    by: User,
    now: datetime,
) -> Evidence:
    """Add a numbered document of a unit, with its file where there is one."""
    with atomic():
        evidence = Evidence(
            unit_id=unit_id,
            doc_type=doc_type,
            doc_symbol=doc_symbol,
            doc_on=doc_on,
            issuer=issuer,
            abstract=abstract,
            file_id=file.id if file else None,
            added_at=now,
            added_by_id=by.person_id,
        )
        db.session.add(evidence)
        db.session.flush()
    return evidence


def attach_to_directive(directive: Directive, files: Sequence[Accepted], *, by: User, now: datetime) -> None:
    """Attach files to a directive of one's own side, all of them or none."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    if not directive.issuer.path.startswith(by.unit_path):
        raise NotFound
    with atomic():
        for file in files:
            stored = remember(file, by=by, now=now)
            db.session.add(DirectiveFile(directive_id=directive.id, file_id=stored.id))
            record("directive", directive.id, "attach", by=by, now=now, name=file.name, sha256=file.sha256)


def sweep_store(folder: Path, *, now: datetime, age: timedelta = timedelta(days=1)) -> int:
    """Remove bytes that no record names a day after they came; returns how many files went."""
    named = named_files().union(db.session.scalars(sa.select(StoredFile.sha256)))
    return sweep(folder, named, now=now, age=age)
