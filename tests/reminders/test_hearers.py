"""What is foreseen is what planning will say: by day and by name, as it is reminded and as it would be."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import POLICY, a_commune, an_assignment, at
from mailing import reachable

from tracker.db import atomic, db
from tracker.reminders.foreseeing import Look
from tracker.reminders.manner import Manner
from tracker.reminders.models import Silence
from tracker.reminders.situations import sayings
from tracker.rules.access import Role
from tracker.rules.cadences import settled
from tracker.rules.notices import NEWS
from tracker.rules.reminding import Cadence
from tracker.tasks import actions
from tracker.tasks.models import Coordination

NOW = at("2026-06-15 08:00")
MIDNIGHT = at("2026-06-15 00:00")
PRESENT = Manner(POLICY, Cadence(), email=True)
CHANGES = {
    "nothing": {},
    "other days": {"days_before": "10, 5, 2", "receive_within_days": "1"},
    "later climbing": {"monitor_after_days": "5", "leader_after_days": "9", "weeks_between": "2"},
    "more hearers": {
        "due_in.monitor": "inapp email",
        "overdue.coordinators": "inapp",
        "unreceived.unit_leaders": "inapp",
    },
}


def other(typed):
    return replace(PRESENT, cadence=settled(PRESENT.cadence, typed))


def some_work(house, seed):
    """Work of every kind in three communes: given at any time, received or not, late or not, with helpers, silent."""
    dice = random.Random(seed)
    communes = [house.commune, *(a_commune(house.province, f"C{n}", f"Xã Số {n}") for n in (2, 3))]
    for n, commune in enumerate(communes[1:], 2):
        reachable(commune, Role.COMMUNE_LEADER, f"Chủ tịch {n}")
    for _ in range(24):
        given = MIDNIGHT - timedelta(
            days=dice.choice([1, 2, 3, 4, 5, 12, 26, 29, 30, 31, 90]), hours=-dice.randint(7, 16)
        )
        due = (NOW + timedelta(days=dice.randint(-30, 30))).date().isoformat() if dice.random() < 0.9 else None
        commune = dice.choice(communes)
        one = an_assignment(commune, house.issuer, due=due, on=given)
        with atomic():
            if dice.random() < 0.4:
                helper = dice.choice([each for each in communes if each is not commune])
                db.session.add(Coordination(task_id=one.task_id, unit_id=helper.id))
        if commune is house.commune and dice.random() < 0.6:
            actions.delegate(one, house.officer.person_id, None, by=house.leader, now=given, policy=POLICY)
            if due and dice.random() < 0.3:
                asked = max(one.due_on, NOW.date()) + timedelta(days=9)
                actions.ask_extension(one, asked, "Chờ số liệu", by=house.officer, now=given, policy=POLICY)
    with atomic():
        for commune in communes[1:]:
            first = NOW.date() + timedelta(days=dice.randint(-9, 9))
            told = {"reason": "Bão", "by_id": house.monitor.person_id, "by_name": "", "at": NOW}
            db.session.add(Silence(unit_id=commune.id, from_on=first, until_on=first + timedelta(days=6), **told))


def spoken(day, manner):
    """What is to be said on a day, said or not, news aside: (assignment, due, rung, …, channel) → saying."""
    heard = (one for one in sayings(at(f"{day} 00:00"), manner) if one.silent_until is None)
    return {one.key: one for one in heard if one.topic.step not in NEWS}


def lived(present, proposed, days):
    """What planning would newly say on each of the days if nothing happened; until then it was `present`."""
    said = set()
    for back in range(45, 0, -1):
        said |= spoken(days[0] - timedelta(days=back), present).keys()
    for day in days:
        new = [one for key, one in spoken(day, proposed).items() if key not in said]
        said |= {one.key for one in new}
        yield day, new


def by_name(sayings):
    told = {}
    for one in sayings:
        topics, channels = told.setdefault(one.contact.name, (set(), set()))
        topics.add((one.row.id, one.topic.step, one.topic.rung_days))
        channels.add(one.channel)
    return {
        name: (Counter((step, days) for _, step, days in topics), heard) for name, (topics, heard) in told.items()
    }


def foreseen(hearing):
    counted = {
        one.contact.name: Counter({(r.step, r.days): n for r, n in one.said.items()}) for one in hearing.values()
    }
    return {one.contact.name: (counted[one.contact.name], one.channels) for one in hearing.values()}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_foreseen_is_what_planning_would_newly_say(house, seed, change):
    some_work(house, seed)
    proposed = other(CHANGES[change])
    look = Look(house.monitor, NOW, PRESENT, proposed)
    for side, manner in enumerate((PRESENT, proposed)):
        forecast, told = look.forecasts()[side], 0
        for day, new in lived(PRESENT, manner, look.days):
            assert foreseen(look.hearing(day)[side]) == by_name(new), (day, change)
            said = Counter(
                (step, days) for _, step, days in {(o.row.id, o.topic.step, o.topic.rung_days) for o in new}
            )
            expected = Counter({(rung.step, rung.days): number for rung, number in forecast[day].items()})
            assert said <= expected and (change == "more hearers" or said == expected), (day, change)
            told += len(new)
        assert told > 50
