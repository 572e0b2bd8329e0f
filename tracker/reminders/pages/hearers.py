"""«Ai nghe gì» on one of the coming days, by name: as it is reminded, or under a change that is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Invalid
from tracker.reminders.commands import CHANNEL_LABELS
from tracker.reminders.foreseeing import Heard, Hearing, Look, units_of
from tracker.reminders.pages.policy import READING, chosen, in_order, looked_at, manners, words
from tracker.reminders.pages.shared import pages
from tracker.reminders.queries import cadence_in_force
from tracker.rules.texts import fold, sort_key
from tracker.tasks.pages.shared import me, settings
from tracker.web.access import open_to
from tracker.web.inputs import Day, Form, Input, Text
from tracker.web.paging import Page, wanted


class Asked(Input):
    """Which of the coming days, today unless said, and whom: words of a name or of a unit."""

    day = Day(required=False)
    q = Text(max=100, required=False)


@dataclass(frozen=True)
class Row:
    """What somebody would newly hear on the day, and what it is at present where a change is looked at."""

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
        return ", ".join(label for channel, label in CHANNEL_LABELS.items() if channel in heard)

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
    """Who would hear what on a day; open to administrators and monitors."""
    user, (typed, form), (number, size) = me(), Asked.narrowed(request.args), wanted()
    proposal = _proposal(form)
    look = Look(user, now(), *manners(proposal))
    day = _one_of(look.days, typed["day"], form)
    hearing = look.hearing(day)
    rows = _rows(hearing[0], hearing[-1], units_of(user.province_path, day), changed_first=bool(proposal))
    shown = [row for row in rows if all(word in row.search for word in fold(typed["q"]).split())]
    html = render_template(
        "reminders/hearers.html",
        form=form,
        day=day,
        days=look.days,
        page=Page(shown[(number - 1) * size : number * size], number, size, len(shown)),
        notices=sum(row.total for row in shown),
        proposal={"kind": chosen(request.args)[0], **proposal} if proposal else {},
        newly=sum(row.is_new for row in shown),
        no_longer=sum(not row.total for row in shown),
    )
    return html, 422 if form.errors or form.sentence else 200


def _proposal(form: Form) -> dict[str, str]:
    """The change that is looked at; one that does not fit together is complained of and left out."""
    try:
        return looked_at(request.args, cadence_in_force(settings().cadence, me().province_path))
    except Invalid as error:
        why = next(iter(error.fields.values()), error.sentence)
        form.sentence = str(_("Cách nhắc đang xem trước chưa hợp lệ: %(why)s", why=why))
        return {}


def _one_of(days: Sequence[date], day: date | None, form: Form) -> date:
    """The day asked for; today when none is, or one too far away, which is complained of."""
    if day is not None and day in days:
        return day
    if day is not None:
        form.errors["day"] = str(
            _("Chọn ngày từ %(first)s đến %(last)s.", first=f"{days[0]:%d/%m/%Y}", last=f"{days[-1]:%d/%m/%Y}")
        )
    return days[0]


def _rows(before: Hearing, after: Hearing, units: Mapping[int, Sequence[str]], *, changed_first: bool) -> list[Row]:
    """Everybody who hears or heard, by unit and name; those to whom a change means something come first."""
    rows = []
    for person_id in {**after, **before}:
        heard = after.get(person_id) or before[person_id]
        told = after.get(person_id), before.get(person_id)
        rows.append(Row(heard.contact.name, ", ".join(units.get(person_id, ())), *told))
    return sorted(rows, key=lambda row: (changed_first and not row.changes, sort_key(row.units), sort_key(row.name)))
