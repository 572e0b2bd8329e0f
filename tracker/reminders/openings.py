"""Openings: who looked at which assignment when; what was said of it before counts as read.

A note like the mark «read», and the only one that a page being looked at leaves behind: it changes nothing that
anybody decides or counts, and it may fail without the page failing.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tracker.accounts.acting import User
from tracker.db import Moment, atomic, db, forget, one_of, put
from tracker.history.models import Event
from tracker.reminders.effect import LONGEST
from tracker.reminders.models import Notice, Opening
from tracker.rules.access import Role
from tracker.rules.notices import Channel
from tracker.rules.reminding import FOLLOWED_WITHIN, knows_of_it
from tracker.tasks.models import Assignment
from tracker.tasks.queries.sight import visible

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)
"""An opening so young is not noted again, unless something happened since."""

KEPT = LONGEST
"""So long an opening is kept: as long as anybody can ask what followed on a reminder."""

_PATIENCE = timedelta(milliseconds=200)
_NOBODY_TELLS = frozenset({Role.ADMINISTRATOR, Role.VIEWER})


def opened(user: User, assignment_id: int, now: datetime) -> int | None:
    """Note that the person opened the assignment now, if it is theirs to see and they could be told of it.

    Returns of how many works something in their inbox is unread then, None where that was not asked. One question; it
    writes only what is not known yet, waits for nobody and never raises for want of the database: the next opening
    makes good what could not be noted.
    """
    if user.role in _NOBODY_TELLS:
        return None
    try:
        found = db.session.execute(_seen(user, assignment_id, now)).one_or_none()
        if found is None:
            return None
        if found.unmarked or _is_news(found, now):
            _note(user.person_id, assignment_id, now, mark=bool(found.unmarked))
    except DBAPIError as error:
        forget()
        log.warning("opening of assignment %s not noted: %s", assignment_id, error.orig)
        return None
    return cast(int, found.unread_of_others)


def _seen(user: User, assignment_id: int, now: datetime) -> Any:
    """What is known of the person's openings and notices of an assignment that is theirs to see."""
    of_it = _told(user.person_id, assignment_id)
    unmarked = sa.select(sa.func.count()).where(of_it, sa.or_(_to_be_followed(now), _unread()))
    of_others = sa.and_(Notice.person_id == user.person_id, Notice.assignment_id != assignment_id)
    works = sa.select(sa.func.count(Notice.assignment_id.distinct()))
    others = works.where(of_others, Notice.state == "sent", _unread())
    return (
        sa.select(
            Opening.at,
            Assignment.updated_at,
            last_event_at().label("event_at"),
            unmarked.scalar_subquery().label("unmarked"),
            others.scalar_subquery().label("unread_of_others"),
        )
        .select_from(Assignment)
        .outerjoin(Opening, sa.and_(Opening.person_id == user.person_id, Opening.assignment_id == Assignment.id))
        .where(Assignment.id == assignment_id, visible(user))
    )


def _is_news(found: Any, now: datetime) -> bool:
    """Whether this opening says more than the last one that was noted."""
    changed_at = max(found.updated_at, found.event_at or found.updated_at)
    return found.at is None or found.at <= now - FRESH or found.at < changed_at


def _note(person_id: int, assignment_id: int, now: datetime, *, mark: bool) -> None:
    moment = sa.literal(now, Moment)
    with atomic(patience=_PATIENCE):
        put(Opening, person_id=person_id, assignment_id=assignment_id, at=now)
        if mark:
            db.session.execute(
                sa.update(Notice)
                .where(_told(person_id, assignment_id), sa.or_(_to_be_followed(now), _unread()))
                .values(
                    opened_at=sa.case((_to_be_followed(now), moment), else_=Notice.opened_at),
                    read_at=sa.case((_unread(), moment), else_=Notice.read_at),
                )
                .execution_options(synchronize_session=False)
            )


def _told(person_id: int, assignment_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(Notice.assignment_id == assignment_id, Notice.person_id == person_id, Notice.state == "sent")


def _to_be_followed(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Notice.opened_at.is_(None), Notice.ended_at.between(now - FOLLOWED_WITHIN, now))


def _unread() -> sa.ColumnElement[bool]:
    return sa.and_(Notice.channel == Channel.INAPP.value, Notice.read_at.is_(None))


def last_event_at() -> sa.ScalarSelect[datetime]:
    """The moment of the last line of an assignment's history, beside the assignment in a question."""
    of_it = sa.and_(Event.thing == "assignment", Event.thing_id == Assignment.id)
    return sa.select(Event.at).where(of_it).order_by(Event.id.desc()).limit(1).correlate(Assignment).scalar_subquery()


def known_to(people: Collection[int], assignments: Collection[int], now: datetime) -> set[tuple[int, int]]:
    """Who of these people opened which of these assignments today and knows its last change: (person, assignment)."""
    midnight = datetime.combine(now.date(), time.min, now.tzinfo)
    query = (
        sa.select(Opening.person_id, Opening.assignment_id, Opening.at, Assignment.updated_at, last_event_at())
        .join(Assignment, Assignment.id == Opening.assignment_id)
        .where(one_of(Opening.person_id, people), one_of(Opening.assignment_id, assignments), Opening.at >= midnight)
    )
    rows: Iterable[Any] = db.session.execute(query)
    return {
        (person_id, assignment_id)
        for person_id, assignment_id, at, updated_at, event_at in rows
        if knows_of_it(at, max(updated_at, event_at or updated_at), now)
    }


def forget_old(now: datetime) -> int:
    """Remove the openings that nothing can ask about any more; returns how many."""
    old = sa.delete(Opening).where(Opening.at < now - KEPT).execution_options(synchronize_session=False)
    with atomic():
        return cast(sa.CursorResult[Any], db.session.execute(old)).rowcount
