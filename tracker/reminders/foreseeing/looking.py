"""The look itself: what opens on which day for the work that a person may see, counted, and who would hear it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.reminders.foreseeing.mornings import Mornings
from tracker.reminders.foreseeing.people import stretches
from tracker.reminders.foreseeing.sides import Forecast, Heard, Hearing, Mark, Side, Silences
from tracker.reminders.manner import Manner
from tracker.reminders.situations import Topic, Topics, extension_waits, running, would_be_heard
from tracker.rules.foreseeing import Opening, Outlook, anywhere, openings
from tracker.rules.lifecycle import State
from tracker.rules.notices import Audience, Channel, Step
from tracker.rules.reminding import NEWS_DAYS, Rung, latest_due, plain_term
from tracker.tasks.models import NEVER, Assignment, Coordination, Task
from tracker.tasks.queries.sight import led
from tracker.units.models import Unit

DAYS_SHOWN = 14


class Look:
    """The next fourteen days of the work that a person may see, on one side for each manner of reminding.

    The first manner is the one that holds; a second would hold from today.
    """

    def __init__(self, user: User, now: datetime, *manners: Manner):
        self.days = [now.date() + timedelta(days=n) for n in range(DAYS_SHOWN)]
        self._user, self._zone, self._calendar = user, now.tzinfo, working_calendar()
        self._sides = [Side(manner, self._calendar) for manner in manners]
        self._lately = self._midnight(self.days[0] - timedelta(days=NEWS_DAYS))
        self._silences = Silences(self.days)
        self._opened, self._term = cache(self._openings), cache(plain_term)
        self._outlooks = self._counted()
        self._mornings = Mornings(user, self.days, self._calendar, self._silences)

    def forecasts(self) -> list[Forecast]:
        """On each side by day: what there is to say, and of how many assignments."""
        found: list[Forecast] = [{day: Counter() for day in self.days} for _ in self._sides]
        for (path, outlook), number in self._outlooks.items():
            for forecast, opened in zip(found, self._opened(path, outlook), strict=True):
                for one in opened:
                    forecast[one.day][anywhere(one.rung)] += number
        for forecast, side in zip(found, self._sides, strict=True):
            for day in self.days:
                forecast[day] += self._mornings.told_on(day, side)
        return found

    def hearing(self, days: Sequence[date], unit_id: int | None = None) -> list[Hearing]:
        """On each side: who would newly hear what on which of these of the days, of all work or of one unit's."""
        found: list[Hearing] = [{} for _ in self._sides]
        for stretch in stretches(days):
            self._listen(found, stretch, unit_id)
        return found

    def _listen(self, found: list[Hearing], days: Sequence[date], unit_id: int | None) -> None:
        """Add what is heard on days on which the same people hold posts."""
        said_before: dict[tuple[int, int], set[Channel]] = {}
        of_work = self._topics_on(days)
        everybody = would_be_heard(
            lambda row: of_work(row) if row.id else self._mornings.topics(row, days, self._sides),
            self._midnight(days[0]),
            self._sides[0].manner,
            self._speaking(days, unit_id),
            self._mornings.units(unit_id),
        )
        for row, (sides, one), contact, channels in everybody:
            key = row.id, contact.person_id
            if not sides:
                said_before[key] = set(channels)
                continue
            new = set(channels) - said_before.get(key, set()) if one.again else channels
            for side in sides if new else ():
                found[side].setdefault((one.day, contact.person_id), Heard(contact)).hear(one.rung, new)

    def _openings(self, path: str, outlook: Outlook) -> list[list[Opening]]:
        """On each side what opens on which day."""
        present = self._sides[0].of(path)
        return [list(openings(outlook, self.days, side.of(path), present)) for side in self._sides]

    def _topics_on(self, days: Sequence[date]) -> Topics:
        """What an assignment has to say on the days, on which sides; before what it says again, as it was said."""
        told = cache(lambda path, outlook: self._told(path, outlook, days))

        def topics(row: Any) -> Iterator[tuple[Mark, Topic, Audience]]:
            given_at = row.assigned_at if row.state == State.ASSIGNED.value else None
            for sides, one, audience in told(row.assigner_path, self._outlook(row, given_at)):
                yield (sides, one), _topic(one.rung, row), audience

        return topics

    def _told(
        self, path: str, outlook: Outlook, days: Sequence[date]
    ) -> list[tuple[tuple[int, ...], Opening, Audience]]:
        """What opens on the days and who hears it; what is the same on both sides is told once."""
        audiences = [side.of(path).cadence.audience for side in self._sides]
        opened = [[one for one in each if one.day in days] for each in self._opened(path, outlook)]
        if opened[0] == opened[-1] and all(
            audiences[0][o.rung.step] == audiences[-1][o.rung.step] for o in opened[0]
        ):
            return [(tuple(range(len(opened))), one, audiences[0]) for one in opened[0]]
        again = [((), one, audiences[0]) for one in opened[-1] if one.again]
        return [*again, *(((n,), one, audiences[n]) for n, each in enumerate(opened) for one in each)]

    def _speaking(self, days: Sequence[date], unit_id: int | None) -> sa.Select[Any]:
        """The question for all work of which something may open on the days, or what a unit leads or helps with."""
        opened = ((one, each) for path, one in self._outlooks for side in self._opened(path, one) for each in side)
        speaking = {outlook for outlook, each in opened if each.day in days}
        dues = {one.term.due_on for one in speaking if one.term}
        given = {one.given_on for one in speaking if one.given_on}
        either: list[sa.ColumnElement[bool]] = [Assignment.due_on.in_(dues)]
        if given:
            since, until = self._midnight(min(given)), self._midnight(max(given) + timedelta(days=1))
            either.append(_given_between(since, until))
        query = sa.select(Assignment.id).where(running, led(self._user), sa.not_(extension_waits()), sa.or_(*either))
        if unit_id is None:
            return query
        helped = sa.select(Coordination.task_id).where(Coordination.unit_id == unit_id)
        return query.where(sa.or_(Assignment.unit_id == unit_id, Assignment.task_id.in_(helped)))

    def _counted(self) -> Counter[tuple[str, Outlook]]:
        """How many running assignments have each outlook, by who assigned them; none whose extension waits."""
        assigner = aliased(Unit)
        cadences = [cadence for ways in self._sides for cadence in ways.manner.cadences()]
        latest = max(latest_due(self.days[-1], self._calendar, cadence) for cadence in cadences)
        lately = _given_between(self._lately, None)
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
        term = self._term(row.due_on, row.assigned_on, row.due_text) if row.due_on else None
        given_on = given_at.date() if given_at and given_at >= self._lately else None
        return Outlook(term, given_on, self._silences.over(row.unit_path))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self._zone)


def _given_between(since: datetime, until: datetime | None) -> sa.ColumnElement[bool]:
    """Work that is not received and was given in [since, until)."""
    given = sa.and_(Assignment.state == State.ASSIGNED.value, Assignment.assigned_at >= since)
    return given if until is None else sa.and_(given, Assignment.assigned_at < until)


def _topic(rung: Rung, row: Any) -> Topic:
    key_due = NEVER if rung.step is Step.UNRECEIVED else row.due_on
    return Topic(rung.step, rung.code, key_due, rung.subject, rung_days=rung.days)
