"""A report is checked on a page: marks in its text, findings beside it; the province sees them on receipt."""

from __future__ import annotations

import io

import pytest
from builders import POLICY, a_commune, a_province, an_assignment, at, somebody
from docx import Document
from flask import current_app
from pypdf import PdfWriter

from tracker.evidence.intake import Upload
from tracker.reports.checking import checked, pieces, remarks
from tracker.reports.reading import LARGEST_FILE
from tracker.rules.access import Role
from tracker.tasks.handing_in import Paper, hand_in

WRONG = "Thanh toán trực tuyến: 12534/12555 hồ sơ, đạt 99.99 %."
RIGHT = "Hoàn thành 07/08 nhiệm vụ, đạt 87,5%."


def test_pieces_are_the_whole_text_and_number_what_needs_an_eye() -> None:
    text = f"{RIGHT}\n{WRONG}\nSố dịch vụ công trực tuyến: 413, trong đó toàn trình 196, một phần 162."
    found = checked(text, None)
    shown = pieces(text, found)
    assert "".join(piece.text for piece in shown) == text
    assert [piece.number for piece in shown if piece.number] == [one.number for one in remarks(found)] == [1, 2]
    assert {piece.look for piece in shown} == {"", "good", "bad"}


@pytest.fixture
def person(browser):
    commune = a_commune(a_province())
    browser.acts_as(somebody(commune, Role.COMMUNE_OFFICER)).get("/reports/check")
    return browser


def test_pasted_text_is_shown_with_marks_and_findings(person) -> None:
    page = person.submit("Soát", text=f"{RIGHT} {WRONG}")
    assert "1 chỗ cần xem" in page.text and "12.534/12.555 = 99,83%" in page.text
    [mark] = [one for one in page.all("mark") if one.get("class") == "bad"]
    assert "12534/12555" in "".join(mark.itertext())
    assert "Không thấy số liệu nào mâu thuẫn" in person.post("/reports/check", {"text": RIGHT}).text


def test_a_word_file_is_read_and_not_kept(person) -> None:
    document, file = Document(), io.BytesIO()
    document.add_paragraph(WRONG)
    document.save(file)
    file.seek(0)
    page = person.submit("Soát", file=(file, "bao-cao.docx"))
    assert "1 chỗ cần xem" in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "Chọn tệp báo cáo"),
        ({"text": "Độ mật: Mật\nBÁO CÁO"}, "mật"),
        ({"text": RIGHT, "dated": "31/02/2026"}, ""),
        ({"file": "a.xlsx"}, ".docx, .pdf"),
    ],
)
def test_what_cannot_be_checked_is_refused_at_its_field(person, typed, said) -> None:
    if "file" in typed:
        typed = {"file": (io.BytesIO(b"x"), typed["file"])}
    page = person.submit("Soát", expect=422, **typed)
    assert said in " ".join(page.complaints_shown().values()) and page.complaints_shown()


def locked_pdf() -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("mật khẩu", algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def scan() -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(file)
    return file.getvalue()


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("khoa.pdf", locked_pdf(), "mật khẩu"),
        ("khoa.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mật khẩu"),
        ("rong.docx", b"", "rỗng"),
        ("rong.txt", b"", "rỗng"),
        ("anh.png", PICTURE, "Chỉ đọc được"),
        ("anh.pdf", PICTURE, "Không đọc được tệp PDF"),
        ("anh.docx", PICTURE, "Không đọc được tệp Word"),
        ("anh.txt", PICTURE, "UTF-8"),
        ("quet.pdf", scan(), "bản quét"),
        ("lon.pdf", b"%PDF-1.4" + bytes(LARGEST_FILE), "20 MB"),
        ("bao cao.doc", b"\xd0\xcf\x11\xe0", "Chỉ đọc được"),
        ("khong-duoi", b"x", "Chỉ đọc được"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence_at_its_field(person, name, content, said) -> None:
    page = person.submit("Soát", expect=422, file=(io.BytesIO(content), name))
    assert said in page.complaints_shown()["file"]


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script> 1/2 = 90%", "1/0 đạt 100%", "%" * 2000, "1/" * 3000])
def test_odd_text_is_only_text(person, nasty) -> None:
    person.submit("Soát", text=nasty)


def test_the_province_sees_findings_in_the_report_that_a_commune_handed_in(browser) -> None:
    province = a_province()
    commune = a_commune(province)
    issuer, leader = somebody(province, Role.ISSUER), somebody(commune, Role.COMMUNE_LEADER)
    one = an_assignment(commune, issuer)
    document, bytes_of = Document(), io.BytesIO()
    document.add_paragraph(WRONG)
    document.save(bytes_of)
    bytes_of.seek(0)
    settings = current_app.extensions["settings"]
    told = {"by": leader, "now": at("2026-03-12 08:00")}
    from pathlib import Path

    paper, files = Paper(doc_symbol="5/BC-UBND"), [Upload(bytes_of, "Bao cao.docx")]
    result = hand_in(one, "Xong", paper, files, folder=Path(settings.files_folder), max_mb=20, policy=POLICY, **told)
    browser.acts_as(issuer)
    page = browser.get(f"/assignments/{one.id}")
    assert "Soát số liệu trong tệp" in page.text and "1 chỗ cần xem" in page.text
    assert "12.534/12.555" in browser.get(f"/reports/check/files/{result.evidence[0].file_id}").text
    assert "Soát số liệu trong tệp" not in browser.acts_as(leader).get(f"/assignments/{one.id}").text
    stranger = somebody(a_commune(province, "C2", "Xã Khác"), Role.COMMUNE_LEADER)
    browser.acts_as(stranger).get(f"/reports/check/files/{result.evidence[0].file_id}", expect=404)
