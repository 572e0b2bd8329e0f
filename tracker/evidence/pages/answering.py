"""Messages of the document axis that came as files are answered: with a status, or with a paper."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.clock import now, today
from tracker.directives.reading.edxml import STATUS_NAMES, Message, Organ, read_message
from tracker.directives.reading.edxml_writing import Reply, Staff, reply_file, status_file
from tracker.directives.reading.results import Attachment
from tracker.errors import Invalid, NotFound, TooLarge
from tracker.evidence.intake import Upload, accept
from tracker.evidence.models import StoredFile
from tracker.evidence.pages.shared import bytes_path, pages, settings
from tracker.rules.access import Deed, roles_for
from tracker.rules.evidence import EDXML
from tracker.rules.papers import CLASSIFIED_STAYS_OUT, DOC_TYPES, secret_fields
from tracker.tasks.queries import downloadable
from tracker.units.queries import within
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Form, Input, Line, Text, chosen_files

ANSWERING = sorted(roles_for(Deed.RECORD_DIRECTIVE))


class Answer(Input):
    """How a message is answered: its new status, by which of its receivers, and in what words; a refusal says why."""

    code = Choice(STATUS_NAMES)
    organ = Text(max=40)
    description = Text(max=500, required=False)


@pages.get("/files/<int:file_id>/answer")
@open_to(*ANSWERING)
def answer(file_id: int) -> ResponseReturnValue:
    """Write the status file that answers a message; open to provincial issuers."""
    file, message = _message(file_id)
    if "code" not in request.args:
        return _page("answer", file, message, Form({"code": "03"}), 200)
    try:
        typed = Answer.read(request.args)
        staff, said = Staff(current_user.name, current_user.unit_name), typed["description"]
        organ = _organ(message, typed["organ"])
        written = status_file(message, typed["code"], organ, at=now(), staff=staff, description=said)
    except Invalid as error:
        return _page("answer", file, message, Form.typed(request.args, error), 422)
    return _sent(written, f"trang-thai-{typed['code']}-{Path(file.name).stem}")


class ReplyInput(Input):
    """The paper that answers a message."""

    organ = Text(max=40)
    doc_type = Choice(DOC_TYPES)
    doc_symbol = Line(max=42)
    issued_on = Day()
    place = Line(max=50)
    subject = Line(max=500)
    signer = Line(max=50, required=False)
    position = Line(max=100, required=False)


@pages.route("/files/<int:file_id>/reply", methods=["GET", "POST"])
@open_to(*ANSWERING)
def reply(file_id: int) -> ResponseReturnValue:
    """Write the message that carries a paper in reply, its files inside; open to provincial issuers."""
    file, message = _message(file_id)
    if request.method == "GET":
        day = f"{today():%d/%m/%Y}"
        return _page("reply", file, message, Form({"doc_type": "report", "issued_on": day}), 200)
    try:
        typed = ReplyInput.read(request.form)
        organ = _organ(message, typed.pop("organ"))
        written = reply_file(message, _paper(typed), organ, at=now(), attachments=_attachments())
    except (Invalid, TooLarge) as error:
        return _page("reply", file, message, Form.typed(request.form, error), error.status)
    return _sent(written, f"tra-loi-{Path(file.name).stem}")


def _paper(typed: dict[str, Any]) -> Reply:
    """What was typed as the paper of the reply. Raises Invalid for a secret one, one to come or without a number."""
    number, _slash, notation = typed.pop("doc_symbol").partition("/")
    marked = secret_fields(doc_symbol=f"{number}/{notation}", abstract=typed["subject"])
    wrong = {{"abstract": "subject"}.get(name, name): CLASSIFIED_STAYS_OUT for name in marked}
    if not number.isdigit() or not notation:
        wrong["doc_symbol"] = _("Ghi số và ký hiệu, ví dụ 15/BC-UBND.")
    if typed["issued_on"] > today():
        wrong["issued_on"] = _("Ngày văn bản không được sau hôm nay.")
    if wrong:
        raise Invalid(wrong)
    return Reply(number=number, notation=notation, type_name=DOC_TYPES[typed.pop("doc_type")], **typed)


def _attachments() -> list[Attachment]:
    """The files that were chosen, judged like all uploads; nothing names their bytes, so they are swept."""
    uploads = [Upload(stream, name) for stream, name in chosen_files(request.files, "files")]
    kept = accept(uploads, Path(settings().files_folder), max_mb=settings().files_max_mb)
    return [Attachment(each.name, bytes_path(each.sha256).read_bytes()) for each in kept]


def _message(file_id: int) -> tuple[StoredFile, Message]:
    """A file open to the person that is a message; raises NotFound for any other."""
    file = downloadable(current_user, file_id)
    if file.media_type != EDXML.media_type:
        raise NotFound("Tệp này không phải gói tin edXML nên không có trạng thái để trả lời.")
    return file, read_message(bytes_path(file.sha256).read_bytes())


def _organs(message: Message) -> list[Organ]:
    """Who may answer: the receivers that the message names, else the person's own unit by its code."""
    own = within(current_user.unit_path, current_user.unit_id)
    return list(message.receivers) or [Organ(own.code, own.name)]


def _organ(message: Message, code: str) -> Organ:
    found = next((each for each in _organs(message) if each.code == code), None)
    if found is None:
        raise Invalid({"organ": _("Hãy chọn một mục trong danh sách.")})
    return found


def _page(name: str, file: StoredFile, message: Message, form: Form, status: int) -> ResponseReturnValue:
    html = render_template(
        f"evidence/{name}.html",
        form=form,
        file=file,
        received=message,
        codes=[(code, f"{code} – {said}") for code, said in STATUS_NAMES.items()],
        doc_types=list(DOC_TYPES.items()),
        organs=[(each.code, f"{each.name} ({each.code})" if each.name else each.code) for each in _organs(message)],
    )
    return html, status


def _sent(written: bytes, name: str) -> ResponseReturnValue:
    return send_file(
        io.BytesIO(written),
        mimetype=EDXML.media_type,
        as_attachment=True,
        download_name=f"{name}.{EDXML.extension}",
    )
