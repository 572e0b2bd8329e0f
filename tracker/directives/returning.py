"""Rows that stay behind, as an Excel file in the format of the file they came from, with a column that says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

import xlsxwriter

from tracker.directives.models import ImportDraft, ImportRow

WHY = "Lý do"


def write_back(file: IO[bytes], draft: ImportDraft, rows: Sequence[ImportRow]) -> None:
    """Write the cells of the rows as they were read, under the heads of their file. No text becomes a formula."""
    book = xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet("Dòng cần sửa")
    head, wrap = book.add_format({"bold": True, "border": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, [*draft.titles, WHY], head)
    sheet.set_column(0, len(draft.titles), 24, wrap)
    for line, row in enumerate(rows, start=1):
        texts = row.cells["texts"]
        for column, title in enumerate(draft.titles):
            sheet.write_string(line, column, texts.get(title, ""))
        sheet.write_string(line, len(draft.titles), why(row, draft.scope))
    sheet.freeze_panes(1, 0)
    book.close()


def why(row: ImportRow, scope: str) -> str:
    """Why a row stays behind, in sentences: what is wrong, whom nobody knows, what was guessed."""
    said = [*row.problems.values(), *([leads_complaint(row)] if scope == "rows" and row.homeless else [])]
    if not row.sure:
        said += row.doubts.values()
    return " ".join(said) or "Bỏ ra khi nhập."


def leads_complaint(row: ImportRow) -> str:
    """What is wrong with the leads of a row whose units are not all known."""
    if row.leads["unknown"]:
        return " ".join(row.leads["unknown"])
    return "Chưa ghi đơn vị chủ trì."
