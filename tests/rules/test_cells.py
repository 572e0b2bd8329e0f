"""A cell of a CSV file says what the value is, and calculates nothing."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tracker.rules.cells import csv_cell


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (0, "0"),
        (-3, "-3"),
        (81.25, "81,25"),
        (date(2026, 3, 5), "05/03/2026"),
        (datetime(2026, 3, 5, 7, 30), "05/03/2026 07:30"),  # noqa: DTZ001
        ("Xã An Bình", "Xã An Bình"),
        ("=1+1", "'=1+1"),
        (" @SUM(A1)", "' @SUM(A1)"),
        ("-2+3|cmd", "'-2+3|cmd"),
        ("\t+84", "'\t+84"),
    ],
)
def test_a_cell_is_what_its_value_says(value, said):
    assert csv_cell(value) == said
