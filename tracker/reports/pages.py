"""Giao ban, the communes, the report: figures that are links, sentences ready to copy, files of the same value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any, cast

from flask import Blueprint, current_app, jsonify, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.queries import last_seen
from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.directives.queries import directive as directive_of
from tracker.errors import Invalid, NotFound
from tracker.reports.files import as_csv, as_xlsx
from tracker.reports.queries import (
    Hindered,
    Scope,
    average,
    by_commune,
    by_directive,
    by_unit,
    figures,
    hindered,
    longest_overdue,
    overdue_on,
)
from tracker.rules.access import OF_UNIT, PROVINCIAL, Role
from tracker.rules.causes import CAUSES
from tracker.rules.rates import BOX_LABELS, RATE_FORMULAS, RATE_NAMES, Box, Rate, Tally, rates
from tracker.settings import Settings
from tracker.tasks.queries import Day, Filters, reviews, targets, view_counts
from tracker.units.models import Unit
from tracker.units.queries import by_code, communes, within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Form, Input, Number
from tracker.web.inputs import Day as DayField

pages = Blueprint("reports", __name__)
OVER_ALL = (*sorted(PROVINCIAL), Role.VIEWER, Role.ADMINISTRATOR)
WEEKS = 12
PATIENCE_WORKING_DAYS = 3
LONG_OVERDUE_DAYS = 30
MANY_UNITS = 10
SHOWN = 6


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _day(on: date) -> Day:
    return Day(on, working_calendar(), _settings().policy)


def _province() -> Unit:
    """The unit whose subtree a provincial person looks at: their own, a whole province or one department."""
    return within(current_user.unit_path, current_user.unit_id)


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
    here, on = _province(), today()
    day = _day(on)
    week_ago = _back(day, 1)
    counted = figures(Scope(here), day, today=on)
    before = by_unit(Scope(here), week_ago, today=on)
    before_all = Tally.of_all(before.values())
    views = view_counts(current_user, Filters(), day)
    waiting = [row for row in reviews(current_user, limit=1000) if _waits_long(row.sent_at.date(), day)]
    concerns = _concerns(here, day, before)
    problems = hindered(here.path, day)
    return render_template(
        "reports/briefing.html",
        figures=counted,
        before=before_all,
        rates=rates(counted.tally),
        rates_before=rates(before_all),
        views=views,
        long_waiting=len(waiting),
        concerns=concerns[:SHOWN],
        problems=problems,
        causes=CAUSES,
        proposals=_proposals(concerns, problems, len(waiting)),
        weeks=_weekly(here, day),
        links=_box_links(here),
        unit=here,
        moment=now(),
        week=on.isocalendar().week,
    )


def _waits_long(sent_on: date, day: Day) -> bool:
    return day.calendar.working_days_between(sent_on, day.on) > PATIENCE_WORKING_DAYS


def _back(day: Day, weeks: int) -> Day:
    """The same day of the week so many weeks ago, under the calendar and policy of today."""
    return replace(day, on=day.on - timedelta(days=7 * weeks))


def _concerns(here: Unit, day: Day, before: Mapping[int, Tally]) -> list[Concern]:
    """The communes with anything overdue, most first, then the longest; `before` is a week ago, by unit."""
    oldest = longest_overdue(here.path, day)
    found = [
        Concern(
            unit,
            tally,
            rates(tally)["R1"],
            (day.on - oldest[unit.id]).days if unit.id in oldest else 0,
            tally.open_overdue - before.get(unit.id, Tally()).open_overdue,
        )
        for unit, tally in by_commune(Scope(here), day, today=day.on)
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


@dataclass(frozen=True)
class Point:
    """One point of a line: its label under the axis and its value."""

    label: str
    value: int


def _weekly(here: Unit, day: Day) -> dict[str, Any]:
    weeks = [_back(day, n) for n in reversed(range(WEEKS))]
    counts = overdue_on(here.path, weeks)
    points = [Point(f"T{day.on.isocalendar().week}", n) for day, n in zip(weeks, counts, strict=True)]
    highest = max(points, key=lambda point: point.value)
    words = _(
        "Quá hạn từ %(first)s ở %(from_week)s đến %(last)s ở %(to_week)s; cao nhất %(top)s ở %(top_week)s",
        first=points[0].value,
        from_week=points[0].label,
        last=points[-1].value,
        to_week=points[-1].label,
        top=highest.value,
        top_week=highest.label,
    )
    return {"points": points, "words": words}


def _box_links(unit: Unit) -> dict[str, str]:
    return {box.value: url_for("tasks.assignments", unit=unit.id, box=box.value) for box in Box}


@dataclass(frozen=True)
class Standing:
    """One commune in the table of all: its tally, days of its oldest delay, its last sign-in."""

    unit: Unit
    tally: Tally
    days: int
    seen: datetime | None

    @property
    def rate(self) -> Rate:
        """The headline of the table: done of all."""
        return rates(self.tally)["R1"]


ORDERS: dict[str, Callable[[Standing], Any]] = {
    "total": lambda row: -row.tally.total,
    "done": lambda row: -row.tally.done,
    "overdue": lambda row: (-row.tally.open_overdue, -row.days),
    "rate": lambda row: (row.rate.percent is None, row.rate.percent or 0),
    "waiting": lambda row: -row.tally.pending,
    "days": lambda row: -row.days,
}


class CommuneOrder(Input):
    """How the table of communes is ordered."""

    sort = Choice(["name", *ORDERS], required=False)
    show = Choice(["overdue"], required=False)


@pages.get("/communes", endpoint="communes")
@open_to(*OVER_ALL)
def all_communes() -> ResponseReturnValue:
    """All communes with their boxes, rate, oldest delay and last sign-in; open to the province."""
    asked = CommuneOrder.read(request.args)
    here, on = _province(), today()
    day = _day(on)
    oldest, seen = longest_overdue(here.path, day), last_seen(here.path)
    tallies = {unit.id: tally for unit, tally in by_commune(Scope(here), day, today=on)}
    rows = [
        Standing(
            unit,
            tallies.get(unit.id, Tally()),
            (on - oldest[unit.id]).days if unit.id in oldest else 0,
            seen.get(unit.id),
        )
        for unit in communes(here.path)
    ]
    if asked["show"]:
        rows = [row for row in rows if row.tally.open_overdue]
    if asked["sort"] in ORDERS:
        rows.sort(key=ORDERS[asked["sort"]])
    return render_template(
        "reports/communes.html",
        rows=rows,
        sort=asked["sort"] or "name",
        show=asked["show"],
        ranks=_ranks(rows, _settings().rates_ranking_minimum),
        minimum=_settings().rates_ranking_minimum,
        total=figures(Scope(here), day, today=on).tally,
    )


def _ranks(rows: Sequence[Standing], minimum: int) -> dict[int, int]:
    """The rank of each commune by its rate; equal rates share one, small denominators have none."""
    exact = {row.unit.id: Fraction(row.tally.done, row.tally.total) for row in rows if row.tally.total >= minimum}
    places = sorted(exact.values(), reverse=True)
    return {unit_id: places.index(rate) + 1 for unit_id, rate in exact.items()}


@pages.get("/communes/<code>")
@open_to(*OVER_ALL)
def commune(code: str) -> ResponseReturnValue:
    """One commune's figures, read-only; open to the province."""
    unit = by_code(code)
    if not unit.path.startswith(current_user.unit_path):
        raise NotFound("Không tìm thấy đơn vị này.")
    day = _day(today())
    counted = figures(Scope(unit), day, today=day.on)
    whole = average(current_user.province_path, day, today=day.on, headline=_settings().rates_headline)
    return render_template(
        "reports/commune.html",
        unit=unit,
        figures=counted,
        rate=rates(counted.tally)[_settings().rates_headline],
        average=whole,
        links=_box_links(unit),
        weeks=_weekly(unit, day),
    )


