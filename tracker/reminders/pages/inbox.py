"""«Thông báo»: what the house has told a person, unread first, with how the work stands now."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.clock import now
from tracker.reminders import actions, queries
from tracker.reminders.pages.shared import pages
from tracker.tasks.pages.shared import chip_of, me, this_day
from tracker.tasks.queries import Day
from tracker.web.access import open_to
from tracker.web.paging import Page, wanted

UNREAD = "unread"


@pages.get("/notifications")
@open_to()
def inbox() -> ResponseReturnValue:
    """One's own notices; open to everybody signed in."""
    user, moment = me(), now()
    unread_only = request.args.get("show") == UNREAD
    number, size = wanted()
    unread = queries.unread_count(user)
    rows = queries.inbox(user, unread_only=unread_only, limit=size, offset=(number - 1) * size)
    everything = queries.inbox_count(user)
    day = this_day(moment)
    return render_template(
        "reminders/inbox.html",
        page=Page([_shown(row, day) for row in rows], number, size, unread if unread_only else everything),
        everything=everything,
        unread=unread,
        unread_only=unread_only,
        moment=moment,
    )


def _shown(row: Any, day: Day) -> dict[str, Any]:
    """A notice as it was said, beside the chip of the work as it is now."""
    return {"notice": row.Notice, "row": row, "chip": chip_of(row, day)}


@pages.post("/notifications/<int:notice_id>/reading")
@open_to()
def reading(notice_id: int) -> ResponseReturnValue:
    """Mark one notice as read; open to everybody signed in, each for their own."""
    actions.read(queries.notice(me(), notice_id), now=now())
    return _back()


@pages.post("/notifications/reading")
@open_to()
def reading_all() -> ResponseReturnValue:
    """Mark all of one's notices as read; open to everybody signed in."""
    actions.read_all(by=me(), now=now())
    return _back()


def _back() -> ResponseReturnValue:
    """To the list as it was filtered."""
    show = UNREAD if request.form.get("show") == UNREAD else None
    return redirect(url_for("reminders.inbox", show=show), 303)
