"""What follows on reminders: of what was said, how much was opened, and how much brought a result, in three days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import db, later
from tracker.reminders.models import Notice
from tracker.rules.reminding import FOLLOWED_WITHIN
from tracker.tasks.models import Assignment, Submission
from tracker.tasks.queries.sight import led


@dataclass(frozen=True)
class Followed:
    """How many notices were said, opened by their person, and answered with a result, each within three days."""

    said: int = 0
    opened: int = 0
    answered: int = 0

    def __add__(self, other: Followed) -> Followed:
        return Followed(self.said + other.said, self.opened + other.opened, self.answered + other.answered)


def effect(user: User, since: datetime, until: datetime) -> dict[tuple[str, str], Followed]:
    """What followed on what was said in [since, until) of the work the person leads, by rung and channel.

    A result counts when it reached the assigning side and was not recalled. Two questions, whatever the period.
    """
    said = _said(user, since, until)
    answered = {(rung, channel): number for rung, channel, number in db.session.execute(_answered(said))}
    counts = sa.select(Notice.rung, Notice.channel, sa.func.count(), sa.func.count(Notice.opened_at))
    rows = db.session.execute(_grouped(counts.where(said)))
    return {(rung, by): Followed(number, opened, answered.get((rung, by), 0)) for rung, by, number, opened in rows}


def _said(user: User, since: datetime, until: datetime) -> sa.ColumnElement[bool]:
    """What was said in the time of work that the person leads."""
    then = sa.and_(Notice.ended_at >= since, Notice.ended_at < until)
    return sa.and_(Notice.state == "sent", then, led(user))


def _answered(said: sa.ColumnElement[bool]) -> Any:
    """How many of these notices were followed by a result in time."""
    in_time = Submission.sent_at.between(Notice.ended_at, later(Notice.ended_at, FOLLOWED_WITHIN))
    query = sa.select(Notice.rung, Notice.channel, sa.func.count(Notice.id.distinct())).where(said)
    kept = sa.and_(Submission.assignment_id == Notice.assignment_id, Submission.outcome != "recalled", in_time)
    return _grouped(query.join(Submission, kept))


def _grouped(query: Any) -> Any:
    return query.join(Assignment, Assignment.id == Notice.assignment_id).group_by(Notice.rung, Notice.channel)
