"""«Chờ duyệt»: results first in first out with text and files beside the queue, then extensions and declined work."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from tracker.clock import now
from tracker.history.queries import events
from tracker.rules.access import Deed, roles_for
from tracker.rules.causes import RETURN_REASONS
from tracker.tasks import queries
from tracker.tasks.pages.shared import chip_of, counted_to, me, pages, this_day
from tracker.web.access import open_to
from tracker.web.inputs import Form

PROVINCES_OWN_DELAY_DAYS = 3
"""Working days after which waiting is shown as the province's own delay (ux.md 3.3)."""
TABS = {"results": _l("Kết quả"), "extensions": _l("Đề nghị gia hạn"), "declined": _l("Đề nghị không thực hiện")}
OPEN_TO = roles_for(Deed.CONFIRM) | roles_for(Deed.DECIDE_EXTENSION)


@pages.get("/reviews")
@open_to(*sorted(OPEN_TO))
def reviews() -> ResponseReturnValue:
    """What waits for the province; open to those who confirm results or decide extensions."""
    user, day = me(), this_day(now())
    waiting = {
        "results": queries.reviews(user),
        "extensions": queries.waiting_extensions(user),
        "declined": queries.declined(user),
    }
    numbers = {name: len(waiting[name]) for name in TABS} | {"results": queries.reviews_waiting(user)}
    tab = request.args.get("tab", "")
    tab = tab if tab in TABS else next((name for name in TABS if waiting[name]), "results")
    queue = [_queued(row, day) for row in waiting["results"]]
    wanted = request.args.get("open", type=int)
    chosen = next((each for each in queue if each["row"].id == wanted), queue[0] if queue else None)
    return render_template(
        "tasks/reviews.html",
        form=Form(),
        tab=tab,
        tabs=[
            {
                "href": url_for("tasks.reviews", tab=name),
                "label": label,
                "number": numbers[name],
                "current": name == tab,
            }
            for name, label in TABS.items()
        ],
        queue=queue,
        more=numbers["results"] - len(queue),
        late=sum(1 for each in queue if each["late"]),
        chosen=_open(chosen["row"].id) if chosen and tab == "results" else None,
        extensions=waiting["extensions"],
        declined=[
            {"row": row, "chip": chip_of(row, day), "counted": counted_to(row, day)} for row in waiting["declined"]
        ],
        reasons=list(RETURN_REASONS.items()),
        may_confirm=user.role in roles_for(Deed.CONFIRM),
        today=day.on,
    )


def _queued(row: Any, day: queries.Day) -> dict[str, Any]:
    """A result that waits, with the working days since it was sent."""
    days = day.calendar.working_days_between(row.sent_at.date(), day.on)
    href = url_for("tasks.reviews", tab="results", open=row.id)
    return {
        "row": row,
        "chip": chip_of(row, day),
        "days": days,
        "late": days > PROVINCES_OWN_DELAY_DAYS,
        "href": href,
    }


def _open(assignment_id: int) -> dict[str, Any]:
    """The result under review with all that the decision needs."""
    one = queries.assignment(me(), assignment_id)
    result = next((each for each in queries.submissions(one) if each.outcome == "pending"), None)
    returned = sum(1 for event in events("assignment", one.id) if event.deed == "send_back")
    return {"one": one, "result": result, "returned": returned}
