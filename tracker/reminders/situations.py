"""What is true to say now: which assignments speak, what each has to say, and who hears it by which channel.

    assignments, events ─→ Topic (rung in force, news) ─→ hearers from current posts ─→ Saying

Planning writes down what is true and was not written yet; delivery asks again and drops what is no longer
true. Both ask here, so they cannot disagree. The number of SQL questions does not grow with the work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.accounts.models import Person
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.history.models import Event
from tracker.reminders.contacts import Contact, Posts, posts_today
from tracker.reminders.manner import Manner
from tracker.reminders.models import Notice, Nudge, Silence
from tracker.rules.access import Role
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import effective_due
from tracker.rules.lifecycle import WITH_UNIT, State
from tracker.rules.notices import NEWS, Audience, Channel, Hearer, Step, channels, presses
from tracker.rules.reminding import NEWS_DAYS, Cadence, Rung, Term, is_unreceived, latest_due, rung_in_force
from tracker.tasks.models import NEVER, Assignment, Coordination, Extension, Submission, Task
from tracker.units.models import Unit

Key = tuple[int, date, str, int, int, str]
"""Assignment, due date (NEVER for news), rung, subject, person, channel: what the outbox holds unique."""

_CONTENT_SHOWN = 200
running = Assignment.state.in_([state.value for state in WITH_UNIT])


@dataclass(frozen=True)
class Topic:
    """One thing that an assignment has to say, before it is known to whom."""

    step: Step
    code: str
    key_due: date
    subject_id: int = 0
    not_before: datetime | None = None
    detail: str = ""
    new_due: date | None = None
    rung_days: int = 0
    by: str = ""
    """Who urged, or decided."""
    old_due: date | None = None


@dataclass(frozen=True)
class Saying:
    """One thing to say to one person by one channel. `row` holds the assignment's plain values."""

    row: Any
    topic: Topic
    end: date | None
    contact: Contact
    hearer: Hearer
    channel: Channel
    cadence: Cadence
    silent_until: date | None = None
    """The last day of a silence over the area, during which this is not said."""

    @property
    def key(self) -> Key:
        """What makes this saying the same as one that is written already."""
        topic = self.topic
        return self.row.id, topic.key_due, topic.code, topic.subject_id, self.contact.person_id, self.channel.value


def sayings(
    now: datetime, manner: Manner, only: Collection[int] | None = None, to: Collection[int] | None = None
) -> Iterator[Saying]:
    """Everything that ought to have been said by now, said or not, of all assignments or `only` of these.

    With `to` only what these people hear.
    """
    calendar = working_calendar()
    news = _news(now)
    posts = posts_today(now.date(), manner.zalo)
    failed = _failed_by_zalo(now, only) if manner.zalo.configured else frozenset()
    settled = cache(manner.cadence_for)
    last_day = cache(lambda due_on: effective_due(due_on, calendar, manner.policy))
    rung_of = cache(lambda term, path: rung_in_force(term, now.date(), calendar, manner.policy, settled(path)))
    rows = _rows(now, calendar, manner, only)
    helpers, silences = _helpers(only), silenced(now.date())
    for row in rows:
        silent = max((until for path, until in silences if row.unit_path.startswith(path)), default=None)
        end, cadence = last_day(row.due_on), settled(row.assigner_path)
        term = Term(row.due_on, row.assigned_on, row.due_text) if row.due_on else None
        rung = rung_of(term, row.assigner_path) if term and not row.extension_waits else None
        topics = [*news.get(row.id, ()), *_assigned(row, now, cadence), *_pending(row, rung, now, calendar, cadence)]
        for topic in topics:
            silent_until = None if topic.step in NEWS else silent
            for hearer, contact, cell in _heard_by(topic, row, posts, helpers.get(row.task_id, ()), cadence.audience):
                if to is not None and contact.person_id not in to:
                    continue
                for channel in _channels(row, topic, contact, cell, manner, failed):
                    yield Saying(row, topic, end, contact, hearer, channel, cadence, silent_until)


