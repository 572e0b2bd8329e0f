"""What the unit does with its work: from receipt to the result, and what it may ask for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.accounts.queries import officers
from tracker.clock import now
from tracker.errors import Invalid
from tracker.evidence.intake import Upload
from tracker.rules.access import Deed, Role
from tracker.rules.causes import CAUSES
from tracker.rules.sentences import long_date
from tracker.tasks import actions, queries
from tracker.tasks.handing_in import Paper, hand_in
from tracker.tasks.models import Assignment
from tracker.tasks.pages.deeds.asking import Plain, Reason, Told, Typed, deed_page, written_result
from tracker.tasks.pages.shared import me, settings
from tracker.web.inputs import Choice, Day, Flag, Number, Text, chosen_files


@deed_page("receipt", Deed.RECEIVE, said=_l("Đã tiếp nhận."))
def receipt(one: Assignment, typed: Typed, told: Told) -> None:
    """Acknowledge receipt."""
    actions.receive(one, **told)


class Delegation(Plain):
    """To whom, and by when inside the unit."""

    officer_id = Number()
    internal_due = Day(required=False)


def _officers(one: Assignment) -> dict[str, Any]:
    """The unit's people, those last given work first."""
    used = queries.last_used(one.unit_id)
    people = sorted(
        officers(one.unit_id, now().date()),
        key=lambda each: used[each.id].timestamp() if each.id in used else 0.0,
        reverse=True,
    )
    return {"officers": [(each.id, each.name) for each in people]}


@deed_page(
    "delegation", Deed.DELEGATE, said=_l("Đã phân công."), reads=Delegation, template="delegation", shows=_officers
)
def delegation(one: Assignment, typed: Typed, told: Told) -> None:
    """Give the work to an officer of the unit."""
    actions.delegate(one, typed["officer_id"], typed["internal_due"], **told)


class Report(Plain):
    """How it goes, with the cause of a difficulty where there is one."""

    text = Text(max=2000)
    cause = Choice(CAUSES, required=False)


@deed_page(
    "progress",
    Deed.PROGRESS,
    said=_l("Đã lưu tình hình thực hiện."),
    reads=Report,
    template="progress",
    shows=lambda one: {"causes": list(CAUSES.items())},
)
def progress(one: Assignment, typed: Typed, told: Told) -> None:
    """Say how it goes; after the due date this is the explanation."""
    actions.report_progress(one, typed["text"], typed["cause"], **told)


DOC_TYPES = {
    "report": _l("Báo cáo"),
    "plan": _l("Kế hoạch"),
    "decision": _l("Quyết định"),
    "letter": _l("Công văn"),
    "notice": _l("Thông báo"),
    "minutes": _l("Biên bản"),
    "other": _l("Văn bản khác"),
}


class Result(Plain):
    """What was done, and the numbered document that shows it; «không phát sinh» needs none."""

    text = Text(max=4000)
    nothing_to_report = Flag()
    doc_type = Choice(DOC_TYPES, required=False)
    doc_symbol = Text(max=80, required=False)
    doc_on = Day(required=False)
    issuer = Text(max=200, required=False)


def _handed_in(one: Assignment) -> dict[str, Any]:
    """What the page of handing in shows: the result so far, and whether it goes past the leader first (D8)."""
    direct = me().role == Role.COMMUNE_LEADER or not one.unit.approves_inside
    latest = next(iter(queries.submissions(one)), None)
    carried = queries.carried_evidence(one)
    return {"doc_types": list(DOC_TYPES.items()), "direct": direct, "before": latest, "carried": carried}


@deed_page(
    "submission",
    Deed.WRITE_RESULT,
    said=_l("Đã nộp kết quả."),
    reads=Result,
    template="submission",
    shows=_handed_in,
)
def submission(one: Assignment, typed: Typed, told: Told) -> None:
    """Write the result; from a leader it goes to the province at once."""
    paper = Paper(typed["doc_type"], typed["doc_symbol"], typed["doc_on"], typed["issuer"])
    if paper.doc_on and paper.doc_on > told["now"].date():
        flash(_("Ngày văn bản %(day)s sau hôm nay, hãy kiểm tra lại.", day=f"{paper.doc_on:%d/%m/%Y}"), "warn")
    hand_in(
        one,
        typed["text"],
        paper,
        [Upload(stream, name) for stream, name in chosen_files(request.files, "files")],
        folder=Path(settings().files_folder),
        max_mb=settings().files_max_mb,
        nothing_to_report=typed["nothing_to_report"],
        **told,
    )


@deed_page(
    "sending",
    Deed.SUBMIT,
    said=_l("Đã gửi tỉnh. Đồng hồ thời hạn dừng từ hôm nay."),
    template="sending",
    shows=written_result,
)
def sending(one: Assignment, typed: Typed, told: Told) -> None:
    """The leader sends the written result to the province."""
    actions.submit(one, **told)


@deed_page(
    "handing-back",
    Deed.HAND_BACK,
    said=_l("Đã trả lại cán bộ."),
    reads=Reason,
    template="reason",
    shows=written_result,
)
def handing_back(one: Assignment, typed: Typed, told: Told) -> None:
    """The leader gives the written result back to the officer."""
    actions.hand_back(one, typed["reason"], **told)


@deed_page("recall", Deed.RECALL, said=_l("Đã rút lại. Thời hạn tiếp tục tính."))
def recall(one: Assignment, typed: Typed, told: Told) -> None:
    """Take the result back before the province confirms it."""
    actions.recall(one, **told)


QUICK_DAYS = ("7", "14", "30")


class ExtensionRequest(Plain):
    """Until when and why; `quick` adds days to the present due date."""

    until_on = Day(required=False)
    quick = Choice(QUICK_DAYS, required=False)
    reason = Text(max=1000)


def _quick(one: Assignment) -> list[tuple[str, str]]:
    """Usual extensions with the day to which each would lead."""
    if one.due_on is None:
        return []
    days = [(each, one.due_on + timedelta(days=int(each))) for each in QUICK_DAYS]
    return [(each, _("+%(n)s ngày, đến %(day)s", n=each, day=long_date(day))) for each, day in days]


@deed_page(
    "extension-request",
    Deed.ASK_EXTENSION,
    said=_l("Đã gửi đề nghị gia hạn."),
    reads=ExtensionRequest,
    template="extension_request",
    shows=lambda one: {"quick": _quick(one)},
)
def extension_request(one: Assignment, typed: Typed, told: Told) -> None:
    """Ask for a later due date."""
    until_on = typed["until_on"]
    if until_on is None and typed["quick"] and one.due_on:
        until_on = one.due_on + timedelta(days=int(typed["quick"]))
    if until_on is None:
        raise Invalid({"until_on": _("Chọn số ngày hoặc nhập hạn mới, ví dụ 25/06/2026.")})
    actions.ask_extension(one, until_on, typed["reason"], **told)


@deed_page("declining", Deed.DECLINE, said=_l("Đã gửi đề nghị cho tỉnh."), reads=Reason, template="reason")
def declining(one: Assignment, typed: Typed, told: Told) -> None:
    """Ask not to do it, or that another unit does."""
    actions.decline(one, typed["reason"], **told)
