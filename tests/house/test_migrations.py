"""The migrations lead from nothing to the models, back to nothing, and there again, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from builders import POLICY, a_commune, a_province, an_assignment, at, somebody
from flask import Flask

from tracker.app import create_app
from tracker.db import Base, db
from tracker.paths import PACKAGE
from tracker.rules.access import Role
from tracker.settings import load_settings
from tracker.tasks.actions import report_progress
from tracker.tasks.models import Assignment

SCRIPTS = ScriptDirectory(str(PACKAGE / "migrations"))


@pytest.fixture
def throw_away(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """An application over a database that holds nothing and is thrown away afterwards."""
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    server = None
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(tmp_path / "throw_away.db"))
    else:
        server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(sa.text("CREATE DATABASE throw_away"))
        url = url.set(database="throw_away")
    written = url.render_as_string(hide_password=False)
    other = create_app(load_settings({}, database_url=written, web_secret_key="only for tests"))
    with other.app_context():
        yield other
        db.engine.dispose()
    if server is not None:
        with server.connect() as connection:
            connection.execute(sa.text("DROP DATABASE throw_away"))
        server.dispose()


def differences() -> list[object]:
    """What a new migration would have to change."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)


def tables() -> set[str]:
    """The tables there are, Alembic's own left out."""
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


@pytest.mark.usefixtures("throw_away")
def test_up_gives_the_models_down_gives_nothing_and_up_again_the_models() -> None:
    flask_migrate.upgrade()
    assert differences() == []
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert tables() == set(Base.metadata.tables)
    assert differences() == []


def test_migrations_are_numbered_from_top_to_bottom_in_one_line() -> None:
    line = [Path(one.path).name for one in reversed(list(SCRIPTS.walk_revisions()))]
    assert len(SCRIPTS.get_heads()) == 1
    assert line == sorted(line)
    assert [int(re.match(r"\d{4}", name)[0]) for name in line] == list(range(1, len(line) + 1))  # type: ignore[index]


@pytest.mark.usefixtures("throw_away")
def test_a_table_made_anew_keeps_what_hangs_on_it() -> None:
    flask_migrate.upgrade()
    an_assignment_of_a_commune()
    flask_migrate.downgrade(revision="0011")
    flask_migrate.upgrade()
    counts = [db.session.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in ("assignments", "standings")]
    assert counts == [1, 1]
    db.session.remove()


def test_how_the_house_reminded_is_how_each_province_reminds(throw_away: Flask) -> None:
    """What one row said for the whole house holds for every tree of units, and may be taken back."""
    flask_migrate.upgrade()
    for code in ("P1", "P2"):
        a_commune(a_province(code), f"C{code}")
    db.session.remove()
    flask_migrate.downgrade(revision="0015")
    values = "('days_before', '9, 1', 'Quản trị', '2026-06-15 01:00:00')"
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"INSERT INTO reminding_overrides (field, value, by_name, at) VALUES {values}"))
    flask_migrate.upgrade()
    of_units = sa.text(
        "SELECT units.code, value FROM reminding_overrides JOIN units ON units.id = unit_id ORDER BY 1"
    )
    with db.engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(of_units)] == [("P1", "9, 1"), ("P2", "9, 1")]
    flask_migrate.downgrade(revision="0015")
    with db.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT field, value FROM reminding_overrides")).all() == [
            ("days_before", "9, 1")
        ]
    db.session.remove()


def an_assignment_of_a_commune() -> None:
    """One assignment with its standing, through the actions of the house."""
    province = a_province()
    an_assignment(a_commune(province), somebody(province, Role.ISSUER))
    db.session.remove()


@pytest.mark.usefixtures("throw_away")
def test_progress_told_before_standings_knew_of_it_is_found_in_the_standings_of_its_days() -> None:
    flask_migrate.upgrade()
    an_assignment_of_a_commune()
    one = db.session.query(Assignment).one()
    leader = somebody(one.unit, Role.COMMUNE_LEADER)
    for moment in ("2026-02-03 08:00", "2026-02-05 23:30", "2026-02-06 00:30"):
        report_progress(one, "Đang làm", "", by=leader, now=at(moment), policy=POLICY)
    days = "SELECT from_on, until_on, state, told_on FROM standings ORDER BY from_on"
    told = [tuple(str(value) for value in row) for row in db.session.execute(sa.text(days))]
    db.session.remove()
    flask_migrate.downgrade(revision="0015")
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM standings WHERE from_on > '2026-02-03'"))
        connection.execute(sa.text("UPDATE standings SET until_on = '9999-12-31' WHERE from_on = '2026-02-03'"))
    flask_migrate.upgrade()
    assert [tuple(str(value) for value in row) for row in db.session.execute(sa.text(days))] == told
    assert [row[0] for row in told] == ["2026-01-02", "2026-02-03", "2026-02-05", "2026-02-06"]
    db.session.remove()


@pytest.mark.usefixtures("throw_away")
def test_where_both_sides_urged_on_one_day_the_word_of_the_province_stays_on_the_way_down() -> None:
    flask_migrate.upgrade()
    an_assignment_of_a_commune()
    known = (
        "(SELECT min(id) FROM assignments), '{day}', '2026-06-15 01:00:00', (SELECT min(id) FROM people), 'Ai', ''"
    )
    with db.engine.begin() as connection:
        for day, inside in (("2026-06-14", "true"), ("2026-06-15", "true"), ("2026-06-15", "false")):
            values = f"({known.format(day=day)}, {inside})"
            columns = "assignment_id, day, at, by_id, by_name, text, inside"
            connection.execute(sa.text(f"INSERT INTO nudges ({columns}) VALUES {values}"))
    flask_migrate.downgrade(revision="0020")
    left = sa.text("SELECT day, inside FROM nudges ORDER BY day")
    with db.engine.connect() as connection:
        assert [(str(day), bool(inside)) for day, inside in connection.execute(left)] == [
            ("2026-06-14", True),
            ("2026-06-15", False),
        ]
    flask_migrate.upgrade()
    assert differences() == []
    db.session.remove()
