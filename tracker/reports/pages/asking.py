"""What the address of a report may ask for: a unit, a directive, a period, a day and a breakdown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.clock import today
from tracker.directives.queries import directive as directive_of
from tracker.errors import Invalid
from tracker.reports.pages.shared import day_of, here, me
from tracker.reports.queries import BREAKDOWNS, Line, Scope
from tracker.rules.access import OF_UNIT, Role
from tracker.rules.periods import Period, asked, cutoff_in, free
from tracker.tasks.queries import NONE, Day
from tracker.units.queries import within
from tracker.web.inputs import Choice, Input, Number, Text
from tracker.web.inputs import Day as DayField


class Wanted(Input):
    """What a report is about. A period is a code of rules.periods, or two days."""

    unit = Number(required=False)
    directive = Number(required=False)
    period = Text(max=40, required=False)
    start = DayField(required=False)
    as_of = DayField(required=False)
    by = Choice(BREAKDOWNS, required=False)


@dataclass(frozen=True)
class Asked:
    """The scope, the day and the breakdown that an address asks for."""

    scope: Scope
    day: Day
    by: str

    def list_url(self, **more: Any) -> str:
        """The list that a number of this report counts, narrowed further."""
        if current_user.role == Role.ADMINISTRATOR:
            return ""
        scope, period = self.scope, self.scope.period
        where = {
            "unit": scope.unit.id,
            "directive": scope.directive.id if scope.directive else None,
            "as_of": self.day.on.isoformat() if self.day.on < today() else None,
            "start": period.start.isoformat() if period else None,
        }
        return url_for("tasks.assignments", **{name: value for name, value in (where | more).items() if value})

    def line_url(self, line: Line, box: str) -> str:
        """The list behind one number of one line of the breakdown."""
        return self.list_url(box=box, **_narrowing(self.by, line))


def _narrowing(by: str, line: Line) -> dict[str, str]:
    """What narrows a list to one line of a breakdown."""
    if by == "week":
        if line.id == NONE:
            return {"without_due": "1"}
        monday = date.fromisoformat(line.id)
        return {"due_from": line.id, "due_until": (monday + timedelta(days=6)).isoformat()}
    return {{"commune": "lead", "department": "issuer", "cause": "difficulty"}.get(by, by): line.id}


def asked_for(arguments: Any = None) -> Asked:
    """What the address asks for. Raises Invalid with each complaint at its field, NotFound for what is not theirs."""
    wanted = Wanted.read(request.args if arguments is None else arguments)
    unit = within(current_user.unit_path, wanted["unit"] or current_user.unit_id)
    paper = directive_of(me(), wanted["directive"]) if wanted["directive"] else None
    period, as_of = _period(wanted)
    return Asked(Scope(unit, paper, period), day_of(as_of), wanted["by"] or usual_breakdown())


def usual_breakdown() -> str:
    """What is asked most: a unit by its papers, a province by its units."""
    return "directive" if current_user.role in OF_UNIT else "commune"


def usual() -> Asked:
    """The report of today over everything of one's own."""
    return Asked(Scope(here()), day_of(today()), usual_breakdown())


def _period(wanted: dict[str, Any]) -> tuple[Period | None, date]:
    """The period and the day of its figures; a day alone asks for all that was ever assigned by then."""
    if wanted["as_of"] and wanted["as_of"] > today():
        raise Invalid({"as_of": _("Ngày chốt số liệu không được sau hôm nay.")})
    if wanted["period"] and wanted["start"]:
        raise Invalid({"start": _("Chọn kỳ báo cáo hoặc nhập ngày đầu kỳ, không cả hai.")})
    if wanted["period"]:
        one = asked(wanted["period"], wanted["as_of"] or today())
        return one, cutoff_in(one, wanted["as_of"], today())
    as_of = wanted["as_of"] or today()
    return (free(wanted["start"], as_of) if wanted["start"] else None), as_of
