"""Closed periods: closing one, what it froze, what differs today, and the difference of any two days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.clock import now, today
from tracker.errors import Invalid, TrackerError
from tracker.reports import closing
from tracker.reports.models import Snapshot
from tracker.reports.pages.asking import Asked, asked_for
from tracker.reports.pages.shared import day_of, here, me, pages, settings
from tracker.reports.queries import Scope, difference, difference_since, figures
from tracker.reports.queries import snapshots as queries
from tracker.rules.access import OF_UNIT, Deed, may, roles_for
from tracker.rules.differences import CHANGE_LABELS
from tracker.rules.lifecycle import LABELS
from tracker.rules.periods import PART_LABELS, Part, as_far_as
from tracker.rules.rates import BOX_LABELS, RATE_NAMES, Box
from tracker.tasks.queries import BESIDE
from tracker.units.queries import communes, within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Form, Input, Number, Text
from tracker.web.inputs import Day as DayField
from tracker.web.paging import Page, wanted

SHOWN_CHANGES = 200
CLOSERS = tuple(sorted(roles_for(Deed.CLOSE_PERIOD)))


@pages.get("/reports/closed")
@open_to()
def closed_periods() -> ResponseReturnValue:
    """The closed periods of one's unit and below; open to everybody signed in."""
    return render_template(
        "reports/closed_periods.html",
        found=queries.snapshots(me()),
        may_close=may(current_user.role, Deed.CLOSE_PERIOD),
    )


class Closing(Input):
    """Why a period that was closed before is closed again."""

    reason = Text(max=1000, required=False)


@pages.route("/reports/closed/new", methods=["GET", "POST"])
@open_to(*CLOSERS)
def close_period() -> ResponseReturnValue:
    """Close the period that the address names; open to those who assign or monitor, and to a unit's leader."""
    form, status = Form(), 200
    asked = _as_far_as_asked(asked_for())
    if request.method == "POST":
        try:
            typed = Closing.read(request.form)
            made = closing.close(asked.scope, by=me(), now=now(), policy=settings().policy, **typed)
        except TrackerError as error:
            form, status = Form.typed(request.form, error), error.status
        else:
            flash(_("Đã chốt số liệu, số %(name)s.", name=made.name), "done")
            return redirect(url_for("reports.closed_period", snapshot_id=made.id), 303)
    page = render_template(
        "reports/close_period.html",
        form=form,
        asked=asked,
        figures=figures(asked.scope, asked.day, today=today()),
        before=queries.latest(asked.scope),
        here=request.full_path.rstrip("?"),
    )
    return page, status


def _as_far_as_asked(asked: Asked) -> Asked:
    """A day before the end of a named period makes it a free one that ends there."""
    period = asked.scope.period
    if period is None or not request.args.get("as_of"):
        return asked
    return replace(asked, scope=replace(asked.scope, period=as_far_as(period, asked.day.on)))


@pages.get("/reports/closed/<int:snapshot_id>")
@open_to()
def closed_period(snapshot_id: int) -> ResponseReturnValue:
    """A closed period as it was, and what differs today; open to its unit and those above."""
    one = queries.snapshot(me(), snapshot_id)
    differs = difference_since(one, day_of(today()), today=today())
    return render_template(
        "reports/closed_period.html",
        one=one,
        tally=queries.tally_in(one),
        links={box.value: _rows_url(one, box.value) for box in Box},
        rows_url=_rows_url,
        columns=_columns(one),
        boxes=list(Box),
        labels=BOX_LABELS,
        names=RATE_NAMES,
        versions=queries.versions(one),
        whole=queries.is_whole(one),
        differs=differs,
        shown=differs.rows[:SHOWN_CHANGES],
        changes=CHANGE_LABELS,
        states=LABELS,
        again=_again(one) if may(current_user.role, Deed.CLOSE_PERIOD) else "",
    )


