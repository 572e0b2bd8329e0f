"""Writing: each claimed message becomes a letter, rendered with what is true at this moment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.calendars.queries import working_calendar
from tracker.db import db, update_many
from tracker.reminders.delivering.facts import facts
from tracker.reminders.delivering.figures import Spoken, spoken_of
from tracker.reminders.delivering.judging import Judged, end, judge
from tracker.reminders.delivering.packing import Batch, Packed, pack
from tracker.reminders.letters.items import Item
from tracker.reminders.letters.messages import (
    Letter,
    Letterhead,
    Mail,
    digest,
    one_line,
    reply_to,
    sender_name,
    single,
)
from tracker.reminders.letters.wholes import Whole
from tracker.reminders.manner import Manner
from tracker.reminders.models import LETTER_OF_THE_WEEK, Message, Notice
from tracker.reminders.situations import Saying
from tracker.rules.deadlines import Policy, effective_due
from tracker.rules.notices import Channel, Hearer, Step
from tracker.tasks.queries import Day

log = logging.getLogger(__name__)

Thread = tuple[int, int]
"""An assignment and a person: what letters on one matter have in common."""


@dataclass(frozen=True)
class Parcel:
    """A claimed message, ready to be handed over."""

    message_id: int
    mail: Any


Written = tuple[list[Parcel], int]
"""What can be handed over, and how many notices ended because their message could not be written."""
Write = Callable[[Any, datetime, Letterhead], Written]


@dataclass(frozen=True)
class Way:
    """How some notices leave by a channel: which they are, who judges and packs them, and who writes the messages.

    The writer notes address and subject with each message. Usually they are all but the letters of the week.
    """

    channel: Channel
    write: Write
    carries: sa.ColumnElement[bool] = field(default_factory=lambda: Notice.rung != LETTER_OF_THE_WEEK)
    judge: Callable[[Sequence[Notice], datetime, Manner], Any] = judge
    pack: Callable[[Batch, Any, str], Any] = pack


def write(packed: Packed, now: datetime, head: Letterhead) -> Written:
    """The letters of these messages, and how many notices ended because theirs could not be written."""
    roots = _first_letters([pairs[0][0] for _, pairs in packed if len(pairs) == 1 and pairs[0][0].assignment_id])

    def parcel(message: Message, pairs: Judged, items: list[Item], whole: Whole) -> Parcel:
        return _parcel(message, pairs, _letter(pairs[0][1].contact.name, items, whole, now, head), items, roots, now)

    parcels, failed = each(packed, now, head.policy, parcel)
    sent = [{"id": one.message_id, "address": one.mail.address, "subject": one.mail.subject} for one in parcels]
    update_many(Message, sent)
    return parcels, failed


BY_EMAIL = Way(Channel.EMAIL, write)


WriteOne = Callable[[Message, Judged, list[Item], Whole], Parcel]


def each(packed: Packed, now: datetime, policy: Policy, write_one: WriteOne) -> Written:
    """Write message by message what each has to say, by what is true at this moment.

    What a message may say of a unit or of a person as a whole is given with it.
    """
    if not packed:
        return [], 0
    day = Day(now.date(), working_calendar(), policy)
    spoken = spoken_of(packed, day)
    about = {one.row.id for _, pairs in packed for _, one in pairs if one.topic.step is not Step.DAILY}
    about |= {number for one in spoken for number in one.lines}
    known = facts(about | {one.oldest_id for one in spoken if one.oldest_id})

    def lines(said: Spoken, besides: Collection[int]) -> list[Item]:
        return [_line(known[number], day) for number in said.lines if number not in besides]

    parcels, failed = [], 0
    for (message, pairs), said in zip(packed, spoken, strict=True):
        whole = replace(said.whole, oldest=known.get(said.oldest_id or 0))
        try:
            items = [_item(one, known[one.row.id], now) for _, one in pairs if one.topic.step is not Step.DAILY]
            items += lines(said, {item.facts.id for item in items})
            parcels.append(write_one(message, pairs, items, whole))
        except Exception as error:  # whatever is wrong with one message must not stop the others
            failed += unwritten(message, [notice for notice, _ in pairs], error, now)
    return parcels, failed


def unwritten(message: Message, notices: Sequence[Notice], error: Exception, now: datetime) -> int:
    """Give up a message that cannot be written, in words for the outbox; returns how many notices ended with it."""
    log.error("message %s cannot be written", message.id, exc_info=error)
    said = f"Không soạn được thư: {type(error).__name__}: {error}"
    message.state, message.error = "failed", said[:300]
    for notice in notices:
        end(notice, "failed", now, said)
    return len(notices)


def _parcel(
    message: Message, pairs: Judged, letter: Letter, items: Sequence[Item], roots: dict[Thread, str], now: datetime
) -> Parcel:
    contact = pairs[0][1].contact
    mail = Mail(
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        name=contact.name,
        address=contact.email,
        message_key=message.message_key,
        reply_to=reply_to(items),
        written_at=now,
        thread=_thread(message, pairs, roots),
        sender_name=sender_name({item.facts.province_name or "" for item in items}),
    )
    return Parcel(message.id, mail)


def _letter(name: str, items: Sequence[Item], whole: Whole, now: datetime, head: Letterhead) -> Letter:
    if len(items) == 1 and items[0].step is not Step.DAILY:
        return single(name, items[0], head)
    return digest(name, items, now, head, whole)


def _item(one: Saying, known: Any, now: datetime) -> Item:
    left = (one.end - now.date()).days if one.end else None
    topic = one.topic
    return Item(
        step=topic.step,
        facts=known,
        hearer=one.hearer,
        end=one.end,
        days_left=left,
        detail=one_line(topic.detail),
        new_due=topic.new_due,
        old_due=topic.old_due,
        document=one_line(topic.document),
        by=one_line(topic.by),
        reader_id=one.contact.person_id,
    )


def _line(known: Any, day: Day) -> Item:
    """A line of the state of a day."""
    end = effective_due(known.due_on, day.calendar, day.policy)
    return Item(Step.DAILY, known, Hearer.UNIT_LEADERS, end, (end - day.on).days if end else None)


def _thread(message: Message, pairs: Judged, roots: dict[Thread, str]) -> str:
    """The Message-ID of the first letter on this matter; a letter on many matters belongs to no thread."""
    notice = pairs[0][0]
    first = roots.get((notice.assignment_id or 0, notice.person_id), "") if len(pairs) == 1 else ""
    return "" if first == message.message_key else first


def _first_letters(notices: Sequence[Notice]) -> dict[Thread, str]:
    """The Message-IDs of the first letters sent on each of these matters alone."""
    if not notices:
        return {}
    other = aliased(Notice)
    shared = sa.exists().where(other.message_id == Message.id, other.id != Notice.id)
    rows = db.session.execute(
        sa.select(Notice.assignment_id, Notice.person_id, Message.message_key)
        .join(Message, Message.id == Notice.message_id)
        .where(
            Notice.assignment_id.in_({notice.assignment_id for notice in notices}),
            Notice.person_id.in_({notice.person_id for notice in notices}),
            Message.sent_at.is_not(None),
            Message.channel == Channel.EMAIL.value,
            sa.not_(shared),
        )
        .order_by(Message.id.desc())
    )
    return {(row.assignment_id, row.person_id): row.message_key for row in rows}