def _pending(
    row: Any, rung: Rung | None, now: datetime, calendar: WorkingCalendar, cadence: Cadence
) -> Iterator[Topic]:
    """What is to be said as long as nothing happens: the rung in force, or that the work was not even received."""
    if rung is not None:
        yield Topic(rung.step, rung.code, row.due_on, rung.subject, rung_days=rung.days)
    elif not row.extension_waits and is_unreceived(State(row.state), row.assigned_at, now, calendar, cadence):
        yield _topic(Step.UNRECEIVED, 0, "")


def _channels(
    row: Any, topic: Topic, contact: Contact, cell: str, manner: Manner, failed: Collection[Key]
) -> tuple[Channel, ...]:
    """By which channels a person hears of a topic, each where there is an address and the house can send it."""
    term_days = (row.due_on - row.assigned_on).days if row.due_on else None
    key = row.id, topic.key_due, topic.code, topic.subject_id, contact.person_id, Channel.ZALO.value
    return channels(
        cell,
        presses=presses(topic.step, rung_days=topic.rung_days, term_days=term_days),
        email=bool(contact.email) and manner.email,
        zalo=bool(contact.zalo),
        zalo_failed=key in failed,
    )


def _failed_by_zalo(now: datetime, only: Collection[int] | None) -> frozenset[Key]:
    """The keys of what Zalo lately would not take."""
    lately = sa.and_(Notice.state == "failed", Notice.planned_at >= now - timedelta(days=NEWS_DAYS))
    query = sa.select(
        Notice.assignment_id, Notice.due_on, Notice.rung, Notice.subject_id, Notice.person_id, Notice.channel
    ).where(lately, Notice.channel == Channel.ZALO.value)
    if only is not None:
        query = query.where(Notice.assignment_id.in_(only))
    return frozenset(cast(Key, tuple(row)) for row in db.session.execute(query))


