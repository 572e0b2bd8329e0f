"""Reminders by Zalo through the whole tick: once, true when sent, and by e-mail whatever Zalo cannot say."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from builders import POLICY, a_document, an_assignment, at, somebody
from click.testing import CliRunner
from fake_zalo import signed
from mailing import HEAD, LADDER, SENDER
from test_reminding_delivery import due_work
from zaloing import NOON, configured, consented, linked, room_of, with_phone

from tracker.accounts.models import Person
from tracker.app import gather_commands
from tracker.cli import commands
from tracker.db import atomic, db, forget
from tracker.reminders.actions import tick, write_plan
from tracker.reminders.channels.email import MailServer
from tracker.reminders.channels.zalo.carrier import ZaloCarrier
from tracker.reminders.channels.zalo.contacts import contact_of, mark_unreachable, try_again, want_zalo
from tracker.reminders.delivering import deliver
from tracker.reminders.manner import Manner
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import plan
from tracker.rules.access import Role
from tracker.tasks.actions import write_result
from tracker.tasks.deciding import send_back

OFFICER, LEADER = "84911111111", "84922222222"


@pytest.fixture
def room(settings_with_zalo, zalo, database):
    """The channel, with consent given at noon of 17/06/2026."""
    room = room_of(settings_with_zalo)
    consented(zalo, room, NOON)
    return room


@pytest.fixture
def people(house, room):
    """The house, whose officer and leader have phones."""
    with_phone(house.officer, "0911111111")
    with_phone(house.leader, "0922 222 222")
    return house


@pytest.fixture
def run(people, room, clock):
    """One tick with both carriers, as the command does it."""

    def one(moment, email=True):
        clock.now = at(moment)
        room.keep_alive(clock.now)
        manner = Manner(POLICY, LADDER, email=email, zalo=room.at(clock.now))
        by_zalo = room.round(clock) if manner.zalo.is_open else None
        with MailServer(people.postbox.url, SENDER, timeout_seconds=2) as server:
            return tick(clock.now, manner, HEAD, server if email else None, clock, by_zalo)

    return one


def outbox(channel="zalo"):
    """(state, rung, outcome) of a channel, in order."""
    query = sa.select(Notice.state, Notice.rung, Notice.outcome).where(Notice.channel == channel)
    return [tuple(row) for row in db.session.execute(query.order_by(Notice.id))]


def messages(channel="zalo"):
    query = sa.select(Message).where(Message.channel == channel).order_by(Message.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def to(zalo, address):
    return [one["template_data"] for one in zalo.messages if one["to"] == address]


def reported(app, zalo, key):
    """Zalo reports that the message of this name has arrived."""
    told = {"to": OFFICER, "msg_id": f"zalo-{key}", "tracking_id": key}
    raw, headers = signed(zalo.receipt_of(told), now=zalo.now())
    forget()
    with time_machine.travel(zalo.now(), tick=False):
        assert app.test_client().post("/zalo/webhook", data=raw, headers=headers).text == "arrived"
    forget()


def test_run_twice_sent_once_and_by_both_carriers(people, run, zalo):
    due_work(people)
    assert run("2026-06-22 07:05")["sent"] == 3  # inbox, e-mail, Zalo
    assert run("2026-06-22 07:10") == {"planned": 0, "sent": 0, "dropped": 0, "failed": 0, "waiting": 0}
    assert [one["trang_thai_han"] for one in to(zalo, OFFICER)] == ["còn 2 ngày đến hạn"]
    assert len(people.postbox.to(people.officer)) == 1
    (message,) = messages()
    assert (message.state, message.address, message.receipt) == ("sent", OFFICER, zalo.messages[0]["msg_id"])
    assert zalo.messages[0]["tracking_id"] == message.message_key and message.message_key.isalnum()
    assert message.subject == "Nhiệm vụ còn 2 ngày đến hạn"


def test_what_is_seven_days_away_is_not_worth_a_message_to_a_phone(people, run, zalo):
    due_work(people)
    run("2026-06-17 07:05")
    assert zalo.messages == [] and len(people.postbox.letters) == 1


def test_the_last_warning_goes_by_zalo_alone_to_those_it_reaches(people, run, zalo):
    due_work(people)
    run("2026-06-23 07:05")
    assert len(to(zalo, OFFICER)) == len(to(zalo, LEADER)) == 1
    assert people.postbox.letters == []


def test_who_has_no_zalo_gets_the_last_warning_by_e_mail_in_the_same_tick(people, run, zalo):
    due_work(people)
    zalo.unreachable.add(OFFICER)
    counts = run("2026-06-23 07:05")
    assert counts["failed"] == 1 and counts["waiting"] == 0
    assert len(people.postbox.to(people.officer)) == 1 and people.postbox.to(people.leader) == []
    assert [state for state, _, said in outbox() if "-118" in said] == ["failed"]
    run("2026-06-24 07:05")
    assert [one["to"] for one in zalo.messages].count(OFFICER) == 0
    assert len(people.postbox.to(people.officer)) == 2


def test_another_number_is_another_chance(people, run, zalo):
    zalo.unreachable.add(OFFICER)
    due_work(people)
    run("2026-06-23 07:05")
    with_phone(people.officer, "0933333333")
    run("2026-06-24 07:05")
    assert len(to(zalo, "84933333333")) == 1


def test_a_marked_number_is_tried_again_when_an_administrator_says_so(people, run, zalo):
    mark_unreachable(people.officer.person_id, OFFICER, "Không có Zalo", now=NOON)
    due_work(people)
    run("2026-06-22 07:05")
    assert to(zalo, OFFICER) == []
    admin = type(people.officer)(**{**vars(people.issuer), "role": "administrator"})
    try_again(db.session.get_one(Person, people.officer.person_id), by=admin, now=NOON)
    run("2026-06-23 07:05")
    assert len(to(zalo, OFFICER)) == 1


def test_a_linked_account_comes_before_the_number_and_the_number_after_an_unfollow(people, run, zalo):
    linked(people.officer, zalo, "555")
    due_work(people)
    run("2026-06-22 07:05")
    assert len(to(zalo, "555")) == 1 and to(zalo, OFFICER) == []
    zalo.followers.clear()
    run("2026-06-23 07:05")
    assert "-213" in contact_of(people.officer.person_id).user_trouble
    run("2026-06-24 07:05")
    assert len(to(zalo, OFFICER)) == 1


def test_who_chose_zalo_alone_is_reached_by_e_mail_while_zalo_is_not_to_be_had(people, run, zalo):
    linked(people.officer, zalo, "555")
    with atomic():
        db.session.get_one(Person, people.officer.person_id).wants_email = False
    due_work(people)
    run("2026-06-22 07:05")
    assert people.postbox.to(people.officer) == [] and len(to(zalo, "555")) == 1
    zalo.money = 0
    run("2026-06-23 07:05")
    run("2026-06-23 07:10")
    assert len(people.postbox.to(people.officer)) == 1


def test_who_does_not_want_zalo_gets_none(people, run, zalo):
    want_zalo(False, by=people.officer, now=NOON)
    due_work(people)
    run("2026-06-23 07:05")
    assert to(zalo, OFFICER) == [] and len(people.postbox.to(people.officer)) == 1


def test_without_numbers_only_linked_accounts_are_used(people, run, zalo, room, settings_with_zalo, clock):
    other = room_of(configured(settings_with_zalo, zalo, zalo_by_phone=False))
    linked(people.leader, zalo, "777")
    due_work(people)
    clock.now = at("2026-06-23 07:05")
    manner = Manner(POLICY, LADDER, email=False, zalo=other.at(clock.now))
    tick(clock.now, manner, HEAD, None, clock, other.round(clock))
    assert [one["to"] for one in zalo.messages] == ["777"]


def test_several_things_are_one_message_in_numbers(people, run, zalo):
    for due in ("2026-06-22", "2026-06-24", "2026-06-25"):
        due_work(people, due)
    run("2026-06-22 07:05")
    (said,) = to(zalo, OFFICER)
    assert (said["den_han_hom_nay"], said["trong_7_ngay"], said["pham_vi"]) == ("1", "2", "của đồng chí")


def test_news_goes_at_once_and_overdue_work_to_those_who_direct_in_one_number(people, run, zalo):
    work = due_work(people, "2026-09-30")
    write_result(work, "Xong", [a_document(people.commune)], by=people.leader, now=NOON, policy=POLICY)
    send_back(work, "Thiếu danh sách", by=people.issuer, now=NOON, policy=POLICY)
    run("2026-06-17 14:00")
    assert to(zalo, OFFICER)[0]["noi_dung_bo_sung"] == "Thiếu danh sách"
    zalo.messages.clear()
    for due in ("2026-06-01", "2026-06-02"):
        due_work(people, due)
    run("2026-06-18 07:05")
    assert [one["so_nhiem_vu"] for one in to(zalo, LEADER)] == ["2"]


def test_a_short_task_is_made_known_by_zalo_and_a_long_one_by_e_mail(people, run, zalo):
    given = at("2026-06-17 08:00")
    an_assignment(people.commune, people.issuer, due="2026-06-24", on=given)
    run("2026-06-17 08:20")
    assert [one["trang_thai_han"] for one in to(zalo, LEADER)] == ["mới giao"]
    an_assignment(people.commune, people.issuer, due="2026-07-30", on=at("2026-06-17 09:00"))
    run("2026-06-17 09:20")
    assert len(to(zalo, LEADER)) == 1 and len(people.postbox.to(people.leader)) == 2


def test_a_message_that_was_never_answered_is_never_sent_again(people, run, zalo):
    due_work(people)
    run("2026-06-22 06:00")
    zalo.misbehave_next("hang up")
    assert run("2026-06-22 07:05")["failed"] == 1
    for minute in range(10, 60, 5):
        run(f"2026-06-22 07:{minute}")
    run("2026-06-22 19:00")
    assert len(zalo.messages) == 1
    assert [(state, rung) for state, rung, _ in outbox()] == [("unknown", "due_in_3")]
    run("2026-06-23 07:05")
    assert [one["trang_thai_han"] for one in to(zalo, OFFICER)] == ["còn 2 ngày đến hạn", "còn 1 ngày đến hạn"]


@pytest.mark.parametrize("deed", ["hang up", "stall", "garbage"])
def test_a_warning_that_zalo_never_answered_follows_by_e_mail_and_never_by_zalo(people, run, zalo, deed):
    due_work(people)
    run("2026-06-23 06:00")
    zalo.stall_seconds = 2
    zalo.misbehave_next(deed)
    run("2026-06-23 07:05")
    (unknown,) = [one for one in messages() if one.state == "unknown"]
    run("2026-06-23 07:15")
    assert people.postbox.letters == []
    for moment in ("07:20", "07:25", "12:00"):
        run(f"2026-06-23 {moment}")
    (letter,) = people.postbox.letters
    assert db.session.get_one(Person, unknown.person_id).email in letter["To"]
    assert len(zalo.messages) == 2
    assert sorted((one.channel, one.state) for one in [*messages(), *messages("email")]) == [
        ("email", "sent"),
        ("zalo", "sent"),
        ("zalo", "unknown"),
    ]


def test_what_zalo_reports_in_time_needs_no_letter_and_one_that_waits_is_dropped(app, people, run, zalo):
    due_work(people)
    run("2026-06-23 06:00")
    zalo.misbehave_next("hang up", "hang up")
    run("2026-06-23 07:05")
    first, second = (one.message_key for one in messages())
    reported(app, zalo, first)
    people.postbox.after_data = "451 4.3.0 later"
    run("2026-06-23 07:25")
    reported(app, zalo, second)
    people.postbox.after_data = ""
    run("2026-06-23 08:30")
    assert people.postbox.letters == []
    assert [state for state, _, _ in outbox()] == ["sent", "sent"]
    assert [(state, rung) for state, rung, _ in outbox("email")] == [("dropped", "due_in_1")]


def test_a_report_that_is_quicker_than_the_note_of_silence_is_not_lost(app, people, run, zalo, monkeypatch):
    """Zalo took the message, reported its arrival at once and let the answer time out."""
    due_work(people)
    run("2026-06-23 06:00")
    send = ZaloCarrier.send

    def reports_and_hangs_up(carrier, message):
        zalo.misbehave_next("hang up")
        answer = send(carrier, message)
        reported(app, zalo, message.tracking_id)
        return answer

    with monkeypatch.context() as once:
        once.setattr(ZaloCarrier, "send", reports_and_hangs_up)
        assert run("2026-06-23 07:05")["failed"] == 0
    assert [(one.state, one.error) for one in messages()] == [("sent", ""), ("sent", "")]
    assert [(state, said) for state, _, said in outbox()] == [("sent", "Zalo báo đã nhận được")] * 2
    run("2026-06-23 07:30")
    assert people.postbox.letters == []


def test_a_report_that_came_before_a_process_died_is_not_lost(app, people, run, zalo, monkeypatch):
    due_work(people)
    run("2026-06-23 06:00")
    send = ZaloCarrier.send

    def reports_and_dies(carrier, message):
        send(carrier, message)
        reported(app, zalo, message.tracking_id)
        raise Dies

    with monkeypatch.context() as once:
        once.setattr(ZaloCarrier, "send", reports_and_dies)
        with pytest.raises(Dies):
            run("2026-06-23 07:05")
    forget()
    run("2026-06-23 07:40")
    assert sorted(one.state for one in messages()) == ["sent", "sent"] and len(zalo.messages) == 2


def test_who_wants_no_letters_gets_one_when_zalo_leaves_it_open_whether_the_warning_arrived(people, run, zalo):
    linked(people.officer, zalo, "555")
    with atomic():
        db.session.get_one(Person, people.officer.person_id).wants_email = False
    due_work(people)
    run("2026-06-24 06:00")
    zalo.misbehave_next("hang up", "hang up")
    run("2026-06-24 07:05")
    assert people.postbox.to(people.officer) == []
    run("2026-06-24 07:20")
    assert len(people.postbox.to(people.officer)) == 1
    assert [one["to"] for one in zalo.messages].count("555") == 1


def test_what_was_never_answered_goes_again_when_somebody_says_so(people, run, zalo, browser):
    due_work(people)
    run("2026-06-22 06:00")
    zalo.misbehave_next("hang up")
    run("2026-06-22 07:05")
    watcher = somebody(people.province, Role.ADMINISTRATOR, "Quản trị")
    with time_machine.travel(at("2026-06-22 07:30"), tick=False):
        page = browser.acts_as(watcher).get("/outbox")
        assert "gửi lại thì tin có thể đến hai lần" in page
        browser.submit(f"/outbox/{messages()[0].id}/resending")
    run("2026-06-22 08:00")
    assert len(zalo.messages) == 2
    assert sorted(state for state, _, _ in outbox()) == ["sent"]


class Dies(BaseException):
    """A sudden death of the process."""


@pytest.mark.parametrize("when", ["before the call", "after the call"])
def test_a_process_that_dies_while_handing_over_leaves_that_message_unknown_and_the_rest_waiting(
    people, run, zalo, monkeypatch, when
):
    due_work(people)
    send = ZaloCarrier.send

    def dies(carrier, message):
        if when == "after the call":
            send(carrier, message)
        raise Dies

    with monkeypatch.context() as once:
        once.setattr(ZaloCarrier, "send", dies)
        with pytest.raises(Dies):
            run("2026-06-23 07:05")
    taken = len(zalo.messages)
    forget()
    run("2026-06-23 07:10")
    assert len(zalo.messages) == taken
    run("2026-06-23 07:40")
    assert sorted(one.state for one in messages()) == ["sent", "unknown"]
    assert len(zalo.messages) == taken + 1
    assert sorted(state for state, _, _ in outbox()) == ["sent", "unknown"]


def test_an_empty_account_leaves_the_warning_to_e_mail_and_zalo_goes_on_in_the_morning(people, run, zalo):
    due_work(people)
    zalo.money = 100
    run("2026-06-23 07:05")
    run("2026-06-23 07:10")
    assert zalo.messages == [] and len(people.postbox.letters) == 2
    zalo.money = 100_000
    run("2026-06-23 12:00")
    assert zalo.messages == []
    run("2026-06-24 07:05")
    assert len(to(zalo, OFFICER)) == 1
    assert {rung for state, rung, _ in outbox() if state == "dropped"} == {"due_in_1"}


def test_a_lost_consent_is_no_reason_to_say_less(people, run, zalo):
    due_work(people)
    zalo.refresh_token = zalo.access_token = "lost"
    run("2026-06-23 07:05")
    run("2026-06-23 07:10")
    assert zalo.messages == [] and len(people.postbox.letters) == 2


def test_what_zalo_has_said_is_not_said_again_by_e_mail_when_the_channel_closes(people, run, zalo, room):
    """«E-mail only where Zalo does not reach» is about one warning, said once, whatever becomes of the channel."""
    due_work(people)
    run("2026-06-23 07:05")
    assert len(zalo.messages) == 2
    room.tokens.give_up("Zalo trả lời -216")
    run("2026-06-23 12:00")
    assert people.postbox.letters == []


def test_what_e_mail_has_said_instead_is_not_said_again_when_zalo_opens(people, run, zalo, room):
    due_work(people)
    room.tokens.give_up("Zalo trả lời -216")
    run("2026-06-23 07:05")
    assert len(people.postbox.letters) == 2
    consented(zalo, room, at("2026-06-23 11:00"))
    run("2026-06-23 12:00")
    assert zalo.messages == []
    run("2026-06-24 07:05")
    assert len(to(zalo, OFFICER)) == 1


def test_what_waited_for_zalo_when_the_channel_closed_goes_by_e_mail(people, run, zalo, room):
    due_work(people)
    run("2026-06-23 06:00")
    room.tokens.give_up("Zalo trả lời -216")
    run("2026-06-23 07:05")
    run("2026-06-23 07:10")
    assert zalo.messages == [] and len(people.postbox.letters) == 2


def test_a_template_that_is_locked_leaves_its_messages_to_e_mail(people, run, zalo):
    due_work(people)
    zalo.templates.pop("101")
    run("2026-06-23 07:05")
    assert zalo.messages == [] and len(people.postbox.letters) == 2
    assert {state for state, _, _ in outbox()} == {"failed"}


def test_at_night_nothing_is_sent_and_in_the_morning_the_truth(people, run, zalo):
    due_work(people)
    run("2026-06-21 22:30")
    run("2026-06-22 05:00")
    assert zalo.messages == [] and zalo.calls.count("POST /message/template") == 0
    run("2026-06-22 07:00")
    assert len(to(zalo, OFFICER)) == 1


def test_a_house_without_mail_lives_by_zalo_and_inbox(people, run, zalo):
    due_work(people)
    assert run("2026-06-23 07:05", email=False) == {"planned": 4, "sent": 4, "dropped": 0, "failed": 0, "waiting": 0}
    assert len(zalo.messages) == 2


def test_what_waits_for_somebody_whom_zalo_cannot_reach_any_more_is_dropped_with_that_reason(people, run, zalo):
    due_work(people)
    run("2026-06-21 22:30")
    mark_unreachable(people.officer.person_id, OFFICER, "Không có Zalo (-118)", now=NOON)
    run("2026-06-22 07:05")
    assert outbox() == [("dropped", "due_in_3", "Không có Zalo (-118)")]


def test_four_deliverers_at_once_send_every_message_once(app, people, room, zalo, clock):
    for number in range(6):
        due_work(people, str(date(2026, 6, 22) + timedelta(days=number)))
    clock.now = at("2026-06-22 07:05")
    manner = Manner(POLICY, LADDER, email=False, zalo=room.at(clock.now))
    write_plan(plan(clock.now, manner), clock.now)
    forget()
    start = threading.Barrier(4)

    def deliverer():
        with app.app_context():
            way, carrier = room.round(clock)
            start.wait()
            deliver(manner, HEAD, carrier, clock, way)
            db.session.remove()

    threads = [threading.Thread(target=deliverer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one["to"] for one in zalo.messages) == [OFFICER, LEADER]


def test_in_thirty_days_nobody_gets_two_messages_a_morning_or_one_by_night(people, run, zalo):
    for number in range(6):
        due_work(people, str(date(2026, 6, 20) + timedelta(days=3 * number)))
    moment, seen = at("2026-06-17 07:05"), 0
    while moment < at("2026-07-17 00:00"):
        run(f"{moment:%Y-%m-%d %H:%M}")
        fresh, seen = zalo.messages[seen:], len(zalo.messages)
        assert not fresh or 6 <= moment.hour < 20
        assert len({one["to"] for one in fresh}) == len(fresh)
        moment += timedelta(hours=12)
    assert seen > 20 and {state for state, _, _ in outbox()} == {"sent"}
    assert zalo.refreshes >= 29


def test_the_command_carries_both_and_shows_the_channel_in_the_outbox(app, people, room, zalo, clock):
    due_work(people)
    clock.now = at("2026-06-23 07:05")
    gather_commands(commands)
    forget()

    def typed(*arguments):
        return json.loads(CliRunner().invoke(commands, ["reminders", *arguments, "--json"], obj=app).output)

    planned = typed("plan", "--at", "2026-06-23T07:05")
    assert {one["channel"] for one in planned} == {"inapp", "zalo"}
    counts = typed("tick", "--at", "2026-06-23T07:05")
    assert counts == {"planned": 4, "sent": 4, "dropped": 0, "failed": 0, "waiting": 0}
    assert len(zalo.messages) == 2
    assert [one["state"] for one in typed("outbox") if one["channel"] == "zalo"] == ["sent", "sent"]
