"""Spreadsheets (.xlsx, .xls, .ods) become grids, one a sheet; formulas give the value last saved."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tracker.directives.reading.grids import Content, Grid
from tracker.directives.reading.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, TooMuch
from tracker.directives.reading.month_cells import months_of


def read_workbook(data: bytes) -> Content:
    """Every visible sheet as a grid. Raises TooMuch past the limits, CalamineError for a damaged file."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    content = Content()
    hidden = []
    for meta in workbook.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        if meta.visible != SheetVisibleEnum.Visible:
            hidden.append(meta.name)
            continue
        content.grids.append(_grid(workbook.get_sheet_by_name(meta.name), meta.name, data))
        if sum(len(grid.rows) for grid in content.grids) > MOST_ROWS:
            raise TooMuch(f"nhiều hơn {MOST_ROWS} dòng")
        if sum(len(grid.rows) * grid.width for grid in content.grids) > MOST_CELLS:
            raise TooMuch(f"nhiều hơn {MOST_CELLS} ô")
    if hidden:
        content.remarks.append(f"Không đọc trang tính đang ẩn: {', '.join(hidden)}.")
    return content


def _grid(sheet: CalamineSheet, name: str, data: bytes) -> Grid:
    if sheet.total_width > MOST_COLUMNS and sheet.width > MOST_COLUMNS:
        raise TooMuch(f"trang tính «{name}» rộng {sheet.width} cột")
    rows = list(_rows(sheet, name))
    months: dict[tuple[int, int], str] = {}
    if any(isinstance(cell, date) and cell.day == 1 for row in rows for cell in row):
        months = months_of(data, name)
    texts = [[months.get((r, c)) or cell_text(cell) for c, cell in enumerate(row)] for r, row in enumerate(rows)]
    merges = [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or []]
    return Grid(place=f"Trang tính «{name}»", rows=texts, merges=sorted(merges))


def _rows(sheet: CalamineSheet, name: str) -> Iterator[list[Any]]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > MOST_ROWS:
            raise TooMuch(f"trang tính «{name}» có nhiều hơn {MOST_ROWS} dòng")
        yield row


def cell_text(cell: Any) -> str:
    """A cell as a person reads it: days as dd/mm/yyyy, whole numbers without «.0»."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        clock = f"{cell:%Hh%M} ngày " if (cell.hour or cell.minute) else ""
        return f"{clock}{cell:%d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, time):
        return f"{cell:%Hh%M}"
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60}h{minutes % 60:02}"
    return str(cell)
