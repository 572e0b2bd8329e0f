"""Downloads, each checked for the person who asks, and the files of a directive."""

from __future__ import annotations

from pathlib import Path

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.clock import now
from tracker.directives import drafts
from tracker.directives.models import Directive
from tracker.directives.queries import directive
from tracker.errors import Invalid, NotFound, TooLarge
from tracker.evidence.actions import attach_to_directive
from tracker.evidence.intake import Upload, accept
from tracker.evidence.pages.shared import bytes_path, pages, settings
from tracker.rules.access import Deed, roles_for
from tracker.tasks.queries import downloadable
from tracker.web.access import open_to
from tracker.web.inputs import Form, chosen_files


@pages.get("/files/<int:file_id>")
@open_to()
def download(file_id: int) -> ResponseReturnValue:
    """One file as a download, never shown inline; open to whom its record is open."""
    file = downloadable(current_user, file_id)
    return _sent(file.sha256, file.name, file.media_type)


@pages.get("/directives/imports/<int:draft_id>/files/<int:number>")
@open_to(*roles_for(Deed.RECORD_DIRECTIVE))
def draft_file(draft_id: int, number: int) -> ResponseReturnValue:
    """A file that an import was read from, counted from 1; open to those who record directives."""
    files = drafts.draft(current_user, draft_id).files
    if not 1 <= number <= len(files):
        raise NotFound("Không tìm thấy tệp này.")
    file = files[number - 1]
    return _sent(file["sha256"], file["name"], file["media_type"])


def _sent(sha256: str, name: str, media_type: str) -> Response:
    response: Response = send_file(
        bytes_path(sha256), mimetype=media_type, as_attachment=True, download_name=name, conditional=True
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
    house = settings()
    uploads = [Upload(stream, name) for stream, name in chosen_files(request.files, "files")]
    try:
        if not uploads:
            raise Invalid({"files": _("Chọn ít nhất một tệp.")})
        files = accept(uploads, Path(house.files_folder), max_mb=house.files_max_mb)
        attach_to_directive(paper, files, by=current_user, now=now())
    except (Invalid, TooLarge) as error:
        return _attach_page(paper, Form.typed(request.form, error), error.status)
    flash(_("Đã thêm %(n)s tệp.", n=len(uploads)), "done")
    return redirect(url_for("directives.directive", directive_id=directive_id), 303)


def _attach_page(paper: Directive, form: Form, status: int) -> ResponseReturnValue:
    return render_template("evidence/attach.html", form=form, directive=paper), status
