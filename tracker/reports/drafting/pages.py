"""The desk where a report is written and let out: a unit's past its leader to its superior, the province's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.errors import Conflict, Invalid, NotFound, Refused
from tracker.evidence.store import path_of
from tracker.reports.documents.commune import Words, known
from tracker.reports.documents.facts import Facts, facts
from tracker.reports.documents.frozen import frozen_facts, frozen_whole
from tracker.reports.documents.outlines import DEFAULT, DEFAULT_WHOLE, Outline, Part, outline, outlines
from tracker.reports.documents.pages import download
from tracker.reports.documents.paper import Paper, Paragraph
from tracker.reports.documents.province import Whole, known_of_the_whole, whole
from tracker.reports.documents.writing import FORMATS, composed, composed_from, file_name, written
from tracker.reports.drafting.actions import (
    FORMALITIES,
    approve,
    begin,
    give_back,
    hand_up,
    put_up,
    save,
    take_back,
)
from tracker.reports.drafting.models import ReportDraft
from tracker.reports.drafting.queries import (
    OPEN_TO_CHANGE,
    STAGE_LABELS,
    Stage,
    draft,
    drafts,
    kind_for,
    kind_of,
    missing,
    orders,
    own_words,
    stage,
    wish,
)
from tracker.reports.queries import Scope
from tracker.reports.queries.snapshots import snapshot, snapshots
from tracker.rules.access import Deed, may, roles_for
from tracker.rules.letterheads import SIGNING_FORMS
from tracker.settings import Settings
from tracker.tasks.queries import Day
from tracker.tasks.queries import assignment as assignment_of
from tracker.units.queries import within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Flag, Form, Input, Number, Text
from tracker.web.inputs import Day as DayField

pages = Blueprint("drafts", __name__)
WRITERS = tuple(sorted(roles_for(Deed.WRITE_REPORT)))
APPROVERS = tuple(sorted(roles_for(Deed.APPROVE_REPORT)))
READERS = (*WRITERS, *APPROVERS)


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _me() -> User:
    return cast(User, current_user._get_current_object())


def _day(one: ReportDraft) -> Day:
    return Day(one.as_of, working_calendar(), _settings().policy)


@pages.get("/reports/drafts")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    """The reports that one's unit is writing, has sent or approved; open to those who write and approve them."""
    rows = [(one, STAGE_LABELS[stage(one)], outline(one.outline).name) for one in drafts(_me())]
    return render_template("papers/drafts.html", rows=rows, may_write=may(_me().role, Deed.WRITE_REPORT))


class NewDraft(Input):
    """Which report is to be written."""

    outline = Choice([one.key for kind in ("commune", "province") for one in outlines(kind)])
    as_of = DayField(required=False)
    since = DayField(required=False)
    order = Number(required=False)
    closed = Number(required=False)


@pages.route("/reports/drafts/new", methods=["GET", "POST"])
@open_to(*WRITERS)
def new() -> ResponseReturnValue:
    """Choose outline, day or closed period, and the task that orders the report; open to those who write them."""
    me = _me()
    if request.method == "GET":
        first = DEFAULT if kind_for(me.role) == "commune" else DEFAULT_WHOLE
        return _new_page(Form({"as_of": f"{today():%d/%m/%Y}", "outline": first, **request.args.to_dict()}), 200)
    try:
        made = _begun(NewDraft.read(request.form), me)
    except Invalid as error:
        return _new_page(Form.typed(request.form, error), 422)
    return redirect(url_for("drafts.draft", draft_id=made.id), 303)


def _begun(typed: dict[str, Any], me: User) -> ReportDraft:
    """The draft that is asked for. Raises Invalid without a day or a closed period."""
    ordered = assignment_of(me, typed["order"]) if typed["order"] else None
    closed = snapshot(me, typed["closed"]) if typed["closed"] else None
    unit = ordered.unit if ordered else closed.unit if closed else within(me.unit_path, me.unit_id)
    as_of = closed.cutoff_on if closed else typed["as_of"]
    if as_of is None:
        raise Invalid({"as_of": _("Nhập ngày chốt số liệu, hoặc chọn một kỳ đã chốt.")})
    told = {"since": typed["since"], "ordered": ordered, "closed": closed}
    return begin(unit, typed["outline"], as_of, **told, by=me, now=now())