class Wanted(Input):
    """What a report is about: a unit, a directive, a period and a cut-off."""

    unit = Number(required=False)
    directive = Number(required=False)
    start = DayField(required=False)
    as_of = DayField(required=False)
    by = Choice(["commune", "directive"], required=False)


def _asked() -> tuple[Scope, Day, str]:
    """The scope, the day and the breakdown that the address asks for. Raises Invalid, NotFound."""
    asked = Wanted.read(request.args)
    root = current_user.unit_path
    unit = within(root, asked["unit"] or current_user.unit_id)
    paper = directive_of(current_user, asked["directive"]) if asked["directive"] else None
    as_of = asked["as_of"] or today()
    wrong = {}
    if as_of > today():
        wrong["as_of"] = _("Ngày chốt số liệu không được sau hôm nay.")
    if asked["start"] and asked["start"] > as_of:
        wrong["start"] = _("Ngày đầu kỳ không được sau ngày chốt số liệu.")
    if wrong:
        raise Invalid(wrong)
    return Scope(unit, paper, asked["start"]), _day(as_of), asked["by"]


def _lines(scope: Scope, day: Day, by: str) -> list[tuple[str, Tally]]:
    if by == "directive":
        return [(one.doc_symbol, tally) for one, tally in by_directive(scope, day, today=today())]
    return [(one.name, tally) for one, tally in by_commune(scope, day, today=today())]


@pages.get("/reports")
@open_to()
def report() -> ResponseReturnValue:
    """The report of a scope and a day: sentence, boxes, rates, breakdown, files; open to everybody signed in."""
    form = Form(request.args.to_dict())
    try:
        scope, day, by = _asked()
    except Invalid as error:
        form = Form(request.args.to_dict(), dict(error.fields), error.sentence)
        scope, day, by = Scope(within(current_user.unit_path, current_user.unit_id)), _day(today()), ""
    counted = figures(scope, day, today=today())
    one_unit = current_user.role in OF_UNIT
    page = render_template(
        "reports/report.html",
        form=form,
        figures=counted,
        scope=scope,
        by=by or ("directive" if one_unit else "commune"),
        lines=_lines(scope, day, by or ("directive" if one_unit else "commune")),
        rates=rates(counted.tally),
        names=RATE_NAMES,
        formulas=RATE_FORMULAS,
        labels=BOX_LABELS,
        boxes=list(Box),
        live=day.on == today() and scope.assigned_from is None,
        targets=targets(scope.unit.path, day.on) if scope.directive is None else [],
        units=[] if one_unit else [(unit.id, unit.name) for unit in communes(current_user.unit_path)],
        average=average(current_user.province_path, day, today=today(), headline=_settings().rates_headline),
        headline=_settings().rates_headline,
        query=request.args.to_dict(),
    )
    return page, 422 if form.errors else 200


@pages.get("/reports/figures.<kind>")
@open_to()
def file(kind: str) -> ResponseReturnValue:
    """The same value as JSON, CSV or Excel; open to everybody signed in."""
    scope, day, by = _asked()
    counted = figures(scope, day, today=today())
    name = f"So-lieu_{counted.unit_code}_{counted.as_of:%Y-%m-%d}.{kind}"
    if kind == "json":
        return jsonify(counted.as_json())
    lines = _lines(scope, day, by or "commune")
    if kind == "csv":
        return _download(as_csv(counted, lines), name, "text/csv; charset=utf-8")
    if kind == "xlsx":
        kind_of_book = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _download(as_xlsx(counted, lines, made_at=now()), name, kind_of_book)
    raise NotFound


def _download(content: bytes, name: str, media_type: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
