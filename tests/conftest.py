"""The house built once for each database; every test finds its tables empty. SQLite and PostgreSQL alike."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask

sys.path.insert(0, str(Path(__file__).parent))

from browser import Browser
from databases import empty_every_table
from pgserver import TempPostgres, find_binaries
from staying_home import stay_at_home

from tracker.app import create_app
from tracker.db import db
from tracker.settings import load_settings


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a migrated, empty database of each kind."""
    server = None
    folder = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        url = f"sqlite:///{folder}/tracker.db"
    else:
        binaries = find_binaries()
        if binaries is None:
            pytest.skip("PostgreSQL is missing: apt-get install postgresql")
        server = TempPostgres(binaries).start()
        url = server.url()
    app = create_app(
        load_settings({}, database_url=url, files_folder=f"{folder}/files", web_secret_key="only for tests")
    )
    with app.app_context():
        flask_migrate.upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()
    if server is not None:
        server.stop()


@pytest.fixture
def database(app: Flask) -> Iterator[None]:
    """An empty database inside the application's context."""
    with app.app_context():
        yield
        empty_every_table()


@pytest.fixture
def browser(app: Flask, database: None) -> Browser:
    """A person with a browser, not yet signed in, before an empty database."""
    return Browser(app)


@pytest.fixture(autouse=True)
def nobody_leaves_the_house(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that looks up or connects to another machine, even if the code under test kept quiet about it."""
    left: list[str] = []
    for owner, name in ((socket.socket, "connect"), (socket.socket, "connect_ex"), (socket, "getaddrinfo")):
        monkeypatch.setattr(owner, name, stay_at_home(getattr(owner, name), left))
    yield
    assert not left, f"The test reached for {', '.join(left)}: tests may talk to this machine only."


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A test that had to be skipped in CI is a failure there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if os.environ.get("CI") and skipped and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\nCI: {skipped} tests were skipped, which counts as a failure.")
