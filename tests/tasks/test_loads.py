"""Loads: a unit counts with all below it, once in each that it falls under."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import POLICY, a_commune, a_province, an_assignment, somebody

from tracker.calendars.queries import working_calendar
from tracker.rules.access import Role
from tracker.tasks.queries import Day, load_of, loads
from tracker.tasks.queries.loads import Load

TODAY = date(2026, 6, 24)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def units():
    """A province and its two communes."""
    province = a_province()
    issuer = somebody(province, Role.ISSUER)
    communes = [a_commune(province, code) for code in ("C1", "C2")]
    for commune, days_left in zip(communes, ((-40, -2, 0, 3), (-9, 60)), strict=True):
        for left in days_left:
            an_assignment(commune, issuer, due=str(TODAY + timedelta(days=left)))
    return [province, *communes]


def _by_unit(units, **asked):
    known = loads([one.id for one in units], Day(TODAY, working_calendar(), POLICY), **asked)
    return [load_of(known, [one.id]) for one in units]


def test_a_unit_counts_with_all_below_it_and_those_below_by_themselves(units):
    whole, first, second = _by_unit(units)
    assert (first.overdue, first.today, first.soon) == (2, 1, 1)
    assert (second.overdue, second.unassigned) == (1, 1)
    assert whole == first + second
    assert whole.oldest == first.oldest
    assert first.oldest[0] == TODAY - timedelta(days=40)


def test_what_is_overdue_is_the_same_when_nothing_else_is_counted(units):
    assert _by_unit(units, overdue_only=True) == [replace(one, today=0, soon=0) for one in _by_unit(units)]


def test_a_unit_without_work_carries_nothing(units):
    assert _by_unit([a_commune(units[0], "C3")]) == [Load()]
