"""A report comes in as Word, PDF or text and goes out as findings; a refusal is one sentence."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from pypdf import PdfWriter

from tracker.errors import Invalid
from tracker.reports import reading
from tracker.reports.commands import check
from tracker.reports.reading import report_text

WRONG = "Thanh toán trực tuyến: 12534/12555 hồ sơ, đạt 99.99 %."


def _pdf(*lines: str, size: int = 12) -> bytes:
    """The smallest PDF that shows lines of ASCII."""
    shown = "".join(f"BT /F1 {size} Tf 20 {700 - 20 * n} Td ({line}) Tj ET\n" for n, line in enumerate(lines))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>stream\n{shown}endstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    return body.encode("ascii")


def _locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("mật khẩu", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _word(path: Path) -> Path:
    document = Document()
    document.add_paragraph("Số dịch vụ công trực tuyến: 413, trong đó:")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Toàn trình", "Một phần", "196", "162"], strict=True):
        cell.text = text
    document.add_paragraph(WRONG)
    document.save(str(path))
    return path


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * (reading.LARGEST_UNPACKED + 1))
    return out.getvalue()


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(check, [str(a) for a in arguments])
    if isinstance(result.exception, Invalid):
        return 1, str(result.exception)
    return result.exit_code, result.output


def test_word_is_read_in_document_order_with_tables_as_rows(tmp_path: Path) -> None:
    text = report_text(_word(tmp_path / "báo cáo.docx"))
    assert text.index("413") < text.index("Toàn trình\tMột phần\n196\t162") < text.index("12534/12555")


def test_a_cell_that_spans_columns_is_read_once(tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Cấp xã"
    document.save(str(tmp_path / "a.docx"))
    assert report_text(tmp_path / "a.docx").strip() == "Cấp xã"


def test_a_word_report_shows_its_two_contradictions(tmp_path: Path) -> None:
    code, said = run(_word(tmp_path / "a.docx"))
    assert code == 0
    assert "2 sai" in said
    assert "12.534/12.555 = 99,83%, báo cáo ghi 99,99%." in said
    assert "còn thiếu 55" in said


def test_pdf_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_pdf("12534/12555 ho so, 99.99 %", "Het"))
    code, said = run(tmp_path / "a.pdf", "--json")
    assert code == 0
    assert json.loads(said)["statements"][0]["computed"] == "99,83%"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_read_in_common_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_text(WRONG, encoding)
    assert report_text(tmp_path / "a.txt") == WRONG


BAD_FILES = [
    ("a.txt", b"", "Tệp rỗng"),
    ("a.txt", b" \n", "không có chữ"),
    ("a.txt", "Đạt".encode("utf-16-le"), "UTF-8"),
    ("a.txt", b"\xc4\x90\xff", "UTF-8"),
    ("a.docx", b"PK\x03\x04 broken", "Không đọc được tệp Word"),
    ("a.docx", b"not a zip", "Không đọc được tệp Word"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "mật khẩu hoặc ở dạng cũ"),
    ("a.docx", _bomb(), "quá lớn"),
    ("a.pdf", b"%PDF-1.4 broken", "Không đọc được tệp PDF"),
    ("a.pdf", _pdf(), "bản quét"),
    ("a.pdf", _locked_pdf(), "mật khẩu"),
    ("a.xlsx", b"x", ".docx, .pdf hoặc .txt"),
    ("a.txt", b"a" * (reading.LARGEST_FILE + 1), "20 MB"),
]


@pytest.mark.parametrize(("name", "data", "said"), BAD_FILES)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Invalid) as refusal:
        report_text(tmp_path / name)
    sentence = str(refusal.value)
    assert said in sentence
    assert "\n" not in sentence and sentence.endswith(".")


@pytest.mark.parametrize("name", ["missing.docx", "folder.pdf"])
def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(Invalid, match="Không mở được tệp"):
        report_text(tmp_path / name)


def test_lines_are_answered_one_by_one_with_their_ids(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": WRONG}, {"id": 2, "text": "không có số"}]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(r) for r in rows) + "\n\n", "utf-8")
    code, said = run("--lines", tmp_path / "rows.jsonl", "--json")
    answers = [json.loads(line) for line in said.splitlines()]
    assert code == 0
    assert [(a["id"], len(a["statements"]), a["dates"]) for a in answers] == [("a", 1, []), (2, 0, [])]
    assert "[a]" in run("--lines", tmp_path / "rows.jsonl")[1]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": 1, "text": 2}'])
def test_a_bad_line_is_named_and_nothing_is_answered(tmp_path: Path, line: str) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": 1, "text": WRONG}) + "\n" + line, "utf-8")
    code, said = run("--lines", tmp_path / "rows.jsonl", "--json")
    assert code == 1
    assert said.startswith("Dòng 2")


def test_a_report_without_contradictions_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hoàn thành 07/08 nhiệm vụ (87,5%).", "utf-8")
    assert "Không thấy số liệu nào mâu thuẫn." in run(tmp_path / "a.txt")[1]


def test_the_day_of_the_report_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Kế hoạch số 213/KH-UBND ngày 13/6/2026", "utf-8")
    assert "sau ngày báo cáo 09/06/2026" in run(tmp_path / "a.txt", "--dated", "2026-06-09")[1]


@pytest.mark.parametrize("arguments", [(), ("a.txt", "b.txt"), ("a.txt", "--nothing"), ("a.txt", "--dated", "x")])
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2
