"""Word files (.docx) become grids in the order of the document, each with the lines that stand before it.

The XML is walked directly: text that somebody inserted with changes tracked counts, deleted text does not,
and rows or cells inside content controls are found like all others.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document

from tracker.directives.reading.grids import Content, Grid
from tracker.directives.reading.limits import MOST_GRIDS, MOST_ROWS, TooMuch
from tracker.directives.reading.numbering import Numbering

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}txbxContent"}
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}
_PICTURES = {f"{_W}drawing", f"{_W}pict", f"{_W}object"}


def read_document(data: bytes) -> Content:
    """Tables as grids, paragraphs as lines. Raises TooMuch past the limits, anything for a damaged file."""
    document = Document(io.BytesIO(data))
    walk = _Walk(Numbering(_numbering(document)))
    walk.blocks(document.element.body)
    content = walk.content
    content.lines += walk.waiting
    content.pictures = sum(1 for each in document.element.body.iter() if each.tag in _PICTURES)
    return content


def _numbering(document: Any) -> Any:
    try:
        return document.part.numbering_part.element
    except (NotImplementedError, KeyError):
        return None


class _Walk:
    """The walk through a document: lines wait until the table that they stand above is met."""

    def __init__(self, numbering: Numbering) -> None:
        self.content = Content()
        self.waiting: list[str] = []
        self.numbering = numbering
        self.rows = 0

    def blocks(self, parent: Any) -> None:
        for block in _children(parent):
            if block.tag == f"{_W}p":
                text = self.paragraph(block)
                if text.strip():
                    self.waiting.append(" ".join(text.split()))
            elif block.tag == f"{_W}tbl":
                self.table(block)

    def paragraph(self, paragraph: Any) -> str:
        text = "".join(_texts(paragraph))
        number = self.numbering.next_of(paragraph)
        return f"{number} {text}" if number and text.strip() else number or text

    def table(self, table: Any) -> None:
        grid = Grid(place=f"Bảng {len(self.content.grids) + 1}", rows=[], above=self.waiting, flows=True)
        self.content.lines += self.waiting
        self.waiting = []
        self.content.grids.append(grid)
        if len(self.content.grids) > MOST_GRIDS:
            raise TooMuch(f"nhiều hơn {MOST_GRIDS} bảng")
        down: dict[int, tuple[int, int]] = {}
        for row in _children(table):
            if row.tag == f"{_W}tr":
                self.row(grid, row, down)

    def row(self, grid: Grid, row: Any, down: dict[int, tuple[int, int]]) -> None:
        """Add one row; `down` keeps, by column, the row and last column of a cell that may reach further down."""
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise TooMuch(f"nhiều hơn {MOST_ROWS} dòng")
        number, column = len(grid.rows), _skipped(row, "gridBefore")
        texts = [""] * column
        for cell in _children(row):
            if cell.tag != f"{_W}tc":
                continue
            span, goes_on = _span(cell), _goes_on(cell)
            last = column + span - 1
            texts += [self.cell(cell)] + [""] * (span - 1)
            if goes_on and column in down:
                _reach(grid, down[column][0], column, number, down[column][1])
            else:
                down.pop(column, None)
                if goes_on is False:
                    down[column] = (number, last)
                if span > 1:
                    grid.merges.append((number, column, number, last))
            column += span
        grid.rows.append(texts)

    def cell(self, cell: Any) -> str:
        """The paragraphs of a cell as lines; a table inside it becomes a grid of its own."""
        lines = []
        for block in _children(cell):
            if block.tag == f"{_W}p":
                lines.append(self.paragraph(block))
            elif block.tag == f"{_W}tbl":
                self.table(block)
        return "\n".join(line for line in lines if line.strip())


def _children(parent: Any) -> Iterator[Any]:
    """The blocks inside, those in content controls, insertions and custom XML included."""
    for child in parent:
        if child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml", f"{_W}smartTag"):
            yield from _children(child)
        elif isinstance(child.tag, str):
            yield child


def _texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _GONE or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _PICTURES:
            yield from _texts(child)


def _property(element: Any, properties: str, name: str) -> Any:
    return element.find(f"{_W}{properties}/{_W}{name}")


def _skipped(row: Any, name: str) -> int:
    found = _property(row, "trPr", name)
    return _number(found)


def _number(element: Any, default: int = 0) -> int:
    value = element.get(f"{_W}val", "") if element is not None else ""
    return int(value) if value.isdecimal() else default


def _span(cell: Any) -> int:
    return min(max(1, _number(_property(cell, "tcPr", "gridSpan"), 1)), 100)


def _goes_on(cell: Any) -> bool | None:
    """False where a cell that reaches down begins, True where it goes on, None for an ordinary cell."""
    merged = _property(cell, "tcPr", "vMerge")
    if merged is None:
        return None
    return bool(merged.get(f"{_W}val") != "restart")


def _reach(grid: Grid, first: int, column: int, number: int, last: int) -> None:
    """Let the merge that begins at this cell reach down to the row `number`."""
    for place, merge in enumerate(grid.merges):
        if merge[:2] == (first, column):
            grid.merges[place] = (first, column, number, last)
            return
    grid.merges.append((first, column, number, last))
