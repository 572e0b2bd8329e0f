"""Packing: what is to be said to each person now becomes messages: one digest a day, news bundled or one by one."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.reminders.delivering.facts import facts
from tracker.reminders.delivering.judging import Judged
from tracker.reminders.messages import Item, Letterhead, Mail, digest, single
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import leaves_at
from tracker.reminders.situations import Contact, Manner, Saying
from tracker.rules.reminding import DIGEST_FROM, NEWS, Channel, send_after


@dataclass(frozen=True)
class Parcel:
    """A claimed message, ready to be handed over."""

    message_id: int
    mail: Mail


class Packer:
    """Puts the notices of a few people at one moment into messages, inside one transaction."""

    def __init__(
        self,
        now: datetime,
        manner: Manner,
        head: Letterhead,
        channel: Channel,
        people: Sequence[int],
        notices: Sequence[Notice],
    ):
        self.now, self.manner, self.head, self.channel = now, manner, head, channel
        self.calendar = working_calendar()
        self.messages = _messages_of(people, notices, channel, now)

    def parcels(self, judged: Judged, mark: str) -> list[Parcel]:
        """Put off what may not leave yet, pack the rest and claim it under the mark."""
        by_person: dict[int, Judged] = defaultdict(list)
        for notice, one in judged:
            if self._may_leave(notice, one):
                by_person[notice.person_id].append((notice, one))
        packed = [pair for person_id, pairs in by_person.items() for pair in self._pack(person_id, pairs)]
        known = facts({one.row.id for _, pairs in packed for _, one in pairs}) if packed else {}
        parcels = [self._parcel(message, pairs, known, mark) for message, pairs in packed]
        self._close_empty()
        return parcels

    def _may_leave(self, notice: Notice, one: Saying) -> bool:
        """Whether this moment lies within the window for it; else it is put off to the next that does."""
        earliest = leaves_at(one, self.now, self.calendar, self.manner)
        if earliest > self.now:
            notice.send_after = earliest
        return earliest <= self.now

    def _pack(self, person_id: int, pairs: Judged) -> list[tuple[Message, Judged]]:
        """The messages of one person: at most one digest a day; news goes with it, bundled, or one by one.

        News that was tried before goes again as the message it was, whose Message-ID the server may know.
        """
        daily: Judged = []
        fresh: Judged = []
        tried: dict[int, Judged] = defaultdict(list)
        for notice, one in pairs:
            before = self.messages.get(notice.message_id or 0)
            if one.topic.step not in NEWS or (before and before.kind == "digest"):
                daily.append((notice, one))
            elif before:
                tried[before.id].append((notice, one))
            else:
                fresh.append((notice, one))
        packed = [(self.messages[message_id], news) for message_id, news in tried.items()]
        if daily and (message := self._digest(person_id, daily)):
            return [*packed, (message, [*daily, *fresh])]
        if len(fresh) >= DIGEST_FROM:
            return [*packed, (self._new(person_id, "news"), fresh)]
        return [*packed, *((self._new(person_id, "single"), [pair]) for pair in fresh)]

    def _digest(self, person_id: int, daily: Judged) -> Message | None:
        """The person's digest of the day, when it can still be sent; else its notices wait for a later one.

        A digest that could not be sent yesterday becomes today's, so that nobody gets two.
        """
        today = self.now.date()
        own = [one for one in self.messages.values() if one.person_id == person_id and one.kind == "digest"]
        todays = next((one for one in own if one.day == today), None)
        late = next((one for one in own if one.day < today and one.state == "waiting"), None)
        if todays is not None and todays.state not in ("waiting", "dropped"):
            tomorrow = datetime.combine(today + timedelta(days=1), self.manner.cadence.opens_at, self.now.tzinfo)
            for notice, one in daily:
                notice.send_after = send_after(tomorrow, one.end, self.calendar, self.manner.cadence, digest=True)
                notice.message_id = None
            return None
        if todays is not None and todays.next_attempt_at and todays.next_attempt_at > self.now:
            for notice, _ in daily:
                notice.send_after, notice.message_id = todays.next_attempt_at, todays.id
            return None
        if todays is None and late is not None:
            late.day = today
        return todays or late or self._new(person_id, "digest")

    def _new(self, person_id: int, kind: str) -> Message:
        message = Message(
            person_id=person_id,
            channel=self.channel.value,
            day=self.now.date(),
            kind=kind,
            message_key=f"<{secrets.token_hex(16)}@{self.head.domain}>",
        )
        db.session.add(message)
        db.session.flush()
        return message

    def _parcel(self, message: Message, pairs: Judged, known: dict[int, Any], mark: str) -> Parcel:
        """Render the letter with what is true at this moment and mark everything as being sent."""
        contact: Contact = pairs[0][1].contact
        items = [self._item(one, known[one.row.id]) for _, one in pairs]
        if len(items) == 1:
            letter = single(contact.name, items[0], self.head)
        else:
            letter = digest(contact.name, items, self.now.date(), self.head)
        message.state, message.claimed_at, message.attempts = "sending", self.now, message.attempts + 1
        message.claim, message.address, message.subject = mark, contact.email, letter.subject
        for notice, _ in pairs:
            notice.state, notice.message_id = "sending", message.id
        mail = Mail(
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            name=contact.name,
            address=contact.email,
            message_key=message.message_key,
            reply_to=items[0].facts.monitor_email if len(items) == 1 else "",
            written_at=self.now,
        )
        return Parcel(message.id, mail)

    def _item(self, one: Saying, facts: Any) -> Item:
        left = (one.end - self.now.date()).days if one.end else None
        detail = " ".join(one.topic.detail.split())
        return Item(one.topic.step, facts, one.hearer, one.end, left, detail, one.topic.new_due)

    def _close_empty(self) -> None:
        """End the messages of which nothing is left to say."""
        db.session.flush()
        for message in self.messages.values():
            if message.state == "waiting":
                left = sa.select(Notice.id).where(Notice.message_id == message.id, Notice.state == "waiting")
                if db.session.scalar(left.limit(1)) is None:
                    message.state, message.next_attempt_at = "dropped", None


def _messages_of(
    people: Sequence[int], notices: Sequence[Notice], channel: Channel, now: datetime
) -> dict[int, Message]:
    """The messages that these notices were tried in, and the digests of these people for today or still unsent."""
    tried = [notice.message_id for notice in notices if notice.message_id]
    digest_of_day = sa.and_(
        Message.kind == "digest",
        Message.channel == channel.value,
        Message.person_id.in_(people),
        sa.or_(Message.day == now.date(), Message.state == "waiting"),
    )
    found = db.session.scalars(sa.select(Message).where(sa.or_(Message.id.in_(tried), digest_of_day)))
    return {message.id: message for message in found}
