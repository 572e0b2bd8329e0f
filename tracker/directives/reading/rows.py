"""The rows of a table below its header: headings, tasks, rows that go on with the one above, and the rest.

Nothing is taken from a neighbour but what a merged cell says, and that is noted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.directives.reading import heading_rows
from tracker.directives.reading.columns import Columns, is_numbering, plain
from tracker.directives.reading.grids import Grid
from tracker.directives.reading.outline import Outline, kind_of_number
from tracker.directives.reading.spreading import Row, spread
from tracker.rules.texts import fold

_ENDS_LIST = re.compile(
    r"[\W_]*(ghi chu|nguoi (lap|ky)|noi nhan|luu y|tm\.|kt\.|tl\.|tuq\."
    r"|chu tich|giam doc|thu truong|luu:|ngay .* thang)"
)
_TOTAL = re.compile(
    r"(tổng (cộng|số(?! hóa| hoá))|cộng(?! đồng| tác| sinh| hòa| hoà)|tong (cong|so(?! hoa))|cong(?=:|$))"
    r"(:? .{0,30})?:?"
)
"""Marks tell «Cộng» from «Công an» and «Công Thương»."""
_FINISHED = re.compile(r"[.;:!?…)\]”\"»]\s*$")


@dataclass(slots=True)
class TaskRow:
    """A task as its row says it: texts by field as written, headings above, and where each was found.

    `rows` are the numbers of the rows that make it; `merged` are fields whose text is that of a cell reaching
    down from a row above; `cells` holds every text of the row by the header of its column.
    """

    place: str
    rows: list[int]
    texts: dict[str, str]
    cells: dict[str, str]
    section: str | None
    deadlines_above: tuple[str, ...]
    lead_above: str
    merged: dict[str, int] = field(default_factory=dict)


def task_rows(grid: Grid, columns: Columns, outline: Outline) -> Iterator[TaskRow]:
    """The tasks of a grid in their order. `outline` holds the headings in force and keeps those that stay so."""
    rows = [row for row in spread(grid, columns.first_row, columns.fields) if not _is_idle(row, columns)]
    numbered = _is_numbered(rows, columns)
    task: TaskRow | None = None
    last = columns.first_row - 1
    for place, row in enumerate(rows):
        on_new_page, last = grid.new_part(last, row.number), row.number
        if _ends_list(row):
            continue
        if on_new_page and task is None and heading_rows.goes_on(row):
            outline.lengthen(row.texts[row.filled()[0]])
        elif heading := heading_rows.heading_of(row, rows[place + 1 : place + 2], numbered=numbered):
            if task:
                yield task
            task = None
            outline.open(heading)
        elif task and _goes_on(row, task, numbered=numbered, on_new_page=on_new_page):
            _add(task, row, columns, grid)
        else:
            if task:
                yield task
            task = _task(row, columns, outline, grid)
    if task:
        yield task


def _is_idle(row: Row, columns: Columns) -> bool:
    """Whether a row is empty but for its number, numbers the columns, or repeats the header on a new page."""
    filled = row.filled()
    if not filled or is_numbering([row.texts[place] for place in filled]):
        return True
    if filled == [row.fields.get("ordinal")] and not row.from_above:
        return kind_of_number(row.own("ordinal")) != "plain"
    same = [place for place in filled if plain(row.texts[place]) == columns.keys[place]]
    return len(same) >= 2 and len(same) * 2 > len(filled)


def _is_numbered(rows: Sequence[Row], columns: Columns) -> bool:
    """Whether tasks carry numbers here: then a row without one may go on with the row above."""
    place = columns.fields.get("ordinal")
    return place is not None and sum(1 for row in rows if row.texts[place].strip()) * 3 >= len(rows)


def _ends_list(row: Row) -> bool:
    """Whether a row is a sum, a remark or a signature below the list."""
    filled = row.filled()
    first = " ".join(unicodedata.normalize("NFC", row.texts[filled[0]]).split())
    if _TOTAL.fullmatch(first.lower()):
        return True
    if len(filled) > 2 or kind_of_number(row.own("ordinal")) in ("arabic", "dotted"):
        return False
    works = filled[0] == row.fields["content"] and (row.own("lead") or row.own("deadline"))
    return not works and not first[0].islower() and bool(_ENDS_LIST.match(fold(first)))


def _goes_on(row: Row, task: TaskRow, *, numbered: bool, on_new_page: bool) -> bool:
    """Whether a row goes on with the task above: a cell that broke over a page, or lines below it."""
    if row.own("ordinal") and kind_of_number(row.own("ordinal")) != "bullet":
        return False
    content = row.own("content")
    has_work = bool(row.own("lead") or row.own("deadline"))
    if not content:
        return not (row.fields["content"] in row.from_above and has_work)
    if on_new_page and numbered:
        return True
    if _is_broken(task.texts.get("content", ""), content) and (numbered or not has_work):
        return True
    return numbered and not has_work and not (row.own("output") and row.own("coordinating"))


def _is_broken(above: str, below: str) -> bool:
    """Whether a sentence breaks off above and goes on below."""
    return bool(below[:1].islower() and above and not _FINISHED.search(above))


def _task(row: Row, columns: Columns, outline: Outline, grid: Grid) -> TaskRow:
    outline.close_before(row.text("ordinal"))
    place, number = grid.where(row.number)
    merged = {name: at for name, at in columns.fields.items() if at in row.from_above and row.texts[at].strip()}
    return TaskRow(
        place=place,
        rows=[number],
        texts={name: row.texts[at] for name, at in columns.fields.items()},
        cells={title: row.texts[at] for at, title in enumerate(columns.titles) if row.texts[at].strip()},
        section=outline.path,
        deadlines_above=outline.deadlines,
        lead_above=outline.lead,
        merged={name: grid.where(row.from_above[at])[1] for name, at in merged.items()},
    )


def _add(task: TaskRow, row: Row, columns: Columns, grid: Grid) -> None:
    """Join the row's own texts to the task's, field by field."""
    task.rows.append(grid.where(row.number)[1])
    for name in columns.fields:
        if text := row.own(name):
            task.texts[name] = _joined(task.texts.get(name, ""), text)
    for place in row.filled():
        title = columns.titles[place]
        task.cells[title] = _joined(task.cells.get(title, ""), row.texts[place])


def _joined(above: str, below: str) -> str:
    if not above.strip():
        return below
    broken = below.lstrip()[:1].islower() and not _FINISHED.search(above)
    return above.rstrip() + (" " if broken else "\n") + below.lstrip()
