"""Directives: the list, one with its tasks and files, recording and correcting."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.directives.actions import correct_directive, record_directive
from tracker.directives.models import Directive
from tracker.directives.pages.shared import PaperInput, pages
from tracker.directives.paper import Paper
from tracker.directives.queries import PaperFilters, directive_count, directives
from tracker.directives.queries import directive as directive_of
from tracker.errors import Conflict, Invalid
from tracker.evidence.queries import files_of_directive
from tracker.history.queries import events
from tracker.rules.access import Deed, may, roles_for
from tracker.rules.papers import DOC_TYPES, SECRECIES, URGENCIES
from tracker.tasks.queries import Day, amendments_of, latest_fan_out, targets_of, task_count, tasks_of
from tracker.units.queries import issuers, within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Form, Input, Number, Text
from tracker.web.paging import Page, wanted


class Wanted(Input):
    """What the list is narrowed to."""

    q = Text(max=200, required=False)
    year = Number(required=False)
    doc_type = Choice(DOC_TYPES, required=False)


@pages.get("")
@open_to()
def index() -> ResponseReturnValue:
    """The directives of one's side, newest first; open to everybody signed in."""
    asked, form = Wanted.narrowed(request.args)
    filters = PaperFilters(asked["q"], asked["year"], asked["doc_type"])
    number, size = wanted()
    page = Page(
        directives(current_user, filters, limit=size, offset=(number - 1) * size),
        number,
        size,
        directive_count(current_user, filters),
    )
    html = render_template(
        "directives/index.html",
        page=page,
        form=form,
        doc_types=DOC_TYPES,
        years=range(today().year, today().year - 5, -1),
        may_record=may(current_user.role, Deed.RECORD_DIRECTIVE),
    )
    return html, 422 if form.errors else 200


@pages.route("/new", methods=["GET", "POST"])
@open_to(*roles_for(Deed.RECORD_DIRECTIVE))
def new() -> ResponseReturnValue:
    """Record a directive; open to provincial issuers."""
    if request.method == "GET":
        return _form_page(Form({"issuer_id": current_user.unit_id}), None)
    try:
        typed = PaperInput.read(request.form)
        issuer = within(current_user.unit_path, typed.pop("issuer_id"))
        typed.pop("version")
        recorded = record_directive(Paper(**typed), issuer, by=current_user, now=now())
    except (Invalid, Conflict) as error:
        return _form_page(Form.typed(request.form, error), None), error.status
    flash(_("Đã ghi văn bản %(symbol)s. Tiếp theo: thêm nhiệm vụ.", symbol=recorded.doc_symbol), "done")
    return redirect(url_for("directives.directive", directive_id=recorded.id), 303)


def _form_page(form: Form, recorded: Directive | None, theirs: Directive | None = None) -> str:
    return render_template(
        "directives/form.html",
        form=form,
        directive=recorded,
        theirs=theirs,
        doc_types=list(DOC_TYPES.items()),
        urgencies=list(URGENCIES.items()),
        secrecies=list(SECRECIES.items()),
        issuers=[] if recorded else [(unit.id, unit.name) for unit in issuers(current_user.unit_path)],
    )


@pages.get("/<int:directive_id>")
@open_to()
def directive(directive_id: int) -> ResponseReturnValue:
    """One directive with its files, tasks and targets; open to its side and to whom it gave work."""
    found = directive_of(current_user, directive_id)
    mine = found.issuer.path.startswith(current_user.unit_path)
    policy = current_app.extensions["settings"].policy
    day = Day(today(), working_calendar(), policy)
    fan_out = latest_fan_out(found.id) if mine and may(current_user.role, Deed.ASSIGN) else None
    minutes = current_app.extensions["settings"].fan_out_undo_minutes
    fresh = fan_out is not None and (now() - fan_out.at).total_seconds() <= minutes * 60
    number, size = wanted()
    tasks = tasks_of(found.id, current_user, day, limit=size, offset=(number - 1) * size)
    return render_template(
        "directives/directive.html",
        directive=found,
        files=files_of_directive(found.id),
        tasks=tasks,
        page=Page(tasks, number, size, task_count(found.id)),
        targets=targets_of(found.id, current_user),
        amendments=amendments_of(found.id, current_user),
        may_amend=mine and may(current_user.role, Deed.ASSIGN),
        history=events("directive", found.id)[-20:],
        labels={**DOC_TYPES, **URGENCIES},
        may_record=mine and may(current_user.role, Deed.RECORD_DIRECTIVE),
        undoable=fan_out if fresh else None,
        form=Form(),
    )


@pages.route("/<int:directive_id>/correction", methods=["GET", "POST"])
@open_to(*roles_for(Deed.RECORD_DIRECTIVE))
def correct(directive_id: int) -> ResponseReturnValue:
    """Correct what was written down; open to the issuers of its side."""
    found = directive_of(current_user, directive_id)
    if request.method == "GET":
        return _form_page(Form(_written(found)), found)
    try:
        typed = PaperInput.read(request.form)
        typed.pop("issuer_id")
        version = typed.pop("version") or 0
        correct_directive(found, Paper(**typed), version, by=current_user, now=now())
    except Invalid as error:
        return _form_page(Form.typed(request.form, error), found), 422
    except Conflict as error:
        latest = directive_of(current_user, directive_id)
        form = Form.typed(request.form, error)
        form.values["version"] = latest.version
        return _form_page(form, latest, latest), 409
    flash(_("Đã sửa văn bản."), "done")
    return redirect(url_for("directives.directive", directive_id=directive_id), 303)


def _written(found: Directive) -> dict[str, Any]:
    names = [name for name in PaperInput().fields if name not in ("issued_on", "received_on")]
    values = {name: getattr(found, name) for name in names}
    dates = {name: getattr(found, name) for name in ("issued_on", "received_on")}
    return values | {name: f"{day:%d/%m/%Y}" if day else "" for name, day in dates.items()}
