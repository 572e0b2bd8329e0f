"""What the assigning side decides: results, requests, and work that ends, moves or begins again."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.errors import Invalid, NotFound
from tracker.history.queries import events
from tracker.rules.access import Deed
from tracker.rules.causes import RETURN_REASONS
from tracker.tasks import deciding, queries
from tracker.tasks.models import Assignment
from tracker.tasks.pages.deeds.asking import Plain, Reason, Told, Typed, deed_page, written_result
from tracker.tasks.pages.shared import me
from tracker.units.models import Unit
from tracker.units.queries import below, within
from tracker.web.inputs import Choice, Day, Number, Text


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
    shows=written_result,
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
    shows=lambda one: written_result(one) | {"reasons": list(RETURN_REASONS.items())},
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
