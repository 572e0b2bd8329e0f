"""Judging: which of the notices that wait still apply, and why the others are dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker.accounts.models import Person
from tracker.db import db
from tracker.reminders.channels.zalo.contacts import troubles_of
from tracker.reminders.manner import Manner
from tracker.reminders.models import Address, Notice
from tracker.reminders.situations import Key, Saying, extension_waits, sayings
from tracker.rules.lifecycle import State
from tracker.rules.notices import NEWS, Channel, Step
from tracker.rules.reminding import why_dropped
from tracker.tasks.models import NEVER, Assignment

_DEAD_ADDRESS = "Địa chỉ thư điện tử của người nhận không nhận được thư"
_DAY_IS_OVER = "Ngày đã qua"
_NOTHING_PRESSES = "Đơn vị không còn việc quá hạn, đến hạn; hoặc người nhận không còn là lãnh đạo"

Judged = list[tuple[Notice, Saying]]
"""Notices that still apply, each with what there is to say now."""


def judge(notices: Sequence[Notice], now: datetime, manner: Manner) -> Judged:
    """The notices that still apply; the others are dropped with the reason, inside the open transaction."""
    about = {notice.assignment_id for notice in notices if notice.assignment_id is not None}
    units = {notice.unit_id for notice in notices if notice.unit_id is not None}
    people = {notice.person_id for notice in notices}
    true_now = {one.key: one for one in sayings(now, manner, about, people, units)}
    false = [notice for notice in notices if key_of(notice) not in true_now]
    reason = _reasons(false, true_now.values(), now.date())
    for notice in false:
        end(notice, "dropped", now, reason(notice))
    return [(notice, one) for notice in notices if (one := true_now.get(key_of(notice)))]


def key_of(notice: Notice) -> Key:
    """What the outbox holds unique of a notice."""
    of = notice.assignment_id or 0
    return of, notice.due_on, notice.rung, notice.subject_id, notice.person_id, notice.channel


def end(notice: Notice, state: str, now: datetime, outcome: str) -> None:
    """Write down how a notice ended: sent, dropped or failed."""
    notice.state, notice.ended_at, notice.outcome = state, now, outcome[:300]


def _reasons(false: Sequence[Notice], true_now: Iterable[Saying], today: date) -> Callable[[Notice], str]:
    """A teller of why these notices are no longer true."""
    query = sa.select(Assignment.id, Assignment.state, Assignment.due_on, extension_waits().label("waits"))
    ids = {notice.assignment_id for notice in false if notice.assignment_id is not None}
    rows = {row.id: row for row in db.session.execute(query.where(Assignment.id.in_(ids)))} if ids else {}
    unreachable = _unreachable({notice.person_id for notice in false})
    said: dict[tuple[int, int], list[str]] = defaultdict(list)
    for one in true_now:
        if one.topic.step not in NEWS:
            said[one.row.id, one.contact.person_id].append(one.topic.code)

    def reason(notice: Notice) -> str:
        dead = unreachable.get((notice.person_id, notice.channel), "")
        if notice.assignment_id is None:
            return _DAY_IS_OVER if notice.due_on < today else dead or _NOTHING_PRESSES
        row = rows[notice.assignment_id]
        is_news = notice.due_on == NEVER
        instead = [] if is_news else sorted(set(said[row.id, notice.person_id]) - {notice.rung})
        waits = row.waits and not is_news
        due_on = None if is_news else notice.due_on
        step = Step(notice.rung) if is_news else None
        return why_dropped(State(row.state), due_on, row.due_on, instead, waits, dead, step)

    return reason


def _unreachable(people: Collection[int]) -> dict[tuple[int, str], str]:
    """Why people cannot be reached by a channel: letters came back, or Zalo said no."""
    if not people:
        return {}
    address = sa.func.lower(Person.email)
    query = sa.select(Person.id).join(Address, Address.address == address).where(Person.id.in_(people))
    dead = {(one, Channel.EMAIL.value): _DEAD_ADDRESS for one in db.session.scalars(query)}
    return dead | {(one, Channel.ZALO.value): said for one, said in troubles_of(people).items()}
