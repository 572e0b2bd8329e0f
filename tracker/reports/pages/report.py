"""«Báo cáo»: the figures of a scope and a day or period on a page, and the same value as files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import jsonify, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import now, today
from tracker.errors import Invalid, NotFound
from tracker.reports.documents.facts import silences_of
from tracker.reports.files import as_csv, as_xlsx
from tracker.reports.pages.asking import Asked, asked_for, usual
from tracker.reports.pages.shared import pages, settings
from tracker.reports.queries import BREAKDOWNS, average, breakdown, figures
from tracker.reports.queries.snapshots import latest
from tracker.rules.access import OF_UNIT, Deed, may
from tracker.rules.periods import KINDS, PART_LABELS, Part, offered
from tracker.rules.rates import BOX_LABELS, DIRECTION_LABELS, RATE_FORMULAS, RATE_NAMES, Box, rates
from tracker.rules.sentences import amount
from tracker.tasks.queries import targets
from tracker.units.queries import communes
from tracker.web.access import open_to
from tracker.web.inputs import Form


@pages.get("/reports")
@open_to()
def report() -> ResponseReturnValue:
    """The report of a scope and a day or period: sentence, boxes, rates, breakdown; open to everybody signed in."""
    form = Form(request.args.to_dict())
    try:
        asked = asked_for()
    except Invalid as error:
        form, asked = Form(request.args.to_dict(), dict(error.fields), error.sentence), usual()
    counted = figures(asked.scope, asked.day, today=today())
    one_unit = current_user.role in OF_UNIT
    headline = settings().rates_headline
    page = render_template(
        "reports/report.html",
        form=form,
        asked=asked,
        figures=counted,
        lines=breakdown(asked.scope, asked.day, asked.by, today=today()),
        breakdowns=BREAKDOWNS,
        periods={KINDS[kind]: found for kind, found in offered(today()).items()},
        parts=[(part, PART_LABELS[part], counted.parts[part]) for part in _SHOWN_PARTS if counted.parts],
        rates=rates(counted.tally),
        names=RATE_NAMES,
        formulas=RATE_FORMULAS,
        labels=BOX_LABELS,
        boxes=list(Box),
        links={box.value: asked.list_url(box=box.value) for box in Box} | {"R7": asked.list_url(box="update_due")},
        targets=_targets(asked),
        directions=DIRECTION_LABELS,
        amount=amount,
        units=[] if one_unit else [(unit.id, unit.name) for unit in communes(current_user.unit_path)],
        average=average(current_user.province_path, asked.day, today=today(), headline=headline),
        headline=headline,
        query=request.args.to_dict(),
        silences=silences_of(asked.scope, asked.day),
        closed=latest(asked.scope),
        may_close=may(current_user.role, Deed.CLOSE_PERIOD),
    )
    return page, 422 if form.errors else 200


_SHOWN_PARTS = (Part.CARRIED_OVER, Part.IN_PERIOD)


def _targets(asked: Asked) -> list[list[Any]]:
    """The targets that the figures count, those of one content together in the order in which they were set."""
    alike: dict[tuple[int, str], list[Any]] = {}
    for one in targets(asked.scope.unit.path, asked.day.on):
        if asked.scope.directive is None or one.Target.directive_id == asked.scope.directive.id:
            alike.setdefault((one.Target.directive_id, one.Target.content), []).append(one)
    return list(alike.values())


@pages.get("/reports/figures.<kind>")
@open_to()
def file(kind: str) -> ResponseReturnValue:
    """The same value as JSON, CSV or Excel; open to everybody signed in."""
    asked = asked_for()
    counted = figures(asked.scope, asked.day, today=today())
    lines = breakdown(asked.scope, asked.day, asked.by, today=today())
    name = f"So-lieu_{counted.unit_code}_{counted.as_of:%Y-%m-%d}.{kind}"
    if kind == "json":
        said = counted.as_json()
        if request.args.get("by"):
            said |= {"by": asked.by, "lines": [line.as_json() for line in lines]}
        return jsonify(said)
    if kind == "csv":
        return _download(as_csv(counted, lines, BREAKDOWNS[asked.by]), name, "text/csv; charset=utf-8")
    if kind == "xlsx":
        book = as_xlsx(counted, lines, BREAKDOWNS[asked.by], made_at=now())
        return _download(book, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    raise NotFound


def _download(content: bytes, name: str, media_type: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
