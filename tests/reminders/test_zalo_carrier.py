"""One message to Zalo: how it ends, whom it marks, what it lets rest; and what is not known stays not known."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from builders import a_commune, a_province, at, somebody
from fake_zalo import CALLS_A_MINUTE
from test_zalo_payloads import WRITER, written
from zaloing import NOON, configured, consented, kept_account, linked, room_of

from tracker.db import db
from tracker.reminders.channels.answers import Result
from tracker.reminders.channels.zalo.carrier import ZaloMessage
from tracker.reminders.channels.zalo.client import Client, NoAnswer, NotSent
from tracker.reminders.channels.zalo.contacts import contact_of
from tracker.reminders.channels.zalo.rests import resting
from tracker.reminders.channels.zalo.writing import Writer
from tracker.rules.access import Role

pytestmark = pytest.mark.usefixtures("database")
PHONE = "84987654321"


@pytest.fixture
def officer():
    """Somebody to send to."""
    return somebody(a_commune(a_province()), Role.COMMUNE_OFFICER, "Lê Quốc Cường")


@pytest.fixture
def room(settings_with_zalo, zalo):
    """The channel, with consent given at noon."""
    room = room_of(settings_with_zalo)
    consented(zalo, room, NOON)
    return room


@pytest.fixture
def send(room, officer, clock):
    """Sends one message by phone, or to the account given."""
    carrier = room.carrier(clock)

    def one(name="overdue", address=PHONE, writer=WRITER):
        return carrier.send(ZaloMessage(officer.person_id, address, "a1b2c3d4e5", written(name, writer)))

    return one


def at_rest(clock):
    return {one.scope: (one.trouble, one.until) for one in resting(clock.now)}


def test_a_message_to_a_phone_and_one_to_an_account_arrive_as_written(send, zalo, officer):
    linked(officer, zalo, "555")
    assert send().result is Result.SENT
    answer = send(address="user:555")
    assert answer.result is Result.SENT
    by_phone, by_account = zalo.messages
    assert (by_phone["phone"], by_phone["tracking_id"]) == (PHONE, "a1b2c3d4e5")
    assert by_account["user_id"] == "555" and "tracking_id" not in by_account
    assert answer.receipt == by_account["msg_id"]


def test_every_snapshot_is_taken_by_a_zalo_that_checks_names_and_lengths(send, zalo):
    for name in ("due_soon", "overdue", "returned", "extension_granted", "digest", "digest_leader"):
        assert send(name).result is Result.SENT, name
    zalo.templates["108"]["ten_nhiem_vu"] = 5
    refused = send("overdue")
    assert refused.result is Result.REFUSED and "-1124" in refused.said


def test_no_transaction_is_open_while_a_message_is_on_its_way(send, zalo, room, monkeypatch):
    seen = []
    post = Client.post_json
    monkeypatch.setattr(
        Client, "post_json", lambda *told: (seen.append(db.session().in_transaction()), post(*told))[1]
    )
    send()
    assert seen == [False]


def test_the_night_is_waited_out_until_six(send, zalo, clock):
    clock.now = at("2026-06-17 22:00")
    answer = send()
    assert (answer.result, answer.not_before) == (Result.UNREACHABLE, at("2026-06-18 06:00"))
    asked = len(zalo.calls)
    assert send().result is Result.UNREACHABLE
    assert len(zalo.calls) == asked
    clock.now = at("2026-06-18 06:00")
    assert send().result is Result.SENT


def test_too_fast_is_a_minute_of_rest(send, zalo, clock):
    zalo.calls_a_minute = 2
    assert [send().result for _ in range(3)] == [Result.SENT, Result.SENT, Result.UNREACHABLE]
    clock.now += timedelta(minutes=1, seconds=1)
    assert send().result is Result.SENT
    assert CALLS_A_MINUTE == 4000


def test_an_empty_account_rests_till_morning_and_then_tries_once(send, room, zalo, clock):
    zalo.money = 299
    assert send().result is Result.UNREACHABLE
    assert "-115" in room.closed_because(clock.now)
    assert at_rest(clock) == {"channel": ("account", at("2026-06-18 06:00"))}
    clock.now = at("2026-06-18 07:00")
    assert room.closed_because(clock.now) == ""
    zalo.money = 1000
    assert send().result is Result.SENT


def test_the_quota_of_the_day_rests_till_tomorrow(send, zalo, clock):
    zalo.daily_quota = 1
    assert [send().result for _ in range(2)] == [Result.SENT, Result.UNREACHABLE]
    clock.now = at("2026-06-18 07:00")
    assert send().result is Result.SENT


def test_a_locked_template_rests_alone(send, zalo, clock):
    zalo.fail_next(-146)
    assert send("overdue").result is Result.REFUSED
    assert at_rest(clock) == {"108": ("template", at("2026-06-18 06:00"))}
    asked = len(zalo.calls)
    assert send("overdue").result is Result.REFUSED
    assert len(zalo.calls) == asked
    assert send("returned").result is Result.SENT


def test_what_one_person_may_get_a_day_is_no_trouble_of_others(send, zalo, clock):
    zalo.fail_next(-218)
    answer = send()
    assert (answer.result, answer.not_before) == (Result.LATER, at("2026-06-18 06:00"))
    assert at_rest(clock) == {}
    assert send().result is Result.SENT


def test_a_number_without_zalo_is_marked_and_an_account_that_left_too(send, zalo, officer):
    zalo.unreachable.add(PHONE)
    answer = send()
    assert answer.result is Result.REFUSED and "-118" in answer.said
    assert contact_of(officer.person_id).phone_refused == PHONE
    assert "-213" in send(address="user:555").said
    assert "-213" in contact_of(officer.person_id).user_trouble


def test_a_token_that_died_elsewhere_is_replaced_and_the_message_sent_once(send, zalo):
    zalo.access_token = "another process has refreshed"
    answer = send()
    assert answer.result is Result.SENT
    assert len(zalo.messages) == 1 and zalo.refreshes == 1


def test_a_token_refused_again_asks_for_consent(send, zalo, room, clock):
    zalo.token = lambda form, secret: zalo.new_pair()  # the refresh between the two refusals is well
    zalo.fail_next(-124, -124)
    assert send().result is Result.UNREACHABLE
    assert "cấp quyền lại" in kept_account().trouble
    assert "cấp quyền lại" in room.closed_because(clock.now)
    assert zalo.messages == []


@pytest.mark.parametrize("deed", ["hang up", "stall", "garbage"])
def test_a_message_without_an_answer_is_unknown_although_it_arrived(send, zalo, deed):
    zalo.stall_seconds = 1.5
    zalo.misbehave_next(deed)
    assert send().result is Result.UNKNOWN
    assert len(zalo.messages) == 1


def test_after_three_silences_the_channel_rests(send, zalo, clock):
    zalo.misbehave_next("hang up", "hang up", "hang up")
    assert [send().result for _ in range(4)] == [Result.UNKNOWN] * 3 + [Result.UNREACHABLE]
    assert len(zalo.messages) == 3
    clock.now += timedelta(minutes=31)
    assert send().result is Result.SENT


def test_success_without_a_name_for_the_message_is_unknown(send, zalo, monkeypatch):
    monkeypatch.setattr(zalo, "send", lambda body, token, by_user: {"error": 0, "message": "Success"})
    assert send().result is Result.UNKNOWN


def test_a_zalo_that_is_away_or_too_busy_was_sent_nothing(send, zalo, room, officer, clock, settings_with_zalo):
    zalo.misbehave_next("busy")
    assert send().result is Result.UNREACHABLE
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        away = room_of(configured(settings_with_zalo, zalo, zalo_phone_url=nowhere)).carrier(clock)
        answer = away.send(ZaloMessage(officer.person_id, PHONE, "x", written("overdue")))
    assert answer.result is Result.UNREACHABLE and "Không kết nối được" in answer.said
    assert zalo.messages == []


def test_without_a_template_nothing_is_asked(send, zalo):
    asked = len(zalo.calls)
    assert send(writer=Writer({}, True, {})).result is Result.REFUSED
    assert len(zalo.calls) == asked


@pytest.mark.parametrize(
    ("said", "error"),
    [(b'{"error": -32}', -32), (b'{"error": "invalid_grant"}', -1), (b"{}", 0), (b'{"error": null}', 0)],
)
def test_an_answer_is_read_whatever_its_shape(zalo, said, error, monkeypatch):
    assert reply_to(zalo, said, monkeypatch).error == error


@pytest.mark.parametrize("said", [b"", b"[]", b"null", b"\xff", b"<html>"])
def test_an_answer_that_cannot_be_read_is_none(zalo, said, monkeypatch):
    with pytest.raises(NoAnswer):
        reply_to(zalo, said, monkeypatch)


def reply_to(zalo, said, monkeypatch):
    from fake_zalo import _Handler

    monkeypatch.setattr(_Handler, "do_GET", lambda door: door._answer({}, raw=said))
    return Client(1).get(f"{zalo.url}/x", {}, {})


@pytest.mark.parametrize("url", ["", "http://", "http://zalo:abc/x", "https://[::x/"])
def test_an_address_that_is_none_sends_nothing(url):
    with pytest.raises(NotSent):
        Client(1).post_json(url, {}, {})


def test_what_never_left_is_told_from_what_was_never_answered():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/x"
        with pytest.raises(NotSent):
            Client(1).post_json(url, {}, {})
        deaf.listen(1)
        with pytest.raises(NoAnswer):
            Client(1).post_json(url, {}, {})
