"""Readers: whoever opened the work today, after its last change, hears of its rung another day (ux.md §7.1)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tracker.reminders.delivering.judging import Judged
from tracker.reminders.manner import Manner
from tracker.reminders.models import Notice
from tracker.reminders.openings import known_to
from tracker.reminders.queries import leaves_at
from tracker.reminders.situations import Saying
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.notices import NEWS
from tracker.rules.reminding import Term, may_wait_until
from tracker.tasks.models import NEVER


def leave_to_readers(judged: Judged, now: datetime, calendar: WorkingCalendar, manner: Manner) -> Judged:
    """Those that go on; the others wait with a word for the outbox, inside the open transaction.

    Only rungs are put off, and none that was under way before: the server may have it.
    """
    rungs = [(notice, one) for notice, one in judged if _is_fresh_rung(notice, one)]
    if not rungs:
        return judged
    known = known_to({notice.person_id for notice, _ in rungs}, {one.row.id for _, one in rungs}, now)
    waiting = {
        notice.id
        for notice, one in rungs
        if (notice.person_id, one.row.id) in known and _put_off(notice, one, now, calendar, manner)
    }
    return [(notice, one) for notice, one in judged if notice.id not in waiting]


def _is_fresh_rung(notice: Notice, one: Saying) -> bool:
    return notice.message_id is None and one.topic.step not in NEWS and one.topic.key_due != NEVER


def _put_off(notice: Notice, one: Saying, now: datetime, calendar: WorkingCalendar, manner: Manner) -> bool:
    """Let a notice wait for the first digest after today; False when its rung cannot wait for that."""
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
    later = leaves_at(one, tomorrow, calendar)
    term = Term(one.row.due_on, one.row.assigned_on, one.row.due_text)
    if not may_wait_until(later.date(), term, now.date(), calendar, manner.policy, one.cadence):
        return False
    notice.send_after = later
    notice.outcome = f"Đã mở nhiệm vụ ngày {now:%d/%m}, nhắc vào ngày {later:%d/%m}"
    return True
