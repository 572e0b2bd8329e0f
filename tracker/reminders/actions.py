"""The tick: write down what ought to have been said by now, deliver it, and say that the clock of the house lives.

Nobody enqueues a notice: it follows from the state of the world, and the unique key of the outbox makes
saying it twice impossible. A tick that was missed is made good by the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db, insert_new
from tracker.reminders.delivering import Carrier, Way, deliver
from tracker.reminders.letters.messages import Letterhead
from tracker.reminders.manner import Manner
from tracker.reminders.models import OF_A_UNIT, Notice
from tracker.reminders.pulse import Beating, Pulse
from tracker.reminders.queries import PlannedNotice, plan, waiting_count
from tracker.rules.notices import Channel
from tracker.rules.sentences import count


def tick(
    now: datetime,
    manner: Manner,
    head: Letterhead,
    carrier: Carrier | None,
    present: Callable[[], datetime] | None = None,
    zalo: tuple[Way, Carrier] | None = None,
    more: Sequence[Carrier] = (),
    alive: Callable[[], datetime] | None = None,
) -> dict[str, int]:
    """Plan and deliver; returns how many notices were planned, sent, dropped, failed, and how many wait.

    Notices are counted, not mails: a digest of five is five sent. Without a `carrier` nothing leaves by
    e-mail; `more` of them work beside it. `present` tells the moment of each sending in a tick that lasts; a test
    lets time stand still. `alive` is the clock of the beats, when the tick is told of another moment than the
    present one; it beats on while letters leave. Zalo goes first, so that what it could not say goes out by e-mail
    in the same tick. What it never answered counts as failed: nobody knows that it arrived.
    """
    present = present or (lambda: now)
    pulse = Pulse(alive or present)
    planned = write_plan(plan(now, manner), now)
    pulse.says(f"{_SAID['planned']} {count(len(planned))} · đang gửi")
    ended: Counter[str] = Counter()
    if zalo:
        way, zalo_carrier = zalo
        ended += deliver(manner, head, Beating(zalo_carrier, pulse), present, way)
        planned += write_plan(plan(now, manner), now) if ended["failed"] else []
    if carrier:
        hands = [Beating(one, pulse) for one in more]
        ended += deliver(manner, head, Beating(carrier, pulse), present, more=hands)
    counts = {
        "planned": len(planned),
        "sent": planned.count(Channel.INAPP.value) + ended["sent"],
        "dropped": ended["dropped"],
        "failed": ended["failed"] + ended["unknown"],
        "waiting": waiting_count(),
    }
    pulse.says(" · ".join(f"{_SAID[name]} {count(number)}" for name, number in counts.items()))
    return counts


_SAID = {"planned": "lập", "sent": "gửi", "dropped": "bỏ", "failed": "lỗi", "waiting": "chờ"}
"""What a tick did, in the words of the page that shows it."""


def write_plan(planned: Sequence[PlannedNotice], now: datetime) -> list[str]:
    """Write the notices that are not written yet; returns the channel of each new one.

    What another tick wrote in between is left alone by the unique key: planners need no lock. They write in one
    order, so that two of them never wait for each other. In the inbox a notice is readable at once. What was dropped
    and is true again waits anew, under the Message-ID it may have been tried with.
    """
    written: list[str] = []
    of_work = [one for one in planned if one.unit_id is None]
    of_units = [one for one in planned if one.unit_id is not None]
    with atomic():
        for some, key, among in ((of_work, _KEY, None), (of_units, _KEY_OF_UNITS, OF_A_UNIT)):
            for channel in Channel:
                rows = [_row(one, now) for one in sorted(some, key=lambda one: one.key) if one.channel is channel]
                new = insert_new(Notice, rows, key=key, among=among, over=Notice.state == "dropped")
                written += [channel.value] * new
    return written


_KEY = ("assignment_id", "due_on", "rung", "subject_id", "person_id", "channel")
_KEY_OF_UNITS = ("unit_id", "due_on", "rung", "person_id", "channel")


def _row(one: PlannedNotice, now: datetime) -> dict[str, Any]:
    at_once = one.channel is Channel.INAPP
    return {
        "assignment_id": one.assignment_id,
        "unit_id": one.unit_id,
        "due_on": one.key_due,
        "rung": one.rung,
        "subject_id": one.subject_id,
        "person_id": one.person_id,
        "channel": one.channel.value,
        "why": one.why,
        "state": "sent" if at_once else "waiting",
        "planned_at": now,
        "send_after": one.send_after,
        "late_since": None,
        "text": one.text,
        "ended_at": now if at_once else None,
        "outcome": "",
    }


def read_all(*, by: User, now: datetime) -> None:
    """Mark everything in the person's inbox as read."""
    with atomic():
        db.session.execute(
            sa.update(Notice)
            .where(
                Notice.person_id == by.person_id,
                Notice.channel == Channel.INAPP.value,
                Notice.read_at.is_(None),
            )
            .values(read_at=now)
        )
