"""«Cách nhắc»: rungs, escalation, cadence and quiet hours of the province, with a look at what would follow."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.clock import now
from tracker.errors import Invalid
from tracker.reminders import queries, settling
from tracker.reminders.foreseeing import foreseen
from tracker.reminders.pages.shared import pages
from tracker.rules.access import Deed, roles_for
from tracker.rules.cadences import Forecast, settled, written
from tracker.rules.reminding import HEARER_LABELS, HEARERS, Cadence, Rung, Step, time_words
from tracker.tasks.pages.shared import me, settings
from tracker.web.access import open_to
from tracker.web.inputs import Form, Input, Text

SETTLING = tuple(sorted(roles_for(Deed.SETTLE_REMINDING)))
READING = tuple(sorted(roles_for(Deed.SETTLE_REMINDING) | roles_for(Deed.WATCH_OUTBOX)))
LABELS = {
    "days_before": (_l("Nhắc trước hạn (ngày)"), _l("Mức gần hạn nhất báo cả lãnh đạo đơn vị và đơn vị phối hợp.")),
    "days_after": (_l("Nhắc sau hạn (ngày)"), _l("Báo cán bộ và lãnh đạo đơn vị.")),
    "monitor_after_days": (_l("Báo chuyên viên theo dõi khi quá hạn (ngày)"), ""),
    "leader_after_days": (_l("Báo lãnh đạo cơ quan giao việc khi quá hạn (ngày)"), ""),
    "weeks_between": (_l("Sau đó nhắc lại vào thứ Hai, mỗi (tuần)"), ""),
    "opens_at": (_l("Gửi tin từ"), _l("Chỉ gửi vào ngày làm việc, trừ ngày cuối của hạn và ngày trước đó.")),
    "closes_at": (_l("Ngừng gửi từ"), ""),
    "digest_at": (_l("Giờ gửi bản tổng hợp"), ""),
    "digest_until": (_l("Mỗi người được chọn giờ riêng, muộn nhất"), ""),
}


class Typed(Input):
    """The fields as they are typed; the rules read them."""

    days_before = Text(max=60)
    days_after = Text(max=60)
    monitor_after_days = Text(max=60)
    leader_after_days = Text(max=60)
    weeks_between = Text(max=60)
    opens_at = Text(max=60)
    closes_at = Text(max=60)
    digest_at = Text(max=60)
    digest_until = Text(max=60)


@pages.get("/reminding")
@open_to(*READING)
def policy() -> ResponseReturnValue:
    """How the province reminds, and what other figures would bring; open to administrators and monitors."""
    present = queries.cadence_in_force(settings().cadence)
    if "days_before" not in request.args:
        return _page(Form(dict(written(present))), present)
    try:
        proposed = settled(settings().cadence, Typed.read(request.args))
    except Invalid as error:
        return _page(Form.typed(request.args, error), present), 422
    return _page(Form.typed(request.args), present, proposed)


@pages.post("/reminding")
@open_to(*SETTLING)
def settle() -> ResponseReturnValue:
    """Settle it; open to administrators."""
    try:
        settling.settle(Typed.read(request.form), settings().cadence, by=me(), now=now())
    except Invalid as error:
        return _page(Form.typed(request.form, error), queries.cadence_in_force(settings().cadence)), 422
    flash(_("Đã lưu cách nhắc; lượt nhắc tới theo cách mới."), "done")
    return redirect(url_for("reminders.policy"), 303)


def _page(form: Form, present: Cadence, proposed: Cadence | None = None) -> str:
    user, today = me(), now().date()
    before = foreseen(user, today, settings().policy, present)
    after = foreseen(user, today, settings().policy, proposed) if proposed else before
    return render_template(
        "reminders/policy.html",
        form=form,
        labels=LABELS,
        given=written(settings().cadence),
        own={one.field: one for one in queries.overrides()},
        days=[_day(day, before, after) for day in after],
        proposed=proposed is not None,
        may_settle=user.role in SETTLING,
    )


def _day(day: date, before: Forecast, after: Forecast) -> dict[str, Any]:
    """A day of the forecast: what would be said of how many assignments, to whom; and how many it is now."""
    ordered = sorted(after[day].items(), key=lambda pair: (pair[0].step.value, pair[0].days))
    said = [{"words": _words(rung), "hearers": _hearers(rung.step), "number": number} for rung, number in ordered]
    return {"day": day, "said": said, "total": after[day].total(), "present": before[day].total()}


def _words(rung: Rung) -> str:
    """A rung in words: «Còn 7 ngày», «Quá hạn 3 ngày», «Hằng tuần»."""
    if rung.step is Step.WEEKLY:
        return str(_("Quá hạn, nhắc lại thứ Hai"))
    return time_words(rung.days if rung.step in (Step.DUE_SOON, Step.LAST_WARNING) else -rung.days)


def _hearers(step: Step) -> str:
    return ", ".join(HEARER_LABELS[hearer] for hearer in HEARERS[step])
