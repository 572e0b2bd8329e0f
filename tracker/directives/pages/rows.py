"""The rows of an import: each beside its cells, mended in place, left out, or confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.directives import drafts, importing, proposed
from tracker.directives.models import ImportDraft, ImportRow
from tracker.directives.pages.shared import RECORDING, me, pages, settings, still_seen, to_directive
from tracker.directives.returning import leads_complaint
from tracker.errors import Conflict, Invalid, Refused
from tracker.rules.lifecycle import LABELS, Kind
from tracker.rules.proposals import propose
from tracker.rules.recurrence import rule_in_words
from tracker.rules.sentences import count, long_date
from tracker.units.matching import directory
from tracker.units.queries import below
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Flag, Form, Input, Many, Number, Text

UNITS_NAMED = 4


def circumstances(issued_on: date) -> proposed.Circumstances:
    """What rows are judged by today, for a paper of that day."""
    return proposed.Circumstances(
        issued_on, directory(me().province_path, today()), working_calendar(), settings().policy
    )


def _circumstances_of(draft: ImportDraft) -> proposed.Circumstances:
    return circumstances(proposed.issued_on_of(draft, today()))


def shown(row: ImportRow, draft: ImportDraft, names: Mapping[int, str]) -> dict[str, Any]:
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
    unnamed_by_zalo = Flag()


@pages.route("/imports/<int:draft_id>/rows/<int:row_id>", methods=["GET", "POST"])
@open_to(*RECORDING)
def import_row(draft_id: int, row_id: int) -> ResponseReturnValue:
    """One row beside its cells, to be mended; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    row = drafts.row(draft, row_id)
    if request.method == "GET" and draft.directive_id is not None:
        return to_directive(draft)
    if request.method == "GET":
        return _row_page(draft, row, Form(_written(row), {}), 200)
    try:
        typed = _proposed(RowInput.read(request.form), row, draft)
        if wrong := proposed.complaints(typed, _circumstances_of(draft).issued_on):
            raise Invalid(wrong)
        told: dict[str, Any] = {"seen": request.form.get("seen", ""), "by": me(), "now": now()}
        importing.mend_row(draft, row, typed, _circumstances_of(draft), **told)
    except (Invalid, Refused, Conflict) as error:
        draft = drafts.draft(me(), draft_id)
        return _row_page(draft, drafts.row(draft, row_id), Form.typed(request.form, error), error.status)
    flash(_("Đã sửa dòng."), "done")
    if draft.scope == "rows" and row.homeless:
        flash(leads_complaint(row), "warn")
    return _back(draft, "bad")


def _back(draft: ImportDraft, view: str) -> ResponseReturnValue:
    """To the rows of a view while there are any, else to all."""
    view = view if drafts.row_counts(draft)[view] else "all"
    return redirect(url_for("directives.import_draft", draft_id=draft.id, view=view), 303)


def _proposed(typed: dict[str, Any], row: ImportRow, draft: ImportDraft) -> proposed.Proposed:
    """What was typed; a recurring row takes its rhythm from its words, or keeps the one that it had."""
    kind = Kind(typed.pop("kind"))
    known = _circumstances_of(draft)
    read = propose(typed["due_text"], known.issued_on, known.calendar, known.policy)
    kept = row.recurrence if typed["due_text"] == row.due_text else ""
    recurrence = (read.recurrence or kept) if kind == Kind.RECURRING else ""
    if kind == Kind.SCHEDULED and typed["due_on"] is None:
        typed["due_on"] = read.due_on
    return proposed.Proposed(kind=kind, recurrence=recurrence, **typed)


def _written(row: ImportRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in RowInput().fields}
    return values | {"due_on": f"{row.due_on:%d/%m/%Y}" if row.due_on else ""}


def _row_page(draft: ImportDraft, row: ImportRow, form: Form, status: int) -> ResponseReturnValue:
    names = {unit.id: unit.name for unit in below(me().province_path)}
    html = render_template(
        "directives/import_row.html",
        draft=draft,
        seen=still_seen(form, status, proposed.row_seen(row)),
        theirs=row if status == Conflict.status and draft.directive_id is None else None,
        shown=shown(row, draft, names),
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
    ids = drafts.row_ids(draft, view) if typed["every"] else typed["ids"]
    if not ids:
        flash(_("Chưa chọn dòng nào."), "warn")
        return _back(draft, view)
    if typed["deed"] == "confirm":
        done = importing.confirm_deadlines(draft, ids, by=me(), now=now())
        flash(_("Đã xác nhận %(n)s dòng.", n=count(done)), "done")
    else:
        out = typed["deed"] == "leave_out"
        done = importing.leave_out(draft, ids, out, by=me(), now=now())
        said = _("Đã bỏ ra %(n)s dòng.", n=count(done)) if out else _("Đã lấy lại %(n)s dòng.", n=count(done))
        flash(said, "done")
    return _back(draft, view)
