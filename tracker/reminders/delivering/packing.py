"""Packing: what is to be said to each person now becomes messages: one digest a day, news bundled or one by one."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast

import sqlalchemy as sa

from tracker.calendars.queries import working_calendar
from tracker.db import add_many, db, one_of, update_many
from tracker.reminders.delivering.judging import Judged
from tracker.reminders.delivering.readers import leave_to_readers
from tracker.reminders.letters.messages import Letterhead
from tracker.reminders.manner import Manner
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import leaves_at
from tracker.reminders.situations import Saying
from tracker.rules.notices import NEWS, Channel
from tracker.rules.reminding import DIGEST_FROM, news_leaves_at, send_after

Packed = list[tuple[Message, Judged]]
"""Messages, each with what it carries."""

_UNSENT = ("waiting", "dropped")
"""How a digest stands that may yet leave: a dropped one when what it carried is true again."""


@dataclass(frozen=True)
class Batch:
    """The notices of a few people that wait for one channel at one moment; `room`: so many messages at most."""

    now: datetime
    head: Letterhead
    manner: Manner
    channel: Channel
    people: Sequence[int]
    notices: Sequence[Notice]
    room: int


def pack(batch: Batch, judged: Judged, mark: str) -> Packed:
    """What still applies, and is not left to those who have just read it, becomes messages claimed under the mark."""
    packer = Packer(batch)
    return packer.pack(leave_to_readers(judged, batch.now, packer.calendar, batch.manner), mark)


class Packer:
    """Puts the notices of a few people at one moment into messages, inside one transaction."""

    def __init__(self, batch: Batch):
        self.now, self.head, self.channel, self.room = batch.now, batch.head, batch.channel, batch.room
        self.calendar = working_calendar()
        self.new: list[Message] = []
        self.told: dict[int, list[datetime]] = {}
        self.messages = _messages_of(batch.people, batch.notices, batch.channel, batch.now)

    def pack(self, judged: Judged, mark: str) -> Packed:
        """Put off what may not leave yet, pack the rest and claim it under the mark."""
        by_person: dict[int, Judged] = defaultdict(list)
        for notice, one in judged:
            if self._may_leave(notice, one):
                by_person[notice.person_id].append((notice, one))
        self.told = self._told_today([notice.person_id for notice, one in judged if one.topic.step in NEWS])
        packed = [pair for person_id, pairs in by_person.items() for pair in self._pack(person_id, pairs)]
        claimed, beyond = packed[: self.room], packed[self.room :]
        for message, _ in claimed:
            message.state, message.claim, message.claimed_at, message.tried_at = "sending", mark, self.now, None
        for message, _ in beyond:
            message.state = "waiting"
        add_many(self.new)
        update_many(Notice, [*_carried(claimed, "sending"), *_carried(beyond, "waiting")])
        self._close_empty()
        return claimed

    def _may_leave(self, notice: Notice, one: Saying) -> bool:
        """Whether this moment lies within the window for it; else it is put off to the next that does.

        A digest that could not be sent leaves again when digests do, or its news would be all that the day's one has.
        """
        before = self.messages.get(notice.message_id or 0)
        in_digest = before is not None and before.kind == "digest"
        earliest = leaves_at(one, self.now, self.calendar, in_digest=in_digest)
        if earliest > self.now:
            notice.send_after = earliest
        return earliest <= self.now

    def _pack(self, person_id: int, pairs: Judged) -> Packed:
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
        chosen = self._chosen(person_id)
        daily = [(notice, one) for notice, one in daily if not self._stays(notice, one, chosen)]
        if daily and (message := self._digest(person_id, chosen, daily)):
            return [*packed, (message, [*daily, *fresh])]
        return [*packed, *self._news(person_id, fresh)]

    def _news(self, person_id: int, fresh: Judged) -> Packed:
        """News that goes on its own: one by one, from the third of the day on together and after a pause."""
        told = self.told[person_id]
        leaves_at = news_leaves_at(self.now, told)
        if leaves_at > self.now:
            for notice, _ in fresh:
                notice.send_after = leaves_at
            return []
        if len(fresh) > 1 and len(fresh) + len(told) >= DIGEST_FROM:
            return [(self._new(person_id, "news"), fresh)]
        return [(self._new(person_id, "single"), [pair]) for pair in fresh]

    def _told_today(self, people: Sequence[int]) -> dict[int, list[datetime]]:
        """When these people were written to today because of news alone."""
        told: dict[int, list[datetime]] = defaultdict(list)
        if people:
            since = datetime.combine(self.now.date(), time.min, self.now.tzinfo)
            news = sa.and_(Message.channel == self.channel.value, Message.kind.in_(["single", "news"]))
            query = sa.select(Message.person_id, Message.sent_at).where(news, Message.person_id.in_(people))
            for person_id, sent_at in db.session.execute(query.where(Message.sent_at >= since)):
                told[person_id].append(cast(datetime, sent_at))
        return told

    def _chosen(self, person_id: int) -> Message | None:
        """The person's digest of today, or the first that could not be sent on an earlier day."""
        own = [one for one in self.messages.values() if one.person_id == person_id and one.kind == "digest"]
        todays = [one for one in own if one.day == self.now.date()]
        late = [one for one in own if one.day < self.now.date() and one.state in _UNSENT]
        return next(iter([*todays, *late]), None)

    def _stays(self, notice: Notice, one: Saying, chosen: Message | None) -> bool:
        """Whether a notice waits until tomorrow with the digest that carried it before, where today has another.

        The server may have that digest and must know the matter again by its Message-ID.
        """
        before = self.messages.get(notice.message_id or 0)
        if before is None or before is chosen or before.kind != "digest" or before.state not in _UNSENT:
            return False
        before.state, notice.send_after = "waiting", self._tomorrow(one)
        return True

    def _tomorrow(self, one: Saying) -> datetime:
        begin = datetime.combine(self.now.date() + timedelta(days=1), time.min, self.now.tzinfo)
        return send_after(begin, one.end, self.calendar, one.cadence, digest=True)

    def _digest(self, person_id: int, chosen: Message | None, daily: Judged) -> Message | None:
        """The person's digest of the day, when it can still be sent; else its notices wait for a later one.

        A digest that could not be sent yesterday becomes today's, so that nobody gets two.
        """
        if chosen is None:
            return self._new(person_id, "digest")
        if chosen.day < self.now.date():
            chosen.day = self.now.date()
        elif chosen.state not in _UNSENT:
            for notice, one in daily:
                notice.send_after, notice.message_id = self._tomorrow(one), None
            return None
        elif chosen.next_attempt_at and chosen.next_attempt_at > self.now:
            for notice, _ in daily:
                notice.put_off(chosen.next_attempt_at)
                notice.message_id = chosen.id
            return None
        return chosen

    def _new(self, person_id: int, kind: str) -> Message:
        message = Message(
            person_id=person_id,
            channel=self.channel.value,
            day=self.now.date(),
            kind=kind,
            message_key=new_key(self.channel, self.head),
        )
        self.new.append(message)
        return message

    def _close_empty(self) -> None:
        """End the messages of which nothing is left to say."""
        db.session.flush()
        for message in self.messages.values():
            if message.state == "waiting":
                left = sa.select(Notice.id).where(Notice.message_id == message.id, Notice.state == "waiting")
                if db.session.scalar(left.limit(1)) is None:
                    message.state, message.next_attempt_at = "dropped", None


def _carried(packed: Packed, state: str) -> list[dict[str, Any]]:
    """How the notices in these messages stand."""
    return [
        {"id": notice.id, "state": state, "message_id": message.id}
        for message, pairs in packed
        for notice, _ in pairs
    ]


def new_key(channel: Channel, head: Letterhead) -> str:
    """Our name for a message: a Message-ID, or for Zalo letters and digits alone."""
    key = secrets.token_hex(16)
    return f"<{key}@{head.domain}>" if channel is Channel.EMAIL else key


def _messages_of(
    people: Sequence[int], notices: Sequence[Notice], channel: Channel, now: datetime
) -> dict[int, Message]:
    """The messages that these notices were tried in, and the digests of these people for today or still unsent."""
    tried = [notice.message_id for notice in notices if notice.message_id]
    digest_of_day = sa.and_(
        Message.kind == "digest",
        Message.channel == channel.value,
        one_of(Message.person_id, people),
        sa.or_(Message.day == now.date(), Message.state == "waiting"),
    )
    found = db.session.scalars(sa.select(Message).where(sa.or_(one_of(Message.id, tried), digest_of_day)))
    return {message.id: message for message in found}
