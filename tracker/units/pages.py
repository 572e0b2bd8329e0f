"""The tree of units, for administrators: whole house, provinces, communes and offices."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.queries import people, people_count
from tracker.clock import now
from tracker.errors import Invalid, NotFound
from tracker.rules.access import ROLE_LABELS, Role
from tracker.units.actions import found_unit, settle
from tracker.units.actions import rename as rename_unit
from tracker.units.models import KINDS, Unit
from tracker.units.queries import below, by_code, children, successions, within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Flag, Form, Input, Line

pages = Blueprint("units", __name__, url_prefix="/units")
_MOST_FOUND = 100
_MOST_PEOPLE = 50


class WantedUnits(Input):
    """What is looked for, and below which unit a new one is to stand."""

    q = Line(max=100, required=False)
    under = Line(max=40, required=False)


class NewUnit(Input):
    """A unit below another one."""

    code = Line(max=40)
    name = Line(max=200)
    kind = Choice([kind for kind in KINDS if kind != "central"])


class NewName(Input):
    """A new name, by which decision, from which day."""

    name = Line(max=200)
    decision = Line(max=300)
    on = Day()


class Manners(Input):
    """The cluster and the way of approving inside (D8)."""

    cluster = Line(max=100, required=False)
    approves_inside = Flag()


@pages.get("")
@open_to(Role.ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """The top of one's tree, or what a search finds in it; open to administrators."""
    top = within(current_user.unit_path, current_user.unit_id)
    asked, form = WantedUnits.narrowed(request.args)
    text = asked["q"]
    found = below(current_user.unit_path, name=text) if text else children(top)
    html = render_template(
        "units/index.html", top=top, text=text, form=form, units=found[:_MOST_FOUND], total=len(found), kinds=KINDS
    )
    return html, 422 if form.errors else 200


@pages.route("/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new() -> ResponseReturnValue:
    """Add a unit below the one that `under` names; open to administrators."""
    parent = _unit(WantedUnits.narrowed(request.args)[0]["under"])
    if request.method == "GET":
        return _new_page(parent, Form(), 200)
    try:
        unit = found_unit(**NewUnit.read(request.form), parent=parent, by=current_user, now=now())
    except Invalid as error:
        return _new_page(parent, Form.typed(request.form, error), 422)
    flash(_("Đã thêm %(name)s.", name=unit.name), "done")
    return redirect(url_for("units.unit", code=unit.code))


def _new_page(parent: Unit, form: Form, status: int) -> ResponseReturnValue:
    kinds = [(kind, label) for kind, label in KINDS.items() if kind != "central"]
    return render_template("units/new.html", parent=parent, form=form, kinds=kinds), status


@pages.get("/<code>")
@open_to(Role.ADMINISTRATOR)
def unit(code: str) -> ResponseReturnValue:
    """One unit: what lies below it, its people, name and manners; open to administrators."""
    return _page(_unit(code))


@pages.post("/<code>/name")
@open_to(Role.ADMINISTRATOR)
def rename(code: str) -> ResponseReturnValue:
    """Rename it by a decision; open to administrators."""
    found = _unit(code)
    try:
        rename_unit(found, **NewName.read(request.form), by=current_user, now=now())
    except Invalid as error:
        return _page(found, name_form=Form.typed(request.form, error))
    flash(_("Đã đổi tên; tên cũ vẫn tìm được."), "done")
    return redirect(url_for("units.unit", code=code))


@pages.post("/<code>/manners")
@open_to(Role.ADMINISTRATOR)
def manners(code: str) -> ResponseReturnValue:
    """Set its cluster and way of approving; open to administrators."""
    found = _unit(code)
    try:
        settle(found, **Manners.read(request.form), by=current_user, now=now())
    except Invalid as error:
        return _page(found, form=Form.typed(request.form, error))
    flash(_("Đã lưu."), "done")
    return redirect(url_for("units.unit", code=code))


def _unit(code: str) -> Unit:
    """A unit of one's own subtree by its code; raises NotFound for any other."""
    found = by_code(code)
    if not found.path.startswith(current_user.unit_path):
        raise NotFound(f"Không có đơn vị mang mã «{code}».")
    return found


def _page(found: Unit, *, form: Form | None = None, name_form: Form | None = None) -> ResponseReturnValue:
    page = render_template(
        "units/unit.html",
        unit=found,
        kinds=KINDS,
        children=children(found),
        people=people(current_user, under=found.path, limit=_MOST_PEOPLE),
        people_total=people_count(current_user, under=found.path),
        role_labels=ROLE_LABELS,
        successions=successions(found),
        form=form or Form({"cluster": found.cluster, "approves_inside": found.approves_inside}),
        name_form=name_form or Form(),
    )
    return page, 422 if form or name_form else 200
