"""Thirty days of a small province: at every tick the letters that the oracle asks for. `make days`: the large one."""

from __future__ import annotations

import random
from datetime import date

import pytest
import sqlalchemy as sa
from builders import at

from bench.days import simulate
from bench.oracle import Oracle
from bench.world import World
from tracker.calendars.actions import take_in_calendars
from tracker.db import db
from tracker.reminders.models import Notice
from tracker.rules.access import Role

START = date(2026, 8, 20)  # with the holiday of 2 September and the Saturday worked for it


@pytest.fixture
def world(database):
    take_in_calendars()
    world = World(random.Random(7))
    world.settle(communes=3, tasks=40, now=at("2026-08-19 08:00"))
    return world


def test_nobody_gets_two_digests_nothing_by_night_nothing_of_finished_work_and_nothing_is_missing(world):
    found = simulate(world, START, deeds_an_hour=1)
    assert found.wrong == []
    assert found.letters > 150
    by_mail = sa.select(Notice.rung).where(Notice.channel == "email", Notice.state == "sent")
    assert {"withdrawn", "suspended", "resumed", "nudged", "urged"} <= set(db.session.scalars(by_mail))
    assert found.left_to_readers > 15
    assert {role.value for role in Role} - found.calendar.keys() == {"administrator", "viewer"}


def test_the_oracle_knows_when_a_rung_is_in_force(database):
    take_in_calendars()
    oracle = Oracle()
    oracle._learn(date(2026, 6, 1))
    asked = [oracle.rung(date(2026, 6, 24), date(2026, 1, 5), date(2026, 6, day)) for day in (16, 17, 19, 23, 24, 25)]
    assert [found and found[0] for found in asked] == [
        None,
        "due_in_7",
        "due_in_3",
        "due_in_1",
        "due_today",
        "overdue_1",
    ]
