"""What the coming days would bring: each thing on the day it is first said, and what a change would say at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.rules.cadences import settled
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.foreseeing import Outlook, Way, openings
from tracker.rules.reminding import Cadence, Term

MONDAY = date(2026, 6, 15)
DAYS = [MONDAY + timedelta(days=n) for n in range(14)]
LONG_AGO = date(2026, 1, 5)
WORK = Outlook(Term(date(2026, 6, 24), LONG_AGO))


def way(**changed):
    return Way(WorkingCalendar(), Policy(), replace(Cadence(), **changed))


def told(outlook, looked_at=None, days=DAYS):
    """What is said on which day of June."""
    found = {}
    for one in openings(outlook, days, looked_at or way(), way()):
        found.setdefault(one.day.day, []).append(one.rung.code)
    return found


LADDER = {17: ["due_in_7"], 19: ["due_in_3"], 23: ["due_in_1"], 24: ["due_today"], 25: ["overdue_1"]}


def test_each_rung_is_said_once_on_the_day_it_opens():
    assert told(WORK) == LADDER


def test_the_forecast_begins_with_what_changes_today():
    overdue = Outlook(Term(date(2026, 6, 1), LONG_AGO))
    assert told(overdue, days=[date(2026, 6, 16)]) == {}


@pytest.mark.parametrize(
    ("given_on", "said"),
    [
        (date(2026, 6, 11), {15: ["unreceived"]}),
        (date(2026, 6, 12), {16: ["unreceived"]}),
        (date(2026, 6, 10), {}),  # said on Friday 12/06
        (date(2026, 4, 10), {}),  # no longer news
    ],
)
def test_what_is_not_received_is_said_after_so_many_working_days(given_on, said):
    assert told(Outlook(None, given_on)) == said


def test_a_rung_in_force_says_more_than_that_the_work_was_not_received():
    given_on = date(2026, 6, 11)
    far, near = Term(date(2026, 12, 1), given_on), Term(date(2026, 6, 16), given_on)
    assert told(Outlook(far, given_on)) == {15: ["unreceived"]}
    assert "unreceived" not in str(told(Outlook(near, given_on)))


def test_that_the_work_was_not_received_is_not_said_again_on_a_weekend_without_a_rung():
    """Said on Monday 15/06, hidden by the rungs of a due date on Friday 26/06, in force again on Saturday."""
    given_on = date(2026, 6, 11)
    outlook = Outlook(Term(date(2026, 6, 26), given_on), given_on)
    late = [date(2026, 6, 22) + timedelta(days=n) for n in range(6)]
    assert "unreceived" in str(told(outlook)) and "unreceived" not in str(told(outlook, days=late))


def test_in_a_silence_nothing_is_said_and_afterwards_only_the_truth():
    storm = replace(WORK, silent=((date(2026, 6, 16), date(2026, 6, 21)),))
    assert told(storm) == {22: ["due_in_3"], 23: ["due_in_1"], 24: ["due_today"], 25: ["overdue_1"]}
    begun_before = replace(WORK, silent=((date(2026, 6, 1), date(2026, 6, 23)),))
    assert told(begun_before) == {24: ["due_today"], 25: ["overdue_1"]}
    over_nothing_new = Outlook(Term(date(2026, 6, 19), LONG_AGO), silent=((date(2026, 6, 13), MONDAY),))
    assert told(over_nothing_new)[16] == ["due_in_3"], "due in seven days was said before the silence began"


def test_a_change_says_at_once_what_it_puts_in_force():
    assert told(WORK, way(days_before=(10, 1))) == {15: ["due_in_10"]} | {d: LADDER[d] for d in (23, 24, 25)}
    assert told(WORK, way(days_before=(7, 1))) == {d: LADDER[d] for d in (17, 23, 24, 25)}
    assert told(Outlook(None, date(2026, 6, 12)), way(receive_within_days=1)) == {15: ["unreceived"]}


def test_who_newly_hears_of_what_was_said_before_hears_it_at_once():
    said_on_friday = Outlook(Term(date(2026, 6, 19), LONG_AGO))
    more = settled(Cadence(), {"due_in.monitor": "inapp"}).audience
    less = settled(Cadence(), {"due_in.officer": "inapp"}).audience
    today = [MONDAY]
    assert told(said_on_friday, days=today) == {}
    assert told(said_on_friday, way(audience=more), today) == {15: ["due_in_7"]}
    assert told(said_on_friday, way(audience=less), today) == {}
