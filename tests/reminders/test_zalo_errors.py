"""Every code that Zalo has published leads to one trouble, and every trouble to one consequence."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from builders import at

from tracker.reminders.channels.answers import Result
from tracker.reminders.channels.zalo.errors import CODES, CONSEQUENCES, WORDS, Scope, Trouble, trouble_of
from tracker.rules.notices import AUDIENCE, Channel, Step, channels, presses
from tracker.rules.reaching import zalo_number

NOW = at("2026-06-17 21:30")


def test_no_code_means_two_things_and_every_trouble_has_words_and_a_consequence():
    assert [code for code, n in Counter(code for codes in CODES.values() for code in codes).items() if n > 1] == []
    assert set(CODES) == set(CONSEQUENCES) == set(WORDS) == set(Trouble)


@pytest.mark.parametrize(
    ("code", "trouble", "result", "rests", "until", "by_email"),
    [
        (-124, "token", "unreachable", "consent", None, True),
        (-216, "token", "unreachable", "consent", None, True),
        (-133, "night", "unreachable", "channel", at("2026-06-18 06:00"), False),
        (-234, "night", "unreachable", "channel", at("2026-06-18 06:00"), False),
        (-32, "rate", "unreachable", "channel", NOW + timedelta(minutes=1), False),
        (-100, "busy", "later", "nothing", None, False),
        (-999999, "busy", "later", "nothing", None, False),
        (-144, "quota", "unreachable", "channel", at("2026-06-18 06:00"), True),
        (-211, "quota", "unreachable", "channel", at("2026-06-18 06:00"), True),
        (-147, "template_quota", "later", "template", at("2026-06-18 06:00"), False),
        (-218, "recipient_quota", "later", "nothing", at("2026-06-18 06:00"), False),
        (-115, "account", "unreachable", "channel", at("2026-06-18 06:00"), True),
        (-135, "account", "unreachable", "channel", at("2026-06-18 06:00"), True),
        (-101, "configuration", "unreachable", "channel", at("2026-06-18 06:00"), True),
        (-131, "template", "refused", "template", at("2026-06-18 06:00"), False),
        (-249, "template", "refused", "template", at("2026-06-18 06:00"), False),
        (-118, "recipient", "refused", "nothing", None, False),
        (-213, "recipient", "refused", "nothing", None, False),
        (-1121, "data", "refused", "nothing", None, False),
    ],
)
def test_what_follows_from_a_code(code, trouble, result, rests, until, by_email):
    found = trouble_of(code)
    consequence = CONSEQUENCES[found]
    assert found is Trouble(trouble)
    assert (consequence.result, consequence.rests) == (Result(result), Scope(rests))
    assert (consequence.until(NOW) if consequence.until else None) == until
    assert consequence.by_email is by_email
    assert consequence.marks_recipient is (trouble == "recipient")


def test_before_six_the_night_ends_on_the_same_day():
    until = CONSEQUENCES[Trouble.NIGHT].until
    assert until is not None
    assert until(at("2026-06-18 05:59")) == at("2026-06-18 06:00")


@pytest.mark.parametrize(
    ("step", "rung_days", "term_days", "zalo"),
    [
        (Step.DUE_SOON, 7, 30, False),
        (Step.DUE_SOON, 3, 30, True),
        (Step.LAST_WARNING, 1, 30, True),
        (Step.DUE_TODAY, 0, 30, True),
        (Step.WEEKLY, 0, 30, True),
        (Step.RETURNED, 0, None, True),
        (Step.ASSIGNED, 0, 8, False),
        (Step.ASSIGNED, 0, 7, True),
        (Step.DELEGATED, 0, None, False),
    ],
)
def test_only_what_is_near_late_or_answered_goes_by_zalo(step, rung_days, term_days, zalo):
    row = AUDIENCE[step]
    urgent = presses(step, rung_days=rung_days, term_days=term_days)
    assert {Channel.ZALO in channels(cell, presses=urgent) for cell in row.values()} == {zalo}


def test_only_the_last_warning_and_what_nobody_received_are_left_to_zalo_alone():
    spared = [
        step
        for step, row in AUDIENCE.items()
        for cell in row.values()
        if Channel.ZALO in channels(cell, presses=True) and Channel.EMAIL not in channels(cell, presses=True)
    ]
    assert set(spared) == {Step.LAST_WARNING, Step.UNRECEIVED}


def test_what_zalo_spares_e_mail_is_said_by_e_mail_where_zalo_does_not_reach_or_would_not_take_it():
    (cell,) = set(AUDIENCE[Step.LAST_WARNING].values())
    assert channels(cell, presses=True, zalo=False) == (Channel.INAPP, Channel.EMAIL)
    assert channels(cell, presses=True, zalo_failed=True) == (Channel.INAPP, Channel.EMAIL, Channel.ZALO)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0987654321", "84987654321"),
        ("098 765 4321", "84987654321"),
        ("+84 987.654.321", "84987654321"),
        ("84987654321", "84987654321"),
        ("0203 3835 678", ""),
        ("0900 000 001, máy lẻ 12", ""),
        ("", ""),
    ],
)
def test_a_number_is_written_as_zalo_wants_it_or_not_used(written, number):
    assert zalo_number(written) == number
