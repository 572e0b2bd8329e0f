"""What was opened becomes a directive with proposed tasks: its paper, its tables of tasks, each row read.

grids → tables and columns → rows → tasks, with sentences about whatever a person should look at
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from tracker.directives.reading.deadlines import deadline_reader
from tracker.directives.reading.grids import Content
from tracker.directives.reading.headings import headings_above
from tracker.directives.reading.letterhead import paper_of
from tracker.directives.reading.outline import Outline
from tracker.directives.reading.results import PaperFields, ReadDirective, ReadTask
from tracker.directives.reading.rows import task_rows
from tracker.directives.reading.tables import TaskTable, task_tables
from tracker.directives.reading.tasks import TaskReader
from tracker.errors import Invalid
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.papers import CLASSIFIED_STAYS_OUT, secret_fields

_STAMP = re.compile(r"(TUYỆT |TỐI )?MẬT")
_HEAD = 60
"""Lines and cells from the top among which a stamp of secrecy is looked for."""
NO_TABLE = (
    "Không thấy bảng nhiệm vụ (bảng có cột nội dung cùng cột chủ trì, phối hợp hoặc thời hạn); "
    "hãy kiểm tra dòng tiêu đề của bảng."
)
ROWS_HAVE_DAYS = "Không thấy ngày ban hành trong tệp; thời hạn tính theo ngày giao ghi ở từng dòng."
NO_DAY = "Không thấy ngày ban hành trong tệp; thời hạn tính theo ngày {:%d/%m/%Y}."


def read_content(
    content: Content,
    calendar: WorkingCalendar,
    *,
    today: date,
    issued: date | None = None,
    remarks: Sequence[str] = (),
    known: PaperFields | None = None,
) -> ReadDirective:
    """The directive in what was opened. `known` is what a message said about the paper, over its own words."""
    tables = task_tables(content.grids)
    paper = known or _paper(content, tables)
    refuse_secret(paper, content)
    problems = [*remarks, *content.remarks]
    day = issued or paper.issued_on
    rows_have_days = day is None and any("assigned" in table.columns.fields for table in tables)
    if day is None:
        day = today
        problems.append(ROWS_HAVE_DAYS if rows_have_days else NO_DAY.format(day))
    if issued and paper.issued_on and issued != paper.issued_on:
        problems.append(f"Tệp ghi ngày {paper.issued_on:%d/%m/%Y}, khác ngày ban hành đã nhập {issued:%d/%m/%Y}.")
    if issued:
        paper = replace(paper, issued_on=issued)
    read_from = cache(lambda each: deadline_reader(each, calendar)) if rows_have_days else None
    tasks = tuple(_tasks(tables, TaskReader(deadline_reader(day, calendar), read_from)))
    problems += [f"{table.grid.place}: {guess}" for table in tables for guess in table.columns.guesses]
    problems += [_two_columns(table) for table in tables if table.columns.spare_fields]
    if not tasks:
        problems.append(_why_none(content, tables))
    return ReadDirective(paper, tasks, tuple(dict.fromkeys(problems)), day)


def refuse_secret(paper: PaperFields, content: Content | None = None) -> None:
    """Raises Invalid for a paper that shows that it is secret (D10), or a file that carries the stamp."""
    lines = (
        [] if content is None else [*content.lines, *(c for grid in content.grids for r in grid.rows[:5] for c in r)]
    )
    stamped = any(_STAMP.fullmatch(part.strip()) for line in lines[:_HEAD] for part in line.split("\n"))
    if stamped or secret_fields(doc_symbol=paper.doc_symbol, abstract=paper.subject):
        raise Invalid({}, CLASSIFIED_STAYS_OUT)


def _paper(content: Content, tables: Sequence[TaskTable]) -> PaperFields:
    """The paper by its lines in their order: those before the first table of tasks, letterhead tables included."""
    lines: list[str] = []
    first = tables[0].grid if tables else None
    for grid in content.grids:
        lines += grid.above
        if grid is first:
            lines += [cell for row in grid.rows[: tables[0].columns.header[0]] for cell in row if cell.strip()]
            break
        lines += [cell for row in grid.rows[:10] for cell in row if cell.strip()]
    return paper_of(lines or content.lines)


def _tasks(tables: Sequence[TaskTable], reader: TaskReader) -> Iterator[ReadTask]:
    outline = Outline()
    for table, heading in zip(tables, headings_above(tables), strict=True):
        if table.has_header:
            outline = Outline()
        if heading:
            outline.open(heading)
        for row in task_rows(table.grid, table.columns, outline):
            yield reader.task(row, table.grid, table.columns)


def _two_columns(table: TaskTable) -> str:
    named = "; ".join(f"«{table.columns.titles[column]}»" for column in table.columns.spare_fields)
    return f"{table.grid.place}: còn cột {named} chưa dùng vì đã có cột khác cùng nghĩa."


def _why_none(content: Content, tables: Sequence[TaskTable]) -> str:
    if tables:
        return "Có bảng nhiệm vụ nhưng không có dòng nhiệm vụ nào dưới tiêu đề."
    if content.pictures and not any(len(grid.rows) > 2 for grid in content.grids):
        return "Không thấy bảng chữ, chỉ có hình ảnh; hãy dùng bản Word, Excel gốc của bảng nhiệm vụ."
    return NO_TABLE