def _rows_url(one: Snapshot, box: str = "counted", part: str = "") -> str:
    return url_for("reports.closed_rows", snapshot_id=one.id, box=box, part=part or None)


def _columns(one: Snapshot) -> list[tuple[str, str, dict[str, object]]]:
    """The parts of the period as they were frozen: the part, its name, its counts."""
    said = one.figures["period"]
    parts = [(part.value, PART_LABELS[part], said[part.value]) for part in (Part.CARRIED_OVER, Part.IN_PERIOD)]
    return [*parts, ("", _("Phải thực hiện trong kỳ"), one.figures), ("cumulative", _("Lũy kế"), said["cumulative"])]


def _again(one: Snapshot) -> str:
    where: dict[str, Any] = {
        "unit": one.unit_id,
        "directive": one.directive_id,
        "period": one.period_code,
        "as_of": one.cutoff_on,
    }
    if ".." in one.period_code:
        where |= {"period": None, "start": one.start_on}
    return url_for("reports.close_period", **where)


class Behind(Input):
    """Which figure of a closed period the list stands behind."""

    box = Choice([*Box, *BESIDE], required=False)
    part = Choice([*Part, "cumulative"], required=False)


@pages.get("/reports/closed/<int:snapshot_id>/rows")
@open_to()
def closed_rows(snapshot_id: int) -> ResponseReturnValue:
    """The list behind a figure of a closed period, as it was; open to its unit and those above."""
    one = queries.snapshot(me(), snapshot_id)
    behind = Behind.read(request.args)
    number, size = wanted()
    found = queries.rows(one, **behind, limit=size, offset=(number - 1) * size)
    labels = {**{box.value: label for box, label in BOX_LABELS.items()}, **BESIDE}
    return render_template(
        "reports/closed_rows.html",
        one=one,
        page=Page(found, number, size, queries.row_count(one, **behind)),
        what=labels.get(behind["box"], BESIDE["counted"]),
        part=_("Lũy kế") if behind["part"] == "cumulative" else PART_LABELS.get(behind["part"], ""),
        boxes=labels,
        states=LABELS,
    )


class TwoDays(Input):
    """Which two days are compared, and in which unit."""

    unit = Number(required=False)
    earlier = DayField(required=False)
    later = DayField(required=False)


@pages.get("/reports/differences")
@open_to()
def differences() -> ResponseReturnValue:
    """Why the figures of two days differ, task by task; open to everybody signed in, each for their own unit."""
    form, unit, earlier, later = Form(request.args.to_dict()), here(), _first_of_month(), today()
    try:
        typed = TwoDays.read(request.args)
        unit = within(current_user.unit_path, typed["unit"] or current_user.unit_id)
        earlier, later = _in_order(typed["earlier"] or earlier, typed["later"] or later)
    except Invalid as error:
        form = Form(request.args.to_dict(), dict(error.fields), error.sentence)
    scope, days = Scope(unit), (day_of(earlier), day_of(later))
    found = difference(scope, *days, today=today())
    page = render_template(
        "reports/differences.html",
        form=form,
        unit=unit,
        units=[] if current_user.role in OF_UNIT else [(one.id, one.name) for one in communes(me().unit_path)],
        columns=[(day.on, figures(scope, day, today=today()).tally) for day in days],
        asked=[Asked(scope, day, "commune") for day in days],
        differs=found,
        shown=found.rows[:SHOWN_CHANGES],
        changes=CHANGE_LABELS,
        boxes=list(Box),
        labels=BOX_LABELS,
        states=LABELS,
    )
    return page, 422 if form.errors else 200


def _first_of_month() -> date:
    return today().replace(day=1)


def _in_order(earlier: date, later: date) -> tuple[date, date]:
    if later > today():
        raise Invalid({"later": _("Ngày so sánh không được sau hôm nay.")})
    if earlier > later:
        raise Invalid({"earlier": _("Ngày trước không được sau ngày sau.")})
    return earlier, later
