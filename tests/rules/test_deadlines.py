"""Time status, days left, boxes, extensions and the day of completion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import Invalid, Refused
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import (
    TIME_LABELS,
    Policy,
    Standing,
    TimeStatus,
    box,
    check_extension,
    completion_day,
    days_left,
    effective_due,
    may_ask_extension,
    overdue_through,
    soon_threshold,
    time_status,
)
from tracker.rules.lifecycle import EXCLUDED, OPEN, State
from tracker.rules.rates import Box

CALENDAR = WorkingCalendar(
    off=frozenset({date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)}),
    work=frozenset({date(2026, 8, 22)}),
)
POLICY = Policy()
AS_PRINTED = Policy(roll_to_working_day=False)


def d(text: str) -> date:
    day, month = map(int, text.split("/"))
    return date(2026, month, day)


def a_standing(
    state=State.IN_PROGRESS, due="25/06", assigned="01/05", submitted=None, completed=None, frozen=None
) -> Standing:
    def day(text):
        return None if text is None else d(text)

    return Standing(state, day(due), d(assigned), day(submitted), day(completed), day(frozen))


@pytest.mark.parametrize(
    ("due", "policy", "last_day"),
    [
        ("14/06", POLICY, "15/06"),
        ("29/08", POLICY, "03/09"),
        ("22/08", POLICY, "22/08"),
        ("25/06", POLICY, "25/06"),
        ("14/06", AS_PRINTED, "14/06"),
    ],
)
def test_a_due_date_on_a_day_off_rolls_if_the_province_lets_it(due, policy, last_day):
    assert effective_due(d(due), CALENDAR, policy) == d(last_day)


def test_no_due_date_stays_none():
    assert effective_due(None, CALENDAR, POLICY) is None


@pytest.mark.parametrize(
    ("assigned", "due", "threshold"),
    [
        ("01/06", "30/06", 7),
        ("01/06", "15/06", 7),  # 14 days
        ("01/06", "14/06", 3),  # 13 days: 3,9
        ("01/06", "11/06", 3),
        ("01/06", "10/06", 2),
        ("01/06", "02/06", 2),
        ("01/06", "01/06", 2),
        ("05/06", "01/06", 2),  # the paper came after its own due date
    ],
)
def test_soon_is_seven_days_or_less_for_short_terms(assigned, due, threshold):
    assert soon_threshold(d(assigned), d(due), POLICY) == threshold


# The due date of the first rows is Thursday 25/06; that of the later ones Sunday 28/06, in term until 29/06.
@pytest.mark.parametrize(
    ("standing", "as_of", "status", "left"),
    [
        (a_standing(due=None), "01/06", TimeStatus.NO_DEADLINE, None),
        (a_standing(), "17/06", TimeStatus.IN_TERM, 8),
        (a_standing(), "18/06", TimeStatus.DUE_SOON, 7),
        (a_standing(), "24/06", TimeStatus.DUE_SOON, 1),
        (a_standing(), "25/06", TimeStatus.DUE_TODAY, 0),
        (a_standing(), "26/06", TimeStatus.OVERDUE, -1),
        (a_standing(State.DECLINED), "26/06", TimeStatus.OVERDUE, -1),
        (a_standing(State.ASSIGNED, due="28/06"), "28/06", TimeStatus.DUE_SOON, 1),
        (a_standing(State.RECEIVED, due="28/06"), "29/06", TimeStatus.DUE_TODAY, 0),
        (a_standing(due="28/06"), "30/06", TimeStatus.OVERDUE, -1),
        (a_standing(State.SUBMITTED, submitted="25/06"), "30/09", TimeStatus.IN_TERM, 0),
        (a_standing(State.SUBMITTED, submitted="26/06"), "30/09", TimeStatus.OVERDUE, -1),
        (a_standing(State.SUBMITTED, due="28/06", submitted="29/06"), "30/09", TimeStatus.IN_TERM, 0),
        (a_standing(State.SUBMITTED, due=None, submitted="26/06"), "30/09", TimeStatus.NO_DEADLINE, None),
        (
            a_standing(State.COMPLETED, completed="25/06", frozen="25/06"),
            "30/09",
            TimeStatus.DONE_ON_TIME,
            None,
        ),
        (a_standing(State.COMPLETED, completed="26/06", frozen="25/06"), "30/09", TimeStatus.DONE_LATE, None),
        (a_standing(State.COMPLETED, completed="26/06"), "30/09", TimeStatus.DONE_NO_DEADLINE, None),
        (a_standing(State.DRAFT), "26/06", TimeStatus.VOID, None),
        (a_standing(State.SUSPENDED), "26/06", TimeStatus.VOID, None),
        (a_standing(State.CANCELLED), "26/06", TimeStatus.VOID, None),
        (a_standing(State.TRANSFERRED), "26/06", TimeStatus.VOID, None),
    ],
)
def test_each_day_has_its_status(standing, as_of, status, left):
    assert time_status(standing, d(as_of), CALENDAR, POLICY) is status
    assert days_left(standing, d(as_of), CALENDAR, POLICY) == left


def test_finished_work_keeps_its_judgement_when_the_calendar_changes():
    done = a_standing(State.COMPLETED, due="28/06", completed="29/06", frozen="29/06")
    assert time_status(done, d("30/09"), CALENDAR, AS_PRINTED) is TimeStatus.DONE_ON_TIME


@pytest.mark.parametrize(
    ("standing", "as_of", "expected"),
    [
        (a_standing(), "25/06", Box.OPEN_IN_TERM),
        (a_standing(), "26/06", Box.OPEN_OVERDUE),
        (a_standing(State.DECLINED), "25/06", Box.OPEN_IN_TERM),
        (a_standing(State.SUBMITTED, submitted="20/06"), "26/06", Box.OPEN_IN_TERM),
        (a_standing(due=None), "26/06", Box.OPEN_NO_DEADLINE),
        (a_standing(State.COMPLETED, completed="20/06", frozen="25/06"), "26/06", Box.DONE_ON_TIME),
        (a_standing(State.COMPLETED, completed="27/06", frozen="25/06"), "27/06", Box.DONE_LATE),
        (a_standing(State.COMPLETED, due=None, completed="20/06"), "26/06", Box.DONE_NO_DEADLINE),
        (a_standing(State.SUSPENDED), "26/06", None),
    ],
)
def test_each_assignment_stands_in_one_box_or_in_none(standing, as_of, expected):
    assert box(standing, d(as_of), CALENDAR, POLICY) is expected


def test_every_time_status_has_a_label():
    assert set(TIME_LABELS) == set(TimeStatus)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.COMPLETED])
def test_a_standing_without_the_day_of_its_state_cannot_be(state):
    with pytest.raises(ValueError, match="has a day of"):
        a_standing(state)


@pytest.mark.parametrize(
    ("standing", "as_of", "policy", "asked_before", "refusal"),
    [
        (a_standing(), "25/06", POLICY, 0, None),
        (a_standing(due="28/06"), "29/06", POLICY, 0, None),
        (a_standing(), "26/06", POLICY, 0, "Đã quá hạn ngày 25/06/2026"),
        (a_standing(), "26/06", Policy(extensions_after_due=True), 0, None),
        (a_standing(), "20/06", POLICY, 1, "tối đa 1 lần"),
        (a_standing(), "20/06", Policy(extensions_max=2), 1, None),
        (a_standing(), "20/06", Policy(extensions_max=0), 0, "tối đa 0 lần"),
        (a_standing(due=None), "20/06", POLICY, 0, "không có thời hạn"),
        (a_standing(State.SUBMITTED, submitted="19/06"), "20/06", POLICY, 0, "«Chờ xác nhận»"),
        (a_standing(State.SUSPENDED), "20/06", POLICY, 0, "«Tạm dừng»"),
    ],
)
def test_an_extension_is_asked_for_once_and_in_time(standing, as_of, policy, asked_before, refusal):
    arguments = (standing, d(as_of), CALENDAR, policy)
    assert may_ask_extension(*arguments, asked_before=asked_before) is (refusal is None)
    if refusal is None:
        check_extension(*arguments, asked_before=asked_before)
        return
    with pytest.raises(Refused, match=refusal):
        check_extension(*arguments, asked_before=asked_before)


@pytest.mark.parametrize(
    ("result_doc", "reason", "outcome"),
    [
        (None, "", "10/06"),
        ("10/06", "", "10/06"),
        ("08/06", "Trả kết quả giấy trước hạn", "08/06"),
        ("01/06", "Trả kết quả giấy trước hạn", "01/06"),
        ("08/06", "  ", {"reason"}),
        ("11/06", "Vì …", {"result_doc_on"}),
        ("21/06", "Vì …", {"result_doc_on"}),
        ("31/05", "Vì …", {"result_doc_on"}),
        ("31/05", "", {"result_doc_on", "reason"}),
    ],
)
def test_work_is_completed_on_the_day_of_submission_or_of_its_result(result_doc, reason, outcome):
    """Assigned on 01/06, submitted on 10/06, confirmed on 20/06."""
    dates = (d("10/06"), result_doc and d(result_doc), d("01/06"), d("20/06"))
    if isinstance(outcome, str):
        assert completion_day(*dates, reason) == d(outcome)
        return
    with pytest.raises(Invalid) as complaint:
        completion_day(*dates, reason)
    assert set(complaint.value.fields) == outcome


# Laws.

some_days = st.dates(date(2026, 6, 1), date(2026, 10, 31))
sets_of_days = st.frozensets(some_days, max_size=40)
calendars = st.builds(WorkingCalendar, off=sets_of_days, work=sets_of_days)
policies = st.builds(
    Policy, roll_to_working_day=st.booleans(), soon_days=st.integers(1, 30), extensions_max=st.integers(0, 3)
)
standings = st.builds(
    Standing,
    state=st.sampled_from(State),
    due_on=st.none() | some_days,
    assigned_on=some_days,
    submitted_on=some_days,
    completed_on=some_days,
    completed_due=st.none() | some_days,
)


@given(standings, some_days, calendars, policies)
def test_law_what_is_counted_is_exactly_what_is_neither_draft_nor_excluded(standing, as_of, calendar, policy):
    counted = standing.state not in EXCLUDED and standing.state is not State.DRAFT
    assert (box(standing, as_of, calendar, policy) is not None) == counted


@given(standings, some_days, calendars, policies)
def test_law_overdue_is_one_comparison(standing, as_of, calendar, policy):
    """What SQL uses: the printed due date against one bound, of the day or of the submission."""
    if standing.state not in OPEN or standing.due_on is None:
        return
    measured = standing.submitted_on if standing.state is State.SUBMITTED else as_of
    overdue = time_status(standing, as_of, calendar, policy) is TimeStatus.OVERDUE
    assert overdue == (standing.due_on <= overdue_through(measured, calendar, policy))


@given(standings, some_days, calendars, policies)
def test_law_once_overdue_open_work_stays_overdue(standing, as_of, calendar, policy):
    if time_status(standing, as_of, calendar, policy) is TimeStatus.OVERDUE:
        assert time_status(standing, as_of + timedelta(1), calendar, policy) is TimeStatus.OVERDUE


@given(standings, some_days, some_days, calendars, policies)
def test_law_waiting_for_the_province_makes_nobody_late(standing, one_day, another, calendar, policy):
    waiting = replace(standing, state=State.SUBMITTED)
    assert box(waiting, one_day, calendar, policy) is box(waiting, another, calendar, policy)


@given(standings, calendars, policies)
def test_law_confirming_changes_done_to_open_and_nothing_else(standing, calendar, policy):
    """Submitted in term becomes done on time, submitted overdue becomes done late."""
    waiting = replace(standing, state=State.SUBMITTED)
    due = effective_due(standing.due_on, calendar, policy)
    confirmed = replace(standing, state=State.COMPLETED, completed_on=standing.submitted_on, completed_due=due)
    became = {
        Box.OPEN_IN_TERM: Box.DONE_ON_TIME,
        Box.OPEN_OVERDUE: Box.DONE_LATE,
        Box.OPEN_NO_DEADLINE: Box.DONE_NO_DEADLINE,
    }
    as_of = date(2026, 12, 31)
    assert box(confirmed, as_of, calendar, policy) is became[box(waiting, as_of, calendar, policy)]


@given(standings, some_days, calendars, policies)
def test_law_status_and_days_left_agree(standing, as_of, calendar, policy):
    status = time_status(standing, as_of, calendar, policy)
    left = days_left(standing, as_of, calendar, policy)
    assert (status is TimeStatus.OVERDUE) == (left is not None and left < 0)
    if status is TimeStatus.DUE_TODAY:
        assert left == 0
    if status is TimeStatus.DUE_SOON:
        assert left > 0
