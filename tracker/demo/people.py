"""The invented people of the demo: one password for all, numbers and addresses that reach nobody."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from tracker.accounts.acting import User
from tracker.accounts.actions import add_person
from tracker.accounts.queries import acting, person_named
from tracker.rules.access import Role
from tracker.units.models import Unit

PASSWORD = "dungthu-dondoc"  # noqa: S105 – printed by the command, opens demo accounts only
_NUMBERS = count(1)


def reach(username: str) -> dict[str, str]:
    """An e-mail address and a phone number that belong to nobody."""
    return {"email": f"{username}@demo.dondoc.example", "phone": f"0900000{next(_NUMBERS):03d}"}


def somebody(username: str, name: str, unit: Unit, role: Role, title: str, now: datetime) -> User:
    """The demo person with this user name, acting for the first post; added when not there yet."""
    person = person_named(username)
    if person is None:
        person = add_person(
            username=username,
            name=name,
            unit=unit,
            role=role,
            title=title,
            by=None,
            now=now,
            password=PASSWORD,
            demo=True,
            **reach(username),
        )
    return acting(person.posts[0])
