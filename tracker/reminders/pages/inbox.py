"""«Thông báo»: what the house has told a person, by day, one entry for each work, with how it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.acting import User
from tracker.clock import now
from tracker.reminders import actions, queries
from tracker.reminders.models import Notice
from tracker.reminders.pages.shared import pages
from tracker.rules.access import OF_UNIT, PROVINCIAL, Role
from tracker.rules.chips import Chip
from tracker.rules.lifecycle import WITH_UNIT
from tracker.tasks.pages.listing import REMINDING
from tracker.tasks.pages.shared import chip_of, me, this_day
from tracker.tasks.queries import Day, Filters, view_counts
from tracker.web.access import open_to
from tracker.web.paging import Page, wanted

UNREAD = "unread"


@dataclass(frozen=True)
class Entry:
    """What was told of one work, the newest first, its chip as it is now, and whether words to copy are offered."""

    notices: Sequence[Notice]
    unit_name: str
    chip: Chip
    to_copy: bool

    @property
    def newest(self) -> Notice:
        """What was told last."""
        return self.notices[0]

    @property
    def day(self) -> date:
        """The day on which that was."""
        return self.newest.planned_at.date()

    @property
    def is_unread(self) -> bool:
        """Whether anything of it has not been read yet."""
        return any(one.read_at is None for one in self.notices)


@pages.get("/notifications")
@open_to()
def inbox() -> ResponseReturnValue:
    """One's own notices; open to everybody signed in."""
    user, moment = me(), now()
    unread_only = request.args.get("show") == UNREAD
    number, size = wanted()
    everything, unread = queries.inbox_counts(user)
    rows = queries.inbox(user, unread_only=unread_only, limit=size, offset=(number - 1) * size)
    entries = _entries(rows, user, this_day(moment))
    return render_template(
        "reminders/inbox.html",
        page=Page(entries, number, size, unread if unread_only else everything),
        days=_by_day(entries),
        everything=everything,
        unread=unread,
        unread_only=unread_only,
        moment=moment,
        stands=_stands(user, this_day(moment)),
    )


def _stands(user: User, day: Day) -> str:
    """«Hôm nay: 2 quá hạn, 1 đến hạn, 2 chờ duyệt.»: of a leader's unit, of an officer's own work."""
    if user.role not in OF_UNIT:
        return ""
    officer_id = user.person_id if user.role is Role.COMMUNE_OFFICER else None
    counts = view_counts(user, Filters(unit_path=user.unit_path, officer_id=officer_id), day)
    numbers = ((_("quá hạn"), counts["overdue"]), (_("đến hạn"), counts["today"]), (_("chờ duyệt"), counts["review"]))
    said = ", ".join(f"{number} {what}" for what, number in numbers if number)
    return str(_("Hôm nay: %(said)s.", said=said)) if said else ""


def _entries(rows: Sequence[Any], user: User, day: Day) -> list[Entry]:
    """One for each work, in the order of the rows; the newest row knows how the work stands as well as any."""
    found = []
    for _work, own in groupby(rows, key=lambda row: row.Notice.assignment_id):
        told = list(own)
        row = told[0]
        found.append(Entry([one.Notice for one in told], row.unit_name, chip_of(row, day), _urges(user, row)))
    return found


def _urges(user: User, row: Any) -> bool:
    """Whether the person may send others words about the work: it is with its unit, and not one they only help in."""
    theirs = user.role in PROVINCIAL or row.unit_path.startswith(user.unit_path)
    return user.role in REMINDING and theirs and row.state in WITH_UNIT


def _by_day(entries: Sequence[Entry]) -> list[tuple[date, list[Entry]]]:
    """The days, the latest first; within each what is unread comes first."""
    days = groupby(entries, key=lambda one: one.day)
    return [(day, sorted(own, key=lambda one: not one.is_unread)) for day, own in days]


@pages.post("/notifications/reading")
@open_to()
def reading_all() -> ResponseReturnValue:
    """Mark all of one's notices as read; open to everybody signed in."""
    actions.read_all(by=me(), now=now())
    return redirect(url_for("reminders.inbox"), 303)
