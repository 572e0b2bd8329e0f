"""«Nhiệm vụ»: the list of assignments with its views, filters, sorting and pages, and the same list as Excel."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from tracker.accounts.acting import User
from tracker.accounts.queries import officers
from tracker.clock import now, today
from tracker.errors import Invalid, NotFound, TrackerError
from tracker.reminders.copying import text_for_many, work_of
from tracker.rules.access import OF_UNIT, PROVINCIAL, Deed, Role, may, roles_for
from tracker.rules.causes import CAUSES
from tracker.rules.lifecycle import LABELS, Kind
from tracker.rules.periods import PART_LABELS, Part
from tracker.rules.rates import BOX_LABELS, Box
from tracker.rules.texts import fold
from tracker.tasks import actions, queries, workbook
from tracker.tasks.pages.shared import base_url, chip_of, counted_to, directives_url, me, pages, settings, this_day
from tracker.tasks.queries import BESIDE, NONE, SORTS, VIEWS, Day, Filters
from tracker.units.models import short_name
from tracker.units.queries import commune_names, within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Flag, Form, Input, Many, Number, Text
from tracker.web.inputs import Day as DayField
from tracker.web.paging import SIZES, Page, wanted

LOOKING = (*sorted(OF_UNIT | PROVINCIAL), Role.VIEWER)
LARGEST_EXPORT = 50_000
TO_COPY = frozenset({"overdue", "today", "soon"})
"""Lists whose rows somebody is to be reminded of."""
REMINDING = roles_for(Deed.NUDGE) | {Role.COMMUNE_LEADER}
VIEW_LABELS = {
    "todo": _l("Cần xử lý"),
    "overdue": _l("Quá hạn"),
    "today": _l("Hạn hôm nay"),
    "soon": _l("7 ngày tới"),
    "review": _l("Chờ duyệt"),
    "returned": _l("Trả lại"),
    "new": _l("Chưa tiếp nhận"),
    "open": _l("Đang thực hiện"),
    "done": _l("Hoàn thành"),
    "all": _l("Tất cả"),
}


class Narrowing(Input):
    """What the address of a list may say."""

    view = Choice(VIEWS, required=False)
    q = Text(max=200, required=False)
    unit = Number(required=False)
    directive = Number(required=False)
    task = Number(required=False)
    assigner = Number(required=False)
    officer = Number(required=False)
    kind = Choice(Kind, required=False)
    due_from = DayField(required=False)
    due_until = DayField(required=False)
    starred = Flag()
    difficulty = Choice([*CAUSES, NONE], required=False)
    box = Choice([*Box, *BESIDE], required=False)
    cluster = Text(max=100, required=False)
    upward = Flag()
    ids = Many(Number())
    as_of = DayField(required=False)
    start = DayField(required=False)
    part = Choice(Part, required=False)
    field = Text(max=100, required=False)
    issuer = Number(required=False)
    lead = Number(required=False)
    without_due = Flag()


def asked_of(user: User, args: MultiDict[str, str]) -> tuple[Filters, Form]:
    """The filters that the address asks for; a wrong one is complained of at its field and left out."""
    typed, form = Narrowing.narrowed(args)
    past = typed["as_of"] if typed["as_of"] and typed["as_of"] < today() else None
    return (
        Filters(
            view="all" if past else typed["view"] or "all",
            text=typed["q"],
            unit_path=within(user.province_path, typed["unit"]).path if typed["unit"] else "",
            directive_id=typed["directive"],
            task_id=typed["task"],
            assigner_id=typed["assigner"],
            officer_id=typed["officer"],
            kind=typed["kind"],
            due_from=typed["due_from"],
            due_until=typed["due_until"],
            starred=typed["starred"],
            difficulty=typed["difficulty"],
            box=typed["box"],
            cluster=typed["cluster"],
            upward=typed["upward"],
            ids=tuple(typed["ids"]),
            as_of=past,
            start=typed["start"],
            part=typed["part"],
            field=typed["field"],
            issuer_id=typed["issuer"],
            lead_id=typed["lead"],
            without_due=typed["without_due"],
        ),
        form,
    )


def order_asked() -> tuple[str, bool]:
    sort = request.args.get("sort", "")
    return (sort if sort in SORTS else "due"), request.args.get("desc") == "1"


@pages.get("/assignments")
@open_to(*LOOKING)
def assignments() -> ResponseReturnValue:
    """The list; open to everybody who works with tasks, each sees their own."""
    user = me()
    filters, form = asked_of(user, request.args)
    day = day_asked(filters)
    sort, descending = order_asked()
    number, size = wanted()
    counts = {} if filters.as_of else queries.view_counts(user, filters, day)
    rows = queries.listing(
        user, filters, day, sort=sort, descending=descending, limit=size, offset=(number - 1) * size
    )
    total = queries.listing_count(user, filters, day) if filters.as_of else counts[filters.view]
    page = Page(rows, number, size, total)
    shown = [_shown(row, day) for row in rows]
    choices = _choices(user, day)
    in_force = _in_force(form, choices)
    html = render_template(
        "tasks/assignments.html",
        form=form,
        page=page,
        rows=shown,
        views=_views(filters.view, counts) if counts else [],
        past=filters.as_of,
        now_href=_with(as_of=None, page=None),
        carried={name: form.values[name] for name in _CARRIED if form.values.get(name)},
        heads=_heads(sort, descending),
        sizes=[(each, _with(size=each, page=None)) for each in SIZES],
        in_force=in_force,
        without=[{"label": _("Bỏ lọc %(name)s", name=item["name"]), "href": item["href"]} for item in in_force],
        clear=url_for("tasks.assignments", view=filters.view),
        export=url_for("tasks.assignments_xlsx", **_now()),
        export_csv=url_for("tasks.assignments_csv", **_now()),
        may_receive=may(user.role, Deed.RECEIVE),
        proposals_href=url_for("tasks.proposals") if user.role in OF_UNIT | PROVINCIAL else "",
        may_nudge=may(user.role, Deed.NUDGE) or may(user.role, Deed.URGE),
        to_copy=_to_copy(shown) if shown and _may_be_reminded(filters, user) else "",
        give_href=directives_url() if may(user.role, Deed.ASSIGN) else "",
        choices=choices,
    )
    return html, 422 if form.errors else 200


def day_asked(filters: Filters) -> Day:
    """The day that the list is of: a past one when it is asked for, else today."""
    day = this_day()
    return replace(day, on=filters.as_of) if filters.as_of else day


_CARRIED = ("as_of", "start", "part", "field", "issuer", "lead", "without_due", "task", "assigner")
"""Conditions that come with a figure: a search keeps them."""


def _may_be_reminded(filters: Filters, user: User) -> bool:
    """Whether the list is one of work that still runs, and the person one of those who remind."""
    return filters.as_of is None and filters.view in TO_COPY and user.role in REMINDING


def _to_copy(shown: Sequence[dict[str, Any]]) -> str:
    """The rows of this page as a reminder for a group chat."""
    works = [work_of(each["row"], each["chip"].words) for each in shown]
    return text_for_many(works, now(), f"{base_url()}{url_for('tasks.assignments', view='overdue')}")


def _shown(row: queries.Row, day: Day) -> dict[str, Any]:
    """What the table and the card of one row say alike."""
    href = url_for("tasks.assignment", assignment_id=row.id)
    return {"row": row, "chip": chip_of(row, day), "counted": counted_to(row, day), "href": href}


def _now() -> dict[str, Any]:
    return {key: values for key, values in request.args.to_dict(flat=False).items() if any(values)}


def _with(**changes: Any) -> str:
    """This list under other conditions; None takes one away."""
    arguments = _now() | changes
    return url_for("tasks.assignments", **{key: value for key, value in arguments.items() if value is not None})


def _views(current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The ready-made lists; «Đang thực hiện» appears only to those who came to it from a figure."""
    shown = [view for view in VIEWS if view != "open" or current == "open"]
    return [
        {
            "href": _with(view=view, page=None),
            "label": VIEW_LABELS[view],
            "number": counts[view],
            "current": view == current,
        }
        for view in shown
    ]


