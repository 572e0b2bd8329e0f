"""What the coming days would bring, counted by day, and by name who would hear it: under a manner, or a change of it.

    outlooks of the work, counted ─→ rules/foreseeing ─→ what opens on which day
    the work of which something opens on a day ─→ situations (who hears by which channel, as in planning) ─→ Heard

Nobody's news are foreseen: what has happened is said at once, what will happen is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.accounts.acting import User
from tracker.accounts.models import Post
from tracker.accounts.queries import held_on
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.reminders.contacts import Contact
from tracker.reminders.manner import Manner
from tracker.reminders.models import Silence
from tracker.reminders.situations import Topic, extension_waits, running, would_be_heard
from tracker.rules.foreseeing import Forecast, Opening, Outlook, Way, anywhere, forecast, openings
from tracker.rules.lifecycle import State
from tracker.rules.notices import Audience, Channel, Step
from tracker.rules.reminding import NEWS_DAYS, Rung, latest_due, plain_term
from tracker.tasks.models import NEVER, Assignment, Task
from tracker.tasks.queries.sight import led
from tracker.units.models import Unit

DAYS_SHOWN = 14

Area = tuple[str, date, date]
"""Where nobody is reminded: the path of a unit, the first and the last day."""


@dataclass
class Heard:
    """What somebody would newly hear on a day: assignments by what is said of them, and by which channels."""

    contact: Contact
    said: Counter[Rung] = field(default_factory=Counter)
    channels: set[Channel] = field(default_factory=set)


Hearing = dict[int, Heard]


class Look:
    """The next fourteen days of the work that a person may see: as it is reminded and, perhaps, would be."""

    def __init__(self, user: User, now: datetime, present: Manner, proposed: Manner | None = None):
        self.days = [now.date() + timedelta(days=n) for n in range(DAYS_SHOWN)]
        self._user, self._now, self._manner = user, now, present
        self._present, self._proposed = _Ways(present), _Ways(proposed or present)
        self._silences = _silences(self.days)
        self._outlooks = self._counted()

    def forecasts(self) -> tuple[Forecast, Forecast]:
        """By day how many assignments have what to say: as it is reminded now, and as it would be."""
        now: Forecast = {day: Counter() for day in self.days}
        then: Forecast = {day: Counter() for day in self.days}
        by_path: dict[str, Counter[Outlook]] = {}
        for (path, outlook), number in self._outlooks.items():
            by_path.setdefault(path, Counter())[outlook] += number
        for path, outlooks in by_path.items():
            present, proposed = self._present.of(path), self._proposed.of(path)
            for day, rungs in forecast(outlooks, self.days, present).items():
                now[day] += rungs
            for day, rungs in forecast(outlooks, self.days, proposed, present).items():
                then[day] += rungs
        return now, then

    def hearing(self, day: date) -> tuple[Hearing, Hearing]:
        """Who would newly hear what on one of the days: as it is reminded now, and as it would be."""
        found: tuple[Hearing, Hearing] = ({}, {})
        heard_before: dict[tuple[int, int], set[Channel]] = {}
        opened = cache(lambda path, outlook: self._opened(path, outlook, day))

        def topics(row: Any) -> Iterator[tuple[tuple[int, Opening | None], Topic, Audience]]:
            given_at = row.assigned_at if row.state == State.ASSIGNED.value else None
            for side, one, audience in opened(row.assigner_path, self._outlook(row, given_at)):
                if one.again:
                    yield (side, None), _topic(one.rung, row), self._present.of(row.assigner_path).cadence.audience
                yield (side, one), _topic(one.rung, row), audience

        moment = datetime.combine(day, time.min, self._now.tzinfo)
        for row, (side, one), contact, channels in would_be_heard(topics, moment, self._manner, self._speaking(day)):
            if one is None:
                heard_before[row.id, contact.person_id] = set(channels)
                continue
            new = set(channels) - heard_before.get((row.id, contact.person_id), set()) if one.again else channels
            if new:
                heard = found[side].setdefault(contact.person_id, Heard(contact))
                heard.said[anywhere(one.rung)] += 1
                heard.channels.update(new)
        return found

    def _opened(self, path: str, outlook: Outlook, day: date) -> list[tuple[int, Opening, Audience]]:
        """What opens on the day under each of the two manners."""
        present, proposed = self._present.of(path), self._proposed.of(path)
        now = [(0, one, present.cadence.audience) for one in openings(outlook, self.days, present)]
        then = [(1, one, proposed.cadence.audience) for one in openings(outlook, self.days, proposed, present)]
        return [each for each in (*now, *then) if each[1].day == day]

    def _speaking(self, day: date) -> sa.Select[Any]:
        """The question for all work of which something may open on the day."""
        speaking = [one for (path, one) in self._outlooks if self._opened(path, one, day)]
        dues = {one.term.due_on for one in speaking if one.term}
        given = {one.given_on for one in speaking if one.given_on}
        either: list[sa.ColumnElement[bool]] = [Assignment.due_on.in_(dues)]
        if given:
            since, until = min(given), max(given) + timedelta(days=1)
            either.append(_given_between(self._midnight(since), self._midnight(until)))
        return sa.select(Assignment.id).where(running, led(self._user), sa.not_(extension_waits()), sa.or_(*either))

    def _counted(self) -> Counter[tuple[str, Outlook]]:
        """How many running assignments have each outlook, by who assigned them; none whose extension waits."""
        calendar, assigner = working_calendar(), aliased(Unit)
        cadences = [*self._present.manner.cadences(), *self._proposed.manner.cadences()]
        latest = max(latest_due(self.days[-1], calendar, cadence) for cadence in cadences)
        lately = _given_between(self._midnight(self.days[0] - timedelta(days=NEWS_DAYS)), None)
        columns = (
            Assignment.due_on,
            Assignment.assigned_on,
            Task.due_text,
            sa.case((lately, Assignment.assigned_at)).label("given_at"),
            (Unit.path if self._silences else sa.literal("")).label("unit_path"),
            assigner.path.label("assigner_path"),
        )
        query = (
            sa.select(*columns, sa.func.count().label("number"))
            .join(Task, Task.id == Assignment.task_id)
            .join(Unit, Unit.id == Assignment.unit_id)
            .join(assigner, assigner.id == Assignment.assigner_id)
            .where(running, led(self._user), sa.not_(extension_waits()))
            .where(sa.or_(Assignment.due_on <= latest, lately))
            .group_by(*(sa.literal_column(str(place)) for place in range(1, len(columns) + 1)))
        )
        found: Counter[tuple[str, Outlook]] = Counter()
        for row in db.session.execute(query):
            found[row.assigner_path, self._outlook(row, row.given_at)] += row.number
        return found

    def _outlook(self, row: Any, given_at: datetime | None) -> Outlook:
        term = plain_term(row.due_on, row.assigned_on, row.due_text) if row.due_on else None
        recent = given_at is not None and given_at >= self._midnight(self.days[0] - timedelta(days=NEWS_DAYS))
        silent = tuple((first, last) for path, first, last in self._silences if row.unit_path.startswith(path))
        return Outlook(term, given_at.date() if given_at and recent else None, silent)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self._now.tzinfo)


class _Ways:
    """The way of reminding of each unit that assigns."""

    def __init__(self, manner: Manner):
        self.manner, self._calendar = manner, working_calendar()
        self._known: dict[int, Way] = {}
        self.of = cache(self._of)

    def _of(self, path: str) -> Way:
        cadence = self.manner.cadence_for(path)
        return self._known.setdefault(id(cadence), Way(self._calendar, self.manner.policy, cadence))


def _given_between(since: datetime, until: datetime | None) -> sa.ColumnElement[bool]:
    """Work that is not received and was given in [since, until)."""
    given = sa.and_(Assignment.state == State.ASSIGNED.value, Assignment.assigned_at >= since)
    return given if until is None else sa.and_(given, Assignment.assigned_at < until)


def _topic(rung: Rung, row: Any) -> Topic:
    key_due = NEVER if rung.step is Step.UNRECEIVED else row.due_on
    return Topic(rung.step, rung.code, key_due, rung.subject, rung_days=rung.days)


def _silences(days: Sequence[date]) -> list[Area]:
    """Where nobody is reminded on any of the days, or was on the day before."""
    near = sa.and_(Silence.until_on >= days[0] - timedelta(days=1), Silence.from_on <= days[-1])
    query = sa.select(Unit.path, Silence.from_on, Silence.until_on).join(Unit, Unit.id == Silence.unit_id)
    return [
        (path, first, last)
        for path, first, last in db.session.execute(query.where(near, Silence.lifted_at.is_(None)))
    ]


def units_of(path: str, day: date) -> Mapping[int, Sequence[str]]:
    """The units of a subtree in which people hold posts on a day: their names, by person."""
    query = sa.select(Post.person_id, Unit.name).join(Unit, Unit.id == Post.unit_id)
    inside = query.where(held_on(day), Unit.path.startswith(path, autoescape=True))
    found: dict[int, list[str]] = {}
    for person_id, name in db.session.execute(inside.order_by(Post.id)):
        names = found.setdefault(person_id, [])
        names += [] if name in names else [name]
    return found
