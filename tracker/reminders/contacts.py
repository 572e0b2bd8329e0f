"""Who may hear: active people who hold a post today, and how each is reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, time

import sqlalchemy as sa

from tracker.accounts.models import Person, Post
from tracker.accounts.queries import held_on
from tracker.db import db
from tracker.reminders.channels.zalo.contacts import Reach, reaches
from tracker.reminders.manner import ByZalo
from tracker.reminders.models import Address
from tracker.rules.access import OF_UNIT, Role


@dataclass(frozen=True)
class Contact:
    """Somebody who may hear: an active person who holds a post today. `zalo` is a linked account or a number.

    `spare_email` is where letters would go although none are wanted: for what Zalo was to say and did not.
    """

    person_id: int
    username: str
    name: str
    email: str
    digest_at: time | None = None
    zalo: str = ""
    spare_email: str = ""

    def without_zalo(self) -> Contact:
        """The same person as Zalo's failure leaves him: letters reach him, wanted or not."""
        return replace(self, email=self.spare_email)


@dataclass
class Posts:
    """Who holds which post today, by unit and role."""

    by_unit: dict[tuple[int, Role], list[Contact]] = field(default_factory=lambda: defaultdict(list))
    _followers: dict[tuple[int | None, str], list[Contact]] = field(default_factory=dict)
    _chiefs: dict[tuple[str, tuple[Role, ...]], list[Contact]] = field(default_factory=dict)

    def in_unit(self, unit_id: int) -> list[Contact]:
        """Those who answer for a unit: its leaders, or its officers when it has none."""
        return self.by_unit.get((unit_id, Role.COMMUNE_LEADER)) or self.by_unit.get(
            (unit_id, Role.COMMUNE_OFFICER), []
        )

    def officer(self, person_id: int | None, unit_id: int) -> list[Contact]:
        """The person, when he or she still works in the unit."""
        holders = [one for role in sorted(OF_UNIT) for one in self.by_unit.get((unit_id, role), ())]
        return [one for one in holders if one.person_id == person_id][:1]

    def above(self, path: str, *roles: Role) -> list[Contact]:
        """The holders of such a post in the unit at the end of the path, or in the nearest above that has one."""
        if (path, roles) not in self._chiefs:
            units = [int(part) for part in reversed(path.strip("/").split("/"))]
            held = ([one for role in roles for one in self.by_unit.get((unit, role), ())] for unit in units)
            self._chiefs[path, roles] = next(filter(None, held), [])
        return self._chiefs[path, roles]

    def monitors(self, monitor_id: int | None, path: str) -> list[Contact]:
        """The task's own monitor while in post, else the monitors nearest above, else the issuers."""
        if (monitor_id, path) not in self._followers:
            self._followers[monitor_id, path] = self._following(monitor_id, path)
        return self._followers[monitor_id, path]

    def _following(self, monitor_id: int | None, path: str) -> list[Contact]:
        roles = (Role.MONITOR, Role.ISSUER)
        posts = [(int(part), role) for part in path.strip("/").split("/") for role in roles]
        assigning = [one for post in posts for one in self.by_unit.get(post, ())]
        own = [one for one in assigning if one.person_id == monitor_id][:1]
        return own or self.above(path, Role.MONITOR) or self.above(path, Role.ISSUER)


def posts_today(today: date, zalo: ByZalo, units: Collection[int] | None = None) -> Posts:
    """Everybody who holds a post on the day, with the addresses at which they can be reached now.

    With `units` only those of these units.
    """
    posts = Posts()
    reached = reaches(is_open=zalo.is_open, by_phone=zalo.by_phone) if zalo.configured else {}
    named = (Person.id, Person.username, Person.name, Person.email, Person.wants_email, Person.digest_at)
    query = (
        sa.select(Post.unit_id, Post.role, *named, Address.dead_at)
        .join(Person, Person.id == Post.person_id)
        .outerjoin(Address, Address.address == sa.func.lower(Person.email))
        .where(held_on(today), Person.active)
    )
    if units is not None:
        query = query.where(Post.unit_id.in_(units))
    for one in db.session.execute(query.order_by(Post.id)):
        reach = reached.get(one.id, Reach())
        address = "" if one.dead_at else one.email
        email = address if one.wants_email or reach.lost else ""
        contact = Contact(one.id, one.username, one.name, email, one.digest_at, reach.address, address)
        posts.by_unit[one.unit_id, Role(one.role)].append(contact)
    return posts
