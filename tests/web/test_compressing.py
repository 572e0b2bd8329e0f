"""Text leaves compressed for who can read it, and is the same text then; nothing else is touched."""

from __future__ import annotations

import gzip

import pytest
from builders import a_province, somebody
from flask import Flask

from tracker.rules.access import Role
from tracker.web.compressing import squeezed

pytestmark = pytest.mark.usefixtures("database")
CAN = {"Accept-Encoding": "gzip, deflate, br"}
FIRST_VIEW = (
    "/sign-in",
    "/static/css/app.css",
    "/static/js/app.js",
    "/static/vendor/htmx/htmx.min.js",
    "/static/img/icons.svg",
)


@pytest.mark.parametrize("path", FIRST_VIEW)
def test_a_text_is_the_same_compressed_and_much_smaller(app: Flask, path: str) -> None:
    client = app.test_client()
    plain, packed = client.get(path), client.get(path, headers=CAN)
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]
    assert packed.content_length == len(packed.data) < 0.65 * len(plain.data)
    if path.startswith("/static"):
        assert gzip.decompress(packed.data) == plain.data
    else:
        assert gzip.decompress(packed.data).startswith(b"<!doctype html>")


def test_the_first_view_fits_its_budget(app: Flask) -> None:
    answers = [app.test_client().get(path, headers=CAN) for path in FIRST_VIEW]
    assert sum(len(one.data) for one in answers) <= 60_000


def test_a_file_that_the_browser_has_is_not_sent_again_and_a_part_of_it_stays_plain(app: Flask) -> None:
    client = app.test_client()
    tag = client.get("/static/css/app.css", headers=CAN).headers["ETag"]
    again = client.get("/static/css/app.css", headers={**CAN, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    part = client.get("/static/css/app.css", headers={**CAN, "Range": "bytes=0-9"})
    assert (part.status_code, len(part.data), part.headers.get("Content-Encoding")) == (206, 10, None)


@pytest.mark.parametrize("refusal", ["", "identity", "br", "gzip;q=0"])
def test_who_cannot_read_it_gets_plain_text(app: Flask, refusal: str) -> None:
    assert "Content-Encoding" not in app.test_client().get("/sign-in", headers={"Accept-Encoding": refusal}).headers


def test_workbooks_and_pages_of_one_line_are_left_alone(app: Flask, browser) -> None:
    client = browser.acts_as(somebody(a_province(), Role.MONITOR)).client
    assert "Content-Encoding" not in client.get("/assignments.xlsx", headers=CAN).headers
    assert "Content-Encoding" not in client.head("/sign-in", headers=CAN).headers


def test_the_length_of_a_page_does_not_tell_what_it_holds(app: Flask) -> None:
    lengths = {len(app.test_client().get("/sign-in", headers=CAN).data) for _ in range(20)}
    assert max(lengths) - min(lengths) > 20


@pytest.mark.parametrize("name", [b"", b"x" * 99])
def test_what_was_squeezed_is_what_it_was(name: bytes) -> None:
    assert gzip.decompress(squeezed("Đôn Đốc ".encode() * 500, 5, name)) == "Đôn Đốc ".encode() * 500
