"""The deadline as the house understands it, said back in words while a person types and before anything counts.

The same words serve the fragment that htmx fetches and, without JavaScript, the check step of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.directives.models import Directive
from tracker.errors import Invalid
from tracker.rules.access import Deed, roles_for
from tracker.rules.deadlines import effective_due
from tracker.rules.lifecycle import LABELS, Kind
from tracker.rules.proposals import Proposal, propose
from tracker.rules.recurrence import MAX_YEARS, PRESETS, occurrences, rule_in_words
from tracker.rules.sentences import distance, long_date
from tracker.tasks import queries
from tracker.tasks.pages.shared import me, pages, this_day
from tracker.tasks.queries import Day
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Input, Text
from tracker.web.inputs import Day as DayField

DATES_SHOWN = 4
RHYTHMS = {preset.code: preset for preset in PRESETS}


class Deadline(Input):
    """The part of a task's form that says when: verbatim, as a date, as a rhythm."""

    kind = Choice(Kind)
    due_text = Text(max=300, required=False)
    due_on = DayField(required=False)
    recurrence = Choice(RHYTHMS, required=False)


@dataclass
class Echo:
    """What was understood: `words`, doubts and hints as sentences, and what a person confirms by saving."""

    kind: Kind
    due_on: date | None = None
    recurrence: str = ""
    words: str = ""
    doubts: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    @property
    def confirmed(self) -> str:
        """What the form carries to show that exactly this was seen; empty when there is nothing to see."""
        return self.recurrence or (self.due_on.isoformat() if self.due_on else "")


def understood(directive: Directive, typed: Mapping[str, Any], day: Day) -> Echo:
    """The deadline of a form in words. A date that was typed wins over the wording, and both are compared."""
    read = propose(typed["due_text"], directive.issued_on, day.calendar, day.policy)
    echo = Echo(Kind(typed["kind"]), due_on=typed["due_on"])
    if echo.kind == Kind.RECURRING:
        _say_rhythm(
            echo, RHYTHMS[typed["recurrence"]].rule if typed["recurrence"] else read.recurrence, directive, day
        )
    elif echo.kind == Kind.SCHEDULED and echo.due_on is None:
        echo.due_on = read.due_on
    if echo.due_on and echo.kind == Kind.SCHEDULED:
        _say_date(echo, day)
    if typed["due_text"]:
        _compare(echo, read, typed)
    return echo


def _say_date(echo: Echo, day: Day) -> None:
    due = echo.due_on
    if due is None:
        return
    echo.words = _("Hạn: %(day)s (%(away)s)", day=long_date(due), away=distance(due, day.on))
    counted = effective_due(due, day.calendar, day.policy)
    if counted and counted != due:
        echo.hints.append(_("Ngày nghỉ, tính đến hết %(day)s.", day=long_date(counted)))
    if due < day.on:
        echo.doubts.append(_("Hạn này đã qua."))


def _say_rhythm(echo: Echo, recurrence: str, directive: Directive, day: Day) -> None:
    """The rule in words and the due dates that come next."""
    if not recurrence:
        return
    echo.recurrence = recurrence
    anchor = echo.due_on or directive.issued_on
    try:
        coming = occurrences(
            recurrence, anchor, day.on.replace(year=day.on.year + MAX_YEARS), after=_yesterday(day.on)
        )
    except Invalid as error:
        echo.doubts += error.fields.values()
        return
    echo.words = _("Nhịp: %(words)s", words=rule_in_words(recurrence))
    if coming:
        said = ", ".join(f"{each:%d/%m/%Y}" for each in coming[:DATES_SHOWN])
        echo.hints.append(_("Các hạn tiếp theo: %(days)s.", days=said))
    else:
        echo.doubts.append(_("Không còn kỳ nào ở phía trước."))


def _yesterday(day: date) -> date:
    return day - timedelta(days=1)


def _compare(echo: Echo, read: Proposal, typed: Mapping[str, Any]) -> None:
    """What the wording says besides: why it is unsure, another date, another kind of work."""
    if not read.sure or not read.due_on:
        echo.doubts.append(read.why)
    if typed["due_on"] and read.due_on and read.due_on != typed["due_on"]:
        echo.doubts.append(_("Lời văn được đọc là %(day)s.", day=long_date(read.due_on)))
    if read.kind != echo.kind and not (read.kind == Kind.UNDATED and typed["due_on"]):
        echo.doubts.append(_("Theo lời văn, đây là «%(kind)s».", kind=LABELS[read.kind]))


@pages.get("/directives/<int:directive_id>/tasks/deadline")
@open_to(*sorted(roles_for(Deed.RECORD_DIRECTIVE)))
def deadline_echo(directive_id: int) -> ResponseReturnValue:
    """The deadline in words while it is typed, a fragment; open to those who record directives."""
    directive = queries.directive(me(), directive_id)
    try:
        echo = understood(directive, Deadline.read(request.args), this_day())
    except Invalid as error:
        echo = Echo(Kind.UNDATED, doubts=list(error.fields.values()))
    return render_template("tasks/_echo.html", echo=echo)
