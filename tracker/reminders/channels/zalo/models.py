"""What the house remembers of Zalo: the account's tokens, what rests, who can be reached how, codes, templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base

THE_ACCOUNT = 1
"""The house has one Official Account; its row is also the lock that the refreshing of tokens takes."""


class ZaloAccount(Base):
    """The Official Account and its tokens, encrypted. `trouble` says why an administrator has to consent again."""

    __tablename__ = "zalo_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    oa_id: Mapped[str] = mapped_column(sa.String(40))
    access_token: Mapped[str] = mapped_column(sa.Text)
    access_until: Mapped[datetime]
    refresh_token: Mapped[str] = mapped_column(sa.Text)
    refresh_until: Mapped[datetime]
    consented_at: Mapped[datetime]
    consented_by: Mapped[str] = mapped_column(sa.String(120))
    refreshed_at: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(sa.String(300), default="")


class ZaloRest(Base):
    """Something that rests: the whole channel (scope «channel») or one template (its id), until a moment."""

    __tablename__ = "zalo_rests"

    scope: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    trouble: Mapped[str] = mapped_column(sa.String(20))
    said: Mapped[str] = mapped_column(sa.String(300))
    since: Mapped[datetime]
    until: Mapped[datetime]


class ZaloContact(Base):
    """How a person is reached: the linked Zalo account, whether Zalo is wanted, and what turned out not to work.

    `phone_refused` is the number that Zalo could not reach: another number is another chance.
    """

    __tablename__ = "zalo_contacts"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    linked_at: Mapped[datetime | None]
    greeted_at: Mapped[datetime | None]
    wanted: Mapped[bool] = mapped_column(default=True)
    user_trouble: Mapped[str] = mapped_column(sa.String(300), default="")
    phone_refused: Mapped[str] = mapped_column(sa.String(20), default="")
    phone_trouble: Mapped[str] = mapped_column(sa.String(300), default="")
    troubled_at: Mapped[datetime | None]


class ZaloCode(Base):
    """The one-time code with which a person links a Zalo account; only its hash is kept."""

    __tablename__ = "zalo_codes"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]


class ZaloTemplate(Base):
    """What Zalo says of a template: its parameters with their limits, and whether it is in force."""

    __tablename__ = "zalo_templates"

    template_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    status: Mapped[str] = mapped_column(sa.String(40), default="")
    limits: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]
