"""Reading deadline wordings from the terminal; the calendar is that of config/, so that no database is needed."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

import click

from tracker.clock import today
from tracker.errors import Invalid
from tracker.paths import data_dir
from tracker.rules.calendar import WorkingCalendar, calendar_from, read_year
from tracker.rules.recurrence import rule_in_words
from tracker.rules.wordings import Reading, read_wording
from tracker.web.options import DAY

KINDS = {
    "recurring": "Định kỳ",
    "ongoing": "Thường xuyên, không có hạn cuối",
    "event": "Chờ sự kiện, chưa có ngày",
    "none": "Không có thời hạn",
}


@click.group("deadlines")
def commands() -> None:
    """Đọc lời văn thời hạn."""


@commands.command("read")
@click.argument("text", required=False)
@click.option("--issued", type=DAY, help="Ngày ban hành; không ghi thì lấy hôm nay.")
@click.option(
    "--lines", "lines", type=click.File("r", encoding="utf-8-sig"), help="Tệp JSON từng dòng: id, text, issued."
)
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def read(text: str | None, issued: date | None, lines: IO[str] | None, as_json: bool) -> None:
    """Đọc một thời hạn TEXT, hoặc mỗi dòng của tệp --lines."""
    if (text is None) == (lines is None):
        raise click.UsageError("Ghi một thời hạn, hoặc --lines TỆP.")
    day = issued or today()
    calendar = calendar_of_config()
    if text is not None:
        reading = read_wording(text, day, calendar)
        click.echo(_json(reading.as_json()) if as_json else in_words(reading))
        return
    for row in _rows(lines or sys.stdin):
        reading = read_wording(row["text"], row["issued"] or day, calendar)
        if as_json:
            _write(_json({"id": row["id"]} | reading.as_json()))
        else:
            _write(f"{row['id']}\t{in_words(reading)}")


def calendar_of_config() -> WorkingCalendar:
    """The working calendar that ships with the house."""
    files = sorted((data_dir("config") / "calendars").glob("*.toml"))
    return calendar_from(day for file in files for day in read_year(tomllib.loads(file.read_text("utf-8"))))


def in_words(reading: Reading) -> str:
    """A reading as one line: the day or rhythm, then why."""
    if reading.due:
        said = f"{_WEEKDAYS[reading.due.weekday()]}, {reading.due:%d/%m/%Y}"
        said += f", {reading.due_time}" if reading.due_time else ""
    else:
        said = KINDS[reading.kind]
        said += f": {rule_in_words(reading.rrule)}" if reading.rrule else ""
    return f"{said}{'' if reading.sure else ' (cần xác nhận)'} — {reading.why}"


_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def _rows(lines: IO[str]) -> Iterator[dict[str, Any]]:
    """Each line as id, text and day of issue. Raises Invalid at the first line that is not one."""
    try:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _row(line, number)
    except UnicodeDecodeError:
        raise Invalid({"lines": "Tệp phải là văn bản UTF-8."}, "Không đọc được tệp.") from None


def _row(line: str, number: int) -> dict[str, Any]:
    where = f"Không đọc được dòng {number}."
    try:
        row = json.loads(line)
    except ValueError:
        raise Invalid({"lines": "Dòng này không phải JSON."}, where) from None
    if not isinstance(row, dict) or not isinstance(text := row.get("text") or "", str):
        raise Invalid({"lines": "Mỗi dòng là một đối tượng có id, text và issued."}, where)
    try:
        issued = date.fromisoformat(row["issued"]) if row.get("issued") else None
    except (TypeError, ValueError):
        raise Invalid({"issued": "Ngày ban hành viết dạng 2026-05-17."}, where) from None
    return {"id": row.get("id"), "text": text, "issued": issued}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(line: str) -> None:
    """Straight to the stream: `click.echo` looks at every line anew, which costs more than reading it."""
    sys.stdout.write(line + "\n")
