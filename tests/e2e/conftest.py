"""A person at a screen: Debian's Chromium before a real server over a SQLite file of its own.

def test_…(page, house, acts_as, axe):      # page: a desk's screen; phone: one held in the hand
    acts_as(page, somebody(…)); page.goto("/tasks"); assert axe(page) == []
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
import town
from databases import empty_every_table
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tracker.accounts.acting import User
from tracker.app import create_app
from tracker.db import db
from tracker.settings import load_settings

HERE = Path(__file__).parent
AXE = HERE.parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
QUIET += ["--disable-component-update", "--disable-default-apps", "--disable-dev-shm-usage"]
DESK = {"viewport": {"width": 1366, "height": 768}}
HAND = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}

ActsAs = Callable[[Page, User], None]
Axe = Callable[[Page], list[str]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that drives a browser runs in one worker, so that it does not starve itself."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, started once; the loop of Playwright ends with this folder."""
    program = shutil.which("chromium")
    if program is None:
        missing = "Chromium is missing: apt-get install chromium"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application over a SQLite file of its own."""
    folder = tmp_path_factory.mktemp("e2e")
    settings = load_settings(
        {}, database_url=f"sqlite:///{folder}/tracker.db", files_folder=f"{folder}/files", web_secret_key="for tests"
    )
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
    return app


class Silent(WSGIRequestHandler):
    """Serves without telling the terminal about each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="package")
def address(built: Flask) -> Iterator[str]:
    """Where the server of this worker listens."""
    server = make_server("127.0.0.1", 0, built, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def house(built: Flask) -> Iterator[Flask]:
    """The application with empty tables and its context open: builders work at once."""
    with built.app_context():
        yield built
        empty_every_table()
        db.session.remove()


@pytest.fixture
def page(chromium: Browser, house: Flask, address: str) -> Iterator[Page]:
    """The screen of a desk, 1366 × 768; any error in its console fails the test."""
    yield from _watched(chromium, address, DESK)


@pytest.fixture
def phone(chromium: Browser, house: Flask, address: str) -> Iterator[Page]:
    """A phone, 390 × 844, touched with a thumb; any error in its console fails the test."""
    yield from _watched(chromium, address, HAND)


def _watched(chromium: Browser, address: str, screen: dict[str, object]) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **screen)
    context.set_default_timeout(10_000)
    page = context.new_page()
    bad: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # The answers 4xx to forms are refusals that the test reads; missing files are heard of in `see`.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            bad.append(f"The console says: {message.text}")

    def see(response: Response) -> None:
        asked_for_by_a_person = response.request.resource_type in {"document", "xhr", "fetch"}
        if response.status >= 500 or (response.status >= 400 and not asked_for_by_a_person):
            bad.append(f"{response.url} answered {response.status}.")

    page.on("console", hear)
    page.on("pageerror", lambda error: bad.append(f"A script failed: {error}"))
    page.on("response", see)
    page.on("request", lambda one: one.url.startswith((address, "data:")) or bad.append(f"It reached for {one.url}."))
    yield page
    context.close()
    assert not bad, "\n".join(bad)


@pytest.fixture
def plain(chromium: Browser, house: Flask, address: str) -> Iterator[Page]:
    """A desk whose browser runs no script at all."""
    yield from _watched(chromium, address, {**DESK, "java_script_enabled": False})


@pytest.fixture
def acts_as(built: Flask, address: str) -> ActsAs:
    """Be somebody at once, for tests that are not about signing in."""
    serializer = built.session_interface.get_signing_serializer(built)  # type: ignore[attr-defined]

    def sit_down(page: Page, user: User) -> None:
        value = serializer.dumps({"_user_id": user.get_id(), "_fresh": True})
        page.context.add_cookies([{"name": built.config["SESSION_COOKIE_NAME"], "value": value, "url": address}])

    return sit_down


@pytest.fixture
def axe() -> Axe:
    """Read a page as people with disabilities meet it (WCAG 2.2 AA, good practice): what is wrong, in sentences."""

    source = AXE.read_text("utf-8") + "\n;undefined"

    def examine(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)  # unlike a script tag, not subject to the page's policy
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(document, options)", options)["violations"]
        return [f"{one['help']}: {', '.join(str(node['target']) for node in one['nodes'])}" for one in found]

    return examine


@pytest.fixture
def place(house: Flask) -> town.Town:
    """A small province with every state of work in it."""
    return town.build(Path(house.extensions["settings"].files_folder))


@pytest.fixture
def context_of(chromium: Browser, house: Flask, address: str) -> Iterator[Callable[[], Page]]:
    """A further desk for a further person, as often as one is wanted."""
    contexts = []

    def another() -> Page:
        context = chromium.new_context(base_url=address, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **DESK)
        contexts.append(context)
        return context.new_page()

    yield another
    for context in contexts:
        context.close()
