"""A file becomes a directive: read, seen row by row beside its cells, mended in place, given to its units.

Nothing is saved but the draft; what issues it is a page of tasks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.directives import drafts, importing
from tracker.directives.models import ImportDraft, ImportRow
from tracker.directives.pages.shared import PaperInput, me, pages, settings
from tracker.directives.reading.limits import LARGEST_FILE
from tracker.directives.reading.reading import read_bytes
from tracker.directives.returning import leads_complaint, write_back
from tracker.errors import Invalid, Refused
from tracker.rules.access import Deed, roles_for
from tracker.rules.lifecycle import LABELS, Kind
from tracker.rules.papers import DOC_TYPES, SECRECIES, URGENCIES
from tracker.rules.proposals import propose
from tracker.rules.recurrence import rule_in_words
from tracker.rules.sentences import count, long_date
from tracker.units.matching import directory
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS, below, communes, issuers
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Form, Input, Many, Number, Text
from tracker.web.paging import Page, wanted

RECORDING = sorted(roles_for(Deed.RECORD_DIRECTIVE))
ACCEPTED = ".xlsx,.xls,.ods,.docx,.pdf,.edxml,.xml"
UNITS_NAMED = 4
VIEW_LABELS = {
    "all": _l("Tất cả"),
    "bad": _l("Cần sửa"),
    "unsure": _l("Chưa chắc"),
    "left_out": _l("Bỏ ra"),
}


def circumstances(issued_on: date) -> importing.Circumstances:
    """What rows are judged by today, for a paper of that day."""
    return importing.Circumstances(
        issued_on, directory(me().province_path, today()), working_calendar(), settings().policy
    )


def _circumstances_of(draft: ImportDraft) -> importing.Circumstances:
    return circumstances(importing.issued_on_of(draft, today()))


@pages.route("/imports", methods=["GET", "POST"])
@open_to(*RECORDING)
def imports() -> ResponseReturnValue:
    """Drop a file, or go on with a draft; open to those who record directives."""
    if request.method == "GET":
        return _drop_page(Form(), 200)
    try:
        draft = _read(request.files.get("file"))
    except Invalid as error:
        return _drop_page(Form({}, {"file": next(iter(error.fields.values()), error.sentence)}), 422)
    return redirect(url_for("directives.import_draft", draft_id=draft.id), 303)


def _drop_page(form: Form, status: int) -> ResponseReturnValue:
    return render_template(
        "directives/imports.html", form=form, drafts=drafts.open_drafts(me()), accept=ACCEPTED
    ), status


def _read(file: FileStorage | None) -> ImportDraft:
    """Read an upload apart from everything else and keep what it says."""
    if file is None or not file.filename:
        raise Invalid({"file": _("Chọn một tệp Excel, Word, PDF có lớp chữ hoặc edXML.")})
    read = read_bytes(file.stream.read(LARGEST_FILE + 1), working_calendar(), today=today())
    return importing.start_import(read, file.filename, circumstances(read.issued), by=me(), now=now())


class Wanted(Input):
    """Which rows the preview shows."""

    view = Choice(drafts.VIEWS, required=False)


@pages.get("/imports/<int:draft_id>")
@open_to(*RECORDING)
def import_draft(draft_id: int) -> ResponseReturnValue:
    """The rows of a draft beside the cells that they come from; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    if draft.directive_id is not None:
        return redirect(url_for("directives.directive", directive_id=draft.directive_id), 303)
    view = Wanted.read(request.args)["view"] or "all"
    counts = drafts.row_counts(draft)
    number, size = wanted()
    rows = drafts.rows(draft, view, limit=size, offset=(number - 1) * size)
    names = {unit.id: unit.name for unit in below(me().province_path)}
    return render_template(
        "directives/import.html",
        draft=draft,
        paper=draft.paper,
        paper_lacks=_lacks(draft),
        doc_types=DOC_TYPES,
        page=Page(rows, number, size, counts[view]),
        rows=[_shown(row, draft, names) for row in rows],
        view=view,
        views=[
            {
                "href": url_for("directives.import_draft", draft_id=draft_id, view=each),
                "label": VIEW_LABELS[each],
                "number": counts[each],
                "current": each == view,
            }
            for each in drafts.VIEWS
        ],
        counts=counts,
        scope=_scope_words(draft),
        form=Form(),
    )


def _lacks(draft: ImportDraft) -> dict[str, str]:
    """What the directive's fields still lack, by field."""
    try:
        PaperInput.read(draft.paper)
    except Invalid as error:
        return dict(error.fields)
    return {}


def _shown(row: ImportRow, draft: ImportDraft, names: Mapping[int, str]) -> dict[str, Any]:
    """A row as the preview shows it: what was understood, the cells, and complaints at their fields."""
    problems = dict(row.problems)
    if draft.scope == "rows" and row.homeless:
        problems["lead"] = leads_complaint(row)
    return {
        "row": row,
        "problems": problems,
        "leads": _units(row.leads, names),
        "helpers": _units(row.helpers, names),
        "when": _when(row),
        "cells": row.cells["texts"].items(),
        "place": _("%(place)s, dòng %(rows)s", place=row.cells["place"], rows=", ".join(map(str, row.cells["rows"]))),
    }


