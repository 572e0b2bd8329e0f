"""The words of a report file: Word in document order, the text layer of a PDF, or plain text, in NFC."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from tracker.errors import Invalid

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes that a Word file may hold when unpacked; reports hold a few hundred thousand."""
MOST_PAGES = 1000
LONGEST_TEXT = 3_000_000
"""Characters; the longest of the real reports at hand has 54 000."""
TOO_LARGE = "Tệp lớn hơn 20 MB; hãy bỏ bớt hình ảnh rồi thử lại."
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def report_text(path: Path) -> str:
    """The text of a .docx, .pdf or .txt file.

    Raises Invalid, with one sentence, for a file that is missing, empty, larger than 20 MB, locked by a
    password, damaged, a scan without a text layer, or of another kind.
    """
    _reader_for(path.name)
    return text_in(path.name, _bytes(path))


def text_in(name: str, data: bytes) -> str:
    """The text of a file of that name with these bytes; raises Invalid as `report_text` does."""
    reader = _reader_for(name)
    if not data:
        raise _refusal("Tệp rỗng; hãy chọn tệp báo cáo có nội dung.")
    if len(data) > LARGEST_FILE:
        raise _refusal(TOO_LARGE)
    text = unicodedata.normalize("NFC", reader(data))
    if not text.strip():
        raise _refusal("Tệp không có chữ nào; hãy chọn tệp báo cáo có nội dung.")
    if len(text) > LONGEST_TEXT:
        raise _refusal("Báo cáo dài hơn 3 triệu chữ cái; hãy chia thành nhiều tệp nhỏ hơn.")
    return text


def is_readable(name: str) -> bool:
    """Whether a file of that name is of a kind that can be read."""
    return PurePath(name).suffix.lower() in _READERS


def _reader_for(name: str) -> Callable[[bytes], str]:
    if not is_readable(name):
        raise _refusal("Chỉ đọc được tệp .docx, .pdf hoặc .txt; hãy lưu báo cáo sang một trong các loại này.")
    return _READERS[PurePath(name).suffix.lower()]


def _refusal(sentence: str) -> Invalid:
    return Invalid({}, sentence)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _refusal(TOO_LARGE)
        return path.read_bytes()
    except OSError:
        raise _refusal(f"Không mở được tệp «{path.name}»; hãy kiểm tra đường dẫn và quyền đọc.") from None


def _word(data: bytes) -> str:
    if data.startswith(_OLD_WORD):
        raise _refusal("Tệp Word có mật khẩu hoặc ở dạng cũ (.doc); hãy bỏ mật khẩu, lưu lại thành .docx.")
    damaged = "Không đọc được tệp Word này; hãy mở bằng Word, lưu lại thành .docx rồi thử lại."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _refusal(damaged) from None
    if unpacked > LARGEST_UNPACKED:
        raise _refusal("Tệp Word giải nén ra quá lớn nên không đọc; hãy bỏ bớt hình ảnh rồi lưu lại.")
    try:
        document = Document(io.BytesIO(data))
        return "\n".join(_blocks(document.iter_inner_content()))
    except Exception:  # a damaged package raises what its first broken part happens to raise
        raise _refusal(damaged) from None


def _blocks(content: Iterator[Paragraph | Table]) -> Iterator[str]:
    """Paragraphs as lines, each followed by an empty one; table rows as lines with tabs between the cells."""
    for block in content:
        if isinstance(block, Paragraph):
            yield ("- " if _is_list_item(block) else "") + block.text + "\n"
        else:
            yield from _rows(block)
            yield ""


def _is_list_item(paragraph: Paragraph) -> bool:
    """Whether Word draws a bullet or number that is not in the text."""
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    return bool(paragraph.text.strip()) and (numbered or _style(paragraph).startswith("List"))


def _style(paragraph: Paragraph) -> str:
    return (paragraph.style.name or "") if paragraph.style else ""


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells, seen = [], None
        for cell in row.cells:
            if cell._tc is seen:
                continue  # a merged cell is given once for each column that it spans
            seen = cell._tc
            cells.append(" ".join(cell.text.split()))
        yield "\t".join(cells)


def _pdf(data: bytes) -> str:
    damaged = "Không đọc được tệp PDF này; hãy xuất lại tệp từ Word rồi thử lại."
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
        text = "\n".join(page.extract_text() for page in reader.pages) if 0 < pages <= MOST_PAGES else ""
    except Exception:  # a damaged PDF raises what its first broken object happens to raise
        raise _refusal(damaged) from None
    if locked:
        raise _refusal("Tệp PDF có mật khẩu; hãy bỏ mật khẩu rồi thử lại.")
    if pages > MOST_PAGES:
        raise _refusal(f"Tệp PDF dài hơn {MOST_PAGES} trang; hãy tách phần cần kiểm tra thành tệp riêng.")
    if not re.search(r"\w", text):
        raise _refusal("Tệp PDF là bản quét, không có lớp chữ; hãy dùng bản .docx hoặc bản PDF xuất từ Word.")
    return text


def _plain(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise _refusal("Tệp văn bản không ở bảng mã UTF-8; hãy lưu lại với bảng mã UTF-8.")
    return text.replace("\r\n", "\n")


_READERS: dict[str, Callable[[bytes], str]] = {".docx": _word, ".pdf": _pdf, ".txt": _plain}
