"""The papers to download, and the desk where a unit writes its report and hands it in."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tracker.reports.documents.actions import FORMALITIES, begin, hand_up, save
from tracker.reports.documents.commune import Formalities, Words, known
from tracker.reports.documents.drafts import (
    OPEN_TO_CHANGE,
    STAGE_LABELS,
    draft,
    drafts,
    missing,
    orders,
    own_words,
    stage,
    wish,
)
from tracker.reports.documents.facts import Facts, facts
from tracker.reports.documents.models import ReportDraft
from tracker.reports.documents.outlines import DEFAULT, Outline, outline, outlines
from tracker.reports.documents.paper import Paragraph
from tracker.reports.documents.writing import FORMATS, KINDS, Wish, composed, file_name, written
from tracker.reports.pages.asking import asked_for
from tracker.reports.queries import Scope
from tracker.rules.access import NOT_YOURS, OF_UNIT
from tracker.rules.letterheads import SIGNING_FORMS
from tracker.settings import Settings
from tracker.tasks.queries import Day
from tracker.tasks.queries import assignment as assignment_of
from tracker.units.queries import within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Flag, Form, Input, Number, Text
from tracker.web.inputs import Day as DayField

pages = Blueprint("papers", __name__)
WRITERS = tuple(sorted(OF_UNIT))


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _me() -> User:
    return cast(User, current_user._get_current_object())


def _day(on: date) -> Day:
    return Day(on, working_calendar(), _settings().policy)


def _download(content: bytes, name: str) -> ResponseReturnValue:
    media_type = FORMATS[name.rpartition(".")[2]]
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


@pages.get("/reports/papers/<kind>.<form>")
@open_to()
def paper(kind: str, form: str) -> ResponseReturnValue:
    """A paper as Word, PDF or Excel; open to everybody signed in, to a unit its own report only."""
    if kind not in KINDS or form not in FORMATS:
        raise NotFound
    me = _me()
    if me.role in OF_UNIT and kind != "commune":
        raise Forbidden(NOT_YOURS)
    asked = asked_for()
    wanted = Wish(Formalities(now().year), superior_line=_settings().papers_superior_line)
    made = composed(kind, asked.scope, asked.day, wanted, today=today())
    return _download(written(made, form, made_at=now()), file_name(kind, asked.scope.unit.code, asked.day.on, form))


@pages.get("/reports/drafts", endpoint="drafts")
@open_to(*WRITERS)
def all_drafts() -> ResponseReturnValue:
    """The reports that the unit is writing or has sent; open to the unit."""
    rows = [(one, STAGE_LABELS[stage(one)], outline(one.outline).name) for one in drafts(_me())]
    return render_template("papers/drafts.html", rows=rows)


class NewDraft(Input):
    """Which report is to be written."""

    outline = Choice([one.key for one in outlines()])
    as_of = DayField()
    since = DayField(required=False)
    order = Number(required=False)


@pages.route("/reports/drafts/new", methods=["GET", "POST"])
@open_to(*WRITERS)
def new_draft() -> ResponseReturnValue:
    """Choose outline, day and the task that orders the report; open to the unit."""
    if request.method == "GET":
        return _new_page(Form({"as_of": f"{today():%d/%m/%Y}", "outline": DEFAULT, **request.args.to_dict()}), 200)
    me = _me()
    try:
        typed = NewDraft.read(request.form)
        ordered = assignment_of(me, typed["order"]) if typed["order"] else None
        unit = ordered.unit if ordered else within(me.unit_path, me.unit_id)
        made = begin(unit, typed["outline"], typed["as_of"], since=typed["since"], ordered=ordered, by=me, now=now())
    except Invalid as error:
        return _new_page(Form.typed(request.form, error), 422)
    return redirect(url_for("papers.draft", draft_id=made.id), 303)


def _new_page(form: Form, status: int) -> ResponseReturnValue:
    found = orders(_me())
    page = render_template(
        "papers/new_draft.html",
        form=form,
        outlines=[(one.key, one.name) for one in outlines()],
        orders=[("", _("Chưa gắn nhiệm vụ")), *((one.id, _order(one)) for one in found)],
    )
    return page, status


def _order(one: Any) -> str:
    due = f", hạn {one.due_on:%d/%m/%Y}" if one.due_on else ""
    return f"{one.task.content[:90]} ({one.task.directive.doc_symbol}{due})"


@pages.get("/reports/drafts/<int:draft_id>", endpoint="draft")
@open_to(*WRITERS)
def one_draft(draft_id: int) -> ResponseReturnValue:
    """A draft: headings, what the house knows, what the unit writes; open to the unit."""
    one = draft(_me(), draft_id)
    return _draft_page(one, Form(_values(one)), 200)


@pages.post("/reports/drafts/<int:draft_id>", endpoint="save")
@open_to(*WRITERS)
def save_draft(draft_id: int) -> ResponseReturnValue:
    """Keep what was typed; open to the unit."""
    one = draft(_me(), draft_id)
    try:
        _keep(one)
    except (Invalid, Refused, Conflict) as error:
        return _draft_page(draft(_me(), draft_id), Form.typed(request.form, error), error.status)
    flash(_("Đã lưu dự thảo."), "done")
    return redirect(url_for("papers.draft", draft_id=draft_id), 303)


@pages.route("/reports/drafts/<int:draft_id>/sending", endpoint="send", methods=["GET", "POST"])
@open_to(*WRITERS)
def send_draft(draft_id: int) -> ResponseReturnValue:
    """Keep what was typed and hand the report in; open to the unit. Asked for again, it shows the draft."""
    me, moment = _me(), now()
    one = draft(me, draft_id)
    if request.method == "GET":
        return redirect(url_for("papers.draft", draft_id=draft_id), 303)
    try:
        _keep(one)
        made = _composed(one)
        content = written(made, "docx", made_at=moment)
        hand_up(
            one,
            content,
            file_name("commune", one.unit.code, one.as_of, "docx"),
            _facts(one).figures.sentence,
            folder=Path(_settings().files_folder),
            by=me,
            now=moment,
            policy=_settings().policy,
        )
    except (Invalid, Refused, Conflict) as error:
        return _draft_page(draft(me, draft_id), Form.typed(request.form, error), error.status)
    flash(STAGE_LABELS[stage(draft(me, draft_id))] + ".", "done")
    return redirect(url_for("papers.draft", draft_id=draft_id), 303)


@pages.get("/reports/drafts/<int:draft_id>/paper.<form>", endpoint="draft_paper")
@open_to(*WRITERS)
def draft_paper(draft_id: int, form: str) -> ResponseReturnValue:
    """The draft as Word, PDF or Excel; open to the unit."""
    if form not in FORMATS:
        raise NotFound
    one = draft(_me(), draft_id)
    name = file_name("commune", one.unit.code, one.as_of, form)
    return _download(written(_composed(one), form, made_at=now()), name)


def _composed(one: ReportDraft) -> Any:
    wanted = wish(one, now().year, superior_line=_settings().papers_superior_line)
    return composed("commune", Scope(one.unit), _day(one.as_of), wanted, today=today())


def _facts(one: ReportDraft) -> Facts:
    return facts(Scope(one.unit), _day(one.as_of), today=today(), since=one.since)


class Formal(Input):
    """The formalities of a draft, and the version that was looked at."""

    about = Text(max=500, required=False)
    basis = Text(max=500, required=False)
    addressee = Text(max=200, required=False)
    signing = Choice(SIGNING_FORMS)
    signer = Text(max=120, required=False)
    kept_by = Text(max=60, required=False)
    version = Number(required=False)


def _keep(one: ReportDraft) -> None:
    asked = outline(one.outline)
    writable = [part.key for part in asked.parts if part.asks_for_words]
    fields: dict[str, Any] = {f"w-{key}": Text(max=20_000, required=False) for key in writable}
    fields |= {f"n-{part.key}": Flag() for part in asked.parts if part.must_be_written}
    written_form = cast(type[Input], type("WrittenForm", (Formal,), fields))
    typed = written_form.read(request.form)
    words = {key: Words(typed[f"w-{key}"], typed.get(f"n-{key}", False)) for key in writable}
    formal = {name: typed[name] for name in FORMALITIES}
    save(one, words, formal, by=_me(), now=now(), version=typed["version"])


def _values(one: ReportDraft) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    values: dict[str, Any] = {name: getattr(one, name) for name in FORMALITIES}
    for key, words in own_words(one).items():
        values |= {f"w-{key}": words.text, f"n-{key}": "1" if words.nil else ""}
    return values


def _draft_page(one: ReportDraft, form: Form, status: int) -> ResponseReturnValue:
    asked, found = outline(one.outline), _facts(one)
    at = stage(one)
    page = render_template(
        "papers/draft.html",
        draft=one,
        form=form,
        outline=asked,
        parts=[_shown(part, found, asked) for part in asked.parts],
        figures=found.figures,
        stage=STAGE_LABELS[at],
        editable=at in OPEN_TO_CHANGE,
        unwritten=len(missing(asked, own_words(one))),
        signing_forms=list(SIGNING_FORMS.items()),
        formats=list(FORMATS),
    )
    return page, status


def _shown(part: Any, found: Facts, asked: Outline) -> dict[str, Any]:
    """A heading with the lines that the house puts below it."""
    lines = [block.text for block in known(part, found, asked) if isinstance(block, Paragraph)]
    listed = len(found.duties) if part.fills == "duty_list" else 0
    return {"part": part, "known": lines, "listed": listed, "appendix": part in asked.appendices}
