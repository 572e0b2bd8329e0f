"""«Giao ban»: the page before the weekly meeting, one screen, every figure a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.clock import now, today
from tracker.reports.pages.shared import OVER_ALL, WEEKS, box_links, day_of, here, pages, weekly
from tracker.reports.queries import Hindered, Scope, by_commune, figures, hindered, longest_overdue
from tracker.rules.causes import CAUSES
from tracker.rules.rates import Rate, Tally, rates
from tracker.tasks.queries import Day, Filters, reviews, view_counts
from tracker.units.models import Unit
from tracker.web.access import open_to

PATIENCE_WORKING_DAYS = 3
LONG_OVERDUE_DAYS = 30
MANY_UNITS = 10
SHOWN = 6


@dataclass(frozen=True)
class Concern:
    """A commune that needs attention: how many overdue, how old the oldest, how it changed in a week."""

    unit: Unit
    tally: Tally
    rate: Rate
    days: int
    change: int


@pages.get("/briefing")
@open_to(*OVER_ALL)
def briefing() -> ResponseReturnValue:
    """The page before the weekly meeting; open to the province."""
    unit, on = here(), today()
    day, week_ago = day_of(on), day_of(on - timedelta(days=7))
    counted = figures(Scope(unit), day, today=on)
    before = figures(Scope(unit), week_ago, today=on)
    views = view_counts(current_user, Filters(), day)
    waiting = [row for row in reviews(current_user, limit=1000) if _waits_long(row.sent_at.date(), day)]
    concerns = _concerns(unit, day, week_ago)
    problems = hindered(unit.path, day)
    weeks = [day_of(on - timedelta(days=7 * n)) for n in reversed(range(WEEKS))]
    return render_template(
        "reports/briefing.html",
        figures=counted,
        before=before,
        rates=rates(counted.tally),
        rates_before=rates(before.tally),
        views=views,
        long_waiting=len(waiting),
        concerns=concerns[:SHOWN],
        problems=problems,
        causes=CAUSES,
        proposals=_proposals(concerns, problems, len(waiting)),
        weeks=weekly(unit, weeks),
        links=box_links(unit),
        unit=unit,
        moment=now(),
        week=on.isocalendar().week,
    )


def _waits_long(sent_on: date, day: Day) -> bool:
    return day.calendar.working_days_between(sent_on, day.on) > PATIENCE_WORKING_DAYS


def _concerns(whole: Unit, day: Day, week_ago: Day) -> list[Concern]:
    """The communes with anything overdue, most first, then the longest."""
    oldest = longest_overdue(whole.path, day)
    before = {unit.id: tally for unit, tally in by_commune(Scope(whole), week_ago, today=day.on)}
    found = [
        Concern(
            unit,
            tally,
            rates(tally)["R1"],
            (day.on - oldest[unit.id]).days if unit.id in oldest else 0,
            tally.open_overdue - before.get(unit.id, Tally()).open_overdue,
        )
        for unit, tally in by_commune(Scope(whole), day, today=day.on)
        if tally.open_overdue
    ]
    return sorted(found, key=lambda one: (-one.tally.open_overdue, -one.days, one.unit.sort_key))


def _proposals(concerns: Sequence[Concern], problems: Sequence[Hindered], waiting: int) -> list[dict[str, str]]:
    """What the figures suggest to direct: a common cause, a long delay, a queue at the province's own door."""
    said = []
    for problem in problems:
        if problem.units >= MANY_UNITS and problem.cause:
            said.append(
                {
                    "text": _(
                        "Tháo gỡ chung «%(cause)s» cho nhiệm vụ «%(task)s»: %(n)s đơn vị quá hạn.",
                        cause=CAUSES[problem.cause],
                        task=problem.content[:80],
                        n=problem.units,
                    ),
                    "href": url_for("tasks.assignments", task=problem.task_id, box="open_overdue"),
                }
            )
    slow = [one for one in concerns if one.days > LONG_OVERDUE_DAYS][:3]
    if slow:
        names = ", ".join(one.unit.short_name for one in slow)
        said.append(
            {
                "text": _("%(names)s giải trình nhiệm vụ quá hạn trên %(n)s ngày.", names=names, n=LONG_OVERDUE_DAYS),
                "href": url_for("tasks.assignments", view="overdue"),
            }
        )
    if waiting:
        said.append(
            {
                "text": _("Cấp tỉnh duyệt %(n)s kết quả chờ quá 3 ngày làm việc.", n=waiting),
                "href": url_for("tasks.reviews"),
            }
        )
    return said[:4]
