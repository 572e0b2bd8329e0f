"""The heading that a table stands under, where a file has several tables of tasks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.directives.reading.outline import Heading, split_number, titled
from tracker.directives.reading.tables import TaskTable
from tracker.rules.texts import fold

_LONGEST = 300
_NO_HEADING = re.compile(r"\(|(don vi tinh|dvt|tiep theo|ghi chu|trang \d|kem theo|ban hanh kem)")


def headings_above(tables: Sequence[TaskTable]) -> list[Heading | None]:
    """For each table the last line above it that is its own; a single table has none, its title names the whole."""
    if sum(table.has_header for table in tables) < 2:
        return [None if table.has_header else _numbered(table.grid.above) for table in tables]
    lines = [_lines(table) for table in tables]
    common = set.intersection(*map(set, lines))
    return [
        _heading([line for line in own if line not in common]) if table.has_header else _numbered(table.grid.above)
        for table, own in zip(tables, lines, strict=True)
    ]


def _lines(table: TaskTable) -> list[str]:
    """The lines above the header: paragraphs before the table and rows over its header."""
    over = [" ".join(" ".join(row).split()) for row in table.grid.rows[: max(0, table.columns.header[0])]]
    return [line for line in [*table.grid.above, *over] if line.strip()]


def _heading(lines: Sequence[str]) -> Heading | None:
    for line in reversed(lines):
        if len(line) <= _LONGEST and not _NO_HEADING.match(fold(line)):
            return Heading("table", "", line)
    return None


def _numbered(lines: Sequence[str]) -> Heading | None:
    """The last line when it is numbered as a heading: it stands between two parts of one table."""
    return titled(lines[-1]) if lines and split_number(lines[-1])[0] else None
