"""What counts as an evidence file: its kind judged by content, its size, and a name that is safe to keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken in."""

    extension: str
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileKind("pdf", "application/pdf")
JPEG = FileKind("jpg", "image/jpeg")
PNG = FileKind("png", "image/png")
DOCX = FileKind("docx", _OFFICE + "wordprocessingml.document")
XLSX = FileKind("xlsx", _OFFICE + "spreadsheetml.sheet")
ODT = FileKind("odt", "application/vnd.oasis.opendocument.text")
ODS = FileKind("ods", "application/vnd.oasis.opendocument.spreadsheet")
DOC = FileKind("doc", "application/msword")
XLS = FileKind("xls", "application/vnd.ms-excel")
EDXML = FileKind("edxml", "application/xml")
"""A message of the document axis: taken in where directives are read from files, never as evidence."""

_MAGIC = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OLE_KINDS = {"doc": DOC, "xls": XLS}
_OPEN_DOCUMENTS = {ODT.media_type.encode(): ODT, ODS.media_type.encode(): ODS}
ACCEPTED = "PDF, Word, Excel, OpenDocument hoặc ảnh JPG, PNG"


def kind_of(head: bytes, name: str, entries: Collection[str] = ()) -> FileKind | None:
    """The kind of a file by its first bytes and, for a zip container, the names inside; None when not accepted.

    The name only tells Word from Excel in the old binary format, which begin alike.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_OLE):
        return _OLE_KINDS.get(_extension(name))
    if head.startswith(_ZIP):
        return _container(head, entries)
    return None


def _container(head: bytes, entries: Collection[str]) -> FileKind | None:
    if any(entry.endswith("vbaProject.bin") for entry in entries):
        return None
    if "[Content_Types].xml" in entries:
        if any(entry.startswith("word/") for entry in entries):
            return DOCX
        return XLSX if any(entry.startswith("xl/") for entry in entries) else None
    if head[30:38] == b"mimetype":
        return next((kind for mark, kind in _OPEN_DOCUMENTS.items() if head[38:].startswith(mark + b"PK")), None)
    return None


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").lower()


_UNSAFE = re.compile(r'[<>:"|?*]+')
LONGEST_STEM = 100


def plain_name(name: str) -> str:
    """A name without folders, control or direction marks, fit to be said in a sentence."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in name if unicodedata.category(char)[0] != "C")


def safe_name(name: str, kind: FileKind) -> str:
    """A plain name of bounded length that file systems take, ending as its content says."""
    name = plain_name(name)
    stem = name.rsplit(".", 1)[0] if "." in name.strip(".") else name
    stem = " ".join(_UNSAFE.sub(" ", stem).split()).strip(". ")[:LONGEST_STEM].strip(". ")
    return f"{stem or 'tep'}.{kind.extension}"


def document_warnings(*, doc_symbol: str, doc_on: date | None, directive_on: date, today: date) -> dict[str, str]:
    """What looks wrong with a numbered document, by field; unusual is allowed, so nothing here blocks."""
    said = {}
    if not doc_symbol:
        said["doc_symbol"] = "Văn bản chưa có số, ký hiệu."
    if doc_on is None:
        return said
    if doc_on > today:
        said["doc_on"] = f"Ngày ký {doc_on:%d/%m/%Y} sau hôm nay."
    elif doc_on < directive_on:
        said["doc_on"] = f"Ngày ký {doc_on:%d/%m/%Y} trước ngày văn bản giao ({directive_on:%d/%m/%Y})."
    return said
