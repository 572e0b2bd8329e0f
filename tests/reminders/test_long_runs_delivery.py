"""A run that sends for longer than a beat counts is at work, not late; one that died in the middle is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import at
from mailing import HEAD, MANNER, in_hands, reachable

from tracker.db import forget
from tracker.reminders.actions import tick
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.queries import last_beat
from tracker.reminders.troubles import Trouble, troubles
from tracker.rules.access import Role

NOW = at("2026-06-17 07:05")
MINUTES = 10
"""So long a beat counts (`health.heartbeat_minutes`)."""


@pytest.fixture
def many(house):
    """Six people with something to hear, each in a letter of their own."""
    for number in range(5):
        reachable(house.commune, Role.COMMUNE_LEADER, f"Người {number}")
    in_hands(house, due="2026-06-15")


class Slow:
    """A mail server that takes four minutes for a letter, and asks each time whether the run reads as late."""

    def __init__(self, dies_at=None):
        self.now, self.late, self.letters, self.dies_at = NOW, [], 0, dies_at

    def send(self, mail):
        self.letters += 1
        if self.letters == self.dies_at:
            raise KeyboardInterrupt
        self.now += timedelta(minutes=4)
        self.late.append(is_late(self.now))
        return Answer(Result.SENT)


def is_late(moment):
    forget()
    return any(one.trouble is Trouble.LATE for one in troubles(moment, MINUTES))


def run(carrier):
    return tick(NOW, MANNER, HEAD, carrier, lambda: carrier.now)


def test_a_run_that_sends_for_longer_than_a_beat_counts_is_at_work_and_not_late(house, many):
    slow = Slow()
    run(slow)
    assert slow.now - NOW > timedelta(minutes=2 * MINUTES) and not any(slow.late)
    assert not is_late(slow.now), "it ended this minute, whenever it began"


def test_a_run_says_that_it_sends_while_it_sends_and_what_it_did_when_it_is_done(house, many):
    slow, said = Slow(), []
    slow.send = lambda mail, send=slow.send: (send(mail), said.append(last_beat().said))[0]
    run(slow)
    assert all(one.startswith("lập ") and one.endswith("đang gửi") for one in said)
    forget()
    assert said and "đang gửi" not in last_beat().said


def test_a_run_that_was_killed_while_it_sent_is_late_once_its_last_beat_is_too_old(house, many):
    killed = Slow(dies_at=4)
    with pytest.raises(KeyboardInterrupt):
        run(killed)
    assert not is_late(killed.now + timedelta(minutes=MINUTES - 4))
    assert is_late(killed.now + timedelta(minutes=MINUTES + 1))


def test_the_beat_of_a_run_that_is_told_of_another_moment_is_of_the_present(house, many):
    slow, present = Slow(), at("2026-06-20 09:00")
    tick(NOW, MANNER, HEAD, slow, lambda: slow.now, alive=lambda: present)
    forget()
    assert last_beat().at == present
