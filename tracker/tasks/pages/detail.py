"""One assignment: what is asked, by when, what was done about it, and what the reader may do next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.accounts.acting import User
from tracker.accounts.queries import names_of
from tracker.history.models import Event
from tracker.history.queries import events
from tracker.reminders.copying import Work, text_for_one
from tracker.reports.queries.received import Received, received
from tracker.rules.access import Deed, Role, may, on_side
from tracker.rules.causes import CAUSES
from tracker.rules.lifecycle import LABELS, WITH_UNIT, Kind, State
from tracker.rules.offers import SELDOM, offers
from tracker.rules.papers import asks_for_a_report
from tracker.tasks import queries
from tracker.tasks.giving import NAME_AGAIN, UNNAME
from tracker.tasks.models import Assignment
from tracker.tasks.pages.listing import LOOKING
from tracker.tasks.pages.shared import (
    base_url,
    button,
    chip_of,
    counted_to,
    directive_url,
    me,
    note_opening,
    pages,
    settings,
    situation_of,
    this_day,
)
from tracker.tasks.queries import Day
from tracker.web.access import open_to

BUTTONS_SHOWN = 2
WORDS = {
    "assign": (_l("Tỉnh giao nhiệm vụ"), ""),
    "receive": (_l("Đã tiếp nhận"), ""),
    "delegate": (_l("Phân công"), ""),
    "progress": (_l("Cập nhật tình hình"), "doing"),
    "hand_up": (_l("Trình lãnh đạo đơn vị"), "review"),
    "hand_back": (_l("Lãnh đạo trả lại cán bộ"), "returned"),
    "submit": (_l("Gửi tỉnh xác nhận"), "review"),
    "recall": (_l("Rút lại kết quả đã gửi"), ""),
    "confirm": (_l("Tỉnh xác nhận hoàn thành"), "done"),
    "send_back": (_l("Tỉnh trả lại"), "returned"),
    "ask_extension": (_l("Đề nghị gia hạn"), "soon"),
    "extend": (_l("Tỉnh gia hạn"), "done"),
    "refuse_extension": (_l("Tỉnh không đồng ý gia hạn"), "overdue"),
    "decline": (_l("Đề nghị không thực hiện hoặc chuyển"), "returned"),
    "refuse_decline": (_l("Tỉnh không chấp thuận đề nghị"), ""),
    "transfer": (_l("Chuyển đơn vị khác"), "void"),
    "transfer_to": (_l("Chuyển đến đơn vị"), "void"),
    "suspend": (_l("Tạm dừng"), "void"),
    "resume": (_l("Tiếp tục thực hiện"), ""),
    "cancel": (_l("Hủy nhiệm vụ"), "void"),
    "reopen": (_l("Mở lại"), "overdue"),
    "amend": (_l("Nhiệm vụ được điều chỉnh"), "soon"),
    "withdraw": (_l("Rút nhiệm vụ"), "void"),
    "nudge": (_l("Tỉnh đôn đốc"), "soon"),
    "urge": (_l("Lãnh đạo đơn vị đôn đốc"), "soon"),
    UNNAME: (_l("Không gửi qua Zalo"), ""),
    NAME_AGAIN: (_l("Cho gửi qua Zalo"), ""),
}
"""What history says in words, and the colour of its point."""
INSIDE = frozenset({"hand_up", "hand_back", "urge"})
"""Steps inside the unit, which the province does not see (b.1)."""


@pages.get("/assignments/<int:assignment_id>")
@open_to(*LOOKING)
def assignment(assignment_id: int) -> ResponseReturnValue:
    """One assignment; open to everybody who works with tasks, a stranger finds nothing."""
    user, day = me(), this_day()
    note_opening(user, assignment_id)
    one = queries.assignment(user, assignment_id)
    inside = one.unit.path.startswith(user.unit_path) and not one.assigner.path.startswith(user.unit_path)
    asked = queries.extensions(one)
    may_mark = may(user.role, Deed.RECORD_DIRECTIVE) and one.task.directive.issuer.path.startswith(user.unit_path)
    chain = [*events("assignment", one.id), *(events("task", one.task_id) if may_mark else ())]
    found = [button(deed, one, day) for deed in offered(one, user, day, any(e.granted is None for e in asked))]
    shown = [each for each in found if Deed(each["deed"]) not in SELDOM][:BUTTONS_SHOWN]
    return render_template(
        "tasks/assignment.html",
        one=one,
        stands=chip_of(one, day),
        counted=counted_to(one, day),
        directive_href=directive_url(one.task.directive_id),
        buttons=shown,
        more=[each for each in found if each not in shown],
        inside=inside,
        results=[each for each in queries.submissions(one) if inside or each.sent_at],
        received=[] if inside else _received(one),
        extensions=asked,
        reports=queries.progress(one),
        causes=CAUSES,
        kind=LABELS[Kind(one.kind)],
        versions=queries.versions(one.task_id),
        story=_story(sorted(chain, key=lambda event: event.id), inside),
        elsewhere=_elsewhere(one, user, day),
        to_copy=_to_copy(one, day) if one.state in WITH_UNIT and _urges(one, user) else "",
        report_href=_report_href(one, inside),
        may_mark=may_mark,
    )


def _report_href(one: Assignment, inside: bool) -> str:
    """Where the unit begins the report that a running task asks for; empty where it asks for none."""
    task = one.task
    if inside and one.state in WITH_UNIT and asks_for_a_report(task.content, task.deliverable):
        return url_for("drafts.new", order=one.id)
    return ""


def _received(one: Assignment) -> list[Received]:
    """What the checker says about the report files that wait for the province's decision."""
    waiting = queries.pending_submission(one) if one.state == State.SUBMITTED else None
    if waiting is None or waiting.sent_at is None:
        return []
    files = [evidence.file for evidence in waiting.evidence if evidence.file is not None]
    return received(files, Path(settings().files_folder).absolute())


