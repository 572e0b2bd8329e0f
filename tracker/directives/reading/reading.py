"""A file becomes a directive with proposed tasks: looked at, opened apart, read; nothing is kept.

file → guards → sandbox → contents, or → message → its attachments, each the same way
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tracker.directives.reading.contents import read_content
from tracker.directives.reading.grids import Content
from tracker.directives.reading.guards import bytes_of, check_size, kind_of, remarks_on
from tracker.directives.reading.messages import directive_of
from tracker.directives.reading.refusals import refusal
from tracker.directives.reading.results import ReadDirective
from tracker.directives.reading.sandbox import opened
from tracker.rules.calendar import WorkingCalendar


def read_directive(
    path: Path, calendar: WorkingCalendar, *, today: date, issued: date | None = None
) -> ReadDirective:
    """The directive and the proposed tasks of a .xlsx, .xls, .ods, .docx, .pdf or .edxml file.

    `issued` is the day of the paper when a person gave it; else the file's own, else `today`, which is said.
    Raises Invalid, in one sentence, for a file that cannot be read or holds a secret paper.
    """
    return read_bytes(bytes_of(path), calendar, today=today, issued=issued)


def read_bytes(data: bytes, calendar: WorkingCalendar, *, today: date, issued: date | None = None) -> ReadDirective:
    """The same for the bytes of a file, as an upload gives them."""
    check_size(data)
    kind = kind_of(data)
    if kind == "xml":
        return directive_of(data, calendar, today=today, issued=issued)
    content = opened(data, kind)
    _check_filled(content, data)
    return read_content(content, calendar, today=today, issued=issued, remarks=remarks_on(data))


def _check_filled(content: Content, data: bytes) -> None:
    if content.lines or any(cell.strip() for grid in content.grids for row in grid.rows for cell in row):
        return
    if b"%PDF-" in data[:1024]:
        raise refusal("scan")
    raise refusal("drawn" if content.pictures or b"/media/" in data else "blank")
