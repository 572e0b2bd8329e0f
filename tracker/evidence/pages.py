"""Downloads, each checked for the person who asks, and the files of a directive."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.clock import now
from tracker.directives.models import Directive
from tracker.directives.queries import directive
from tracker.errors import Invalid, NotFound, TooLarge
from tracker.evidence.actions import attach_to_directive
from tracker.evidence.intake import Upload, accept
from tracker.evidence.store import path_of
from tracker.rules.access import Deed, roles_for
from tracker.settings import Settings
from tracker.tasks.queries import downloadable
from tracker.web.access import open_to
from tracker.web.inputs import Form, chosen_files

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


@pages.route("/directives/<int:directive_id>/files", methods=["GET", "POST"])
@open_to(*roles_for(Deed.RECORD_DIRECTIVE))
def attach(directive_id: int) -> ResponseReturnValue:
    """Attach files to a directive; open to provincial issuers."""
    paper = directive(current_user, directive_id)
    if request.method == "GET":
        return _attach_page(paper, Form(), 200)
    settings = _settings()
    uploads = [Upload(stream, name) for stream, name in chosen_files(request.files, "files")]
    try:
        if not uploads:
            raise Invalid({"files": _("Chọn ít nhất một tệp.")})
        files = accept(uploads, Path(settings.files_folder), max_mb=settings.files_max_mb)
        attach_to_directive(paper, files, by=current_user, now=now())
    except (Invalid, TooLarge) as error:
        return _attach_page(paper, Form.typed(request.form, error), error.status)
    flash(_("Đã thêm %(n)s tệp.", n=len(uploads)), "done")
    return redirect(url_for("directives.directive", directive_id=directive_id), 303)


def _attach_page(paper: Directive, form: Form, status: int) -> ResponseReturnValue:
    return render_template("evidence/attach.html", form=form, directive=paper), status
