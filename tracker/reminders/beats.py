"""The clocks of the house: under which name each beats, how its jobs end, and whether a beat can be relied on.

Two kinds of rows of `heartbeats`: «scheduler» and «reminders» say that something lives; «job NAME» says how a job of
config/schedule.toml last ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.db import db
from tracker.reminders.models import Heartbeat

SCHEDULER, REMINDERS = "scheduler", "reminders"
DONE = "xong"
UNUSED = "chưa dùng"
"""How a job ends that has nothing to work with because it was never configured: no illness."""

JOB_LABELS = {
    "reminders": "nhắc việc",
    "weekly": "bản tin tuần",
    "returned mail": "đọc thư trả lại",
    "sweep": "dọn tệp thừa",
    "openings": "dọn dấu đã mở",
    "occurrences": "lập kỳ của nhiệm vụ định kỳ",
}
_JOB = "job "
_REMEMBERED = timedelta(days=2)
"""A job that ended badly longer ago was taken off the schedule: every clock of the house beats daily."""


def of_job(name: str) -> str:
    """The name under which the ending of a job is written down."""
    return _JOB + name


def job_label(row_name: str) -> str:
    """What people call the job whose ending this row is."""
    name = row_name.removeprefix(_JOB)
    return JOB_LABELS.get(name, name)


def is_alive(beaten_at: datetime, now: datetime, minutes: int) -> bool:
    """Whether a beat is of the last so many minutes; one from the future says nothing of the present."""
    return abs(now - beaten_at) <= timedelta(minutes=minutes)


def remembered(now: datetime) -> datetime:
    """Endings of jobs count from this moment on."""
    return now - _REMEMBERED


def ended_badly(since: sa.ColumnElement[datetime] | datetime) -> sa.ColumnElement[bool]:
    """Rows of jobs that did not do, the last time, what they are there for."""
    of_jobs = Heartbeat.name.startswith(_JOB, autoescape=True)
    return sa.and_(of_jobs, Heartbeat.said.not_in((DONE, UNUSED)), Heartbeat.at >= since)


def failing_jobs(now: datetime) -> Sequence[Heartbeat]:
    """The last endings of the jobs that fail, each with its sentence."""
    query = sa.select(Heartbeat).where(ended_badly(remembered(now))).order_by(Heartbeat.name)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()
