"""Figures as files: CSV for machines, Excel for people, both from the one value that the page shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

from tracker.reports.queries import Figures
from tracker.rules.rates import BOX_LABELS, RATE_FORMULAS, RATE_NAMES, Box, Tally, rates

HEADS = [
    "Đơn vị",
    "Tổng số",
    *(BOX_LABELS[box] for box in Box),
    "Chờ xác nhận",
    "Thường xuyên",
    "Tạm dừng, hủy, chuyển",
    "Tỷ lệ R1 (%)",
    "Tỷ lệ R2 (%)",
    "Tỷ lệ R3 (%)",
]
Line = tuple[str, Tally]


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


def as_csv(figures: Figures, lines: Iterable[Line]) -> bytes:
    """UTF-8 with BOM and semicolons, the decimal comma of Vietnamese Excel; the scope's own line comes last."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for name, tally in [*lines, (f"Tổng: {figures.unit_name}", figures.tally)]:
        writer.writerow([_plain(cell) for cell in cells(name, tally)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _plain(cell: str | float | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def as_xlsx(figures: Figures, lines: Sequence[Line], *, made_at: datetime) -> bytes:
    """The same table with true numbers, a frozen head, a filter, and «Cách tính» on its own sheet."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#EBEEF1", "border": 1, "valign": "top"})
        share = book.add_format({"num_format": "0.##"})
        sheet = book.add_worksheet("Số liệu")
        sheet.write_string(0, 0, f"Số liệu nhiệm vụ: {figures.unit_name}", bold)
        sheet.write_string(1, 0, f"Số liệu đến hết ngày {figures.as_of:%d/%m/%Y}; lập lúc {made_at:%H:%M %d/%m/%Y}")
        sheet.write_string(2, 0, figures.sentence)
        first = 4
        sheet.write_row(first, 0, HEADS, head)
        table = [*lines, (f"Tổng: {figures.unit_name}", figures.tally)]
        for row, (name, tally) in enumerate(table, first + 1):
            for column, cell in enumerate(cells(name, tally)):
                if cell is not None:
                    sheet.write(row, column, cell, share if isinstance(cell, float) else None)
        sheet.freeze_panes(first + 1, 1)
        sheet.autofilter(first, 0, first + max(1, len(table) - 1), len(HEADS) - 1)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(HEADS) - 1, 13)
        how = book.add_worksheet("Cách tính")
        how.write_row(0, 0, ["Tỷ lệ", "Tên", "Cách tính", "Tử số", "Mẫu số", "%"], head)
        for row, (name, rate) in enumerate(rates(figures.tally).items(), 1):
            how.write_row(row, 0, [name, RATE_NAMES[name], RATE_FORMULAS[name], rate.numerator, rate.denominator])
            if rate.percent is not None:
                how.write_number(row, 5, float(rate.percent), share)
        how.set_column(1, 2, 60)
    return file.getvalue()
