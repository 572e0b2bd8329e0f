"""Measures the figures of one province with 100 000 assignments, on SQLite and PostgreSQL.

python -m bench.figures [tasks, a hundred assignments each]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import flask_migrate

from bench import data
from tests.pgserver import TempPostgres, find_binaries
from tracker.app import create_app
from tracker.calendars.queries import working_calendar
from tracker.db import db, forget
from tracker.reports import queries
from tracker.rules.deadlines import Policy
from tracker.settings import load_settings
from tracker.tasks.queries import Day
from tracker.units.queries import by_code

PAST = date(2026, 4, 30)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """A throw-away database of each kind by name."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"sqlite": f"sqlite:///{folder}/bench.db"}
        binaries = find_binaries()
        server = TempPostgres(binaries).start() if binaries else None
        try:
            yield found | ({"postgresql": server.url()} if server else {})
        finally:
            if server:
                server.stop()


def milliseconds(question: Callable[[], object], times: int = 7) -> float:
    """The median of several askings, the first left out."""
    question()
    taken = []
    for _ in range(times):
        forget()
        started = time.perf_counter()
        question()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def measure(url: str, tasks: int) -> None:
    """Fill the database and print how long each question takes."""
    with tempfile.TemporaryDirectory() as files:
        app = create_app(load_settings({}, database_url=url, files_folder=files, web_secret_key="bench"))
        with app.app_context():
            flask_migrate.upgrade()
            started = time.perf_counter()
            data.fill(tasks=tasks, provinces=1)
            _gather_statistics()
            print(f"  filled in {time.perf_counter() - started:.0f} s")
            unit = by_code("B0")
            now, past = (Day(on, working_calendar(), Policy()) for on in (data.TODAY, PAST))
            for name, question in questions(unit, now, past).items():
                print(f"  {name:28} {milliseconds(question):7.0f} ms")
            db.session.remove()
            db.engine.dispose()


def _gather_statistics() -> None:
    """What a running database has done by itself: the planner knows how many rows there are."""
    word = "ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"
    forget()
    raw = db.engine.raw_connection()
    try:
        if word != "ANALYZE":
            raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        raw.cursor().execute(word)
    finally:
        raw.detach() if word != "ANALYZE" else raw.close()


def questions(unit: object, now: Day, past: Day) -> dict[str, Callable[[], object]]:
    """What is asked, by name."""
    scope, today = queries.Scope(unit), data.TODAY  # type: ignore[arg-type]
    return {
        "figures today": lambda: queries.figures(scope, now, today=today),
        "figures of a past day": lambda: queries.figures(scope, past, today=today),
        "by commune today": lambda: queries.by_commune(scope, now, today=today),
        "by directive today": lambda: queries.by_directive(scope, now, today=today),
        "by commune, past day": lambda: queries.by_commune(scope, past, today=today),
    }


if __name__ == "__main__":
    with databases() as found:
        for kind, address in found.items():
            print(kind)
            measure(address, int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
