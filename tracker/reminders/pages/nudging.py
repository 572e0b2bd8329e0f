"""«Đôn đốc»: urging one or many assignments by hand, after a look at who will hear what."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.acting import User
from tracker.clock import now
from tracker.errors import Invalid, NotFound, Refused
from tracker.reminders import nudging as deeds
from tracker.reminders.commands import letterhead, manner
from tracker.reminders.letters.messages import line
from tracker.reminders.pages.shared import pages
from tracker.reminders.previewing import nudge_letter
from tracker.reminders.situations import would_hear
from tracker.rules.access import Deed, roles_for
from tracker.rules.notices import Step
from tracker.tasks import queries
from tracker.tasks.pages.shared import chip_of, me, settings, this_day
from tracker.tasks.queries import Filters
from tracker.web.access import open_to
from tracker.web.inputs import Form, Input, Many, Number, Text
from tracker.web.paging import SIZES

URGING = tuple(sorted(roles_for(Deed.NUDGE) | roles_for(Deed.URGE)))


class Chosen(Input):
    """Which assignments are meant, ticked in a list or come to from one page."""

    ids = Many(Number())
    assignment_id = Number(required=False)


class Urging(Chosen):
    """The same with a word of one's own."""

    text = Text(max=300, required=False)


@pages.get("/nudges/new")
@open_to(*URGING)
def nudging() -> ResponseReturnValue:
    """Who will hear what; open to the assigning side and leaders of units."""
    return _page(Form.typed(request.args), _ids(Chosen.read(request.args)))


@pages.post("/nudges")
@open_to(*URGING)
def nudge() -> ResponseReturnValue:
    """Urge what may be urged and say what was left out; open to the assigning side and leaders of units."""
    user, moment = me(), now()
    try:
        typed = Urging.read(request.form)
    except Invalid as error:
        return _page(Form.typed(request.form, error), _ids(Chosen.read(request.form))), 422
    ids = _ids(typed)
    done = [each for each in ids if _urged(each, typed["text"], user, moment)]
    if done:
        flash(_("Đã ghi đôn đốc %(n)s nhiệm vụ; người nhận được báo ở lượt nhắc tới.", n=len(done)), "done")
    if len(done) < len(ids):
        flash(_("%(n)s nhiệm vụ được giữ nguyên vì hôm nay không đôn đốc được.", n=len(ids) - len(done)), "warn")
    if len(ids) == 1:
        return redirect(url_for("tasks.assignment", assignment_id=ids[0]), 303)
    return redirect(url_for("tasks.assignments", view="overdue"), 303)


def _ids(typed: dict[str, Any]) -> list[int]:
    single = [typed["assignment_id"]] if typed["assignment_id"] else []
    return list(dict.fromkeys([*single, *typed["ids"]]))[: SIZES[-1]]


def _urged(assignment_id: int, text: str, user: User, moment: Any) -> bool:
    try:
        one = queries.assignment(user, assignment_id)
        deeds.nudge(one, text, by=user, now=moment, policy=settings().policy)
    except (Refused, NotFound):
        return False
    return True


def _page(form: Form, ids: list[int]) -> str:
    """The letter as it would leave, and the assignments chosen with their hearers, or why they are left out."""
    user, moment = me(), now()
    rows = queries.listing(user, Filters(ids=tuple(ids)), this_day(moment), limit=len(ids)) if ids else []
    if not rows:
        raise NotFound(_("Chưa chọn nhiệm vụ nào để đôn đốc."))
    found = [row.id for row in rows]
    reasons = deeds.reasons_against(found, moment.date(), user)
    step = Step.URGED if deeds.deed_of(user) is Deed.URGE else Step.NUDGED
    hearers = would_hear(step, moment, manner(settings()), found)
    possible = [row.id for row in rows if row.id not in reasons]
    first, text = (possible or [0])[0], str(form.values.get("text", ""))
    head = letterhead(settings())
    letter = nudge_letter(first, hearers.get(first, []), text or "…", by=user, now=moment, head=head)
    return render_template(
        "reminders/nudging.html",
        form=form,
        works=[_work(row, hearers.get(row.id, []), reasons.get(row.id, "")) for row in rows],
        possible=possible,
        letter=letter,
        line=line(_("%(name)s nhắc", name=user.name), next(row.content for row in rows if row.id == first))
        if possible
        else "",
    )


def _work(row: Any, hearers: Any, reason: str) -> dict[str, Any]:
    return {
        "row": row,
        "chip": chip_of(row, this_day()),
        "hearers": [contact.name for _, contact in hearers],
        "reason": reason,
    }
