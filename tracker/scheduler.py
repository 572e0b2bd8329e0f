"""The clock of the house: APScheduler types the commands of config/schedule.toml when their time has come.

Many processes may run it; one of them is the leader and the others wait. On SQLite the leader holds a lock on a
file beside the database, on PostgreSQL an advisory lock on a connection of its own: both end with the process.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shlex
import threading
import tomllib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask
from sqlalchemy.pool import NullPool

from tracker.app import database_url
from tracker.cli import typed
from tracker.clock import HOUSE_ZONE, now
from tracker.health import beat, note_ending
from tracker.paths import data_dir

log = logging.getLogger(__name__)
_LOCK = 0x54524B31
_SECONDS_BETWEEN_TRIES = 5
_OWN = "of the clock itself"
"""Its heartbeat and its watch have a thread of their own: two long jobs must not make it look dead."""


@dataclass(frozen=True)
class Job:
    """One clock: a command that a person could type, and a cron line in house time."""

    name: str
    command: str
    cron: str
    at_start: bool = False
    """Also when a scheduler begins to lead: what was missed meanwhile is made good at once."""


def jobs() -> list[Job]:
    """The clocks of config/schedule.toml."""
    with (data_dir("config") / "schedule.toml").open("rb") as file:
        rows = tomllib.load(file)["job"]
    return [Job(row["name"], row["command"], row["cron"], row.get("at_start", False)) for row in rows]


class Leadership:
    """The right to be the one scheduler of a database."""

    def __init__(self, url: str):
        self._url = sa.make_url(url)
        self._on_file = self._url.get_backend_name() == "sqlite"
        self._file: int | None = None
        self._connection: sa.Connection | None = None

    def held(self) -> bool:
        """Take the leadership if it is free; whether it is held now."""
        try:
            return self._lock_file() if self._on_file else self._lock_database()
        except sa.exc.DBAPIError:
            self.give_up()
            return False

    def give_up(self) -> None:
        """Let another process lead."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._connection is not None:
            with contextlib.suppress(sa.exc.DBAPIError):
                self._connection.close()
            self._connection = None

    def _lock_file(self) -> bool:
        if self._file is not None:
            return True
        file = os.open(f"{self._url.database}.scheduler.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def _lock_database(self) -> bool:
        """A session's lock lives as long as its connection, so it has one of its own, outside every pool."""
        if self._connection is not None:
            return bool(self._connection.scalar(sa.text("SELECT true")))
        engine = sa.create_engine(
            self._url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={
                "keepalives": 1,
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 3,
                "application_name": "tracker-scheduler",
            },
        )
        connection = engine.connect()
        if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
            connection.close()
            return False
        self._connection = connection
        return True


class Clock:
    """Waits to lead, then runs the jobs until it is stopped or another leads."""

    def __init__(self, app: Flask):
        self._app = app
        self._leadership = Leadership(database_url(app.extensions["settings"]))
        self._stopped = threading.Event()
        self._scheduler: BlockingScheduler | None = None

    def run(self) -> None:
        """Run until `stop`; a lost leadership is waited for again."""
        while not self._stopped.is_set():
            if self._leadership.held():
                self._lead()
            else:
                self._stopped.wait(_SECONDS_BETWEEN_TRIES)
        self._leadership.give_up()

    def stop(self) -> None:
        """End `run` once the job that is running is done."""
        self._stopped.set()
        self._shut_down()

    def _lead(self) -> None:
        scheduler = BlockingScheduler(
            timezone=HOUSE_ZONE,
            executors={"default": ThreadPoolExecutor(2), _OWN: ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        start: datetime = now()
        for job in jobs():
            trigger = CronTrigger.from_crontab(job.cron, timezone=HOUSE_ZONE)
            first = {"next_run_time": start} if job.at_start else {}
            scheduler.add_job(self._do, trigger, args=[job], id=job.name, **first)
        scheduler.add_job(self._beat, "interval", minutes=1, next_run_time=start, id="heartbeat", executor=_OWN)
        scheduler.add_job(self._watch, "interval", seconds=_SECONDS_BETWEEN_TRIES, id="leadership", executor=_OWN)
        self._scheduler = scheduler
        log.info("this process is the scheduler")
        if not self._stopped.is_set():
            scheduler.start()

    def _do(self, job: Job) -> None:
        """Type one command; how it ended is written down under the job's name."""
        if not self._leadership.held():
            return
        said = typed(shlex.split(job.command)[1:], self._app)
        with self._app.app_context():
            note_ending(job.name, said, now=now())

    def _beat(self) -> None:
        with self._app.app_context():
            beat("scheduler", f"{os.getpid()}", now=now())

    def _watch(self) -> None:
        if not self._leadership.held():
            log.warning("another process is the scheduler now")
            self._shut_down()

    def _shut_down(self) -> None:
        if self._scheduler is not None and self._scheduler.running:
            self._scheduler.shutdown(wait=False)
