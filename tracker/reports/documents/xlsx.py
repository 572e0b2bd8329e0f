"""The tables of a paper as an Excel file: numbers and dates stay what they are, nothing becomes a formula.

Its last sheet, «Cách tính», says how each rate is made.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from tracker.reports.documents.paper import Cell, Paper, Paragraph, Row, Table, clean
from tracker.reports.documents.sheet import Sheet, box_table, concern_table, problem_table, week_table
from tracker.rules.rates import HOW_COUNTED, RATE_FORMULAS, RATE_NAMES, Rate

A4 = 9
HIGH, LETTERS_OF_A_LINE = 15, 85
"""A line in points, and how many letters it holds."""
WIDTH_OF_A_MILLIMETRE = 0.55
"""Columns of Excel are as wide as letters; one millimetre of paper is about half a letter of 11 points."""


def paper_xlsx(paper: Paper) -> bytes:
    """The words of a paper on the first sheet, each table of its body and appendices on one of its own."""
    words = [paper.letterhead.full, paper.kind or "CÔNG VĂN", paper.about, *_words(paper.body)]
    tables = [(f"Bảng {n}", one) for n, one in enumerate(_tables(paper.body), start=1)]
    tables += [(annex.heading, one) for annex in paper.annexes for one in _tables(annex.blocks)]
    return _book(words, tables)


def sheet_xlsx(on: Sheet) -> bytes:
    """The sheet of the meeting: its words, then its tables."""
    words = [on.title, *(f"{one.name}: {one.number} ({one.note})" for one in on.headlines), on.figures.sentence]
    words += [*on.silences, *(one.text for one in on.proposals)]
    tables = [
        ("Kết quả", box_table(on)),
        ("Đơn vị cần quan tâm", concern_table(on)),
        ("Nhiệm vụ vướng", problem_table(on)),
        ("12 tuần", week_table(on)),
    ]
    return _book(words, tables)


def _words(blocks: Sequence[Any]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def _tables(blocks: Sequence[Any]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def _book(words: Sequence[str], tables: Sequence[tuple[str, Table]]) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        _write_words(book, words)
        for name, table in tables:
            _write_table(book, name, table)
        _write_how(book)
    return file.getvalue()


def _write_words(book: Any, words: Sequence[str]) -> None:
    page, wrapped = book.add_worksheet("Nội dung"), book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, LETTERS_OF_A_LINE)
    for row, text in enumerate(words):
        page.set_row(row, HIGH * sum(1 + len(line) // LETTERS_OF_A_LINE for line in text.split("\n")))
        page.write_string(row, 0, clean(text), wrapped)
    _to_print(page, landscape=False)


def _write_table(book: Any, name: str, table: Table) -> None:
    page = book.add_worksheet(name)
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#EBEEF1", "border": 1, "valign": "top"})
    kinds = {(bold, number): _format(book, bold, number) for bold in (False, True) for number in _NUMBERS}
    for at, column in enumerate(table.columns):
        page.write_string(0, at, column.head, head)
        page.set_column(at, at, max(6, column.width * WIDTH_OF_A_MILLIMETRE))
    for row, line in enumerate(table.rows, start=1):
        if (lines := _lines_of(line, table)) > 1:
            page.set_row(row, HIGH * lines)
        for at, cell in enumerate(line.cells):
            _write(page, row, at, cell, kinds, bold=line.kind != "row")
    page.set_row(0, 3 * HIGH)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    _to_print(page, landscape=True)
    sums = sum(line.kind == "total" for line in table.rows)  # they stand last, and no filter may move them
    page.autofilter(0, 0, len(table.rows) - sums, len(table.columns) - 1)


def _lines_of(row: Row, table: Table) -> int:
    """About how many lines the words of a row take in its columns; not every program finds that out by itself."""
    if row.kind == "group":
        return 1
    cells = zip(row.cells, table.columns, strict=True)
    words = [(cell, column.width * WIDTH_OF_A_MILLIMETRE) for cell, column in cells if isinstance(cell, str)]
    return max((1 + int(len(text) / letters) for text, letters in words), default=1)


def _write_how(book: Any) -> None:
    """What stands over what, and what is never counted."""
    page = book.add_worksheet("Cách tính")
    page.set_column(0, 1, LETTERS_OF_A_LINE // 2)
    for row, (name, formula) in enumerate(RATE_FORMULAS.items()):
        page.write_string(row, 0, f"{RATE_NAMES[name]} ({name})")
        page.write_string(row, 1, formula)
    for row, line in enumerate(HOW_COUNTED, len(RATE_FORMULAS) + 1):
        page.write_string(row, 0, line)
    _to_print(page, landscape=True)


def _to_print(page: Any, *, landscape: bool) -> None:
    """A4, as wide as the paper."""
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    if landscape:
        page.set_landscape()


_NUMBERS = {"text": "@", "count": "#,##0", "date": "dd/mm/yyyy", "share": "0.00%"}


def _format(book: Any, bold: bool, number: str) -> Any:
    return book.add_format({"bold": bold, "num_format": _NUMBERS[number], "text_wrap": True, "valign": "top"})


def _write(page: Any, row: int, at: int, cell: Cell, kinds: dict[tuple[bool, str], Any], *, bold: bool) -> None:
    if isinstance(cell, Rate):
        if cell.denominator:
            page.write_number(row, at, cell.numerator / cell.denominator, kinds[bold, "share"])
    elif isinstance(cell, date):
        page.write_datetime(row, at, cell, kinds[bold, "date"])
    elif isinstance(cell, int):
        page.write_number(row, at, cell, kinds[bold, "count"])
    elif cell:
        page.write_string(row, at, clean(cell), kinds[bold, "text"])
