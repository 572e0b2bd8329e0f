"""The rows of a grid spread over its columns: what a merged cell says stands in every row that it covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.directives.reading.grids import Grid


@dataclass(slots=True)
class Row:
    """One row of a grid. `from_above` gives, by column, the row where a cell begins that reaches down to this one.

    `widest` is the number of columns of its widest cell.
    """

    number: int
    texts: list[str]
    fields: Mapping[str, int]
    from_above: dict[int, int] = field(default_factory=dict)
    widest: int = 1

    def filled(self) -> list[int]:
        """The columns that hold a text of the row's own."""
        return [place for place, text in enumerate(self.texts) if place not in self.from_above and text.strip()]

    def text(self, name: str) -> str:
        """The text of a field, whether the row's own or of a cell from above."""
        place = self.fields.get(name)
        return self.texts[place].strip() if place is not None else ""

    def own(self, name: str) -> str:
        """The text of a field when it is the row's own."""
        return "" if self.fields.get(name) in self.from_above else self.text(name)


def spread(grid: Grid, first: int, fields: Mapping[str, int]) -> list[Row]:
    """The rows of a grid from `first` on, with the texts of cells from above filled in."""
    width = grid.width
    rows = [
        Row(number, texts + [""] * (width - len(texts)), fields)
        for number, texts in enumerate(grid.rows[first:], first)
    ]
    for top, left, bottom, right in grid.merges:
        if first <= top < first + len(rows) and left < width:
            covered = rows[top - first : bottom - first + 1]
            for row in covered:
                row.widest = max(row.widest, right - left + 1)
            for row in covered[1:]:
                _fill(row, left, covered[0])
    return rows


def _fill(row: Row, place: int, top: Row) -> None:
    if not row.texts[place].strip():
        row.texts[place] = top.texts[place]
        row.from_above[place] = top.number
