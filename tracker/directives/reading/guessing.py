"""What a column holds when its header does not say: told from the cells below, and said to be a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tracker.directives.reading.columns import Columns
from tracker.directives.reading.grids import Grid
from tracker.directives.reading.outline import kind_of_number
from tracker.rules.texts import fold

_ENOUGH = 0.6
"""The share of filled cells that must look alike before a column is taken for a field."""
_MOST_LOOKED_AT = 200
_LONGEST_DEADLINE = 60
_DEADLINE = re.compile(
    r"((truoc|trong|den|het|cham nhat|tu|xong|hoan thanh|tu ngay|dinh ky) .{0,30})?"
    r"(ngay )?(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[/.-](19|20)\d\d|(19|20)\d\d|quy [ivx\d]+|thang \d+|"
    r"nam (19|20)\d\d|thuong xuyen|(hang|dinh ky|moi) (thang|quy|nam|tuan)|6 thang|\d{1,2}/\d{1,2}).{0,30}"
)
_AGENCY = re.compile(
    r"(ubnd|so|phong|ban|van phong|cong an|bo|cuc|chi cuc|trung tam|cac (so|xa|phong|don vi|co quan)|mttq|hoi|doan|"
    r"xa|phuong)(?![a-z])"
)


def deadlines_by_content(grid: Grid, columns: Columns) -> None:
    """Take a column for the deadlines when no header claims them and its cells read as deadlines."""
    if "deadline" in columns.fields:
        return
    used = {place for name, place in columns.fields.items() if name != "status"}
    for place in range(grid.width):
        cells = _cells(grid, place, columns.first_row)
        if place not in used and _share(cells, _is_deadline) >= _ENOUGH:
            columns.fields = {name: where for name, where in columns.fields.items() if where != place}
            columns.fields["deadline"] = place
            columns.guesses.append(f"cột «{columns.titles[place]}» được hiểu là thời hạn vì các ô ghi thời hạn.")
            return


def columns_by_content(grid: Grid) -> Columns | None:
    """The columns of a table without any header; None unless both a deadline or agency and long words are there."""
    fields: dict[str, int] = {}
    looked = [_cells(grid, place, 0) for place in range(grid.width)]
    for place, cells in enumerate(looked):
        if "ordinal" not in fields and _share(cells, _is_number) >= _ENOUGH:
            fields["ordinal"] = place
        elif "deadline" not in fields and _share(cells, _is_deadline) >= _ENOUGH:
            fields["deadline"] = place
        elif _share(cells, _is_agency) >= _ENOUGH and "coordinating" not in fields:
            fields["coordinating" if "lead" in fields else "lead"] = place
    open_places = [place for place in range(grid.width) if place not in fields.values()]
    if len(grid.rows) < 2 or not open_places or not {"deadline", "lead"} <= set(fields):
        return None
    fields["content"] = max(open_places, key=lambda place: sum(map(len, looked[place])))
    titles = [f"Cột {place + 1}" for place in range(grid.width)]
    guess = "bảng không có dòng tiêu đề; các cột được đoán từ nội dung ô, cần xem lại."
    return Columns(fields, titles, 0, (0, 0), guesses=[guess])


def _cells(grid: Grid, place: int, first: int) -> list[str]:
    rows = grid.rows[first : first + _MOST_LOOKED_AT]
    return [" ".join(row[place].split()) for row in rows if place < len(row) and row[place].strip()]


def _share(cells: Sequence[str], looks_so: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if looks_so(cell)) / len(cells) if cells else 0.0


def _is_deadline(cell: str) -> bool:
    return len(cell) <= _LONGEST_DEADLINE and bool(_DEADLINE.fullmatch(fold(cell)))


def _is_number(cell: str) -> bool:
    return kind_of_number(cell) in ("arabic", "dotted", "roman", "letter")


def _is_agency(cell: str) -> bool:
    return bool(_AGENCY.match(fold(cell).lstrip("- +•")))
