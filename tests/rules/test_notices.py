"""Who hears what by which channel: the table says only what a cell can say, and a cell speaks as it reads."""

from __future__ import annotations

import pytest

from tracker.rules.notices import (
    AUDIENCE,
    CELLS,
    NEWS,
    STEP_LABELS,
    Channel,
    Hearer,
    Step,
    cells_of,
    channels,
    may_hear,
    presses,
)

INAPP, EMAIL, ZALO = Channel.INAPP, Channel.EMAIL, Channel.ZALO


def test_every_kind_has_a_row_a_name_and_somebody_who_hears_it():
    assert set(AUDIENCE) == set(STEP_LABELS) == set(Step)
    for step, row in AUDIENCE.items():
        assert row and set(row) <= set(may_hear(step)) and set(row.values()) <= set(cells_of(step)) - {""}


def test_hearers_stand_in_the_order_in_which_a_capacity_counts():
    assert all(list(row) == [hearer for hearer in Hearer if hearer in row] for row in AUDIENCE.values())


@pytest.mark.parametrize(
    ("cell", "given", "spoken"),
    [
        ("", {}, ()),
        ("inapp", {}, (INAPP,)),
        ("inapp email", {}, (INAPP, EMAIL)),
        ("inapp email", {"email": False}, (INAPP,)),
        ("inapp zalo", {}, (INAPP, ZALO)),
        ("inapp zalo", {"zalo": False}, (INAPP,)),
        ("inapp email zalo", {}, (INAPP, EMAIL, ZALO)),
        ("inapp email zalo?", {}, (INAPP, EMAIL, ZALO)),
        ("inapp email zalo?", {"presses": False}, (INAPP, EMAIL)),
        ("inapp email? zalo", {}, (INAPP, ZALO)),
        ("inapp email? zalo", {"zalo": False}, (INAPP, EMAIL)),
        ("inapp email? zalo", {"zalo": False, "email": False}, (INAPP,)),
        ("inapp email? zalo", {"zalo_failed": True}, (INAPP, EMAIL, ZALO)),
    ],
)
def test_a_cell_speaks_as_it_reads(cell, given, spoken):
    assert channels(cell, **{"presses": True, **given}) == spoken


def test_the_inbox_hears_everything_that_somebody_hears_at_all():
    for cell in CELLS:
        assert (INAPP in channels(cell, presses=True)) is bool(cell)
    assert all(INAPP not in channels(cell, presses=True) for cell in cells_of(Step.DAILY))


def test_what_presses_is_near_late_or_given_for_a_week():
    assert [days for days in range(1, 9) if presses(Step.DUE_SOON, rung_days=days)] == [1, 2, 3]
    assert [days for days in range(1, 10) if presses(Step.ASSIGNED, term_days=days)] == [1, 2, 3, 4, 5, 6, 7]
    assert not presses(Step.DELEGATED, term_days=None)
    assert all(presses(step) for step in set(Step) - NEWS - {Step.DUE_SOON})
