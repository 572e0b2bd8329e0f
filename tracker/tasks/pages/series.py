"""A recurring duty: its rhythm, the units that hold it and its coming dates; changing its rhythm and ending it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Invalid, NotFound, Refused
from tracker.rules.access import Deed, roles_for
from tracker.rules.lifecycle import Kind
from tracker.rules.proposals import propose
from tracker.rules.recurrence import AHEAD_DAYS, occurrences, rule_in_words
from tracker.tasks import queries
from tracker.tasks.models import Task
from tracker.tasks.pages.echoing import DATES_SHOWN, RHYTHMS
from tracker.tasks.pages.shared import directive_url, me, pages, this_day
from tracker.tasks.recurring import anchor_of, change_series, end_series
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Form, Input, Many, Number, Text

ASSIGNING = sorted(roles_for(Deed.ASSIGN))


class NewRhythm(Input):
    """Another rhythm, chosen or in words, and the document that says so."""

    recurrence = Choice(RHYTHMS, required=False)
    words = Text(max=300, required=False)
    document = Text(max=200)


class Ending(Input):
    """The last day of a duty, for some units or all, and the document that says so."""

    last_on = Day()
    units = Many(Number())
    end_document = Text(max=200)


def _recurring(task_id: int) -> Task:
    task = queries.task(me(), task_id)
    if task.kind != Kind.RECURRING:
        raise NotFound("Đây không phải nhiệm vụ định kỳ.")
    return task


@pages.get("/tasks/<int:task_id>/series")
@open_to(*ASSIGNING)
def series(task_id: int) -> ResponseReturnValue:
    """One recurring duty; open to provincial issuers."""
    return _page(_recurring(task_id), Form(), 200)


def _page(task: Task, form: Form, status: int) -> ResponseReturnValue:
    day = this_day()
    ahead = day.on + timedelta(days=366 * 2)
    coming = occurrences(task.recurrence, anchor_of(task), ahead, after=day.on - timedelta(days=1))
    html = render_template(
        "tasks/series.html",
        form=form,
        task=task,
        directive=task.directive,
        directive_href=directive_url(task.directive_id),
        rule=rule_in_words(task.recurrence),
        coming=coming[:DATES_SHOWN],
        ahead=AHEAD_DAYS,
        held=queries.series_of(task.id),
        rhythms=[("", _("Theo lời văn ở dưới")), *((each.code, each.name) for each in RHYTHMS.values())],
    )
    return html, status


@pages.route("/tasks/<int:task_id>/rhythm", methods=["GET", "POST"])
@open_to(*ASSIGNING)
def change_rhythm(task_id: int) -> ResponseReturnValue:
    """Give a recurring duty another rhythm; open to provincial issuers."""
    task = _recurring(task_id)
    if request.method == "GET":
        return _page(task, Form(), 200)
    try:
        typed = NewRhythm.read(request.form)
        moved = change_series(task, _rule(task, typed), typed["document"], by=me(), now=now())
    except (Invalid, Refused) as error:
        return _page(_recurring(task_id), Form.typed(request.form, error), error.status)
    flash(_("Đã đổi nhịp cho %(n)s đơn vị, từ ngày mai. Các kỳ trước giữ nguyên.", n=moved), "done")
    return redirect(url_for("tasks.series", task_id=task_id), 303)


def _rule(task: Task, typed: dict[str, Any]) -> str:
    if typed["recurrence"]:
        return RHYTHMS[typed["recurrence"]].rule
    day = this_day()
    read = propose(typed["words"], task.directive.issued_on, day.calendar, day.policy)
    if not read.recurrence:
        raise Invalid({"words": _("Không đọc được nhịp từ lời văn này. Ví dụ: ngày 25 hằng tháng.")})
    return read.recurrence


@pages.route("/tasks/<int:task_id>/ending", methods=["GET", "POST"])
@open_to(*ASSIGNING)
def end_rhythm(task_id: int) -> ResponseReturnValue:
    """End a recurring duty, for some units or all; open to provincial issuers."""
    task = _recurring(task_id)
    if request.method == "GET":
        return _page(task, Form(), 200)
    try:
        typed = Ending.read(request.form)
        ended = end_series(task, typed["last_on"], typed["end_document"], units=typed["units"], by=me(), now=now())
    except (Invalid, Refused) as error:
        return _page(_recurring(task_id), Form.typed(request.form, error), error.status)
    flash(_("Đã kết thúc nhiệm vụ định kỳ ở %(n)s đơn vị. Các kỳ trước giữ nguyên.", n=ended), "done")
    return redirect(url_for("tasks.series", task_id=task_id), 303)
