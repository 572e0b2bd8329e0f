"""How the province gives work: a task of a directive, its fan-out to units after a check, the star, the undoing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Invalid, Refused
from tracker.rules.access import Deed, roles_for
from tracker.rules.deadlines import effective_due
from tracker.rules.lifecycle import LABELS, Kind
from tracker.rules.sentences import count, long_date
from tracker.rules.texts import fold
from tracker.tasks import giving, queries
from tracker.tasks.models import FanOut, Task
from tracker.tasks.pages.echoing import RHYTHMS, Deadline, Echo, understood
from tracker.tasks.pages.shared import directive_url, me, pages, settings, this_day
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS, below
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Flag, Form, Input, Many, Number, Text

KINDS = [(kind.value, LABELS[kind]) for kind in Kind]


class NewTask(Deadline):
    """One obligation as the directive words it, and the due date or rhythm that somebody confirmed."""

    section = Text(max=300, required=False)
    ordinal = Text(max=20, required=False)
    content = Text(max=4000)
    deliverable = Text(max=2000, required=False)
    coordinators = Many(Number())
    starred = Flag()
    unnamed_by_zalo = Flag()
    confirmed = Text(max=300, required=False)


@pages.route("/directives/<int:directive_id>/tasks", methods=["GET", "POST"])
@open_to(*sorted(roles_for(Deed.RECORD_DIRECTIVE)))
def new_task(directive_id: int) -> ResponseReturnValue:
    """Add a task to a directive; open to those who record directives. The date is said in words before it counts."""
    directive = queries.directive(me(), directive_id)
    if request.method == "GET":
        return _task_page(directive, Form({"kind": Kind.SCHEDULED.value}), 200)
    try:
        typed = NewTask.read(request.form)
        echo = understood(directive, typed, this_day())
        if typed.pop("confirmed") != echo.confirmed:
            return _task_page(directive, Form.typed(request.form), 200, echo)
        typed |= {"due_on": echo.due_on, "recurrence": echo.recurrence}
        known = {unit.id: unit for unit in below(me().province_path)}
        helping = [known[unit_id] for unit_id in typed.pop("coordinators") if unit_id in known]
        kind = Kind(typed.pop("kind"))
        giving.add_task(directive, kind=kind, coordinators=helping, **typed, by=me(), now=now())
    except (Invalid, Refused) as error:
        return _task_page(directive, Form.typed(request.form, error), error.status)
    flash(_("Đã thêm nhiệm vụ vào văn bản."), "done")
    again = url_for("tasks.new_task", directive_id=directive_id)
    return redirect(again if request.form.get("then") == "more" else directive_url(directive_id), 303)


def _task_page(directive: Any, form: Form, status: int, to_confirm: Echo | None = None) -> ResponseReturnValue:
    html = render_template(
        "tasks/new_task.html",
        form=form,
        directive=directive,
        directive_href=directive_url(directive.id),
        kinds=KINDS,
        rhythms=[("", _("Theo lời văn thời hạn"))] + [(each.code, each.name) for each in RHYTHMS.values()],
        units=[(unit.id, unit.name) for unit in below(me().province_path) if unit.kind not in COMMUNE_KINDS],
        echo=to_confirm,
    )
    return html, status


class Star(Input):
    """Whether the task is one of focus, and the assignment from whose page it was marked."""

    starred = Flag()
    assignment_id = Number(required=False)


@pages.post("/tasks/<int:task_id>/star")
@open_to(*sorted(roles_for(Deed.RECORD_DIRECTIVE)))
def star(task_id: int) -> ResponseReturnValue:
    """Mark a task as one of focus, or no longer; open to those who record directives."""
    task = queries.task(me(), task_id)
    typed = Star.read({key: value for key, value in request.form.items() if value})
    directive_id = task.directive_id
    giving.star(task, typed["starred"], by=me(), now=now())
    flash(_("Đã gắn sao.") if typed["starred"] else _("Đã bỏ sao."), "done")
    one = typed["assignment_id"]
    return redirect(url_for("tasks.assignment", assignment_id=one) if one else directive_url(directive_id), 303)


class OffZalo(Input):
    """Whether Zalo may name the task, and the assignment from whose page it was said."""

    unnamed = Flag()
    assignment_id = Number()


@pages.post("/tasks/<int:task_id>/zalo")
@open_to(*sorted(roles_for(Deed.RECORD_DIRECTIVE)))
def off_zalo(task_id: int) -> ResponseReturnValue:
    """Let messages by Zalo only count the task, or name it again; open to those who record directives."""
    task, typed = queries.task(me(), task_id), OffZalo.read(request.form)
    giving.leave_unnamed(task, typed["unnamed"], by=me(), now=now())
    said = _("Tin Zalo từ nay chỉ nêu số lượng, không nêu nhiệm vụ này.")
    flash(said if typed["unnamed"] else _("Tin Zalo từ nay lại nêu nhiệm vụ này."), "done")
    return redirect(url_for("tasks.assignment", assignment_id=typed["assignment_id"]), 303)


class Assigning(Input):
    """Which tasks to which units; `scope` takes all communes or one cluster, `units` adds single ones."""

    tasks = Many(Number())
    scope = Text(max=120, required=False)
    units = Many(Number())
    step = Choice(("check", "assign"), required=False)


@pages.route("/directives/<int:directive_id>/assignments", methods=["GET", "POST"])
@open_to(*sorted(roles_for(Deed.ASSIGN)))
def assign(directive_id: int) -> ResponseReturnValue:
    """Assign tasks to units: choose, see what it comes to, assign; open to provincial issuers."""
    directive = queries.directive(me(), directive_id)
    tasks = [row.Task for row in queries.tasks_of(directive_id, me(), this_day())]
    units = below(me().province_path)
    if request.method == "GET":
        return _assign_page(directive, tasks, units, Form(), 200)
    try:
        typed = Assigning.read(request.form)
        chosen = [task for task in tasks if task.id in typed["tasks"]]
        taking = _taking(units, typed["scope"], typed["units"])
        if not chosen or not taking:
            wrong = {} if chosen else {"tasks": _("Chọn ít nhất một nhiệm vụ.")}
            raise Invalid(wrong | ({} if taking else {"scope": _("Chọn ít nhất một đơn vị.")}))
        if typed["step"] != "assign":
            return _check_page(directive, chosen, taking)
        fan_out = giving.assign(chosen, taking, by=me(), now=now())
    except (Invalid, Refused) as error:
        return _assign_page(directive, tasks, units, Form.typed(request.form, error), error.status)
    minutes = settings().fan_out_undo_minutes
    flash(_("Đã giao. Có thể hoàn tác trong %(n)s phút ở trang giao nhiệm vụ.", n=minutes), "done")
    return redirect(directive_url(fan_out.directive_id), 303)


def _taking(units: Sequence[Unit], scope: str, unit_ids: list[int]) -> list[Unit]:
    """The units that are meant, each once, in the order of the tree."""
    return [
        unit
        for unit in units
        if unit.id in unit_ids
        or (unit.kind in COMMUNE_KINDS and (scope == "all" or (unit.cluster and scope == f"cluster:{unit.cluster}")))
    ]


def undoable(directive_id: int) -> FanOut | None:
    """The last fan-out of a directive while it can still be undone."""
    latest = queries.latest_fan_out(directive_id)
    minutes = settings().fan_out_undo_minutes
    return latest if latest is not None and now() - latest.at <= timedelta(minutes=minutes) else None


def _assign_page(
    directive: Any, tasks: Sequence[Task], units: Sequence[Unit], form: Form, status: int
) -> ResponseReturnValue:
    words = fold(request.args.get("q", "")).split()
    listed = [unit for unit in units if unit.kind != "province" and all(word in unit.search_text for word in words)]
    communes = [unit for unit in units if unit.kind in COMMUNE_KINDS]
    clusters = sorted({unit.cluster for unit in communes if unit.cluster})
    html = render_template(
        "tasks/assign.html",
        form=form,
        directive=directive,
        directive_href=directive_url(directive.id),
        tasks=[(task.id, f"{task.ordinal} {task.content}".strip(), _due_words(task)) for task in tasks],
        scopes=[("all", _("Tất cả %(n)s xã, phường", n=count(len(communes)))), ("", _("Chỉ các đơn vị chọn ở dưới"))]
        + [(f"cluster:{name}", name) for name in clusters],
        units=[
            (unit.id, unit.name)
            for unit in sorted(listed, key=lambda each: (each.kind in COMMUNE_KINDS, each.sort_key))
        ],
        undo=undoable(directive.id),
        q=request.args.get("q", ""),
    )
    return html, status


def _due_words(task: Task) -> str:
    said = f"«{task.due_text}» · " if task.due_text else ""
    return said + (long_date(task.due_on) if task.due_on else LABELS[Kind(task.kind)])


def _check_page(directive: Any, tasks: Sequence[Task], units: Sequence[Unit]) -> ResponseReturnValue:
    """What the choice comes to before it is done, with due dates that fall on days off or have passed."""
    day = this_day()
    off = [
        (task.content, long_date(task.due_on), long_date(counted))
        for task in tasks
        if task.due_on
        and (counted := effective_due(task.due_on, day.calendar, day.policy))
        and counted != task.due_on
    ]
    past = [(task.content, long_date(task.due_on)) for task in tasks if task.due_on and task.due_on < day.on]
    return render_template(
        "tasks/assign_check.html",
        directive=directive,
        tasks=tasks,
        units=units,
        product=_(
            "%(tasks)s việc × %(units)s đơn vị = %(all)s",
            tasks=count(len(tasks)),
            units=count(len(units)),
            all=count(len(tasks) * len(units)),
        ),
        off=off,
        past=past,
    )


@pages.post("/fan-outs/<int:fan_out_id>/undoing")
@open_to(*sorted(roles_for(Deed.ASSIGN)))
def undo(fan_out_id: int) -> ResponseReturnValue:
    """Take a fan-out back while that is possible; open to provincial issuers."""
    fan_out = queries.fan_out(me(), fan_out_id)
    directive_id = fan_out.directive_id
    try:
        number = giving.undo(fan_out, by=me(), now=now(), minutes=settings().fan_out_undo_minutes)
    except Refused as error:
        flash(error.sentence, "err")
    else:
        flash(_("Đã hoàn tác: %(n)s lượt giao được rút lại.", n=count(number)), "done")
    return redirect(directive_url(directive_id), 303)
