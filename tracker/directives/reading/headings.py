"""The heading that a table stands under, where a file has several tables of tasks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.directives.reading.columns import Columns
from tracker.directives.reading.deadlines import sets_deadline
from tracker.directives.reading.grids import Grid
from tracker.directives.reading.outline import Heading
from tracker.rules.texts import fold

_LONGEST = 300
_NO_HEADING = re.compile(r"\(|(don vi tinh|dvt|tiep theo|ghi chu|trang \d|kem theo|ban hanh kem)")


def headings_above(tables: Sequence[tuple[Grid, Columns]]) -> list[Heading | None]:
    """For each table the last line above it that is its own; none for a single table, whose title names the whole."""
    with_header = [pair for pair in tables if pair[1].header[1] >= 0]
    if len(with_header) < 2:
        return [None] * len(tables)
    lines = [_lines(grid, columns) for grid, columns in tables]
    common = set.intersection(*(set(each) for each in lines)) if len(lines) > 1 else set()
    return [_heading([line for line in each if line not in common]) for each in lines]


def _lines(grid: Grid, columns: Columns) -> list[str]:
    """The lines above the header: paragraphs before the table and rows over its header."""
    over = [" ".join(" ".join(row).split()) for row in grid.rows[: max(0, columns.header[0])]]
    return [line for line in [*grid.above, *over] if line.strip()]


def _heading(lines: Sequence[str]) -> Heading | None:
    for line in reversed(lines):
        if len(line) <= _LONGEST and not _NO_HEADING.match(fold(line)):
            return Heading("table", "", line, deadline=line if sets_deadline(line) else "")
    return None
