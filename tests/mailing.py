"""A real mail server on the loopback address, and a house full of people who can be reached by mail."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from builders import POLICY, an_assignment, at, somebody

from tracker.accounts.acting import User
from tracker.accounts.models import Person
from tracker.db import atomic, db
from tracker.reminders.actions import tick
from tracker.reminders.channels.email import MailServer
from tracker.reminders.letters.messages import Letterhead
from tracker.reminders.manner import Manner
from tracker.rules.access import Role
from tracker.rules.cadences import cell_field, settled
from tracker.rules.notices import Hearer, Step
from tracker.rules.reminding import Cadence
from tracker.tasks.actions import delegate
from tracker.tasks.models import Assignment
from tracker.units.models import Unit

SENDER = "Đôn Đốc <khong-tra-loi@dondoc.example>"
HEAD = Letterhead("https://dondoc.example", SENDER)
GIVEN = at("2026-01-05 08:00")
"""So long ago that nobody says any more that work was given."""
LADDER = settled(Cadence(), {cell_field(Step.DAILY, Hearer.UNIT_LEADERS): ""})
"""Where leaders hear of single work alone, not each morning how their unit stands."""

MANNER = Manner(POLICY, LADDER, email=True)
EVERY_MORNING = Manner(POLICY, Cadence(), email=True)
"""As the house comes."""


@dataclass
class Postbox:
    """What the mail server took in, and how it is told to behave: an answer by address or for every letter."""

    url: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    after_data: str = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Take the address, or answer as told."""
        if answer := self.refuse.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the letter, or answer as told."""
        if self.after_data:
            return self.after_data
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"

    def to(self, user: User) -> list[EmailMessage]:
        """The letters that this person got."""
        return [letter for letter in self.letters if address_of(user) in letter["To"]]

    def taken(self) -> list[str]:
        """All subjects, in order."""
        return [letter["Subject"] for letter in self.letters]


def free_port() -> int:
    """A port that is free now; aiosmtpd cannot be told «any»."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """A province, one commune and its people, each with an address."""

    province: Unit
    commune: Unit
    issuer: User
    monitor: User
    chair: User
    leader: User
    officer: User
    postbox: Postbox

    def tick(self, now: Any, manner: Manner = MANNER) -> dict[str, int]:
        """One tick against the mail server."""
        with MailServer(self.postbox.url, SENDER, timeout_seconds=2) as server:
            return tick(now, manner, HEAD, server)


def in_hands(house: House, due: str = "2026-06-24") -> Assignment:
    """One assignment in the officer's hands since long ago; it is due on a Wednesday unless said otherwise."""
    assignment = an_assignment(house.commune, house.issuer, due=due, on=GIVEN)
    delegate(assignment, house.officer.person_id, None, by=house.leader, now=GIVEN, policy=POLICY)
    return assignment


def reachable(unit: Unit, role: Role, name: str) -> User:
    """A person in post with an address of her own."""
    user = somebody(unit, role, name)
    with atomic():
        db.session.get_one(Person, user.person_id).email = address_of(user)
    return user


def address_of(user: User) -> str:
    """Where the person's mail goes."""
    return f"nguoi{user.person_id}@an-binh.example"
