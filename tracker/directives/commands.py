"""Directives from the terminal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from tracker.clock import now, today
from tracker.directives.reading.commands import calendar_of_config, in_words
from tracker.directives.reading.edxml import STATUS_NAMES, Organ, read_message
from tracker.directives.reading.edxml_writing import status_file
from tracker.directives.reading.guards import bytes_of
from tracker.directives.reading.reading import read_directive
from tracker.directives.reading.results import ReadDirective, ReadTask
from tracker.web.options import DAY


@click.group("directives")
def commands() -> None:
    """Văn bản giao nhiệm vụ."""


@commands.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--issued", type=DAY, help="Ngày ban hành; không ghi thì lấy trong tệp.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def read(file: Path, issued: date | None, as_json: bool) -> None:
    """Đọc thử tệp FILE (.xlsx, .xls, .ods, .docx, .pdf, .edxml) thành các nhiệm vụ đề xuất; không ghi gì."""
    said = read_directive(file, calendar_of_config(), today=today(), issued=issued)
    if as_json:
        click.echo(json.dumps(said.as_json(), ensure_ascii=False))
        return
    for line in _lines(said):
        click.echo(line)


@commands.command("status")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--code", required=True, type=click.Choice(list(STATUS_NAMES)), help="03 đã tiếp nhận, 06 hoàn thành …")
@click.option("--organ", required=True, help="Mã định danh của cơ quan trả lời.")
@click.option("--name", default="", help="Tên cơ quan trả lời.")
@click.option("--reason", default="", help="Lý do, bắt buộc khi từ chối.")
def status(file: Path, output: Path, code: str, organ: str, name: str, reason: str) -> None:
    """Ghi gói tin trạng thái OUTPUT để trả lời gói tin FILE (.edxml)."""
    message = read_message(bytes_of(file))
    output.write_bytes(status_file(message, code, Organ(organ, name), at=now(), description=reason))
    click.echo(f"Đã ghi {output}: {code} {STATUS_NAMES[code]}.")


def _lines(said: ReadDirective) -> list[str]:
    """What was read, for a person at a terminal: the paper, the tasks, then what to look at."""
    paper = said.paper
    head = " ".join(part for part in (paper.doc_symbol, paper.subject) if part)
    lines = [f"{head or 'Chưa rõ số, trích yếu'} ({len(said.tasks)} nhiệm vụ)"]
    section = None
    for task in said.tasks:
        if task.section != section:
            section = task.section
            lines += ["", section or ""]
        lines += _task_lines(task)
    return lines + [f"! {problem}" for problem in said.problems]


def _task_lines(task: ReadTask) -> list[str]:
    lines = [f"{task.ordinal or '–'}. {task.content}", f"   {task.lead or 'chưa có đơn vị chủ trì'}"]
    if task.deadline_text:
        lines.append(f"   {task.deadline_text}: {in_words(task.reading)}")
    return lines + [f"   ! {problem}" for problem in task.problems]
