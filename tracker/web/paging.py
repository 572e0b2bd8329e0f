"""Real pages («1–50 trong 161»): officials cite page and row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for

Row = TypeVar("Row")
SIZES = (50, 100, 200)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list: its rows, its number (from 1), its size and the count of all rows."""

    rows: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first row in the whole list, from 1; 0 when the list is empty."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the last row in the whole list."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    def url(self, number: int) -> str:
        """This very list at another page, with all its filters."""
        arguments: dict[str, Any] = request.args.to_dict(flat=False)
        arguments.update(request.view_args or {})
        arguments["page"] = number
        return url_for(request.endpoint or "", **arguments)


def wanted() -> tuple[int, int]:
    """The page number and size that the address asks for, kept within bounds."""
    number = max(1, min(request.args.get("page", 1, type=int) or 1, 100_000))
    size = request.args.get("size", SIZES[0], type=int)
    return number, size if size in SIZES else SIZES[0]
