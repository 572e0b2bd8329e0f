"""The outbox: what ought to be said, to whom, by which channel, and how it ended."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.units.models import Unit

OF_A_UNIT = sa.text("assignment_id IS NULL")
LETTER_OF_THE_WEEK = "week"
"""The rung of what is sent by `weekly`; all else leaves with the digests and news."""

_UNREAD = sa.text("channel = 'inapp' AND read_at IS NULL")


class Notice(Base):
    """One thing to say to one person by one channel. The unique key makes saying it twice impossible.

    `due_on` belongs to the key, so that a moved due date opens new rungs; `date.max` stands for none.
    `subject_id` tells apart events of one rung (the submission returned, the extension decided), else 0.
    The state of a day and the letter of the week are about a unit instead of an assignment; their `due_on` is the
    day, or the Monday of the week.
    `opened_at`: when its person opened the assignment for the first time after it was said, within three days.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint(
            "assignment_id", "due_on", "rung", "subject_id", "person_id", "channel", name="uq_notices_once"
        ),
        sa.Index(
            "uq_notices_of_unit",
            *("unit_id", "due_on", "rung", "person_id", "channel"),
            unique=True,
            sqlite_where=OF_A_UNIT,
            postgresql_where=OF_A_UNIT,
        ),
        sa.Index("ix_notices_waiting", "state", "send_after"),
        sa.Index("ix_notices_inbox", "person_id", "channel", "planned_at"),
        sa.Index("ix_notices_planned", "planned_at"),
        sa.Index("ix_notices_unread", "person_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        sa.Index("ix_notices_effect", "assignment_id", "ended_at", "state", "rung", "channel", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignments.id", ondelete="CASCADE"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    due_on: Mapped[date]
    rung: Mapped[str] = mapped_column(sa.String(20))
    subject_id: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(sa.String(8))
    why: Mapped[str] = mapped_column(sa.String(300))
    state: Mapped[str] = mapped_column(sa.String(8), default="waiting")
    planned_at: Mapped[datetime]
    send_after: Mapped[datetime]
    text: Mapped[str] = mapped_column(sa.String(300), default="")
    read_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(300), default="")
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("messages.id"), index=True)
    late_since: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]

    def put_off(self, until: datetime) -> None:
        """Let it wait although it ought to have left; `late_since` remembers since when."""
        self.late_since = self.late_since or self.send_after
        self.state, self.send_after = "waiting", until


waiting_since = sa.func.coalesce(Notice.late_since, Notice.send_after)
"""Since when a notice that waits ought to have left; put off by failed attempts it still counts from the first."""

under_way = Notice.state.concat("") == "sending"
"""Whether a notice is being sent, beside the condition in which message. Statistics know of no notice that is: by the
bare state PostgreSQL would look through all that is claimed, for each letter."""


class Message(Base):
    """One e-mail or Zalo message: a digest (one per person, channel, day), a letter of the week, or a single notice.

    `message_key` is our name for it for life, `receipt` the one of whoever carried it. `tried_at`: when it was
    begun to be handed over, for a channel that must not be given a message twice.
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index(
            "uq_messages_digest",
            "person_id",
            "channel",
            "day",
            unique=True,
            sqlite_where=sa.text("kind = 'digest'"),
            postgresql_where=sa.text("kind = 'digest'"),
        ),
        sa.Index(
            "uq_messages_weekly",
            "person_id",
            "channel",
            "day",
            unique=True,
            sqlite_where=sa.text("kind = 'weekly'"),
            postgresql_where=sa.text("kind = 'weekly'"),
        ),
        sa.Index("ix_messages_claimed", "claimed_at"),
        sa.Index("ix_messages_sent", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(sa.String(8))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(sa.String(8))
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    subject: Mapped[str] = mapped_column(sa.String(200), default="")
    message_key: Mapped[str] = mapped_column(sa.String(200), default="", index=True)
    state: Mapped[str] = mapped_column(sa.String(8), default="sending")
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    claim: Mapped[str] = mapped_column(sa.String(16), default="")
    next_attempt_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    receipt: Mapped[str] = mapped_column(sa.String(60), default="", index=True)
    error: Mapped[str] = mapped_column(sa.String(300), default="")


class Nudge(Base):
    """Somebody of the assigning side urged a unit on, or a leader the officer in charge; once a day each is enough.

    `text` is a word of their own, `inside` says that it stays within the unit.
    """

    __tablename__ = "nudges"
    __table_args__ = (
        sa.UniqueConstraint("assignment_id", "day", "inside", name="uq_nudges_once_a_day"),
        sa.Index("ix_nudges_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id", ondelete="CASCADE"))
    day: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    by_name: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.String(300), default="")
    inside: Mapped[bool] = mapped_column(default=False)


class Opening(Base):
    """When a person last opened an assignment's page, so that nobody is reminded of what was just read."""

    __tablename__ = "openings"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, autoincrement=False)
    assignment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    at: Mapped[datetime]


class Silence(Base):
    """For a time nobody is reminded of the work of an area: a storm, a flood. `until_on` is its last day."""

    __tablename__ = "silences"
    __table_args__ = (sa.Index("ix_silences_until_on", "until_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(300))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    by_name: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(sa.String(120), default="")

    unit: Mapped[Unit] = relationship()

    def in_force_on(self, day: date) -> bool:
        """Whether nobody is reminded of the area's work on the day."""
        return self.lifted_at is None and self.from_on <= day <= self.until_on


class Override(Base):
    """One field of reminding that a province settled otherwise than the settings; `value` as it is typed."""

    __tablename__ = "reminding_overrides"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(60))
    by_name: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[datetime]


class Address(Base):
    """A mail address, in small letters, at which nothing arrives, since when, and what a server said of it."""

    __tablename__ = "dead_addresses"

    address: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    dead_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(sa.String(300), default="")


class Heartbeat(Base):
    """When a clock of the house last beat, and what it said."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime]
    said: Mapped[str] = mapped_column(sa.String(300), default="")
