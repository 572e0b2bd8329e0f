"""Amendments: which paper is amended, what changes task by task, the difference per unit, and its taking effect."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Invalid, NotFound, Refused
from tracker.rules.access import OF_UNIT, PROVINCIAL, Deed, Role, may, roles_for
from tracker.rules.amending import WHAT_LABELS, Wording, marked
from tracker.rules.lifecycle import LABELS, Kind
from tracker.rules.proposals import propose
from tracker.rules.sentences import count
from tracker.tasks import amending, queries
from tracker.tasks.models import Amendment, AmendmentChange, Task
from tracker.tasks.pages.shared import directive_url, me, pages, this_day
from tracker.units.queries import below
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Flag, Form, Input, Many, Number, Text

ASSIGNING = sorted(roles_for(Deed.ASSIGN))
LOOKING = (*sorted(OF_UNIT | PROVINCIAL), Role.VIEWER)
SHOWN = [(what, WHAT_LABELS[what]) for what in ("content", "deliverable", "due", "withdrawn")]


class Amending(Input):
    """Which directive is amended."""

    amends_id = Number()


@pages.route("/directives/<int:directive_id>/amendments", methods=["GET", "POST"])
@open_to(*ASSIGNING)
def new_amendment(directive_id: int) -> ResponseReturnValue:
    """Choose the directive that this one amends; open to provincial issuers."""
    directive = queries.directive(me(), directive_id)
    if request.method == "GET":
        return _choosing_page(directive, Form(), 200)
    try:
        amends = queries.directive(me(), Amending.read(request.form)["amends_id"])
        amendment = amending.draft_amendment(directive, amends, by=me(), now=now())
    except (Invalid, Refused) as error:
        return _choosing_page(queries.directive(me(), directive_id), Form.typed(request.form, error), error.status)
    return redirect(url_for("tasks.amendment", amendment_id=amendment.id), 303)


def _choosing_page(directive: Any, form: Form, status: int) -> ResponseReturnValue:
    known = queries.may_be_amended(directive, me())
    choices = [(each.id, f"{each.doc_symbol} ({each.issued_on:%d/%m/%Y}): {each.abstract[:100]}") for each in known]
    html = render_template(
        "tasks/new_amendment.html",
        form=form,
        directive=directive,
        directive_href=directive_url(directive.id),
        choices=choices,
    )
    return html, status


@pages.get("/amendments/<int:amendment_id>")
@open_to(*LOOKING)
def amendment(amendment_id: int) -> ResponseReturnValue:
    """What an amendment changes; open to everybody who works with tasks, a unit sees only its own part."""
    return _page(queries.amendment(me(), amendment_id), "", 200)


def _page(found: Amendment, sentence: str, status: int) -> ResponseReturnValue:
    user = me()
    drafting = found.took_effect_at is None and may(user.role, Deed.ASSIGN)
    difference = queries.difference(found, user)
    html = render_template(
        "tasks/amendment.html",
        amendment=found,
        sentence=sentence,
        directive_href=directive_url(found.directive_id),
        amends_href=directive_url(found.amends_id),
        difference=difference,
        changes=[_shown(change) for change in difference.changes],
        by_unit=difference.by_unit if user.role not in OF_UNIT else [],
        kinds_of_change=[("added", _("Bổ sung")), *SHOWN],
        drafting=drafting,
        tasks=[row.Task for row in queries.tasks_of(found.amends_id, user, this_day())] if drafting else [],
    )
    return html, status


def _shown(change: queries.Change) -> dict[str, Any]:
    """One change as the page says it: what it is, the words that went and came, the dates."""
    return {
        "change": change,
        "labels": [WHAT_LABELS[what] for what in change.what],
        "content": marked(change.old.content, change.new.content),
        "deliverable": marked(change.old.deliverable, change.new.deliverable) if "deliverable" in change.what else [],
    }


class TaskChange(Input):
    """The new wording of a task, or that it is withdrawn, for some units or all."""

    withdrawn = Flag()
    content = Text(max=4000, required=False)
    deliverable = Text(max=2000, required=False)
    kind = Choice(Kind)
    due_text = Text(max=300, required=False)
    due_on = Day(required=False)
    units = Many(Number())


@pages.route("/amendments/<int:amendment_id>/tasks/<int:task_id>", methods=["GET", "POST"])
@open_to(*ASSIGNING)
def amended_task(amendment_id: int, task_id: int) -> ResponseReturnValue:
    """Say what the amendment does to one task; open to provincial issuers."""
    found = queries.amendment(me(), amendment_id)
    task = queries.task(me(), task_id)
    if task.directive_id != found.amends_id:
        raise NotFound("Nhiệm vụ này không thuộc văn bản được điều chỉnh.")
    if request.method == "GET":
        return _task_page(found, task, Form(_written(queries.change_of(found, task_id) or task)), 200)
    try:
        typed = TaskChange.read(request.form)
        withdrawn, units = typed.pop("withdrawn"), typed.pop("units")
        new = Wording(kind=Kind(typed.pop("kind")), **_dated(typed, task, found))
        amending.change_task(found, task, new, withdrawn=withdrawn, unit_ids=units, by=me(), now=now())
    except (Invalid, Refused) as error:
        found, task = queries.amendment(me(), amendment_id), queries.task(me(), task_id)
        return _task_page(found, task, Form.typed(request.form, error), error.status)
    return redirect(url_for("tasks.amendment", amendment_id=amendment_id), 303)


def _dated(typed: dict[str, Any], task: Task, found: Amendment) -> dict[str, Any]:
    """A new wording of the deadline without a date is read; the date that stood there was the old wording's."""
    kept = typed["due_on"] is None or typed["due_on"] == task.due_on
    if typed["due_text"] and typed["due_text"] != task.due_text and kept:
        day = this_day()
        read = propose(typed["due_text"], found.directive.issued_on, day.calendar, day.policy)
        if not read.sure or read.due_on is None:
            raise Invalid({"due_on": _("Chưa chắc hạn từ lời văn này: %(why)s Hãy nhập ngày.", why=read.why)})
        return typed | {"due_on": read.due_on}
    return typed


