"""«Kiến nghị»: what communes propose to those above them, and the province's answers."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Invalid, NotFound, Refused
from tracker.rules.access import OF_UNIT, PROVINCIAL, Deed, may, roles_for
from tracker.tasks import proposing, queries
from tracker.tasks.models import Proposal
from tracker.tasks.pages.shared import chip_of, counted_to, me, pages, this_day
from tracker.units.queries import COMMUNE_KINDS, below, within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Form, Input, Number, Text

PROPOSING = sorted(roles_for(Deed.PROPOSE))
DECIDING = sorted(roles_for(Deed.ASSIGN))


class WishInput(Input):
    """What a commune asks for."""

    content = Text(max=4000)
    doc_symbol = Text(max=80)
    doc_on = Day()
    authority = Text(max=200, required=False)
    wanted_unit_id = Number(required=False)
    deliverable = Text(max=2000, required=False)
    due_text = Text(max=300, required=False)


@pages.get("/proposals")
@open_to(*sorted(OF_UNIT | PROVINCIAL))
def proposals() -> ResponseReturnValue:
    """The proposals of one's side with what came of them; open to units and the province."""
    day = this_day()
    rows = [
        {
            "proposal": one.proposal,
            "work": one.assignment,
            "chip": chip_of(one.assignment, day) if one.assignment else None,
            "counted": counted_to(one.assignment, day) if one.assignment else None,
        }
        for one in queries.proposals(me())
    ]
    return render_template(
        "tasks/proposals.html",
        rows=rows,
        may_propose=may(me().role, Deed.PROPOSE),
        may_decide=may(me().role, Deed.ASSIGN),
    )


def _departments() -> list[tuple[int, str]]:
    return [(unit.id, unit.name) for unit in below(me().province_path) if unit.kind not in (*COMMUNE_KINDS, "office")]


@pages.route("/proposals/new", methods=["GET", "POST"])
@open_to(*PROPOSING)
def new_proposal() -> ResponseReturnValue:
    """Propose something to the province; open to units."""
    if request.method == "GET":
        return _wish_page(Form(), 200)
    try:
        proposing.propose_upward(proposing.Wish(**WishInput.read(request.form)), by=me(), now=now())
    except (Invalid, NotFound) as error:
        return _wish_page(Form.typed(request.form, error), error.status)
    flash(_("Đã gửi kiến nghị lên tỉnh."), "done")
    return redirect(url_for("tasks.proposals"), 303)


def _wish_page(form: Form, status: int) -> ResponseReturnValue:
    departments = [("", _("Chưa rõ")), *_departments()]
    return render_template("tasks/new_proposal.html", form=form, departments=departments), status


class Answer(Input):
    """The province's answer: whose work it becomes and by when, or why it does not."""

    answer = Choice(("accept", "refuse"))
    unit_id = Number(required=False)
    due_on = Day(required=False)
    reason = Text(max=2000, required=False)


@pages.route("/proposals/<int:proposal_id>", methods=["GET", "POST"])
@open_to(*DECIDING)
def answer_proposal(proposal_id: int) -> ResponseReturnValue:
    """Answer a proposal; open to provincial issuers."""
    proposal = queries.proposal(me(), proposal_id)
    if request.method == "GET":
        return _answer_page(proposal, Form({"unit_id": proposal.wanted_unit_id or ""}), 200)
    try:
        typed = Answer.read(request.form)
        if typed["answer"] == "refuse":
            proposing.refuse_proposal(proposal, typed["reason"], by=me(), now=now())
        else:
            if typed["unit_id"] is None:
                raise Invalid({"unit_id": _("Chọn đơn vị giải quyết.")})
            unit = within(me().province_path, typed["unit_id"])
            proposing.accept_proposal(proposal, unit, typed["due_on"], reason=typed["reason"], by=me(), now=now())
    except (Invalid, Refused) as error:
        return _answer_page(queries.proposal(me(), proposal_id), Form.typed(request.form, error), error.status)
    flash(_("Đã trả lời kiến nghị."), "done")
    return redirect(url_for("tasks.proposals"), 303)


def _answer_page(proposal: Proposal, form: Form, status: int) -> ResponseReturnValue:
    departments = [("", _("Chọn đơn vị")), *_departments()]
    html = render_template("tasks/answer_proposal.html", proposal=proposal, form=form, departments=departments)
    return html, status


@pages.post("/proposals/<int:proposal_id>/withdrawal")
@open_to(*PROPOSING)
def withdraw_proposal(proposal_id: int) -> ResponseReturnValue:
    """Take one's proposal back; open to units."""
    try:
        proposing.withdraw_proposal(queries.proposal(me(), proposal_id), by=me(), now=now())
    except Refused as error:
        flash(error.sentence, "err")
    else:
        flash(_("Đã rút kiến nghị."), "done")
    return redirect(url_for("tasks.proposals"), 303)
