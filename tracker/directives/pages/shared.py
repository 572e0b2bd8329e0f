"""What all pages of directives share: the Blueprint, who asks, and what is written on a paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
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


PAPER_LABELS = {
    "doc_type": _l("loại văn bản"),
    "doc_symbol": _l("số, ký hiệu"),
    "issued_on": _l("ngày văn bản"),
    "received_on": _l("ngày đến"),
    "issuer_id": _l("đơn vị giao việc"),
    "abstract": _l("trích yếu"),
}
"""How a sentence names the fields that a paper may lack."""


def lacking(paper: Mapping[str, Any]) -> list[str]:
    """The names of the fields of a paper that are missing or cannot be read."""
    try:
        PaperInput.read(paper)
    except Invalid as error:
        return [str(PAPER_LABELS.get(name, name)) for name in error.fields]
    return []


def to_directive(draft: ImportDraft) -> ResponseReturnValue:
    """The way from an import that was issued to the directive that came of it."""
    return redirect(url_for("directives.directive", directive_id=draft.directive_id), 303)


def still_seen(form: Form, status: int, mark: str) -> str:
    """The mark of what a person looked at when they began to type; after a conflict that of what they look at now."""
    return str(form.values.get("seen", mark)) if status == Invalid.status else mark
