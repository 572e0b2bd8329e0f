"""The letter of the week: who leads an assigning unit or follows its work gets the figures and the meeting's sheet.

It is a notice of the outbox like any other, about a unit instead of an assignment: written once for each person and
Monday by a unique key, judged again when it leaves, claimed, noted and sent again by the same hands. What it says
comes from whoever knows the reports, as values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.models import Person, Post
from tracker.accounts.queries import held_on
from tracker.calendars.queries import working_calendar
from tracker.db import add_many, atomic, db, insert_new
from tracker.reminders.delivering import Carrier, Way, deliver
from tracker.reminders.delivering.claiming import reopen_lapsed
from tracker.reminders.delivering.judging import end
from tracker.reminders.delivering.packing import Batch, new_key
from tracker.reminders.delivering.writing import Parcel, Written, unwritten
from tracker.reminders.letters.messages import Letterhead, Mail, Week, sender_name, weekly
from tracker.reminders.manner import Manner
from tracker.reminders.models import LETTER_OF_THE_WEEK, Address, Message, Notice
from tracker.rules.access import Role
from tracker.rules.notices import Channel
from tracker.rules.reminding import send_after
from tracker.units.models import Unit

KIND = "weekly"
READERS = {Role.LEADER: "lãnh đạo cơ quan giao việc", Role.MONITOR: "chuyên viên theo dõi của cơ quan giao việc"}
"""Who gets it, and as what (ux.md §7.1)."""

_OF_THE_WEEK = Notice.rung == LETTER_OF_THE_WEEK

Judged = list[tuple[Notice, Any]]
"""Letters of the week that still apply, each with its reader."""


def send_weekly(
    manner: Manner,
    head: Letterhead,
    carrier: Carrier,
    week_of: Callable[[int], Week],
    present: Callable[[], datetime],
) -> Counter[str]:
    """Write this week's letters that are not written yet and send all that may leave; returns how they ended.

    `week_of` gives the figures of a unit by its id. It is asked with no transaction open, once for each unit.
    """
    plan_weekly(present(), manner)
    reopen_lapsed(present())
    units = _units_waiting(present())
    weeks = {unit_id: week_of(unit_id) for unit_id in units}
    return deliver(manner, head, carrier, present, _by_week(weeks)) if weeks else Counter()


def plan_weekly(now: datetime, manner: Manner) -> int:
    """Write the letters that are due this week; returns how many are new. A Monday that was missed is made good."""
    calendar = working_calendar()
    monday, week_end = _monday(now), datetime.combine(_monday(now) + timedelta(days=7), time.min, now.tzinfo)
    rows = [
        _row(one, monday, now, leaves)
        for one in _readers(now.date())
        if (leaves := _leaves_at(one, now, manner, calendar)) < week_end
    ]
    with atomic():
        return insert_new(Notice, rows)


def waiting_weekly() -> int:
    """How many letters of the week wait to leave."""
    waits = Notice.state.in_(["waiting", "sending"])
    return db.session.scalar(sa.select(sa.func.count()).select_from(Notice).where(_OF_THE_WEEK, waits)) or 0


def _row(reader: Any, monday: date, now: datetime, leaves: datetime) -> dict[str, Any]:
    return {
        "assignment_id": None,
        "unit_id": reader.unit_id,
        "due_on": monday,
        "rung": LETTER_OF_THE_WEEK,
        "subject_id": 0,
        "person_id": reader.person_id,
        "channel": Channel.EMAIL.value,
        "why": f"Bản tin tuần; {READERS[reader.role]}",
        "state": "waiting",
        "planned_at": now,
        "send_after": leaves,
        "text": f"Giao ban tuần {monday.isocalendar().week}: {reader.unit_name}",
        "outcome": "",
    }


def _readers(today: date) -> Sequence[Any]:
    """Who holds such a post in an assigning unit today and can be reached: (person_id, name, email, digest_at, …).

    Each once, as a leader before all else.
    """
    person = (Post.person_id, Person.name, Person.email, Person.digest_at)
    query = (
        sa.select(*person, Post.role, Post.unit_id, Unit.name.label("unit_name"), Unit.path.label("unit_path"))
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(Address, Address.address == sa.func.lower(Person.email))
        .where(Post.role.in_(READERS), held_on(today), Person.active, Person.wants_email, Person.email != "")
        .where(Address.address.is_(None))
        .order_by(Post.role == Role.LEADER, Post.id)
    )
    return list({one.person_id: one for one in db.session.execute(query)}.values())


def _leaves_at(reader: Any, now: datetime, manner: Manner, calendar: Any) -> datetime:
    """The first moment within the window at the hour that the reader chose."""
    cadence = manner.cadence_for(reader.unit_path)
    monday = datetime.combine(_monday(now), time.min, now.tzinfo)
    begins, from_now = (
        send_after(moment, None, calendar, cadence, digest=True, wanted_at=reader.digest_at)
        for moment in (monday, now)
    )
    return max(begins, from_now)


def _monday(now: datetime) -> date:
    return now.date() - timedelta(days=now.weekday())


def _units_waiting(now: datetime) -> Iterable[int]:
    due = sa.and_(_OF_THE_WEEK, Notice.state == "waiting", Notice.send_after <= now)
    return [unit_id for unit_id in db.session.scalars(sa.select(Notice.unit_id).where(due).distinct()) if unit_id]


def _by_week(weeks: Mapping[int, Week]) -> Way:
    """The way of these letters through the outbox."""

    def write(packed: Sequence[tuple[Message, tuple[Notice, Any]]], now: datetime, head: Letterhead) -> Written:
        parcels, failed = [], 0
        for message, (notice, reader) in packed:
            try:
                parcels.append(_parcel(message, reader, weeks[notice.unit_id or 0], now, head))
            except Exception as error:  # one letter that trips must not stop the others
                failed += unwritten(message, [notice], error, now)
        return parcels, failed

    return Way(Channel.EMAIL, write, sa.and_(_OF_THE_WEEK, Notice.unit_id.in_(weeks)), _judge, _pack)


def _judge(notices: Sequence[Notice], now: datetime, manner: Manner) -> Judged:
    """The letters whose week and reader are still the same; outside the window they wait."""
    calendar = working_calendar()
    readers = {(one.person_id, one.unit_id): one for one in _readers(now.date())}
    judged: Judged = []
    for notice in notices:
        reader = readers.get((notice.person_id, notice.unit_id or 0))
        if notice.due_on != _monday(now):
            end(notice, "dropped", now, "Tuần đã qua")
        elif reader is None:
            end(notice, "dropped", now, "Người nhận không còn giữ vị trí nhận bản tin hoặc không nhận thư")
        else:
            judged.append((notice, reader))
            notice.send_after = max(now, _leaves_at(reader, now, manner, calendar))
    return judged


def _pack(batch: Batch, judged: Judged, mark: str) -> list[tuple[Message, tuple[Notice, Any]]]:
    """Each letter is a message of its own, the same on every attempt."""
    ready = [pair for pair in judged if pair[0].send_after <= batch.now][: batch.room]
    query = sa.select(Message).where(Message.kind == KIND, Message.person_id.in_(batch.people))
    known = {(one.person_id, one.day): one for one in db.session.scalars(query)}
    new = [_message(notice, batch) for notice, _ in ready if (notice.person_id, notice.due_on) not in known]
    add_many(new)
    known |= {(one.person_id, one.day): one for one in new}
    packed = [(known[notice.person_id, notice.due_on], (notice, reader)) for notice, reader in ready]
    for message, (notice, _) in packed:
        message.state, message.claim, message.claimed_at, message.tried_at = "sending", mark, batch.now, None
        notice.state, notice.message_id = "sending", message.id
    return packed


def _message(notice: Notice, batch: Batch) -> Message:
    key = new_key(batch.channel, batch.head)
    return Message(
        person_id=notice.person_id, channel=batch.channel.value, day=notice.due_on, kind=KIND, message_key=key
    )


def _parcel(message: Message, reader: Any, week: Week, now: datetime, head: Letterhead) -> Parcel:
    letter = weekly(reader.name, READERS[reader.role], week, head)
    message.address, message.subject = reader.email, letter.subject
    mail = Mail(
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        name=reader.name,
        address=reader.email,
        message_key=message.message_key,
        reply_to="",
        written_at=now,
        sender_name=sender_name({week.province}),
        attached=[week.sheet] if week.sheet else (),
    )
    return Parcel(message.id, mail)
