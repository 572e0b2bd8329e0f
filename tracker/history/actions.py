"""Writing history: one line per deed, in the same transaction as the deed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from tracker.db import db, table_of
from tracker.history.models import Event


class Actor(Protocol):
    """The part of a user that history remembers."""

    @property
    def person_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def unit_id(self) -> int: ...


def record(thing: str, thing_id: int, deed: str, *, by: Actor | None, now: datetime, **details: Any) -> Event:
    """Add the next event of the thing's chain; without `by` it is the house itself that acted."""
    last = db.session.scalar(
        sa.select(Event.hash)
        .where(Event.thing == thing, Event.thing_id == thing_id)
        .order_by(Event.id.desc())
        .limit(1)
    )
    return _add(thing, thing_id, deed, last or "", by, now, details)


def record_first(
    thing: str, thing_ids: list[int], deed: str, *, by: Actor | None, now: datetime, **details: Any
) -> None:
    """Begin the chains of many new things at once, without asking for chains that cannot exist yet."""
    rows = [_line(thing, thing_id, deed, "", by, now, details) for thing_id in thing_ids]
    if rows:
        db.session.execute(sa.insert(table_of(Event)), rows)


def record_course(thing: str, thing_id: int, course: Sequence[tuple[str, Actor | None, datetime, Any]]) -> None:
    """Begin the chain of a new thing with several events at once: deed, who, when and details, oldest first."""
    previous = ""
    for deed, by, now, details in course:
        previous = _add(thing, thing_id, deed, previous, by, now, details).hash


def _add(
    thing: str,
    thing_id: int,
    deed: str,
    previous: str,
    by: Actor | None,
    now: datetime,
    details: dict[str, Any],
) -> Event:
    event = Event(**_line(thing, thing_id, deed, previous, by, now, details))
    db.session.add(event)
    return event


def _line(
    thing: str,
    thing_id: int,
    deed: str,
    previous: str,
    by: Actor | None,
    now: datetime,
    details: dict[str, Any],
) -> dict[str, Any]:
    """The columns of an event, its hash included."""
    said = {key: _plain(value) for key, value in details.items() if value not in (None, "")}
    by_id = by.person_id if by else None
    return {
        "at": now,
        "by_id": by_id,
        "by_name": by.name if by else "",
        "unit_id": by.unit_id if by else None,
        "thing": thing,
        "thing_id": thing_id,
        "deed": deed,
        "details": said,
        "previous": previous,
        "hash": _hash(previous, now, by_id, thing, thing_id, deed, said),
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | list | dict) else str(value)


def fingerprint(event: Event) -> str:
    """The hash of an event over all that it says and the hash before it."""
    return _hash(event.previous, event.at, event.by_id, event.thing, event.thing_id, event.deed, event.details)


def _hash(previous: str, at: datetime, *said: Any) -> str:
    whole = json.dumps([previous, at.isoformat(), *said], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
