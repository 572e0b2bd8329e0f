"""What a province may settle about reminding: read as people type it, refused when it does not fit together."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import Invalid
from tracker.rules.cadences import digest_hours, in_force, settled, written
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.notices import Step
from tracker.rules.reminding import Cadence, Term, digest_at, plain_term, rung_in_force

DEFAULTS = Cadence()
CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        ("days_before", "10, 5 ,2", (10, 5, 2)),
        ("days_before", "5;5;1", (5, 1)),
        ("days_after", "1 2", (1, 2)),
        ("leader_after_days", " 14 ", 14),
        ("opens_at", "7h", time(7)),
        ("opens_at", "6g45", time(6, 45)),
        ("closes_at", "17:30", time(17, 30)),
    ],
)
def test_fields_are_read_as_people_type_them(field, typed, read):
    assert getattr(settled(DEFAULTS, {field: typed}), field) == read


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"days_before": ""}, {"days_before"}),
        ({"days_before": "0"}, {"days_before"}),
        ({"days_before": "7, ba"}, {"days_before"}),
        ({"days_before": "1 2 3 4 5 6 7"}, {"days_before"}),
        ({"opens_at": "25:00", "closes_at": "tối"}, {"opens_at", "closes_at"}),
        ({"weeks_between": "9"}, {"weeks_between"}),
        ({"monitor_after_days": "1"}, {"monitor_after_days"}),
        ({"leader_after_days": "3"}, {"leader_after_days"}),
        ({"opens_at": "21:00"}, {"closes_at"}),
        ({"digest_at": "06:00"}, {"digest_at"}),
        ({"digest_until": "06:45"}, {"digest_until"}),
    ],
)
def test_what_cannot_be_or_does_not_fit_is_complained_of_at_its_field(typed, wrong):
    with pytest.raises(Invalid) as refused:
        settled(DEFAULTS, typed)
    assert set(refused.value.fields) == wrong


def test_what_is_written_is_read_again_as_it_was():
    assert settled(DEFAULTS, written(DEFAULTS)) == DEFAULTS


def test_reminding_goes_on_with_what_still_makes_sense():
    over = {"days_before": "5", "digest_at": "05:00", "of_old": "1", "closes_at": "nonsense"}
    assert in_force(DEFAULTS, over) == settled(DEFAULTS, {"days_before": "5"})
    assert in_force(DEFAULTS, {"monitor_after_days": "1"}) == DEFAULTS


def test_a_person_chooses_a_half_hour_that_the_province_allows():
    hours = digest_hours(DEFAULTS)
    assert (hours[0], time(7), hours[-1]) == (time(6, 30), hours[1], time(10))
    assert time(7, 15) in digest_hours(settled(DEFAULTS, {"digest_at": "07:15"}))


@pytest.mark.parametrize(
    ("wanted", "leaves"),
    [(None, "07:00"), (time(9), "09:00"), (time(5), "06:30"), (time(16), "10:00")],
)
def test_a_digest_leaves_when_it_is_wanted_and_never_outside_what_is_allowed(wanted, leaves):
    assert f"{digest_at(DEFAULTS, wanted):%H:%M}" == leaves


@given(st.integers(1, 8), st.integers(0, 400))
def test_after_the_ladder_it_is_said_every_so_many_mondays_and_no_oftener(weeks, after):
    cadence = Cadence(weeks_between=weeks)
    term = Term(date(2026, 3, 2), date(2026, 1, 5))
    turns = set()
    for n in range(after, after + 7 * weeks + 7):
        rung = rung_in_force(term, date(2026, 3, 2) + timedelta(days=n), CALENDAR, Policy(), cadence)
        if rung is not None and rung.step is Step.WEEKLY:
            turns.add(rung.subject)
    assert all(date.fromordinal(turn).weekday() == 0 for turn in turns)
    assert len(turns) <= 3 and all((one - other) % (7 * weeks) == 0 for one in turns for other in turns)


def test_only_the_wording_that_the_rules_heed_tells_terms_apart():
    day = date(2026, 6, 24)
    assert plain_term(day, day, "Trước ngày 24/6") == plain_term(day, day, "truoc 24/06/2026")
    assert plain_term(day, day, "chậm nhất 24/6") == plain_term(day, day, "")
