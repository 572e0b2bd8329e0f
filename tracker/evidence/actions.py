"""Taking in files and numbered documents: files first, facts second."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.directives.models import Directive
from tracker.errors import Invalid, NotFound
from tracker.evidence.models import DirectiveFile, Evidence, StoredFile
from tracker.evidence.store import keep, sweep
from tracker.history.actions import record
from tracker.rules.access import Deed, require
from tracker.rules.evidence import ACCEPTED, kind_of, safe_name


def take_in(stream: IO[bytes], name: str, folder: Path, *, max_mb: int, by: User, now: datetime) -> StoredFile:
    """Keep an upload whose content is of an accepted kind.

    Raises TooLarge, or Invalid for an empty file and one that is not what the house takes.
    """
    kept = keep(stream, folder, max_mb=max_mb)
    if kept.size == 0:
        raise Invalid({"files": f"Tệp «{name}» rỗng; hãy chọn lại."})
    kind = kind_of(kept.head, name, kept.entries)
    if kind is None:
        raise Invalid({"files": f"Tệp «{name}» không phải {ACCEPTED}."})
    with atomic():
        file = StoredFile(
            sha256=kept.sha256,
            name=safe_name(name, kind),
            media_type=kind.media_type,
            size=kept.size,
            uploaded_at=now,
            uploaded_by_id=by.person_id,
        )
        db.session.add(file)
        db.session.flush()
    return file


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


def attach_to_directive(directive: Directive, file: StoredFile, *, by: User, now: datetime) -> None:
    """Attach a file to a directive of one's own side."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    if not directive.issuer.path.startswith(by.unit_path):
        raise NotFound
    with atomic():
        db.session.add(DirectiveFile(directive_id=directive.id, file_id=file.id))
        record("directive", directive.id, "attach", by=by, now=now, name=file.name, sha256=file.sha256)


def sweep_store(folder: Path, *, now: datetime, age: timedelta = timedelta(days=1)) -> int:
    """Remove bytes that no record names a day after they came; returns how many files went."""
    return sweep(folder, db.session.scalars(sa.select(StoredFile.sha256)), now=now, age=age)
