"""Downloads, each checked for the person who asks; files of a directive; answers to messages that came as files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.clock import now
from tracker.directives import drafts
from tracker.directives.models import Directive
from tracker.directives.queries import directive
from tracker.directives.reading.edxml import STATUS_NAMES, Message, Organ, read_message
from tracker.directives.reading.edxml_writing import Staff, status_file
from tracker.errors import Invalid, NotFound, TooLarge
from tracker.evidence.actions import attach_to_directive
from tracker.evidence.intake import Upload, accept
from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of
from tracker.rules.access import Deed, roles_for
from tracker.rules.evidence import EDXML
from tracker.settings import Settings
from tracker.tasks.queries import downloadable
from tracker.units.queries import within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Form, Input, Text, chosen_files

pages = Blueprint("evidence", __name__)


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


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
        _path(sha256), mimetype=media_type, as_attachment=True, download_name=name, conditional=True
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _path(sha256: str) -> Path:
    path = path_of(Path(_settings().files_folder).absolute(), sha256)
    if not path.is_file():
        raise NotFound("Tệp này không còn trong kho; đề nghị báo người quản trị.")
    return path


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


class Answer(Input):
    """How a message is answered: its new status, by which of its receivers, and in what words; a refusal says why."""

    code = Choice(STATUS_NAMES)
    organ = Text(max=40)
    description = Text(max=500, required=False)


@pages.get("/files/<int:file_id>/answer")
@open_to(*roles_for(Deed.RECORD_DIRECTIVE))
def answer(file_id: int) -> ResponseReturnValue:
    """Write the status file that answers a message of the document axis; open to provincial issuers."""
    file = downloadable(current_user, file_id)
    if file.media_type != EDXML.media_type:
        raise NotFound("Tệp này không phải gói tin edXML nên không có trạng thái để trả lời.")
    message = read_message(_path(file.sha256).read_bytes())
    if "code" not in request.args:
        return _answer_page(file, message, Form({"code": "03", "organ": _organs(message)[0].code}), 200)
    try:
        typed = Answer.read(request.args)
        organ = next((each for each in _organs(message) if each.code == typed["organ"]), None)
        if organ is None:
            raise Invalid({"organ": _("Hãy chọn một mục trong danh sách.")})
        staff, said = Staff(current_user.name, current_user.unit_name), typed["description"]
        written = status_file(message, typed["code"], organ, at=now(), staff=staff, description=said)
    except Invalid as error:
        return _answer_page(file, message, Form.typed(request.args, error), 422)
    name = f"trang-thai-{typed['code']}-{Path(file.name).stem}.{EDXML.extension}"
    return send_file(io.BytesIO(written), mimetype=EDXML.media_type, as_attachment=True, download_name=name)


def _organs(message: Message) -> list[Organ]:
    """Who may answer: the receivers that the message names, else the person's own unit by its code."""
    own = within(current_user.unit_path, current_user.unit_id)
    return list(message.receivers) or [Organ(own.code, own.name)]


def _answer_page(file: StoredFile, message: Message, form: Form, status: int) -> ResponseReturnValue:
    html = render_template(
        "evidence/answer.html",
        form=form,
        file=file,
        received=message,
        codes=[(code, f"{code} – {name}") for code, name in STATUS_NAMES.items()],
        organs=[(each.code, f"{each.name} ({each.code})" if each.name else each.code) for each in _organs(message)],
    )
    return html, status
