"""«Tạm ngừng nhắc»: areas of which nobody is reminded for a time, with reason and author, for all to see."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.acting import User
from tracker.clock import now
from tracker.errors import Invalid, TrackerError
from tracker.reminders import outbox as questions
from tracker.reminders import settling
from tracker.reminders.pages.shared import pages
from tracker.rules.access import Deed, roles_for
from tracker.tasks.pages.shared import me
from tracker.units.queries import children, communes, within
from tracker.web.access import open_to
from tracker.web.inputs import Day, Form, Input, Number, Text

SILENCING = tuple(sorted(roles_for(Deed.SILENCE)))


class Wanted(Input):
    """An area, a period and why."""

    unit = Number()
    from_on = Day()
    until_on = Day()
    reason = Text(max=300)


@pages.get("/silences")
@open_to(*SILENCING)
def silences() -> ResponseReturnValue:
    """The silences there are and were, and a form for one more; open to administrators and monitors."""
    return _page(Form({"from_on": f"{now():%d/%m/%Y}"}))


def _page(form: Form) -> str:
    user, today = me(), now().date()
    return render_template(
        "reminders/silences.html",
        form=form,
        found=questions.silences(user),
        areas=_areas(user),
        today=today,
    )


def _areas(user: User) -> list[tuple[int, str]]:
    """What may fall silent: the province and each commune; for who keeps the whole house, each province."""
    if user.province_id is None:
        return [(unit.id, unit.name) for unit in children(within("/", user.unit_id))]
    everywhere = (user.province_id, str(_("Toàn tỉnh")))
    return [everywhere, *((unit.id, unit.name) for unit in communes(user.province_path))]


@pages.post("/silences")
@open_to(*SILENCING)
def silence() -> ResponseReturnValue:
    """Begin a silence; open to administrators and monitors."""
    user = me()
    try:
        typed = Wanted.read(request.form)
        unit = within(user.province_path, typed["unit"])
        settling.silence(unit, typed["from_on"], typed["until_on"], typed["reason"], by=user, now=now())
    except Invalid as error:
        return _page(Form.typed(request.form, error)), 422
    until = f"{typed['until_on']:%d/%m/%Y}"
    flash(_("Đã tạm ngừng nhắc ở %(unit)s đến hết %(day)s.", unit=unit.name, day=until), "done")
    return redirect(url_for("reminders.silences"), 303)


@pages.post("/silences/<int:silence_id>/lifting")
@open_to(*SILENCING)
def lifting(silence_id: int) -> ResponseReturnValue:
    """End a silence before its time; open to administrators and monitors."""
    user = me()
    try:
        settling.lift(questions.silence(user, silence_id), by=user, now=now())
        flash(_("Đã nhắc trở lại; những gì còn đúng được gửi ở lượt tới."), "done")
    except TrackerError as refusal:
        if refusal.status != 409:
            raise
        flash(refusal.sentence, "warn")
    return redirect(url_for("reminders.silences"), 303)
