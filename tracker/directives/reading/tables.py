"""The tables of a file that list tasks; those that pages or remarks cut in pieces are put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.directives.reading.columns import Columns, columns_of
from tracker.directives.reading.grids import Grid
from tracker.directives.reading.guessing import columns_by_content, goes_on_alike, settle


@dataclass(slots=True)
class TaskTable:
    """A grid and what its columns mean; one without a header has the columns of the table before it."""

    grid: Grid
    columns: Columns

    @property
    def has_header(self) -> bool:
        """Whether the table's own rows say what its columns are."""
        return self.columns.header[1] >= 0


def task_tables(grids: Sequence[Grid]) -> list[TaskTable]:
    """The tables of tasks in their order. A grid of pages that follows one directly, alike in columns, joins it.

    Where no table of the file has a header, columns are guessed from their cells.
    """
    for grid in grids:
        grid.square()
    tables = _with_headers(grids)
    return tables or [TaskTable(grid, columns) for grid in grids if (columns := columns_by_content(grid))]


def _with_headers(grids: Sequence[Grid]) -> list[TaskTable]:
    tables: list[TaskTable] = []
    for grid in grids:
        before = tables[-1] if tables else None
        columns = columns_of(grid)
        if columns and not settle(grid, columns):
            columns = None
        if before and grid.flows and _goes_on(before, grid, columns):
            if not grid.above:
                before.grid.join(grid)
                continue
            columns = columns or replace(before.columns, first_row=0, header=(0, -1))
        if columns:
            tables.append(TaskTable(grid, columns))
    return tables


def _goes_on(before: TaskTable, grid: Grid, columns: Columns | None) -> bool:
    """Whether a grid is a piece of the table before: with its header again, or with none and cells like its."""
    if grid.width != before.grid.width:
        return False
    return columns.keys == before.columns.keys if columns else goes_on_alike(grid, before.columns)
