"""Several processes plan and deliver over one database: each letter once, and no claim outlives its deliverer."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime, timedelta
from threading import Lock

import pytest
import sqlalchemy as sa
from builders import an_assignment, at
from forking import ended_well, forked
from mailing import HEAD, MANNER, SENDER, address_of, reachable

from tracker.db import db, forget
from tracker.reminders.actions import tick, write_plan
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.channels.email import MailServer
from tracker.reminders.delivering import claiming, deliver, rounds, writing
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


@pytest.fixture
def few_at_once(monkeypatch):
    """So few people in a claim that every hand comes to have one."""
    monkeypatch.setattr(rounds, "_MOST_PEOPLE", 2)
    monkeypatch.setattr(rounds, "_FIRST_PEOPLE", 2)


def letters_per_person(house):
    return Counter(letter["To"].addresses[0].addr_spec for letter in house.postbox.letters)


def mail_states():
    forget()
    return Counter(db.session.scalars(sa.select(Notice.state).where(Notice.channel == "email")))


def test_three_processes_at_once_send_each_letter_once(house, crowd, few_at_once):
    assert ended_well(*[forked(lambda: house.tick(NOW)) for _ in range(3)])
    assert letters_per_person(house) == Counter(address_of(person) for person in crowd)
    assert mail_states() == {"sent": 93}


def test_ticks_at_once_with_nothing_to_say_are_well(house):
    for _ in range(5):
        assert ended_well(*[forked(lambda: house.tick(NOW)) for _ in range(3)])


def test_two_hands_of_a_process_share_the_letters_and_write_to_nobody_twice(house, crowd, few_at_once):
    with MailServer(house.postbox.url, SENDER, 2) as one, MailServer(house.postbox.url, SENDER, 2) as other:
        used = set()
        hands = [_Counting(server, used) for server in (one, other)]
        assert tick(NOW, MANNER, HEAD, hands[0], more=hands[1:])["sent"] == 93 + 93
    assert used == set(hands)
    assert letters_per_person(house) == Counter(address_of(person) for person in crowd)


def test_what_one_of_two_hands_dies_of_is_said_and_the_other_ends_its_letters(house, crowd, few_at_once):
    class Killed:
        def send(self, mail):
            raise RuntimeError("a hand that trips")

    with MailServer(house.postbox.url, SENDER, 2) as server, pytest.raises(RuntimeError):
        tick(NOW, MANNER, HEAD, server, more=[Killed()])
    left = mail_states()
    assert left["sent"] >= 36 and left["sent"] + left["sending"] == 93


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
    left = mail_states()
    assert left["sending"] >= 36 and left["sending"] + left["waiting"] == 93
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


class _Counting:
    """A mail server that tells when it was used."""

    def __init__(self, server, used):
        self.server, self.used = server, used

    def send(self, mail):
        self.used.add(self)
        return self.server.send(mail)


class Neighbour:
    """Another process of the house, which ticks when it is told to."""

    def __init__(self, house):
        (asked, self._ask), (self._answered, answer) = os.pipe(), os.pipe()
        self._child = forked(lambda: self._live(house, asked, answer))
        os.close(asked)
        os.close(answer)

    def _live(self, house, asked, answer):
        os.close(self._ask)
        with os.fdopen(asked) as moments:
            for moment in moments:
                house.tick(datetime.fromisoformat(moment.strip()))
                os.write(answer, b"!")

    def tick(self, now):
        """Returns when it has ticked."""
        os.write(self._ask, f"{now.isoformat()}\n".encode())
        assert os.read(self._answered, 1) == b"!"

    def leave(self):
        os.close(self._ask)
        assert ended_well(self._child)


@pytest.fixture
def neighbour(house, crowd, monkeypatch):
    """A neighbour who finds everything claimed: one claim holds the letters of all."""
    monkeypatch.setattr(rounds, "_FIRST_PEOPLE", len(crowd))
    write_plan(plan(NOW, MANNER), NOW)
    other = Neighbour(house)
    yield other
    other.leave()


class Carried:
    """A carrier that says yes; while letters are on their way time passes and the neighbour is at work."""

    def __init__(self, passes, neighbour):
        self.sent, self.now, self.passes, self.neighbour, self.lock = [], NOW, passes, neighbour, Lock()

    def send(self, mail):
        self.sent.append(mail.address)
        return Answer(Result.SENT)

    def present(self):
        """What time it is; only the first who asks after a letter has left waits for the neighbour."""
        with self.lock:
            if self.sent and self.passes:
                self.now += self.passes.pop()
                self.neighbour.tick(self.now)
            return self.now


def test_who_slept_through_the_lease_sends_nothing_more_of_what_others_took_over(house, crowd, neighbour):
    sleeper = Carried([timedelta(hours=1)], neighbour)
    ended = deliver(MANNER, HEAD, sleeper, sleeper.present)
    assert len(sleeper.sent) == 1 and ended == Counter()
    assert letters_per_person(house) == Counter(address_of(person) for person in crowd)
    forget()
    assert {message.attempts for message in db.session.scalars(sa.select(Message))} == {1}


def test_a_slow_server_does_not_let_a_claim_lapse_under_its_deliverer(house, crowd, neighbour):
    slow = Carried([timedelta(minutes=3)] * 30, neighbour)
    assert deliver(MANNER, HEAD, slow, slow.present)["sent"] == 93
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
