"""Taking in the calendars that ship with the house; an administrator's own entries are left alone."""

from __future__ import annotations

import tomllib

import sqlalchemy as sa

from tracker.calendars.models import CalendarEntry
from tracker.db import atomic, db
from tracker.paths import data_dir
from tracker.rules.calendar import read_year


def take_in_calendars() -> int:
    """Add the days of config/calendars/ that are not known yet; returns how many days are known."""
    with atomic():
        known = set(db.session.scalars(sa.select(CalendarEntry.on)))
        for path in sorted((data_dir("config") / "calendars").glob("*.toml")):
            for day in read_year(tomllib.loads(path.read_text("utf-8"))):
                if day.on not in known:
                    db.session.add(
                        CalendarEntry(
                            on=day.on,
                            kind=day.kind,
                            name=day.name,
                            document=day.document or "",
                            provisional=day.provisional,
                            swapped_with=day.swapped_with,
                        )
                    )
                    known.add(day.on)
    return len(known)
