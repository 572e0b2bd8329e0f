"""«Việc của xã», «Việc của tôi»: what a unit, or one of its officers, must do today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.clock import now
from tracker.reminders.queries import last_reminded
from tracker.rules.access import OF_UNIT, Deed, Role, may
from tracker.rules.lifecycle import WITH_UNIT, State
from tracker.rules.offers import SELDOM, offers
from tracker.rules.rates import Box, Rate, Tally
from tracker.rules.sentences import short_date
from tracker.tasks import queries
from tracker.tasks.pages.shared import button, chip_of, counted_to, me, pages, situation_of, this_day
from tracker.tasks.queries import Day, Filters
from tracker.web.access import open_to

COUNTED_VIEWS = {
    "overdue": (_l("Quá hạn"), "triangle-alert"),
    "today": (_l("Hôm nay"), "alarm-clock"),
    "soon": (_l("7 ngày tới"), "clock"),
    "review": (_l("Chờ duyệt"), "hourglass"),
}
STRIP_DAYS = 14
AVERAGE_KEPT = timedelta(minutes=10)


@pages.get("/work")
@open_to(*sorted(OF_UNIT))
def work() -> ResponseReturnValue:
    """What waits today; open to people of units that do the work."""
    user, moment = me(), now()
    day = this_day(moment)
    mine = user.person_id if user.role == Role.COMMUNE_OFFICER else None
    scope: dict[str, Any] = {"unit": user.unit_id} | ({"officer": mine} if mine else {})
    counts = queries.view_counts(user, Filters(unit_path=user.unit_path, officer_id=mine), day)
    urgent = queries.urgent(user, day, officer_id=mine)
    coming = queries.coming(user, day, officer_id=mine)
    return render_template(
        "tasks/work.html",
        moment=moment,
        reminded_at=last_reminded(user.unit_id, moment.date()),
        leading=user.role == Role.COMMUNE_LEADER,
        counts=[_count(view, counts, scope) for view in COUNTED_VIEWS],
        more_urgent=url_for("tasks.assignments", view="todo", **scope),
        urgent=_cards(urgent, user.role, day),
        said=queries.latest_progress([row.id for row in urgent]),
        coming=[_card(row, day) for row in coming],
        nothing_urgent=_nothing_urgent(coming),
        all_coming=url_for("tasks.assignments", view="soon", **scope),
        results=_results(user.unit_id, user.unit_path, day),
        average=_average(user.province_path, moment),
        days=_days(day, mine, scope),
        answers=queries.answers(user),
    )


def _count(view: str, counts: dict[str, int], scope: dict[str, Any]) -> dict[str, Any]:
    label, icon = COUNTED_VIEWS[view]
    href = url_for("tasks.assignments", view=view, **scope)
    return {"key": view, "label": label, "icon": icon, "number": counts[view], "href": href}


def _cards(rows: Any, role: Role, day: Day) -> list[dict[str, Any]]:
    """Each pressing assignment with at most two buttons; a new one is received without leaving the page."""
    return [
        _card(row, day, [deed for deed in offers(situation_of(row, day), role) if deed not in SELDOM][:2])
        for row in rows
    ]


def _card(row: Any, day: Day, deeds: Sequence[Deed] = ()) -> dict[str, Any]:
    return {
        "row": row,
        "chip": chip_of(row, day),
        "counted": counted_to(row, day),
        "buttons": [button(deed, row, day) for deed in deeds if deed is not Deed.RECEIVE],
        "receive": Deed.RECEIVE in deeds,
        "to_copy": _urges(row),
        "waiting": row.with_leader_at if row.state == State.IN_PROGRESS else None,
    }


def _urges(row: Any) -> bool:
    """Whether a leader might remind the officer of it: what the officer has handed up waits for the leader."""
    with_officer = row.state in WITH_UNIT and row.officer_id is not None and row.with_leader_at is None
    return with_officer and may(me().role, Deed.URGE)


def _nothing_urgent(coming: Sequence[Any]) -> str:
    if not coming:
        return str(_("Không có việc cần xử lý ngay."))
    first = coming[0].due_on
    number = sum(1 for row in coming if row.due_on == first)
    said = _("Không có việc cần xử lý ngay. Hạn gần nhất: %(day)s (%(n)s việc).", day=short_date(first), n=number)
    return str(said)


def _results(unit_id: int, unit_path: str, day: Day) -> dict[str, Any]:
    """The unit's boxes, each with the address of exactly the rows it counts."""
    numbers = queries.box_counts(unit_path, day)
    tally = Tally(**numbers)
    links = {box.value: url_for("tasks.assignments", unit=unit_id, box=box.value) for box in Box}
    return {"tally": tally, "rate": Rate(tally.done, tally.total), "links": links}


def _average(province_path: str, moment: datetime) -> Rate:
    """R1 of the whole province, asked at most every ten minutes: it is a mark to compare with, not a figure."""
    kept: dict[str, tuple[datetime, Rate]] = current_app.extensions.setdefault("tasks_averages", {})
    found = kept.get(province_path)
    if found is None or not timedelta(0) <= moment - found[0] < AVERAGE_KEPT:
        found = kept[province_path] = (moment, Rate(*queries.completion(province_path)))
    return found[1]


def _days(day: Day, officer_id: int | None, scope: dict[str, Any]) -> list[dict[str, Any]]:
    """Two weeks of due dates from this week's Monday."""
    monday = day.on - timedelta(days=day.on.weekday())
    due = queries.due_per_day(me(), monday, STRIP_DAYS, officer_id=officer_id)
    strip = []
    for on in (monday + timedelta(days=n) for n in range(STRIP_DAYS)):
        written = on.isoformat()
        href = url_for("tasks.assignments", view="open", due_from=written, due_until=written, **scope)
        strip.append(
            {
                "day": on,
                "number": due.get(on, 0),
                "href": href,
                "off": not day.calendar.is_working(on),
                "today": on == day.on,
            }
        )
    return strip
