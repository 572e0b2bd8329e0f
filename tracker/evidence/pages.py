"""Downloads, each checked for the person who asks, and the files of a directive."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.clock import now
from tracker.directives.queries import directive
from tracker.errors import Invalid, NotFound
from tracker.evidence.actions import attach_to_directive, take_in
from tracker.evidence.store import path_of
from tracker.rules.access import Deed, roles_for
from tracker.settings import Settings
from tracker.tasks.queries import downloadable
from tracker.web.access import open_to

pages = Blueprint("evidence", __name__)


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


@pages.get("/files/<int:file_id>")
@open_to()
def download(file_id: int) -> ResponseReturnValue:
    """One file as a download, never shown inline; open to whom its record is open."""
    file = downloadable(current_user, file_id)
    path = path_of(Path(_settings().files_folder).absolute(), file.sha256)
    if not path.is_file():
        raise NotFound("Tệp này không còn trong kho; đề nghị báo người quản trị.")
    response: Response = send_file(
        path, mimetype=file.media_type, as_attachment=True, download_name=file.name, conditional=True
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.post("/directives/<int:directive_id>/files")
@open_to(*roles_for(Deed.RECORD_DIRECTIVE))
def attach(directive_id: int) -> ResponseReturnValue:
    """Attach files to a directive; open to provincial issuers."""
    paper = directive(current_user, directive_id)
    uploads = [upload for upload in request.files.getlist("files") if upload.filename]
    if not uploads:
        raise Invalid({"files": "Chọn ít nhất một tệp."})
    settings = _settings()
    for upload in uploads:
        file = take_in(
            upload.stream,
            upload.filename or "",
            Path(settings.files_folder),
            max_mb=settings.files_max_mb,
            by=current_user,
            now=now(),
        )
        attach_to_directive(paper, file, by=current_user, now=now())
    flash(_("Đã thêm %(n)s tệp.", n=len(uploads)), "done")
    return redirect(url_for("directives.directive", directive_id=directive_id), 303)