def offered(one: Assignment, user: User, day: Day, extension_waits: bool) -> list[Deed]:
    """The deeds of the person's side that the state allows, the most pressing first."""
    found = offers(situation_of(one, day, extension_waits=extension_waits), user.role)
    side = {"unit_path": user.unit_path, "lead_path": one.unit.path, "assigner_path": one.assigner.path}
    return [deed for deed in found if on_side(deed, **side)]


def _story(chain: Sequence[Event], inside: bool) -> list[dict[str, Any]]:
    """The events in words, newest first."""
    names = names_of({event.details["officer_id"] for event in chain if "officer_id" in event.details})
    told = []
    for event in reversed(chain):
        if event.deed in INSIDE and not inside:
            continue
        words, key = WORDS.get(event.deed, (event.deed, ""))
        told.append({"at": event.at, "words": words, "by": event.by_name, "note": _note(event, names), "key": key})
    return told


def _note(event: Event, names: dict[int, str]) -> str:
    """The details of an event as short sentences."""
    said = event.details
    parts = [
        names.get(said.get("officer_id", 0), ""),
        CAUSES.get(said.get("cause", ""), ""),
        said.get("text", ""),
        said.get("unit", ""),
        _labelled(_("hạn nội bộ"), _day(said.get("internal_due"))),
        _labelled(_("đến ngày"), _day(said.get("until_on"))),
        _labelled(_("hạn mới"), _day(said.get("new_due"))),
        _labelled(_("ngày hoàn thành"), _day(said.get("completed_on"))),
        said.get("reason", ""),
        said.get("note", ""),
        _labelled(_("văn bản"), said.get("document", "")),
        _labelled(_("chuyển từ"), said.get("transferred_from", "")),
    ]
    return " · ".join(part for part in parts if part)


def _labelled(label: str, value: str) -> str:
    return f"{label} {value}" if value else ""


def _day(written: str | None) -> str:
    """An ISO date of history as people write it."""
    return "/".join(reversed(written.split("-"))) if written else ""


def _urges(one: Assignment, user: User) -> bool:
    """Whether the person reminds others of it: the side that gave it, and the unit's own leader."""
    leads = user.role == Role.COMMUNE_LEADER and one.unit.path.startswith(user.unit_path)
    return leads or (may(user.role, Deed.NUDGE) and one.assigner.path.startswith(user.unit_path))


def _to_copy(one: Assignment, day: Day) -> str:
    """The reminder as a text for a group chat."""
    work = Work(
        unit=one.unit.name,
        content=one.task.content,
        standing=chip_of(one, day).words,
        due=_day(one.due_on.isoformat()) if one.due_on else "",
        doc_symbol=one.task.directive.doc_symbol,
        officer=one.officer.name if one.officer else "",
        unnamed=one.task.unnamed_by_zalo,
    )
    return text_for_one(work, f"{base_url()}{url_for('tasks.assignment', assignment_id=one.id)}")


def _elsewhere(one: Assignment, user: User, day: Day) -> list[dict[str, Any]]:
    """The same task at other units, for those who may see them."""
    return [
        {"id": other.id, "unit": other.unit.name, "chip": chip_of(other, day)}
        for other in queries.siblings(one, user)
    ]
