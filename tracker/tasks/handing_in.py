"""Handing in a result with what shows it: a numbered document, and files that the store already keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.errors import Invalid
from tracker.evidence.actions import remember
from tracker.evidence.intake import Accepted, Upload, accept
from tracker.evidence.models import Evidence
from tracker.rules.deadlines import Policy
from tracker.rules.papers import CLASSIFIED_STAYS_OUT, secret_fields
from tracker.tasks.actions import write_result
from tracker.tasks.models import Assignment, Submission


@dataclass(frozen=True)
class Paper:
    """The numbered document of the unit; all may be empty when files speak for themselves."""

    doc_type: str = ""
    doc_symbol: str = ""
    doc_on: date | None = None
    issuer: str = ""


def hand_in(
    assignment: Assignment,
    text: str,
    paper: Paper,
    uploads: Sequence[Upload] = (),
    *,
    folder: Path,
    max_mb: int,
    nothing_to_report: bool = False,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> Submission:
    """Write the result with its evidence at once: the paper goes with each file, or stands alone by its number.

    Secret papers never enter (D10): they are refused before a byte is kept. Bytes come first, facts second.
    """
    if marked := secret_fields(doc_symbol=paper.doc_symbol, abstract=text):
        raise Invalid({"text" if name == "abstract" else name: CLASSIFIED_STAYS_OUT for name in marked})
    files = accept(uploads, folder, max_mb=max_mb)
    with atomic():
        pieces: list[Accepted | None] = list(files)
        if not pieces and paper.doc_symbol:
            pieces = [None]
        evidence = [_evidence(assignment, paper, piece, by, now) for piece in pieces]
        return write_result(
            assignment,
            text,
            evidence,
            nothing_to_report=nothing_to_report,
            by=by,
            now=now,
            policy=policy,
            version=version,
        )


def _evidence(assignment: Assignment, paper: Paper, file: Accepted | None, by: User, now: datetime) -> Evidence:
    piece = Evidence(
        unit_id=assignment.unit_id,
        doc_type=paper.doc_type,
        doc_symbol=paper.doc_symbol,
        doc_on=paper.doc_on,
        issuer=paper.issuer,
        file=remember(file, by=by, now=now) if file else None,
        added_at=now,
        added_by_id=by.person_id,
    )
    db.session.add(piece)
    return piece
