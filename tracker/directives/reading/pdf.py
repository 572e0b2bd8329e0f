"""PDF files with a text layer become grids where lines are drawn around cells; other text becomes lines."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import pdfplumber

from tracker.directives.reading.grids import Content, Grid, Merge
from tracker.directives.reading.limits import MOST_PAGES, MOST_ROWS, TooMuch

_BROKEN = re.compile(r"(?<=\w)([-/])\n(?=\w)")
"""A number of a paper that the width of its column broke: «57-» and «NQ/TW»."""
_BROKEN_YEAR = re.compile(r"(?<=[/.-])(\d{1,3})\n(\d{1,3})(?!\d)")
_TOLERANCE = 3.0
"""Points that the edges of two cells may lie apart and still be one line."""


def read_pages(data: bytes) -> Content:
    """The tables and lines of a PDF, page by page. Raises TooMuch past the limits, anything for a damaged file."""
    content = Content()
    waiting: list[str] = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        if len(document.pages) > MOST_PAGES:
            raise TooMuch(f"{len(document.pages)} trang")
        for page in document.pages:
            waiting = _page(page, content, waiting)
            content.pictures += len(page.images)
            page.close()
            if sum(len(grid.rows) for grid in content.grids) > MOST_ROWS:
                raise TooMuch(f"nhiều hơn {MOST_ROWS} dòng")
    content.lines += waiting
    return content


def _page(page: Any, content: Content, waiting: list[str]) -> list[str]:
    """Add the page's tables, each with the lines that wait above it; returns the lines after the last one."""
    top = 0.0
    for table in sorted(page.find_tables(), key=lambda each: each.bbox[1]):
        waiting += _lines(page, top, table.bbox[1])
        place = f"Trang {page.page_number}, bảng {len(content.grids) + 1}"
        grid = _grid(table, place, waiting)
        if grid.rows and grid.width > 1:
            content.lines += waiting
            content.grids.append(grid)
            waiting = []
        else:
            waiting += [" ".join(cell.split()) for row in grid.rows for cell in row if cell.strip()]
        top = table.bbox[3]
    return waiting + _lines(page, top, float(page.height))


def _lines(page: Any, top: float, bottom: float) -> list[str]:
    """The lines of text whose middle stands between two heights of a page; a lone page number is none."""

    def inside(drawn: dict[str, Any]) -> bool:
        return bool(top < (drawn["top"] + drawn["bottom"]) / 2 < bottom)

    text = page.filter(inside).extract_text() or ""
    return [line.strip() for line in text.split("\n") if line.strip() and not line.strip().isdecimal()]


def _grid(table: Any, place: str, above: list[str]) -> Grid:
    """A table by the edges of its cells, so that a cell over several rows or columns is known as one."""
    texts = table.extract()
    cells = [
        (cell, texts[r][c] or "") for r, row in enumerate(table.rows) for c, cell in enumerate(row.cells) if cell
    ]
    lefts, tops = _edges([cell[0] for cell, _ in cells]), _edges([cell[1] for cell, _ in cells])
    rows = [[""] * len(lefts) for _ in tops]
    merges: list[Merge] = []
    for (x0, y0, x1, y1), text in cells:
        row, column = _last_before(tops, y0), _last_before(lefts, x0)
        last_row, last_column = _last_before(tops, y1 - 2 * _TOLERANCE), _last_before(lefts, x1 - 2 * _TOLERANCE)
        rows[row][column] = _whole(text)
        if last_row > row or last_column > column:
            merges.append((row, column, max(row, last_row), max(column, last_column)))
    return Grid(place=place, rows=rows, above=above, merges=sorted(merges), flows=True, wrapped=True)


def _edges(places: Sequence[float]) -> list[float]:
    """Places in their order, those that are one line taken once."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _TOLERANCE:
            found.append(place)
    return found


def _last_before(edges: Sequence[float], place: float) -> int:
    return max((n for n, edge in enumerate(edges) if edge <= place + _TOLERANCE), default=0)


def _whole(text: str) -> str:
    """A cell's text with numbers and years put together that its narrow column broke."""

    def year(found: re.Match[str]) -> str:
        digits = found[1] + found[2]
        return digits if len(digits) == 4 and digits[:2] in ("19", "20") else found[0]

    return _BROKEN_YEAR.sub(year, _BROKEN.sub(r"\1", text))
