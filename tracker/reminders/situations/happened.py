"""What lately happened to assignments, read from where it stands written: history, results, extensions, nudges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.accounts.models import Person
from tracker.db import db
from tracker.history.models import Event
from tracker.reminders.models import Nudge
from tracker.reminders.situations.decisions import GIVING, STEPS, TAKING, decisions, told_before
from tracker.reminders.situations.only import Only, among
from tracker.reminders.situations.topics import Topic, news_topic
from tracker.rules.notices import Step
from tracker.rules.reminding import NEWS_DAYS
from tracker.tasks.models import Extension, Submission

_resent = aliased(Submission)

News = Mapping[int, Sequence[Topic]]
"""What happened lately, by assignment."""


def news(now: datetime, only: Only | None) -> dict[int, list[Topic]]:
    """What happened lately, by assignment: every decided extension, of the rest the last of its kind and side."""
    since = now - timedelta(days=NEWS_DAYS)
    found: dict[int, list[Topic]] = defaultdict(list)
    for told in (_of_history, _of_results, _of_extensions, _of_nudges):
        for assignment_id, topic in told(since, only):
            found[assignment_id].append(topic)
    return found


def in_the_news(since: datetime) -> sa.CompoundSelect[int]:
    """The running assignments to which something has happened since then, as a question."""
    return sa.union_all(
        sa.select(Event.thing_id).where(*_events(("delegate", "amend", *_INSIDE, *GIVING), since)),
        sa.select(Submission.assignment_id).where(*_returned(since)),
        sa.select(Extension.assignment_id).where(*_decided(since)),
        sa.select(Nudge.assignment_id).where(Nudge.at >= since),
    )


def ended_since(since: datetime) -> sa.Select[int]:
    """The assignments that were taken away or confirmed since then, as a question."""
    return sa.select(Event.thing_id).where(*_events(("confirm", *TAKING), since))


_INSIDE = {"hand_up": Step.HANDED_UP, "hand_back": Step.HANDED_BACK}
"""What a result does inside its unit."""


def _of_history(since: datetime, only: Only | None) -> Iterator[tuple[int, Topic]]:
    """What only the history remembers: who was put in charge last, the last amendment, the last decision …"""
    columns = (Event.id, Event.thing_id, Event.at, Event.deed, Event.by_id, Event.by_name, Event.details)
    lately = _events(("delegate", "amend", "confirm", *_INSIDE, *STEPS), since)
    events = sa.select(*columns, told_before().label("told")).where(*lately, among(only, Event.thing_id))
    rows = db.session.execute(events.order_by(Event.id)).all()
    for assignment_id, last in decisions(rows).items():
        topic = news_topic(last.step, last.event_id, last.reason)
        yield assignment_id, replace(topic, by=last.by_name, document=last.document, decision=last)
    for one in {(row.thing_id, row.deed): row for row in rows}.values():
        if one.deed == "amend":
            yield one.thing_id, news_topic(Step.AMENDED, one.id, str(one.details.get("document", "")))
        elif one.deed == "delegate" and one.details.get("officer_id") != one.by_id:
            yield one.thing_id, news_topic(Step.DELEGATED, one.id, str(one.details.get("officer_id")))
        elif one.deed == "confirm":
            yield one.thing_id, news_topic(Step.CONFIRMED, one.id)
    for one in {row.thing_id: row for row in rows if row.deed in _INSIDE}.values():
        topic = news_topic(_INSIDE[one.deed], one.id, str(one.details.get("reason", "")))
        yield one.thing_id, replace(topic, by=one.by_name)


def _of_results(since: datetime, only: Only | None) -> Iterator[tuple[int, Topic]]:
    """The last result that was returned, unless another was submitted since."""
    later = sa.exists().where(_resent.assignment_id == Submission.assignment_id, _resent.id > Submission.id)
    returned = sa.select(Submission.id, Submission.assignment_id, Submission.reason).order_by(Submission.id)
    standing = (*_returned(since), sa.not_(later), among(only, Submission.assignment_id))
    for one in {row.assignment_id: row for row in db.session.execute(returned.where(*standing))}.values():
        yield one.assignment_id, news_topic(Step.RETURNED, one.id, one.reason)


def _of_extensions(since: datetime, only: Only | None) -> Iterator[tuple[int, Topic]]:
    said = (
        Extension.id,
        Extension.assignment_id,
        Extension.granted,
        Extension.note,
        Extension.old_due,
        Extension.new_due,
    )
    decided = sa.select(*said, Person.name.label("by")).outerjoin(Person, Person.id == Extension.decided_by_id)
    lately = decided.where(*_decided(since), among(only, Extension.assignment_id))
    for one in db.session.execute(lately.order_by(Extension.id)):
        step = Step.EXTENSION_GRANTED if one.granted else Step.EXTENSION_REFUSED
        topic = news_topic(step, one.id, one.note, one.new_due)
        yield one.assignment_id, replace(topic, by=one.by or "", old_due=one.old_due)


def _of_nudges(since: datetime, only: Only | None) -> Iterator[tuple[int, Topic]]:
    """The last word of each side."""
    said = (Nudge.id, Nudge.assignment_id, Nudge.text, Nudge.inside, Nudge.by_name)
    nudged = sa.select(*said).where(Nudge.at >= since, among(only, Nudge.assignment_id))
    rows = db.session.execute(nudged.order_by(Nudge.id))
    for one in {(row.assignment_id, row.inside): row for row in rows}.values():
        topic = news_topic(Step.URGED if one.inside else Step.NUDGED, one.id, one.text)
        yield one.assignment_id, replace(topic, by=one.by_name)


def _events(deeds: Collection[str], since: datetime) -> list[Any]:
    return [Event.thing == "assignment", Event.deed.in_(deeds), Event.at >= since]


def _returned(since: datetime) -> list[Any]:
    return [Submission.outcome == "returned", Submission.decided_at >= since]


def _decided(since: datetime) -> list[Any]:
    return [Extension.granted.is_not(None), Extension.decided_at >= since]
