"""Reading history: the events of a thing, and whether its chain is whole."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.db import db
from tracker.history.actions import fingerprint
from tracker.history.models import Event


def events(thing: str, thing_id: int) -> Sequence[Event]:
    """The events of a thing, oldest first."""
    return db.session.scalars(
        sa.select(Event).where(Event.thing == thing, Event.thing_id == thing_id).order_by(Event.id)
    ).all()


def is_whole(chain: Sequence[Event]) -> bool:
    """Whether no event of the chain was altered or taken out."""
    previous = ""
    for event in chain:
        if event.previous != previous or event.hash != fingerprint(event):
            return False
        previous = event.hash
    return True
