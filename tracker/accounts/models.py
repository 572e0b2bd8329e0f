"""People, the posts they hold in units for a time, invitations and sign-in attempts."""

from __future__ import annotations

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.units.models import Unit


class Person(Base):
    """Somebody who signs in. Work belongs to posts and units, never to the account."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    session_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    demo: Mapped[bool] = mapped_column(default=False)
    wants_email: Mapped[bool] = mapped_column(default=True)
    digest_at: Mapped[time | None]
    last_seen_at: Mapped[datetime | None]
    search_text: Mapped[str] = mapped_column(sa.String(200), default="")

    posts: Mapped[list[Post]] = relationship(back_populates="person", order_by="Post.id")


class Post(Base):
    """A role that a person holds in a unit for a time; `until_on` is the last day of it."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="posts")
    unit: Mapped[Unit] = relationship()

    def held_on(self, day: date) -> bool:
        """Whether the post is held on the given local day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


class Invitation(Base):
    """A one-time link with which a person sets the first password; only its hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A failed sign-in, counted per name and per address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (sa.Index("ix_sign_in_attempts_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[datetime]
