"""The look at a file before it is opened: its kind by content, its size, what is packed in it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

from tracker.directives.reading.limits import LARGEST_FILE, LARGEST_PART, LARGEST_UNPACKED, MOST_PARTS
from tracker.directives.reading.refusals import refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_HEAD = 1024
_PLAIN_SIZE = 20 * 1024 * 1024
"""Bytes; a part smaller than this does no harm however tightly it is packed."""
_RATIO = 200
"""How many times smaller than its content a large part may be packed; text of tables packs 5 to 30 times."""


def bytes_of(path: Path) -> bytes:
    """The bytes of a file. Raises Invalid when it is missing, empty or larger than 20 MB."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise refusal("large")
        data = path.read_bytes()
    except OSError:
        raise refusal("missing", path.name) from None
    check_size(data)
    return data


def check_size(data: bytes) -> None:
    """Raises Invalid for an empty file and for one larger than 20 MB."""
    if not data:
        raise refusal("empty")
    if len(data) > LARGEST_FILE:
        raise refusal("large")


def kind_of(data: bytes) -> str:
    """What a file is by its content: workbook, docx, pdf or xml.

    Raises Invalid for all other kinds and for packages that are locked, hold macros, declare entities or unpack
    to more than is read.
    """
    if data.startswith(_OLE):
        return _old_office(data)
    if data.startswith(b"PK"):
        return _package(data)
    if b"%PDF-" in data[:_HEAD]:
        return "pdf"
    if data.startswith(_PICTURES):
        raise refusal("picture")
    if b"<" in data[:_HEAD] and (b"<?xml" in data[:_HEAD] or b"edxml" in data[:_HEAD].lower()):
        return "xml"
    raise refusal("kind")


def _old_office(data: bytes) -> str:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise refusal("locked")
    if holds("WordDocument"):
        raise refusal("old_word")
    if holds("_VBA_PROJECT"):
        raise refusal("macros")
    if holds("Workbook") or holds("Book"):
        return "workbook"
    raise refusal("kind")


def _package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [entry.filename for entry in package.infolist()]
            kind = _kind_inside(package, names)
            _check_parts(package)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, RuntimeError, zlib.error):
        raise refusal("damaged") from None
    return kind


def _kind_inside(package: zipfile.ZipFile, names: Collection[str]) -> str:
    if any(name.endswith("vbaProject.bin") for name in names):
        raise refusal("macros")
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names or any(name.startswith("word/") for name in names):
            return "docx"
        if any(name.startswith("xl/") for name in names):
            return "workbook"
        raise refusal("kind")
    if "mimetype" in names:
        mark = package.open("mimetype").read(100)
        if b"opendocument.spreadsheet" in mark:
            return "workbook"
        raise refusal("odt" if b"opendocument.text" in mark else "kind")
    raise refusal("kind")


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise refusal("bomb")
    for part in parts:
        if part.flag_bits & 1:
            raise refusal("locked")
        is_text = part.filename.endswith((".xml", ".rels"))
        if part.file_size > _PLAIN_SIZE and part.file_size > _RATIO * max(part.compress_size, 1):
            raise refusal("bomb")
        if is_text and part.file_size > LARGEST_PART:
            raise refusal("bomb")
        if is_text and part.file_size and b"<!DOCTYPE" in package.open(part).read(4096):
            raise refusal("entities")


def remarks_on(data: bytes) -> list[str]:
    """What a person should know about a package that is read all the same: links outside, formulas."""
    if not data.startswith(b"PK"):
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        remarks = []
        if any(name.startswith("xl/externalLinks/") for name in names):
            remarks.append("Tệp có liên kết tới tệp khác; không mở liên kết, chỉ lấy giá trị đã lưu.")
        sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        if any(_has_formula(package, name) for name in sheets):
            remarks.append("Bảng có ô công thức; đã lấy giá trị lưu lần cuối, hãy xem lại các ô này.")
    return remarks


def _has_formula(package: zipfile.ZipFile, part: str) -> bool:
    before = b""
    with package.open(part) as stream:
        while chunk := stream.read(1 << 20):
            if b"<f>" in before + chunk or b"<f " in before + chunk:
                return True
            before = chunk[-2:]
    return False