def _written(of: Task | AmendmentChange) -> dict[str, Any]:
    return {
        "withdrawn": isinstance(of, AmendmentChange) and of.withdrawn,
        "content": of.content,
        "deliverable": of.deliverable,
        "kind": of.kind,
        "due_text": of.due_text,
        "due_on": f"{of.due_on:%d/%m/%Y}" if of.due_on else "",
        "units": of.unit_ids if isinstance(of, AmendmentChange) else [],
    }


def _task_page(found: Amendment, task: Task, form: Form, status: int) -> ResponseReturnValue:
    held = queries.units_at(task.id)
    html = render_template(
        "tasks/amended_task.html",
        amendment=found,
        task=task,
        form=form,
        kinds=[(kind.value, LABELS[kind]) for kind in Kind],
        units=[(unit.id, unit.name) for unit in below(me().province_path) if unit.id in held],
    )
    return html, status


@pages.route("/amendments/<int:amendment_id>/effect", methods=["GET", "POST"])
@open_to(*ASSIGNING)
def effect(amendment_id: int) -> ResponseReturnValue:
    """Let an amendment take effect; open to provincial issuers."""
    found = queries.amendment(me(), amendment_id)
    if request.method == "POST":
        try:
            reached = amending.take_effect(found, by=me(), now=now())
        except Refused as error:
            return _page(queries.amendment(me(), amendment_id), error.sentence, error.status)
        flash(_("Điều chỉnh đã có hiệu lực, %(n)s lượt giao thay đổi.", n=count(reached)), "done")
    return redirect(url_for("tasks.amendment", amendment_id=amendment_id), 303)


@pages.post("/amendments/<int:amendment_id>/dropping")
@open_to(*ASSIGNING)
def drop_amendment(amendment_id: int) -> ResponseReturnValue:
    """Give a draft up; open to provincial issuers."""
    found = queries.amendment(me(), amendment_id)
    directive_id = found.directive_id
    amending.drop_amendment(found, by=me(), now=now())
    flash(_("Đã bỏ bản điều chỉnh."), "done")
    return redirect(directive_url(directive_id), 303)
