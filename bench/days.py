"""Thirty simulated days: what left by e-mail each day, role by role, held against the oracle at every tick.

make days                the demo province: 96 communes, 4 812 assignments
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import flask_migrate
import sqlalchemy as sa
from mailing import EVERY_MORNING, HEAD
from mailoffice import asked_for
from pgserver import TempPostgres, find_binaries

from bench.oracle import Letter, Oracle
from bench.world import World
from tracker.accounts.models import Person, Post
from tracker.app import create_app
from tracker.calendars.actions import take_in_calendars
from tracker.clock import HOUSE_ZONE
from tracker.db import atomic, db
from tracker.demo.province import tell_a_province
from tracker.reminders.actions import tick
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.letters.messages import Mail
from tracker.reminders.models import Message, Notice
from tracker.rules.access import ROLE_LABELS, Role
from tracker.settings import load_settings

DAYS = 30
HOURS = ("05:50", "06:35", "07:05", "08:40", "11:30", "14:20", "16:55", "19:50", "20:30")
AT_WORK = (time(8), time(17))


@dataclass
class Postman:
    """Takes every letter and remembers it."""

    now: datetime
    mails: list[tuple[datetime, Mail]] = field(default_factory=list)

    def send(self, mail: Mail) -> Answer:
        """Always well."""
        self.mails.append((self.now, mail))
        return Answer(Result.SENT)


@dataclass
class Found:
    """What thirty days brought: letters by role and day, and every difference from the oracle."""

    calendar: dict[str, dict[date, Counter[str]]] = field(default_factory=lambda: defaultdict(dict))
    wrong: list[str] = field(default_factory=list)
    letters: int = 0
    notices: int = 0
    left_to_readers: int = 0
    """Notices that waited for another day because their reader had just opened the work."""


def simulate(world: World, start: date, *, days: int = DAYS, deeds_an_hour: int = 3) -> Found:
    """Let the world live for so many days and ask the oracle at every tick."""
    found, oracle, seen = Found(), Oracle(), 0
    roles = _roles()
    for number in range(days):
        day = start + timedelta(days=number)
        postman = Postman(datetime.combine(day, time(), HOUSE_ZONE))
        for hour in HOURS:
            now = postman.now = datetime.combine(day, time.fromisoformat(hour), HOUSE_ZONE)
            _live(world, now, deeds_an_hour)
            expected = oracle.letters(now)
            tick(now, EVERY_MORNING, HEAD, postman)
            said = _said_since(seen)
            seen = max([seen, *(one.message_id for one in said)])
            found.wrong += _differences(now, expected, said)
            found.letters, found.notices = (
                found.letters + len(said),
                found.notices + sum(len(one.keys) for one in said),
            )
            for one in said:
                kind = "digest" if one.digest else "news"
                for role in roles[one.person_id]:
                    found.calendar[role].setdefault(day, Counter())[kind] += 1
        found.wrong += _of_the_day(day, postman, world)
    found.left_to_readers = len(oracle.left_until)
    return found


@dataclass
class SaidLetter(Letter):
    """A letter as it left."""

    message_id: int = 0


def _live(world: World, now: datetime, deeds: int) -> None:
    """What people do; offices work from Monday to Friday, and some look at their phones before and after."""
    world.look(now)
    if now.weekday() < 5 and AT_WORK[0] <= now.time() <= AT_WORK[1]:
        for _ in range(deeds):
            world.go_on(now)


def _roles() -> dict[int, set[str]]:
    roles: dict[int, set[str]] = defaultdict(set)
    for person_id, role in db.session.execute(sa.select(Post.person_id, Post.role)):
        roles[person_id].add(role)
    return roles


def _said_since(message_id: int) -> list[SaidLetter]:
    """The letters written after this one, from the outbox."""
    rows = db.session.execute(
        sa.select(Message, Notice)
        .join(Notice, Notice.message_id == Message.id)
        .where(Message.id > message_id, Notice.channel == "email")
    )
    carried: dict[Message, set[Any]] = defaultdict(set)
    for message, notice in rows:
        key = (notice.assignment_id or 0, notice.due_on, notice.rung, notice.subject_id, notice.person_id)
        carried[message].add(key)
    return [
        SaidLetter(message.person_id, message.kind == "digest", frozenset(keys), message.id)
        for message, keys in carried.items()
    ]


def _differences(now: datetime, expected: Iterable[Letter], said: Iterable[Letter]) -> list[str]:
    """Letters that only one of the two knows, in sentences."""
    ours = Counter((one.person_id, one.digest, one.keys) for one in said)
    theirs = Counter((one.person_id, one.digest, one.keys) for one in expected)
    missing = [f"{now:%d/%m %H:%M} missing: {_read(one)}" for one in theirs - ours]
    return missing + [f"{now:%d/%m %H:%M} too much: {_read(one)}" for one in ours - theirs]


def _read(letter: tuple[int, bool, frozenset[Any]]) -> str:
    person_id, is_digest, keys = letter
    things = ", ".join(f"{key[0]} {key[2]}" for key in sorted(keys)[:8])
    return f"{'digest' if is_digest else 'news'} of {len(keys)} to {person_id}: {things}"


def _of_the_day(day: date, postman: Postman, world: World) -> list[str]:
    """The four promises, asked of what the postman carried and not of the outbox."""
    wrong = []
    keys = [mail.message_key for _, mail in postman.mails]
    digests = set(
        db.session.scalars(sa.select(Message.message_key).where(Message.kind == "digest", Message.day == day))
    )
    per_person = Counter(mail.address for _, mail in postman.mails if mail.message_key in digests)
    wrong += [f"{day:%d/%m} {address}: {number} digests" for address, number in per_person.items() if number > 1]
    wrong += [
        f"{at:%d/%m %H:%M} outside the window" for at, _ in postman.mails if not time(6, 30) <= at.time() < time(20)
    ]
    wrong += [f"{day:%d/%m} {key} carried twice" for key, number in Counter(keys).items() if number > 1]
    wrong += [
        f"{at:%d/%m %H:%M} of finished work: {number}"
        for at, mail in postman.mails
        for number in asked_for(mail.text)
        if world.said_in_vain(number, at)
    ]
    return wrong


def print_calendar(found: Found, start: date, days: int = DAYS) -> None:
    """One sheet for each role: digests and single letters of every day."""
    print(f"{found.letters} letters with {found.notices} notices in {days} days")
    print(f"{found.left_to_readers} notices waited because their reader had just opened the work")
    for role in Role:
        if sheet := found.calendar.get(role.value):
            people = len({post for post in _holders(role)})
            print(f"\n{ROLE_LABELS[role]} ({people} người; tổng hợp + thư riêng mỗi ngày)")
            _print_sheet(sheet, start, days)
    print(f"\ndifferences from the oracle and broken promises: {len(found.wrong)}")
    for sentence in found.wrong[:20]:
        print("  ", sentence)


def _holders(role: Role) -> Iterable[int]:
    query = sa.select(Post.person_id).join(Person, Person.id == Post.person_id)
    return db.session.scalars(query.where(Post.role == role.value, Person.email != ""))


def _print_sheet(sheet: dict[date, Counter[str]], start: date, days: int) -> None:
    print("  " + "".join(f"{name:>13}" for name in ("T2", "T3", "T4", "T5", "T6", "T7", "CN")))
    day = start - timedelta(days=start.weekday())
    while day < start + timedelta(days=days):
        week = [day + timedelta(days=n) for n in range(7)]
        cells = [_cell(one, sheet.get(one)) if start <= one < start + timedelta(days=days) else "" for one in week]
        print("  " + "".join(f"{cell:>13}" for cell in cells))
        day += timedelta(days=7)


def _cell(day: date, counted: Counter[str] | None) -> str:
    said = f"{counted['digest']}+{counted['news']}" if counted else "·"
    return f"{day:%d/%m} {said:>6}"


def main() -> int:
    """The demo province on a PostgreSQL of its own; 1 when a promise was broken."""
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    server = TempPostgres(binaries).start()
    start = date(2026, 6, 1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = load_settings(
                {}, database_url=server.url(), files_folder=f"{folder}/files", web_secret_key="bench"
            )
            with create_app(settings).app_context():
                flask_migrate.upgrade()
                take_in_calendars()
                now = datetime.combine(start, time(5), HOUSE_ZONE)
                with atomic():
                    tell_a_province(settings.policy, now)
                world = World(random.Random(1))
                world.adopt_the_demo()
                found = simulate(world, start, deeds_an_hour=20)
                print_calendar(found, start)
                db.session.remove()
                db.engine.dispose()
    finally:
        server.stop()
    return bool(found.wrong)


if __name__ == "__main__":
    sys.exit(main())
