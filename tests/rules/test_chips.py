"""One chip for each assignment: which of several truths is said first."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.chips import Chip, chip
from tracker.rules.deadlines import Policy, Standing
from tracker.rules.lifecycle import State

ASSIGNED, DUE = date(2026, 5, 1), date(2026, 6, 25)


def the_chip(state=State.IN_PROGRESS, day=10, due=DUE, returned=False, acknowledged=True, **dates) -> Chip:
    return chip(
        Standing(state, due, ASSIGNED, **dates),
        date(2026, 6, day),
        WorkingCalendar(),
        Policy(),
        returned=returned,
        acknowledged=acknowledged,
    )


def done(on: int, due: date | None = DUE) -> Chip:
    return the_chip(State.COMPLETED, day=30, due=due, completed_on=date(2026, 6, on), completed_due=due)


@pytest.mark.parametrize(
    ("shown", "key", "words"),
    [
        (done(25), "done", "Hoàn thành đúng hạn"),
        (done(25, due=None), "done", "Hoàn thành"),
        (done(26), "late", "Hoàn thành quá hạn"),
        (the_chip(State.CANCELLED), "void", "Đã thu hồi"),
        (the_chip(State.SUSPENDED), "void", "Tạm dừng"),
        (the_chip(State.TRANSFERRED), "void", "Đã chuyển"),
        (the_chip(State.DRAFT), "void", "Dự thảo"),
        (the_chip(State.SUBMITTED, submitted_on=date(2026, 6, 26), day=30), "review", "Chờ duyệt"),
        (the_chip(day=28), "overdue", "Quá hạn 3 ngày"),
        (the_chip(day=28, returned=True), "overdue", "Quá hạn 3 ngày, trả lại"),
        (the_chip(State.ASSIGNED, day=28, acknowledged=False), "overdue", "Quá hạn 3 ngày"),
        (the_chip(day=25), "today", "Đến hạn hôm nay"),
        (the_chip(day=25, returned=True), "today", "Đến hạn hôm nay"),
        (the_chip(day=20, returned=True), "returned", "Trả lại, còn 5 ngày"),
        (the_chip(day=20, due=None, returned=True), "returned", "Trả lại"),
        (the_chip(State.ASSIGNED, day=20, acknowledged=False), "new", "Chưa nhận, còn 5 ngày"),
        (the_chip(State.ASSIGNED, due=None, acknowledged=False), "new", "Chưa nhận"),
        (the_chip(day=18), "soon", "Còn 7 ngày"),
        (the_chip(State.DECLINED, day=24), "soon", "Còn 1 ngày"),
        (the_chip(day=17), "doing", "Đang thực hiện"),
        (the_chip(due=None), "doing", "Đang thực hiện"),
    ],
)
def test_the_first_truth_that_fits_wins(shown, key, words):
    assert (shown.key, shown.words) == (key, words)


def test_long_delays_are_written_with_a_dot():
    assert the_chip(due=date(2023, 6, 9), day=10).words == "Quá hạn 1.097 ngày"


def test_each_key_has_one_icon():
    icons = {
        "done": "circle-check",
        "late": "clock-check",
        "void": "ban",
        "review": "hourglass",
        "overdue": "triangle-alert",
        "today": "alarm-clock",
        "returned": "corner-up-left",
        "new": "inbox",
        "soon": "clock",
        "doing": "circle-dashed",
    }
    shown = [
        done(25),
        done(26),
        the_chip(State.CANCELLED),
        the_chip(State.SUBMITTED, submitted_on=ASSIGNED),
        the_chip(day=28),
        the_chip(day=25),
        the_chip(returned=True),
        the_chip(acknowledged=False),
        the_chip(day=20),
        the_chip(),
    ]
    assert {each.key: each.icon for each in shown} == icons
