"""What follows on reminders: of what was said, how much was opened, and how much brought a result, in three days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import db, earlier
from tracker.reminders.models import Notice
from tracker.rules.notices import INBOX_ONLY
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

    A result counts when it reached the assigning side and was not recalled; news that asks for none is left out. Two
    questions, whatever the period; the second begins at the results, for there are fewer of them than of notices.
    What was never sent is left out of the counts and not of the rows: asked for by its state, SQLite would begin
    there and read the notices of everybody.
    """
    kind, sent = (Notice.rung, Notice.channel), Notice.state == "sent"
    then = sa.and_(Notice.ended_at >= since, Notice.ended_at < until, led(user))
    said = sa.select(*kind, sa.func.count().filter(sent), sa.func.count(Notice.opened_at).filter(sent))
    said = said.select_from(Assignment).join(Notice, Notice.assignment_id == Assignment.id)
    answered = sa.select(*kind, sa.func.count(Notice.id.distinct()).filter(sent)).select_from(Assignment)
    answered = answered.join(Submission, Submission.assignment_id == Assignment.id).join(Notice, _answered_by())
    results = {(rung, by): number for rung, by, number in db.session.execute(answered.where(then).group_by(*kind))}
    return {
        (rung, by): Followed(number, opened, results.get((rung, by), 0))
        for rung, by, number, opened in db.session.execute(said.where(then).group_by(*kind))
        if number and rung not in INBOX_ONLY
    }


def _answered_by() -> sa.ColumnElement[bool]:
    """Whether the result followed on the notice in time."""
    of_it = sa.and_(Notice.assignment_id == Submission.assignment_id, Submission.outcome != "recalled")
    earliest = earlier(Submission.sent_at, FOLLOWED_WITHIN)
    return sa.and_(of_it, Notice.ended_at.between(earliest, Submission.sent_at))
