"""Settling how the province reminds, and keeping an area silent for a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.errors import Invalid, NotFound, Refused
from tracker.history.actions import record
from tracker.reminders.models import Notice, Override, Silence
from tracker.rules.access import Deed, require
from tracker.rules.cadences import in_force, settled, written
from tracker.rules.notices import Channel
from tracker.rules.reminding import Cadence
from tracker.tasks.models import Assignment
from tracker.units.models import Unit
from tracker.units.queries import subtree

LONGEST_SILENCE_DAYS = 60
SILENCE_WITHIN_DAYS = 365
"""A silence begins within so many days; storms are not known earlier, slips of the pen are."""


def settle(typed: Mapping[str, str], defaults: Cadence, *, by: User, now: datetime) -> None:
    """Settle the fields that were typed for one's own province; what says no more than the default is left to it.

    `defaults` is what holds where the province has settled nothing. Raises Invalid with every complaint at its
    field, Forbidden for a role that may not.
    """
    require(by.role, Deed.SETTLE_REMINDING)
    given, unit_id = written(defaults), int(by.province_path.strip("/").rpartition("/")[2])
    with atomic():
        kept = {one.field: one.value for one in _own(unit_id) if one.field not in typed}
        wanted = written(settled(in_force(defaults, kept), typed))
        own = {name: wanted[name] for name in typed if wanted[name] != given[name]}
        db.session.execute(sa.delete(Override).where(Override.unit_id == unit_id, Override.field.in_(typed)))
        db.session.add_all(
            Override(unit_id=unit_id, field=name, value=own[name], by_name=by.name, at=now) for name in own
        )
        record("reminding", unit_id, "settle", by=by, now=now, **own)


def _own(unit_id: int) -> Sequence[Override]:
    return db.session.scalars(sa.select(Override).where(Override.unit_id == unit_id)).all()


def silence(unit: Unit, from_on: date, until_on: date, reason: str, *, by: User, now: datetime) -> Silence:
    """Remind nobody of the work of an area from one day to another; news and nudges are told all the same.

    Raises Invalid for a period that is past, backwards, a year away or longer than sixty days, NotFound for a foreign
    area.
    """
    require(by.role, Deed.SILENCE)
    if not unit.path.startswith(by.province_path):
        raise NotFound
    wrong = {}
    if from_on > now.date() + timedelta(days=SILENCE_WITHIN_DAYS):
        wrong["from_on"] = f"Ngày bắt đầu phải trong {SILENCE_WITHIN_DAYS} ngày tới."
    if until_on < max(from_on, now.date()):
        wrong["until_on"] = "Ngày cuối phải từ hôm nay và từ ngày bắt đầu trở đi."
    elif (until_on - from_on).days >= LONGEST_SILENCE_DAYS:
        wrong["until_on"] = f"Tạm ngừng nhắc nhiều nhất {LONGEST_SILENCE_DAYS} ngày; còn cần thì đặt lại."
    if wrong:
        raise Invalid(wrong)
    with atomic():
        made = Silence(
            unit_id=unit.id,
            from_on=from_on,
            until_on=until_on,
            reason=reason,
            by_id=by.person_id,
            by_name=by.name,
            at=now,
        )
        db.session.add(made)
        db.session.flush()
        record("silence", made.id, "begin", by=by, now=now, unit=unit.name, until_on=until_on, reason=reason)
    return made


def lift(one: Silence, *, by: User, now: datetime) -> None:
    """End a silence before its time; what it held back may leave at the next tick. Raises Refused when it is over."""
    require(by.role, Deed.SILENCE)
    with atomic():
        db.session.refresh(one, with_for_update={"of": Silence})
        if one.lifted_at is not None or one.until_on < now.date():
            raise Refused("Đợt tạm ngừng nhắc này đã kết thúc.")
        one.lifted_at, one.lifted_by = now, by.name
        _release(one.unit.path, now)
        record("silence", one.id, "lift", by=by, now=now)


def _release(path: str, now: datetime) -> None:
    """Let what waits for the area be judged anew: when it may leave is asked again at delivery."""
    held = sa.select(Assignment.id).where(Assignment.unit_id.in_(subtree(path)))
    db.session.execute(
        sa.update(Notice)
        .where(
            Notice.state == "waiting",
            Notice.channel != Channel.INAPP.value,
            Notice.send_after > now,
            sa.or_(Notice.assignment_id.in_(held), Notice.unit_id.in_(subtree(path))),
        )
        .values(send_after=now)
        .execution_options(synchronize_session=False)
    )
