"""A bad file answers in one sentence that says what was found and what to do, quickly and in little memory."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from files_to_read import HEADER, TODAY, a_document, a_message, a_workbook, calendar, read, saved, with_part, zipped
from pypdf import PdfWriter

from tracker.directives.reading.limits import LARGEST_FILE
from tracker.directives.reading.reading import read_directive
from tracker.errors import Invalid

ROOT = Path(__file__).parents[3]

GOOD = [HEADER, ["1", "Việc một", "Sở Nội vụ", "", "30/6/2026", "Báo cáo"]]
CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _picture() -> bytes:
    """The smallest PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def _document_with_picture() -> bytes:
    document = Document()
    document.add_picture(io.BytesIO(_picture()))
    return saved(document)


def _pdf(*, locked: bool = False, pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if locked:
        writer.encrypt("mật khẩu", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _sheet(content: str) -> bytes:
    return with_part(a_workbook(GOOD), "xl/worksheets/sheet1.xml", content)


def _two_corners() -> bytes:
    """Four kilobytes whose only two cells are the first and the last of a sheet."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return _sheet(f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{cells}</sheetData></worksheet>')


def _endless_rows() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 25_000))
    return _sheet(f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>')


def _long_text_everywhere() -> bytes:
    cells = "".join(f'<c r="{letter}{{0}}" t="s"><v>0</v></c>' for letter in "ABCDEFGH")
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 15_000))
    book = _sheet(f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>')
    return with_part(book, "xl/sharedStrings.xml", f'<sst xmlns="{SPREADSHEET}"><si><t>{"x" * 32_000}</t></si></sst>')


def _laughs(root: str) -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>{root}'


def _reader_of_passwords() -> str:
    return '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><edXML>&e;</edXML>'


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "Tệp rỗng"),
    "of an unknown kind": (lambda: b"MZ\x90\x00 a program", "Không nhận ra"),
    "plain text": ("Nội dung nhiệm vụ".encode, "Không nhận ra"),
    "larger than 20 MB": (lambda: b"PK" + b"\0" * LARGEST_FILE, "lớn hơn 20 MB"),
    "a picture": (_picture, "hình ảnh"),
    "a locked workbook": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    "an old Word file": (lambda: OLE + "WordDocument".encode("utf-16-le"), ".docx"),
    "an old workbook that is none": (lambda: OLE + "Workbook".encode("utf-16-le"), "hỏng"),
    "an old workbook with macros": (lambda: OLE + "Workbook_VBA_PROJECT".encode("utf-16-le"), "macro"),
    "a workbook cut in half": (lambda: a_workbook(GOOD)[:2000], "hỏng"),
    "a document cut in half": (lambda: a_document(GOOD)[:9000], "hỏng"),
    "a document whose text is broken": (
        lambda: with_part(a_document(GOOD), "word/document.xml", "<w:document"),
        "hỏng",
    ),
    "a zip of something else": (lambda: zipped(readme="hello"), "Không nhận ra"),
    "a workbook with macros": (lambda: with_part(a_workbook(GOOD), "xl/vbaProject.bin", b"x"), "macro"),
    "a document with macros": (lambda: with_part(a_document(GOOD), "word/vbaProject.bin", b"x"), "macro"),
    "a bomb": (lambda: with_part(a_workbook(GOOD), "xl/bomb.xml", b" " * 90_000_000), "giải nén"),
    "a bomb of many parts": (
        lambda: zipped(**{f"xl__{n}_dot_xml": "x" for n in range(2100)} | {"[Content_Types]_dot_xml": CONTENT_TYPES}),
        "giải nén",
    ),
    "a workbook with entities": (lambda: _sheet(_laughs("<worksheet>&l9;</worksheet>")), "DTD"),
    "a document with entities": (
        lambda: with_part(a_document(GOOD), "word/document.xml", _laughs("<x>&l9;</x>")),
        "DTD",
    ),
    "two cells at the corners of a sheet": (_two_corners, "chép riêng"),
    "rows without end": (_endless_rows, "20000 dòng"),
    "one long text in every cell": (_long_text_everywhere, "chép riêng"),
    "an empty workbook": (a_workbook, "không có chữ"),
    "an empty document": (a_document, "không có chữ"),
    "a document of a picture": (_document_with_picture, "hình ảnh"),
    "a locked PDF": (lambda: _pdf(locked=True), "mật khẩu"),
    "a scanned PDF": (_pdf, "bản quét"),
    "a PDF of 400 pages": (lambda: _pdf(pages=400), "400 trang"),
    "a broken PDF": (lambda: b"%PDF-1.7\n" + b"junk " * 500, "hỏng"),
    "XML that is no message": (lambda: b'<?xml version="1.0"?><html/>', "edXML"),
    "a broken message": (lambda: a_message()[:500], "hỏng"),
    "a message of a million elements": (lambda: a_message(extra="<a/>" * 1_000_000), "quá nhiều phần tử"),
    "a message with entities": (lambda: _laughs("<edXML>&l9;</edXML>").encode(), "DTD"),
    "a message that asks for a file of this machine": (lambda: _reader_of_passwords().encode(), "DTD"),
    "a secret message": (lambda: a_message(subject="(Mật) Kế hoạch"), "mật"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_answers_in_one_sentence(name: str) -> None:
    make, words = FILES[name]
    data = make()
    started = time.perf_counter()
    with pytest.raises(Invalid) as refused:
        read(data)
    sentence = str(refused.value)
    assert words in sentence
    assert len(re.findall(r"[.;](?:\s|$)", sentence)) <= 2
    assert "Traceback" not in sentence
    assert time.perf_counter() - started < 30


def test_the_process_that_opens_files_holds_itself_below_500_megabytes() -> None:
    code = (
        "import resource; from tracker.directives.reading.sandbox import hold_back; "
        "hold_back(25); print(resource.getrlimit(resource.RLIMIT_AS)[1])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(said.stdout) < 500 * 1024 * 1024


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="khong-co"):
        read_directive(tmp_path / "khong-co.xlsx", calendar(), today=TODAY)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="Không mở được"):
        read_directive(tmp_path, calendar(), today=TODAY)


def test_formulas_give_the_value_last_saved_and_that_is_said() -> None:
    said = read(a_workbook([*GOOD, ["2", "=1+1", "Sở Y tế", "", '=HYPERLINK("http://example.vn")', ""]]))
    assert said.tasks[0].content == "Việc một"
    assert any("công thức" in problem for problem in said.problems)


def test_links_to_other_files_are_not_followed_and_that_is_said() -> None:
    said = read(with_part(a_workbook(GOOD), "xl/externalLinks/externalLink1.xml", "<externalLink/>"))
    assert len(said.tasks) == 1
    assert any("liên kết" in problem for problem in said.problems)


def test_of_fifty_sheets_each_with_tasks_is_read() -> None:
    sheets = {f"Xã {n}": GOOD if n % 5 == 0 else [["Thuyết minh"], ["Không có bảng"]] for n in range(50)}
    said = read(a_workbook(sheets=sheets))
    assert len(said.tasks) == 10
    assert said.tasks[1].source.place == "Trang tính «Xã 5»"


def test_a_paper_without_a_table_keeps_its_fields_and_says_what_is_missing() -> None:
    said = read(
        a_document("Số: 12/KH-UBND", "Thái Nguyên, ngày 05 tháng 5 năm 2026", "KẾ HOẠCH", "Chuyển đổi số"), None
    )
    assert said.paper.doc_symbol == "12/KH-UBND"
    assert said.tasks == ()
    assert "Không thấy bảng nhiệm vụ" in said.problems[-1]


def test_a_table_of_figures_is_no_table_of_tasks() -> None:
    said = read(a_workbook([["STT", "Nội dung", "Đơn vị tính", "Số lượng"], ["1", "Máy tính", "cái", 5]]))
    assert said.tasks == ()


@pytest.mark.parametrize(
    "cell", ["các xã, " * 4000, "các " * 8000, "a" + " " * 30_000 + "b", "(" * 30_000, "1." * 15_000]
)
def test_a_cell_made_to_be_slow_is_not(cell: str) -> None:
    rows = [HEADER, *([str(n), cell, cell, cell, cell, cell] for n in range(1, 20))]
    started = time.perf_counter()
    assert len(read(a_workbook(rows)).tasks) == 19
    assert time.perf_counter() - started < 10
