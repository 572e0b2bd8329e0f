"""A unit's report while it is being written; once sent, the file among the evidence of its task is the report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Person
from tracker.db import Base
from tracker.tasks.models import Assignment, Submission
from tracker.units.models import Unit


class ReportDraft(Base):
    """The unit's words under the headings of an outline, as of a day, for the task that orders the report.

    `words` holds for each heading its text, and whether there is nothing to report. Where the draft stands is no
    field of its own: it follows from the submission with which it was handed in.
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
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    submission: Mapped[Submission | None] = relationship()
    written_by: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
