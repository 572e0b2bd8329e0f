"""What follows on reminders: of what was said, how much was opened, and how much brought a result, in three days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import db, later
from tracker.reminders.models import Notice
from tracker.rules.reminding import FOLLOWED_WITHIN
from tracker.tasks.models import Assignment, Submission
from tracker.tasks.queries.sight import led

LONGEST = timedelta(days=366)
"""Of no longer period is it asked what followed."""


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

    A result counts when it reached the assigning side and was not recalled. One question, whatever the period.
    """
    then = sa.and_(Notice.ended_at >= since, Notice.ended_at < until)
    answered = sa.func.count().filter(_was_answered())
    query = (
        sa.select(Notice.rung, Notice.channel, sa.func.count(), sa.func.count(Notice.opened_at), answered)
        .join(Assignment, Assignment.id == Notice.assignment_id)
        .where(Notice.state == "sent", then, led(user))
        .group_by(Notice.rung, Notice.channel)
    )
    return {(rung, by): Followed(*numbers) for rung, by, *numbers in db.session.execute(query)}


def _was_answered() -> sa.ColumnElement[bool]:
    """Whether the notice was followed by a result in time."""
    in_time = Submission.sent_at.between(Notice.ended_at, later(Notice.ended_at, FOLLOWED_WITHIN))
    of_it = sa.and_(Submission.assignment_id == Notice.assignment_id, Submission.outcome != "recalled")
    return sa.exists().where(of_it, in_time)
