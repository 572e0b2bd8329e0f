"""Everything that ought to have been said by now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.reminders.contacts import Contact, posts_today
from tracker.reminders.manner import Manner
from tracker.reminders.models import Notice
from tracker.reminders.situations.daily import daily_topic, worth_telling
from tracker.reminders.situations.happened import news
from tracker.reminders.situations.hearers import Key, channels_of, heard_by, units_of, zalo_key
from tracker.reminders.situations.only import Only, among
from tracker.reminders.situations.topics import Topic, assigned, pending, true_now
from tracker.reminders.situations.work import helpers_of, rows_ended, running_rows, silenced, speaking_rows
from tracker.rules.deadlines import effective_due
from tracker.rules.lifecycle import WITH_UNIT
from tracker.rules.notices import NEWS, REPORT_AWAITED, Channel, Hearer, instead_of
from tracker.rules.reminding import NEWS_DAYS, Cadence, Term, rung_in_force


@dataclass(frozen=True)
class Saying:
    """One thing to say to one person by one channel. `row` holds the plain values of the assignment or unit."""

    row: Any
    topic: Topic
    end: date | None
    contact: Contact
    hearer: Hearer
    channel: Channel
    cadence: Cadence
    silent_until: date | None = None
    """The last day of a silence over the area, during which this is not said."""
    instead_of: Channel | None = None
    """The channel that need not say it any more once this one has."""

    @property
    def key(self) -> Key:
        """What makes this saying the same as one that is written already."""
        return self.key_by(self.channel)

    def key_by(self, channel: Channel) -> Key:
        """What would make it the same, were it said by this channel."""
        topic = self.topic
        return self.row.id, topic.key_due, topic.code, topic.subject_id, self.contact.person_id, channel.value


def sayings(
    now: datetime,
    manner: Manner,
    only: Collection[int] | None = None,
    to: Collection[int] | None = None,
    units: Collection[int] = (),
) -> Iterator[Saying]:
    """Everything that ought to have been said by now, said or not, of all assignments and units.

    With `only` of these assignments and `units`, with `to` what these people hear.
    """
    calendar, today = working_calendar(), now.date()
    lately = news(now, only)
    failed = _failed_by_zalo(now, only) if manner.zalo.configured else frozenset()
    settled = cache(manner.cadence_for)
    last_day = cache(lambda due_on: effective_due(due_on, calendar, manner.policy))
    rung_of = cache(lambda term, path: rung_in_force(term, today, calendar, manner.policy, settled(path)))
    at_work = speaking_rows(now, calendar, manner) if only is None else running_rows(only)
    rows = [*at_work, *rows_ended(lately, now, only)]
    states = worth_telling(today, calendar, manner.policy, None if only is None else units)
    helpers, silences = helpers_of(only), silenced(today)
    posts = posts_today(today, manner.zalo, None if only is None else units_of(rows, helpers).union(units))

    def said(row: Any, topic: Topic, helping: Sequence[int] = ()) -> Iterator[Saying]:
        cadence, silent_until = settled(row.assigner_path), None
        if topic.step not in NEWS:
            silent_until = max((until for path, until in silences if row.unit_path.startswith(path)), default=None)
        for hearer, contact, cell in heard_by(topic, row, posts, helping, cadence.audience):
            if to is not None and contact.person_id not in to:
                continue
            lost = failed and zalo_key(row, topic, contact) in failed
            reached = contact.without_zalo() if lost else contact
            for channel in channels_of(row, topic, reached, cell, manner, failed):
                end, other = last_day(row.due_on), instead_of(channel, cell)
                yield Saying(row, topic, end, reached, hearer, channel, cadence, silent_until, other)

    for row in rows:
        cadence = settled(row.assigner_path)
        topics = [*true_now(lately.get(row.id, ()), row, cadence)]
        if row.state in WITH_UNIT:
            term = Term(row.due_on, row.assigned_on, row.due_text) if row.due_on else None
            rung = rung_of(term, row.assigner_path) if term and not row.extension_waits else None
            topics += [*assigned(row, now, cadence), *pending(row, rung, now, calendar, cadence)]
        for topic in topics:
            yield from said(row, topic, helpers.get(row.task_id, ()))
    for row in states:
        yield from said(row, daily_topic(row.unit_id, today))


def _failed_by_zalo(now: datetime, only: Only | None) -> frozenset[Key]:
    """The keys of what Zalo lately would not take, or never answered and has not reported in time either."""
    silent = sa.and_(Notice.state == "unknown", Notice.ended_at <= now - REPORT_AWAITED)
    lately = sa.and_(sa.or_(Notice.state == "failed", silent), Notice.planned_at >= now - timedelta(days=NEWS_DAYS))
    query = sa.select(
        Notice.assignment_id, Notice.due_on, Notice.rung, Notice.subject_id, Notice.person_id, Notice.channel
    ).where(lately, Notice.channel == Channel.ZALO.value)
    rows = db.session.execute(query.where(among(only, Notice.assignment_id)))
    return frozenset(cast(Key, tuple(row)) for row in rows)
