"""One chip for each assignment: of all that could be said about it, the one thing to see first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy, Standing, TimeStatus, days_left, time_status
from tracker.rules.lifecycle import State
from tracker.rules.sentences import count


@dataclass(frozen=True)
class Chip:
    """`key` names the colour, `icon` the lucide drawing; the words always say it too."""

    key: str
    words: str
    icon: str


_VOID_WORDS = {
    State.DRAFT: "Dự thảo",
    State.SUSPENDED: "Tạm dừng",
    State.TRANSFERRED: "Đã chuyển",
    State.CANCELLED: "Đã thu hồi",
}

_DONE = {
    TimeStatus.DONE_ON_TIME: Chip("done", "Hoàn thành đúng hạn", "circle-check"),
    TimeStatus.DONE_NO_DEADLINE: Chip("done", "Hoàn thành", "circle-check"),
    TimeStatus.DONE_LATE: Chip("late", "Hoàn thành quá hạn", "clock-check"),
}


def chip(
    standing: Standing,
    as_of: date,
    calendar: WorkingCalendar,
    policy: Policy,
    *,
    returned: bool,
    acknowledged: bool,
) -> Chip:
    """The chip of an assignment at the end of `as_of`: the first that fits, in the order written here.

    `returned`: sent back and not submitted again; `acknowledged`: the commune has said that it received it.
    """
    status = time_status(standing, as_of, calendar, policy)
    left = days_left(standing, as_of, calendar, policy)
    if status in _DONE:
        return _DONE[status]
    if status is TimeStatus.VOID:
        return Chip("void", _VOID_WORDS[standing.state], "ban")
    if standing.state is State.SUBMITTED:
        return Chip("review", "Chờ duyệt", "hourglass")
    if left is not None and left < 0:
        words = f"Quá hạn {count(-left)} ngày"
        return Chip("overdue", f"{words}, trả lại" if returned else words, "triangle-alert")
    if status is TimeStatus.DUE_TODAY:
        return Chip("today", "Đến hạn hôm nay", "alarm-clock")
    if returned:
        return Chip("returned", _with_days("Trả lại", left), "corner-up-left")
    if not acknowledged:
        return Chip("new", _with_days("Chưa nhận", left), "inbox")
    if left is not None and status is TimeStatus.DUE_SOON:
        return Chip("soon", f"Còn {count(left)} ngày", "clock")
    return Chip("doing", "Đang thực hiện", "circle-dashed")


def _with_days(words: str, left: int | None) -> str:
    """«words, còn N ngày», or the words alone where no date is set."""
    return words if left is None else f"{words}, còn {count(left)} ngày"
