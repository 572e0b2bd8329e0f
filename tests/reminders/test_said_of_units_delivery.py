"""What messages say of a unit is what the report says of it: every number, at every tick of a living province."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from builders import POLICY, at
from fake_zalo import TEMPLATE_IDS
from mailing import EVERY_MORNING, HEAD

from bench.world import World
from tracker.accounts.models import Person, Post
from tracker.accounts.queries import acting
from tracker.calendars.actions import take_in_calendars
from tracker.calendars.queries import working_calendar
from tracker.clock import HOUSE_ZONE
from tracker.db import atomic, db
from tracker.reminders.actions import tick
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.channels.zalo.carrier import ZaloMessage
from tracker.reminders.channels.zalo.parcels import by_zalo
from tracker.reminders.channels.zalo.writing import Writer
from tracker.reminders.manner import ByZalo
from tracker.reports.queries import Scope, figures, longest_overdue
from tracker.rules.access import Role
from tracker.tasks.queries import Day, Filters, listing_count
from tracker.units.models import Unit

START = date(2026, 8, 20)  # with the holiday of 2 September and the Saturday worked for it
ZALO = by_zalo(Writer(TEMPLATE_IDS, names_tasks=True, limits={}))
SPEAKING = replace(EVERY_MORNING, zalo=ByZalo(configured=True, is_open=True, by_phone=True))


@dataclass
class Postman:
    """Takes every letter and every message by Zalo."""

    taken: list = field(default_factory=list)

    def send(self, mail):
        self.taken.append(mail)
        return Answer(Result.SENT, receipt="1")


@pytest.fixture
def world(database):
    take_in_calendars()
    world = World(random.Random(11))
    world.settle(communes=3, tasks=60, now=at("2026-08-19 08:00"))
    with atomic():
        for person in db.session.scalars(sa.select(Person)):
            person.phone = f"09{person.id:08}"
    return world


def reported(now: datetime) -> dict[str, dict[str, int]]:
    """What report and lists say of each unit at the moment: overdue, waiting, due today, the longest delay"""
    day = Day(now.date(), working_calendar(), POLICY)
    found = {}
    for unit in db.session.scalars(sa.select(Unit).where(Unit.kind == "xa")):
        tally = figures(Scope(unit), day, today=day.on).tally
        oldest = longest_overdue(unit.path, day).get(unit.id)
        longest = (day.on - oldest).days if oldest else 0
        leader = sa.select(Post).where(Post.unit_id == unit.id, Post.role == Role.COMMUNE_LEADER)
        today = listing_count(acting(db.session.scalars(leader).first()), Filters(view="today"), day)
        said = {"overdue": tally.open_overdue, "pending": tally.pending, "longest": longest, "today": today}
        found[unit.name] = said
    return found


SAID = re.compile(r"(?i)(xã số \d+)(?: còn|:) (\d+) (?:việc|nhiệm vụ) quá hạn(?:, lâu nhất (\d+) ngày)?")
SAID_OF_TODAY = re.compile(r"(?i)(xã số \d+):(?: \d+ việc quá hạn,)? (\d+)(?: việc)? hạn hôm nay")
FIGURES = {
    "escalation": {"so_nhiem_vu": "overdue", "so_ngay": "longest"},
    "digest": {"qua_han": "overdue", "cho_duyet": "pending", "den_han_hom_nay": "today"},
}


def said_by_letters(letters):
    """What letters say of units: (unit, figure, number)."""
    for letter in letters:
        for text in (letter.subject, letter.text):
            for unit, today in SAID_OF_TODAY.findall(text):
                yield unit.title(), "today", today
            for unit, overdue, longest in SAID.findall(text):
                yield unit.title(), "overdue", overdue
                if longest:
                    yield unit.title(), "longest", longest


def said_by_zalo(messages):
    """The same of messages by Zalo."""
    for message in messages:
        values = message.written.values
        unit = values.get("ten_xa") or values.get("pham_vi", "").removeprefix("của ")
        for name, figure in FIGURES.get(message.written.kind, {}).items():
            if unit.title().startswith("Xã Số"):
                yield unit.title(), figure, values[name]


def own_overdue(message: ZaloMessage, now: datetime) -> bool:
    """Whether a message to an officer about the own work counts what his list counts as overdue."""
    person = db.session.get_one(Person, message.person_id)
    post = db.session.scalars(sa.select(Post).where(Post.person_id == person.id)).one()
    day = Day(now.date(), working_calendar(), POLICY)
    number = listing_count(acting(post), Filters(box="open_overdue", officer_id=person.id), day)
    return message.written.values["qua_han"] == str(number)


def days(world):
    """Every tick of 25 days in which people work: its moment, letters and messages."""
    for number in range(25):
        for hour in ("07:05", "14:20"):
            now = datetime.combine(START + timedelta(days=number), time.fromisoformat(hour), HOUSE_ZONE)
            for _ in range(3):
                world.go_on(now)
            letters, messages = Postman(), Postman()
            tick(now, SPEAKING, HEAD, letters, partial(datetime.fromisoformat, now.isoformat()), (ZALO, messages))
            yield now, letters.taken, messages.taken


def test_every_number_that_is_said_of_a_unit_is_the_figure_of_the_report(world):
    wrong, compared, officers = [], Counter(), 0
    for now, letters, messages in days(world):
        truth = reported(now)
        for unit, figure, number in [*said_by_letters(letters), *said_by_zalo(messages)]:
            compared[figure] += 1
            if number != str(truth[unit][figure]):
                wrong.append(f"{now:%d/%m %H:%M} {unit}: {figure} {number}, the report says {truth[unit]}")
        for message in messages:
            if message.written.values.get("pham_vi") == "của đồng chí":
                officers += 1
                assert own_overdue(message, now), message.written.text
    assert wrong == []
    assert min(compared["overdue"], compared["longest"], compared["pending"], compared["today"]) > 10 and officers > 5


def test_the_units_of_all_messages_of_a_claim_are_counted_by_one_question(world):
    now, asked = at("2026-08-20 07:05"), []

    def listen(_connection, _cursor, statement, *_rest):
        asked.append("RECURSIVE tree" in statement)

    sa.event.listen(db.engine, "before_cursor_execute", listen)
    letters, messages = Postman(), Postman()
    tick(now, SPEAKING, HEAD, letters, lambda: now, (ZALO, messages))
    sa.event.remove(db.engine, "before_cursor_execute", listen)
    units = {unit for unit, _, _ in [*said_by_letters(letters.taken), *said_by_zalo(messages.taken)]}
    assert len(units) == 3 and sum(asked) == 4  # how much and what presses, for the letters and the messages by Zalo
