"""A file becomes a directive: read, seen row by row beside its cells, mended in place, given to its units.

Nothing is saved but the draft; what issues it is a page of tasks.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.directives import drafts, importing
from tracker.directives.models import Directive, ImportDraft
from tracker.directives.pages.rows import circumstances, shown
from tracker.directives.pages.shared import RECORDING, lacking, me, pages, settings, to_directive
from tracker.directives.proposed import issued_on_of
from tracker.directives.queries import papers_numbered
from tracker.directives.reading.limits import LARGEST_FILE
from tracker.directives.reading.reading import read_bytes
from tracker.directives.returning import write_back
from tracker.errors import Invalid, NotFound
from tracker.evidence.intake import accept_read
from tracker.rules.amending import amended_symbols
from tracker.rules.papers import DOC_TYPES
from tracker.rules.sentences import count
from tracker.units.queries import below
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Form, Input, Number
from tracker.web.paging import Page, wanted

ACCEPTED = ".xlsx,.xls,.ods,.docx,.pdf,.edxml,.xml"
VIEW_LABELS = {
    "all": _l("Tất cả"),
    "bad": _l("Cần sửa"),
    "unsure": _l("Chưa chắc"),
    "left_out": _l("Bỏ ra"),
}


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
    data = file.stream.read(LARGEST_FILE + 1)
    read = read_bytes(data, working_calendar(), today=today())
    files = accept_read(data, file.filename, read.attachments, Path(settings().files_folder))
    return importing.start_import(
        read, file.filename, circumstances(read.issued), files=[asdict(each) for each in files], by=me(), now=now()
    )


class Wanted(Input):
    """Which rows the preview shows."""

    view = Choice(drafts.VIEWS, required=False)


@pages.get("/imports/<int:draft_id>")
@open_to(*RECORDING)
def import_draft(draft_id: int) -> ResponseReturnValue:
    """The rows of a draft beside the cells that they come from; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    if draft.directive_id is not None:
        return to_directive(draft)
    asked, _form = Wanted.narrowed(request.args)
    view = asked["view"] or "all"
    counts = drafts.row_counts(draft)
    number, size = wanted()
    rows = drafts.rows(draft, view, limit=size, offset=(number - 1) * size)
    names = {unit.id: unit.name for unit in below(me().province_path)}
    return render_template(
        "directives/import.html",
        draft=draft,
        paper=draft.paper,
        lacking=lacking(draft.paper),
        doc_types=DOC_TYPES,
        page=Page(rows, number, size, counts[view]),
        rows=[shown(row, draft, names) for row in rows],
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
        earlier=_earlier(draft),
        form=Form(),
    )


def _earlier(draft: ImportDraft) -> list[Directive]:
    """The directives that the paper may amend: its title says so, or its message answers them."""
    symbols = {*amended_symbols(str(draft.paper.get("abstract", ""))), *draft.refers}
    return papers_numbered(me(), symbols, issued_on_of(draft, today()))


class Amends(Input):
    """Which directive the import amends; none when empty."""

    amends_id = Number(required=False)


@pages.post("/imports/<int:draft_id>/amends")
@open_to(*RECORDING)
def import_amends(draft_id: int) -> ResponseReturnValue:
    """Say that an import amends an earlier directive, or that it does not; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    amends_id = Amends.read(request.form)["amends_id"]
    found = next((each for each in _earlier(draft) if each.id == amends_id), None)
    if amends_id and found is None:
        raise NotFound("Không tìm thấy văn bản này.")
    importing.set_amends(draft, found, by=me(), now=now())
    return redirect(url_for("directives.import_draft", draft_id=draft_id), 303)


def _scope_words(draft: ImportDraft) -> str:
    said = {
        "rows": _("theo cột đơn vị chủ trì"),
        "all": _("tất cả xã, phường"),
        "later": _("chưa giao, chỉ ghi nhiệm vụ"),
        "units": _("%(n)s đơn vị đã chọn", n=count(len(draft.unit_ids))),
    }
    return said.get(draft.scope) or draft.scope.removeprefix("cluster:")


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
