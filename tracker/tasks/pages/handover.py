"""Handover of a person's open work to a successor, and locking the account, for administrators (D14)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.models import Person
from tracker.accounts.queries import officers, person
from tracker.clock import now, today
from tracker.errors import Invalid
from tracker.rules.access import Role
from tracker.tasks.handing_over import close_account, hand_over, open_work
from tracker.tasks.pages.shared import me, pages
from tracker.web.access import open_to
from tracker.web.inputs import Flag, Form, Input, Number


class Handover(Input):
    """Who goes on with the work, and whether the account is locked with it."""

    successor_id = Number()
    lock = Flag()


@pages.route("/people/<int:person_id>/handover", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def handover(person_id: int) -> ResponseReturnValue:
    """All open work of a person and who may take it over; open to administrators."""
    leaving = person(me(), person_id)
    if request.method == "GET":
        return _page(leaving, Form(), 200)
    try:
        typed = Handover.read(request.form)
        successor = person(me(), typed["successor_id"])
        number = hand_over(leaving, successor, lock=typed["lock"], by=me(), now=now())
    except Invalid as error:
        return _page(leaving, Form.typed(request.form, error), 422)
    flash(_("Đã bàn giao %(n)s việc cho %(name)s.", n=number, name=successor.name), "done")
    return redirect(url_for("accounts.person", person_id=person_id))


def _page(leaving: Person, form: Form, status: int) -> ResponseReturnValue:
    work = open_work(leaving.id)
    successors = {one.id: one for unit_id in {row.unit_id for row in work} for one in officers(unit_id, today())}
    successors.pop(leaving.id, None)
    return render_template(
        "tasks/handover.html",
        person=leaving,
        work=work,
        successors=[(one.id, one.name) for one in successors.values()],
        form=form,
    ), status


@pages.post("/people/<int:person_id>/closure")
@open_to(Role.ADMINISTRATOR)
def closure(person_id: int) -> ResponseReturnValue:
    """Lock the account of somebody without open work; open to administrators."""
    leaving = person(me(), person_id)
    close_account(leaving, by=me(), now=now())
    flash(_("Đã khóa tài khoản của %(name)s.", name=leaving.name), "done")
    return redirect(url_for("accounts.person", person_id=person_id))
