"""Report periods: the fifteenth to the fourteenth, calendar months, and what people type in between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import Invalid
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.periods import (
    KINDS,
    Part,
    asked,
    check_sending,
    earliest_sending,
    free,
    holding,
    offered,
    part,
    period,
)

WRITTEN = [
    ("nd09-month:2026-05", "2026-04-15", "2026-05-14", "Tháng 5/2026"),
    ("nd09-month:2026-01", "2025-12-15", "2026-01-14", "Tháng 1/2026"),
    ("nd09-quarter:2026-1", "2025-12-15", "2026-03-14", "Quý I/2026"),
    ("nd09-quarter:2026-4", "2026-09-15", "2026-12-14", "Quý IV/2026"),
    ("nd09-half:2026-1", "2025-12-15", "2026-06-14", "6 tháng đầu năm 2026"),
    ("nd09-half:2026-2", "2026-06-15", "2026-12-14", "6 tháng cuối năm 2026"),
    ("nd09-year:2026", "2025-12-15", "2026-12-14", "Năm 2026"),
    ("month:2028-02", "2028-02-01", "2028-02-29", "Tháng 2/2028"),
    ("quarter:2026-3", "2026-07-01", "2026-09-30", "Quý III/2026"),
    ("half:2026-2", "2026-07-01", "2026-12-31", "6 tháng cuối năm 2026"),
    ("year:2026", "2026-01-01", "2026-12-31", "Năm 2026"),
    ("first:2026-05", "2026-01-01", "2026-05-31", "5 tháng đầu năm 2026"),
    ("first:2026-9", "2026-01-01", "2026-09-30", "9 tháng đầu năm 2026"),
    ("2025-12-15..2026-06-05", "2025-12-15", "2026-06-05", "Từ 15/12/2025 đến hết 05/06/2026"),
]


@pytest.mark.parametrize(("code", "start", "cutoff", "name"), WRITTEN)
def test_a_code_says_two_days_and_a_name(code: str, start: str, cutoff: str, name: str) -> None:
    found = period(code)
    assert (str(found.start), str(found.cutoff)) == (start, cutoff)
    assert found.name.startswith(name)
    assert period(found.code) == found


@pytest.mark.parametrize(
    "code",
    [
        *("", "month", "month:2026-13", "quarter:2026-5", "half:2026-0", "year:2026-01", "month:2026"),
        *("nd10-month:2026-05", "first:2026", "month:1850-01", "2026-02-30..2026-03-01", "2026-03-01"),
        "month:2026-05;x",
    ],
)
def test_what_is_no_period_is_refused_with_examples(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        period(code)
    assert "nd09-month" in refusal.value.fields["period"]


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(Invalid) as refusal:
        free(date(2026, 6, 2), date(2026, 6, 1))
    assert list(refusal.value.fields) == ["start"]


@pytest.mark.parametrize(
    ("kind", "day", "code"),
    [
        ("nd09-month", "2026-05-14", "nd09-month:2026-05"),
        ("nd09-month", "2026-05-15", "nd09-month:2026-06"),
        ("nd09-month", "2026-12-31", "nd09-month:2027-01"),
        ("nd09-quarter", "2026-03-15", "nd09-quarter:2026-2"),
        ("nd09-half", "2026-06-14", "nd09-half:2026-1"),
        ("nd09-year", "2026-12-15", "nd09-year:2027"),
        ("month", "2026-05-15", "month:2026-05"),
        ("first", "2026-05-17", "first:2026-05"),
    ],
)
def test_the_bare_name_of_a_kind_means_the_period_of_the_day(kind: str, day: str, code: str) -> None:
    assert asked(kind, date.fromisoformat(day)) == period(code)


@given(st.sampled_from([kind for kind in KINDS if kind != "first"]), st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_periods_of_a_kind_cover_every_day_once(kind: str, day: date) -> None:
    found = holding(kind, day)
    assert found.start <= day <= found.cutoff
    assert holding(kind, found.start) == holding(kind, found.cutoff) == found
    assert holding(kind, found.start - timedelta(days=1)).cutoff == found.start - timedelta(days=1)


def test_a_year_of_each_kind_is_offered_the_running_one_first() -> None:
    found = offered(date(2026, 6, 22))
    assert list(found) == list(KINDS)
    assert [one.code for one in found["nd09-quarter"]] == [
        "nd09-quarter:2026-3",
        "nd09-quarter:2026-2",
        "nd09-quarter:2026-1",
        "nd09-quarter:2025-4",
        "nd09-quarter:2025-3",
    ]
    assert found["first"][0].code == "first:2026-06" and found["month"][-1].code == "month:2025-06"


@pytest.mark.parametrize(
    ("assigned", "owed", "expected"),
    [
        ("2026-05-15", False, Part.IN_PERIOD),
        ("2026-05-20", True, Part.IN_PERIOD),
        ("2026-05-14", True, Part.CARRIED_OVER),
        ("2026-05-14", False, Part.SETTLED),
    ],
)
def test_every_assignment_is_in_one_part(assigned: str, owed: bool, expected: Part) -> None:
    assert part(date.fromisoformat(assigned), owed, date(2026, 5, 15)) is expected


def test_a_report_is_owed_one_working_day_after_its_cutoff_at_the_earliest() -> None:
    calendar = WorkingCalendar(off=frozenset({date(2026, 6, 15)}))
    assert earliest_sending(date(2026, 6, 12), calendar) == date(2026, 6, 16)
    check_sending(date(2026, 6, 12), date(2026, 6, 16), calendar)
    with pytest.raises(Invalid) as refusal:
        check_sending(date(2026, 6, 12), date(2026, 6, 15), calendar)
    assert "16/06/2026" in refusal.value.fields["send_by"]
