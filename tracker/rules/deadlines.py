"""Time: where an assignment stands on a day. The one answer used by page, file, mail and interface.

A due date is a local day, in term until 24:00 (D16, BLDS Đ.148 k.6); on a day off it runs to the end of the
next working day (D4). The day of submission is what counts: waiting for the province makes nobody late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from tracker.errors import Invalid, Refused
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.lifecycle import EXCLUDED, LABELS, RUNNING, State
from tracker.rules.rates import Box

SHORT_TERM_DAYS = 14
_SHORT_TERM_SHARE_PERCENT = 30
_SHORT_TERM_LEAST_DAYS = 2


class TimeStatus(StrEnum):
    """How an assignment stands to its due date; never stored while the work is open."""

    NO_DEADLINE = "no_deadline"
    IN_TERM = "in_term"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    DONE_NO_DEADLINE = "done_no_deadline"
    VOID = "void"


TIME_LABELS = {
    TimeStatus.NO_DEADLINE: "Không hạn",
    TimeStatus.IN_TERM: "Trong hạn",
    TimeStatus.DUE_SOON: "Sắp đến hạn",
    TimeStatus.DUE_TODAY: "Đến hạn hôm nay",
    TimeStatus.OVERDUE: "Quá hạn",
    TimeStatus.DONE_ON_TIME: "Hoàn thành đúng hạn",
    TimeStatus.DONE_LATE: "Hoàn thành quá hạn",
    TimeStatus.DONE_NO_DEADLINE: "Hoàn thành, không hạn",
    TimeStatus.VOID: "Không tính",
}


@dataclass(frozen=True)
class Policy:
    """What a province may settle about deadlines (D3, D4, D7, D15), with the defaults of the product."""

    roll_to_working_day: bool = True
    before_means: Literal["that_day", "day_before"] = "that_day"
    soon_days: int = 7
    extensions_max: int = 1
    extensions_after_due: bool = False
    update_within_days: int = 30


@dataclass(frozen=True)
class Standing:
    """What must be known of an assignment to judge its time.

    `due_on` is the current due date as the paper prints it; `completed_due` the effective one, frozen when
    the completion was confirmed, so that a later change of calendar or policy rewrites no finished work.
    `told_on` is the last day on which its unit told how it goes.
    """

    state: State
    due_on: date | None
    assigned_on: date
    submitted_on: date | None = None
    completed_on: date | None = None
    completed_due: date | None = None
    told_on: date | None = None

    def __post_init__(self) -> None:
        if self.state is State.SUBMITTED and self.submitted_on is None:
            raise ValueError("submitted work has a day of submission")
        if self.state is State.COMPLETED and self.completed_on is None:
            raise ValueError("completed work has a day of completion")


def effective_due(due_on: date | None, calendar: WorkingCalendar, policy: Policy) -> date | None:
    """The last day in term: the due date, or the next working day when that is off and the policy rolls."""
    if due_on is None or not policy.roll_to_working_day:
        return due_on
    return calendar.roll(due_on)


def overdue_through(as_of: date, calendar: WorkingCalendar, policy: Policy) -> date:
    """The latest due date that is already overdue on the day; every earlier one is overdue with it."""
    return calendar.overdue_through(as_of) if policy.roll_to_working_day else as_of - timedelta(days=1)


def soon_threshold(assigned_on: date, due_on: date, policy: Policy) -> int:
    """From how many calendar days before the end a deadline is near (D15).

    A term under 14 calendar days warns during its last 30 %, at least during its last 2 days.
    """
    term = (due_on - assigned_on).days
    if term >= SHORT_TERM_DAYS:
        return policy.soon_days
    return max(_SHORT_TERM_LEAST_DAYS, term * _SHORT_TERM_SHARE_PERCENT // 100)


def time_status(standing: Standing, as_of: date, calendar: WorkingCalendar, policy: Policy) -> TimeStatus:
    """How the assignment stands at the end of `as_of`. Submitted work is in term or overdue, never «soon»."""
    if standing.state in EXCLUDED or standing.state is State.DRAFT:
        return TimeStatus.VOID
    if standing.state is State.COMPLETED:
        return _done_status(standing)
    left = days_left(standing, as_of, calendar, policy)
    if left is None or standing.due_on is None:
        return TimeStatus.NO_DEADLINE
    if left < 0:
        return TimeStatus.OVERDUE
    if standing.state is State.SUBMITTED:
        return TimeStatus.IN_TERM
    if left == 0:
        return TimeStatus.DUE_TODAY
    if left <= soon_threshold(standing.assigned_on, standing.due_on, policy):
        return TimeStatus.DUE_SOON
    return TimeStatus.IN_TERM


def _done_status(standing: Standing) -> TimeStatus:
    """How finished work stood to the due date that was frozen with it."""
    if standing.completed_due is None or standing.completed_on is None:
        return TimeStatus.DONE_NO_DEADLINE
    if standing.completed_on <= standing.completed_due:
        return TimeStatus.DONE_ON_TIME
    return TimeStatus.DONE_LATE


def days_left(standing: Standing, as_of: date, calendar: WorkingCalendar, policy: Policy) -> int | None:
    """Calendar days from `as_of` to the end of the term: 0 on the last day, negative when overdue.

    For submitted work the clock stopped on the day of submission. None without a due date, and for work that
    is no longer owed.
    """
    due = effective_due(standing.due_on, calendar, policy)
    owed = standing.state not in EXCLUDED and standing.state not in {State.DRAFT, State.COMPLETED}
    if due is None or not owed:
        return None
    measured = standing.submitted_on if standing.state is State.SUBMITTED else as_of
    return (due - (measured or as_of)).days


def days_late(standing: Standing, as_of: date, calendar: WorkingCalendar, policy: Policy) -> int:
    """Calendar days past the end of the term: of finished work at its completion, of open work so far; 0 in term."""
    if standing.completed_on and standing.completed_due:
        return max(0, (standing.completed_on - standing.completed_due).days)
    return max(0, -(days_left(standing, as_of, calendar, policy) or 0))


def updates_from(as_of: date, policy: Policy) -> date | None:
    """The first of the last `update_within_days` calendar days up to `as_of`; None when no updates are asked for."""
    return as_of - timedelta(days=policy.update_within_days - 1) if policy.update_within_days else None


def must_update(standing: Standing, as_of: date, policy: Policy) -> bool:
    """Whether running work has been with its unit for so long that it must tell how it goes (R7)."""
    first = updates_from(as_of, policy)
    return first is not None and standing.state in RUNNING and standing.assigned_on < first


def is_updated(standing: Standing, as_of: date, policy: Policy) -> bool:
    """Whether work that must be updated was, within the days that the policy gives (R7)."""
    first, told_on = updates_from(as_of, policy), standing.told_on
    if first is None or told_on is None:
        return False
    return must_update(standing, as_of, policy) and told_on >= first


_BOXES = {
    TimeStatus.NO_DEADLINE: Box.OPEN_NO_DEADLINE,
    TimeStatus.IN_TERM: Box.OPEN_IN_TERM,
    TimeStatus.DUE_SOON: Box.OPEN_IN_TERM,
    TimeStatus.DUE_TODAY: Box.OPEN_IN_TERM,
    TimeStatus.OVERDUE: Box.OPEN_OVERDUE,
    TimeStatus.DONE_ON_TIME: Box.DONE_ON_TIME,
    TimeStatus.DONE_LATE: Box.DONE_LATE,
    TimeStatus.DONE_NO_DEADLINE: Box.DONE_NO_DEADLINE,
}


def box(standing: Standing, as_of: date, calendar: WorkingCalendar, policy: Policy) -> Box | None:
    """Which count the assignment is part of at the end of `as_of`; None when it is part of none."""
    return _BOXES.get(time_status(standing, as_of, calendar, policy))


def check_extension(
    standing: Standing, as_of: date, calendar: WorkingCalendar, policy: Policy, *, asked_before: int
) -> None:
    """Raise Refused unless an extension may be asked for on `as_of` (D7).

    `asked_before` counts the requests of this assignment that were granted or still wait.
    """
    if standing.state not in {State.ASSIGNED, State.RECEIVED, State.IN_PROGRESS}:
        raise Refused(f"Nhiệm vụ đang ở trạng thái «{LABELS[standing.state]}» nên không xin gia hạn được.")
    due = effective_due(standing.due_on, calendar, policy)
    if due is None:
        raise Refused("Nhiệm vụ không có thời hạn nên không cần gia hạn.")
    if asked_before >= policy.extensions_max:
        raise Refused(f"Mỗi nhiệm vụ chỉ được gia hạn tối đa {policy.extensions_max} lần.")
    if as_of > due and not policy.extensions_after_due:
        raise Refused(f"Đã quá hạn ngày {due:%d/%m/%Y}. Việc gia hạn phải được đề nghị trước khi hết hạn.")


def may_ask_extension(
    standing: Standing, as_of: date, calendar: WorkingCalendar, policy: Policy, *, asked_before: int
) -> bool:
    """Whether `check_extension` would let the request pass; decides if the page offers it."""
    try:
        check_extension(standing, as_of, calendar, policy, asked_before=asked_before)
    except Refused:
        return False
    return True


def completion_day(
    submitted_on: date, result_doc_on: date | None, assigned_on: date, today: date, reason: str
) -> date:
    """The day on which work counts as completed (D2): never the day of confirmation.

    It is the day of the submission that is being confirmed, unless the confirmer sets it to the date of the
    result document and says why. Raises Invalid when that date cannot be, or the reason is missing.
    """
    if result_doc_on is None or result_doc_on == submitted_on:
        return submitted_on
    wrong: dict[str, str] = {}
    if result_doc_on > today:
        wrong["result_doc_on"] = "Ngày văn bản kết quả không được ở tương lai."
    elif result_doc_on > submitted_on:
        wrong["result_doc_on"] = f"Ngày văn bản kết quả không được sau ngày gửi {submitted_on:%d/%m/%Y}."
    elif result_doc_on < assigned_on:
        wrong["result_doc_on"] = f"Ngày văn bản kết quả không được trước ngày giao {assigned_on:%d/%m/%Y}."
    if not reason.strip():
        wrong["reason"] = "Nêu lý do lấy ngày văn bản kết quả làm ngày hoàn thành."
    if wrong:
        raise Invalid(wrong)
    return result_doc_on
