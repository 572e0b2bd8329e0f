"""What all pages of tasks share: the Blueprint, who asks and when, and how an assignment is shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from flask import Blueprint, current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.clock import now
from tracker.rules.access import Deed
from tracker.rules.chips import Chip, chip
from tracker.rules.deadlines import Standing, effective_due, may_ask_extension
from tracker.rules.lifecycle import Kind, State
from tracker.rules.offers import Situation
from tracker.settings import Settings
from tracker.tasks.queries import Day

pages = Blueprint("tasks", "tracker.tasks.pages")


def me() -> User:
    """Who is signed in, as queries and actions want to be told."""
    return cast(User, current_user._get_current_object())


def note_opening(user: User, assignment_id: int) -> None:
    """Let the house note that a person looks at an assignment; a program that only looks ahead is nobody."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    if request.method == "GET" and not ahead:
        g.unread = current_app.extensions["opened"](user, assignment_id, now())


def settings() -> Settings:
    """The settings of the house."""
    return cast(Settings, current_app.extensions["settings"])


def base_url() -> str:
    """The address people type, for links in texts that leave the house."""
    return settings().web_base_url.rstrip("/")


def this_day(moment: datetime | None = None) -> Day:
    """Today with the calendar in force and the province's policy."""
    return Day((moment or now()).date(), working_calendar(), settings().policy)


def standing_of(row: Any) -> Standing:
    """An assignment, or a row of a list, as the rules want to be told of it."""
    return Standing(
        state=State(row.state),
        due_on=row.due_on,
        assigned_on=row.assigned_on,
        submitted_on=row.submitted_on,
        completed_on=row.completed_on,
        completed_due=row.completed_due,
    )


def chip_of(row: Any, day: Day) -> Chip:
    """The one chip of an assignment or row."""
    acknowledged = row.received_at is not None or row.state != State.ASSIGNED
    return chip(standing_of(row), day.on, day.calendar, day.policy, returned=row.returned, acknowledged=acknowledged)


def counted_to(row: Any, day: Day) -> date | None:
    """The day to which the term runs when the due date falls on a day off."""
    return effective_due(row.due_on, day.calendar, day.policy)


def situation_of(row: Any, day: Day, *, extension_waits: bool = False) -> Situation:
    """What decides which deeds are offered."""
    standing = standing_of(row)
    may_ask = may_ask_extension(standing, day.on, day.calendar, day.policy, asked_before=row.extensions)
    return Situation(
        state=standing.state,
        kind=Kind(row.kind),
        has_officer=row.officer_id is not None,
        with_leader=row.with_leader_at is not None,
        may_ask_extension=may_ask,
        extension_waits=extension_waits,
    )


def directive_url(directive_id: int) -> str:
    """The page of a directive."""
    if "directives.directive" not in current_app.view_functions:
        return url_for("tasks.assignments", directive=directive_id)
    return url_for("directives.directive", directive_id=directive_id)


def directives_url() -> str:
    """The list of directives, from where work is given."""
    return url_for("directives.index") if "directives.index" in current_app.view_functions else ""


BUTTONS = {
    Deed.RECEIVE: ("tasks.receipt", _l("Tiếp nhận"), "check"),
    Deed.DELEGATE: ("tasks.delegation", _l("Phân công"), "user-plus"),
    Deed.PROGRESS: ("tasks.progress", _l("Cập nhật"), "pencil"),
    Deed.WRITE_RESULT: ("tasks.submission", _l("Nộp kết quả"), "upload"),
    Deed.SUBMIT: ("tasks.sending", _l("Duyệt, gửi tỉnh"), "send"),
    Deed.HAND_BACK: ("tasks.handing_back", _l("Trả lại cán bộ"), "corner-up-left"),
    Deed.RECALL: ("tasks.recall", _l("Rút lại"), "rotate-ccw"),
    Deed.ASK_EXTENSION: ("tasks.extension_request", _l("Xin gia hạn"), "calendar-plus"),
    Deed.DECLINE: ("tasks.declining", _l("Đề nghị không thực hiện"), "circle-x"),
    Deed.CONFIRM: ("tasks.confirmation", _l("Xác nhận hoàn thành"), "circle-check"),
    Deed.SEND_BACK: ("tasks.returning", _l("Trả lại"), "corner-up-left"),
    Deed.DECIDE_EXTENSION: ("tasks.extension_decision", _l("Quyết định gia hạn"), "calendar-clock"),
    Deed.DECIDE_DECLINE: ("tasks.decline_decision", _l("Trả lời đề nghị"), "message-square"),
    Deed.NUDGE: ("reminders.nudging", _l("Đôn đốc"), "bell-ring"),
    Deed.URGE: ("reminders.nudging", _l("Đôn đốc"), "bell-ring"),
    Deed.TRANSFER: ("tasks.transfer", _l("Chuyển đơn vị khác"), "network"),
    Deed.SUSPEND: ("tasks.suspension", _l("Tạm dừng"), "clock"),
    Deed.RESUME: ("tasks.resumption", _l("Tiếp tục thực hiện"), "refresh-cw"),
    Deed.CANCEL: ("tasks.cancellation", _l("Hủy nhiệm vụ"), "ban"),
    Deed.REOPEN: ("tasks.reopening", _l("Mở lại"), "rotate-ccw"),
}
"""The button of each deed: its page, its words, its icon."""
EXPLAIN = _l("Giải trình")


def button(deed: Deed, row: Any, day: Day) -> dict[str, Any]:
    """A deed as the button that opens its page; overdue work explains itself instead of reporting progress."""
    endpoint, label, icon = BUTTONS[deed]
    if deed is Deed.PROGRESS and chip_of(row, day).key == "overdue":
        label = EXPLAIN
    href = url_for(endpoint, assignment_id=row.id)
    return {"deed": deed.value, "href": href, "label": label, "icon": icon}
