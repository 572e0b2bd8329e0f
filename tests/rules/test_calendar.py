"""The working calendar: real years, the worked examples of the law, and the laws of counting."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import Invalid
from tracker.rules.calendar import CalendarDay, WorkingCalendar, calendar_from, read_year

FILES = sorted((Path(__file__).parents[2] / "config" / "calendars").glob("*.toml"))


@cache
def year_days(year: int) -> tuple[CalendarDay, ...]:
    path = next(path for path in FILES if path.stem == str(year))
    return tuple(read_year(tomllib.loads(path.read_text(encoding="utf-8"))))


@cache
def real() -> WorkingCalendar:
    return calendar_from(day for path in FILES for day in year_days(int(path.stem)))


def d(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("22/12/2025", 10, "07/01/2026"),
        ("30/12/2025", 3, "06/01/2026"),
        ("05/01/2026", 5, "10/01/2026"),  # a worked Saturday
        ("10/02/2026", 5, "24/02/2026"),
        ("24/04/2026", 3, "04/05/2026"),
        ("19/08/2026", 5, "25/08/2026"),
        ("28/08/2026", 5, "09/09/2026"),
        ("17/05/2026", 10, "29/05/2026"),  # counted from a Sunday
        ("20/11/2026", 3, "26/11/2026"),
    ],
)
def test_a_term_in_working_days_ends_where_the_law_says(start, n, expected):
    assert real().add_working_days(d(start), n) == d(expected)


def test_a_proposed_swap_moves_a_term_only_once_it_is_decided():
    decided = [
        CalendarDay(day.on, day.kind, day.name, day.document, False, day.swapped_with) for day in year_days(2026)
    ]
    assert calendar_from(decided).add_working_days(d("20/11/2026"), 3) == d("27/11/2026")


@pytest.mark.parametrize(
    ("due", "effective"),
    [
        ("14/06/2026", "15/06/2026"),
        ("29/08/2026", "03/09/2026"),
        ("14/02/2026", "23/02/2026"),
        ("15/02/2026", "23/02/2026"),
        ("26/04/2026", "28/04/2026"),
        ("22/08/2026", "22/08/2026"),
        ("10/01/2026", "10/01/2026"),
        ("24/11/2026", "25/11/2026"),
        ("02/01/2026", "05/01/2026"),
    ],
)
def test_a_last_day_off_runs_to_the_next_working_day(due, effective):
    assert real().roll(d(due)) == d(effective)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("29/04/2024", False),
        ("04/05/2024", True),
        ("14/02/2024", False),
        ("15/02/2024", True),
        ("03/09/2024", False),
        ("26/04/2025", True),
        ("02/05/2025", False),
        ("24/01/2025", True),
        ("03/02/2025", True),
        ("07/04/2025", False),
        ("01/09/2025", False),
        ("23/11/2026", True),
        ("28/11/2026", False),
        ("05/02/2027", False),
        ("11/02/2027", True),
        ("03/05/2027", False),
    ],
)
def test_official_days_are_known(day, worked):
    assert real().is_working(d(day)) is worked


@pytest.mark.parametrize(("year", "worked"), [(2024, 251), (2025, 250), (2026, 249), (2027, 249)])
def test_a_year_has_so_many_working_days(year, worked):
    assert real().working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == worked


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_in_force_in_an_official_year_names_its_document(year):
    assert [day.on for day in year_days(year) if not day.provisional and not day.document] == []


def test_a_swap_names_both_its_days_and_is_proposed_as_a_whole():
    days = {day.on: day for day in year_days(2026)}
    for off, work in [
        ("02/01/2026", "10/01/2026"),
        ("31/08/2026", "22/08/2026"),
        ("23/11/2026", "28/11/2026"),
    ]:
        assert days[d(off)].swapped_with == d(work)
        assert days[d(work)].swapped_with == d(off)
    proposed = {day.on for day in days.values() if day.provisional}
    assert proposed == {d("23/11/2026"), d("28/11/2026")}


def test_a_wrong_file_is_told_everything_at_once():
    with pytest.raises(Invalid) as complaint:
        read_year(
            {
                "year": 2026,
                "off": [{"d": date(2025, 1, 1), "name": "Tết"}, {"d": date(2026, 5, 1), "name": "Lễ"}],
                "work": [
                    {"d": date(2026, 5, 4), "for": date(2026, 5, 1)},
                    {"d": date(2026, 5, 9), "for": date(2026, 5, 5)},
                ],
            }
        )
    assert set(complaint.value.fields) == {"2025-01-01", "2026-05-04", "2026-05-09"}


# Laws, on any calendar that people could type in.

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
sets_of_days = st.frozensets(st.dates(date(2025, 10, 1), date(2026, 3, 31)), max_size=60)
calendars = st.builds(WorkingCalendar, off=sets_of_days, work=sets_of_days)
near = st.dates(date(2025, 9, 1), date(2026, 4, 30))


@given(calendars, near, near)
def test_law_counting_agrees_with_looking_at_each_day(calendar, start, end):
    step = 1 if end >= start else -1
    low, high = sorted([start, end])
    looked_at = sum(calendar.is_working(low + timedelta(n)) for n in range(1, (high - low).days + 1))
    assert calendar.working_days_between(start, end) == step * looked_at


@given(calendars, near, st.integers(1, 200))
def test_law_adding_is_the_inverse_of_counting(calendar, start, n):
    end = calendar.add_working_days(start, n)
    assert calendar.is_working(end) and end > start
    assert calendar.working_days_between(start, end) == n


@given(calendars, near, st.integers(1, 200))
def test_law_going_back_lands_on_the_working_day_that_many_before(calendar, start, n):
    begun = calendar.add_working_days(start, -n)
    assert calendar.is_working(begun) and begun < start
    assert calendar.working_days_between(begun - timedelta(1), start - timedelta(1)) == n


@given(calendars, near)
def test_law_rolling_finds_the_first_working_day_not_earlier(calendar, day):
    rolled = calendar.roll(day)
    assert calendar.is_working(rolled) and rolled >= day
    assert not any(calendar.is_working(day + timedelta(n)) for n in range((rolled - day).days))


@given(calendars, near, near)
def test_law_rolling_keeps_the_order_of_days(calendar, one, other):
    first, second = sorted([one, other])
    assert calendar.roll(first) <= calendar.roll(second)


@given(calendars, near, near)
def test_law_one_bound_tells_every_overdue_day(calendar, due, as_of):
    assert (calendar.roll(due) < as_of) == (due <= calendar.overdue_through(as_of))


@given(days, days)
def test_law_one_bound_tells_every_overdue_day_of_the_real_calendar(due, as_of):
    assert (real().roll(due) < as_of) == (due <= real().overdue_through(as_of))
