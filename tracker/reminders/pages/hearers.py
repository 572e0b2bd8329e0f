"""«Ai nghe gì» on one of the coming days, by name: as it is reminded, or under a change that is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.clock import now
from tracker.errors import Invalid
from tracker.reminders.foreseeing import Heard, Hearing, Look, units_of
from tracker.reminders.pages.policy import READING, chosen, in_order, looked_at, manners, words
from tracker.reminders.pages.shared import pages
from tracker.reminders.queries import cadence_in_force
from tracker.rules.texts import fold, sort_key
from tracker.tasks.pages.shared import me, settings
from tracker.units.queries import commune_names
from tracker.web.access import open_to
from tracker.web.inputs import Day, Form, Input, Number, Text
from tracker.web.paging import Page, wanted

CHANNELS = {"inapp": _l("ứng dụng"), "email": _l("thư"), "zalo": "Zalo"}


class Asked(Input):
    """Which of the coming days, today unless said, all for one unit; and whom: words of a name or of a unit."""

    day = Day(required=False)
    unit = Number(required=False)
    q = Text(max=100, required=False)


@dataclass(frozen=True)
class Row:
    """What somebody would newly hear on the day, and what it is at present where a change is looked at."""

    day: date
    name: str
    units: str
    after: Heard | None
    before: Heard | None

    @cached_property
    def search(self) -> str:
        """What words are looked for in."""
        return fold(f"{self.name} {self.units}")

    @property
    def said(self) -> list[tuple[str, int]]:
        """What is said in words, and of how many assignments."""
        return [(words(rung), number) for rung, number in in_order(self.after.said)] if self.after else []

    @property
    def channels(self) -> str:
        """By which channels."""
        heard = self.after.channels if self.after else ()
        return ", ".join(str(label) for channel, label in CHANNELS.items() if channel in heard)

    @property
    def total(self) -> int:
        """Of how many assignments he or she would hear."""
        return self.after.said.total() if self.after else 0

    @property
    def present(self) -> int:
        """Of how many it is at present."""
        return self.before.said.total() if self.before else 0

    @property
    def is_new(self) -> bool:
        """Whether a change brings this person something on a day that brings nothing at present."""
        return bool(self.total) and not self.present

    @property
    def changes(self) -> bool:
        """Whether the change that is looked at means anything to this person."""
        return (self.after and (self.after.said, self.after.channels)) != (
            self.before and (self.before.said, self.before.channels)
        )


@pages.get("/reminding/hearers")
@open_to(*READING)
def hearers() -> ResponseReturnValue:
    """Who would hear what on a day, or of one unit on all fourteen; open to administrators and monitors."""
    user, (typed, form), (number, size) = me(), Asked.narrowed(request.args), wanted()
    proposal, areas = _proposal(form), commune_names(me().province_path)
    look = Look(user, now(), *manners(proposal))
    unit = _one_of_areas(areas, typed["unit"], form)
    days = _chosen_days(look.days, typed["day"], unit, form)
    unit_id = unit.id if unit else None
    hearing, people = look.hearing(days, unit_id), units_of(user.province_path, days, unit_id)
    rows = _rows(hearing[0], hearing[-1], people, only_these=bool(unit), changed_first=bool(proposal))
    shown = [row for row in rows if all(word in row.search for word in fold(typed["q"]).split())]
    html = render_template(
        "reminders/hearers.html",
        form=form,
        title=_title(days, unit),
        day=days[0] if len(days) == 1 else None,
        days=look.days,
        unit=unit,
        areas=areas,
        page=Page(shown[(number - 1) * size : number * size], number, size, len(shown)),
        people=len({(row.name, row.units) for row in shown}),
        notices=sum(row.total for row in shown),
        proposal={"kind": chosen(request.args)[0], **proposal} if proposal else {},
        newly=sum(row.is_new for row in shown),
        no_longer=sum(not row.total for row in shown),
    )
    return html, 422 if form.errors or form.sentence else 200


def _title(days: Sequence[date], unit: Any) -> str:
    """«Ai nghe gì ngày 25/06/2026», «Xã An Bình nghe gì trong 14 ngày tới»."""
    if len(days) > 1:
        return str(_("%(unit)s nghe gì trong 14 ngày tới", unit=unit.name))
    if unit:
        return str(_("%(unit)s nghe gì ngày %(day)s", unit=unit.name, day=f"{days[0]:%d/%m/%Y}"))
    return str(_("Ai nghe gì ngày %(day)s", day=f"{days[0]:%d/%m/%Y}"))


def _one_of_areas(areas: Sequence[Any], unit_id: int | None, form: Form) -> Any:
    """The commune asked for, if one is; one that is not of the province is complained of."""
    found = next((one for one in areas if one.id == unit_id), None)
    if unit_id is not None and found is None:
        form.errors["unit"] = str(_("Chọn một xã, phường trong danh sách."))
    return found


def _chosen_days(days: Sequence[date], day: date | None, unit: Any, form: Form) -> list[date]:
    """The day asked for; without one all for a unit, else today; one too far away is complained of."""
    if day is not None and day in days:
        return [day]
    if day is not None:
        between = {"first": f"{days[0]:%d/%m/%Y}", "last": f"{days[-1]:%d/%m/%Y}"}
        form.errors["day"] = str(_("Chọn ngày từ %(first)s đến %(last)s.", **between))
    elif unit:
        return list(days)
    elif "day" in request.args and not form.errors:
        form.errors["unit"] = str(_("Chọn một xã, phường để xem cả 14 ngày."))
    return [days[0]]


def _proposal(form: Form) -> dict[str, str]:
    """The change that is looked at; one that does not fit together is complained of and left out."""
    try:
        return looked_at(request.args, cadence_in_force(settings().cadence, me().province_path))
    except Invalid as error:
        why = next(iter(error.fields.values()), error.sentence)
        form.sentence = str(_("Cách nhắc đang xem trước chưa hợp lệ: %(why)s", why=why))
        return {}


def _rows(
    before: Hearing, after: Hearing, people: Mapping[int, Sequence[str]], *, only_these: bool, changed_first: bool
) -> list[Row]:
    """What each hears or heard, by day, unit and name; the days and people to whom a change means something first."""
    rows = []
    for key in {**after, **before}:
        day, person_id = key
        if only_these and person_id not in people:
            continue
        name = (after.get(key) or before[key]).contact.name
        rows.append(Row(day, name, ", ".join(people.get(person_id, ())), after.get(key), before.get(key)))
    place = cache(sort_key)
    return sorted(
        rows, key=lambda row: (changed_first and not row.changes, row.day, place(row.units), place(row.name))
    )
