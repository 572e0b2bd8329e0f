"""Measures the reader of task tables: share of fields right per family of field, the wrong ones, and its speed.

python bench/accept_tables.py [folder of examples]
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import xlsxwriter

from tracker.directives.reading.commands import calendar_of_config
from tracker.directives.reading.reading import read_directive
from tracker.directives.reading.results import ReadTask

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "examples"
LEAST_SHARE = 0.98
FIELDS = {"ordinal": "stt"} | {
    name: name
    for name in (
        "section",
        "content",
        "lead",
        "leads",
        "coordinating",
        "deadline_text",
        "kind",
        "due",
        "rrule",
        "output",
    )
}
TODAY = date(2026, 11, 26)
ROWS = 10_000
MOST_SECONDS = 5


def run(folder: Path = FOLDER) -> bool:
    """Print the shares and every miss; True when enough fields are right and 10 000 rows are read in time."""
    cases = sorted((folder / "tables").glob("*/expected.json"))
    if not cases:
        print(f"no labelled tables in {folder}")
        return False
    right: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        expected = json.loads(case.read_text("utf-8"))
        for file in sorted(case.parent.glob("*.docx")) + sorted(case.parent.glob("*.xlsx")):
            _compare(file, expected, right)
    every = list(chain.from_iterable(right.values()))
    for name, results in [*sorted(right.items()), ("all", every)]:
        print(f"{name:16} {sum(results):4}/{len(results):<4} = {sum(results) / len(results):.1%}")
    seconds = speed()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{ROWS:,} rows of xlsx in {seconds:.1f} s; the opener held at most {memory:.0f} MB")
    return sum(every) / len(every) >= LEAST_SHARE and seconds <= MOST_SECONDS


def _compare(file: Path, expected: dict[str, Any], right: dict[str, list[bool]]) -> None:
    read = read_directive(file, calendar_of_config(), today=TODAY, issued=date.fromisoformat(expected["issued"]))
    same = len(read.tasks) == len(expected["tasks"])
    right["count of tasks"].append(same)
    if not same:
        print(f"  {file.name}: {len(read.tasks)} tasks, not {len(expected['tasks'])}")
    for task, wanted in zip(read.tasks, expected["tasks"], strict=False):
        said = task.as_json() | {"leads": list(task.leads)}
        for name, label in FIELDS.items():
            good = alike(said[name], wanted.get(label))
            right[name].append(good)
            if not good:
                print(f"  {file.name} {task.ordinal}: {name} {said[name]!r}, not {wanted.get(label)!r}")
        _compare_hours(task, wanted, right)


def _compare_hours(task: ReadTask, wanted: dict[str, Any], right: dict[str, list[bool]]) -> None:
    for name, said in (("due_time", task.reading.due_time), ("due_from", task.due_from)):
        if name in wanted:
            right[name].append(said == wanted[name])


def alike(said: Any, wanted: Any) -> bool:
    """Whether two values say the same: spaces and the capital of a first letter aside, nothing equal to empty."""
    if isinstance(said, list) or isinstance(wanted, list):
        return [_plain(each) for each in said or []] == [_plain(each) for each in wanted or []]
    return _plain(said) == _plain(wanted)


def _plain(value: Any) -> str:
    return " ".join(str(value or "").casefold().split())


def speed(rows: int = ROWS) -> float:
    """Seconds to read a workbook of so many rows, from file to proposed tasks."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.xlsx"
        book = xlsxwriter.Workbook(str(file), {"constant_memory": True})
        sheet = book.add_worksheet()
        sheet.write_row(
            0, 0, ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn", "Sản phẩm"]
        )
        for n in range(1, rows + 1):
            lead = f"UBND xã Tân Bình {n % 96}"
            due = f"Trước ngày {n % 28 + 1}/{n % 12 + 1}/2026"
            sheet.write_row(
                n,
                0,
                [n, f"Triển khai nhiệm vụ số {n} trên địa bàn", lead, "Sở Nội vụ; các sở, ngành", due, "Báo cáo"],
            )
        book.close()
        started = time.perf_counter()
        read = read_directive(file, calendar_of_config(), today=TODAY, issued=date(2026, 1, 5))
        seconds = time.perf_counter() - started
    assert len(read.tasks) == rows, read.problems
    return seconds


if __name__ == "__main__":
    sys.exit(0 if run(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER) else 1)
