"""What all pages of figures share: the Blueprint, who looks at what, the day, and where a number leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.reports.queries import overdue_on
from tracker.rules.access import PROVINCIAL, Role
from tracker.rules.rates import Box
from tracker.settings import Settings
from tracker.tasks.queries import Day
from tracker.units.models import Unit
from tracker.units.queries import within

pages = Blueprint("reports", "tracker.reports.pages")
OVER_ALL = (*sorted(PROVINCIAL), Role.VIEWER, Role.ADMINISTRATOR)
WEEKS = 12


def me() -> User:
    """Who is signed in, as queries and actions want to be told."""
    return cast(User, current_user._get_current_object())


def settings() -> Settings:
    """The settings of the house."""
    return cast(Settings, current_app.extensions["settings"])


def day_of(on: date) -> Day:
    """A day with the calendar in force and the province's policy."""
    return Day(on, working_calendar(), settings().policy)


def here() -> Unit:
    """The unit whose subtree a person looks at: their own, a whole province or one department."""
    return within(current_user.unit_path, current_user.unit_id)


@dataclass(frozen=True)
class Point:
    """One point of a line: its label under the axis and its value."""

    label: str
    value: int


def back(day: Day, weeks: int) -> Day:
    """The same day of the week so many weeks ago, under the calendar and policy of today."""
    return replace(day, on=day.on - timedelta(days=7 * weeks))


def weekly(unit: Unit, day: Day) -> dict[str, Any]:
    """Overdue work at the end of each of the last weeks, as points of a line and in words."""
    weeks = [back(day, number) for number in reversed(range(WEEKS))]
    counts = overdue_on(unit.path, weeks)
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


def box_links(unit: Unit) -> dict[str, str]:
    """The list of today behind each box of a unit."""
    return {box.value: url_for("tasks.assignments", unit=unit.id, box=box.value) for box in Box}
