"""Text leaves compressed for who can read it, and is the same text then; nothing else is touched."""

from __future__ import annotations

import gzip

import brotli
import pytest
from builders import a_province, somebody
from flask import Flask

from tracker.rules.access import Role

pytestmark = pytest.mark.usefixtures("database")
FIRST_VIEW = (
    "/sign-in",
    "/static/css/app.css",
    "/static/js/app.js",
    "/static/vendor/htmx/htmx.min.js",
    "/static/img/icons.svg",
)
READ = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize("way", READ)
@pytest.mark.parametrize("path", FIRST_VIEW)
def test_a_text_is_the_same_compressed_and_much_smaller(app: Flask, path: str, way: str) -> None:
    client = app.test_client()
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": way})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == way
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < 0.65 * len(plain.data)
    if path.startswith("/static"):
        assert READ[way](packed.data) == plain.data
    else:
        assert READ[way](packed.data).startswith(b"<!doctype html>")


def test_the_first_view_fits_its_budget(app: Flask) -> None:
    answers = [app.test_client().get(path, headers={"Accept-Encoding": "gzip, deflate, br"}) for path in FIRST_VIEW]
    assert {one.headers["Content-Encoding"] for one in answers} == {"br"}
    assert sum(len(one.data) for one in answers) <= 60_000


def test_a_file_that_the_browser_has_is_not_sent_again(app: Flask) -> None:
    client, can = app.test_client(), {"Accept-Encoding": "br"}
    tag = client.get("/static/css/app.css", headers=can).headers["ETag"]
    again = client.get("/static/css/app.css", headers={**can, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("refusal", ["", "identity"])
def test_who_cannot_read_it_gets_plain_text(app: Flask, refusal: str) -> None:
    assert "Content-Encoding" not in app.test_client().get("/sign-in", headers={"Accept-Encoding": refusal}).headers


def test_workbooks_are_left_alone(app: Flask, browser) -> None:
    client = browser.acts_as(somebody(a_province(), Role.MONITOR)).client
    assert "Content-Encoding" not in client.get("/assignments.xlsx", headers={"Accept-Encoding": "br"}).headers
