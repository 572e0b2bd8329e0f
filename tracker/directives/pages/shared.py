"""What all pages of directives share: the Blueprint, who asks, and what is written on a paper."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.acting import User
from tracker.directives.models import ImportDraft
from tracker.errors import Invalid
from tracker.rules.access import Deed, roles_for
from tracker.rules.papers import DOC_TYPES, SECRECIES, URGENCIES
from tracker.settings import Settings
from tracker.web.inputs import Choice, Day, Form, Input, Line, Number, Text, Version

pages = Blueprint("directives", "tracker.directives.pages", url_prefix="/directives")


RECORDING = sorted(roles_for(Deed.RECORD_DIRECTIVE))


class PaperInput(Input):
    """What is written on a directive."""

    doc_type = Choice(DOC_TYPES)
    doc_symbol = Line(max=80)
    issued_on = Day()
    received_on = Day(required=False)
    issuer_id = Number()
    issuer_name = Line(max=200, required=False)
    abstract = Text(max=4000)
    field = Line(max=100, required=False)
    urgency = Choice(URGENCIES)
    secrecy = Choice(SECRECIES)
    signer = Line(max=120, required=False)
    version = Version()


def me() -> User:
    """Who is signed in, as queries and actions want to be told."""
    return cast(User, current_user._get_current_object())


def settings() -> Settings:
    """The settings of the house."""
    return cast(Settings, current_app.extensions["settings"])


def to_directive(draft: ImportDraft) -> ResponseReturnValue:
    """The way from an import that was issued to the directive that came of it."""
    return redirect(url_for("directives.directive", directive_id=draft.directive_id), 303)


def still_seen(form: Form, status: int, mark: str) -> str:
    """The mark of what a person looked at when they began to type; after a conflict that of what they look at now."""
    return str(form.values.get("seen", mark)) if status == Invalid.status else mark