def _new_page(form: Form, status: int) -> ResponseReturnValue:
    me = _me()
    kind = kind_for(me.role)
    closed = [one for one in snapshots(me) if one.unit_id == me.unit_id]
    page = render_template(
        "papers/new_draft.html",
        form=form,
        kind=kind,
        outlines=[(one.key, one.name) for one in outlines(kind)],
        orders=[("", _("Chưa gắn nhiệm vụ")), *((one.id, _order(one)) for one in orders(me))],
        closed=[("", _("Không, lấy theo ngày bên dưới")), *((one.id, _closing(one)) for one in closed)],
    )
    return page, status


def _closing(one: Any) -> str:
    return f"{one.name}: {one.period_name}, {_('số liệu đến hết ngày')} {one.cutoff_on:%d/%m/%Y}"


def _order(one: Any) -> str:
    due = _(", hạn %(day)s", day=f"{one.due_on:%d/%m/%Y}") if one.due_on else ""
    return f"{one.task.content[:90]} ({one.task.directive.doc_symbol}{due})"


@pages.get("/reports/drafts/<int:draft_id>", endpoint="draft")
@open_to(*READERS)
def one_draft(draft_id: int) -> ResponseReturnValue:
    """A draft: headings, what the house knows, what people write; open to the unit, or the province's own staff."""
    one = draft(_me(), draft_id)
    return _draft_page(one, Form(_values(one)), 200)


@pages.post("/reports/drafts/<int:draft_id>", endpoint="save")
@open_to(*WRITERS)
def save_draft(draft_id: int) -> ResponseReturnValue:
    """Keep what was typed; open to those who write reports."""
    one = draft(_me(), draft_id)
    return _do(one, lambda: _keep(one), _("Đã lưu dự thảo."))


def _do(one: ReportDraft, deed: Callable[[], object], said: str = "") -> ResponseReturnValue:
    """Do it and show the draft, with what was typed where it is refused; asked for again, it shows the draft."""
    draft_id = one.id
    if request.method == "POST":
        try:
            deed()
        except (Invalid, Refused, Conflict) as error:
            return _draft_page(draft(_me(), draft_id), Form.typed(request.form, error), error.status)
        flash(said or f"{STAGE_LABELS[stage(draft(_me(), draft_id))]}.", "done")
    return redirect(url_for("drafts.draft", draft_id=draft_id), 303)


@pages.route("/reports/drafts/<int:draft_id>/sending", methods=["GET", "POST"])
@open_to(*WRITERS)
def send(draft_id: int) -> ResponseReturnValue:
    """Keep what was typed and hand the report in, or lay it before the leader; open to those who write reports."""
    one = draft(_me(), draft_id)
    return _do(one, lambda: _sent(one))


def _sent(one: ReportDraft) -> None:
    me, moment = _me(), now()
    _keep(one)
    if kind_of(one) == "province":
        put_up(one, by=me, now=moment)
        return
    content, said = written(_composed(one), "docx", made_at=moment), _facts(one).figures.sentence
    settings = _settings()
    folder = Path(settings.files_folder)
    hand_up(one, content, _name(one, "docx"), said, folder=folder, by=me, now=moment, policy=settings.policy)


@pages.route("/reports/drafts/<int:draft_id>/recall", methods=["GET", "POST"])
@open_to(*WRITERS)
def recall(draft_id: int) -> ResponseReturnValue:
    """Take a consolidated report back from the leader's table; open to those who write reports."""
    one = draft(_me(), draft_id)
    return _do(one, lambda: take_back(one, by=_me(), now=now()))


class Decision(Input):
    """What the leader decides, with the reason of a return."""

    decision = Choice(["approve", "return"])
    reason = Text(max=1000, required=False)


@pages.route("/reports/drafts/<int:draft_id>/decision", methods=["GET", "POST"])
@open_to(*APPROVERS)
def decision(draft_id: int) -> ResponseReturnValue:
    """Approve a consolidated report, or give it back with a reason; open to the province's leaders."""
    one = draft(_me(), draft_id)
    return _do(one, lambda: _decided(one))


