"""The letter of the week: once a week every leader of an assigning unit gets the figures of the report by mail.

A letter is a message of kind «weekly», one for each person and Monday by a unique index; it is due from the
first working morning of the week on, so that a Monday that was missed is made good on Tuesday.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.models import Person, Post
from tracker.accounts.queries import held_on
from tracker.calendars.queries import working_calendar
from tracker.db import atomic, db
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.delivering import Carrier
from tracker.reminders.delivering.claiming import LEASE
from tracker.reminders.manner import Manner
from tracker.reminders.messages import Letter, Letterhead, Mail, Week, weekly
from tracker.reminders.models import Message
from tracker.rules.access import Role
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.notices import Channel
from tracker.rules.reminding import Cadence, next_attempt, send_after

KIND = "weekly"


def send_weekly(
    manner: Manner,
    head: Letterhead,
    carrier: Carrier,
    week_of: Callable[[int], Week],
    present: Callable[[], datetime],
) -> Counter[str]:
    """Send every letter of this week that is due and was not sent; returns how many were sent, put off or failed.

    `week_of` gives the figures of a unit by its id.
    """
    ended: Counter[str] = Counter()
    calendar = working_calendar()
    due = [one for one in _readers(present().date()) if _is_due(one, present(), calendar, manner.cadence)]
    weeks = {unit_id: week_of(unit_id) for unit_id in {one.unit_id for one in due}} if due else {}
    for reader in due:
        letter = weekly(reader.name, weeks[reader.unit_id], head)
        key = _claim(reader, letter.subject, head, present())
        if key is None:
            continue
        answer = carrier.send(_mail(letter, reader, key, present()))
        ended[_note(key, answer, present())] += 1
        if answer.result is Result.UNREACHABLE:
            break
    return ended


def _readers(today: date) -> Sequence[Any]:
    """Who leads an assigning unit today and can be reached: (person_id, name, email, digest_at, unit_id)."""
    query = (
        sa.select(Post.person_id, Person.name, Person.email, Person.digest_at, Post.unit_id)
        .join(Person, Person.id == Post.person_id)
        .where(Post.role == Role.LEADER, held_on(today), Person.active, Person.wants_email, Person.email != "")
        .order_by(Post.id)
    )
    return list({one.person_id: one for one in db.session.execute(query)}.values())


def _is_due(reader: Any, now: datetime, calendar: WorkingCalendar, cadence: Cadence) -> bool:
    """Whether the week's letter may leave now: within the window, from the first working morning of the week on."""
    monday = datetime.combine(_monday(now), time.min, now.tzinfo)
    begins, next_leave = (
        send_after(moment, None, calendar, cadence, digest=True, wanted_at=reader.digest_at)
        for moment in (monday, now)
    )
    return begins <= now and next_leave <= now and not _was_sent(reader.person_id, _monday(now))


def _monday(now: datetime) -> date:
    return now.date() - timedelta(days=now.weekday())


def _of_week(person_id: int, monday: date) -> sa.ColumnElement[bool]:
    return sa.and_(Message.kind == KIND, Message.person_id == person_id, Message.day == monday)


def _was_sent(person_id: int, monday: date) -> bool:
    ended = Message.state.in_(["sent", "failed"])
    return db.session.scalar(sa.select(Message.id).where(_of_week(person_id, monday), ended)) is not None


def _claim(reader: Any, subject: str, head: Letterhead, now: datetime) -> str | None:
    """The Message-ID of the week's letter, claimed for sending; none when another process has it or it must wait.

    The person is locked, so that two processes never make two letters of one week.
    """
    with atomic():
        db.session.execute(sa.select(Person.id).where(Person.id == reader.person_id).with_for_update(key_share=True))
        message = db.session.scalar(sa.select(Message).where(_of_week(reader.person_id, _monday(now))))
        if message is None:
            message = Message(
                person_id=reader.person_id,
                channel=Channel.EMAIL.value,
                day=_monday(now),
                kind=KIND,
                attempts=0,
                message_key=f"<{secrets.token_hex(16)}@{head.domain}>",
            )
            db.session.add(message)
        elif not _free(message, now):
            return None
        message.state, message.claimed_at, message.attempts = "sending", now, message.attempts + 1
        message.address, message.subject, message.next_attempt_at = reader.email, subject, None
        return message.message_key


def _free(message: Message, now: datetime) -> bool:
    """Whether a letter that was begun may be tried: its pause is over, or whoever was sending it never came back."""
    if message.state == "sending":
        return message.claimed_at is None or message.claimed_at < now - LEASE
    waits = message.next_attempt_at is not None and message.next_attempt_at > now
    return message.state == "waiting" and not waits


def _mail(letter: Letter, reader: Any, key: str, now: datetime) -> Mail:
    return Mail(
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        name=reader.name,
        address=reader.email,
        message_key=key,
        reply_to="",
        written_at=now,
    )


def _note(key: str, answer: Answer, now: datetime) -> str:
    """Write down how the sending ended: «sent», «waiting» or «failed»."""
    with atomic():
        message = db.session.scalars(sa.select(Message).where(Message.message_key == key, Message.kind == KIND)).one()
        message.error = answer.said[:300] if answer.result is not Result.SENT else ""
        if answer.result is Result.UNREACHABLE:
            message.attempts -= 1
        again_at = {Result.LATER: next_attempt(now, message.attempts), Result.UNREACHABLE: now}.get(answer.result)
        message.next_attempt_at = again_at
        message.state = "sent" if answer.result is Result.SENT else "failed" if again_at is None else "waiting"
        message.sent_at = now if message.state == "sent" else None
        return message.state
