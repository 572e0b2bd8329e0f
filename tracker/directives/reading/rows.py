"""The rows of a table below its header: headings, tasks, rows that go on with the one above, and the rest.

Nothing is taken from a neighbour but what a merged cell says, and that is noted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.directives.reading.columns import Columns, is_numbering, plain
from tracker.directives.reading.grids import Grid
from tracker.directives.reading.outline import Heading, Outline, bare, depth, kind_of_number, split_number, titled
from tracker.rules.texts import fold

_OWN_WORK = ("lead", "deadline", "coordinating", "output")
_ENDS_LIST = re.compile(
    r"(ghi chu|nguoi (lap|ky)|noi nhan|luu y|tm\.|kt\.|tl\.|tuq\.|chu tich|giam doc|thu truong|luu:|ngay .* thang)"
)
_TOTAL = re.compile(r"tổng (cộng|số)( .{0,30})?:?|cộng( .{0,30})?:?|tong (cong|so)( .{0,30})?:?|cong:?")
"""Marks tell «Cộng» from «Công an» and «Công Thương»."""
_BULLET = re.compile(r"\s*[-–+•*]\s*")
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
    heading_deadline: str
    merged: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """One row spread over the columns: `own` are the columns whose text is not from a cell above."""

    number: int
    texts: list[str]
    own: set[int]
    from_above: dict[int, int]
    widest: int

    def filled(self) -> list[int]:
        return [column for column in sorted(self.own) if self.texts[column].strip()]


def task_rows(grid: Grid, columns: Columns, outline: Outline) -> Iterator[TaskRow]:
    """The tasks of a grid in their order. `outline` holds the headings in force and keeps those that stay so."""
    rows = [row for row in _spread(grid, columns.first_row) if not _is_idle(row, columns)]
    numbered = _is_numbered(rows, columns)
    task: TaskRow | None = None
    last = columns.first_row - 1
    for place, row in enumerate(rows):
        on_new_page, last = grid.new_part(last, row.number), row.number
        if _ends_list(row, columns):
            continue
        if on_new_page and task is None and _heading_goes_on(row, columns):
            outline.lengthen(row.texts[row.filled()[0]])
            continue
        heading = _heading(row, rows[place + 1 : place + 2], columns, numbered)
        if heading:
            if task:
                yield task
            task = None
            outline.open(heading)
        elif task and _goes_on(row, task, columns, numbered, on_new_page=on_new_page):
            _add(task, row, columns, grid)
        else:
            if task:
                yield task
            task = _task(row, columns, outline, grid)
    if task:
        yield task


def _spread(grid: Grid, first: int) -> list[_Row]:
    """Each row with the texts of merged cells written into every row that they cover."""
    width = grid.width
    rows = [
        _Row(number, texts + [""] * (width - len(texts)), set(range(width)), {}, 1)
        for number, texts in enumerate(grid.rows[first:], first)
    ]
    for top, left, bottom, right in grid.merges:
        if top < first or top - first >= len(rows):
            continue
        rows[top - first].widest = max(rows[top - first].widest, right - left + 1)
        text = rows[top - first].texts[left] if left < width else ""
        for number in range(top + 1, min(bottom + 1, first + len(rows))):
            row = rows[number - first]
            row.widest = max(row.widest, right - left + 1)
            if left < width and not row.texts[left].strip():
                row.texts[left] = text
                row.own.discard(left)
                row.from_above[left] = top
    return rows


def _is_idle(row: _Row, columns: Columns) -> bool:
    """Whether a row is empty, numbers the columns, or repeats the header on a new page."""
    filled = row.filled()
    if not filled or is_numbering([row.texts[column] for column in filled]):
        return True
    same = [column for column in filled if plain(row.texts[column]) == columns.keys[column]]
    return len(same) >= 2 and len(same) * 2 > len(filled)


def _is_numbered(rows: Sequence[_Row], columns: Columns) -> bool:
    """Whether tasks carry numbers here: then a row without one may go on with the row above."""
    place = columns.fields.get("ordinal")
    return place is not None and sum(1 for row in rows if row.texts[place].strip()) * 3 >= len(rows)


def _field(row: _Row, columns: Columns, name: str) -> str:
    place = columns.fields.get(name)
    return row.texts[place].strip() if place is not None else ""


def _own(row: _Row, columns: Columns, name: str) -> str:
    place = columns.fields.get(name)
    return row.texts[place].strip() if place is not None and place in row.own else ""


def _ends_list(row: _Row, columns: Columns) -> bool:
    """Whether a row is a sum, a remark or a signature below the list."""
    filled = row.filled()
    first = " ".join(unicodedata.normalize("NFC", row.texts[filled[0]]).split())
    if _TOTAL.fullmatch(first.lower()):
        return True
    if len(filled) > 2 or kind_of_number(_own(row, columns, "ordinal")) in ("arabic", "dotted"):
        return False
    works = filled[0] == columns.fields["content"] and any(_own(row, columns, name) for name in ("lead", "deadline"))
    return not works and not first[0].islower() and bool(_ENDS_LIST.match(fold(first)))


def _heading(row: _Row, after: Sequence[_Row], columns: Columns, numbered: bool) -> Heading | None:
    """The heading that a row is, or none."""
    filled = row.filled()
    ordinal, content = _own(row, columns, "ordinal"), _own(row, columns, "content")
    words = [row.texts[column] for column in filled if column != columns.fields.get("ordinal")]
    deadline = _own(row, columns, "deadline")
    if len(filled) == 1 and not words:  # all in the narrow first column
        words, ordinal = [ordinal], ""
        return titled(words[0]) if len(words[0]) > 6 or split_number(words[0])[0] else None
    if len(words) == 1 and row.widest >= max(2, (len(row.texts) - 1) // 2) and not row.from_above:
        return titled(words[0], ordinal)
    if not content or _own(row, columns, "lead") or _own(row, columns, "coordinating"):
        return None
    if len(filled) == 1 and filled[0] == columns.fields["content"] and not row.from_above:
        return _lone(content, after, columns, numbered)
    kind = kind_of_number(ordinal)
    if (
        kind in ("roman", "letter")
        and ("lead" in columns.fields or not deadline)
        and not _field(row, columns, "lead")
    ):
        return Heading(kind, ordinal, " ".join(content.split()), deadline=deadline)
    if (
        kind in ("arabic", "dotted")
        and len(words) == 1
        and not row.from_above
        and _has_children(ordinal, after, columns)
    ):
        return Heading(kind, ordinal, " ".join(content.split()), soft=True)
    return None


def _heading_goes_on(row: _Row, columns: Columns) -> bool:
    """Whether a row only ends the words of a heading that began on the page before."""
    filled = row.filled()
    return len(filled) == 1 and filled[0] != columns.fields.get("ordinal") and row.texts[filled[0]][:1].islower()


def _lone(content: str, after: Sequence[_Row], columns: Columns, numbered: bool) -> Heading | None:
    """A row with nothing but words under «nội dung»: a heading when numbered as one or in capitals."""
    number, _ = split_number(content)
    kind = kind_of_number(number) if number else ""
    in_capitals = content.upper() == content and len(content) > 6 and not _BULLET.match(content)
    if kind in ("roman", "letter") or in_capitals:
        return titled(content)
    if numbered and after and bare(_own(after[0], columns, "ordinal")) == "1" and content[:1].isupper():
        return titled(content)
    return None


def _has_children(ordinal: str, after: Sequence[_Row], columns: Columns) -> bool:
    """Whether the next row is below this one: «1.1» or «a)» or a dash under «1», with work of its own."""
    if not after:
        return False
    following = _own(after[0], columns, "ordinal")
    if not any(_field(after[0], columns, name) for name in _OWN_WORK):
        return kind_of_number(following) == "dotted" and bare(following).startswith(bare(ordinal) + ".")
    kind = kind_of_number(following)
    if kind == "dotted":
        return depth(following) > depth(ordinal) and bare(following).startswith(bare(ordinal) + ".")
    content = _own(after[0], columns, "content")
    return kind in ("small", "bullet") or (not following and bool(_BULLET.match(content)))


def _goes_on(row: _Row, task: TaskRow, columns: Columns, numbered: bool, *, on_new_page: bool) -> bool:
    """Whether a row goes on with the task above: a cell that broke over a page, or lines below it."""
    if _own(row, columns, "ordinal") and kind_of_number(_own(row, columns, "ordinal")) != "bullet":
        return False
    content = _own(row, columns, "content")
    works = [name for name in ("lead", "deadline") if _own(row, columns, name)]
    if not content:
        return not (columns.fields["content"] in row.from_above and works)
    above = task.texts.get("content", "")
    if on_new_page and numbered:
        return True
    if _is_broken(above, content) and not (works and not numbered):
        return True
    return numbered and not works and not _is_own_task(row, columns)


def _is_own_task(row: _Row, columns: Columns) -> bool:
    return bool(_own(row, columns, "output") and _own(row, columns, "coordinating"))


def _is_broken(above: str, below: str) -> bool:
    """Whether a sentence breaks off above and goes on below."""
    return bool(below[:1].islower() and above and not _FINISHED.search(above))


def _task(row: _Row, columns: Columns, outline: Outline, grid: Grid) -> TaskRow:
    ordinal = _field(row, columns, "ordinal")
    outline.close_before(ordinal)
    merged = {
        name: grid.where(row.from_above[place])[1]
        for name, place in columns.fields.items()
        if place in row.from_above and row.texts[place].strip()
    }
    return TaskRow(
        rows=[grid.where(row.number)[1]],
        place=grid.where(row.number)[0],
        texts={name: row.texts[place] for name, place in columns.fields.items()},
        cells={title: row.texts[place] for place, title in enumerate(columns.titles) if row.texts[place].strip()},
        section=outline.path,
        heading_deadline=outline.deadline,
        merged=merged,
    )


def _add(task: TaskRow, row: _Row, columns: Columns, grid: Grid) -> None:
    """Join the row's own texts to the task's, field by field."""
    task.rows.append(grid.where(row.number)[1])
    for name, place in columns.fields.items():
        if place in row.own and row.texts[place].strip():
            task.texts[name] = _joined(task.texts.get(name, ""), row.texts[place])
    for place in row.filled():
        title = columns.titles[place]
        task.cells[title] = _joined(task.cells.get(title, ""), row.texts[place])


def _joined(above: str, below: str) -> str:
    if not above.strip():
        return below
    broken = below.lstrip()[:1].islower() and not _FINISHED.search(above)
    return above.rstrip() + (" " if broken else "\n") + below.lstrip()
