"""Who did what and when: append-only, one chain of hashes per thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class Event(Base):
    """One deed on one thing. `previous` is the hash of the thing's event before it, "" for the first."""

    __tablename__ = "events"
    __table_args__ = (sa.Index("ix_events_thing", "thing", "thing_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(index=True)
    by_name: Mapped[str] = mapped_column(sa.String(200), default="")
    unit_id: Mapped[int | None]
    thing: Mapped[str] = mapped_column(sa.String(40))
    thing_id: Mapped[int]
    deed: Mapped[str] = mapped_column(sa.String(40))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous: Mapped[str] = mapped_column(sa.String(64), default="")
    hash: Mapped[str] = mapped_column(sa.String(64), default="")
