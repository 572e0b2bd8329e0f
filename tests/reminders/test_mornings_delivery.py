"""How a unit stands, told to its leaders: on every working morning with something overdue or due, once, and truly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa
from builders import POLICY, a_commune, an_assignment, at, somebody
from mailing import EVERY_MORNING, GIVEN, MANNER, in_hands, reachable

from tracker.accounts.models import Person, Post
from tracker.calendars.models import CalendarEntry
from tracker.db import atomic, db
from tracker.errors import Invalid
from tracker.reminders.actions import write_plan
from tracker.reminders.models import Notice
from tracker.reminders.nudging import nudge
from tracker.reminders.queries import own_cadences, plan
from tracker.reminders.settling import lift, settle, silence
from tracker.rules.access import Role
from tracker.rules.notices import Channel
from tracker.rules.reminding import Cadence
from tracker.tasks import actions
from tracker.tasks.deciding import suspend

SEVEN = "2026-06-{:02} 07:05"


def told(now, manner=EVERY_MORNING):
    """To whom it is told at the moment how the unit stands, by which channel and when."""
    planned = plan(at(now), manner)
    return [
        (one.person_name, one.channel.value, f"{one.send_after:%d %H:%M}") for one in planned if one.rung == "daily"
    ]


@pytest.fixture
def tick(house):
    return partial(house.tick, manner=EVERY_MORNING)


def halt(one, house, now):
    suspend(one, "Chờ luật", "12/QĐ-UBND", by=house.issuer, now=now, policy=POLICY)


def leaders_letter(house, tick, day):
    """The one letter that the leader gets in the morning of the day."""
    before = len(house.postbox.to(house.leader))
    tick(at(SEVEN.format(day)))
    (letter,) = house.postbox.to(house.leader)[before:]
    return letter["Subject"], letter.get_body(("plain",)).get_content()


# ── when ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("due", "days"),
    [
        ("2026-06-24", [24, 25, 26, 29, 30]),  # a Wednesday: that day and every working day after it
        ("2026-06-26", [26, 29, 30]),
        ("2026-06-27", [29, 30]),  # a Saturday runs on to Monday
        ("2026-06-30", [29, 30]),  # on Monday the week ahead is told
        ("2026-07-06", [29]),
        ("2026-07-07", []),
    ],
)
def test_it_is_told_on_working_days_with_something_overdue_or_due_and_when_a_week_begins(house, due, days):
    an_assignment(house.commune, house.issuer, due=due, on=GIVEN)
    assert [day for day in range(23, 31) if told(SEVEN.format(day))] == days


def test_it_goes_to_leaders_by_mail_at_the_hour_of_digests_and_to_nobody_else(house):
    in_hands(house)
    assert told("2026-06-24 00:05") == [(house.leader.name, "email", "24 07:00")]
    assert told("2026-06-24 21:00") == [(house.leader.name, "email", "25 07:00")]


def test_the_officers_of_a_unit_without_leaders_hear_it(house):
    in_hands(house)
    with atomic():
        db.session.get_one(Post, house.leader.post_id).until_on = date(2026, 6, 23)
    assert [name for name, *_ in told(SEVEN.format(24))] == [house.officer.name]


def test_work_given_today_or_waiting_for_the_province_speaks_not(house):
    one = in_hands(house)
    assert told(SEVEN.format(24))
    actions.ask_extension(one, date(2026, 7, 15), "Chờ số liệu", by=house.officer, now=GIVEN, policy=POLICY)
    assert told(SEVEN.format(25)) == []
    an_assignment(house.commune, house.issuer, due="2026-06-24", on=at("2026-06-24 06:00"))
    assert told(SEVEN.format(24)) == [] and told(SEVEN.format(25))


def test_nothing_is_told_where_the_province_wants_it_so_nor_on_a_day_off_that_was_announced_late(house):
    in_hands(house)
    assert told(SEVEN.format(25), MANNER) == []
    with atomic():
        db.session.add(CalendarEntry(on=date(2026, 6, 25), kind="off", name="Nghỉ bù"))
    assert told(SEVEN.format(25)) == [] and told(SEVEN.format(26))


def test_a_province_switches_it_off_and_on_again_and_never_into_the_inbox(house):
    in_hands(house)
    settled = {"by": somebody(house.province, Role.ADMINISTRATOR, "Quản trị"), "now": at("2026-06-01 08:00")}
    for cell, hears in (("", False), ("zalo", False), ("email", True)):
        settle({"daily.unit_leaders": cell}, Cadence(), **settled)
        assert bool(told(SEVEN.format(25), replace(EVERY_MORNING, own=own_cadences(Cadence())))) is hears
    with pytest.raises(Invalid):
        settle({"daily.unit_leaders": "inapp email"}, Cadence(), **settled)


def test_a_silent_area_is_told_nothing_and_from_the_day_on_which_it_ends_again(house, tick):
    in_hands(house)
    write_plan(plan(at("2026-06-25 00:05"), EVERY_MORNING), at("2026-06-25 00:05"))
    storm = silence(
        house.commune, date(2026, 6, 25), date(2026, 6, 26), "Bão số 3", by=house.monitor, now=at("2026-06-25 06:00")
    )
    tick(at(SEVEN.format(25)))
    assert house.postbox.letters == [] and told(SEVEN.format(26)) == []
    lift(storm, by=house.monitor, now=at("2026-06-26 08:00"))
    tick(at("2026-06-26 08:05"))
    assert len(house.postbox.to(house.leader)) == 1
    assert ("dropped", "Ngày đã qua") in states()


# ── what ─────────────────────────────────────────────────────────────────────


def test_the_letter_says_how_the_unit_stands_and_names_what_presses(house, tick):
    for _ in range(7):
        in_hands(house, due="2026-05-04")
    an_assignment(house.commune, house.issuer, due="2026-06-25", on=GIVEN)
    in_hands(house, due="2026-07-01")
    leaders_letter(house, tick, 22)  # the rungs of Monday
    subject, text = leaders_letter(house, tick, 25)
    assert subject == "Xã An Bình: 7 việc quá hạn, 1 hạn hôm nay, 1 sắp đến hạn (25/06)"
    assert "Tình hình nhiệm vụ của xã An Bình lúc 07:05 ngày 25/06; gấp nhất:" in text
    assert "Quá hạn (7)" in text and text.count("52 ngày · ") == 5 and "… và 2 việc khác" in text
    assert "Hạn hôm nay (1)" in text and "chưa phân công" in text and "7 ngày tới (1)" in text


def test_it_is_one_letter_with_the_rungs_and_news_of_the_day_and_nothing_stands_in_it_twice(house, tick):
    in_hands(house, due="2026-06-24")
    in_hands(house, due="2026-06-10")
    nudge(in_hands(house, due="2026-08-10"), "", by=house.monitor, now=at("2026-06-24 07:01"), policy=POLICY)
    subject, text = leaders_letter(house, tick, 24)
    assert subject == "Xã An Bình: 1 việc được đôn đốc, 1 quá hạn, 1 hạn hôm nay (24/06)"
    assert text.count("\n- ") == 3


def test_a_single_piece_of_work_that_is_said_today_keeps_its_own_letter(house, tick):
    in_hands(house, due="2026-06-24")
    subject, text = leaders_letter(house, tick, 24)
    assert subject.startswith("Hạn hôm nay 24:00: ") and "Hỏi:" in text
    subject, _ = leaders_letter(house, tick, 25)
    assert subject.startswith("Quá hạn 1 ngày: ")
    subject, _ = leaders_letter(house, tick, 26)
    assert subject == "Xã An Bình: 1 việc quá hạn (26/06)"


def test_what_is_escalated_asks_to_direct_and_other_mornings_do_not(house, tick):
    for _ in range(3):
        in_hands(house, due="2026-06-10")
    in_hands(house, due="2026-06-26")
    subject, text = leaders_letter(house, tick, 22)
    assert subject == "Xã An Bình: 3 việc quá hạn, lâu nhất 12 ngày – đề nghị chỉ đạo"
    assert "7 ngày tới (1)" in text
    subject, _ = leaders_letter(house, tick, 23)
    assert subject == "Xã An Bình: 3 việc quá hạn, 1 sắp đến hạn (23/06)"


def test_who_leads_two_units_hears_of_both_in_one_letter(house, tick):
    other = a_commune(house.province, "C2", "Phường Sơn Hà")
    with atomic():
        person = db.session.get_one(Person, house.leader.person_id)
        person.posts.append(Post(unit_id=other.id, role=Role.COMMUNE_LEADER, from_on=date(2026, 1, 1)))
    in_hands(house, due="2026-06-10")
    an_assignment(other, house.issuer, due="2026-06-09", on=GIVEN)
    leaders_letter(house, tick, 23)
    subject, text = leaders_letter(house, tick, 24)
    assert subject == "2 đơn vị: 2 việc quá hạn (24/06)"
    assert "Phường Sơn Hà" in text and "Xã An Bình" in text


# ── true, and once ───────────────────────────────────────────────────────────


def states():
    query = sa.select(Notice.state, Notice.outcome).where(Notice.rung == "daily", Notice.channel == Channel.EMAIL)
    return {tuple(row) for row in db.session.execute(query)}


def test_once_a_day_whatever_happens_in_the_day(house, tick):
    one, _ = in_hands(house, due="2026-06-10"), in_hands(house, due="2026-06-11")
    leaders_letter(house, tick, 23)
    halt(one, house, at("2026-06-23 07:10"))
    for hour in ("07:10", "09:00", "16:00"):
        tick(at(f"2026-06-23 {hour}"))
    assert [one["Subject"] for one in house.postbox.to(house.leader)][1:] == [
        "Tạm dừng: Báo cáo kết quả – xã An Bình"
    ]


def test_what_is_no_longer_so_when_it_would_leave_is_dropped_with_the_reason(house, tick):
    one = in_hands(house, due="2026-06-24")
    night = at("2026-06-26 00:05")
    write_plan(plan(night, EVERY_MORNING), night)
    halt(one, house, night)
    tick(at(SEVEN.format(26)))
    assert [one["Subject"] for one in house.postbox.to(house.leader)] == ["Tạm dừng: Báo cáo kết quả – xã An Bình"]
    (state,) = states()
    assert state[0] == "dropped" and state[1].startswith("Đơn vị không còn việc quá hạn, đến hạn")


def test_after_days_without_power_the_state_of_today_is_told_and_no_other(house, tick):
    in_hands(house, due="2026-06-10")
    night = at("2026-06-24 00:05")
    write_plan(plan(night, EVERY_MORNING), night)
    tick(at(SEVEN.format(30)))
    assert len(house.postbox.to(house.leader)) == 1
    assert ("dropped", "Ngày đã qua") in states() and {state for state, _ in states()} == {"dropped", "sent"}


def test_a_new_leader_takes_over_in_the_morning(house, tick):
    in_hands(house, due="2026-06-10")
    new = reachable(house.commune, Role.COMMUNE_LEADER, "Đinh Thị Mới")
    with atomic():
        db.session.get_one(Post, house.leader.post_id).until_on = date(2026, 6, 22)
    tick(at(SEVEN.format(23)))
    assert house.postbox.to(house.leader) == [] and len(house.postbox.to(new)) == 1


def test_two_planners_write_it_once(house):
    in_hands(house, due="2026-06-10")
    now = at(SEVEN.format(23))
    one, other = plan(now, EVERY_MORNING), plan(now, EVERY_MORNING)
    assert write_plan(one, now) and write_plan(other, now) == []
    assert plan(now, EVERY_MORNING) == []


def test_the_number_of_questions_does_not_grow_with_what_presses(house):
    def asked(day):
        statements = []
        count = lambda *given: statements.append(given[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", count)
        house.tick(at(SEVEN.format(day)), EVERY_MORNING)
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return sum(one.startswith("SELECT") for one in statements)

    in_hands(house, due="2026-05-04")
    asked(22)  # the rungs
    few = asked(23)
    for day in range(1, 9):
        in_hands(house, due=f"2026-05-{day:02}")
    asked(24)  # the rungs of what is new
    assert asked(25) == few