def _heads(sort: str, descending: bool) -> dict[str, tuple[str, str]]:
    """For each sortable column its address, which turns the order round, and its present state."""
    heads = {}
    for each in SORTS:
        now_here = each == sort
        state = ("descending" if descending else "ascending") if now_here else ""
        turned = "1" if now_here and not descending else None
        heads[each] = (_with(sort=each, desc=turned, page=None), state)
    return heads


def _choices(user: User, day: Day) -> dict[str, list[tuple[Any, str]]]:
    """What each filter can be set to."""
    found: dict[str, list[tuple[Any, str]]] = {
        "directive": [(row.id, row.doc_symbol) for row in queries.directives_known(user)],
        "kind": [(kind.value, LABELS[kind]) for kind in Kind],
        "difficulty": [*CAUSES.items(), (NONE, _("Không nêu vướng mắc"))],
        "box": [*((box.value, BOX_LABELS[box]) for box in Box), *BESIDE.items()],
        "part": [(part.value, PART_LABELS[part]) for part in Part],
    }
    if user.role in OF_UNIT:
        found["officer"] = [(person.id, person.name) for person in officers(user.unit_id, day.on)]
    else:
        units = commune_names(user.province_path)
        found["unit"] = [(unit.id, short_name(unit.name)) for unit in units]
        found["cluster"] = [(name, name) for name in sorted({unit.cluster for unit in units if unit.cluster})]
    return found


