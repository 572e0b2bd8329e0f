"""The letter of a nudge before it is sent, written by the same hand and from the same facts as the real one."""

from __future__ import annotations

from datetime import datetime

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.reminders.delivering.facts import facts
from tracker.reminders.letters.items import Item
from tracker.reminders.letters.messages import Letter, Letterhead, one_line, single
from tracker.reminders.nudging import deed_of
from tracker.reminders.situations.hearers import Heard
from tracker.rules.access import Deed
from tracker.rules.deadlines import effective_due
from tracker.rules.notices import Step


def nudge_letter(
    assignment_id: int, heard: Heard, text: str, *, by: User, now: datetime, head: Letterhead
) -> Letter | None:
    """What the first who hears of a nudge would read; None when nobody does."""
    if not heard:
        return None
    hearer, contact = heard[0]
    known = facts([assignment_id])[assignment_id]
    end = effective_due(known.due_on, working_calendar(), head.policy)
    left = (end - now.date()).days if end else None
    step = Step.URGED if deed_of(by) is Deed.URGE else Step.NUDGED
    item = Item(step, known, hearer, end, left, one_line(text), by=by.name, reader_id=contact.person_id)
    return single(contact.name, item, head)
