"""What all pages of directives share: the Blueprint, who asks, and what is written on a paper."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app
from flask_login import current_user

from tracker.accounts.acting import User
from tracker.rules.access import Deed, roles_for
from tracker.rules.papers import DOC_TYPES, SECRECIES, URGENCIES
from tracker.settings import Settings
from tracker.web.inputs import Choice, Day, Input, Line, Number, Text, Version

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
