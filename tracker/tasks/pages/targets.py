"""Targets (mục tiêu, chỉ tiêu): set by the province for units, read by the units."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now, today
from tracker.errors import Invalid, Refused
from tracker.rules.access import Deed, may, roles_for
from tracker.rules.rates import DIRECTION_LABELS, Direction, Rate
from tracker.rules.sentences import amount
from tracker.tasks import giving, queries
from tracker.tasks.pages.listing import LOOKING
from tracker.tasks.pages.shared import directive_url, me, pages
from tracker.units.queries import COMMUNE_KINDS, below
from tracker.web.access import open_to
from tracker.web.inputs import Amount, Choice, Day, Flag, Form, Input, Many, Number, Text


@pages.get("/targets")
@open_to(*LOOKING)
def targets() -> ResponseReturnValue:
    """The targets of one's unit and below with their last readings; open to all who work with tasks."""
    user = me()
    rows = queries.targets(user.unit_path, today())
    met = sum(1 for row in rows if row.met)
    return render_template(
        "tasks/targets.html",
        rows=rows,
        met=met,
        rate=Rate(met, len(rows)),
        directions=DIRECTION_LABELS,
        may_read=may(user.role, Deed.READ_TARGET),
        amount=amount,
    )


class NewTarget(Input):
    """A goal for units; without a value it can only be declared met."""

    content = Text(max=2000)
    goal = Amount(required=False)
    measure = Text(max=60, required=False)
    direction = Choice(Direction)
    scope = Choice(("all", ""), required=False)
    units = Many(Number())


@pages.route("/directives/<int:directive_id>/targets", methods=["GET", "POST"])
@open_to(*sorted(roles_for(Deed.RECORD_DIRECTIVE)))
def new_target(directive_id: int) -> ResponseReturnValue:
    """Set a target for units; open to those who record directives."""
    directive = queries.directive(me(), directive_id)
    units = below(me().province_path)
    if request.method == "GET":
        return _new_page(directive, units, Form({"direction": "at_least", "scope": "all"}), 200)
    try:
        typed = NewTarget.read(request.form)
        every, chosen = typed.pop("scope") == "all", typed.pop("units")
        taking = [unit for unit in units if unit.id in chosen or (every and unit.kind in COMMUNE_KINDS)]
        giving.set_target(directive, taking, **typed, by=me(), now=now())
    except (Invalid, Refused) as error:
        return _new_page(directive, units, Form.typed(request.form, error), error.status)
    flash(_("Đã giao chỉ tiêu cho %(n)s đơn vị.", n=len(taking)), "done")
    return redirect(directive_url(directive_id), 303)


def _new_page(directive: Any, units: Any, form: Form, status: int) -> ResponseReturnValue:
    html = render_template(
        "tasks/new_target.html",
        form=form,
        directive=directive,
        directive_href=directive_url(directive.id),
        directions=[(each.value, label) for each, label in DIRECTION_LABELS.items()],
        units=[(unit.id, unit.name) for unit in units if unit.kind != "province"],
    )
    return html, status


class Reading(Input):
    """The value on a day, or whether it is declared met."""

    as_of = Day()
    value = Amount(required=False)
    declared_met = Flag()


@pages.route("/targets/<int:target_id>/readings", methods=["GET", "POST"])
@open_to(*sorted(roles_for(Deed.READ_TARGET)))
def target_reading(target_id: int) -> ResponseReturnValue:
    """Record what a target has reached; open to people of the unit it is set for."""
    target = queries.target(me(), target_id)
    form, status = Form({"as_of": f"{today():%d/%m/%Y}"}), 200
    if request.method == "POST":
        try:
            typed = Reading.read(request.form)
            giving.read_target(target, **typed, by=me(), now=now())
        except (Invalid, Refused) as error:
            form, status = Form.typed(request.form, error), error.status
        else:
            flash(_("Đã ghi số liệu."), "done")
            return redirect(url_for("tasks.targets"), 303)
    return render_template("tasks/target_reading.html", form=form, target=target, amount=amount), status