def _rows(now: datetime, calendar: WorkingCalendar, manner: Manner, only: Collection[int] | None) -> Iterable[Any]:
    """The running assignments that may have something to say, as plain values."""
    assigner = aliased(Unit)
    query = (
        sa.select(
            Assignment.id,
            Assignment.task_id,
            Assignment.unit_id,
            Assignment.state,
            Assignment.assigned_on,
            Assignment.assigned_at,
            Assignment.due_on,
            Assignment.officer_id,
            Assignment.with_leader_at,
            Task.monitor_id,
            Task.due_text,
            sa.func.substr(Task.content, 1, _CONTENT_SHOWN).label("content"),
            Unit.code.label("unit_code"),
            Unit.name.label("unit_name"),
            Unit.path.label("unit_path"),
            assigner.path.label("assigner_path"),
            extension_waits().label("extension_waits"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(assigner, assigner.id == Assignment.assigner_id)
        .where(running)
        .order_by(Assignment.due_on.asc().nulls_last(), Assignment.id)
    )
    if only is not None:
        return db.session.execute(query.where(Assignment.id.in_(only))).all()
    since = now - timedelta(days=NEWS_DAYS)
    in_the_news = sa.union_all(
        sa.select(Event.thing_id).where(*_events(("delegate", "amend"), since)),
        sa.select(Submission.assignment_id).where(*_returned(since)),
        sa.select(Extension.assignment_id).where(*_decided(since)),
        sa.select(Nudge.assignment_id).where(Nudge.at >= since),
    )
    may_speak = sa.or_(
        Assignment.due_on <= max(latest_due(now.date(), calendar, cadence) for cadence in manner.cadences()),
        Assignment.assigned_at >= since,
        Assignment.id.in_(in_the_news),
    )
    return db.session.execute(query.where(may_speak)).all()


def silenced(today: date) -> list[tuple[str, date]]:
    """The areas that are silent on the day, each as the path of its unit and the last day of the silence."""
    in_force = sa.and_(Silence.from_on <= today, Silence.until_on >= today, Silence.lifted_at.is_(None))
    query = sa.select(Unit.path, Silence.until_on).join(Unit, Unit.id == Silence.unit_id).where(in_force)
    return [(path, until) for path, until in db.session.execute(query)]


def extension_waits() -> sa.ColumnElement[bool]:
    """Whether a request for a later due date of the assignment waits for the province."""
    return sa.exists().where(Extension.assignment_id == Assignment.id, Extension.granted.is_(None))


def _events(deeds: Collection[str], since: datetime) -> list[Any]:
    return [Event.thing == "assignment", Event.deed.in_(deeds), Event.at >= since]


def _returned(since: datetime) -> list[Any]:
    return [Submission.outcome == "returned", Submission.decided_at >= since]


def _decided(since: datetime) -> list[Any]:
    return [Extension.granted.is_not(None), Extension.decided_at >= since]


def _assigned(row: Any, now: datetime, cadence: Cadence) -> list[Topic]:
    """The giving itself, held back while it can still be undone."""
    if row.assigned_at < now - timedelta(days=NEWS_DAYS):
        return []
    safe_at = row.assigned_at + timedelta(minutes=cadence.undo_minutes)
    return [Topic(Step.ASSIGNED, Step.ASSIGNED.value, NEVER, not_before=safe_at)]


def _news(now: datetime) -> dict[int, list[Topic]]:
    """What happened lately, by assignment: every decided extension, of the rest the last of its kind."""
    since = now - timedelta(days=NEWS_DAYS)
    found: dict[int, list[Topic]] = defaultdict(list)
    for thing_id, topic in _of_history(since):
        found[thing_id].append(topic)
    returned = sa.select(Submission.id, Submission.assignment_id.label("thing_id"), Submission.reason)
    resent = aliased(Submission)
    later = sa.exists().where(resent.assignment_id == Submission.assignment_id, resent.id > Submission.id)
    for one in _latest(returned.where(*_returned(since), sa.not_(later))):
        found[one.thing_id].append(_topic(Step.RETURNED, one.id, one.reason))
    decided = sa.select(
        Extension.id,
        Extension.assignment_id.label("thing_id"),
        Extension.granted,
        Extension.note,
        Extension.old_due,
        Extension.new_due,
        Person.name.label("by"),
    ).outerjoin(Person, Person.id == Extension.decided_by_id)
    for one in db.session.execute(decided.where(*_decided(since)).order_by(Extension.id)):
        step = Step.EXTENSION_GRANTED if one.granted else Step.EXTENSION_REFUSED
        topic = _topic(step, one.id, one.note, one.new_due)
        found[one.thing_id].append(replace(topic, by=one.by or "", old_due=one.old_due))
    nudged = sa.select(Nudge.id, Nudge.assignment_id.label("thing_id"), Nudge.text, Nudge.inside, Nudge.by_name)
    for one in _latest(nudged.where(Nudge.at >= since)):
        topic = _topic(Step.URGED if one.inside else Step.NUDGED, one.id, one.text)
        found[one.thing_id].append(replace(topic, by=one.by_name))
    return found


def _of_history(since: datetime) -> Iterator[tuple[int, Topic]]:
    """What only the history remembers: who was put in charge last, and the last amendment."""
    events = sa.select(Event.id, Event.thing_id, Event.deed, Event.by_id, Event.details).order_by(Event.id)
    rows = db.session.execute(events.where(*_events(("delegate", "amend"), since)))
    for one in {(row.thing_id, row.deed): row for row in rows}.values():
        if one.deed == "amend":
            yield one.thing_id, _topic(Step.AMENDED, one.id, str(one.details.get("document", "")))
        elif one.details.get("officer_id") != one.by_id:
            yield one.thing_id, _topic(Step.DELEGATED, one.id, str(one.details.get("officer_id")))


def _topic(step: Step, subject_id: int, detail: str, new_due: date | None = None) -> Topic:
    return Topic(step, step.value, NEVER, subject_id, detail=detail, new_due=new_due)


def _latest(query: Any) -> Iterable[Any]:
    """The last row of each assignment."""
    return {one.thing_id: one for one in db.session.execute(query.order_by(query.selected_columns.id))}.values()


def _helpers(only: Collection[int] | None) -> dict[int, list[int]]:
    """The coordinating units of each task."""
    query = sa.select(Coordination.task_id, Coordination.unit_id)
    if only is not None:
        tasks = sa.select(Assignment.task_id).where(Assignment.id.in_(only))
        query = query.where(Coordination.task_id.in_(tasks))
    helpers: dict[int, list[int]] = defaultdict(list)
    for task_id, unit_id in db.session.execute(query):
        helpers[task_id].append(unit_id)
    return helpers


Heard = list[tuple[Hearer, Contact]]


def would_hear(step: Step, now: datetime, manner: Manner, only: Collection[int]) -> dict[int, Heard]:
    """Who would hear of each of these running assignments, and as what, if it had this to say."""
    topic, posts, helpers = _topic(step, 0, ""), posts_today(now.date(), manner.zalo), _helpers(only)

    def heard(row: Any, audience: Audience) -> Heard:
        found = _heard_by(topic, row, posts, helpers.get(row.task_id, ()), audience)
        return [(hearer, contact) for hearer, contact, _ in found]

    rows = _rows(now, working_calendar(), manner, only)
    return {row.id: heard(row, manner.cadence_for(row.assigner_path).audience) for row in rows}


def _heard_by(
    topic: Topic, row: Any, posts: Posts, helpers: Iterable[int], audience: Audience
) -> Iterable[tuple[Hearer, Contact, str]]:
    """Each person once, in the first capacity that fits, with the cell that says by which channels."""
    found: dict[int, tuple[Hearer, Contact, str]] = {}
    for capacity, cell in audience[topic.step].items():
        for hearer, contact in _holders(capacity, topic, row, posts, helpers):
            found.setdefault(contact.person_id, (hearer, contact, cell))
    return found.values()


def _holders(hearer: Hearer, topic: Topic, row: Any, posts: Posts, helpers: Iterable[int]) -> Heard:
    """Who fills a capacity today, and under which name."""
    if hearer is Hearer.OFFICER:
        return _officer(topic, row, posts)
    if hearer is Hearer.UNIT_LEADERS:
        known = topic.step is Step.ASSIGNED and row.state != State.ASSIGNED.value
        return [] if known else _unit(row, posts)
    if hearer is Hearer.COORDINATORS:
        others = [unit_id for unit_id in helpers if unit_id != row.unit_id]
        return [(hearer, contact) for unit_id in others for contact in posts.in_unit(unit_id)]
    if hearer is Hearer.MONITOR:
        return [(hearer, contact) for contact in posts.monitors(row.monitor_id, row.assigner_path)]
    return [(hearer, contact) for contact in posts.above(row.assigner_path, Role.LEADER)]


def _officer(topic: Topic, row: Any, posts: Posts) -> Heard:
    """The officer in charge; what is nobody's, an absent person's or already with the leader is the leaders'."""
    own = [(Hearer.OFFICER, contact) for contact in posts.officer(row.officer_id, row.unit_id)]
    if topic.step is Step.URGED:
        return own
    if topic.step is Step.DELEGATED:
        return own if topic.detail == str(row.officer_id) else []
    return own if own and row.with_leader_at is None else _unit(row, posts)


def _unit(row: Any, posts: Posts) -> Heard:
    """Those who answer for the unit; for a unit without anybody in post the monitor, so that no notice is lost."""
    answering = [(Hearer.UNIT_LEADERS, contact) for contact in posts.in_unit(row.unit_id)]
    return answering or [(Hearer.MONITOR, one) for one in posts.monitors(row.monitor_id, row.assigner_path)]
