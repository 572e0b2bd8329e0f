"""Several processes plan and deliver over one database: each letter once, and no claim outlives its deliverer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from builders import an_assignment, at
from forking import ended_well, forked
from mailing import HEAD, MANNER, address_of, reachable

from tracker.db import db, forget
from tracker.reminders.actions import tick, write_plan
from tracker.reminders.channels.email import Answer, Result
from tracker.reminders.delivering import claiming, deliver, writing
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import plan
from tracker.rules.access import Role

NOW = at("2026-06-24 07:05")
GIVEN = at("2026-01-05 08:00")


@pytest.fixture
def crowd(house):
    """Thirty people of one commune who all hear of three overdue assignments."""
    people = [reachable(house.commune, Role.COMMUNE_LEADER, f"Người {number}") for number in range(30)]
    for day in ("2026-06-22", "2026-06-23", "2026-06-24"):
        an_assignment(house.commune, house.issuer, due=day, on=GIVEN)
    return [*people, house.leader]


def letters_per_person(house):
    return Counter(letter["To"].addresses[0].addr_spec for letter in house.postbox.letters)


def mail_states():
    forget()
    return Counter(db.session.scalars(sa.select(Notice.state).where(Notice.channel == "email")))


def test_three_processes_at_once_send_each_letter_once(house, crowd, monkeypatch):
    monkeypatch.setattr(claiming, "_PEOPLE_AT_ONCE", 4)
    assert ended_well(*[forked(lambda: house.tick(NOW)) for _ in range(3)])
    assert letters_per_person(house) == Counter(address_of(person) for person in crowd)
    assert mail_states() == {"sent": 93}


def test_ticks_at_once_with_nothing_to_say_are_well(house):
    for _ in range(5):
        assert ended_well(*[forked(lambda: house.tick(NOW)) for _ in range(3)])


def test_planners_at_once_write_each_notice_once_in_whatever_order_they_begin(house, crowd):
    def in_order(sign):
        return lambda: write_plan(plan(NOW, MANNER)[::sign], NOW)

    assert ended_well(*[forked(in_order(sign)) for sign in (1, -1, 1, -1)])
    forget()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 2 * 93


def test_dead_claims_are_taken_over_by_one_of_many(house, crowd):
    class Killed:
        def send(self, mail):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tick(NOW, MANNER, HEAD, Killed())
    assert mail_states() == {"sending": 93}
    later = NOW + claiming.LEASE + timedelta(minutes=1)
    assert ended_well(*[forked(lambda: house.tick(later)) for _ in range(3)])
    assert letters_per_person(house) == Counter(address_of(person) for person in crowd)


def test_a_claim_that_died_is_no_attempt_and_wears_no_letter_out(house, crowd):
    class Killed:
        def send(self, mail):
            raise KeyboardInterrupt

    now = NOW
    for _ in range(12):
        with pytest.raises(KeyboardInterrupt):
            tick(now, MANNER, HEAD, Killed())
        now += claiming.LEASE + timedelta(minutes=1)
    house.postbox.after_data = "452 4.3.1 no room"
    assert house.tick(now)["failed"] == 0
    house.postbox.after_data = ""
    assert house.tick(now + timedelta(minutes=6))["sent"] == 93


class Carried:
    """A carrier that says yes, and a clock that says when another process is at work."""

    def __init__(self, passes, after=0):
        self.sent, self.now, self.passes, self.after = [], NOW, passes, after

    def send(self, mail):
        self.sent.append(mail.address)
        return Answer(Result.SENT)

    def present(self, house):
        """Time passes while letters are on their way, and another process ticks in the meantime."""
        if len(self.sent) > self.after and self.passes:
            self.now += self.passes.pop()
            assert ended_well(forked(lambda: house.tick(self.now)))
        return self.now


def test_who_slept_through_the_lease_sends_nothing_more_of_what_others_took_over(house, crowd):
    write_plan(plan(NOW, MANNER), NOW)
    sleeper = Carried([timedelta(hours=1)])
    ended = deliver(MANNER, HEAD, sleeper, lambda: sleeper.present(house))
    assert len(sleeper.sent) == 1 and ended == Counter()
    assert letters_per_person(house) == Counter(address_of(person) for person in crowd)
    forget()
    assert {message.attempts for message in db.session.scalars(sa.select(Message))} == {1}


def test_a_slow_server_does_not_let_a_claim_lapse_under_its_deliverer(house, crowd):
    write_plan(plan(NOW, MANNER), NOW)
    slow = Carried([timedelta(minutes=3)] * 30)
    assert deliver(MANNER, HEAD, slow, lambda: slow.present(house))["sent"] == 93
    assert house.postbox.letters == []


def test_a_letter_that_cannot_be_written_stops_nobody_else(house, crowd, monkeypatch):
    original = writing.digest

    def digest(name, *rest):
        if name == "Người 7":
            raise ValueError("a template that trips")
        return original(name, *rest)

    monkeypatch.setattr(writing, "digest", digest)
    counts = house.tick(NOW)
    assert (counts["failed"], counts["waiting"]) == (3, 0)
    assert len(house.postbox.letters) == len(crowd) - 1
    assert "Không soạn được thư: ValueError" in db.session.scalar(
        sa.select(Notice.outcome).where(Notice.state == "failed")
    )
