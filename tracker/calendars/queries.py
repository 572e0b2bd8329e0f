"""The working calendar as the rules want it."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.calendars.models import CalendarEntry
from tracker.db import db
from tracker.rules.calendar import WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """The calendar in force: provisional days are known but do not count yet."""
    rows = db.session.execute(
        sa.select(CalendarEntry.on, CalendarEntry.kind).where(CalendarEntry.provisional.is_(False))
    ).all()
    return WorkingCalendar(
        off=frozenset(on for on, kind in rows if kind == "off"),
        work=frozenset(on for on, kind in rows if kind == "work"),
    )
