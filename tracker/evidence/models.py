"""Files under the name of their own hash, and the numbered documents that show the work was done."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base


class StoredFile(Base):
    """One upload: the bytes lie in the store under `sha256`; `name` is the safe name shown to people."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class DirectiveFile(Base):
    """A file of a directive: the signed paper or an appendix."""

    __tablename__ = "directive_files"

    directive_id: Mapped[int] = mapped_column(sa.ForeignKey("directives.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("files.id"), primary_key=True)

    file: Mapped[StoredFile] = relationship()


class Evidence(Base):
    """A numbered document of a unit, with its file where there is one; may serve several assignments."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    doc_type: Mapped[str] = mapped_column(sa.String(40), default="")
    doc_symbol: Mapped[str] = mapped_column(sa.String(80), default="")
    doc_on: Mapped[date | None]
    issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    abstract: Mapped[str] = mapped_column(sa.Text, default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"), index=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="joined")
