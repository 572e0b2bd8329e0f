"""The numbered papers that set tasks, and the files that are on their way to become such papers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.units.models import Unit


class Directive(Base):
    """A document: number, type, date, issuer and abstract, with any number of tasks and targets."""

    __tablename__ = "directives"
    __table_args__ = (sa.UniqueConstraint("issuer_id", "doc_symbol", "issued_on", name="uq_directives_paper"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    doc_type: Mapped[str] = mapped_column(sa.String(40))
    doc_symbol: Mapped[str] = mapped_column(sa.String(80))
    issued_on: Mapped[date]
    received_on: Mapped[date | None]
    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    issuer_name: Mapped[str] = mapped_column(sa.String(200), default="")
    abstract: Mapped[str] = mapped_column(sa.Text)
    field: Mapped[str] = mapped_column(sa.String(100), default="")
    urgency: Mapped[str] = mapped_column(sa.String(20), default="normal")
    secrecy: Mapped[str] = mapped_column(sa.String(20), default="none")
    signer: Mapped[str] = mapped_column(sa.String(120), default="")
    registrar_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    registered_at: Mapped[datetime]
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    issuer: Mapped[Unit] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ImportDraft(Base):
    """A file on its way to becoming a directive: what was read from it, kept until it is issued or dropped.

    `paper` holds the directive's fields as texts, as a form has them; `titles` the heads of the file's columns;
    `scope` says who gets the tasks: "rows", "all", "later", "cluster:<name>" or "units" with `unit_ids`. `files`
    name the bytes in the store that become files of the directive: sha256, name, media_type, size. `refers` are the
    numbers of other papers that a message says it answers, `amends_id` the directive that a person says it amends.
    """

    __tablename__ = "import_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    file_name: Mapped[str] = mapped_column(sa.String(300))
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    paper: Mapped[dict[str, Any]]
    remarks: Mapped[list[str]]
    titles: Mapped[list[str]]
    scope: Mapped[str] = mapped_column(sa.String(120), default="rows")
    unit_ids: Mapped[list[int]]
    files: Mapped[list[dict[str, Any]]]
    refers: Mapped[list[str]]
    amends_id: Mapped[int | None] = mapped_column(sa.ForeignKey("directives.id"))
    directive_id: Mapped[int | None] = mapped_column(sa.ForeignKey("directives.id"), index=True)
    dropped_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    amends: Mapped[Directive | None] = relationship(foreign_keys=[amends_id])

    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """One proposed task of a draft, beside the cells that it was read from.

    `leads` and `helpers` are what the names came to: ids of units, all communes or not, names that nobody bears.
    `problems` must be mended before the row is issued, `doubts` looked at; both are sentences by field. `bad` says
    that there are problems, `homeless` that its leads are not all known, `sure` that its deadline was no guess or
    that somebody confirmed it, `mended` that somebody typed here.
    """

    __tablename__ = "import_rows"
    __table_args__ = (sa.Index("ix_import_rows_place", "draft_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("import_drafts.id", ondelete="CASCADE"))
    place: Mapped[int]
    section: Mapped[str] = mapped_column(sa.Text, default="")
    ordinal: Mapped[str] = mapped_column(sa.String(20), default="")
    content: Mapped[str] = mapped_column(sa.Text, default="")
    deliverable: Mapped[str] = mapped_column(sa.Text, default="")
    lead: Mapped[str] = mapped_column(sa.Text, default="")
    coordinating: Mapped[str] = mapped_column(sa.Text, default="")
    due_text: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.String(12))
    due_on: Mapped[date | None]
    recurrence: Mapped[str] = mapped_column(sa.String(300), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    unnamed_by_zalo: Mapped[bool] = mapped_column(default=False)
    leads: Mapped[dict[str, Any]]
    helpers: Mapped[dict[str, Any]]
    cells: Mapped[dict[str, Any]]
    problems: Mapped[dict[str, Any]]
    doubts: Mapped[dict[str, Any]]
    bad: Mapped[bool] = mapped_column(default=False)
    homeless: Mapped[bool] = mapped_column(default=False)
    sure: Mapped[bool] = mapped_column(default=True)
    mended: Mapped[bool] = mapped_column(default=False)
    left_out: Mapped[bool] = mapped_column(default=False)
