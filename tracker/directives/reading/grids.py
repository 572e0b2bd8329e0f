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

    `place` is what a person calls it («Trang tính «Phụ lục»», «Bảng 2»); `first_row` is the number that the
    person's program shows for the first row. `wrapped` is true where line breaks are only the page's width.
    """

    place: str
    rows: list[list[str]]
    above: list[str] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    first_row: int = 1
    wrapped: bool = False

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max(map(len, self.rows), default=0)


@dataclass(slots=True)
class Content:
    """All that was found in a file: its grids, its lines outside grids, and remarks for the person."""

    grids: list[Grid] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    pictures: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, to cross from the process that reads to the one that asked."""
        return asdict(self)


def content_from(said: dict[str, Any]) -> Content:
    """The content that `as_json` gave away."""
    grids = [_grid_from(grid) for grid in said.pop("grids")]
    return Content(grids=grids, **said)


def _grid_from(said: dict[str, Any]) -> Grid:
    merges: Sequence[Sequence[int]] = said.pop("merges")
    return Grid(**said, merges=[(a, b, c, d) for a, b, c, d in merges])
