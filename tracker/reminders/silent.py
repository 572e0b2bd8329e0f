"""The silences that touched an area, in the sentences that a report of a day or period says beside its figures."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.reminders.models import Silence
from tracker.rules.sentences import silence_sentence
from tracker.tasks.queries.days import end_of
from tracker.units.models import Unit


def silence_notes(unit: Unit, start: date | None, end: date) -> list[str]:
    """What to say of reminders that were not sent in the unit, or in a part of it, on the day or in the period.

    As it was known at the end of its last day: a silence begun or lifted later does not change an older report. One
    question; units silent for the same days and reason share a sentence, the earliest first.
    """
    first, night = start or end, end_of(end)
    above = [int(part) for part in unit.path.strip("/").split("/") if part]
    query = (
        sa.select(Unit.name, Silence.from_on, Silence.until_on, Silence.reason, Silence.at, Silence.lifted_at)
        .join(Unit, Unit.id == Silence.unit_id)
        .where(sa.or_(Unit.path.startswith(unit.path, autoescape=True), Unit.id.in_(above)))
        .where(Silence.from_on <= end, Silence.until_on >= first, Silence.at < night)
        .order_by(Silence.from_on, Silence.id)
    )
    areas: dict[tuple[date, date, str], list[str]] = defaultdict(list)
    for name, from_on, until_on, reason, at, lifted_at in db.session.execute(query):
        began = max(from_on, at.date())
        lifted = lifted_at.date() if lifted_at and lifted_at < night else until_on
        if began <= lifted and lifted >= first:
            areas[began, min(lifted, until_on), reason].append(name)
    return [silence_sentence(names, *span) for span, names in areas.items()]
