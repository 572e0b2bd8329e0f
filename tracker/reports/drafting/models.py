"""A report while it is being written: a unit's for its superior, or the consolidated one of a province.

Once sent or approved a file is the report: among the evidence of the unit's task, or the draft's own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Person
from tracker.db import Base
from tracker.evidence.models import StoredFile
from tracker.reports.models import Snapshot
from tracker.tasks.models import Assignment, Submission
from tracker.units.models import Unit


class ReportDraft(Base):
    """Words under the headings of an outline, as of a day or from a closed period.

    `words` holds for each heading its text, and whether there is nothing to report. Where the draft stands is no
    field of its own: of a unit's report it follows from the submission with which it was handed in; a consolidated
    report, which has no superior in the house, is put up (`put_up_at`) and approved or given back by its leader.
    """

    __tablename__ = "report_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    outline: Mapped[str] = mapped_column(sa.String(60))
    as_of: Mapped[date]
    since: Mapped[date | None]
    about: Mapped[str] = mapped_column(sa.String(500), default="")
    basis: Mapped[str] = mapped_column(sa.String(500), default="")
    addressee: Mapped[str] = mapped_column(sa.String(200), default="")
    signing: Mapped[str] = mapped_column(sa.String(10), default="tm")
    signer: Mapped[str] = mapped_column(sa.String(120), default="")
    kept_by: Mapped[str] = mapped_column(sa.String(60), default="")
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    assignment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("assignments.id", ondelete="SET NULL"), index=True
    )
    submission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("submissions.id", ondelete="SET NULL"))
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    written_at: Mapped[datetime]
    snapshot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("snapshots.id"))
    put_up_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"))
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    submission: Mapped[Submission | None] = relationship()
    written_by: Mapped[Person | None] = relationship(foreign_keys=[written_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    snapshot: Mapped[Snapshot | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
