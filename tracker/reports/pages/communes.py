"""The communes: all of them in one table with what makes the comparison fair, one by itself, and against tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.queries import last_seen
from tracker.clock import today
from tracker.directives.queries import directive as directive_of
from tracker.errors import NotFound
from tracker.reports.documents.facts import silences_of
from tracker.reports.pages.shared import OVER_ALL, box_links, day_of, here, me, pages, settings, weekly
from tracker.reports.queries import (
    Lateness,
    Scope,
    average,
    by_unit,
    figures,
    lateness,
    longest_overdue,
    matrix,
    review_delays,
    tally_of,
)
from tracker.rules.access import Deed, may
from tracker.rules.deadlines import TIME_LABELS, TimeStatus
from tracker.rules.ranking import REVIEW_PATIENCE_DAYS, ranks
from tracker.rules.rates import Rate, Tally, rates
from tracker.tasks.queries import Day, directives_known
from tracker.units.models import Unit
from tracker.units.queries import by_code, communes
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Input, Number


@dataclass(frozen=True)
class Standing:
    """One commune in the table of all: its tally, days of its oldest delay, what explains it, its last sign-in."""

    unit: Unit
    tally: Tally
    days: int
    late: Lateness
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
    "late": lambda row: -(row.late.median_days or 0),
    "extensions": lambda row: -row.late.extensions,
}


class CommuneOrder(Input):
    """How the table of communes is ordered."""

    sort = Choice(["name", *ORDERS], required=False)
    show = Choice(["overdue"], required=False)


@pages.get("/communes", endpoint="communes")
@open_to(*OVER_ALL)
def all_communes() -> ResponseReturnValue:
    """All communes with their boxes, rate, delays and last sign-in, and the province's own; open to the province."""
    asked = CommuneOrder.read(request.args)
    unit, day = here(), day_of(today())
    everyone = _standings(unit, day)
    rows = [row for row in everyone if row.tally.open_overdue or not asked["show"]]
    if asked["sort"] in ORDERS:
        rows.sort(key=ORDERS[asked["sort"]])
    minimum = settings().rates_ranking_minimum
    return render_template(
        "reports/communes.html",
        rows=rows,
        sort=asked["sort"] or "name",
        show=asked["show"],
        ranks=ranks({row.unit.id: row.rate for row in everyone}, minimum),
        minimum=minimum,
        total=tally_of(Scope(unit), day, today=day.on),
        delays=review_delays(unit.path, day),
        patience=REVIEW_PATIENCE_DAYS,
        may_copy=may(current_user.role, Deed.NUDGE),
    )


def _standings(whole: Unit, day: Day) -> list[Standing]:
    oldest, seen = longest_overdue(whole.path, day), last_seen(whole.path)
    late = lateness(Scope(whole), day, today=day.on)
    tallies = by_unit(Scope(whole), day, today=day.on)
    return [
        Standing(
            unit,
            tallies.get(unit.id, Tally()),
            (day.on - oldest[unit.id]).days if unit.id in oldest else 0,
            late.get(unit.id, Lateness()),
            seen.get(unit.id),
        )
        for unit in communes(whole.path)
    ]


@pages.get("/communes/<code>")
@open_to(*OVER_ALL)
def commune(code: str) -> ResponseReturnValue:
    """One commune's figures, read-only; open to the province."""
    unit = by_code(code)
    if not unit.path.startswith(current_user.unit_path):
        raise NotFound("Không tìm thấy đơn vị này.")
    day = day_of(today())
    counted = figures(Scope(unit), day, today=day.on)
    headline = settings().rates_headline
    return render_template(
        "reports/commune.html",
        unit=unit,
        figures=counted,
        rate=rates(counted.tally)[headline],
        average=average(current_user.province_path, day, today=day.on, headline=headline),
        links=box_links(unit),
        weeks=weekly(unit, day),
        silences=silences_of(Scope(unit), day),
        may_copy=may(current_user.role, Deed.NUDGE),
    )


CELLS = {
    TimeStatus.DONE_ON_TIME: ("done", "✓"),
    TimeStatus.DONE_NO_DEADLINE: ("done", "✓"),
    TimeStatus.DONE_LATE: ("late", "M"),
    TimeStatus.OVERDUE: ("overdue", "Q"),
    TimeStatus.DUE_TODAY: ("today", "H"),
    TimeStatus.DUE_SOON: ("soon", "S"),
    TimeStatus.IN_TERM: ("doing", "·"),
    TimeStatus.NO_DEADLINE: ("doing", "–"),
}
"""How a cell of the matrix looks: its colour and the letter that says the same without colour."""


class MatrixAsked(Input):
    """Which directive the matrix is about; without one it shows all tasks, the worst first."""

    directive = Number(required=False)


@pages.get("/communes-by-task", endpoint="matrix")
@open_to(*OVER_ALL)
def communes_by_task() -> ResponseReturnValue:
    """Communes × tasks, of one directive or of all; open to the province."""
    asked = MatrixAsked.read(request.args)["directive"]
    paper = directive_of(me(), asked) if asked else None
    unit, on = here(), today()
    return render_template(
        "reports/matrix.html",
        table=matrix(Scope(unit, paper), day_of(on), today=on),
        paper=paper,
        papers=_papers(),
        cells=CELLS,
        labels=TIME_LABELS,
        linked=current_user.role != "administrator",
    )


def _papers() -> Sequence[Any]:
    return directives_known(me())
