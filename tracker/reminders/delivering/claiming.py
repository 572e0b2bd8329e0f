"""Claiming: which deliverer may send what, for how long, and how it gives back what it did not send.

Every claim carries a mark of its own. A deliverer that was away for longer than the lease (killed, or its
machine asleep) finds that its mark is gone and sends nothing more of what others have taken over.
"""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.accounts.models import Person
from tracker.db import atomic, db, one_of
from tracker.reminders.channels.answers import ARRIVED
from tracker.reminders.delivering.judging import end
from tracker.reminders.delivering.packing import Batch
from tracker.reminders.delivering.writing import Parcel, Way
from tracker.reminders.letters.messages import Letterhead
from tracker.reminders.manner import Manner, Pace
from tracker.reminders.models import Message, Notice, under_way
from tracker.rules.notices import Channel

LEASE = timedelta(minutes=30)
"""After so long a claim whose deliverer never came back is open again."""

_RENEWED_AFTER = LEASE / 3
_COUNTING = 0x54524B32


@dataclass
class Claim:
    """The parcels that one deliverer may send, until `at` plus the lease."""

    mark: str
    at: datetime
    people: int = 0
    """So many people it was made for."""
    parcels: list[Parcel] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    """Messages that others have taken over, or that have been sent already."""
    dropped: int = 0
    failed: int = 0

    def ended(self) -> Counter[str]:
        """How many notices ended while the claim was made."""
        return Counter(dropped=self.dropped, failed=self.failed)


def claim(now: datetime, manner: Manner, head: Letterhead, way: Way, most: int) -> Claim | None:
    """Judge, pack and claim what waits for the next people, `most` at once, in one transaction; None: nothing waits.

    The people are locked, so that two deliverers never make two digests of one person's day. What another
    deliverer took between our two questions is found gone by the second.
    """
    with atomic():
        waits = sa.and_(Notice.state == "waiting", Notice.send_after <= now)
        due = sa.and_(waits, Notice.channel == way.channel.value, way.carries)
        room = _room(now, manner.pace, way.channel)
        people = db.session.scalars(_longest_waiting(due, min(room, most))).all()
        if not people:
            return None
        taken = Claim(secrets.token_hex(8), now, len(people))
        query = sa.select(Notice).where(due, one_of(Notice.person_id, people)).order_by(Notice.id)
        if notices := db.session.scalars(query).all():
            judged = way.judge(notices, now, manner)
            taken.dropped = len(notices) - len(judged)
            batch = Batch(now, head, manner, way.channel, people, notices, room)
            packed = way.pack(batch, judged, taken.mark)
            taken.parcels, taken.failed = way.write(packed, now, head)
        return taken


def _room(now: datetime, pace: Pace, channel: Channel) -> int:
    """How many more letters the server takes now. With a limit, deliverers count one after the other."""
    if not pace.most or channel is not Channel.EMAIL:
        return sys.maxsize
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_COUNTING)))
    tried = sa.and_(Message.channel == channel.value, Message.claimed_at > now - pace.within)
    return max(0, pace.most - (db.session.scalar(sa.select(sa.func.count()).where(tried)) or 0))


def _longest_waiting(due: sa.ColumnElement[bool], most: int) -> sa.Select[int]:
    """The people whose notices have waited longest and whom no other deliverer holds."""
    oldest = sa.func.min(Notice.send_after).label("oldest")
    waiting = sa.select(Notice.person_id, oldest).where(due).group_by(Notice.person_id).subquery()
    return (
        sa.select(Person.id)
        .join(waiting, waiting.c.person_id == Person.id)
        .order_by(waiting.c.oldest, Person.id)
        .limit(most)
        .with_for_update(of=Person, skip_locked=True, key_share=True)
    )


def keep(taken: Claim, now: datetime, connection: sa.Connection) -> None:
    """Renew a claim before it lapses; what others have taken over of it meanwhile is noted as lost."""
    if now - taken.at <= _RENEWED_AFTER:
        return
    ours = sa.and_(Message.claim == taken.mark, Message.state == "sending")
    with connection.begin():
        renewed = connection.execute(sa.update(Message).where(ours).values(claimed_at=now).returning(Message.id))
        kept = set(renewed.scalars())
    taken.at = now
    taken.lost |= {parcel.message_id for parcel in taken.parcels} - kept


def release(taken: Claim, rest: Sequence[Parcel], now: datetime) -> None:
    """Give back what was claimed and not tried; it waits as if nothing had happened."""
    if not rest:
        return
    with atomic():
        for message in db.session.scalars(sa.select(Message).where(_ours(taken, rest)).with_for_update()):
            message.claimed_at = None
            wait_again(message, now)


def _ours(taken: Claim, rest: Sequence[Parcel]) -> sa.ColumnElement[bool]:
    return sa.and_(
        Message.id.in_([parcel.message_id for parcel in rest]),
        Message.state == "sending",
        Message.claim == taken.mark,
    )


def begin(taken: Claim, parcel: Parcel, now: datetime) -> bool:
    """Note that a message is about to be handed over; False when another deliverer has taken it over."""
    with atomic():
        begun = sa.update(Message).where(_ours(taken, [parcel])).values(tried_at=now).returning(Message.id)
        return db.session.scalar(begun) is not None


def reopen_lapsed(now: datetime) -> None:
    """Take back the claims of a deliverer that died: sent or not, the letter goes out under the same Message-ID.

    What a channel would not recognise, and was begun to be handed over, stays unknown instead. The rows are
    locked before they are judged, so that a claim which another deliverer has just made of one of them is not
    taken for the dead one.
    """
    lapsed = sa.and_(Message.state == "sending", Message.claimed_at < now - LEASE)
    with atomic():
        for message in db.session.scalars(sa.select(Message).where(lapsed).with_for_update(skip_locked=True)).all():
            message.error = "Lần gửi trước bị ngắt giữa chừng"
            if message.tried_at is None:
                wait_again(message, now)
            else:
                finish(message, "unknown", now, message.error)


def finish(message: Message, ending: str, now: datetime, outcome: str) -> Counter[str]:
    """End a claimed message and its notices: sent, failed or unknown; returns how many notices ended how.

    What never was answered and is reported to have arrived already was sent.
    """
    if ending == "unknown" and message.delivered_at is not None:
        ending, outcome, message.error = "sent", ARRIVED, ""
    message.state, message.sent_at, message.next_attempt_at = ending, now if ending == "sent" else None, None
    notices = being_sent(message)
    for notice in notices:
        end(notice, ending, now, outcome)
    return Counter({ending: len(notices)})


def wait_again(message: Message, at: datetime, outcome: str = "") -> None:
    """Put a claimed message and its notices back to wait until the moment."""
    message.state, message.next_attempt_at, message.claim = "waiting", at, ""
    for notice in being_sent(message):
        notice.put_off(at)
        notice.outcome = outcome[:300] or notice.outcome


def being_sent(message: Message) -> Sequence[Notice]:
    """The notices that travel in a message."""
    query = sa.select(Notice).where(Notice.message_id == message.id, under_way)
    return db.session.scalars(query).all()
