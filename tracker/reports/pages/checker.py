"""The checker: a report comes in as a file or as text and is shown with marks; nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.errors import Invalid, NotFound
from tracker.evidence.store import path_of
from tracker.reports.checking import checked, pieces, remarks
from tracker.reports.pages.shared import me, pages, settings
from tracker.reports.reading import LARGEST_FILE, text_in
from tracker.rules.arithmetic import Findings, Verdict
from tracker.tasks.queries import downloadable
from tracker.web.access import open_to
from tracker.web.inputs import Day, Form, Input, Text

LONGEST_SHOWN = 300_000
LONGEST_TYPED = 500_000


class Report(Input):
    """A report to check: its text, or a file beside it, and its day where the paper leaves it blank."""

    text = Text(max=LONGEST_TYPED, required=False)
    dated = Day(required=False)


@pages.route("/reports/check", methods=["GET", "POST"])
@open_to()
def checker() -> ResponseReturnValue:
    """Check the figures of a report before it is sent; open to everybody signed in."""
    if request.method == "GET":
        return _page(Form(), 200)
    try:
        typed = Report.read(request.form)
        text = _text(typed["text"])
        return _result(text, checked(text, typed["dated"]), "")
    except Invalid as error:
        named = error if error.fields else Invalid({"file": error.sentence})
        return _page(Form.typed(request.form, named), 422)


def _text(typed: str) -> str:
    """The words of the file that was chosen, else what was typed."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return text_in(upload.filename, upload.stream.read(LARGEST_FILE + 1))
    if not typed:
        raise Invalid({"file": "Chọn tệp báo cáo hoặc dán nội dung vào ô bên dưới."})
    return typed


def _page(form: Form, status: int) -> ResponseReturnValue:
    return render_template("reports/checker.html", form=form), status


def _result(text: str, found: Findings, name: str) -> ResponseReturnValue:
    return render_template(
        "reports/checked.html",
        name=name,
        found=found,
        remarks=remarks(found),
        consistent=sum(one.verdict is Verdict.CONSISTENT for one in found.statements),
        unknown=sum(one.verdict is Verdict.NOT_CHECKABLE for one in found.statements),
        pieces=pieces(text, found) if len(text) <= LONGEST_SHOWN else [],
    )


@pages.get("/reports/check/files/<int:file_id>")
@open_to()
def check_file(file_id: int) -> ResponseReturnValue:
    """The findings in a file that was handed in, its text marked; open to whom the file is open."""
    file = downloadable(me(), file_id)
    path = path_of(Path(settings().files_folder).absolute(), file.sha256)
    if not path.is_file():
        raise NotFound("Tệp này không còn trong kho; đề nghị báo người quản trị.")
    text = text_in(file.name, path.read_bytes())
    return _result(text, checked(text, None), file.name)
