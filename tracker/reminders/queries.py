"""Asking about notices: what would be said now, what is in a person's inbox, what became of the outbox."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.accounts.models import Person, Post
from tracker.accounts.queries import held_on
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.reminders.beats import REMINDERS
from tracker.reminders.letters.messages import line
from tracker.reminders.manner import Manner
from tracker.reminders.models import Address, Heartbeat, Message, Notice, Override
from tracker.reminders.situations import Key, Saying, Topic, sayings
from tracker.rules.cadences import in_force
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.notices import GIVEN_BACK, HEARER_LABELS, NEWS, URGINGS, Channel, Step
from tracker.rules.reminding import NEWS_DAYS, TAKEN_AWAY, Cadence, send_after, words
from tracker.tasks.models import NEVER, Assignment
from tracker.units.models import Unit

_SAY_MORE = URGINGS | GIVEN_BACK | {Step.RETURNED, Step.HANDED_BACK, Step.AMENDED, *TAKEN_AWAY}
_DOES = {Step.HANDED_UP: "trình duyệt", **dict.fromkeys(URGINGS, "nhắc")}
"""What whoever did it does, in the inbox: «Phạm Thị Dung nhắc»."""


@dataclass(frozen=True)
class PlannedNotice:
    """One notice that is due to be written: what, to whom, by which channel, from when on, and why.

    Without an `assignment_id` it is of the unit.
    """

    assignment_id: int | None
    unit_id: int | None
    unit_code: str
    unit_name: str
    content: str
    rung: str
    subject_id: int
    due_on: date | None
    key_due: date
    person_id: int
    username: str
    person_name: str
    channel: Channel
    send_after: datetime
    why: str
    text: str

    @property
    def key(self) -> Key:
        """What the outbox holds unique of it."""
        return self.assignment_id or 0, self.key_due, self.rung, self.subject_id, self.person_id, self.channel.value

    def as_json(self) -> dict[str, Any]:
        """The shape that other programs read; `unit` is its code, `person` the user name."""
        return {
            "assignment": self.assignment_id,
            "unit": self.unit_code,
            "rung": self.rung,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "person": self.username,
            "channel": self.channel.value,
            "send_after": self.send_after.isoformat(timespec="minutes"),
            "why": self.why,
        }


def plan(now: datetime, manner: Manner) -> list[PlannedNotice]:
    """Every notice that ought to have been written by now and was not, in the order of due dates.

    The choice rests on the state of the world, never on the equality of a date: a run that was missed is made
    good by the next. About ten questions to the database, whatever the number of assignments.
    """
    speaking = [one for one in sayings(now, manner) if one.silent_until is None]
    written = _written(speaking, now)
    calendar = working_calendar()
    return [_planned(one, now, calendar) for one in speaking if not _is_written(one, written)]


def _is_written(one: Saying, written: Mapping[Key, str]) -> bool:
    """Whether the outbox has it, or has said it by the channel in whose place this one would speak."""
    if one.key in written:
        return True
    return one.instead_of is not None and written.get(one.key_by(one.instead_of)) == "sent"


def _written(true_now: Sequence[Saying], now: datetime) -> dict[Key, str]:
    """The keys of the outbox among which these sayings could be, of the rungs in force and of recent news, and how
    each stands.

    What was dropped has not been said: when it is true again it is planned again.
    """
    spans: dict[tuple[str, int], tuple[date, date]] = {}
    for one in true_now:
        topic = one.topic
        if topic.step not in NEWS and topic.step is not Step.DAILY:
            first, last = spans.get((topic.code, topic.subject_id), (topic.key_due, topic.key_due))
            spans[topic.code, topic.subject_id] = (min(first, topic.key_due), max(last, topic.key_due))
    todays = sa.and_(Notice.rung == Step.DAILY.value, Notice.due_on == now.date())
    recent = sa.and_(Notice.due_on == NEVER, Notice.planned_at >= now - timedelta(days=NEWS_DAYS))
    in_force = [
        sa.and_(Notice.rung == code, Notice.subject_id == subject, Notice.due_on.between(first, last))
        for (code, subject), (first, last) in spans.items()
    ]
    key = (
        sa.func.coalesce(Notice.assignment_id, 0),
        Notice.due_on,
        Notice.rung,
        Notice.subject_id,
        Notice.person_id,
        Notice.channel,
    )
    query = sa.select(*key, Notice.state).where(sa.or_(recent, todays, *in_force), Notice.state != "dropped")
    return {cast(Key, tuple(row[:-1])): row.state for row in db.session.execute(query)}


def _planned(one: Saying, now: datetime, calendar: WorkingCalendar) -> PlannedNotice:
    row, topic = one.row, one.topic
    left = (one.end - now.date()).days if one.end else None
    of_unit = topic.step is Step.DAILY
    said = words(topic.step, left, topic.new_due)
    until = f", hạn {row.due_on:%d/%m/%Y}" if row.due_on else ""
    return PlannedNotice(
        assignment_id=None if of_unit else row.id,
        unit_id=row.unit_id if of_unit else None,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        content=row.content,
        rung=topic.code,
        subject_id=topic.subject_id,
        due_on=row.due_on,
        key_due=topic.key_due,
        person_id=one.contact.person_id,
        username=one.contact.username,
        person_name=one.contact.name,
        channel=one.channel,
        send_after=leaves_at(one, now, calendar),
        why=f"{said}{until}; {HEARER_LABELS[one.hearer]}",
        text=line(
            f"{topic.by} {_DOES[topic.step]}" if topic.by and topic.step in _DOES else said, row.content, _more(topic)
        ),
    )


def _more(topic: Topic) -> str:
    return topic.more if topic.step in _SAY_MORE else ""


def leaves_at(one: Saying, now: datetime, calendar: WorkingCalendar, *, in_digest: bool = False) -> datetime:
    """When the saying may leave: in the inbox at once, by e-mail within the window and after a silence.

    Rungs leave with the digest, and so does news that was tried `in_digest`.
    """
    if one.channel is Channel.INAPP:
        return now
    begin = max(now, one.topic.not_before or now)
    if one.silent_until is not None:
        begin = max(begin, datetime.combine(one.silent_until + timedelta(days=1), time.min, now.tzinfo))
    digest = in_digest or one.topic.step not in NEWS
    return send_after(begin, one.end, calendar, one.cadence, digest=digest, wanted_at=one.contact.digest_at)


def unread_count(user: User) -> int:
    """Of how many works something in the person's inbox is unread; one entry of the inbox counts once."""
    query = sa.select(sa.func.count(Notice.assignment_id.distinct())).where(_inbox_of(user), Notice.read_at.is_(None))
    return db.session.scalar(query) or 0


