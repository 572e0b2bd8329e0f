"""The sheet of the meeting as Word and PDF: one page of A4, lying."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from tracker.reports.documents.docx import append, name, saved
from tracker.reports.documents.layout import Look
from tracker.reports.documents.ooxml import drawn, frameless, paragraph, written, xml
from tracker.reports.documents.paper import Column, Row, Table
from tracker.reports.documents.pdf import block_data, compiled
from tracker.reports.documents.sheet import Sheet, box_table, concern_table, problem_table, week_table
from tracker.rules.sentences import count, long_date


def moment_said(on: Sheet, made_at: datetime) -> str:
    """Of when the figures are and when the sheet was made."""
    return f"Số liệu đến hết {long_date(on.figures.as_of)}; lập lúc {made_at:%H:%M %d/%m/%Y}"


def sheet_pdf(on: Sheet, *, made_at: datetime) -> bytes:
    """The bytes of the PDF file."""
    tables = {"boxes": box_table, "concerns": concern_table, "problems": problem_table, "weeks": week_table}
    data = {
        "title": on.title,
        "issuer": on.head.full,
        "moment": moment_said(on, made_at),
        "headlines": [{"name": one.name, "number": count(one.number), "note": one.note} for one in on.headlines],
        "sentence": on.figures.sentence,
        "silences": on.silence_note,
        "proposals": [one.text for one in on.proposals],
        **{key: block_data(table(on)) for key, table in tables.items()},
    }
    return compiled("sheet.typ", "sheet", data, made_at)


def sheet_docx(on: Sheet, *, made_at: datetime) -> bytes:
    """The bytes of the Word file."""
    document = Document()
    name(document, on.title, on.head.full)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(11)
    append(document, *_sheet(on, moment_said(on, made_at)))
    return saved(document)


def _sheet(on: Sheet, moment: str) -> Iterator[Any]:
    width, small = 267.0, Look(10, italic=True)
    left = width * 0.38
    yield xml(paragraph(on.title, Look(14, bold=True)))
    yield xml(paragraph(moment, small))
    yield drawn(_headlines(on), width, size=11)
    yield xml(paragraph(on.figures.sentence, Look(12, align="justify", before=4, after=4)))
    if on.silence_note:
        yield xml(paragraph(on.silence_note, Look(11, italic=True, after=4)))
    proposed = [f"{number}. {one.text}" for number, one in enumerate(on.proposals, start=1)]
    words = [paragraph(one, Look(12, align="justify")) for one in proposed or ["Không có vấn đề nổi lên trong tuần."]]
    ask = paragraph("Đề nghị chỉ đạo", Look(12, bold=True, before=6))
    gap = paragraph("", Look(4))
    yield frameless(
        [left, width - left],
        [
            [
                written(drawn(box_table(on), left - 4, size=11)) + ask + "".join(words),
                written(drawn(concern_table(on), width - left - 4, size=11))
                + gap
                + written(drawn(problem_table(on), width - left - 4, size=11))
                + gap,
            ]
        ],
    )
    yield xml(gap)
    yield drawn(week_table(on), width, size=10)
    yield xml(paragraph("", Look(1)))


def _headlines(on: Sheet) -> Table:
    columns = tuple(Column(one.name, 20, "center") for one in on.headlines)
    numbers = Row(tuple(one.number for one in on.headlines), "total")
    return Table(columns, (numbers, Row(tuple(one.note for one in on.headlines))))
