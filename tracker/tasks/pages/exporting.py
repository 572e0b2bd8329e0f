"""The list as CSV for machines: the rows, names and conditions of the screen, one file."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from flask import request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Invalid
from tracker.rules.cells import BOM, csv_cell
from tracker.tasks import queries, workbook
from tracker.tasks.pages.listing import (
    LARGEST_EXPORT,
    LOOKING,
    VIEW_LABELS,
    asked_of,
    cells_of,
    day_asked,
    file_name,
    order_asked,
)
from tracker.tasks.pages.shared import me, pages
from tracker.web.access import open_to


@pages.get("/assignments.csv")
@open_to(*LOOKING)
def assignments_csv() -> ResponseReturnValue:
    """The same rows as the list shows, all pages of it, as CSV; open to whom the list is open."""
    user, moment = me(), now()
    filters, form = asked_of(user, request.args)
    if form.errors:
        raise Invalid(form.errors)
    day = day_asked(filters)
    sort, descending = order_asked()
    rows = queries.listing_streamed(user, filters, day, sort=sort, descending=descending, limit=LARGEST_EXPORT)
    file = tempfile.TemporaryFile()  # noqa: SIM115 – the answer is streamed from it and closes it
    write_csv(file, cells_of(rows, day))
    file.seek(0)
    name = f"{file_name(_('Nhiệm vụ'), VIEW_LABELS[filters.view])}_{moment:%Y-%m-%d_%H%M}.csv"
    return send_file(file, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=name)


def write_csv(file: IO[bytes], rows: Iterable[Iterable[Any]]) -> None:
    """Write the rows below the heads of the workbook: UTF-8 with BOM, semicolons; rows leave memory as they come."""
    file.write(BOM)
    for line in _lines([workbook.HEADS], rows):
        file.write(line)


def _lines(*parts: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for part in parts:
        for row in part:
            writer.writerow([csv_cell(cell) for cell in row])
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
