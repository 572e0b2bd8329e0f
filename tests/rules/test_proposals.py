"""What a wording proposes for a task."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import Kind
from tracker.rules.proposals import propose

ISSUED = date(2026, 5, 17)


@pytest.mark.parametrize(
    ("text", "kind", "due", "rule", "sure"),
    [
        ("30/6/2026", Kind.SCHEDULED, date(2026, 6, 30), "", True),
        ("Trước ngày 20/6/2026", Kind.SCHEDULED, date(2026, 6, 20), "", True),
        ("Ngày 25 hằng tháng", Kind.RECURRING, None, "FREQ=MONTHLY;BYMONTHDAY=25", True),
        ("Thường xuyên", Kind.STANDING, None, "", True),
        ("31/6/2026", Kind.UNDATED, None, "", False),
        ("  ", Kind.UNDATED, None, "", True),
    ],
)
def test_each_kind_of_wording_proposes_its_kind_of_task(text, kind, due, rule, sure):
    said = propose(text, ISSUED, WorkingCalendar(), Policy())
    assert (said.kind, said.due_on, said.recurrence, said.sure) == (kind, due, rule, sure)
    assert said.why


def test_a_province_may_take_before_a_day_as_the_day_before():
    said = propose("trước ngày 20/6/2026", ISSUED, WorkingCalendar(), Policy(before_means="day_before"))
    assert said.due_on == date(2026, 6, 19)
