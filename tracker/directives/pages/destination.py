"""What an import becomes: the directive's own fields, and who gets its tasks."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now, today
from tracker.directives import drafts, importing
from tracker.directives.actions import check_paper
from tracker.directives.models import ImportDraft
from tracker.directives.pages.rows import circumstances
from tracker.directives.pages.shared import RECORDING, PaperInput, me, pages, still_seen, to_directive
from tracker.directives.paper import Paper
from tracker.directives.proposed import paper_seen, scope_seen
from tracker.errors import Conflict, Invalid, Refused
from tracker.rules.papers import DOC_TYPES, SECRECIES, URGENCIES
from tracker.rules.sentences import count
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS, below, communes, issuers
from tracker.web.access import open_to
from tracker.web.inputs import Form, Input, Many, Number, Text


@pages.route("/imports/<int:draft_id>/paper", methods=["GET", "POST"])
@open_to(*RECORDING)
def import_paper(draft_id: int) -> ResponseReturnValue:
    """The directive's own fields; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    if request.method == "GET" and draft.directive_id is not None:
        return to_directive(draft)
    if request.method == "GET":
        return _paper_page(draft, Form(dict(draft.paper)), 200)
    try:
        typed = PaperInput.read(request.form)
        said = {name: request.form.get(name, "").strip() for name in typed if name != "version"}
        said["issued_on"] = f"{typed['issued_on']:%d/%m/%Y}"
        _check(typed)
        told: dict[str, Any] = {"seen": request.form.get("seen", ""), "by": me(), "now": now()}
        moved = importing.set_paper(draft, said, circumstances(typed["issued_on"]), **told)
    except (Invalid, Refused, Conflict) as error:
        return _paper_page(drafts.draft(me(), draft_id), Form.typed(request.form, error), error.status)
    if moved:
        flash(_("Ngày văn bản đổi nên %(n)s thời hạn được đọc lại.", n=count(moved)), "warn")
    return redirect(url_for("directives.import_draft", draft_id=draft_id), 303)


def _check(typed: dict[str, Any]) -> None:
    """Complain now about what could not be issued later."""
    if typed["issuer_id"] not in dict(_issuers()):
        raise Invalid({"issuer_id": _("Hãy chọn một mục trong danh sách.")})
    paper = {name: value for name, value in typed.items() if name not in ("issuer_id", "version")}
    check_paper(Paper(**paper), typed["issuer_id"], today=today())


def _paper_page(draft: ImportDraft, form: Form, status: int) -> ResponseReturnValue:
    html = render_template(
        "directives/import_paper.html",
        draft=draft,
        seen=still_seen(form, status, paper_seen(draft)),
        theirs=draft.paper if status == Conflict.status and not form.errors else None,
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


class Scope(Input):
    """Who gets the tasks."""

    scope = Text(max=120)
    units = Many(Number())


@pages.route("/imports/<int:draft_id>/units", methods=["GET", "POST"])
@open_to(*RECORDING)
def import_units(draft_id: int) -> ResponseReturnValue:
    """Choose who gets the tasks; open to those who record directives."""
    draft = drafts.draft(me(), draft_id)
    if request.method == "GET" and draft.directive_id is not None:
        return to_directive(draft)
    units = [unit for unit in below(me().province_path) if unit.kind != "province"]
    scopes = _scopes(units)
    if request.method == "GET":
        return _units_page(draft, units, scopes, Form({"scope": draft.scope, "units": draft.unit_ids}), 200)
    try:
        typed = Scope.read(request.form)
        if typed["scope"] not in dict(scopes):
            raise Invalid({"scope": _("Hãy chọn một mục trong danh sách.")})
        ids = [unit.id for unit in units if unit.id in typed["units"]]
        importing.choose(draft, typed["scope"], ids, seen=request.form.get("seen", ""), by=me(), now=now())
    except (Invalid, Refused, Conflict) as error:
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
    html = render_template(
        "directives/import_units.html",
        draft=draft,
        seen=still_seen(form, status, scope_seen(draft)),
        theirs=dict(scopes).get(draft.scope) if status == Conflict.status else None,
        form=form,
        scopes=scopes,
        units=choices,
    )
    return html, status
