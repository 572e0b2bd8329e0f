"""The papers to download: of a day, or of a closed period."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from flask import Blueprint, current_app, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.errors import Forbidden, NotFound
from tracker.reports.documents.commune import Formalities
from tracker.reports.documents.writing import (
    FORMATS,
    KINDS,
    OF_CLOSED,
    Wish,
    composed,
    composed_from,
    file_name,
    written,
)
from tracker.reports.pages.asking import asked_for
from tracker.reports.queries.snapshots import snapshot
from tracker.rules.access import NOT_YOURS, OF_UNIT
from tracker.settings import Settings
from tracker.tasks.queries import Day
from tracker.web.access import open_to

pages = Blueprint("papers", __name__)


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _me() -> User:
    return cast(User, current_user._get_current_object())


def _wish() -> Wish:
    return Wish(Formalities(now().year), superior_line=_settings().papers_superior_line)


def download(content: bytes, name: str) -> ResponseReturnValue:
    """A paper as a file to keep, under its name."""
    media_type = FORMATS[name.rpartition(".")[2]]
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


def _check(kind: str, form: str) -> None:
    """Raise NotFound for a paper that there is not, Forbidden for one that a unit does not write."""
    if kind not in KINDS or form not in FORMATS:
        raise NotFound
    if _me().role in OF_UNIT and kind != "commune":
        raise Forbidden(NOT_YOURS)


@pages.get("/reports/papers/<kind>.<form>")
@open_to()
def paper(kind: str, form: str) -> ResponseReturnValue:
    """A paper as Word, PDF or Excel; open to everybody signed in, to a unit its own report only."""
    _check(kind, form)
    asked = asked_for()
    made = composed(kind, asked.scope, asked.day, _wish(), today=today())
    return download(written(made, form, made_at=now()), file_name(kind, asked.scope.unit.code, asked.day.on, form))


@pages.get("/reports/closed/<int:snapshot_id>/papers/<kind>.<form>")
@open_to()
def closed_paper(snapshot_id: int, kind: str, form: str) -> ResponseReturnValue:
    """A paper of a closed period from its frozen figures; open to its unit and those above, to a unit its report."""
    _check(kind, form)
    one = snapshot(_me(), snapshot_id)
    if kind not in OF_CLOSED:
        raise NotFound
    day = Day(one.cutoff_on, working_calendar(), _settings().policy)
    made = composed_from(kind, one, day, _wish())
    name = file_name(kind, one.unit.code, one.cutoff_on, form, _numbered(one.number, one.version))
    return download(written(made, form, made_at=now()), name)


def _numbered(number: str, version: int) -> str:
    """The number of a closing as part of a file's name: BC-2026-0007, from the second version on BC-2026-0007-2."""
    return number if version == 1 else f"{number}-{version}"