_FIELDS = {
    "q": _l("Từ khóa"),
    "unit": _l("Đơn vị"),
    "cluster": _l("Cụm xã"),
    "directive": _l("Văn bản"),
    "task": _l("Một nhiệm vụ"),
    "assigner": _l("Đơn vị giao"),
    "officer": _l("Cán bộ"),
    "kind": _l("Loại"),
    "due_from": _l("Hạn từ"),
    "due_until": _l("Hạn đến"),
    "starred": _l("Gắn sao"),
    "difficulty": _l("Vướng mắc"),
    "box": _l("Kết quả"),
    "upward": _l("Kiến nghị của xã"),
    "ids": _l("Đã chọn"),
    "as_of": _l("Như vào hết ngày"),
    "start": _l("Kỳ từ ngày"),
    "part": _l("Nguồn"),
    "field": _l("Lĩnh vực"),
    "issuer": _l("Cơ quan giao văn bản"),
    "lead": _l("Đơn vị chủ trì"),
    "without_due": _l("Không có thời hạn"),
}


_BY_NUMBER = ("starred", "upward", "task", "assigner", "issuer", "lead", "without_due")
"""Conditions whose value says nothing to people."""


def _in_force(form: Form, choices: dict[str, list[tuple[Any, str]]]) -> list[dict[str, Any]]:
    """The conditions in force by name, each with the address of the list without it."""
    found = []
    for name, label in _FIELDS.items():
        value = form.values.get(name)
        if not value or name in form.errors:
            continue
        said = str(len(value)) if isinstance(value, list) else str(value)
        said = next((text for key, text in choices.get(name, []) if str(key) == value), said)
        plain = name in _BY_NUMBER or (name == "officer" and said == value)
        words = str(label) if plain else f"{label}: {said}"
        found.append({"label": words, "href": _with(**{name: None, "page": None}), "name": label})
    return found


@pages.get("/assignments.xlsx")
@open_to(*LOOKING)
def assignments_xlsx() -> ResponseReturnValue:
    """The same rows as the list shows, all pages of it, as Excel; open to whom the list is open."""
    user, moment = me(), now()
    filters, form = asked_of(user, request.args)
    day = day_asked(filters)
    if form.errors:
        raise Invalid(form.errors)
    sort, descending = order_asked()
    rows = queries.listing_streamed(user, filters, day, sort=sort, descending=descending, limit=LARGEST_EXPORT)
    file = tempfile.TemporaryFile()  # noqa: SIM115 – the answer is streamed from it and closes it
    workbook.write(file, _("Danh sách nhiệm vụ"), _scope(user, filters, form, day, moment), cells_of(rows, day))
    file.seek(0)
    name = f"{file_name(_('Nhiệm vụ'), VIEW_LABELS[filters.view])}_{moment:%Y-%m-%d_%H%M}.xlsx"
    return send_file(
        file,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=name,
    )


def _scope(user: User, filters: Filters, form: Form, day: Day, moment: datetime) -> list[str]:
    conditions = "; ".join(item["label"] for item in _in_force(form, _choices(user, day)))
    shown = f"{VIEW_LABELS[filters.view]}{'; ' + conditions if conditions else ''}"
    return [
        _("Phạm vi: %(unit)s. Lọc: %(shown)s.", unit=user.unit_name, shown=shown),
        _("Số liệu lúc %(at)s.", at=f"{moment:%H:%M %d/%m/%Y}"),
    ]


def file_name(*words: object) -> str:
    """The words of the screen as the name of a file: «Nhiem-vu-qua-han»."""
    return "-".join(fold(" ".join(str(word) for word in words)).split()).capitalize()


def cells_of(rows: Iterable[Any], day: Day) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows, start=1):
        yield (
            number,
            chip_of(row, day).words,
            row.due_on,
            row.original_due,
            row.extensions,
            row.unit_name,
            row.content,
            row.doc_symbol,
            row.officer_name,
            row.assigned_on,
            row.submitted_on,
            row.completed_on,
            row.updated_at,
            row.evidence_count,
            CAUSES.get(row.difficulty, ""),
        )


class Ticked(Input):
    """Rows of a list that were ticked."""

    ids = Many(Number())


@pages.post("/assignments/receipts")
@open_to(*sorted(roles_for(Deed.RECEIVE)))
def receipts() -> ResponseReturnValue:
    """Acknowledge all ticked assignments that are still new; open to people of units that do the work."""
    user, moment = me(), now()
    done, refused = 0, 0
    for assignment_id in Ticked.read(request.form)["ids"][: SIZES[-1]]:
        try:
            one = queries.assignment(user, assignment_id)
            actions.receive(one, by=user, now=moment, policy=settings().policy)
            done += 1
        except (NotFound, TrackerError):
            refused += 1
    if done:
        flash(_("Đã tiếp nhận %(n)s nhiệm vụ.", n=done), "done")
    if refused:
        flash(_("%(n)s nhiệm vụ không còn ở trạng thái «Mới giao» nên giữ nguyên.", n=refused), "warn")
    if not done and not refused:
        flash(_("Chưa chọn nhiệm vụ nào."), "warn")
    return redirect(url_for("tasks.assignments", view="new"), 303)
