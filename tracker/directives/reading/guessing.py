"""What a column holds when its header does not say: told from the cells below, and said to be a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tracker.directives.reading.columns import Columns, claims, is_of_tasks
from tracker.directives.reading.grids import Grid
from tracker.directives.reading.outline import kind_of_number
from tracker.rules.mentions import names_unit
from tracker.rules.texts import fold

_ENOUGH = 0.6
"""The share of filled cells that must look alike before a column is taken for a field."""
_STRONG = 9
"""A claim lighter than this is checked against the cells."""
_SPARSE, _DENSE = 0.7, 0.8
_SHORT = 12
"""Letters; words for a task are longer than this on the average."""
_MOST_LOOKED_AT = 200
_LONGEST_DEADLINE = 60
_DEADLINE = re.compile(
    r"((truoc|trong|den|het|cham nhat|tu|xong|hoan thanh|tu ngay|dinh ky) .{0,30})?"
    r"(ngay )?(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[/.-](19|20)\d\d|(19|20)\d\d|quy [ivx\d]+|thang \d+|"
    r"nam (19|20)\d\d|thuong xuyen|(hang|dinh ky|moi) (thang|quy|nam|tuan)|6 thang|\d{1,2}/\d{1,2}).{0,30}"
)
_TIME = re.compile(
    r"\d|thuong xuyen|dinh ky|hang |moi |quy|thang|nam|ngay|khi |sau |theo |nt|nhu tren|tuan|buoi|sang|chieu"
)


def settle(grid: Grid, columns: Columns) -> bool:
    """Check weak claims of headers against the cells; whether a list of tasks is left.

    «Đơn vị» above «%» and «tỷ lệ» is a unit of measure, a «nhiệm vụ» of codes has its words in another column.
    """
    _longest_content(grid, columns)
    _groups_of_rows(grid, columns)
    for name, looks_so, least in (("lead", names_unit, 0.4), ("deadline", _tells_time, 0.3)):
        place = columns.fields.get(name)
        if place is not None and _is_weak(columns.keys[place], name):
            cells = _cells(grid, place, columns.first_row)
            if cells and _share(cells, looks_so) < least:
                del columns.fields[name]
    _deadlines_by_content(grid, columns)
    return is_of_tasks(columns) and _has_words(grid, columns)


def goes_on_alike(grid: Grid, columns: Columns) -> bool:
    """Whether a grid without a header has cells like those that the columns promise: numbers, else times."""
    for name, looks_so in (("ordinal", _is_number), ("deadline", _tells_time)):
        if name in columns.fields:
            cells = _cells(grid, columns.fields[name], 0)
            return _share(cells, looks_so) >= _ENOUGH if cells else not grid.above
    return not grid.above


def _is_weak(title: str, name: str) -> bool:
    return dict(claims(title)).get(name, 0) < _STRONG


def _longest_content(grid: Grid, columns: Columns) -> None:
    """Where several columns claim the content, the short one holds codes and the long one the words."""
    place = columns.fields["content"]
    rivals = [column for column, name in columns.spare.items() if name == "content"]
    lengths = {column: _mean_length(_cells(grid, column, columns.first_row)) for column in (place, *rivals)}
    longest = max(lengths, key=lambda column: lengths[column])
    if lengths[place] < _SHORT and lengths[longest] > 3 * lengths[place]:
        columns.fields["content"] = longest
        columns.spare = {column: name for column, name in columns.spare.items() if column != longest}
        if "ordinal" not in columns.fields:
            columns.fields["ordinal"] = place


def _groups_of_rows(grid: Grid, columns: Columns) -> None:
    """Of two columns of content, one that is filled in few rows groups the rows of the other: it is a heading."""
    place = columns.fields["content"]
    for rival in [column for column, name in columns.spare.items() if name == "content"]:
        group, words = sorted((place, rival))
        if _density(grid, group, columns) < _SPARSE and _density(grid, words, columns) > _DENSE:
            columns.fields |= {"group": group, "content": words}
            columns.spare = {column: name for column, name in columns.spare.items() if column not in (group, words)}
            return


def _density(grid: Grid, place: int, columns: Columns) -> float:
    """The share of rows, headings over the table aside, that hold a text in this column."""
    rows = [row for row in grid.rows[columns.first_row :] if sum(1 for cell in row if cell.strip()) > 1]
    return sum(1 for row in rows if place < len(row) and row[place].strip()) / len(rows) if rows else 0.0


def _mean_length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells) if cells else 0.0


def _has_words(grid: Grid, columns: Columns) -> bool:
    """Whether a list that names neither unit nor time at least has words for its tasks."""
    if columns.fields.keys() & {"lead", "coordinating", "deadline"}:
        return True
    return _mean_length(_cells(grid, columns.fields["content"], columns.first_row)) >= _SHORT


def _deadlines_by_content(grid: Grid, columns: Columns) -> None:
    """Take a column for the deadlines when no header claims them and its cells read as deadlines."""
    if "deadline" in columns.fields:
        return
    used = {place for name, place in columns.fields.items() if name not in ("status", "day")}
    for place in range(grid.width):
        cells = _cells(grid, place, columns.first_row)
        if place not in used and _share(cells, _is_deadline) >= _ENOUGH:
            columns.fields = {name: where for name, where in columns.fields.items() if where != place}
            columns.fields["deadline"] = place
            columns.guesses.append(f"cột «{columns.titles[place]}» được hiểu là thời hạn vì các ô ghi thời hạn.")
            return


def columns_by_content(grid: Grid) -> Columns | None:
    """The columns of a table without a known header; None unless deadlines, agencies and words are all there."""
    fields: dict[str, int] = {}
    looked = [_cells(grid, place, 0) for place in range(grid.width)]
    for place, cells in enumerate(looked):
        for name, looks_so in (("ordinal", _is_number), ("deadline", _is_deadline), ("lead", names_unit)):
            if _share(cells, looks_so) >= _ENOUGH:
                _take(fields, name, place)
                break
    open_places = [place for place in range(grid.width) if place not in fields.values()]
    if len(grid.rows) < 2 or not open_places or not {"deadline", "lead"} <= set(fields):
        return None
    fields["content"] = max(open_places, key=lambda place: sum(map(len, looked[place])))
    first = 0 if _is_deadline(" ".join(grid.rows[0][fields["deadline"]].split())) else 1
    titles = [f"Cột {place + 1}" for place in range(grid.width)]
    guess = "bảng không có dòng tiêu đề đọc được; các cột được đoán từ nội dung ô, cần xem lại."
    return Columns(fields, titles, first, (0, 0), guesses=[guess])


def _take(fields: dict[str, int], name: str, place: int) -> None:
    """Give a column a field: of two columns of days the second is the deadline, of two units the first leads."""
    if name == "deadline" and "deadline" in fields:
        fields["start"] = fields["deadline"]
    if name == "lead" and "lead" in fields:
        fields.setdefault("coordinating", place)
    elif name == "deadline" or name not in fields:
        fields[name] = place


def _cells(grid: Grid, place: int, first: int) -> list[str]:
    rows = grid.rows[first : first + _MOST_LOOKED_AT]
    return [" ".join(row[place].split()) for row in rows if place < len(row) and row[place].strip()]


def _share(cells: Sequence[str], looks_so: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if looks_so(cell)) / len(cells) if cells else 0.0


def _is_deadline(cell: str) -> bool:
    return len(cell) <= _LONGEST_DEADLINE and bool(_DEADLINE.fullmatch(fold(cell)))


def _tells_time(cell: str) -> bool:
    """Whether a cell may be a deadline at all: it has a figure or a word of time."""
    return bool(_TIME.search(fold(cell)))


def _is_number(cell: str) -> bool:
    return kind_of_number(cell) in ("arabic", "dotted", "roman", "letter")
