"""The deeds on one assignment: each has a noun for its address, a small page that asks, and one action that acts.

GET asks, with the reason why not when the state does not offer it; POST acts and says so with 303, or shows the
page again with all that was typed: 422 for wrong input, 409 when the state or somebody else came first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.accounts.queries import officers
from tracker.clock import now
from tracker.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TooLarge, TrackerError
from tracker.evidence.intake import Upload
from tracker.history.queries import events
from tracker.rules.access import Deed, Role, roles_for
from tracker.rules.causes import CAUSES, RETURN_REASONS
from tracker.rules.sentences import long_date
from tracker.tasks import actions, deciding, queries
from tracker.tasks.handing_in import Paper, hand_in
from tracker.tasks.models import Assignment
from tracker.tasks.pages.detail import WORDS, offered
from tracker.tasks.pages.shared import (
    BUTTONS,
    EXPLAIN,
    chip_of,
    counted_to,
    me,
    pages,
    settings,
    this_day,
)
from tracker.units.models import Unit
from tracker.units.queries import below, within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Flag, Form, Input, Number, Text, Version, chosen_files

Typed = dict[str, Any]
Told = dict[str, Any]
Do = Callable[[Assignment, Typed, Told], object]
Shows = Callable[[Assignment], dict[str, Any]]

BACK = {"work": "tasks.work", "reviews": "tasks.reviews"}
"""Pages to which a deed done from them returns."""


@dataclass(frozen=True)
class Page:
    """One deed: the input it reads, its template, what its page shows besides, and what is said afterwards."""

    name: str
    deed: Deed
    reads: type[Input]
    template: str
    said: Any
    do: Do
    shows: Shows


class Plain(Input):
    """The version of the record that was looked at; all deeds carry it, so that a stale edit is noticed."""

    version = Version()


def _nothing(_one: Assignment) -> dict[str, Any]:
    return {}


def deed_page(
    noun: str, deed: Deed, *, said: Any, reads: type[Input] = Plain, template: str = "plain", shows: Shows = _nothing
) -> Callable[[Do], Do]:
    """Give a deed its address `/assignments/<id>/<noun>`, open to the roles that the access table names."""

    def decorate(do: Do) -> Do:
        page = Page(do.__name__, deed, reads, template, said, do, shows)

        def view(assignment_id: int) -> ResponseReturnValue:
            one = queries.assignment(me(), assignment_id)
            return _ask(page, one) if request.method == "GET" else _act(page, one)

        view.__name__, view.__doc__ = do.__name__, do.__doc__
        guarded = open_to(*sorted(roles_for(deed)))(view)
        pages.add_url_rule(f"/assignments/<int:assignment_id>/{noun}", do.__name__, guarded, methods=["GET", "POST"])
        return do

    return decorate


def _ask(page: Page, one: Assignment) -> ResponseReturnValue:
    waits = queries.open_extension(one) is not None
    if page.deed not in offered(one, me(), this_day(), waits):
        flash(_("Nhiệm vụ đang ở trạng thái không thực hiện được việc này."), "warn")
        return redirect(url_for("tasks.assignment", assignment_id=one.id), 303)
    return _page(page, one, Form(), 200)


def _act(page: Page, one: Assignment) -> ResponseReturnValue:
    assignment_id = one.id
    try:
        typed = page.reads.read(request.form)
        told = {"by": me(), "now": now(), "policy": settings().policy, "version": typed["version"]}
        page.do(one, typed, told)
    except (Invalid, Refused, Conflict, Forbidden, TooLarge) as error:
        return _again(page, assignment_id, error)
    flash(str(page.said), "done")
    back = BACK.get(request.form.get("back", ""))
    return redirect(url_for(back) if back else url_for("tasks.assignment", assignment_id=assignment_id), 303)


def _again(page: Page, assignment_id: int, error: TrackerError) -> ResponseReturnValue:
    """The page as it was typed; after a stale edit with the new state beside it, ready to be sent again."""
    one = queries.assignment(me(), assignment_id)
    form = Form.typed(request.form, error)
    stale = isinstance(error, Conflict)
    if stale:
        form.values.pop("version", None)
    return _page(page, one, form, error.status, latest=events("assignment", one.id)[-1] if stale else None)


def _page(page: Page, one: Assignment, form: Form, status: int, latest: Any = None) -> ResponseReturnValue:
    day = this_day()
    chip = chip_of(one, day)
    _endpoint, label, icon = BUTTONS[page.deed]
    title = EXPLAIN if page.deed is Deed.PROGRESS and chip.key == "overdue" else label
    html = render_template(
        f"tasks/deeds/{page.template}.html",
        one=one,
        form=form,
        chip=chip,
        counted=counted_to(one, day),
        action=url_for(f"tasks.{page.name}", assignment_id=one.id),
        title=title,
        icon_name=icon,
        latest=latest,
        latest_words=WORDS.get(latest.deed, (latest.deed, ""))[0] if latest else "",
        **page.shows(one),
    )
    return html, status


# ── the unit's side ──────────────────────────────────────────────────────────


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


class Reason(Plain):
    """Why."""

    reason = Text(max=1000)


def _written(one: Assignment) -> dict[str, Any]:
    """The result that waits, with its evidence."""
    waiting = next((each for each in queries.submissions(one) if each.outcome == "pending"), None)
    return {"result": waiting}


@deed_page(
    "sending",
    Deed.SUBMIT,
    said=_l("Đã gửi tỉnh. Đồng hồ thời hạn dừng từ hôm nay."),
    template="sending",
    shows=_written,
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
    shows=_written,
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


# ── the assigning side ───────────────────────────────────────────────────────


class Confirmation(Plain):
    """The date of the result document, with a reason, when completion is to count from it (D2)."""

    result_doc_on = Day(required=False)
    reason = Text(max=1000, required=False)


@deed_page(
    "confirmation",
    Deed.CONFIRM,
    said=_l("Đã xác nhận hoàn thành."),
    reads=Confirmation,
    template="confirmation",
    shows=_written,
)
def confirmation(one: Assignment, typed: Typed, told: Told) -> None:
    """Confirm completion."""
    deciding.confirm(one, result_doc_on=typed["result_doc_on"], reason=typed["reason"], **told)


class Return(Plain):
    """One of the fixed reasons, and what is to be added."""

    why = Choice(RETURN_REASONS)
    text = Text(max=1000)


@deed_page(
    "return",
    Deed.SEND_BACK,
    said=_l("Đã trả lại kết quả."),
    reads=Return,
    template="returning",
    shows=lambda one: _written(one) | {"reasons": list(RETURN_REASONS.items())},
)
def returning(one: Assignment, typed: Typed, told: Told) -> None:
    """Return the result with a reason."""
    deciding.send_back(one, f"{RETURN_REASONS[typed['why']]}. {typed['text']}", **told)


class ExtensionDecision(Plain):
    """Yes or no, another date than the one asked for, a note or the deciding document."""

    granted = Choice(("yes", "no"))
    new_due = Day(required=False)
    note = Text(max=1000, required=False)
    document = Text(max=200, required=False)


@deed_page(
    "extension-decision",
    Deed.DECIDE_EXTENSION,
    said=_l("Đã quyết định đề nghị gia hạn."),
    reads=ExtensionDecision,
    template="extension_decision",
    shows=lambda one: {"asked": queries.extensions(one)},
)
def extension_decision(one: Assignment, typed: Typed, told: Told) -> None:
    """Grant or refuse a later due date."""
    granted = typed["granted"] == "yes"
    rest = {key: typed[key] for key in ("new_due", "note", "document")}
    deciding.decide_extension(one, granted, **rest, **told)


@deed_page(
    "decline-decision",
    Deed.DECIDE_DECLINE,
    said=_l("Đã trả lời: đơn vị tiếp tục thực hiện."),
    reads=Reason,
    template="decline_decision",
    shows=lambda one: {"asked": [each for each in events("assignment", one.id) if each.deed == "decline"][-1:]},
)
def decline_decision(one: Assignment, typed: Typed, told: Told) -> None:
    """Keep the work with the unit that asked not to do it."""
    deciding.refuse_decline(one, typed["reason"], **told)


class Closing(Plain):
    """Why, and the numbered document it rests on."""

    reason = Text(max=1000)
    document = Text(max=200)


class Transfer(Closing):
    """Closing with the unit that takes over."""

    unit_id = Number()


def _other_units(one: Assignment) -> dict[str, Any]:
    units = below(me().province_path)
    return {"units": [(each.id, each.name) for each in units if each.id not in (one.unit_id, me().province_id)]}


@deed_page(
    "transfer",
    Deed.TRANSFER,
    said=_l("Đã chuyển đơn vị khác."),
    reads=Transfer,
    template="transfer",
    shows=_other_units,
)
def transfer(one: Assignment, typed: Typed, told: Told) -> None:
    """Give the work to another unit."""
    try:
        unit: Unit = within(me().province_path, typed["unit_id"])
    except NotFound as error:
        raise Invalid({"unit_id": error.sentence}) from None
    deciding.transfer(one, unit, typed["reason"], typed["document"], **told)


@deed_page("suspension", Deed.SUSPEND, said=_l("Đã tạm dừng."), reads=Closing, template="closing")
def suspension(one: Assignment, typed: Typed, told: Told) -> None:
    """Suspend by a citing document."""
    deciding.suspend(one, typed["reason"], typed["document"], **told)


@deed_page("resumption", Deed.RESUME, said=_l("Nhiệm vụ được tiếp tục."), reads=Reason, template="reason")
def resumption(one: Assignment, typed: Typed, told: Told) -> None:
    """End a suspension."""
    deciding.resume(one, typed["reason"], **told)


@deed_page("cancellation", Deed.CANCEL, said=_l("Đã hủy nhiệm vụ."), reads=Closing, template="closing")
def cancellation(one: Assignment, typed: Typed, told: Told) -> None:
    """Cancel by a citing document."""
    deciding.cancel(one, typed["reason"], typed["document"], **told)


@deed_page("reopening", Deed.REOPEN, said=_l("Đã mở lại nhiệm vụ."), reads=Closing, template="closing")
def reopening(one: Assignment, typed: Typed, told: Told) -> None:
    """Open completed work again, by a citing document."""
    deciding.reopen(one, typed["reason"], typed["document"], **told)
