"""Uploads by the browser: judged by content, kept whole under their hash, refused without a trace."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import bytes_of_files as papers
import pytest
import time_machine
from builders import a_directive
from places import NOW, Place, state

from tracker.db import db
from tracker.evidence.models import DirectiveFile, Evidence, StoredFile
from tracker.tasks.models import Submission

HAND_UP = "Trình lãnh đạo duyệt"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    return Place()


@pytest.fixture
def one(place):
    return place.given()


@pytest.fixture
def store(app, tmp_path, monkeypatch) -> Path:
    """An empty folder of files for this test alone."""
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, files_folder=str(tmp_path)))
    return tmp_path


def lying_in(store: Path) -> list[str]:
    return sorted(path.name for path in store.rglob("*") if path.is_file())


def hand_up(browser, place, one, *files, expect=200, **typed):
    browser.acts_as(place.officer).get(f"/assignments/{one.id}/submission")
    uploads = [(io.BytesIO(content), name) for content, name in files]
    return browser.submit(HAND_UP, text="Đã xong", files=uploads, expect=expect, **typed)


@pytest.mark.parametrize(
    ("content", "name", "kept_as", "media_type"),
    [
        (papers.PDF, "Báo cáo quý I.pdf", "Báo cáo quý I.pdf", "application/pdf"),
        (papers.PDF, "bao-cao.docx", "bao-cao.pdf", "application/pdf"),
        (papers.PNG, "anh.PNG", "anh.png", "image/png"),
        (papers.JPEG, "anh", "anh.jpg", "image/jpeg"),
        (papers.OLD_OFFICE, "cu.DOC", "cu.doc", "application/msword"),
        (papers.OLD_OFFICE, "cu.xls", "cu.xls", "application/vnd.ms-excel"),
        (papers.ODT, "mo.odt", "mo.odt", "application/vnd.oasis.opendocument.text"),
        (papers.DOCX, "x.doc", "x.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (papers.XLSX, "b.xlsx", "b.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_file_is_called_what_its_content_is(browser, place, one, store, content, name, kept_as, media_type):
    page = hand_up(browser, place, one, (content, name))
    assert kept_as in page
    file = db.session.query(StoredFile).one()
    assert (file.name, file.media_type, file.size) == (kept_as, media_type, len(content))
    digest = hashlib.sha256(content).hexdigest()
    assert file.sha256 == digest and (store / digest[:2] / digest).read_bytes() == content


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "rong.pdf", "rỗng"),
        (papers.HTML, "bao-cao.pdf", "không phải PDF"),
        (papers.HTML, "bao-cao.html", "không phải PDF"),
        (papers.PROGRAM, "cai-dat.exe", "không phải PDF"),
        (papers.OLD_OFFICE, "trinh-chieu.ppt", "không phải PDF"),
        (papers.MACROS, "mau.docx", "không phải PDF"),
        (papers.DEEP_MACROS, "mau.docx", "không phải PDF"),
        (papers.PLAIN_ZIP, "tai-lieu.docx", "không phải PDF"),
        (papers.EPUB, "sach.odt", "không phải PDF"),
        (papers.DOCX[:40], "dut.docx", "không phải PDF"),
        (b"Hello", "../../etc/passwd\u202efdp.exe", "«passwdfdp.exe»"),
    ],
    ids=lambda given: f"{len(given)} bytes" if isinstance(given, bytes) else None,
)
def test_what_the_house_does_not_take_is_said_at_the_field_and_leaves_no_trace(
    browser, place, one, store, content, name, said
):
    page = hand_up(browser, place, one, (content, name), expect=422, doc_symbol="212/BC-UBND")
    assert said in page.complaints_shown()["files"]
    assert "Đã xong" in page.html and "212/BC-UBND" in page.html
    assert lying_in(store) == [] and db.session.query(StoredFile).count() == 0
    assert state(one) == "assigned" and db.session.query(Submission).count() == 0


def test_one_wrong_file_of_three_keeps_none_of_them_as_evidence(browser, place, one, store):
    files = [(papers.PDF, "a.pdf"), (papers.HTML, "b.pdf"), (papers.PNG, "c.png")]
    hand_up(browser, place, one, *files, expect=422)
    assert db.session.query(StoredFile).count() == db.session.query(Evidence).count() == 0


def test_more_than_twenty_megabytes_are_answered_with_413_and_what_was_typed_stays(browser, place, one, store):
    page = hand_up(browser, place, one, (papers.PDF + b"\0" * (20 << 20), "lon.pdf"), expect=413)
    assert "lớn hơn 20 MB" in page.complaints_shown()["files"] and "Đã xong" in page.html
    assert lying_in(store) == [] and state(one) == "assigned"


def test_exactly_twenty_megabytes_are_taken(browser, place, one, store):
    content = papers.PDF + b"\0" * ((20 << 20) - len(papers.PDF))
    hand_up(browser, place, one, (content, "vua.pdf"))
    assert db.session.query(StoredFile).one().size == 20 << 20


def test_a_body_beyond_all_files_together_is_turned_away_in_a_sentence(app, browser, place, one, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1 << 20)
    page = hand_up(browser, place, one, (papers.PDF + b"\0" * (2 << 20), "lon.pdf"), expect=413)
    assert "lớn hơn mức cho phép" in page


def test_eleven_files_are_too_many(browser, place, one, store):
    page = hand_up(browser, place, one, *[(papers.PDF, f"{n}.pdf") for n in range(11)], expect=422)
    assert "tối đa 10 tệp" in page.complaints_shown()["files"] and lying_in(store) == []


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("bao\u202ecao\u200bfdp.exe", "baocaofdp.pdf"),
        ("Ba\u0301o ca\u0301o.pdf", "Báo cáo.pdf"),
        ("....pdf", "pdf.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("Đ" * 300, "Đ" * 100 + ".pdf"),
    ],
)
def test_names_are_made_safe(browser, place, one, store, name, kept_as):
    hand_up(browser, place, one, (papers.PDF, name))
    assert db.session.query(StoredFile).one().name == kept_as


def test_the_same_bytes_twice_lie_once(browser, place, one, store):
    hand_up(browser, place, one, (papers.PDF, "a.pdf"), (papers.PDF, "b.pdf"))
    assert db.session.query(StoredFile).count() == 2
    assert lying_in(store) == [hashlib.sha256(papers.PDF).hexdigest()]


@pytest.mark.parametrize("typed", [{"doc_symbol": "15/BC-TM-UBND"}, {"doc_symbol": "7/M-UBND"}])
def test_a_secret_paper_is_refused_before_a_byte_is_kept(browser, place, one, store, typed):
    page = hand_up(browser, place, one, (papers.PDF, "a.pdf"), expect=422, **typed)
    assert "Văn bản mật không được đưa vào hệ thống" in page.complaints_shown()["doc_symbol"]
    assert lying_in(store) == [] and db.session.query(StoredFile).count() == 0


def test_each_file_carries_the_number_of_the_paper(browser, place, one, store):
    page = hand_up(browser, place, one, (papers.PDF, "a.pdf"), (papers.PNG, "b.png"), doc_symbol="212/BC-UBND")
    assert page.html.count("212/BC-UBND") == 2
    assert {each.file.name for each in db.session.query(Evidence)} == {"a.pdf", "b.png"}


def test_what_was_returned_keeps_its_files_for_the_next_time(browser, place, one, store):
    browser.acts_as(place.leader).get(f"/assignments/{one.id}/submission")
    browser.submit("Gửi tỉnh", text="Đã xong", files=[(io.BytesIO(papers.PDF), "a.pdf")])
    browser.acts_as(place.issuer).get(f"/assignments/{one.id}/return")
    browser.submit("Trả lại", why="missing", text="Thiếu phụ lục")
    page = browser.acts_as(place.leader).get(f"/assignments/{one.id}/submission")
    assert "a.pdf" in page and "Đã xong" in page.html
    browser.submit("Gửi tỉnh", files=[(io.BytesIO(papers.PNG), "phu-luc.png")])
    sent = db.session.query(Submission).order_by(Submission.id.desc()).first()
    assert {each.file.name for each in sent.evidence} == {"a.pdf", "phu-luc.png"}


# ── the files of a directive ─────────────────────────────────────────────────


@pytest.fixture
def directive(place):
    return a_directive(place.province)


def test_the_signed_paper_is_attached_to_its_directive(browser, place, directive, store):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}")
    page = browser.submit("Tải lên", files=[(io.BytesIO(papers.PDF), "12-KH.pdf"), (io.BytesIO(papers.XLSX), "PL1")])
    assert "Đã thêm 2 tệp." in page and "12-KH.pdf" in page and "PL1.xlsx" in page


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ([], 422),
        ([(papers.PDF, "tot.pdf"), (papers.HTML, "xau.pdf")], 422),
        ([(papers.PDF, "tot.pdf"), (papers.PDF + b"\0" * (20 << 20), "lon.pdf")], 413),
    ],
)
def test_wrong_files_of_a_directive_are_said_at_the_field_and_none_is_attached(
    browser, place, directive, store, files, status
):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}")
    page = browser.submit("Tải lên", files=[(io.BytesIO(each), name) for each, name in files], expect=status)
    assert page.heading == "Thêm tệp" and set(page.complaints_shown()) == {"files"}
    assert db.session.query(DirectiveFile).count() == db.session.query(StoredFile).count() == 0


def test_only_its_own_side_attaches_to_a_directive(browser, place, directive):
    place.given(directive=directive)
    for who, status in (("leader", 403), ("officer", 403), ("stranger", 403)):
        browser.acts_as(getattr(place, who)).get("/account")
        assert browser.knock("POST", f"/directives/{directive.id}/files") == status
