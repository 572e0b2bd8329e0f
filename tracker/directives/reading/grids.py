"""What every reader of files makes: grids of plain text, with the lines that stand above each.

A cell that spans rows or columns holds its text once, at its top left; `merges` says how far it reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""


@dataclass(slots=True)
class Grid:
    """One table: where it is, the lines of text before it, its rows as texts of cells.

    `place` is what a person calls it («Trang tính «Phụ lục»», «Bảng 2»). `flows` is true where a table may go on in
    the next grid, as on the pages of a document; `wrapped` where line breaks are only the width of a column.
    `parts` are the grids that were joined to this one: the row from which on, and their place.
    """

    place: str
    rows: list[list[str]]
    above: list[str] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    flows: bool = False
    wrapped: bool = False
    parts: list[tuple[int, str]] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max(map(len, self.rows), default=0)

    def square(self) -> None:
        """Make all rows as long as the widest, and cut merged cells at the edges: a sheet may merge beyond them."""
        rows, width = len(self.rows), self.width
        self.rows = [row + [""] * (width - len(row)) for row in self.rows]
        self.merges = [
            (top, left, min(bottom, rows - 1), min(right, width - 1))
            for top, left, bottom, right in self.merges
            if top < rows and left < width
        ]

    def where(self, row: int) -> tuple[str, int]:
        """The place and the number, counted from 1, by which a person finds a row."""
        start, place = max((part for part in self.parts if part[0] <= row), default=(0, self.place))
        return place, row - start + 1

    def new_part(self, before: int, row: int) -> bool:
        """Whether a joined grid begins between two rows, as a new page does."""
        return any(before < start <= row for start, _ in self.parts)

    def join(self, other: Grid) -> None:
        """Add the rows of a grid that goes on with this one."""
        start = len(self.rows)
        self.parts.append((start, other.place))
        self.rows += other.rows
        self.merges += [(top + start, left, bottom + start, right) for top, left, bottom, right in other.merges]


@dataclass(slots=True)
class Content:
    """All that was found in a file: its grids, its lines outside grids, and remarks for the person."""

    grids: list[Grid] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    pictures: int = 0

    @property
    def letters(self) -> int:
        """How many letters all lines and cells hold."""
        cells = (len(cell) for grid in self.grids for row in grid.rows for cell in row)
        return sum(cells) + sum(map(len, self.lines))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, to cross from the process that reads to the one that asked."""
        return asdict(self)


def content_from(said: dict[str, Any]) -> Content:
    """The content that `as_json` gave away."""
    grids = [_grid_from(grid) for grid in said.pop("grids")]
    return Content(grids=grids, **said)


def _grid_from(said: dict[str, Any]) -> Grid:
    merges: Sequence[Sequence[int]] = said.pop("merges")
    parts: Sequence[tuple[int, str]] = said.pop("parts")
    return Grid(**said, merges=[(a, b, c, d) for a, b, c, d in merges], parts=[(row, place) for row, place in parts])
