"""How reminders fail elsewhere, and which promise of ours keeps each failure out.

PROVED names, for each way in which peer systems were seen to fail, the tests that keep it out; a test here holds the
table to the tests that there are. What no other test says is said below, under the failure it answers.
"""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders import POLICY, an_assignment, at, somebody
from mailing import GIVEN, MANNER, in_hands

from tracker.accounts.models import Post
from tracker.calendars.models import CalendarEntry
from tracker.db import atomic, db
from tracker.reminders.models import Message, Notice
from tracker.reminders.pulse import beat
from tracker.reminders.queries import plan
from tracker.reminders.troubles import Trouble, troubles
from tracker.rules.access import Role
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.reminding import Cadence, Term, rung_in_force
from tracker.tasks.actions import ask_extension
from tracker.tasks.deciding import decide_extension

PROVED = {
    "a reminder comes twice after a restart or from two workers": (
        "test_run_twice_sent_once",
        "test_three_processes_at_once_send_each_letter_once",
        "test_planners_at_once_write_each_notice_once_in_whatever_order_they_begin",
    ),
    "a flood follows every outage": (
        "test_after_a_week_without_power_a_commune_hears_once_and_the_truth",
        "test_a_server_away_for_two_days_is_followed_by_one_digest_of_today",
    ),
    "a run that was missed loses its reminders": (
        "test_a_late_start_is_no_hole_rungs_are_chosen_by_state_and_not_by_a_date",
        "test_a_missed_run_is_made_good_by_one_notice_never_by_a_lower_one",
    ),
    "the text was true when it was queued": (
        "test_a_text_is_true_when_it_is_sent_not_when_it_was_planned",
        "test_what_changed_between_planning_and_sending_is_dropped_with_the_reason",
    ),
    "a time zone moves the day": ("test_the_zone_of_the_machine_moves_no_day",),
    "a silent failure": (
        "test_a_clock_that_stopped_is_said_on_every_page_of_those_who_watch",
        "test_while_the_mail_server_is_away_everything_waits_and_then_goes_once",
        "test_what_ought_to_have_been_planned_and_was_not_is_counted_when_asked",
    ),
    "a messenger's token dies quietly": (
        "test_many_processes_that_find_an_old_token_refresh_it_once",
        "test_a_refresh_that_fails_for_good_is_not_tried_again_but_shown",
    ),
    "work that was begun is never late": ("test_overdue_is_said_of_every_open_state_begun_or_not",),
    "one flag for all notices": ("test_a_moved_due_date_opens_new_rungs",),
    "who lost access is told all the same": (
        "test_who_lost_the_post_hears_no_more_and_who_has_it_now_does",
        "test_who_left_between_planning_and_sending_gets_no_letter",
    ),
    "one bad address stops everyone": (
        "test_one_bad_address_does_not_stop_the_others",
        "test_a_letter_that_cannot_be_written_stops_nobody_else",
    ),
    "mail by groups misses people": ("test_everybody_gets_the_own_digest_nobody_is_missed_for_another",),
    "reminders at midnight and on days off": (
        "test_no_mail_leaves_outside_the_window_but_the_inbox_knows_at_once",
        "test_on_a_weekend_only_the_last_two_days_speak",
        "test_nothing_leaves_outside_the_window_whatever_the_calendar",
    ),
    "the calendar is walked day by day, or counted once and kept": (
        "test_a_due_date_a_century_away_costs_no_more_than_one_next_week",
        "test_a_day_off_that_is_announced_late_moves_what_is_said",
        "test_nothing_escalates_at_the_moment_it_is_given",
    ),
    "an extension of one unit is lost with the date of all": (
        "test_reminders_aim_at_the_extended_date_of_each_unit",
    ),
    "asking grows with the work": ("test_the_number_of_questions_does_not_grow_with_the_work",),
    "late although the other side has to answer": (
        "test_nothing_is_said_of_what_waits_for_the_province_or_has_ended",
    ),
    "work lies with an account that is closed": ("test_work_of_a_closed_account_is_heard_of_by_the_leaders",),
}


