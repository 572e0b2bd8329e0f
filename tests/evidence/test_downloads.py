"""Downloads: always an attachment, open to whom the record is open, and to nobody else."""

from __future__ import annotations

import io

import bytes_of_files as papers
import pytest
import time_machine
from builders import a_commune, a_directive, a_province, at, somebody
from places import NOW, Place

from tracker.db import atomic, db
from tracker.evidence.models import StoredFile
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.tasks.giving import add_task, assign
from tracker.tasks.models import Assignment


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    return Place()


def handed_in(browser, place, one, who="leader", name="Báo cáo.pdf") -> StoredFile:
    button = "Gửi tỉnh" if who == "leader" else "Trình lãnh đạo duyệt"
    browser.acts_as(getattr(place, who)).get(f"/assignments/{one.id}/submission")
    browser.submit(button, text="Đã xong", files=[(io.BytesIO(papers.PDF), name)])
    return db.session.query(StoredFile).order_by(StoredFile.id.desc()).first()


def test_a_download_is_an_attachment_that_no_browser_runs(browser, place):
    file = handed_in(browser, place, place.given())
    page = browser.get(f"/files/{file.id}")
    assert page.data == papers.PDF
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    disposition = page.headers["Content-Disposition"]
    assert disposition.startswith("attachment;") and "filename*=UTF-8''B%C3%A1o%20c%C3%A1o.pdf" in disposition
    assert page.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_download_is_streamed_and_may_go_on_in_the_middle(browser, place):
    file = handed_in(browser, place, place.given())
    page = browser.get(f"/files/{file.id}", headers={"Range": "bytes=5-7"}, expect=206)
    assert page.data == papers.PDF[5:8]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        *(("leader", 200), ("officer", 200), ("issuer", 200), ("monitor", 200), ("provincial_leader", 200)),
        *(("stranger", 404), ("other_province", 404), ("coordinator", 200), ("viewer", 200)),
    ],
)
def test_a_sent_result_is_open_to_the_unit_its_province_and_the_coordinating_unit(browser, place, who, may):
    helper = a_commune(place.province, "C9", "Xã Phối Hợp")
    task = add_task(
        a_directive(place.province), content="x", kind=Kind.UNDATED, coordinators=[helper], by=place.issuer, now=NOW
    )
    assign([task], [place.commune], by=place.issuer, now=NOW)
    file_id = handed_in(browser, place, db.session.query(Assignment).one()).id
    others = {
        "coordinator": lambda: somebody(helper, Role.COMMUNE_OFFICER),
        "monitor": lambda: somebody(place.province, Role.MONITOR),
        "provincial_leader": lambda: somebody(place.province, Role.LEADER),
        "viewer": lambda: somebody(place.commune, Role.VIEWER),
        "other_province": lambda: somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER),
    }
    browser.acts_as(others[who]() if who in others else getattr(place, who)).get("/account")
    assert browser.knock("GET", f"/files/{file_id}") == may


@pytest.mark.parametrize(
    ("who", "may"), [("leader", 200), ("officer", 200), ("issuer", 404), ("coordinator", 404), ("viewer", 404)]
)
def test_a_result_not_yet_sent_is_the_unit_s_own(browser, place, who, may):
    helper = a_commune(place.province, "C9", "Xã Phối Hợp")
    task = add_task(
        a_directive(place.province), content="x", kind=Kind.UNDATED, coordinators=[helper], by=place.issuer, now=NOW
    )
    assign([task], [place.commune], by=place.issuer, now=NOW)
    file_id = handed_in(browser, place, db.session.query(Assignment).one(), who="officer").id
    others = {
        "coordinator": lambda: somebody(helper, Role.COMMUNE_OFFICER),
        "viewer": lambda: somebody(place.commune, Role.VIEWER),
    }
    browser.acts_as(others[who]() if who in others else getattr(place, who)).get("/account")
    assert browser.knock("GET", f"/files/{file_id}") == may


def test_a_visitor_is_led_to_sign_in_not_to_the_file(browser, place):
    file_id = handed_in(browser, place, place.given()).id
    browser.client.delete_cookie("session")
    assert browser.knock("GET", f"/files/{file_id}") == 302


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999"])
def test_no_number_of_a_file_breaks_the_door(browser, place, number):
    browser.acts_as(place.leader).get("/account")
    assert browser.knock("GET", f"/files/{number}") == 404


def test_a_file_lost_from_the_disk_is_said_in_a_sentence(browser, place):
    file = handed_in(browser, place, place.given())
    with atomic():
        db.session.get(StoredFile, file.id).sha256 = "0" * 64
    page = browser.get(f"/files/{file.id}", expect=404)
    assert "không còn trong kho" in page


def test_the_files_of_a_directive_are_open_to_whom_it_gave_work(browser, place):
    directive = a_directive(place.province)
    place.given(directive=directive)
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}")
    browser.submit("Tải lên", files=[(io.BytesIO(papers.PDF), "12-KH.pdf")])
    file_id = db.session.query(StoredFile).one().id
    for who, status in (("leader", 200), ("officer", 200), ("stranger", 404)):
        browser.acts_as(getattr(place, who)).get("/account")
        assert browser.knock("GET", f"/files/{file_id}") == status


def test_what_was_sent_then_recalled_stays_known_to_the_province(browser, place):
    one = place.given()
    file = handed_in(browser, place, one)
    browser.get(f"/assignments/{one.id}/recall")
    with time_machine.travel(at("2026-03-16 10:00"), tick=False):
        browser.submit("Rút lại")
    browser.acts_as(place.issuer).get("/account")
    assert browser.knock("GET", f"/files/{file.id}") == 200
