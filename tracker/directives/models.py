"""The numbered papers that set tasks."""

from __future__ import annotations

from datetime import date, datetime

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
