"""Figures as files: CSV for machines, Excel for people, both from the one value that the page shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from tracker.reports.queries import Figures, Line
from tracker.rules.cells import BOM, csv_cell
from tracker.rules.periods import PART_LABELS, Part
from tracker.rules.rates import BOX_LABELS, HOW_COUNTED, RATE_FORMULAS, RATE_NAMES, Box, Tally, rates

COUNTS = [
    "Tổng số",
    *(BOX_LABELS[box] for box in Box),
    "Chờ xác nhận",
    "Thường xuyên",
    "Tạm dừng, hủy, chuyển",
    "Tỷ lệ R1 (%)",
    "Tỷ lệ R2 (%)",
    "Tỷ lệ R3 (%)",
]
"""The heads of the counts, in the words of the page."""
_FIRST = 4


def cells(name: str, tally: Tally) -> list[str | int | float | None]:
    """One line of the table: counts as numbers, rates in percent, an empty cell for 0/0."""
    found = rates(tally)
    shares = [found[one].percent for one in ("R1", "R2", "R3")]
    return [
        name,
        tally.total,
        *(getattr(tally, box.value) for box in Box),
        tally.pending,
        tally.standing,
        tally.excluded,
        *(None if share is None else float(share) for share in shares),
    ]


def table(figures: Figures, lines: Sequence[Line]) -> Iterator[tuple[str, Tally]]:
    """The lines of a breakdown, then where the work of a period comes from, then the scope itself."""
    yield from ((line.name, line.tally) for line in lines)
    if figures.period:
        yield from ((PART_LABELS[one], figures.parts[one]) for one in (Part.CARRIED_OVER, Part.IN_PERIOD))
        yield "Lũy kế", figures.cumulative
    yield f"Tổng: {figures.unit_name}", figures.tally


def as_csv(figures: Figures, lines: Sequence[Line], by: str) -> bytes:
    """UTF-8 with BOM and semicolons, the decimal comma of Vietnamese Excel; the scope's own line comes last."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([by, *COUNTS])
    for name, tally in table(figures, lines):
        writer.writerow([csv_cell(cell) for cell in cells(name, tally)])
    return BOM + text.getvalue().encode()


def as_xlsx(figures: Figures, lines: Sequence[Line], by: str, *, made_at: datetime) -> bytes:
    """The same table with true numbers, a frozen head, a filter, and «Cách tính» on its own sheet."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        looks = {
            "bold": book.add_format({"bold": True}),
            "head": book.add_format({"bold": True, "text_wrap": True, "bg_color": "#EBEEF1", "border": 1}),
            "share": book.add_format({"num_format": "0.##"}),
        }
        _figures_sheet(book.add_worksheet("Số liệu"), looks, figures, lines, by, made_at)
        how_sheet(book.add_worksheet("Cách tính"), looks, figures.tally)
    return file.getvalue()


def _figures_sheet(
    sheet: Any, looks: dict[str, Any], figures: Figures, lines: Sequence[Line], by: str, made_at: datetime
) -> None:
    period = f"{figures.period.name}; " if figures.period else ""
    sheet.write_string(0, 0, f"Số liệu nhiệm vụ: {figures.unit_name}", looks["bold"])
    said = f"{period}số liệu đến hết ngày {figures.as_of:%d/%m/%Y}; lập lúc {made_at:%H:%M %d/%m/%Y}"
    sheet.write_string(1, 0, said[0].upper() + said[1:])
    sheet.write_string(2, 0, figures.sentence)
    sheet.write_row(_FIRST, 0, [by, *COUNTS], looks["head"])
    for row, (name, tally) in enumerate(table(figures, lines), _FIRST + 1):
        for column, cell in enumerate(cells(name, tally)):
            if cell is not None:
                sheet.write(row, column, cell, looks["share"] if isinstance(cell, float) else None)
    sheet.freeze_panes(_FIRST + 1, 1)
    sheet.autofilter(_FIRST, 0, _FIRST + max(1, len(lines)), len(COUNTS))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(COUNTS), 13)


def how_sheet(sheet: Any, looks: dict[str, Any], tally: Tally) -> None:
    """What stands over what, with the numbers of this file, and what is never counted."""
    sheet.write_row(0, 0, ["Tỷ lệ", "Tên", "Cách tính", "Tử số", "Mẫu số", "%"], looks["head"])
    row = 0
    for row, (name, rate) in enumerate(rates(tally).items(), 1):
        sheet.write_row(row, 0, [name, RATE_NAMES[name], RATE_FORMULAS[name], rate.numerator, rate.denominator])
        if rate.percent is not None:
            sheet.write_number(row, 5, float(rate.percent), looks["share"])
    for line in HOW_COUNTED:
        row += 1
        sheet.write_string(row + 1, 1, line)
    sheet.set_column(1, 2, 60)
