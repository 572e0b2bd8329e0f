"""Reading a file from the terminal: the promised JSON, lines for a person, no database."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from click.testing import CliRunner
from files_to_read import HEADER, a_message, a_workbook

from tracker.directives.commands import commands
from tracker.directives.reading.edxml import read_message

ROW = ["1", "Việc một", "Sở Nội vụ", "Sở Y tế", "31/6/2026", ""]


def _file(folder: Path, data: bytes, name: str = "viec.xlsx") -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def test_a_file_is_read_as_the_promised_json_without_a_database(tmp_path: Path) -> None:
    ended = CliRunner().invoke(
        commands, ["read", _file(tmp_path, a_workbook([HEADER, ROW])), "--json", "--issued", "2026-05-18"]
    )
    assert ended.exit_code == 0, ended.output
    said = json.loads(ended.output)
    assert list(said) == ["directive", "tasks", "problems"]
    assert said["directive"]["issued_on"] == "2026-05-18"
    (task,) = said["tasks"]
    assert list(task) == [
        *("section", "ordinal", "content", "lead", "coordinating", "deadline_text"),
        *("kind", "due", "rrule", "sure", "output", "note", "problems"),
    ]
    assert (task["kind"], task["due"], task["sure"]) == ("none", None, False)
    assert task["problems"] == ["Thời hạn: «31/6/2026» không có trong lịch, cần hỏi lại."]


def test_a_person_reads_lines(tmp_path: Path) -> None:
    ended = CliRunner().invoke(commands, ["read", _file(tmp_path, a_workbook([HEADER, ROW]))])
    assert "1. Việc một" in ended.output
    assert "! Thời hạn:" in ended.output


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    ended = CliRunner().invoke(commands, ["read", _file(tmp_path, b"MZ")])
    assert ended.exit_code == 1
    assert str(ended.exception).startswith("Không nhận ra tệp")


def test_a_status_file_is_written(tmp_path: Path) -> None:
    answer = tmp_path / "tra-loi.edxml"
    file = _file(tmp_path, a_message(), "goi.edxml")
    ended = CliRunner().invoke(commands, ["status", file, str(answer), "--code", "03", "--organ", "H55.12"])
    assert ended.exit_code == 0, ended.output
    message = read_message(answer.read_bytes())
    assert (message.status, message.paper.references[0].issued_on) == ("03", date(2026, 5, 18))
