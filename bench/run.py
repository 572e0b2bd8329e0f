"""How fast the pages are with 100 000 assignments of 500 units, beside two floors measured in the same run.

python bench/run.py [sqlite] [postgresql]

page      the whole answer of the house through its WSGI door, median of many
raw       the very statements of that page, sent by hand through the database driver, all rows fetched
bare      a Flask view of ten lines that sends those statements by hand and renders all rows as one table
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
import time_machine
from flask import Flask, render_template_string

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "tests")]

from data import NOW, fill
from pgserver import TempPostgres, find_binaries

from tracker.app import create_app
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.reports.queries import Scope, by_commune
from tracker.settings import load_settings
from tracker.tasks.models import Assignment
from tracker.tasks.queries import Day
from tracker.units.models import Unit

TIMES = 41
ROOMY = Path("/dev/shm")
TABLE = "<!doctype html><title>Floor</title><table>{% for rows in results %}{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}{% endfor %}</table>"  # noqa: E501
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Measured:
    """One line of the table; times in milliseconds of server time, medians."""

    name: str
    limit: float
    page: float
    raw: float
    bare: float | None
    statements: int

    def line(self) -> str:
        """The line as it is printed; the ratio is to the last floor."""
        floor = self.bare or self.raw
        bare = f"{self.bare:8.1f}" if self.bare is not None else "       –"
        fits = "yes" if self.page <= self.limit and self.statements <= MOST_STATEMENTS else "NO"
        return (
            f"{self.name:34}{self.page:8.1f}{self.raw:8.1f}{bare}{self.page / floor:8.1f}"
            f"{self.statements:12}{self.limit:8.0f}  {fits}"
        )


MOST_STATEMENTS = 15
HEAD = f"{'ms, median':34}{'page':>8}{'raw':>8}{'bare':>8}{'ratio':>8}{'statements':>12}{'limit':>8}  fits"


def median(work: Callable[[], object], times: int = TIMES) -> float:
    """How long the work takes in milliseconds: the median after three rounds of warming."""
    for _ in range(3):
        work()
    taken = []
    for _ in range(times):
        start = time.perf_counter_ns()
        work()
        taken.append((time.perf_counter_ns() - start) / 1e6)
    return statistics.median(taken)


@contextmanager
def overheard() -> Iterator[list[Statement]]:
    """The SELECTs sent meanwhile, with their parameters."""
    said: list[Statement] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            said.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    sa.event.remove(db.engine, "before_cursor_execute", hear)


def by_hand(statements: list[Statement]) -> list[list[Any]]:
    """Send the statements through the driver and fetch every row."""
    connection = db.engine.raw_connection()
    try:
        results = []
        for statement, parameters in statements:
            cursor = connection.cursor()
            cursor.execute(statement, parameters)
            results.append(cursor.fetchall())
        return results
    finally:
        connection.close()


def bare_view(house: Flask, statements: list[Statement]) -> Callable[[], object]:
    """A visit to a Flask application that knows nothing but these statements."""
    bare = Flask("floor")

    @bare.get("/")
    def view() -> str:
        with house.app_context():
            results = by_hand(statements)
        return render_template_string(TABLE, results=results)

    client = bare.test_client()
    return lambda: client.get("/").data


def page(house: Flask, username: str, name: str, address: str, limit: float) -> Measured:
    """Measure one page of one person."""
    client = house.test_client()
    with client.session_transaction() as session:
        session.update(_user_id=_user_id(house, username), _fresh=True)

    def visit() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    visit()
    with house.app_context(), overheard() as statements:
        visit()
    with house.app_context():
        raw = median(lambda: by_hand(statements))
    return Measured(name, limit, median(visit), raw, median(bare_view(house, statements)), len(statements))


def _user_id(house: Flask, username: str) -> str:
    from tracker.accounts.models import Person, Post
    from tracker.accounts.queries import acting

    with house.app_context():
        post = db.session.scalar(sa.select(Post).join(Person).where(Person.username == username))
        assert post is not None
        return str(acting(post).get_id())


def figures_of_all(house: Flask, name: str, limit: float, days_ago: int) -> Measured:
    """Measure the figures of all 500 units at the end of a day."""
    with house.app_context():
        provinces = db.session.scalars(sa.select(Unit).where(Unit.parent_id.is_(None), Unit.code.like("B_"))).all()
        day = Day(
            NOW.date() if not days_ago else NOW.date().replace(month=5), working_calendar(), house_policy(house)
        )

        def ask() -> None:
            for province in provinces:
                by_commune(Scope(province), day, today=NOW.date())

        with overheard() as statements:
            ask()
        return Measured(name, limit, median(ask, 11), median(lambda: by_hand(statements), 11), None, len(statements))


def house_policy(house: Flask) -> Any:
    """The policy of the house's settings."""
    return house.extensions["settings"].policy


def measure(house: Flask) -> list[Measured]:
    """All lines of the table."""
    with house.app_context():
        one = db.session.scalar(sa.select(sa.func.min(Assignment.id)))
    return [
        page(house, "monitor0", "List of a province, 50 rows", "/assignments", 20),
        page(house, "monitor0", "List, overdue, searched", "/assignments?view=overdue&q=bao+cao", 20),
        page(house, "monitor0", "One assignment", f"/assignments/{one}", 20),
        page(house, "commune_leader0", "Work of a commune", "/work", 20),
        page(house, "monitor0", "Communes of a province", "/communes", 150),
        page(house, "monitor0", "Giao ban", "/briefing", 150),
        page(house, "monitor0", "Report of a province", "/reports", 150),
        figures_of_all(house, "Figures of all 500 units, today", 150, 0),
        figures_of_all(house, "Figures of all 500 units, a month ago", 150, 30),
    ]


def settle() -> None:
    """Leave the tables as the database's own housekeeping does after a night.

    The server of a test writes a moment after it commits, and no page counts as settled before its commit is on disk.
    """
    db.session.remove()
    db.engine.dispose()
    on_postgresql = ("SET synchronous_commit = on", "CHECKPOINT", "VACUUM ANALYZE")
    steps = on_postgresql if db.engine.dialect.name == "postgresql" else ("ANALYZE",)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for step in steps:
            connection.execute(sa.text(step))


def on(kind: str) -> bool:
    """Build the country on one kind of database, measure, print; whether everything fits its limit."""
    server = None
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOMY if ROOMY.is_dir() else None))
    if kind == "postgresql":
        binaries = find_binaries()
        if binaries is None:
            print("PostgreSQL is missing: apt-get install postgresql")
            return False
        server = TempPostgres(binaries).start()
    url = server.url() if server else f"sqlite:///{folder}/bench.db"
    try:
        house = create_app(
            load_settings({}, database_url=url, files_folder=f"{folder}/files", web_secret_key="only for bench")
        )
        with house.app_context():
            flask_migrate.upgrade()
            fill()
            settle()
        with time_machine.travel(NOW, tick=True):
            lines = measure(house)
        print(f"\n{kind}: 100 000 assignments of 500 units in 5 provinces\n{HEAD}")
        print("\n".join(line.line() for line in lines))
        with house.app_context():
            db.engine.dispose()
        return all(line.page <= line.limit for line in lines)
    finally:
        if server:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    kinds = sys.argv[1:] or ["sqlite", "postgresql"]
    sys.exit(0 if all([on(kind) for kind in kinds]) else 1)
