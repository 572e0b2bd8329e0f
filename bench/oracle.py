"""What ought to have been said, worked out a second time: day by day, assignment by assignment, in plain loops.

Nothing here uses `rules.reminding` or `reminders.situations`; it is written from the specification alone and is
slow on purpose, so that the simulation compares two answers to one question.

    not received in 2 working days · 7, 3, 1 days before (short terms: when they are «sắp đến hạn») · the day
    +1 · +3 · +7 · every Monday
    each working day with something overdue or due: how the unit stands; at the beginning of a week also what is ahead
    given, put in charge, returned, decided, urged, suspended, resumed, withdrawn: once, when it happens
    who opened the work today, after its last change, hears of a rung on the next day instead: unless it is the last
    day or the one before, or another rung is in force by then
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from tracker.accounts.models import Person, Post
from tracker.calendars.models import CalendarEntry
from tracker.db import db
from tracker.history.models import Event
from tracker.reminders.models import Nudge, Opening
from tracker.tasks.models import NEVER, Assignment, Coordination, Extension, Submission, Task
from tracker.units.models import Unit

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
"""How long the province may undo what it gave or took; until then no mail tells of it."""
Key = tuple[int, date, str, int, int]
"""Assignment, due date (NEVER for news), rung, subject, person; how a unit stands: 0, the day, «daily», the unit."""

COMMUNE = ("officer", "leaders")
TOLD = (*COMMUNE, "helpers")
ENDS = {"cancelled": ("cancel", "withdraw"), "transferred": ("transfer",), "suspended": ("suspend",)}
"""How work that was given leaves its unit, by the state it is in afterwards."""
HEARERS = {
    "due_in_7": ("officer",),
    "due_in_3": ("officer",),
    "due_in_1": (*COMMUNE, "helpers"),
    "due_today": (*COMMUNE, "helpers"),
    "overdue_1": COMMUNE,
    "monitor_3": (*COMMUNE, "monitor"),
    "leader_7": (*COMMUNE, "monitor", "province"),
    "weekly": (*COMMUNE, "monitor", "province"),
}


@dataclass
class Said:
    """One thing to say to one person, and from which moment on."""

    key: Key
    end: date | None
    news: bool
    from_at: datetime | None = None
    given: date | None = None
    """Of a rung: the day the work was given."""


@dataclass
class Letter:
    """One letter of the oracle: a digest of a day or news."""

    person_id: int
    digest: bool
    keys: frozenset[Key]


@dataclass
class Oracle:
    """Remembers what was said, and says at each moment what has to be said then."""

    said: set[Key] = field(default_factory=set)
    digest_on: dict[int, date] = field(default_factory=dict)
    news_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    reachable: set[int] = field(default_factory=set)
    left_until: dict[Key, date] = field(default_factory=dict)
    """What waits because its hearer had just read of it, and until which day."""

    def letters(self, now: datetime) -> list[Letter]:
        """The letters that leave at this moment."""
        if not time(6, 30) <= now.time() < time(20):
            return []
        self._learn(now.date())
        mine: dict[int, list[Said]] = defaultdict(list)
        for one in self._all(now):
            person_id = one.key[4]
            ripe = one.from_at is None or one.from_at <= now
            if (
                person_id in self.reachable
                and one.key not in self.said
                and ripe
                and self._speaks(now.date(), one.end)
                and not self._left_to_reader(one, now)
            ):
                mine[person_id].append(one)
        letters = [letter for person_id, found in mine.items() for letter in self._packed(person_id, found, now)]
        self.said |= {key for letter in letters for key in letter.keys}
        return letters

    def _packed(self, person_id: int, found: list[Said], now: datetime) -> Iterator[Letter]:
        news = frozenset(one.key for one in found if one.news)
        daily = frozenset(one.key for one in found if not one.news)
        if daily and now.time() >= time(7) and self.digest_on.get(person_id) != now.date():
            self.digest_on[person_id] = now.date()
            yield Letter(person_id, True, daily | news)
            return
        today = [at for at in self.news_at[person_id] if at.date() == now.date()]
        if len(today) >= 2 and now < today[-1] + timedelta(hours=1):
            return
        together = len(news) > 1 and len(today) + len(news) >= 3
        for keys in [news] if together else [frozenset([key]) for key in sorted(news)]:
            self.news_at[person_id].append(now)
            yield Letter(person_id, False, keys)

    def _left_to_reader(self, one: Said, now: datetime) -> bool:
        """Whether its hearer knows of it today and it can be said another day; asked when the digest leaves."""
        today = now.date()
        if one.given is None or now.time() < time(7):
            return False
        if today < self.left_until.get(one.key, today):
            return True
        assignment_id, due, rung, subject, person_id = one.key
        if (person_id, assignment_id) not in self.readers or today in (one.end, one.end - DAY):
            return False
        later = today + DAY
        while not self._speaks(later, one.end):
            later += DAY
        if self.rung(due, one.given, later) != (rung, subject):
            return False
        self.left_until[one.key] = later
        return True

    def _learn_readers(self, today: date) -> None:
        """Who opened which work today and missed nothing of it since."""
        opened = db.session.execute(sa.select(Opening.person_id, Opening.assignment_id, Opening.at)).all()
        todays = [one for one in opened if one.at.date() == today]
        changed: dict[int, list[datetime]] = defaultdict(list)
        ids = {one.assignment_id for one in todays}
        for id_, at in db.session.execute(
            sa.select(Assignment.id, Assignment.updated_at).where(Assignment.id.in_(ids))
        ):
            changed[id_].append(at)
        deeds = sa.select(Event.thing_id, Event.at).where(Event.thing == "assignment", Event.thing_id.in_(ids))
        for id_, at in db.session.execute(deeds):
            changed[id_].append(at)
        self.readers = {
            (one.person_id, one.assignment_id)
            for one in todays
            if all(at <= one.at for at in changed[one.assignment_id])
        }

    # The calendar, walked.

    def _learn(self, today: date) -> None:
        entries = db.session.execute(sa.select(CalendarEntry.on, CalendarEntry.kind)).all()
        self.off = {on for on, kind in entries if kind == "off"}
        self.work = {on for on, kind in entries if kind == "work"}
        people = sa.select(Person.id).where(Person.active, Person.wants_email, Person.email != "")
        self.reachable = set(db.session.scalars(people))
        posts = db.session.execute(sa.select(Post.unit_id, Post.role, Post.person_id, Post.from_on, Post.until_on))
        self.posts: dict[tuple[int, str], list[int]] = defaultdict(list)
        for unit_id, role, person_id, from_on, until_on in posts:
            if from_on <= today and (until_on is None or today <= until_on):
                self.posts[unit_id, role].append(person_id)
        self.helpers: dict[int, list[int]] = defaultdict(list)
        for task_id, unit_id in db.session.execute(sa.select(Coordination.task_id, Coordination.unit_id)):
            self.helpers[task_id].append(unit_id)
        self._learn_readers(today)

    def _works(self, day: date) -> bool:
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def _next_working(self, day: date) -> date:
        while not self._works(day):
            day += DAY
        return day

    def _speaks(self, day: date, end: date | None) -> bool:
        return self._works(day) or (end is not None and day in (end, end - DAY))

    # The ladder.

    def _openings(self, due: date, given: date, today: date) -> Iterator[tuple[date, str, int]]:
        """When each rung opens, with its name and the subject that tells one Monday from another."""
        end = self._next_working(due)
        term = (due - given).days
        for days in (7, 3, 1):
            opens = end - days * DAY
            while not self._speaks(opens, end):
                opens -= DAY
            if opens > given and (term >= 14 or days <= max(2, int(term * 0.3))):
                yield opens, f"due_in_{days}", 0
        if end > given:
            yield end, "due_today", 0
        begin, last = max(end, given), None
        for days, name in ((1, "overdue_1"), (3, "monitor_3"), (7, "leader_7")):
            opens = self._next_working(begin + days * DAY)
            if last is not None:
                opens = max(opens, self._next_working(last + DAY))
            last = opens
            yield opens, name, 0
        monday = begin
        while monday <= today:
            if monday.weekday() == 0 and last is not None and monday > last:
                yield self._next_working(monday), "weekly", monday.toordinal()
            monday += DAY

    def rung(self, due: date, given: date, today: date) -> tuple[str, int] | None:
        """The rung in force on the day."""
        found = None
        for opens, name, subject in self._openings(due, given, today):
            if opens <= today:
                found = (opens, name, subject)
        end = self._next_working(due)
        return None if found is None or (found[0] <= end < today) else found[1:]

    # Who hears.

    def _unit(self, unit_id: int, row: sa.Row) -> list[int]:
        leaders = self.posts[unit_id, "commune_leader"] or self.posts[unit_id, "commune_officer"]
        return leaders or self._monitor(row)

    def _officer(self, row: sa.Row) -> list[int]:
        in_post = [*self.posts[row.unit_id, "commune_leader"], *self.posts[row.unit_id, "commune_officer"]]
        own = [row.officer_id] if row.officer_id in in_post else []
        return own if own and row.with_leader_at is None else self._unit(row.unit_id, row)

    def _monitor(self, row: sa.Row) -> list[int]:
        path = [int(part) for part in row.path.strip("/").split("/")]
        assigning = [one for unit in path for role in ("monitor", "issuer") for one in self.posts[unit, role]]
        return [row.monitor_id] if row.monitor_id in assigning else self._above(path, "monitor", "issuer")

    def _above(self, path: list[int], *roles: str) -> list[int]:
        return next((found for role in roles for unit in path[::-1] if (found := self.posts[unit, role])), [])

    def _people(self, hearers: tuple[str, ...], row: sa.Row) -> set[int]:
        path = [int(part) for part in row.path.strip("/").split("/")]
        heard: set[int] = set()
        for hearer in hearers:
            if hearer == "officer":
                heard |= set(self._officer(row))
            elif hearer == "leaders":
                heard |= set(self._unit(row.unit_id, row))
            elif hearer == "helpers":
                for unit_id in self.helpers[row.task_id]:
                    if unit_id != row.unit_id:
                        leaders = self.posts[unit_id, "commune_leader"]
                        heard |= set(leaders or self.posts[unit_id, "commune_officer"])
            elif hearer == "monitor":
                heard |= set(self._monitor(row))
            else:
                heard |= set(self._above(path, "leader"))
        return heard

    # Everything.

    def _all(self, now: datetime) -> Iterator[Said]:
        waiting = set(db.session.scalars(sa.select(Extension.assignment_id).where(Extension.granted.is_(None))))
        news = self._news(now)
        yield from self._mornings(now.date(), waiting)
        yield from self._taken_and_given_back(now)
        for row in self._rows("assigned", "received", "in_progress"):
            end = self._next_working(row.due_on) if row.due_on else None
            for rung, subject, hearers, from_at in news.get(row.id, ()):
                for person_id in self._people(hearers, row) if isinstance(hearers, tuple) else hearers(row):
                    yield Said((row.id, NEVER, rung, subject, person_id), end, True, from_at)
            for person_id in self._told_of_giving(row, now):
                from_at = row.assigned_at + QUARTER
                yield Said((row.id, NEVER, "assigned", 0, person_id), end, True, from_at)
            if row.id in waiting:
                continue
            if row.due_on and (found := self.rung(row.due_on, row.assigned_on, now.date())):
                for person_id in self._people(HEARERS[found[0]], row):
                    yield Said((row.id, row.due_on, *found, person_id), end, False, given=row.assigned_on)
            elif self._waits_to_be_received(row, now):
                for person_id in self._people(("leaders",), row):
                    yield Said((row.id, NEVER, "unreceived", 0, person_id), end, False)

    def _mornings(self, today: date, waiting: set[int]) -> Iterator[Said]:
        """Which units' leaders hear how they stand today."""
        monday = today - today.weekday() * DAY
        until = today + 7 * DAY if today == self._next_working(monday) else today
        pressing = {
            row.unit_id
            for row in self._rows("assigned", "received", "in_progress")
            if row.due_on
            and row.assigned_on < today
            and self._next_working(row.due_on) <= until
            and row.id not in waiting
            and not row.upward
        }
        for unit_id in pressing if self._works(today) else ():
            for person_id in self.posts[unit_id, "commune_leader"] or self.posts[unit_id, "commune_officer"]:
                yield Said((0, today, "daily", unit_id, person_id), None, False)

    def _taken_and_given_back(self, now: datetime) -> Iterator[Said]:
        """Who had work hears that it was taken away or given back, unless that undid what no mail had told."""
        last: dict[int, Event] = {}
        halted_at: dict[int, datetime] = {}
        deeds = [*(deed for deeds in ENDS.values() for deed in deeds), "resume"]
        lately = sa.and_(Event.thing == "assignment", Event.deed.in_(deeds), Event.at >= now - 30 * DAY)
        for event in db.session.scalars(sa.select(Event).where(lately).order_by(Event.id)):
            last[event.thing_id] = event
            if event.deed == "suspend":
                halted_at[event.thing_id] = event.at
        for row in self._rows("in_progress", *ENDS) if last else ():
            event = last.get(row.id)
            if event is None or event.deed not in ENDS.get(row.state, ("resume",)):
                continue
            if event.deed == "resume":
                rung, since = "resumed", halted_at.get(row.id)
            else:
                rung = "suspended" if event.deed == "suspend" else "withdrawn"
                since = None if row.received_at else row.assigned_at
            if since is not None and event.at - since < QUARTER:
                continue
            end = self._next_working(row.due_on) if row.due_on else None
            for person_id in self._people(TOLD, row):
                yield Said((row.id, NEVER, rung, event.id, person_id), end, True, event.at + QUARTER)

    def _waits_to_be_received(self, row: sa.Row, now: datetime) -> bool:
        second = self._next_working(self._next_working(row.assigned_at.date() + DAY) + DAY)
        return row.state == "assigned" and now - 30 * DAY <= row.assigned_at and second <= now.date()

    def _told_of_giving(self, row: sa.Row, now: datetime) -> set[int]:
        if row.assigned_at < now - 30 * DAY:
            return set()
        return self._people(("helpers",) if row.received_at else ("leaders", "helpers"), row)

    def _rows(self, *states: str) -> list[sa.Row]:
        issuer = sa.orm.aliased(Unit)
        columns = (
            Assignment.id,
            Assignment.task_id,
            Assignment.unit_id,
            Assignment.state,
            Assignment.assigned_on,
            Assignment.assigned_at,
            Assignment.received_at,
            Assignment.due_on,
            Assignment.officer_id,
            Assignment.with_leader_at,
            Assignment.upward,
            Task.monitor_id,
            issuer.path.label("path"),
        )
        query = sa.select(*columns).join(Task, Task.id == Assignment.task_id)
        query = query.join(issuer, issuer.id == Assignment.assigner_id)
        return list(db.session.execute(query.where(Assignment.state.in_(states))).all())

    def _news(self, now: datetime) -> dict[int, list]:
        since = now - 30 * DAY
        found: dict[int, dict[str, list]] = defaultdict(lambda: defaultdict(list))
        for one in db.session.scalars(sa.select(Event).where(Event.deed == "delegate", Event.at >= since)):
            found[one.thing_id]["delegated"] = [one]
        resent = dict(
            db.session.execute(
                sa.select(Submission.assignment_id, sa.func.max(Submission.id)).group_by(Submission.assignment_id)
            ).all()
        )
        for one in db.session.scalars(sa.select(Submission).where(Submission.outcome == "returned")):
            if one.decided_at >= since and resent[one.assignment_id] == one.id:
                found[one.assignment_id]["returned"] = [one]
        for one in db.session.scalars(sa.select(Extension).where(Extension.granted.is_not(None))):
            if one.decided_at >= since:
                found[one.assignment_id]["granted" if one.granted else "refused"].append(one)
        for one in db.session.scalars(sa.select(Nudge).where(Nudge.at >= since).order_by(Nudge.id)):
            found[one.assignment_id]["urged" if one.inside else "nudged"] = [one]
        names = {"granted": "extension_granted", "refused": "extension_refused"}
        told: dict[int, list] = defaultdict(list)
        for assignment_id, kinds in found.items():
            for kind, events in kinds.items():
                for one in events:
                    hearers = {"delegated": self._delegate_of, "urged": self._urged}.get(kind, _commune)(one)
                    if hearers:
                        told[assignment_id].append((names.get(kind, kind), one.id, hearers, None))
        return told

    def _delegate_of(self, event: Event):
        """The officer who was given the work, as long as it is still his; who took it himself knows."""
        officer_id = event.details.get("officer_id")
        if officer_id == event.by_id:
            return None
        return lambda row: [officer_id] if row.officer_id == officer_id and self._in_unit(officer_id, row) else []

    def _urged(self, _nudge: Nudge):
        """The officer whom the leader urged, whoever that is by now."""
        return lambda row: [row.officer_id] if self._in_unit(row.officer_id, row) else []

    def _in_unit(self, person_id: int, row: sa.Row) -> bool:
        return any(person_id in self.posts[row.unit_id, role] for role in ("commune_leader", "commune_officer"))


def _commune(_event) -> tuple[str, ...]:
    return COMMUNE
