"""Bytes of every kind that people upload, true and false."""

from __future__ import annotations

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
HTML = b"<!doctype html><script>alert(1)</script>"
PROGRAM = b"MZ\x90\x00" + b"\0" * 60


def zipped(*names: str, first: bytes = b"") -> bytes:
    """A zip container with entries of these names; `first` is the content of an uncompressed `mimetype`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")
ODT = zipped("content.xml", first=b"application/vnd.oasis.opendocument.text")
MACROS = zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
DEEP_MACROS = zipped("[Content_Types].xml", *(f"word/{n}.xml" for n in range(5100)), "word/vbaProject.bin")
PLAIN_ZIP = zipped("readme.txt")
EPUB = zipped("OEBPS/book.xhtml", first=b"application/epub+zip")