def test_every_failure_is_kept_out_by_tests_that_there_are():
    folder = Path(__file__).parents[1]
    written = "\n".join(file.read_text("utf-8") for file in folder.rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)\(", written, re.MULTILINE))
    assert {name for names in PROVED.values() for name in names} - there == set()


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    ("moment", "rung"),
    [
        ("2026-06-24 00:30", "due_today"),
        ("2026-06-24 06:59", "due_today"),
        ("2026-06-24 07:01", "due_today"),
        ("2026-06-24 23:59", "due_today"),
        ("2026-06-25 00:00", "overdue_1"),
    ],
)
def test_the_zone_of_the_machine_moves_no_day(house, work, monkeypatch, zone, moment, rung):
    """A server that runs in UTC, or a database that says NOW(), is a day off for the first hours of each day."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert {one.rung for one in plan(at(moment), MANNER)} == {rung}
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_clock_that_stopped_is_said_on_every_page_of_those_who_watch(browser, house):
    """A job that stands still, or dies in the middle, and nobody notices for weeks."""
    beat(at("2026-06-17 07:05"), "")
    assert troubles(at("2026-06-17 07:10"), 10) == []
    assert [one.trouble for one in troubles(at("2026-06-17 07:16"), 10)] == [Trouble.LATE]
    watcher = somebody(house.province, Role.ADMINISTRATOR)
    assert "Nhắc việc không chạy từ" in browser.acts_as(watcher).get("/outbox")


def test_who_left_between_planning_and_sending_gets_no_letter(house, work):
    """Titles leak by mail to people who were removed after the message was queued."""
    house.tick(at("2026-06-17 05:00"))
    with atomic():
        held = sa.update(Post).where(Post.person_id == house.officer.person_id)
        db.session.execute(held.values(until_on=date(2026, 6, 16)))
    house.tick(at("2026-06-17 07:05"))
    assert house.postbox.to(house.officer) == []
    theirs = sa.select(Notice).where(Notice.channel == "email", Notice.person_id == house.officer.person_id)
    mail = db.session.scalars(theirs).one()
    assert (mail.state, mail.outcome) == ("dropped", "Người nhận không còn phụ trách hoặc nội dung không còn đúng")


def test_a_due_date_a_century_away_costs_no_more_than_one_next_week():
    """A calendar that is walked day by day asks thousands of questions for one far date."""
    asked = 0

    class Counting(WorkingCalendar):
        def is_working(self, day):
            nonlocal asked
            asked += 1
            return super().is_working(day)

    calendar, today = Counting(), date(2026, 6, 22)
    numbers = []
    for due_on in (date(2026, 6, 30), date(2126, 6, 28)):
        asked = 0
        rung_in_force(Term(due_on, date(2026, 1, 5)), today, calendar, Policy(), Cadence())
        numbers.append(asked)
    assert numbers[1] <= 2 * numbers[0] <= 200


def test_a_day_off_that_is_announced_late_moves_what_is_said(house, work):
    """Deadlines that were computed once stay as they were when the calendar changes."""
    assert {one.rung for one in plan(at("2026-06-25 08:00"), MANNER)} == {"overdue_1"}
    with atomic():
        db.session.add_all(
            CalendarEntry(on=day, kind="off", name="Nghỉ bù") for day in (date(2026, 6, 24), date(2026, 6, 25))
        )
    assert {one.rung for one in plan(at("2026-06-25 08:00"), MANNER)} <= {"due_in_1"}
    assert {one.rung for one in plan(at("2026-06-26 08:00"), MANNER)} == {"due_today"}


def test_nothing_escalates_at_the_moment_it_is_given(house):
    """Work that is late on paper when it is recorded is escalated to everybody within the minute."""
    an_assignment(house.commune, house.issuer, due="2026-05-20", on=at("2026-06-17 08:00"))
    assert {one.rung for one in plan(at("2026-06-17 08:20"), MANNER)} == {"assigned"}
    assert "overdue_1" in {one.rung for one in plan(at("2026-06-18 08:00"), MANNER)}


def test_reminders_aim_at_the_extended_date_of_each_unit(house):
    """Moving the date of a task overwrites what single units were granted, or their reminders."""
    one, other = in_hands(house), in_hands(house)
    ask_extension(one, date(2026, 7, 22), "Chờ số liệu", by=house.leader, now=GIVEN, policy=POLICY)
    decide_extension(one, True, note="Đồng ý", by=house.issuer, now=GIVEN, policy=POLICY)
    assert {(said.assignment_id, said.rung) for said in plan(at("2026-06-24 08:00"), MANNER)} == {
        (other.id, "due_today")
    }
    assert (one.id, "due_today") in {(said.assignment_id, said.rung) for said in plan(at("2026-07-22 08:00"), MANNER)}


def test_no_message_is_marked_sent_that_no_server_has_taken(house, work):
    """Systems that say «mailed» without having talked to anybody."""
    house.postbox.after_data = "451 try later"
    house.tick(at("2026-06-17 07:05"))
    assert db.session.scalars(sa.select(Message.state)).all() == ["waiting"]
    assert db.session.scalars(sa.select(Message.sent_at)).all() == [None]
