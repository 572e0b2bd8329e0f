"""Mail addresses that letters came back from: no letter is sent there until somebody looks after them.

What is known belongs to the address, not to the person: another address begins with a clean slate.
"""

from __future__ import annotations

from datetime import datetime

from tracker.accounts.acting import User
from tracker.accounts.models import Person
from tracker.db import atomic, db, put
from tracker.history.actions import record
from tracker.reminders.models import Address


def bury(address: str, said: str, *, now: datetime) -> None:
    """Write down that nothing arrives at the address, and what the server said of it."""
    with atomic():
        put(Address, address=address.lower(), dead_at=now, said=said[:300])


def is_dead(address: str) -> bool:
    """Whether nothing arrives at the address."""
    return db.session.get(Address, address.lower(), populate_existing=True) is not None


def revive(person: Person, *, by: User, now: datetime) -> None:
    """Use the person's address again: its owner or an administrator has looked after it."""
    with atomic():
        found = db.session.get(Address, person.email.lower())
        if found is not None:
            db.session.delete(found)
            record("person", person.id, "address_works", by=by, now=now, address=person.email)
