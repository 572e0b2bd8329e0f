"""«Cách nhắc»: rungs, escalation, quiet hours, who hears what by which channel, and a look at what would follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.clock import now
from tracker.errors import Invalid, NotFound
from tracker.reminders import queries, settling
from tracker.reminders.commands import manner
from tracker.reminders.foreseeing import Forecast, Look
from tracker.reminders.manner import Manner
from tracker.reminders.pages.shared import pages
from tracker.reminders.queries import own_cadences
from tracker.rules.access import Deed, roles_for
from tracker.rules.cadences import FIELDS, cell_field, settled, written
from tracker.rules.notices import HEARER_LABELS, STEP_LABELS, Audience, Hearer, Step, cells_of, may_hear
from tracker.rules.reminding import Cadence, Rung, time_words
from tracker.tasks.pages.shared import me, settings
from tracker.web.access import open_to
from tracker.web.inputs import Form

SETTLING = tuple(sorted(roles_for(Deed.SETTLE_REMINDING)))
READING = tuple(sorted(roles_for(Deed.SETTLE_REMINDING) | roles_for(Deed.WATCH_OUTBOX)))
LABELS = {
    "receive_within_days": (_l("Nhắc khi chưa tiếp nhận sau (ngày làm việc)"), ""),
    "days_before": (_l("Nhắc trước hạn (ngày)"), _l("Mức gần hạn nhất là mức nhắc trước hạn cuối cùng.")),
    "days_after": (_l("Nhắc sau hạn (ngày)"), ""),
    "monitor_after_days": (_l("Leo thang đến chuyên viên theo dõi khi quá hạn (ngày)"), ""),
    "leader_after_days": (_l("Leo thang đến lãnh đạo khi quá hạn (ngày)"), ""),
    "weeks_between": (_l("Sau đó nhắc lại vào thứ Hai, mỗi (tuần)"), ""),
    "opens_at": (_l("Gửi tin từ"), _l("Chỉ gửi vào ngày làm việc, trừ ngày cuối của hạn và ngày trước đó.")),
    "closes_at": (_l("Ngừng gửi từ"), ""),
    "digest_at": (_l("Giờ gửi bản tổng hợp"), ""),
    "digest_until": (_l("Mỗi người được chọn giờ riêng, muộn nhất"), ""),
}


@pages.get("/reminding")
@open_to(*READING)
def policy() -> ResponseReturnValue:
    """How the province reminds, and what else would bring; open to administrators and monitors."""
    kind, present = chosen(request.args)[0], _present()
    try:
        proposal = looked_at(request.args, present)
    except Invalid as error:
        return _page(kind, Form.typed(request.args, error), present), 422
    if not proposal:
        return _page(kind, Form(dict(written(present))), present)
    return _page(kind, Form.typed(request.args), present, proposal)


@pages.post("/reminding")
@open_to(*SETTLING)
def settle() -> ResponseReturnValue:
    """Settle it; open to administrators."""
    kind, fields = chosen(request.form)
    try:
        settling.settle(_typed(request.form, fields), _given(), by=me(), now=now())
    except Invalid as error:
        return _page(kind, Form.typed(request.form, error), _present()), 422
    flash(_("Đã lưu cách nhắc; lượt nhắc tới theo cách mới."), "done")
    return redirect(url_for("reminders.policy"), 303)


def looked_at(asked: Mapping[str, str], present: Cadence) -> dict[str, str]:
    """The change that the address looks at, as it is typed; none when it has no such field.

    Raises Invalid when it does not fit together, NotFound for a kind of notice that does not exist.
    """
    fields = chosen(asked)[1]
    if not any(name in asked for name in fields):
        return {}
    typed = _typed(asked, fields)
    settled(present, typed)
    return typed


def manners(proposal: Mapping[str, str]) -> tuple[Manner, ...]:
    """How the house reminds and, if the province looks at a proposal, how it would if that were saved."""
    present = manner(settings())
    if not proposal:
        return (present,)
    return present, replace(present, own=own_cadences(present.cadence, {me().province_path: proposal}))


def chosen(typed: Mapping[str, str]) -> tuple[Step | None, list[str]]:
    """The kind of notice that is looked at, if one is, and the fields that its form has."""
    name = typed.get("kind", "")
    if not name:
        return None, list(FIELDS)
    if name not in list(Step):
        raise NotFound(_("Không có loại thông báo này."))
    kind = Step(name)
    return kind, [cell_field(kind, hearer) for hearer in may_hear(kind)]


def _typed(typed: Mapping[str, str], fields: list[str]) -> dict[str, str]:
    """The fields as they are typed; the rules read them and complain."""
    return {name: typed.get(name, "")[:60] for name in fields}


def _present() -> Cadence:
    return queries.cadence_in_force(settings().cadence, me().province_path)


def _given() -> Cadence:
    """What would hold if the province had settled nothing."""
    above = me().province_path.rstrip("/").rpartition("/")[0]
    return queries.cadence_in_force(settings().cadence, f"{above}/")


def _page(kind: Step | None, form: Form, present: Cadence, proposal: Mapping[str, str] | None = None) -> str:
    user, shown = me(), settled(present, proposal or {})
    forecasts = Look(user, now(), *manners(proposal or {})).forecasts()
    return render_template(
        "reminders/policy.html",
        form=form,
        kind=kind,
        labels=LABELS,
        steps=STEP_LABELS,
        hearers=HEARER_LABELS,
        cells_of=cells_of,
        matrix=_matrix(shown, present),
        given=written(_given()),
        own={one.field: one for one in queries.own_overrides(user.province_path)},
        days=[_day(day, forecasts[0], forecasts[-1], shown.audience) for day in forecasts[-1]],
        proposal={"kind": kind, **proposal} if proposal else {},
        may_settle=user.role in SETTLING,
    )


def _matrix(shown: Cadence, present: Cadence) -> list[dict[str, Any]]:
    """Each kind with what every capacity hears of it; `new` marks what is only looked at."""
    return [
        {
            "step": step,
            "label": label,
            "cells": [_cell(step, hearer, shown.audience, present.audience) for hearer in Hearer],
        }
        for step, label in STEP_LABELS.items()
    ]


def _cell(step: Step, hearer: Hearer, shown: Audience, present: Audience) -> dict[str, Any]:
    said = shown[step].get(hearer, "")
    return {
        "field": cell_field(step, hearer),
        "hearer": hearer,
        "possible": hearer in may_hear(step),
        "said": said,
        "new": said != present[step].get(hearer, ""),
    }


def _day(day: date, before: Forecast, after: Forecast, audience: Audience) -> dict[str, Any]:
    """A day of the forecast: what would be said of how many assignments, to whom; and how many it is now."""
    said = [
        {
            "words": words(rung),
            "hearers": _hearers(audience, rung.step),
            "number": number,
            "of_units": rung.step is Step.DAILY,
        }
        for rung, number in in_order(after[day])
    ]
    return {"day": day, "said": said, "total": _of_work(after[day]), "present": _of_work(before[day])}


def _of_work(said: Mapping[Rung, int]) -> int:
    """Of how many assignments something is said."""
    return sum(number for rung, number in said.items() if rung.step is not Step.DAILY)


def in_order(said: Mapping[Rung, int]) -> list[tuple[Rung, int]]:
    """What is said, in the order of an assignment's life: not received, long before the due date, long after it."""
    steps = list(STEP_LABELS)
    ahead = (Step.DUE_SOON, Step.LAST_WARNING)
    return sorted(
        said.items(),
        key=lambda pair: (steps.index(pair[0].step), -pair[0].days if pair[0].step in ahead else pair[0].days),
    )


def words(rung: Rung) -> str:
    """A rung in words: «Còn 7 ngày», «Quá hạn 3 ngày», «Chưa tiếp nhận»."""
    if rung.step in (Step.UNRECEIVED, Step.DAILY):
        return STEP_LABELS[rung.step]
    if rung.step is Step.WEEKLY:
        return str(_("Quá hạn, nhắc lại thứ Hai"))
    return time_words(rung.days if rung.step in (Step.DUE_SOON, Step.LAST_WARNING) else -rung.days)


def _hearers(audience: Audience, step: Step) -> str:
    return ", ".join(HEARER_LABELS[hearer] for hearer in audience[step])
