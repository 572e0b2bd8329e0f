"""A mail address that letters came back from is used again when its owner or an administrator says so."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.models import Person
from tracker.accounts.queries import person as person_of
from tracker.clock import now
from tracker.db import db
from tracker.errors import NotFound
from tracker.reminders.addresses import revive
from tracker.reminders.pages.shared import pages
from tracker.rules.access import Role
from tracker.web.access import open_to


@pages.post("/account/address-revival")
@open_to()
def own_address_revival() -> ResponseReturnValue:
    """Use one's own address again; open to everybody signed in."""
    person = db.session.get(Person, current_user.person_id)
    if person is None:
        raise NotFound
    return _revived(person, url_for("accounts.account"))


@pages.post("/people/<int:person_id>/address-revival")
@open_to(Role.ADMINISTRATOR)
def address_revival(person_id: int) -> ResponseReturnValue:
    """Use a person's address again; open to administrators."""
    return _revived(person_of(current_user, person_id), url_for("accounts.person", person_id=person_id))


def _revived(person: Person, back: str) -> ResponseReturnValue:
    revive(person, by=current_user, now=now())
    flash(_("Thư nhắc việc sẽ lại được gửi tới %(address)s.", address=person.email), "done")
    return redirect(back, 303)
