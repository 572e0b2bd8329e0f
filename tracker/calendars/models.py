"""Days off and swapped days as an administrator's data, each with its document and state."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class CalendarEntry(Base):
    """A day off on a weekday (`kind` "off") or a weekend day worked instead ("work")."""

    __tablename__ = "calendar_entries"
    __table_args__ = (sa.CheckConstraint("kind in ('off', 'work')", name="kind"),)

    on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    name: Mapped[str] = mapped_column(sa.String(200))
    document: Mapped[str] = mapped_column(sa.String(200), default="")
    provisional: Mapped[bool] = mapped_column(default=False)
    swapped_with: Mapped[date | None]
