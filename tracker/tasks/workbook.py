"""A list of assignments as an Excel file: true dates and numbers, said at its head what it holds and of when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from tracker.rules.rates import HOW_COUNTED

TOP_ROWS = 4
_WIDTHS = (6, 24, 12, 12, 9, 26, 60, 18, 22, 12, 12, 12, 16, 11, 26)
HEADS = (
    "STT",
    "Tình trạng",
    "Hạn",
    "Hạn gốc",
    "Gia hạn",
    "Đơn vị",
    "Nhiệm vụ",
    "Theo văn bản",
    "Cán bộ",
    "Ngày giao",
    "Ngày nộp",
    "Hoàn thành",
    "Cập nhật",
    "Minh chứng",
    "Vướng mắc",
)


def write(file: IO[bytes], title: str, scope: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the rows, in the order of HEADS, under a title and up to two lines that say scope and time.

    Rows leave memory as they are written. No text becomes a formula or a link, whatever it begins with.
    """
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd/mm/yyyy",
        },
    )
    sheet = book.add_worksheet("Nhiệm vụ")
    bold, head = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True, "border": 1})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.freeze_panes(TOP_ROWS, 0)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, bold)
    for line, text in enumerate(scope[:2], start=1):
        sheet.write_string(line, 0, text)
    sheet.write_row(TOP_ROWS - 1, 0, HEADS, head)
    last = TOP_ROWS - 1
    for last, row in enumerate(rows, start=TOP_ROWS):
        for column, value in enumerate(row):
            _cell(sheet, last, column, value, moment)
    sheet.autofilter(TOP_ROWS - 1, 0, last, len(HEADS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TOP_ROWS - 1)
    _how(book.add_worksheet("Cách tính"), scope)
    book.close()


def _how(sheet: Any, scope: Sequence[str]) -> None:
    """What the list holds, and how its words and dates are meant."""
    for row, line in enumerate([*scope, "", *HOW_OF_LIST, *HOW_COUNTED]):
        sheet.write_string(row, 0, line)
    sheet.set_column(0, 0, 120)


HOW_OF_LIST = (
    "Hạn: thời hạn hiện hành, sau gia hạn nếu có. Hạn gốc: thời hạn khi giao, không đổi.",
    "Ngày nộp: ngày đơn vị gửi kết quả đang chờ hoặc đã được xác nhận. Hoàn thành: ngày được tính hoàn thành.",
    "Vướng mắc: nguyên nhân đơn vị nêu ở lần cập nhật gần nhất.",
)
"""How the columns of a list are meant."""


def _cell(sheet: Any, line: int, column: int, value: Any, moment: Any) -> None:
    """One value in its own kind; an Excel moment knows no zone, so house time is written as it reads."""
    if isinstance(value, datetime):
        sheet.write_datetime(line, column, value.replace(tzinfo=None), moment)
    elif isinstance(value, date):
        sheet.write_datetime(line, column, datetime(value.year, value.month, value.day))  # noqa: DTZ001
    elif isinstance(value, int):
        sheet.write_number(line, column, value)
    elif value:
        sheet.write_string(line, column, str(value))
