"""Tokens: refreshed early, by one process at a time, encrypted at rest; a lost chain asks for consent, in words."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from builders import at
from zaloing import NOON, SECRET, configured, consented, kept_account, room_of

from tracker.db import db
from tracker.reminders.channels.zalo.models import ZaloAccount
from tracker.reminders.channels.zalo.setup import zalo_of
from tracker.reminders.channels.zalo.tokens import NeedsConsent, NotNow, challenge_of, new_verifier
from tracker.reminders.channels.zalo.vault import SecretChanged, Vault

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def room(settings_with_zalo, zalo):
    """The channel, with consent given at noon."""
    room = room_of(settings_with_zalo)
    consented(zalo, room, NOON)
    return room


def test_a_house_without_an_app_has_no_channel(app):
    assert zalo_of(app.extensions["settings"], SECRET) is None


def test_without_consent_a_sentence_says_what_to_press(settings_with_zalo):
    room = room_of(settings_with_zalo)
    with pytest.raises(NeedsConsent, match="Cấp quyền"):
        room.tokens.current(NOON)
    assert "Cấp quyền" in room.closed_because(NOON)


def test_the_database_alone_holds_no_token(room, zalo):
    kept = kept_account()
    assert zalo.access_token not in kept.access_token and zalo.refresh_token not in kept.refresh_token
    assert room.tokens.vault.read(kept.access_token) == zalo.access_token
    with pytest.raises(SecretChanged):
        Vault("another secret").read(kept.access_token)


def test_another_secret_of_the_house_asks_for_consent_instead_of_failing(room, settings_with_zalo):
    other = zalo_of(settings_with_zalo, "another secret")
    with pytest.raises(NeedsConsent, match="Khóa bí mật"):
        other.tokens.current(NOON)
    assert "Khóa bí mật" in other.closed_because(NOON) and not other.at(NOON).is_open
    assert room.closed_because(NOON) == "" and room.tokens.current(NOON)


def test_a_token_serves_until_two_hours_before_its_end_and_is_then_replaced(room, zalo, clock):
    clock.now = NOON + timedelta(hours=22, minutes=59)
    assert room.tokens.current(clock.now) == zalo.access_token
    assert zalo.refreshes == 0
    clock.now = NOON + timedelta(hours=23, minutes=1)
    before = zalo.access_token
    assert room.tokens.current(clock.now) == zalo.access_token != before
    assert kept_account().access_until == clock.now + timedelta(hours=25)


def test_each_refresh_spends_the_token_of_the_one_before(room, zalo, clock):
    for day in range(1, 6):
        clock.now = NOON + timedelta(days=day)
        assert room.tokens.current(clock.now) == zalo.access_token
    assert zalo.refreshes == 5


def test_a_refused_token_is_replaced_once_for_all_who_wait(room, zalo, clock):
    refused = zalo.access_token
    first = room.tokens.current(NOON, refused)
    assert room.tokens.current(NOON, refused) == first == zalo.access_token
    assert zalo.refreshes == 1


def test_many_processes_that_find_an_old_token_refresh_it_once(app, room, zalo, clock):
    clock.now = NOON + timedelta(hours=24)
    got, db_session_is_own_per_thread = [], threading.Barrier(6)

    def worker():
        with app.app_context():
            db_session_is_own_per_thread.wait()
            got.append(room.tokens.current(clock.now))
            db.session.remove()

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert zalo.refreshes == 1
    assert set(got) == {zalo.access_token}


@pytest.mark.parametrize("answer", ["an error", "no token"])
def test_a_refresh_that_fails_for_good_is_not_tried_again_but_shown(room, zalo, clock, answer, monkeypatch):
    clock.now = NOON + timedelta(hours=30)
    if answer == "an error":
        zalo.refresh_token = "somebody else has spent it"
    else:
        monkeypatch.setattr(zalo, "token", lambda form, secret: {"error": 0, "expires_in": "90000"})
    with pytest.raises(NeedsConsent, match="cấp quyền lại"):
        room.tokens.current(clock.now)
    asked = len(zalo.calls)
    with pytest.raises(NeedsConsent):
        room.tokens.current(clock.now)
    assert len(zalo.calls) == asked
    assert "cấp quyền lại" in room.closed_because(clock.now)
    assert kept_account().refresh_token  # the good token is never overwritten with nothing


def test_when_zalo_is_slow_or_away_the_token_that_still_lives_serves(room, zalo, clock):
    clock.now = NOON + timedelta(hours=24)
    old = zalo.access_token
    zalo.fail_next(-32)
    assert room.tokens.current(clock.now) == old
    zalo.misbehave_next("busy")
    assert room.tokens.current(clock.now) == old
    assert kept_account().trouble == ""


def test_when_the_token_has_ended_too_the_house_waits(room, zalo, clock):
    clock.now = NOON + timedelta(hours=30)
    zalo.fail_next(-32)
    with pytest.raises(NotNow):
        room.tokens.current(clock.now)
    assert room.tokens.current(clock.now) == zalo.access_token


def test_an_answer_that_never_came_may_have_spent_the_token_and_the_next_refresh_finds_out(room, zalo, clock):
    clock.now = NOON + timedelta(hours=30)
    zalo.misbehave_next("hang up")
    with pytest.raises(NotNow):
        room.tokens.current(clock.now)
    with pytest.raises(NeedsConsent):
        room.tokens.current(clock.now)


def test_a_life_that_cannot_be_read_counts_as_an_hour(room, zalo, clock, monkeypatch):
    clock.now = NOON + timedelta(hours=30)
    pair = zalo.new_pair()
    monkeypatch.setattr(zalo, "token", lambda form, secret: {**pair, "expires_in": "soon"})
    assert room.tokens.current(clock.now) == pair["access_token"]
    assert kept_account().access_until == clock.now + timedelta(hours=1)


def test_the_channel_stays_alive_though_nothing_is_sent_for_weeks(room, zalo, clock):
    while clock.now < at("2026-12-01 12:00"):
        clock.now += timedelta(hours=12)
        room.keep_alive(clock.now)
    assert zalo.refreshes > 150
    assert room.closed_because(clock.now) == ""


def test_a_verifier_has_forty_three_characters_and_its_challenge_no_padding():
    verifier = new_verifier()
    assert len(verifier) == 43
    assert len(challenge_of(verifier)) == 43 and "=" not in challenge_of(verifier)


def test_keeping_alive_without_consent_is_quiet(settings_with_zalo):
    room_of(settings_with_zalo).keep_alive(NOON)
    assert db.session.get(ZaloAccount, 1) is None


def test_a_wrong_app_secret_is_said_in_words(settings_with_zalo, zalo, clock):
    room = room_of(configured(settings_with_zalo, zalo, zalo_app_secret="wrong"))
    consented(zalo, room, NOON)
    clock.now = NOON + timedelta(hours=30)
    with pytest.raises(NeedsConsent, match="-14002"):
        room.tokens.current(clock.now)
