"""What a plan of due dates comes to for those who must do it, before it is given."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.collisions import Collision, Limits, Planned, collisions

FRIDAY = date(2026, 8, 28)
CALENDAR = WorkingCalendar(
    off=frozenset({date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)}), work=frozenset({date(2026, 8, 22)})
)


def seen(due: str | None, today: date = FRIDAY, units=(1,), busy=None, tasks=1) -> list[Collision]:
    day = date.fromisoformat(due) if due else None
    return collisions([Planned(day, units)] * tasks, busy or {}, today, CALENDAR)


@pytest.mark.parametrize(
    ("due", "kinds"),
    [
        (None, []),
        ("2026-09-30", []),
        ("2026-09-12", ["day_off"]),  # a Saturday
        ("2026-09-02", ["day_off", "short_notice"]),  # a holiday that runs to Thursday, the first working day
        ("2026-08-29", ["day_off", "short_notice"]),
        ("2026-08-28", ["short_notice"]),  # today
        ("2026-08-27", ["past"]),
        ("2026-08-22", ["past"]),  # a Saturday that is worked: no day off
        ("2026-08-23", ["day_off", "past"]),
        ("2026-09-07", []),  # 3, 4, 7 September: three working days
        ("2026-09-04", ["short_notice"]),
    ],
)
def test_each_due_date_says_what_is_unkind_about_it(due, kinds):
    assert [each.kind for each in seen(due)] == kinds


def test_a_day_off_says_to_which_day_it_runs():
    said = seen("2026-09-12")[0].sentence
    assert said == "Hạn thứ Bảy, 12/09/2026 là ngày nghỉ, tính đến hết thứ Hai, 14/09/2026: 1 việc."


def test_short_notice_is_counted_in_working_days():
    assert seen("2026-09-04")[0].sentence == "Hạn thứ Sáu, 04/09/2026 chỉ còn 2 ngày làm việc: 1 việc."
    assert "không còn ngày làm việc nào" in seen("2026-08-28")[0].sentence


@pytest.mark.parametrize(
    ("tasks", "busy", "crowded"),
    [
        (5, {}, None),
        (6, {}, (2, 6)),
        (3, {(1, date(2026, 9, 30)): 3}, (1, 6)),
        (3, {(3, date(2026, 9, 30)): 9}, None),  # a unit that the plan does not touch
        (3, {(1, date(2026, 9, 29)): 9}, None),  # another day
    ],
)
def test_too_much_on_one_day_of_one_unit_is_seen(tasks, busy, crowded):
    found = [each for each in seen("2026-09-30", units=(1, 2), busy=busy, tasks=tasks) if each.kind == "crowded"]
    assert [(each.concerned, each.number) for each in found] == ([crowded] if crowded else [])


def test_saturday_and_monday_weigh_on_the_same_day():
    plan = [Planned(date(2026, 9, 12), [1]), Planned(date(2026, 9, 14), [1])]
    found = collisions(plan, {}, FRIDAY, CALENDAR, Limits(most_a_day=1))
    assert [(each.kind, each.due_on) for each in found if each.kind == "crowded"] == [("crowded", date(2026, 9, 14))]
    assert "1 đơn vị" in found[-1].sentence and "nhiều nhất 2 việc" in found[-1].sentence
