"""Where each role can go: one table, read by the header, the phone's tabs and the start page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _

from tracker.rules.access import PROVINCIAL, Role


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; `endpoint` is the page it opens, a list in its ready-made `view`."""

    endpoint: str
    label: str
    icon: str
    view: str | None = None


@dataclass(frozen=True)
class Link:
    """A place as the page shows it."""

    href: str
    label: str
    icon: str
    current: bool


_BRIEFING = Place("reports.briefing", _("Giao ban"), "layout-dashboard")
_TASKS = Place("tasks.assignments", _("Nhiệm vụ"), "list-checks", view="todo")
_REVIEWS = Place("tasks.reviews", _("Chờ duyệt"), "hourglass")
_COMMUNES = Place("reports.communes", _("Xã, phường"), "building-2")
_DIRECTIVES = Place("directives.index", _("Văn bản"), "file-text")
_REPORT = Place("reports.report", _("Báo cáo"), "chart-column")
_WORK = Place("tasks.work", _("Việc của xã"), "house")
_MINE = Place("tasks.work", _("Việc của tôi"), "house")
_PEOPLE = Place("accounts.people", _("Người dùng"), "users")
_UNITS = Place("units.index", _("Đơn vị"), "building-2")
_OUTBOX = Place("reminders.outbox", _("Hộp gửi"), "mail")
_START = Place("accounts.start", _("Bắt đầu"), "house")

_PROVINCE = (_BRIEFING, _TASKS, _REVIEWS, _COMMUNES, _DIRECTIVES, _REPORT)
PLACES: dict[Role, tuple[Place, ...]] = {
    Role.COMMUNE_LEADER: (_WORK, _TASKS, _DIRECTIVES, _REPORT),
    Role.COMMUNE_OFFICER: (_MINE, _TASKS, _DIRECTIVES, _REPORT),
    Role.ADMINISTRATOR: (_START, _UNITS, _PEOPLE, _DIRECTIVES, _REPORT, _OUTBOX),
    Role.VIEWER: (_BRIEFING, _TASKS, _COMMUNES, _DIRECTIVES, _REPORT),
    Role.LEADER: (_BRIEFING, _TASKS, _COMMUNES, _DIRECTIVES, _REPORT),
    **{role: _PROVINCE for role in PROVINCIAL - {Role.LEADER}},
}


def links(role: Role) -> list[Link]:
    """The navigation of a role, with the place marked that the open page belongs to."""
    places = [place for place in PLACES[role] if place.endpoint in current_app.view_functions]
    here = _above(places, request.path) or _nearest(places, request.endpoint or "")
    return [_link(place, place == here) for place in places]


def _link(place: Place, current: bool) -> Link:
    return Link(url_for(place.endpoint, view=place.view), str(place.label), place.icon, current)


def _above(places: Sequence[Place], path: str) -> Place | None:
    """The place below whose address the page lies, the nearest one where there are several."""
    reached = {url_for(place.endpoint): place for place in places}
    below = [address for address in reached if path.startswith(address)]
    return reached[max(below, key=len)] if below else None


def _nearest(places: Sequence[Place], endpoint: str) -> Place | None:
    """The place itself, the list that a record's page belongs to, else the first place of the same domain."""
    domain = endpoint.partition(".")[0] + "."
    own = [place for place in places if place.endpoint.startswith(domain)]
    lists = [place for place in own if endpoint.startswith(place.endpoint.removesuffix("s"))]
    return next(iter(lists or own), None)


def start_page(role: Role) -> str:
    """Where a role begins: the answer before the menu."""
    return url_for(PLACES[role][0].endpoint)
