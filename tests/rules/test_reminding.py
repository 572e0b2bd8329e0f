"""Reminding: the ladder of an assignment, the moments at which one may speak, and the pauses of a retry."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.clock import HOUSE_ZONE
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy, effective_due
from tracker.rules.lifecycle import State
from tracker.rules.notices import AUDIENCE, NEWS, Hearer, Step
from tracker.rules.reminding import (
    MOST_ATTEMPTS,
    Cadence,
    Term,
    knows_of_it,
    ladder,
    latest_due,
    may_speak_on,
    may_wait_until,
    next_attempt,
    rung_in_force,
    send_after,
    step_of,
    was_undone,
    week_begins,
    why_dropped,
)

POLICY, CADENCE = Policy(), Cadence()
TET = frozenset(date(2026, 2, day) for day in range(16, 21))
CALENDAR = WorkingCalendar(off=TET | {date(2026, 4, 30), date(2026, 5, 1)})


def on(written: str) -> date:
    return date.fromisoformat(written)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=HOUSE_ZONE)


def in_force(due: str, day: str, assigned: str = "2026-01-05", text: str = "") -> str | None:
    rung = rung_in_force(Term(on(due), on(assigned), text), on(day), CALENDAR, POLICY, CADENCE)
    return rung.code if rung else None


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-06-16", None),
        ("2026-06-17", "due_in_7"),
        ("2026-06-18", "due_in_7"),
        ("2026-06-19", "due_in_3"),  # the third day before is a Sunday: said before the weekend
        ("2026-06-22", "due_in_3"),
        ("2026-06-23", "due_in_1"),
        ("2026-06-24", "due_today"),
        ("2026-06-25", "overdue_1"),
        ("2026-06-28", "overdue_1"),
        ("2026-06-29", "monitor_3"),  # the third day after is a Saturday
        ("2026-07-01", "leader_7"),
        ("2026-07-05", "leader_7"),
        ("2026-07-06", "weekly"),
        ("2026-07-31", "weekly"),
    ],
)
def test_a_due_date_on_a_wednesday_climbs_rung_by_rung(day, said):
    assert in_force("2026-06-24", day) == said


@pytest.mark.parametrize(
    ("due", "day", "said"),
    [
        # The term ends on Friday: nobody is called overdue on the weekend, the monitor not before the commune.
        ("2026-06-26", "2026-06-27", None),
        ("2026-06-26", "2026-06-28", None),
        ("2026-06-26", "2026-06-29", "overdue_1"),
        ("2026-06-26", "2026-06-30", "monitor_3"),
        # A Sunday rolls to Monday: the day before is a Sunday, on which one may speak.
        ("2026-06-14", "2026-06-13", "due_in_3"),
        ("2026-06-14", "2026-06-14", "due_in_1"),
        ("2026-06-14", "2026-06-15", "due_today"),
        ("2026-06-14", "2026-06-16", "overdue_1"),
        # Tết: all warnings that fall into it are said on the last working day before, as one.
        ("2026-02-23", "2026-02-12", None),
        ("2026-02-23", "2026-02-13", "due_in_3"),
        ("2026-02-23", "2026-02-21", "due_in_3"),
        ("2026-02-23", "2026-02-22", "due_in_1"),
    ],
)
def test_days_off_are_kept_free_without_losing_a_warning(due, day, said):
    assert in_force(due, day) == said


@pytest.mark.parametrize(
    ("assigned", "day", "said"),
    [
        ("2026-06-22", "2026-06-22", None),  # the giving itself names the date
        ("2026-06-22", "2026-06-23", "due_in_1"),
        ("2026-06-23", "2026-06-23", None),
        ("2026-06-23", "2026-06-24", "due_today"),
        ("2026-06-24", "2026-06-24", None),
        ("2026-06-15", "2026-06-17", None),  # nine days: near from the second day before on
        ("2026-06-11", "2026-06-19", "due_in_3"),
        ("2026-07-06", "2026-07-06", None),  # given after its date: climbs from the day it was given
        ("2026-07-06", "2026-07-07", "overdue_1"),
    ],
)
def test_short_terms_are_warned_when_near_and_never_on_the_day_of_giving(assigned, day, said):
    assert in_force("2026-06-24", day, assigned) == said


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("trước ngày 24/6", "2026-06-22", "due_in_1"),
        ("Trước 24/6/2026", "2026-06-22", "due_in_1"),
        ("chậm nhất ngày 24/6", "2026-06-22", "due_in_3"),
        ("trước ngày 24/6", "2026-06-24", "due_today"),
        ("trước ngày 24/6", "2026-06-25", "overdue_1"),
    ],
)
def test_before_a_day_is_warned_of_one_working_day_earlier(text, day, said):
    assert in_force("2026-06-24", day, text=text) == said


def test_each_monday_is_a_rung_of_its_own_and_a_monday_off_is_said_on_the_next_working_day():
    term = Term(on("2026-06-24"), on("2026-01-05"))
    mondays = WorkingCalendar(off=frozenset({on("2026-07-13")}))
    subjects = [
        rung.subject
        for day in ("2026-07-06", "2026-07-10", "2026-07-13", "2026-07-14", "2026-07-20")
        if (rung := rung_in_force(term, on(day), mondays, POLICY, CADENCE))
    ]
    first, second, third = (on(day).toordinal() for day in ("2026-07-06", "2026-07-13", "2026-07-20"))
    assert subjects == [first, first, first, second, third]


@pytest.mark.parametrize(
    ("step", "heard_by"),
    [
        (Step.DUE_SOON, {Hearer.OFFICER}),
        (Step.OVERDUE, {Hearer.OFFICER, Hearer.UNIT_LEADERS}),
        (Step.MONITOR, {Hearer.OFFICER, Hearer.UNIT_LEADERS, Hearer.MONITOR}),
        (Step.WEEKLY, {Hearer.OFFICER, Hearer.UNIT_LEADERS, Hearer.MONITOR, Hearer.PROVINCIAL_LEADERS}),
    ],
)
def test_the_ladder_climbs_from_the_officer_to_the_province(step, heard_by):
    assert set(AUDIENCE[step]) == heard_by


def test_past_the_due_date_the_ladder_only_gains_hearers():
    climb = [set(AUDIENCE[step]) for step in (Step.OVERDUE, Step.MONITOR, Step.LEADER, Step.WEEKLY)]
    assert all(lower <= higher for lower, higher in pairwise(climb))
    assert set(AUDIENCE) == set(Step)


@pytest.mark.parametrize(
    ("now", "end", "digest", "leaves"),
    [
        ("2026-06-24 00:30", "2026-06-24", True, "2026-06-24 07:00"),
        ("2026-06-24 06:59", "2026-06-24", True, "2026-06-24 07:00"),
        ("2026-06-24 07:01", "2026-06-24", True, "2026-06-24 07:01"),
        ("2026-06-24 23:59", "2026-07-10", True, "2026-06-25 07:00"),
        ("2026-06-24 20:00", "2026-07-10", False, "2026-06-25 06:30"),
        ("2026-06-24 19:59", "2026-07-10", False, "2026-06-24 19:59"),
        ("2026-06-24 05:00", None, False, "2026-06-24 06:30"),
        ("2026-06-26 21:00", None, False, "2026-06-29 06:30"),  # Friday night: Monday
        ("2026-06-27 10:00", "2026-06-28", False, "2026-06-27 10:00"),  # the day before a due Sunday
        ("2026-06-27 10:00", "2026-06-29", False, "2026-06-28 06:30"),  # Saturday: Sunday is the day before
        ("2026-02-14 09:00", "2026-03-10", True, "2026-02-23 07:00"),  # Tết
    ],
)
def test_messages_leave_in_the_window_on_working_days_or_just_before_the_end(now, end, digest, leaves):
    found = send_after(at(now), on(end) if end else None, CALENDAR, CADENCE, digest=digest)
    assert found == at(leaves)


@pytest.mark.parametrize(
    ("opened", "changed", "knows"),
    [
        (None, "2026-06-01 08:00", False),
        ("2026-06-17 06:45", "2026-06-01 08:00", True),
        ("2026-06-17 06:45", "2026-06-17 06:45", True),  # the page that follows on one's own deed
        ("2026-06-17 06:45", "2026-06-17 06:46", False),
        ("2026-06-16 23:59", "2026-06-01 08:00", False),
    ],
)
def test_who_opened_it_today_and_not_before_its_last_change_knows_of_it(opened, changed, knows):
    assert knows_of_it(at(opened) if opened else None, at(changed), at("2026-06-17 07:00")) is knows


@pytest.mark.parametrize(
    ("today", "later", "may_wait"),
    [
        ("2026-06-17", "2026-06-18", True),
        ("2026-06-18", "2026-06-19", False),  # three days ahead is in force by then
        ("2026-06-19", "2026-06-22", True),
        ("2026-06-22", "2026-06-23", False),
        ("2026-06-23", "2026-06-24", False),  # the day before and the day itself
        ("2026-06-24", "2026-06-25", False),
        ("2026-06-25", "2026-06-26", True),
        ("2026-06-26", "2026-06-29", False),
        ("2026-07-06", "2026-07-07", True),
        ("2026-07-10", "2026-07-13", False),  # the next Monday is a rung of its own
        ("2026-06-15", "2026-06-16", False),  # nothing is in force at all
    ],
)
def test_a_rung_may_wait_for_its_reader_while_it_stays_in_force(today, later, may_wait):
    term = Term(on("2026-06-24"), on("2026-01-05"))
    assert may_wait_until(on(later), term, on(today), CALENDAR, POLICY, CADENCE) is may_wait


def test_pauses_grow_until_it_is_given_up():
    now = at("2026-06-24 07:00")
    pauses = [next_attempt(now, attempts) - now for attempts in range(1, MOST_ATTEMPTS)]
    assert pauses[0] == timedelta(minutes=5) and pauses[-1] == timedelta(hours=4)
    assert pauses == sorted(pauses)
    assert next_attempt(now, MOST_ATTEMPTS) is None


@pytest.mark.parametrize(
    ("state", "planned", "due", "now", "waits", "words"),
    [
        (State.COMPLETED, "2026-06-24", "2026-06-24", [], False, "Đã hoàn thành"),
        (State.SUBMITTED, "2026-06-24", "2026-06-24", [], False, "Đã nộp kết quả"),
        (State.SUSPENDED, None, "2026-06-24", [], False, "Đã tạm dừng"),
        (State.IN_PROGRESS, "2026-06-24", "2026-07-15", [], False, "Hạn đã đổi thành 15/07/2026"),
        (State.IN_PROGRESS, "2026-06-24", None, [], False, "không còn thời hạn"),
        (State.IN_PROGRESS, "2026-06-24", "2026-06-24", [], True, "chờ quyết định gia hạn"),
        (State.IN_PROGRESS, "2026-06-24", "2026-06-24", ["due_today"], False, "due_today"),
        (State.IN_PROGRESS, "2026-06-24", "2026-06-24", [], False, "không còn phụ trách"),
    ],
)
def test_what_is_dropped_says_why(state, planned, due, now, waits, words):
    dates = [on(each) if each else None for each in (planned, due)]
    assert words in why_dropped(state, dates[0], dates[1], now, waits)


@pytest.mark.parametrize(
    ("step", "state", "words"),
    [
        (Step.WITHDRAWN, State.CANCELLED, "không còn phụ trách"),
        (Step.WITHDRAWN, State.TRANSFERRED, "không còn phụ trách"),
        (Step.SUSPENDED, State.SUSPENDED, "không còn phụ trách"),
        (Step.SUSPENDED, State.CANCELLED, "Đã hủy"),
        (Step.NUDGED, State.CANCELLED, "Đã hủy"),
        (Step.ASSIGNED, State.SUSPENDED, "Đã tạm dừng"),
    ],
)
def test_that_work_was_taken_away_is_no_reason_not_to_say_so(step, state, words):
    assert words in why_dropped(state, None, None, [], False, step=step)


@pytest.mark.parametrize(("taken_back", "undone"), [("08:00", True), ("08:14", True), ("08:15", False)])
def test_what_is_taken_back_before_mail_may_tell_of_it_was_undone(taken_back, undone):
    assert was_undone(at("2026-06-10 08:00"), at(f"2026-06-10 {taken_back}"), CADENCE) is undone


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(WorkingCalendar, off=st.frozensets(DAYS, max_size=25), work=st.frozensets(DAYS, max_size=6))
TERMS = st.builds(Term, due_on=DAYS, assigned_on=DAYS, due_text=st.sampled_from(["", "trước ngày"]))
POLICIES = st.builds(Policy, roll_to_working_day=st.booleans())
CADENCES = st.builds(
    Cadence,
    days_before=st.lists(st.integers(1, 30), min_size=1, max_size=4).map(tuple),
    days_after=st.lists(st.integers(1, 5), max_size=2).map(tuple),
    monitor_after_days=st.integers(1, 10),
    leader_after_days=st.integers(1, 20),
)


@given(TERMS, DAYS, CALENDARS, POLICIES, CADENCES)
def test_rungs_open_in_order_on_days_on_which_one_may_speak(term, today, calendar, policy, cadence):
    rungs = ladder(term, today, calendar, policy, cadence)
    opened = [rung.opens_on for rung in rungs]
    end = effective_due(term.due_on, calendar, policy)
    assert opened == sorted(opened)
    assert all(may_speak_on(day, end, calendar) for day in opened)
    assert len({(rung.code, rung.subject) for rung in rungs}) == len(rungs)


@given(TERMS, DAYS, CALENDARS, POLICIES, CADENCES)
def test_what_is_in_force_has_been_reached_and_lies_within_the_bound(term, today, calendar, policy, cadence):
    rung = rung_in_force(term, today, calendar, policy, cadence)
    if rung is None:
        return
    end = effective_due(term.due_on, calendar, policy)
    assert rung.opens_on <= today and today > term.assigned_on
    assert term.due_on <= latest_due(today, calendar, cadence)
    if rung.step in (Step.DUE_SOON, Step.LAST_WARNING):
        assert today < end
    elif rung.step is Step.DUE_TODAY:
        assert today == end
    else:
        assert today > end
    assert rung.step not in NEWS


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        ("2026-06-22", True),  # Monday
        ("2026-06-23", False),
        ("2026-06-27", False),  # Saturday
        ("2026-06-28", False),  # Sunday
        ("2026-02-16", False),  # the Monday of Tết
        ("2026-02-23", True),
    ],
)
def test_a_week_begins_on_its_first_working_day(day, begins):
    assert week_begins(date.fromisoformat(day), CALENDAR) is begins


def test_a_week_of_holidays_begins_on_the_day_that_is_worked():
    calendar = WorkingCalendar(off={date(2026, 6, 22), date(2026, 6, 23)})
    assert [day for day in range(20, 29) if week_begins(date(2026, 6, day), calendar)] == [24]


@given(TERMS, DAYS, st.integers(0, 60), CALENDARS)
def test_a_missed_run_is_made_good_by_one_notice_never_by_a_lower_one(term, today, later, calendar):
    """Whatever was in force once is overtaken by what is in force later: the ladder never climbs down."""
    first = rung_in_force(term, today, calendar, POLICY, CADENCE)
    second = rung_in_force(term, today + timedelta(days=later), calendar, POLICY, CADENCE)
    if first and second:
        assert first.opens_on <= second.opens_on


@given(TERMS, DAYS, CALENDARS, POLICIES, CADENCES)
def test_who_opens_the_work_every_day_still_hears_every_rung_and_every_last_warning(
    term, today, calendar, policy, cadence
):
    end = effective_due(term.due_on, calendar, policy)
    days = [today + timedelta(days=number) for number in range(60)]
    speaking = [day for day in days if may_speak_on(day, end, calendar)]
    in_force_on = {day: rung_in_force(term, day, calendar, policy, cadence) for day in speaking}
    heard = {
        in_force_on[day]
        for day, following in pairwise(speaking)
        if not may_wait_until(following, term, day, calendar, policy, cadence)
    }
    assert set(in_force_on.values()) - heard <= {None, in_force_on[speaking[-1]]}
    assert all(in_force_on[day] in heard for day in speaking[:-1] if end - timedelta(days=1) <= day <= end)


@given(TERMS, DAYS, CALENDARS, POLICIES, CADENCES)
def test_the_name_of_a_rung_says_its_kind_and_days(term, today, calendar, policy, cadence):
    for rung in ladder(term, today, calendar, policy, cadence):
        step, days = step_of(rung.code)
        assert days == rung.days and step is (Step.DUE_SOON if rung.step is Step.LAST_WARNING else rung.step)


@given(DAYS, st.times(), st.none() | DAYS, CALENDARS, st.booleans())
def test_nothing_leaves_outside_the_window_whatever_the_calendar(day, hour, end, calendar, digest):
    now = datetime.combine(day, hour, HOUSE_ZONE)
    leaves = send_after(now, end, calendar, CADENCE, digest=digest)
    assert leaves >= now
    assert time(6, 30) <= leaves.time() < time(20, 0)
    assert may_speak_on(leaves.date(), end, calendar)
    assert send_after(leaves, end, calendar, CADENCE, digest=digest) == leaves
