"""Files to import in tests: tables of tasks as offices write them."""

from __future__ import annotations

import io

import xlsxwriter

HEADS = ("STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm")
ROWS = (
    ("1", "Rà soát danh mục dịch vụ công", "UBND xã An Bình", "Sở Nội vụ", "30/6/2026", "Báo cáo"),
    ("2", "Báo cáo tình hình", "UBND các xã, phường", "", "Ngày 25 hằng tháng", "Báo cáo"),
    ("3", "Tuyên truyền cải cách hành chính", "Xã Sơn Hà", "", "Thường xuyên", ""),
)


def a_workbook(rows=ROWS, heads=HEADS, title="KẾ HOẠCH Số: 12/KH-UBND ngày 10/3/2026") -> io.BytesIO:
    """An Excel file with a title, a row of heads and the given rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Phụ lục")
    sheet.write(0, 0, title)
    sheet.write_row(2, 0, heads)
    for line, row in enumerate(rows, start=3):
        sheet.write_row(line, 0, row)
    book.close()
    file.seek(0)
    return file
