"""How long planning takes over 100 000 open assignments on PostgreSQL: when all is new, then when nothing is."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from data import NOW, fill

from tracker.accounts.models import Person, Post
from tracker.app import create_app
from tracker.db import atomic, db
from tracker.reminders.actions import write_plan
from tracker.reminders.commands import manner
from tracker.reminders.queries import plan
from tracker.reminders.troubles import troubles
from tracker.rules.access import Role
from tracker.settings import load_settings
from tracker.tasks.models import Assignment
from tracker.units.models import Unit


def main() -> None:
    """Fill a throw-away database, plan, write, plan again; print what it took."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from pgserver import TempPostgres, find_binaries

    binaries = find_binaries()
    if binaries is None:
        sys.exit("PostgreSQL is missing: apt-get install postgresql")
    server = TempPostgres(binaries).start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _measure(server.url(), folder)
    finally:
        server.stop()


def _measure(url: str, folder: str) -> None:
    settings = load_settings(
        {}, database_url=url, files_folder=f"{folder}/files", web_secret_key="bench", mail_smtp_url="smtp://127.0.0.1"
    )
    with create_app(settings).app_context():
        flask_migrate.upgrade()
        fill()
        _all_open()
        number = db.session.scalar(sa.select(sa.func.count()).select_from(Assignment))
        print(f"{number} open assignments")
        how = manner(settings)
        planned = _timed("plan, all new", lambda: plan(NOW, how))
        print(f"{len(planned)} notices")
        _timed("write", lambda: write_plan(planned, NOW))
        again = _timed("plan, nothing new", lambda: plan(NOW + timedelta(minutes=5), how))
        print(f"{len(again)} notices")
        _timed("alarms of one page", lambda: troubles(NOW, 10))


def _all_open() -> None:
    """Everything is being worked on, and every commune has a leader and an officer with addresses."""
    with atomic():
        db.session.execute(sa.update(Assignment).values(state="in_progress", received_at=NOW))
        for unit in db.session.scalars(sa.select(Unit).where(Unit.kind == "xa")).all():
            for role in (Role.COMMUNE_LEADER, Role.COMMUNE_OFFICER):
                name = f"{role.value}-{unit.id}"
                person = Person(username=name, name=name, session_token=name, email=f"{name}@bench.example")
                person.posts.append(Post(unit=unit, role=role, from_on=date(2020, 1, 1)))
                db.session.add(person)
        db.session.execute(sa.text("ANALYZE"))


def _timed(what: str, do: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    found = do()
    print(f"{what}: {time.perf_counter() - began:.2f} s")
    return found


if __name__ == "__main__":
    main()
