"""Fair comparison: ties share a place, small denominators have none, days late are measured by their median."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy, Standing, days_late
from tracker.rules.lifecycle import State
from tracker.rules.ranking import median_days, ranks
from tracker.rules.rates import Rate


def test_ties_share_a_place_and_the_next_is_left_free() -> None:
    rates = {"A": Rate(10, 20), "B": Rate(15, 30), "C": Rate(19, 20), "D": Rate(1, 10), "E": Rate(9, 9)}
    assert ranks(rates, 10) == {"C": 1, "A": 2, "B": 2, "D": 4}


def test_a_unit_without_work_has_no_place() -> None:
    assert ranks({"A": Rate(0, 0), "B": Rate(1, 1)}, 0) == {"B": 1}


def test_a_rank_looks_at_the_exact_rate_not_at_the_printed_one() -> None:
    assert ranks({"A": Rate(99998, 100000), "B": Rate(99999, 100000)}, 10) == {"B": 1, "A": 2}


@pytest.mark.parametrize(("days", "found"), [([], None), ([4], 4), ([1, 9], 5), ([1, 2], 2), ([0, 1, 30], 1)])
def test_the_median_of_days(days: list[int], found: int | None) -> None:
    assert median_days(days) == found


@pytest.mark.parametrize(
    ("state", "due", "done", "late"),
    [
        (State.COMPLETED, "2026-03-20", "2026-03-25", 5),
        (State.COMPLETED, "2026-03-20", "2026-03-20", 0),
        (State.IN_PROGRESS, "2026-03-21", None, 8),
        (State.IN_PROGRESS, "2026-04-21", None, 0),
        (State.IN_PROGRESS, None, None, 0),
    ],
)
def test_days_late_count_from_the_end_of_the_term(state: State, due: str | None, done: str | None, late: int) -> None:
    due_on = date.fromisoformat(due) if due else None
    done_on = date.fromisoformat(done) if done else None
    one = Standing(state, due_on, date(2026, 3, 1), done_on, done_on, due_on if done else None)
    assert days_late(one, date(2026, 3, 31), WorkingCalendar(), Policy()) == late
