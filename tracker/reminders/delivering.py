"""Delivery: what waits is judged again, put into letters and handed over with no transaction open.

    waiting ─claim─→ sending ─→ sent
       ▲  │             ├─────→ failed      refused for good, or tried too often
       │  └→ dropped    │
       └── postponed ───┘

A kill between the server's «accepted» and our note is the one moment that can make a duplicate: the claim
lapses after a while and the letter goes out again under the same Message-ID.
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.accounts.models import Person
from tracker.calendars.queries import working_calendar
from tracker.db import atomic, db
from tracker.directives.models import Directive
from tracker.reminders.channels.email import Answer, Result
from tracker.reminders.messages import Item, Letterhead, Mail, digest, plain, single
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import leaves_at
from tracker.reminders.situations import Contact, Manner, Saying, extension_waits, sayings
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.causes import CAUSES
from tracker.rules.lifecycle import LABELS, Kind, State
from tracker.rules.reminding import DIGEST_FROM, NEWS, Channel, next_attempt, send_after, why_dropped
from tracker.tasks.models import NEVER, Assignment, Task
from tracker.units.models import Unit

LEASE = timedelta(minutes=30)
"""After so long a claim whose sender never came back is open again."""

_PEOPLE_AT_ONCE = 50


class Carrier(Protocol):
    """Whatever hands a mail over and says how that ended."""

    def send(self, mail: Mail) -> Answer: ...


@dataclass(frozen=True)
class Parcel:
    """A claimed message, ready to be handed over."""

    message_id: int
    mail: Mail


def deliver(manner: Manner, head: Letterhead, carrier: Carrier, present: Callable[[], datetime]) -> Counter[str]:
    """Send all that may leave now; returns how many notices were sent, dropped and failed.

    A bad address ends its own message only; a server that cannot be reached ends the round, and all that is
    left waits for the next.
    """
    ended: Counter[str] = Counter()
    _reopen_lapsed_claims(present())
    while (parcels := _claim(present(), manner, head, ended)) is not None:
        for place, parcel in enumerate(parcels):
            answer = carrier.send(parcel.mail)
            ended += _note(parcel.message_id, answer, present())
            if answer.result is Result.UNREACHABLE:
                _release([one.message_id for one in parcels[place + 1 :]], present())
                return ended
    return ended


def _claim(now: datetime, manner: Manner, head: Letterhead, ended: Counter[str]) -> list[Parcel] | None:
    """Judge and claim what waits for the next few people, in one transaction; None when nothing waits.

    The people are locked, so that two deliverers never make two digests of one person's day.
    """
    with atomic():
        due = sa.and_(Notice.state == "waiting", Notice.send_after <= now, Notice.channel == Channel.EMAIL.value)
        people = db.session.scalars(
            sa.select(Person.id)
            .where(Person.id.in_(sa.select(Notice.person_id).where(due)))
            .order_by(Person.id)
            .limit(_PEOPLE_AT_ONCE)
            .with_for_update(skip_locked=True, key_share=True)
        ).all()
        notices = db.session.scalars(
            sa.select(Notice).where(due, Notice.person_id.in_(people)).order_by(Notice.id)
        ).all()
        if not notices:
            return None
        return _Batch(now, manner, head, people, notices, ended).parcels()


class _Batch:
    """The notices of a few people at one moment, judged and put into messages inside one transaction."""

    def __init__(
        self,
        now: datetime,
        manner: Manner,
        head: Letterhead,
        people: Sequence[int],
        notices: Sequence[Notice],
        ended: Counter[str],
    ):
        self.now, self.manner, self.head, self.ended = now, manner, head, ended
        self.calendar: WorkingCalendar = working_calendar()
        self.notices = notices
        self.ids = {notice.assignment_id for notice in notices}
        self.true_now = {one.key: one for one in sayings(now, manner, self.ids)}
        self.messages = _messages_of(people, notices, now)

    def parcels(self) -> list[Parcel]:
        """Drop what is no longer true, put off what may not leave yet, pack the rest."""
        kept = [(notice, one) for notice in self._true() if (one := self._may_leave(notice))]
        by_person: dict[int, list[tuple[Notice, Saying]]] = defaultdict(list)
        for notice, one in kept:
            by_person[notice.person_id].append((notice, one))
        packed = [pair for person_id, pairs in by_person.items() for pair in self._pack(person_id, pairs)]
        facts = _facts(self.ids)
        parcels = [self._parcel(message, pairs, facts) for message, pairs in packed]
        self._close_empty()
        return parcels

    def _true(self) -> list[Notice]:
        """The notices that still apply; the others are dropped with the reason."""
        false = [notice for notice in self.notices if _key(notice) not in self.true_now]
        reasons = _reasons({notice.assignment_id for notice in false}, self.true_now.values())
        for notice in false:
            _end(notice, "dropped", self.now, reasons(notice))
        self.ended["dropped"] += len(false)
        return [notice for notice in self.notices if notice not in false]

    def _may_leave(self, notice: Notice) -> Saying | None:
        """The saying, when this moment lies within the window for it; else it is put off to the next that does."""
        one = self.true_now[_key(notice)]
        earliest = leaves_at(one, self.now, self.calendar, self.manner)
        if earliest > self.now:
            notice.send_after = earliest
            return None
        return one

    def _pack(
        self, person_id: int, pairs: list[tuple[Notice, Saying]]
    ) -> list[tuple[Message, list[tuple[Notice, Saying]]]]:
        """The messages of one person: at most one digest a day; news goes with it, bundled, or one by one.

        News that was tried before goes again as the message it was, whose Message-ID the server may know.
        """
        rungs = [pair for pair in pairs if pair[1].topic.step not in NEWS]
        tried: dict[int, list[tuple[Notice, Saying]]] = defaultdict(list)
        fresh: list[tuple[Notice, Saying]] = []
        for pair in pairs:
            if pair[1].topic.step in NEWS:
                known = self.messages.get(pair[0].message_id or 0)
                (tried[known.id] if known and known.kind != "digest" else fresh).append(pair)
        packed = [(self.messages[message_id], news) for message_id, news in tried.items()]
        if rungs and (message := self._digest(person_id, rungs)):
            return [*packed, (message, [*rungs, *fresh])]
        if len(fresh) >= DIGEST_FROM:
            return [*packed, (self._new(person_id, "news"), fresh)]
        return [*packed, *((self._new(person_id, "single"), [pair]) for pair in fresh)]

    def _digest(self, person_id: int, rungs: list[tuple[Notice, Saying]]) -> Message | None:
        """The person's digest of the day, when it can still be sent; else its notices wait for a later one.

        A digest that could not be sent yesterday becomes today's, so that nobody gets two.
        """
        today = self.now.date()
        own = [one for one in self.messages.values() if one.person_id == person_id and one.kind == "digest"]
        todays = next((one for one in own if one.day == today), None)
        late = next((one for one in own if one.day < today and one.state == "waiting"), None)
        if todays is not None and todays.state not in ("waiting", "dropped"):
            tomorrow = datetime.combine(today + timedelta(days=1), self.manner.cadence.opens_at, self.now.tzinfo)
            for notice, one in rungs:
                notice.send_after = send_after(tomorrow, one.end, self.calendar, self.manner.cadence, digest=True)
                notice.message_id = None
            return None
        if todays is not None and todays.next_attempt_at and todays.next_attempt_at > self.now:
            for notice, _ in rungs:
                notice.send_after, notice.message_id = todays.next_attempt_at, todays.id
            return None
        if todays is None and late is not None:
            late.day = today
        return todays or late or self._new(person_id, "digest")

    def _new(self, person_id: int, kind: str) -> Message:
        message = Message(
            person_id=person_id,
            channel=Channel.EMAIL.value,
            day=self.now.date(),
            kind=kind,
            message_key=f"<{secrets.token_hex(16)}@{self.head.domain}>",
        )
        db.session.add(message)
        db.session.flush()
        return message

    def _parcel(self, message: Message, pairs: list[tuple[Notice, Saying]], facts: dict[int, Any]) -> Parcel:
        """Render the letter with what is true at this moment and mark everything as being sent."""
        contact: Contact = pairs[0][1].contact
        items = [self._item(one, facts[one.row.id]) for _, one in pairs]
        if len(items) == 1:
            letter = single(contact.name, items[0], self.head)
        else:
            letter = digest(contact.name, items, self.now.date(), self.head)
        message.state, message.claimed_at, message.attempts = "sending", self.now, message.attempts + 1
        message.address, message.subject = contact.email, letter.subject
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


def _messages_of(people: Sequence[int], notices: Sequence[Notice], now: datetime) -> dict[int, Message]:
    """The messages that these notices were tried in, and the digests of these people for today or still unsent."""
    known = [notice.message_id for notice in notices if notice.message_id]
    digest_of_day = sa.and_(
        Message.kind == "digest",
        Message.person_id.in_(people),
        sa.or_(Message.day == now.date(), Message.state == "waiting"),
    )
    found = db.session.scalars(sa.select(Message).where(sa.or_(Message.id.in_(known), digest_of_day)))
    return {message.id: message for message in found}


def _key(notice: Notice) -> tuple[Any, ...]:
    return (
        notice.assignment_id,
        notice.due_on,
        notice.rung,
        notice.subject_id,
        notice.person_id,
        notice.channel,
    )


def _reasons(ids: Collection[int], true_now: Iterable[Saying]) -> Callable[[Notice], str]:
    """A teller of why notices of these assignments are no longer true."""
    query = sa.select(Assignment.id, Assignment.state, Assignment.due_on, extension_waits().label("waits"))
    rows = {row.id: row for row in db.session.execute(query.where(Assignment.id.in_(ids)))}
    said: dict[tuple[int, int], list[str]] = defaultdict(list)
    for one in true_now:
        if one.topic.step not in NEWS:
            said[one.row.id, one.contact.person_id].append(one.topic.code)

    def reason(notice: Notice) -> str:
        row = rows[notice.assignment_id]
        is_news = notice.due_on == NEVER
        instead = [] if is_news else sorted(set(said[notice.assignment_id, notice.person_id]) - {notice.rung})
        waits = row.waits and not is_news
        return why_dropped(State(row.state), None if is_news else notice.due_on, row.due_on, instead, waits)

    return reason


def _facts(ids: Collection[int]) -> dict[int, Any]:
    """What letters say of these assignments, in one question."""
    assigner, officer, monitor = aliased(Unit), aliased(Person), aliased(Person)
    rows = db.session.execute(
        sa.select(
            Assignment.id,
            Assignment.state,
            Assignment.kind,
            Assignment.original_due,
            Assignment.internal_due,
            Assignment.extensions,
            Assignment.difficulty,
            Assignment.updated_at,
            Task.content,
            Task.deliverable,
            Task.ordinal,
            Directive.doc_symbol,
            Directive.issued_on,
            Unit.name.label("unit_name"),
            assigner.name.label("assigner_name"),
            officer.name.label("officer_name"),
            monitor.name.label("monitor_name"),
            monitor.phone.label("monitor_phone"),
            monitor.email.label("monitor_email"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Directive, Directive.id == Task.directive_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(assigner, assigner.id == Assignment.assigner_id)
        .outerjoin(officer, officer.id == Assignment.officer_id)
        .outerjoin(monitor, monitor.id == Task.monitor_id)
        .where(Assignment.id.in_(ids))
    )
    return {
        row.id: plain(
            row._asdict(),
            state_label=LABELS[State(row.state)],
            difficulty_label=CAUSES.get(row.difficulty, ""),
            standing=row.kind == Kind.STANDING.value,
        )
        for row in rows
    }


def _note(message_id: int, answer: Answer, now: datetime) -> Counter[str]:
    """Write down how the sending ended; returns how many notices ended with it."""
    with atomic():
        message = db.session.get_one(Message, message_id)
        notices = _sending([message_id])
        again_at = _again_at(answer, message.attempts, now)
        message.error = answer.said[:300]
        message.next_attempt_at = again_at
        if answer.result is Result.UNREACHABLE:
            message.attempts -= 1
        if again_at is not None:
            message.state = "waiting"
            for notice in notices:
                notice.state, notice.send_after, notice.outcome = "waiting", again_at, answer.said[:300]
            return Counter()
        ending = "sent" if answer.result is Result.SENT else "failed"
        message.state, message.sent_at = ending, now if ending == "sent" else None
        for notice in notices:
            _end(notice, ending, now, answer.said)
        return Counter({ending: len(notices)})


def _again_at(answer: Answer, attempts: int, now: datetime) -> datetime | None:
    """When to try again: after a growing pause, or at the next tick when it was the server that was away."""
    if answer.result is Result.LATER:
        return next_attempt(now, attempts)
    return now if answer.result is Result.UNREACHABLE else None


def _end(notice: Notice, state: str, now: datetime, outcome: str) -> None:
    notice.state, notice.ended_at, notice.outcome = state, now, outcome[:300]


def _sending(message_ids: Collection[int]) -> Sequence[Notice]:
    query = sa.select(Notice).where(Notice.message_id.in_(message_ids), Notice.state == "sending")
    return db.session.scalars(query).all()


def _release(message_ids: Collection[int], now: datetime) -> None:
    """Give back what was claimed and not tried; it waits as if nothing had happened."""
    if not message_ids:
        return
    with atomic():
        for message in db.session.scalars(sa.select(Message).where(Message.id.in_(message_ids))):
            message.state, message.next_attempt_at, message.attempts = "waiting", now, message.attempts - 1
        for notice in _sending(message_ids):
            notice.state, notice.send_after = "waiting", now


def _reopen_lapsed_claims(now: datetime) -> None:
    """Take back the claims of a deliverer that died: sent or not, the letter goes out under the same Message-ID."""
    lapsed = sa.and_(Message.state == "sending", Message.claimed_at < now - LEASE)
    with atomic():
        for message in db.session.scalars(sa.select(Message).where(lapsed)).all():
            message.state, message.next_attempt_at = "waiting", now
            message.error = "Lần gửi trước bị ngắt giữa chừng"
            for notice in _sending([message.id]):
                notice.state, notice.send_after = "waiting", now