def _decided(one: ReportDraft) -> None:
    typed, me, moment = Decision.read(request.form), _me(), now()
    if typed["decision"] == "return":
        give_back(one, typed["reason"], by=me, now=moment)
        return
    content = written(_composed(one), "docx", made_at=moment)
    approve(one, content, _name(one, "docx"), folder=Path(_settings().files_folder), by=me, now=moment)


@pages.get("/reports/drafts/<int:draft_id>/paper.<form>")
@open_to(*READERS)
def paper(draft_id: int, form: str) -> ResponseReturnValue:
    """The draft as Word, PDF or Excel, approved in Word just as it was approved; open to whom the draft is open."""
    if form not in FORMATS:
        raise NotFound
    one = draft(_me(), draft_id)
    if one.file is not None and form == "docx":
        return download(_approved(one), one.file.name)
    return download(written(_composed(one), form, made_at=now()), _name(one, form))


def _approved(one: ReportDraft) -> bytes:
    path = path_of(Path(_settings().files_folder).absolute(), one.file.sha256 if one.file else "")
    if not path.is_file():
        raise NotFound(_("Tệp này không còn trong kho; đề nghị báo người quản trị."))
    return path.read_bytes()


def _name(one: ReportDraft, form: str) -> str:
    return file_name(kind_of(one), one.unit.code, one.as_of, form, one.snapshot.number if one.snapshot else "")


def _composed(one: ReportDraft) -> Paper:
    wanted = wish(one, now().year, superior_line=_settings().papers_superior_line)
    if one.snapshot is not None:
        return composed_from(kind_of(one), one.snapshot, _day(one), wanted)
    return cast(Paper, composed(kind_of(one), Scope(one.unit), _day(one), wanted, today=today()))


def _facts(one: ReportDraft) -> Facts:
    if one.snapshot is not None:
        return frozen_facts(one.snapshot)
    return facts(Scope(one.unit), _day(one), today=today(), since=one.since)


def _whole(one: ReportDraft) -> Whole:
    if one.snapshot is not None:
        return frozen_whole(one.snapshot, _day(one))
    return whole(Scope(one.unit), _day(one), today=today())


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
    asked, at, me = outline(one.outline), stage(one), _me()
    consolidated = asked.kind == "province"
    page = render_template(
        "papers/draft.html",
        draft=one,
        form=form,
        values=form.values if form.values.get("signing") else _values(one),
        outline=asked,
        parts=_parts_of_the_whole(one, asked) if consolidated else _parts(one, asked),
        consolidated=consolidated,
        stage=STAGE_LABELS[at],
        editable=at in OPEN_TO_CHANGE and may(me.role, Deed.WRITE_REPORT),
        may_recall=consolidated and at is Stage.WITH_LEADER and may(me.role, Deed.WRITE_REPORT),
        may_approve=consolidated and at is Stage.WITH_LEADER and may(me.role, Deed.APPROVE_REPORT),
        may_return=at in (Stage.WITH_LEADER, Stage.APPROVED) and may(me.role, Deed.APPROVE_REPORT),
        unwritten=len(missing(asked, own_words(one))),
        signing_forms=list(SIGNING_FORMS.items()),
        formats=list(FORMATS),
    )
    return page, status


def _parts(one: ReportDraft, asked: Outline) -> list[dict[str, Any]]:
    """The headings of a unit's report, each with the lines that the house puts below it."""
    found = _facts(one)
    listed = len(found.duties)
    return [
        _shown(part, list(known(part, found, asked)), listed if part.fills == "duty_list" else 0, asked)
        for part in asked.parts
    ]


def _parts_of_the_whole(one: ReportDraft, asked: Outline) -> list[dict[str, Any]]:
    """The headings of the consolidated report, likewise."""
    found = _whole(one)
    return [_shown(part, list(known_of_the_whole(part, found)), 0, asked) for part in asked.parts]


def _shown(part: Part, blocks: Sequence[Any], listed: int, asked: Outline) -> dict[str, Any]:
    lines = [block.text for block in blocks if isinstance(block, Paragraph)]
    return {"part": part, "known": lines, "listed": listed, "appendix": part in asked.appendices}
