"""«Giao ban»: the page before the weekly meeting, one screen, every figure a link."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import now, today
from tracker.reports.documents.concerns import Proposal
from tracker.reports.documents.sheet import watch
from tracker.reports.pages.shared import OVER_ALL, box_links, day_of, here, pages, weekly
from tracker.reports.queries import Scope
from tracker.rules.access import Deed, may
from tracker.rules.causes import CAUSES
from tracker.rules.rates import rates
from tracker.tasks.queries import Filters, view_counts
from tracker.web.access import open_to

SHOWN = 6


@pages.get("/briefing")
@open_to(*OVER_ALL)
def briefing() -> ResponseReturnValue:
    """The page before the weekly meeting; open to the province."""
    unit, on = here(), today()
    day = day_of(on)
    seen = watch(Scope(unit), day, today=on)
    views = view_counts(current_user, Filters(), day)
    return render_template(
        "reports/briefing.html",
        figures=seen.figures,
        before=seen.before,
        rates=rates(seen.figures.tally),
        rates_before=rates(seen.before),
        views=views,
        silences=seen.silences,
        long_waiting=seen.waiting_long,
        concerns=seen.concerns[:SHOWN],
        problems=seen.problems,
        causes=CAUSES,
        proposals=[{"text": one.text, "href": _leads_to(one)} for one in seen.proposals],
        weeks=weekly(unit, day),
        links=box_links(unit),
        unit=unit,
        moment=now(),
        week=on.isocalendar().week,
        may_copy=may(current_user.role, Deed.NUDGE),
    )


def _leads_to(one: Proposal) -> str:
    """The list behind a proposal."""
    if one.task_id is not None:
        return url_for("tasks.assignments", task=one.task_id, box="open_overdue")
    return url_for("tasks.reviews") if one.waiting else url_for("tasks.assignments", view="overdue")
