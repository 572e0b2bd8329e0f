"""Files to read, made by saying only what matters: workbooks, Word documents, messages, and bad ones."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import xlsxwriter
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tracker.directives.reading.commands import calendar_of_config
from tracker.directives.reading.reading import read_bytes
from tracker.directives.reading.results import ReadDirective

TODAY = date(2026, 11, 26)
ISSUED = date(2026, 5, 18)
HEADER = ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm"]
Rows = Sequence[Sequence[Any]]
Span = tuple[int, int, int, int, str]
"""First row, first column, last row, last column, text."""

calendar = cache(calendar_of_config)


def read(data: bytes, issued: date | None = ISSUED) -> ReadDirective:
    """What is read in these bytes."""
    return read_bytes(data, calendar(), today=TODAY, issued=issued)


def a_workbook(
    rows: Rows = (), spans: Sequence[Span] = (), *, sheets: Mapping[str, Rows] | None = None, month: str = "mmm-yy"
) -> bytes:
    """A workbook of one sheet, or of these; a datetime with the hour 1 is a cell that shows only its month."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day, only_month = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": month})
    for name, content in (sheets or {"Phụ lục": rows}).items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(content):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    shown = only_month if cell.hour else day
                    sheet.write_datetime(number, column, cell.replace(hour=0), shown)
                elif cell not in ("", None):
                    sheet.write(number, column, cell)
        for top, left, bottom, right, text in spans:
            sheet.merge_range(top, left, bottom, right, text)
    book.close()
    return out.getvalue()


def a_document(*blocks: str | Rows, spans: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A Word file of paragraphs (text) and tables (rows); `spans` are merged in its last table."""
    document = Document()
    table = None
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(rows=len(block), cols=max(map(len, block)))
        for number, row in enumerate(block):
            for column, cell in enumerate(row):
                table.cell(number, column).text = str(cell)
    for top, left, bottom, right in spans:
        assert table is not None
        text = table.cell(top, left).text
        merged = table.cell(top, left).merge(table.cell(bottom, right))
        for paragraph in merged.paragraphs[1:]:
            paragraph._p.getparent().remove(paragraph._p)
        merged.text = text
    return saved(document)


def saved(document: Any) -> bytes:
    """The bytes of a Word document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def number_itself(paragraph: Any) -> None:
    """Let Word number a paragraph by itself, as in a column STT made with automatic numbers."""
    properties = paragraph._p.get_or_add_pPr()
    numbered = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", "0"), ("w:numId", "77")):
        each = OxmlElement(name)
        each.set(qn("w:val"), value)
        numbered.append(each)
    properties.append(numbered)


def zipped(**parts: bytes | str) -> bytes:
    """A zip; in the names of its parts «__» stands for a slash and «_dot_» for a point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes | str) -> bytes:
    """A package with one more part, or with another content of the part it has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for entry in old.infolist():
            if entry.filename != name:
                package.writestr(entry.filename, old.read(entry))
        package.writestr(name, content)
    return out.getvalue()


NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"


def a_message(
    files: Mapping[str, bytes] | None = None,
    *,
    prefix: str = "edXML:",
    day: str = "2026/05/18",
    steering: str = "1",
    due: str = "2026/06/30",
    sender: str = "H55",
    extra: str = "",
    subject: str = "V/v triển khai chuyển đổi số",
) -> bytes:
    """A message that carries a directive and these files."""

    def e(name: str, content: str) -> str:
        return f"<{prefix}{name}>{content}</{prefix}{name}>"

    header = e("From", e("OrganId", sender) + e("OrganName", "UBND tỉnh Thái Nguyên"))
    header += e("To", e("OrganId", "H55.12") + e("OrganName", "UBND xã Vĩnh Thông"))
    header += e("DocumentId", f"{sender},{day},5426/UBND-KGVX")
    header += e("Code", e("CodeNumber", "5426") + e("CodeNotation", "UBND-KGVX"))
    header += e("PromulgationInfo", e("Place", "Thái Nguyên") + e("PromulgationDate", day))
    header += e("DocumentType", e("Type", "1") + e("TypeName", "Công văn")) + e("Subject", subject)
    header += e("SignerInfo", e("Position", "Phó Chủ tịch") + e("FullName", "N/A")) + e("DueDate", due)
    header += e("OtherInfo", e("Priority", " 1 "))
    header += e("ResponseFor", e("OrganId", "G22") + e("Code", "12/VPCP-KGVX") + e("DocumentId", "G22,2026/04/01,12"))
    header += e("SteeringType", steering) + extra
    encoded = "".join(
        f"<Attachment><AttachmentName>{name}</AttachmentName><ContentType>application/pdf</ContentType>"
        f"<ContentTransferEncoded>{base64.b64encode(data).decode()}</ContentTransferEncoded></Attachment>"
        for name, data in (files or {}).items()
    )
    inside = e("edXMLEnvelope", e("edXMLHeader", e("MessageHeader", header)))
    declared = f'xmlns="{NAMESPACE}" xmlns:edXML="{NAMESPACE}"' if prefix else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><edXML {declared}>{inside}'
        f"<AttachmentEncoded>{encoded}</AttachmentEncoded></edXML>"
    ).encode()


COLUMNS = (40, 70, 250, 350, 450, 540)
"""Where the lines between the columns of `a_pdf` stand."""


def a_pdf(*pages: Rows, title: str = "") -> bytes:
    """A PDF of pages, each a table of ASCII cells with lines around them; None is a cell that has no line above."""
    return _pdf_of([_page_marks(rows, title if number == 0 else "") for number, rows in enumerate(pages)])


def _page_marks(rows: Rows, title: str) -> str:
    marks = f"BT /F1 10 Tf 40 770 Td ({title}) Tj ET\n" if title else ""
    top = 750
    for row in rows:
        for column, cell in enumerate(row):
            left, width = COLUMNS[column], COLUMNS[column + 1] - COLUMNS[column]
            marks += f"{left} {top - 30} {width} 30 re S\n"
            for line, words in enumerate(str(cell).split("\n")):
                marks += f"BT /F1 9 Tf {left + 3} {top - 12 - 11 * line} Td ({words}) Tj ET\n"
        top -= 30
    return marks


def _pdf_of(pages: Sequence[str]) -> bytes:
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, marks in enumerate(pages):
        fonts = "/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {5 + 2 * number} 0 R{fonts}>>")
        objects.append(f"<</Length {len(marks)}>>\nstream\n{marks}\nendstream")
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n"
    end += f"startxref\n{len(body)}\n%%EOF"
    return (body + end).encode("ascii")


_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
)


def an_open_document(rows: Rows) -> bytes:
    """An OpenDocument spreadsheet of texts."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    body = f'<office:spreadsheet><table:table table:name="Phụ lục">{cells}</table:table></office:spreadsheet>'
    whole = f"<office:document-content {_ODS_NAMES}><office:body>{body}</office:body></office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", _ODS)
        package.writestr("content.xml", f'<?xml version="1.0"?>{whole}')
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()
