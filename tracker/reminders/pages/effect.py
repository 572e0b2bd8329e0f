"""«Hiệu quả nhắc việc»: what followed on reminders, measured and not assumed, by kind and channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import HOUSE_ZONE, now
from tracker.reminders.commands import CHANNEL_LABELS
from tracker.reminders.effect import LONGEST, Followed, effect
from tracker.reminders.pages.outbox import WATCHING
from tracker.reminders.pages.shared import pages
from tracker.rules.notices import STEP_LABELS
from tracker.rules.rates import Rate
from tracker.rules.reminding import FOLLOWED_WITHIN, step_of
from tracker.rules.sentences import percent
from tracker.tasks.pages.shared import me
from tracker.web.access import open_to
from tracker.web.inputs import Day, Input

DAYS = 30

Found = Mapping[tuple[str, str], Followed]


class Asked(Input):
    """The days in which was said what is asked about."""

    since = Day(required=False)
    until = Day(required=False)


@pages.get("/outbox/effect")
@open_to(*WATCHING)
def effects() -> ResponseReturnValue:
    """What followed on the reminders of a period; open to administrators and monitors."""
    today = now().date()
    typed, form = Asked.narrowed(request.args)
    since, until = _period(typed["since"], typed["until"], today)
    found = effect(me(), _midnight(since), _midnight(until + timedelta(days=1)))
    channels = [one for one in CHANNEL_LABELS if any(channel == one for _rung, channel in found)]
    html = render_template(
        "reminders/effect.html",
        form=form,
        days=(since, until),
        channels=[(one, CHANNEL_LABELS[one][:1].upper() + CHANNEL_LABELS[one][1:]) for one in channels],
        rows=[(_label(rung), [_cell(found.get((rung, one))) for one in channels]) for rung in _rungs(found)],
        whole=[_cell(_sum(found, one)) for one in channels],
        too_young=max(since, today - FOLLOWED_WITHIN) if until > today - FOLLOWED_WITHIN else None,
    )
    return html, 422 if form.errors else 200


def _period(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days asked for, a year at most; else the last thirty."""
    until = until or max(since or today, today)
    since = min(since or until - timedelta(days=DAYS - 1), until)
    return max(since, until - LONGEST), until


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, HOUSE_ZONE)


def _rungs(found: Found) -> list[str]:
    """The rungs in the order of an assignment's life: before the due date the farthest first, past it the nearest."""
    life = list(STEP_LABELS)

    def place(rung: str) -> tuple[int, int]:
        step, days = step_of(rung)
        return life.index(step), -days if rung.startswith("due_") else days

    return sorted({rung for rung, _channel in found}, key=place)


def _label(rung: str) -> str:
    step, days = step_of(rung)
    return _("%(kind)s, %(days)s ngày", kind=STEP_LABELS[step], days=days) if days else STEP_LABELS[step]


def _sum(found: Found, channel: str) -> Followed:
    return sum((numbers for (_rung, by), numbers in found.items() if by == channel), Followed())


def _cell(one: Followed | None) -> dict[str, Any] | None:
    """The three numbers with their shares; none where nothing was said."""
    if one is None:
        return None
    return {
        "said": one.said,
        "opened": one.opened,
        "opened_share": percent(Rate(one.opened, one.said), 0),
        "answered": one.answered,
        "answered_share": percent(Rate(one.answered, one.said), 0),
    }
