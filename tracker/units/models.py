"""Provinces, departments, communes and offices: a tree without fixed levels, with codes and validity."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base

KINDS = {
    "central": "Cấp toàn hệ thống",
    "province": "Tỉnh, thành phố",
    "department": "Sở, ban, ngành",
    "xa": "Xã",
    "phuong": "Phường",
    "dac_khu": "Đặc khu",
    "council": "Hội đồng nhân dân",
    "office": "Phòng, đơn vị trực thuộc",
}


class Unit(Base):
    """One unit of the tree. `path` is the chain of ids from the root («/3/17/»), so a subtree is one prefix."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(20))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    path: Mapped[str] = mapped_column(sa.String(200), index=True, default="")
    sort_key: Mapped[str] = mapped_column(sa.String(300), default="")
    search_text: Mapped[str] = mapped_column(sa.String(300), default="")
    cluster: Mapped[str] = mapped_column(sa.String(100), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    decision: Mapped[str] = mapped_column(sa.String(300), default="")
    approves_inside: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)

    parent: Mapped[Unit | None] = relationship(remote_side=[id])

    @property
    def short_name(self) -> str:
        """The name without «Xã», «Phường», «Tỉnh», as lists of one kind show it."""
        return short_name(self.name)


def short_name(name: str) -> str:
    """A unit's name without its kind."""
    for prefix in ("Xã ", "Phường ", "Đặc khu ", "Tỉnh ", "Thành phố "):
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


class Succession(Base):
    """An old unit or name that lives on in another unit, by a decision (sáp nhập, đổi tên)."""

    __tablename__ = "unit_successions"

    id: Mapped[int] = mapped_column(primary_key=True)
    old_name: Mapped[str] = mapped_column(sa.String(200))
    old_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    successor_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(sa.String(300), default="")
