"""Who would hear, if there were something to say: asked of running work before anything is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from tracker.reminders.contacts import Contact, posts_today
from tracker.reminders.manner import Manner
from tracker.reminders.situations.hearers import Heard, channels_of, heard_by, units_of
from tracker.reminders.situations.only import Only
from tracker.reminders.situations.topics import Topic, news_topic
from tracker.reminders.situations.work import helpers_of, running_rows
from tracker.rules.notices import Audience, Channel, Step

Topics = Callable[[Any], Iterable[tuple[Any, Topic, Audience]]]
"""What an assignment or a unit has to say, each with a mark of the asker's and the audience to hold it against."""


def would_hear(step: Step, now: datetime, manner: Manner, only: Collection[int]) -> dict[int, Heard]:
    """Who would hear of each of these running assignments, and as what, if it had this to say."""
    topic, rows, helpers = news_topic(step), running_rows(only), helpers_of(only)
    posts = posts_today(now.date(), manner.zalo, units_of(rows, helpers))

    def heard(row: Any, audience: Audience) -> Heard:
        found = heard_by(topic, row, posts, helpers.get(row.task_id, ()), audience)
        return [(hearer, contact) for hearer, contact, _ in found]

    return {row.id: heard(row, manner.cadence_for(row.assigner_path).audience) for row in rows}


def would_be_heard(
    topics: Topics, now: datetime, manner: Manner, only: Only, units: Sequence[Any] = ()
) -> Iterator[tuple[Any, Any, Contact, tuple[Channel, ...]]]:
    """Who would hear then, and by which channels, of what `topics` finds in each of these running assignments.

    Returns (row, mark, who, channels).
    """
    rows, helpers = [*running_rows(only), *units], helpers_of(only)
    posts = posts_today(now.date(), manner.zalo, units_of(rows, helpers))
    for row in rows:
        for mark, topic, audience in topics(row):
            for _, contact, cell in heard_by(topic, row, posts, helpers.get(row.task_id, ()), audience):
                yield row, mark, contact, channels_of(row, topic, contact, cell, manner, ())
