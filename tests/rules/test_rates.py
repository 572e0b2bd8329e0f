"""Boxes, tallies that add up and rates, held against figures that real reports printed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.rates import (
    BOX_LABELS,
    RATE_FORMULAS,
    RATE_NAMES,
    Box,
    Direction,
    DoesNotAddUp,
    Rate,
    Tally,
    rates,
    target_met,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [
        (4, 10, "40"),
        (7, 8, "87.5"),
        (16051, 16274, "98.63"),
        (223, 16274, "1.37"),
        (10142, 12160, "83.4"),
        (258, 12160, "2.12"),
        (1014, 1160, "87.41"),
        (146, 1160, "12.59"),
        (2501, 2723, "91.85"),
        (8633, 8682, "99.44"),
        (12534, 12555, "99.83"),
        (14650, 14651, "99.99"),
        (99999, 100000, "99.99"),
        (1, 1000000, "0.01"),
        (1, 800, "0.13"),  # exactly half a step: up
        (0, 5, "0"),
        (5, 5, "100"),
    ],
)
def test_a_rate_is_rounded_as_the_law_says(numerator, denominator, percent):
    assert Rate(numerator, denominator).percent == Decimal(percent)


def test_nothing_out_of_nothing_is_no_rate():
    assert Rate(0, 0).percent is None


@pytest.mark.parametrize(("numerator", "denominator"), [(11, 10), (-1, 10), (1, 0)])
def test_a_part_larger_than_its_whole_is_refused(numerator, denominator):
    with pytest.raises(DoesNotAddUp):
        Rate(numerator, denominator)


def test_parts_that_do_not_sum_are_refused_with_both_figures():
    with pytest.raises(DoesNotAddUp, match=r"2413.*2414"):
        Tally(done_on_time=2065, open_in_term=348).check(2414)


@pytest.mark.parametrize(
    "tally",
    [
        Tally(open_in_term=1, pending=2),
        Tally(open_in_term=1, targets_met=2, targets_total=1),
        Tally(open_in_term=1, due_done=1),
        Tally(open_in_term=1, updated=3, update_expected=2),
    ],
)
def test_a_sub_count_larger_than_its_count_is_refused(tally):
    with pytest.raises(DoesNotAddUp):
        tally.check(1)


FULL = Tally(
    done_on_time=40,
    done_late=8,
    done_no_deadline=2,
    open_in_term=30,
    open_overdue=12,
    open_no_deadline=8,
    standing=12,
    excluded=3,
    pending=5,
    targets_met=9,
    targets_total=10,
    due_done=45,
    due_all=57,
    updated=70,
    update_expected=80,
)


@pytest.mark.parametrize(
    ("name", "numerator", "denominator"),
    [
        ("R1", 50, 100),
        ("R2", 50, 62),
        ("R2s", 45, 57),
        ("R3", 40, 50),
        ("R4", 12, 100),
        ("R5", 12, 90),
        ("R6", 40, 60),
        ("R7", 70, 80),
        ("R8", 9, 10),
    ],
)
def test_each_named_rate_stands_on_its_own_counts(name, numerator, denominator):
    FULL.check(100)
    assert rates(FULL)[name] == Rate(numerator, denominator)


def test_standing_and_excluded_work_changes_no_rate_but_its_own_line():
    beside = Tally(standing=99, excluded=99)
    assert rates(FULL + beside) == rates(FULL)


def test_every_rate_and_box_has_a_name_and_a_way_of_counting():
    assert list(rates(FULL)) == list(RATE_NAMES) == list(RATE_FORMULAS)
    assert set(BOX_LABELS) == set(Box)


def test_boxes_are_fields_of_a_tally():
    assert Tally(**{box: 1 for box in Box}).total == len(Box)


@pytest.mark.parametrize(
    ("goal", "direction", "value", "met"),
    [
        (80, Direction.AT_LEAST, 80, True),
        (80, Direction.AT_LEAST, "79.99", False),
        (5, Direction.AT_MOST, 5, True),
        (5, Direction.AT_MOST, "5.01", False),
        (3, Direction.EXACTLY, "3.0", True),
        (3, Direction.EXACTLY, 4, False),
        (None, Direction.DECLARED, 1, True),
        (None, Direction.DECLARED, 0, False),
        (None, Direction.DECLARED, None, False),
        (80, Direction.AT_LEAST, None, False),
        (None, Direction.AT_LEAST, 80, False),
    ],
)
def test_a_target_is_met_by_its_direction(goal, direction, value, met):
    def number(given):
        return None if given is None else Decimal(given)

    assert target_met(number(goal), direction, number(value)) is met


fractions = st.integers(1, 10**9).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
tallies = st.builds(Tally, *[st.integers(0, 10**6)] * 6)


@given(fractions, st.integers(0, 4))
def test_law_all_is_all_and_nothing_is_nothing(fraction, decimals):
    numerator, denominator = fraction
    shown = Rate(numerator, denominator).rounded(decimals)
    assert (shown == 100) == (numerator == denominator)
    assert (shown == 0) == (numerator == 0)


@given(fractions, st.integers(0, 4))
def test_law_a_shown_rate_is_off_by_less_than_one_step(fraction, decimals):
    numerator, denominator = fraction
    exact, step = Fraction(100 * numerator, denominator), Fraction(1, 10**decimals)
    off = abs(Fraction(Rate(numerator, denominator).rounded(decimals)) - exact)
    assert off < step
    if step / 2 <= exact < 100 - step / 2:
        assert off <= step / 2


@given(st.integers(1, 10**6), st.data())
def test_law_more_done_is_never_shown_as_less(denominator, data):
    more = data.draw(st.integers(1, denominator))
    assert Rate(more - 1, denominator).percent <= Rate(more, denominator).percent


@given(tallies, tallies)
def test_law_the_whole_of_two_provinces_is_the_sum_of_their_wholes(one, other):
    (one + other).check(one.total + other.total)
    assert one + other == other + one


@given(tallies)
def test_law_every_rate_of_a_tally_is_a_part_of_its_whole(tally):
    for rate in rates(tally).values():
        assert 0 <= rate.numerator <= rate.denominator
