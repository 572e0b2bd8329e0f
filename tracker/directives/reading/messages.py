"""A message of the document axis becomes a directive: its header is the paper, its attachments hold the tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.directives.reading.contents import NO_TABLE, read_content, refuse_secret
from tracker.directives.reading.edxml import BUSINESSES, STATUS_NAMES, Message, read_message
from tracker.directives.reading.guards import kind_of, remarks_on
from tracker.directives.reading.limits import SECONDS
from tracker.directives.reading.results import Attachment, ReadDirective, ReadTask
from tracker.directives.reading.sandbox import opened
from tracker.errors import Invalid
from tracker.rules.calendar import WorkingCalendar

_TABLES = ("workbook", "docx", "pdf")
_NO_DAY = "Gói tin không ghi ngày ban hành; thời hạn tính theo ngày {:%d/%m/%Y}."


def directive_of(data: bytes, calendar: WorkingCalendar, *, today: date, issued: date | None = None) -> ReadDirective:
    """The directive in the bytes of an .edxml file; `edxml.read_message` gives the message itself, to answer it.

    Raises Invalid for a damaged or unsafe file, a status message, and a secret paper.
    """
    message = read_message(data)
    if message.status:
        name = STATUS_NAMES.get(message.status, "không rõ")
        raise Invalid({}, f"Đây là gói tin trạng thái ({message.status}: {name}), không giao nhiệm vụ.")
    refuse_secret(message.paper)
    day = issued or message.paper.issued_on or today
    paper = replace(message.paper, issued_on=issued) if issued else message.paper
    problems = [*_remarks(message), *([_NO_DAY.format(day)] if not paper.issued_on else [])]
    tasks, said = _tasks(replace(message, paper=replace(paper, issued_on=day)), calendar)
    return ReadDirective(paper, tasks, (*problems, *said), day, message.attachments)


def _remarks(message: Message) -> list[str]:
    remarks = list(message.remarks)
    if message.business:
        reason = f": {message.business_reason}" if message.business_reason else ""
        what = BUSINESSES.get(message.business, "không rõ")
        remarks.append(f"Gói tin {what} văn bản đã gửi{reason}; hãy đối chiếu với văn bản đã nhập.")
    if not message.sets_tasks:
        remarks.append("Gói tin không đánh dấu là văn bản chỉ đạo và không ghi hạn; hãy xác nhận có giao nhiệm vụ.")
    return remarks


def _tasks(message: Message, calendar: WorkingCalendar) -> tuple[tuple[ReadTask, ...], list[str]]:
    tasks: list[ReadTask] = []
    problems: list[str] = []
    files = [each for each in message.attachments if _kind(each, problems)]
    for each in files:
        try:
            found = _read(each, message, calendar, max(3, SECONDS // len(files)))
        except Invalid as refused:
            problems.append(f"Tệp kèm «{each.name}»: {refused.sentence}")
            continue
        tasks += [replace(t, source=replace(t.source, place=f"{each.name}, {t.source.place}")) for t in found.tasks]
        problems += [f"Tệp kèm «{each.name}»: {problem}" for problem in found.problems if problem != NO_TABLE]
    if not tasks:
        problems.append("Không tệp kèm nào có bảng nhiệm vụ đọc được; hãy nhập nhiệm vụ bằng tay.")
    return tuple(tasks), problems


def _kind(attachment: Attachment, problems: list[str]) -> str | None:
    """The kind of an attachment whose tables can be read; for others none, and why when that is to be told."""
    try:
        kind = kind_of(attachment.data) if attachment.data else None
    except Invalid as refused:
        problems.append(f"Tệp kèm «{attachment.name}»: {refused.sentence}")
        return None
    return kind if kind in _TABLES else None


def _read(attachment: Attachment, message: Message, calendar: WorkingCalendar, seconds: int) -> ReadDirective:
    content = opened(attachment.data, kind_of(attachment.data), seconds)
    paper = message.paper
    return read_content(
        content,
        calendar,
        today=paper.issued_on or date.min,
        issued=paper.issued_on,
        remarks=remarks_on(attachment.data),
        known=paper,
    )