def inbox(user: User, *, unread_only: bool = False, limit: int = 50, offset: int = 0) -> Sequence[Any]:
    """The notices of some works, what was told last first: (Notice, its unit's name and path, what the chip needs).

    Works are counted, not notices: each comes with all that was said of it, the newest first, in one question.
    """
    newest = sa.func.max(Notice.planned_at).label("newest")
    works = (
        sa.select(Notice.assignment_id, newest, sa.func.max(Notice.id).label("last"))
        .where(*_asked(user, unread_only))
        .group_by(Notice.assignment_id)
        .order_by(newest.desc(), sa.desc("last"))
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    return db.session.execute(
        sa.select(
            Notice,
            Unit.name.label("unit_name"),
            Unit.path.label("unit_path"),
            Assignment.state,
            Assignment.due_on,
            Assignment.assigned_on,
            Assignment.submitted_on,
            Assignment.completed_on,
            Assignment.completed_due,
            Assignment.received_at,
            Assignment.returned,
        )
        .join(works, works.c.assignment_id == Notice.assignment_id)
        .join(Assignment, Assignment.id == Notice.assignment_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(*_asked(user, unread_only))
        .order_by(works.c.newest.desc(), works.c.last.desc(), Notice.planned_at.desc(), Notice.id.desc())
    ).all()


def inbox_counts(user: User) -> tuple[int, int]:
    """How many works the person's inbox tells of, and of how many of them something is unread."""
    unread = sa.case((Notice.read_at.is_(None), Notice.assignment_id))
    query = sa.select(sa.func.count(Notice.assignment_id.distinct()), sa.func.count(unread.distinct()))
    every, some = db.session.execute(query.where(_inbox_of(user))).one()
    return every, some


def _asked(user: User, unread_only: bool) -> list[sa.ColumnElement[bool]]:
    return [_inbox_of(user)] + ([Notice.read_at.is_(None)] if unread_only else [])


def last_reminded(unit_id: int, today: date) -> datetime | None:
    """When the people who hold posts in the unit were last told anything; none when they never were."""
    people = sa.select(Post.person_id).where(Post.unit_id == unit_id, held_on(today))
    said = sa.select(sa.func.max(Notice.planned_at)).where(
        Notice.person_id.in_(people), Notice.channel == Channel.INAPP.value
    )
    return db.session.scalar(said)


def _inbox_of(user: User) -> sa.ColumnElement[bool]:
    return sa.and_(Notice.person_id == user.person_id, Notice.channel == Channel.INAPP.value, Notice.state == "sent")


def outbox(since: datetime | None = None) -> Sequence[Any]:
    """What was planned from a moment on and how it ended: (Notice, user name, unit code, Message or None)."""
    query = (
        sa.select(Notice, Person.username, Unit.code.label("unit_code"), Message)
        .join(Person, Person.id == Notice.person_id)
        .outerjoin(Assignment, Assignment.id == Notice.assignment_id)
        .join(Unit, Unit.id == sa.func.coalesce(Assignment.unit_id, Notice.unit_id))
        .outerjoin(Message, Message.id == Notice.message_id)
        .order_by(Notice.planned_at, Notice.id)
    )
    return db.session.execute(query if since is None else query.where(Notice.planned_at >= since)).all()


def overrides(path: str) -> Sequence[Override]:
    """What the unit at the end of the path, and those above it, settled otherwise; the nearest last."""
    above = [int(part) for part in path.strip("/").split("/") if part]
    query = sa.select(Override).join(Unit, Unit.id == Override.unit_id).where(Override.unit_id.in_(above))
    return db.session.scalars(query.order_by(sa.func.length(Unit.path), Override.field)).all()


def own_overrides(path: str) -> Sequence[Override]:
    """What the unit at the end of the path itself settled."""
    unit_id = int(path.strip("/").rpartition("/")[2])
    return [one for one in overrides(path) if one.unit_id == unit_id]


def cadence_in_force(defaults: Cadence, path: str) -> Cadence:
    """When and whom a unit reminds: the settings, with what it and those above it settled over them."""
    return in_force(defaults, {one.field: one.value for one in overrides(path)})


def own_cadences(defaults: Cadence, looked_at: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, Cadence]:
    """The cadence of each unit that settled something, by its path, with what those above it settled.

    `looked_at`: by path what is typed and not saved, as if it were settled.
    """
    query = sa.select(Unit.path, Override.field, Override.value).join(Unit, Unit.id == Override.unit_id)
    own: dict[str, dict[str, str]] = defaultdict(dict)
    for path, name, value in db.session.execute(query.order_by(sa.func.length(Unit.path))):
        own[path][name] = value
    for path, typed in (looked_at or {}).items():
        own[path] |= typed
    inherited = {path: [above for above in own if path.startswith(above)] for path in own}
    return {path: in_force(defaults, dict(ChainMap(*(own[one] for one in inherited[path][::-1])))) for path in own}


def waiting_count() -> int:
    """How many notices wait to be sent."""
    query = sa.select(sa.func.count()).where(Notice.state.in_(["waiting", "sending"]))
    return db.session.scalar(query) or 0


def last_beat() -> Heartbeat | None:
    """When the tick last ran and what it said."""
    return db.session.get(Heartbeat, REMINDERS)


def dead_addresses(emails: Iterable[str]) -> dict[str, Address]:
    """Those of the addresses at which nothing arrives, as they were given."""
    wanted = {email.lower(): email for email in emails if email}
    rows = db.session.scalars(sa.select(Address).where(Address.address.in_(wanted))) if wanted else ()
    return {wanted[row.address]: row for row in rows}