def _units(kept: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """The units that names came to."""
    found = [names[unit_id] for unit_id in kept["units"] if unit_id in names]
    return _("%(n)s đơn vị", n=count(len(found))) if len(found) > UNITS_NAMED else ", ".join(found)


def _when(row: ImportRow) -> str:
    """The deadline as it was understood."""
    if row.due_on:
        return long_date(row.due_on)
    if row.kind == Kind.RECURRING and "recurrence" not in row.problems:
        return rule_in_words(row.recurrence)
    return LABELS[Kind(row.kind)]


def _scope_words(draft: ImportDraft) -> str:
    said = {
        "rows": _("theo cột đơn vị chủ trì"),
        "all": _("tất cả xã, phường"),
        "later": _("chưa giao, chỉ ghi nhiệm vụ"),
        "units": _("%(n)s đơn vị đã chọn", n=count(len(draft.unit_ids))),
    }
    return said.get(draft.scope) or draft.scope.removeprefix("cluster:")


@pages.route("/imports/<int:draft_id>/paper", methods=["GET", "POST"])
@open_to(*RECORDING)
def import_paper(draft_id: int) -> ResponseReturnValue:
    """The directive's own fields; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    if request.method == "GET":
        return _paper_page(draft, Form(dict(draft.paper)), 200)
    try:
        typed = PaperInput.read(request.form)
        said = {name: request.form.get(name, "").strip() for name in typed if name != "version"}
        said["issued_on"] = f"{typed['issued_on']:%d/%m/%Y}"
        moved = importing.set_paper(draft, said, circumstances(typed["issued_on"]), by=me(), now=now())
    except (Invalid, Refused) as error:
        return _paper_page(drafts.draft(me(), draft_id), Form.typed(request.form, error), error.status)
    if moved:
        flash(_("Ngày văn bản đổi nên %(n)s thời hạn được đọc lại.", n=count(moved)), "warn")
    return redirect(url_for("directives.import_draft", draft_id=draft_id), 303)


def _paper_page(draft: ImportDraft, form: Form, status: int) -> ResponseReturnValue:
    html = render_template(
        "directives/import_paper.html",
        draft=draft,
        form=form,
        doc_types=list(DOC_TYPES.items()),
        urgencies=list(URGENCIES.items()),
        secrecies=list(SECRECIES.items()),
        issuers=_issuers(),
    )
    return html, status


def _issuers() -> list[tuple[int, str]]:
    """Who may have issued the paper; a commune's paper holds proposals, which others carry out."""
    own = [(unit.id, unit.name) for unit in issuers(me().unit_path)]
    return own + [(unit.id, _("%(name)s (kiến nghị)", name=unit.name)) for unit in communes(me().unit_path)]


class RowInput(Input):
    """One row as a person mends it. Without a date or rhythm, the wording is read anew."""

    section = Text(max=300, required=False)
    ordinal = Text(max=20, required=False)
    content = Text(max=4000)
    deliverable = Text(max=2000, required=False)
    lead = Text(max=2000, required=False)
    coordinating = Text(max=4000, required=False)
    due_text = Text(max=300, required=False)
    kind = Choice(Kind)
    due_on = Day(required=False)
    note = Text(max=2000, required=False)


@pages.route("/imports/<int:draft_id>/rows/<int:row_id>", methods=["GET", "POST"])
@open_to(*RECORDING)
def import_row(draft_id: int, row_id: int) -> ResponseReturnValue:
    """One row beside its cells, to be mended; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    row = drafts.row(draft, row_id)
    if request.method == "GET":
        return _row_page(draft, row, Form(_written(row), {}), 200)
    try:
        proposed = _proposed(RowInput.read(request.form), row, draft)
        if wrong := importing.complaints(proposed, _circumstances_of(draft).issued_on):
            raise Invalid(wrong)
        importing.mend_row(draft, row, proposed, _circumstances_of(draft), by=me(), now=now())
    except (Invalid, Refused) as error:
        draft = drafts.draft(me(), draft_id)
        return _row_page(draft, drafts.row(draft, row_id), Form.typed(request.form, error), error.status)
    view = "bad" if drafts.row_counts(draft)["bad"] else "all"
    flash(_("Đã sửa dòng."), "done")
    return redirect(url_for("directives.import_draft", draft_id=draft_id, view=view), 303)


def _proposed(typed: dict[str, Any], row: ImportRow, draft: ImportDraft) -> importing.Proposed:
    """What was typed; a recurring row takes its rhythm from its words, or keeps the one that it had."""
    kind = Kind(typed.pop("kind"))
    known = _circumstances_of(draft)
    read = propose(typed["due_text"], known.issued_on, known.calendar, known.policy)
    kept = row.recurrence if typed["due_text"] == row.due_text else ""
    recurrence = (read.recurrence or kept) if kind == Kind.RECURRING else ""
    if kind == Kind.SCHEDULED and typed["due_on"] is None:
        typed["due_on"] = read.due_on
    return importing.Proposed(kind=kind, recurrence=recurrence, **typed)


def _written(row: ImportRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in RowInput().fields}
    return values | {"due_on": f"{row.due_on:%d/%m/%Y}" if row.due_on else ""}


def _row_page(draft: ImportDraft, row: ImportRow, form: Form, status: int) -> ResponseReturnValue:
    names = {unit.id: unit.name for unit in below(me().province_path)}
    html = render_template(
        "directives/import_row.html",
        draft=draft,
        shown=_shown(row, draft, names),
        form=form,
        kinds=[(kind.value, LABELS[kind]) for kind in Kind],
    )
    return html, status


class Ticked(Input):
    """Rows that were ticked, and what to do with them; `every` means all of the view."""

    deed = Choice(("leave_out", "take_in", "confirm"))
    view = Choice(drafts.VIEWS, required=False)
    every = Choice(("1",), required=False)
    ids = Many(Number())


@pages.post("/imports/<int:draft_id>/rows")
@open_to(*RECORDING)
def import_rows(draft_id: int) -> ResponseReturnValue:
    """Leave rows out, take them in again, or confirm deadlines; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    typed = Ticked.read(request.form)
    view = typed["view"] or "all"
    ids = [row.id for row in drafts.rows(draft, view)] if typed["every"] else typed["ids"]
    if typed["deed"] == "confirm":
        done = importing.confirm_deadlines(draft, ids, by=me(), now=now())
        flash(_("Đã xác nhận %(n)s dòng.", n=count(done)), "done")
    else:
        out = typed["deed"] == "leave_out"
        done = importing.leave_out(draft, ids, out, by=me(), now=now())
        said = _("Đã bỏ ra %(n)s dòng.", n=count(done)) if out else _("Đã lấy lại %(n)s dòng.", n=count(done))
        flash(said, "done")
    return redirect(url_for("directives.import_draft", draft_id=draft_id), 303)


class Scope(Input):
    """Who gets the tasks."""

    scope = Text(max=120)
    units = Many(Number())


@pages.route("/imports/<int:draft_id>/units", methods=["GET", "POST"])
@open_to(*RECORDING)
def import_units(draft_id: int) -> ResponseReturnValue:
    """Choose who gets the tasks; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    units = [unit for unit in below(me().province_path) if unit.kind != "province"]
    scopes = _scopes(units)
    if request.method == "GET":
        return _units_page(draft, units, scopes, Form({"scope": draft.scope, "units": draft.unit_ids}), 200)
    try:
        typed = Scope.read(request.form)
        if typed["scope"] not in dict(scopes):
            raise Invalid({"scope": _("Hãy chọn một mục trong danh sách.")})
        ids = [unit.id for unit in units if unit.id in typed["units"]]
        importing.choose(draft, typed["scope"], ids, by=me(), now=now())
    except (Invalid, Refused) as error:
        draft = drafts.draft(me(), draft_id)
        return _units_page(draft, units, scopes, Form.typed(request.form, error), error.status)
    return redirect(url_for("directives.import_draft", draft_id=draft_id), 303)


def _scopes(units: list[Unit]) -> list[tuple[str, str]]:
    communes = [unit for unit in units if unit.kind in COMMUNE_KINDS]
    return [
        ("rows", _("Theo cột đơn vị chủ trì của từng dòng")),
        ("all", _("Tất cả %(n)s xã, phường", n=count(len(communes)))),
        *((f"cluster:{name}", name) for name in sorted({unit.cluster for unit in communes if unit.cluster})),
        ("units", _("Các đơn vị chọn ở dưới")),
        ("later", _("Chưa giao: chỉ ghi văn bản và nhiệm vụ")),
    ]


def _units_page(
    draft: ImportDraft, units: list[Unit], scopes: list[tuple[str, str]], form: Form, status: int
) -> ResponseReturnValue:
    ordered = sorted(units, key=lambda unit: (unit.kind in COMMUNE_KINDS, unit.sort_key))
    choices = [(unit.id, unit.name) for unit in ordered]
    return render_template(
        "directives/import_units.html", draft=draft, form=form, scopes=scopes, units=choices
    ), status


@pages.get("/imports/<int:draft_id>/bad-rows.xlsx")
@open_to(*RECORDING)
def bad_rows(draft_id: int) -> ResponseReturnValue:
    """Rows that are wrong or left out, in the format of their file; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    rows = sorted((*drafts.rows(draft, "bad"), *drafts.rows(draft, "left_out")), key=lambda row: row.place)
    file = tempfile.TemporaryFile()  # noqa: SIM115 – the answer is streamed from it and closes it
    write_back(file, draft, rows)
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return send_file(file, mimetype=kind, as_attachment=True, download_name=f"Dong-can-sua-{draft_id}.xlsx")


@pages.post("/imports/<int:draft_id>/dropping")
@open_to(*RECORDING)
def drop_import(draft_id: int) -> ResponseReturnValue:
    """Give a draft up; open to those who record directives."""
    importing.drop_import(drafts.draft(me(), draft_id), by=me(), now=now())
    flash(_("Đã bỏ bản nhập."), "done")
    return redirect(url_for("directives.imports"), 303)
