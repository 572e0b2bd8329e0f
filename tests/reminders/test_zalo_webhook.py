"""What Zalo reports is believed only when signed, and taken in once, twice or late with the same result."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from builders import a_commune, a_province, somebody
from fake_zalo import APP_SECRET, following, signed, text_from
from zaloing import NOON, consented, linked, room_of

from tracker.db import atomic, db, forget
from tracker.reminders.channels.zalo.contacts import code_in, contact_of
from tracker.reminders.channels.zalo.greeting import greet
from tracker.reminders.channels.zalo.models import ZaloCode, ZaloContact
from tracker.reminders.models import Heartbeat, Message, Notice
from tracker.rules.access import Role

pytestmark = pytest.mark.usefixtures("database", "settings_with_zalo")


@pytest.fixture
def officer():
    """An officer of xã An Bình."""
    return somebody(a_commune(a_province()), Role.COMMUNE_OFFICER, "Lê Quốc Cường")


@pytest.fixture
def report(app, zalo):
    """Sends a report to the webhook as Zalo does; returns status and word."""

    def send(event, **signing):
        raw, headers = signed(event, now=zalo.now(), **signing)
        forget()
        answer = app.test_client().post("/zalo/webhook", data=raw, headers=headers)
        forget()
        return answer.status_code, answer.text

    return send


def a_message(officer, state="sent", **known):
    with atomic():
        message = Message(
            person_id=officer.person_id,
            channel="zalo",
            day=NOON.date(),
            kind="single",
            state=state,
            message_key="a1b2c3d4",
            **known,
        )
        db.session.add(message)
        db.session.flush()
        return message.id


def kept(message_id):
    return db.session.get_one(Message, message_id, populate_existing=True)


def arrived(**told):
    message = {"msg_id": "zalo-7", "tracking_id": "a1b2c3d4", "delivery_time": "1781672400000", **told}
    return {
        "event_name": "user_received_message",
        "sender": {"id": "9876543210"},
        "recipient": {"id": "84987654321"},
        "message": message,
    }


def test_without_zalo_there_is_no_webhook(app, settings_with_zalo):
    app.extensions["settings"] = type(settings_with_zalo)(**{**vars(settings_with_zalo), "zalo_app_id": ""})
    assert app.test_client().post("/zalo/webhook", json={}).status_code == 404


@pytest.mark.parametrize(
    ("signing", "header"),
    [({"secret": "forged"}, None), ({"app_id": "999"}, None), ({}, "mac=00"), ({}, ""), ({}, "mac=café")],
)
def test_what_is_not_signed_is_refused_and_changes_nothing(app, officer, zalo, signing, header):
    linked(officer, zalo, "555")
    raw, headers = signed(following("555", False), now=zalo.now(), **signing)
    headers = headers if header is None else {**headers, "X-ZEvent-Signature": header.encode().decode("latin-1")}
    assert app.test_client().post("/zalo/webhook", data=raw, headers=headers).status_code == 403
    forget()
    assert contact_of(officer.person_id).user_trouble == ""
    assert db.session.get(Heartbeat, "zalo_webhook") is None


def test_one_letter_changed_on_the_way_breaks_the_signature(app, zalo):
    raw, headers = signed(following("555"), now=zalo.now())
    changed = raw.replace(b"555", b"556")
    assert app.test_client().post("/zalo/webhook", data=changed, headers=headers).status_code == 403


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff\xfe", b"null", b"{", b"[" * 50_000])
def test_what_is_no_report_is_refused_in_a_word(app, raw):
    assert app.test_client().post("/zalo/webhook", data=raw).status_code == 422


def test_a_report_too_large_is_not_read(app):
    assert app.test_client().post("/zalo/webhook", data=b" " * 70_000).status_code == 413


def test_a_house_without_the_secret_believes_nobody(app, zalo, settings_with_zalo):
    app.extensions["settings"] = type(settings_with_zalo)(**{**vars(settings_with_zalo), "zalo_oa_secret_key": ""})
    raw, headers = signed(following("555"), now=zalo.now(), secret="")
    assert app.test_client().post("/zalo/webhook", data=raw, headers=headers).status_code == 403


def test_the_wrong_one_of_two_secrets_is_told_apart_from_a_forgery(report):
    assert report(following("555"), secret=APP_SECRET)[0] == 403
    assert "OA Secret Key" in db.session.get_one(Heartbeat, "zalo_webhook").said


@pytest.mark.parametrize("told", [{}, {"tracking_id": ""}, {"msg_id": "other"}])
def test_an_arrival_is_noted_by_our_name_of_the_message_or_by_zalos(officer, report, told):
    message_id = a_message(officer, receipt="zalo-7")
    assert report(arrived(**told)) == (200, "arrived")
    first = kept(message_id).delivered_at
    assert first is not None and kept(message_id).state == "sent"
    assert report(arrived(**told)) == (200, "arrived")
    assert kept(message_id).delivered_at == first


def test_a_message_whose_fate_was_unknown_is_known_once_it_arrives(officer, report):
    message_id = a_message(officer, state="unknown")
    assert report(arrived()) == (200, "arrived")
    assert (kept(message_id).state, kept(message_id).receipt) == ("sent", "zalo-7")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0


def test_an_arrival_of_nothing_of_ours_is_answered_and_forgotten(report):
    assert report(arrived()) == (200, "unheard of")
    assert report({"event_name": "user_received_message"}) == (200, "ignored")


def test_who_stops_following_is_reached_no_longer_by_account_and_again_on_return(officer, zalo, report):
    linked(officer, zalo, "555")
    assert report(following("555", False)) == (200, "unfollows")
    assert contact_of(officer.person_id).user_trouble == "Đã bỏ quan tâm Zalo OA"
    assert report(following("555")) == (200, "follows")
    assert contact_of(officer.person_id).user_trouble == ""


@pytest.mark.parametrize("event", ["oa_send_text", "user_seen_message", "user_submit_info", "", "đổi"])
def test_what_does_not_concern_us_is_answered_with_200(report, event):
    assert report({"event_name": event}) == (200, "ignored")


@pytest.mark.parametrize("event", ["follow", "user_send_text", "user_received_message"])
@pytest.mark.parametrize("part", [None, [], "x", 7, {"id": None}, {"id": {"a": 1}}])
def test_a_report_of_an_odd_shape_is_answered_with_200(report, event, part):
    assert report({"event_name": event, "follower": part, "sender": part, "message": part})[0] == 200


def shown_code(browser, user):
    browser.acts_as(user).get("/account/zalo")
    page = browser.submit("Lấy mã liên kết")
    return re.search(r"LK ([0-9A-Z]{8})", page.html)[1]


def test_a_person_links_an_account_by_sending_the_code_from_it(officer, browser, report):
    code = shown_code(browser, officer)
    assert report(text_from("555", f"  lk {code.lower()} ")) == (200, "linked")
    assert contact_of(officer.person_id).user_id == "555"
    assert "Đã liên kết Zalo" in browser.get("/account/zalo")
    assert report(text_from("666", f"LK {code}")) == (200, "no such code")
    assert contact_of(officer.person_id).user_id == "555"
    browser.submit("Bỏ liên kết")
    assert contact_of(officer.person_id).user_id is None


def test_a_code_lies_nowhere_in_the_clear_and_the_newest_counts(officer, browser, report):
    first = shown_code(browser, officer)
    second = shown_code(browser, officer)
    assert first not in db.session.scalar(sa.select(ZaloCode.code_hash))
    assert report(text_from("555", f"LK {first}")) == (200, "no such code")
    assert report(text_from("555", f"LK {second}")) == (200, "linked")


def test_a_code_that_is_too_old_links_nobody(officer, browser, report):
    code = shown_code(browser, officer)
    with atomic():
        db.session.execute(sa.update(ZaloCode).values(expires_at=NOON.replace(year=2020)))
    assert report(text_from("555", f"LK {code}")) == (200, "no such code")


def test_an_account_belongs_to_the_last_who_showed_it(officer, browser, report):
    colleague = somebody(a_commune(a_province("P2"), "C2"), Role.COMMUNE_LEADER, "Nguyễn Văn Chủ")
    assert report(text_from("555", f"LK {shown_code(browser, officer)}")) == (200, "linked")
    assert report(text_from("555", f"LK {shown_code(browser, colleague)}")) == (200, "linked")
    owners = db.session.scalars(sa.select(ZaloContact.person_id).where(ZaloContact.user_id == "555")).all()
    assert owners == [colleague.person_id]


def test_who_has_linked_is_answered_once_at_the_next_tick(officer, browser, report, zalo, settings_with_zalo):
    room = room_of(settings_with_zalo)
    consented(zalo, room, NOON)
    report(text_from("555", f"LK {shown_code(browser, officer)}"))
    zalo.writers.add("555")
    at_once = contact_of(officer.person_id).linked_at
    assert [greet(room, at_once), greet(room, at_once)] == [1, 0]
    assert [(to, "Lê Quốc Cường" in text) for to, text in zalo.texts] == [("555", True)]


def test_an_answer_that_zalo_does_not_take_is_not_repeated(officer, browser, report, zalo, settings_with_zalo):
    room = room_of(settings_with_zalo)
    report(text_from("555", f"LK {shown_code(browser, officer)}"))
    at_once = contact_of(officer.person_id).linked_at
    assert greet(room, at_once) == 0
    consented(zalo, room, NOON)
    assert greet(room, at_once) == 0 and zalo.texts == []


@pytest.mark.parametrize("text", ["", "xin chào", "LK", "LK 1234567", "LK 123456789", "số LK 12345678", "LK\n"])
def test_what_people_write_to_the_account_is_not_taken_for_a_code(text):
    assert code_in(text) == ""
