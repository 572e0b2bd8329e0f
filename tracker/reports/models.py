"""Closed periods: figures that were frozen with the list behind them, and stay so (bản chốt số liệu)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.directives.models import Directive
from tracker.units.models import Unit


class Snapshot(Base):
    """One closing of one period of one scope; closing it again makes a new version under the same number.

    `figures` is the JSON of the figures as they were, `fingerprint` the hash over all that is kept. `beside` holds
    what papers say besides: how directives are cited, targets, documents, units without work, results waiting long,
    where nobody was reminded.
    """

    __tablename__ = "snapshots"
    __table_args__ = (
        sa.UniqueConstraint("number", "version", name="uq_snapshots_version"),
        sa.Index("ix_snapshots_scope", "unit_id", "cutoff_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(30))
    version: Mapped[int] = mapped_column(default=1)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    directive_id: Mapped[int | None] = mapped_column(sa.ForeignKey("directives.id"))
    period_code: Mapped[str] = mapped_column(sa.String(40))
    period_name: Mapped[str] = mapped_column(sa.String(120))
    start_on: Mapped[date]
    cutoff_on: Mapped[date]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    closed_by_name: Mapped[str] = mapped_column(sa.String(200), default="")
    rules_version: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    figures: Mapped[dict[str, Any]]
    fingerprint: Mapped[str] = mapped_column(sa.String(64), default="")
    beside: Mapped[dict[str, Any]] = mapped_column(default=dict)

    unit: Mapped[Unit] = relationship()
    directive: Mapped[Directive | None] = relationship()

    @property
    def name(self) -> str:
        """How papers cite it: «BC-2026-0007», from the second version on with its version."""
        return self.number if self.version == 1 else f"{self.number} (bản {self.version})"


class SnapshotRow(Base):
    """One assignment as a snapshot counted it, with its words: the list behind each figure, whatever comes later.

    What stands after `completed_on` came with the papers of closed periods; `outcome` (what shows the work, or
    hinders it) is kept where one unit reports for itself.
    """

    __tablename__ = "snapshot_rows"

    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshots.id", ondelete="CASCADE"), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    unit_name: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[str] = mapped_column(sa.Text)
    doc_symbol: Mapped[str] = mapped_column(sa.String(80))
    part: Mapped[str] = mapped_column(sa.String(12))
    kind: Mapped[str] = mapped_column(sa.String(12))
    state: Mapped[str] = mapped_column(sa.String(12))
    box: Mapped[str | None] = mapped_column(sa.String(20))
    due_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    task_id: Mapped[int | None]
    directive_id: Mapped[int | None]
    unit_kind: Mapped[str | None] = mapped_column(sa.String(20))
    due_text: Mapped[str | None] = mapped_column(sa.Text)
    cause: Mapped[str | None] = mapped_column(sa.String(40))
    outcome: Mapped[str | None] = mapped_column(sa.Text)
