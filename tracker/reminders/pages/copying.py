"""«Sao chép nội dung nhắc»: the words to send by hand about one assignment, some, or all that a unit owes.

Every place that offers them links here; with JavaScript one tap copies them and nobody leaves the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import NotFound
from tracker.reminders.copying import text_for_many, text_for_one, work_of
from tracker.reminders.pages.shared import pages
from tracker.rules.lifecycle import WITH_UNIT
from tracker.tasks import queries
from tracker.tasks.pages.listing import REMINDING
from tracker.tasks.pages.shared import base_url, chip_of, me, this_day
from tracker.tasks.queries import Filters
from tracker.units.queries import within
from tracker.web.access import open_to
from tracker.web.inputs import Input, Many, Number
from tracker.web.paging import SIZES


class Meant(Input):
    """Which work is meant: assignments by their ids, or what is overdue of a unit."""

    ids = Many(Number())
    unit = Number(required=False)


@pages.get("/reminder-text")
@open_to(*sorted(REMINDING))
def reminder_text() -> ResponseReturnValue:
    """The words to copy; open to the assigning side and leaders of units."""
    rows = _rows(Meant.read(request.args))
    return render_template("reminders/reminder_text.html", text=_text(rows) if rows else "", number=len(rows))


def _rows(meant: dict[str, Any]) -> Sequence[Any]:
    """The work meant that is still with its unit; raises NotFound for another side's unit, or when none is meant."""
    user, ids = me(), tuple(meant["ids"][: SIZES[-1]])
    if not (ids or meant["unit"]):
        raise NotFound(_("Chưa chọn nhiệm vụ nào để nhắc."))
    path = within(user.province_path, meant["unit"]).path if meant["unit"] else ""
    filters = Filters(view="open" if ids else "overdue", ids=ids, unit_path=path)
    found = queries.listing(user, filters, this_day(), limit=None)
    return [row for row in found if row.state in WITH_UNIT]


def _text(rows: Sequence[Any]) -> str:
    day = this_day()
    works = [work_of(row, chip_of(row, day).words) for row in rows]
    if len(rows) == 1:
        return text_for_one(works[0], f"{base_url()}{url_for('tasks.assignment', assignment_id=rows[0].id)}")
    return text_for_many(works, now(), f"{base_url()}{url_for('tasks.assignments', view='overdue')}")
