"""Measures the reader of deadline wordings: share right per family, the wrong ones, and readings a second.

python bench/accept_deadlines.py [folder of examples]
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from tracker.directives.reading.commands import calendar_of_config
from tracker.rules.wordings import read_wording

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "examples"
LEAST_SHARE = 0.97
CHECKED = ("kind", "due", "rrule", "due_time")
WHERE_LABELLED = ("start", "anomaly")


def run(folder: Path = FOLDER) -> bool:
    """Print the shares and every miss; True when enough of the sure rows are right and no wrong reading is sure."""
    if not (folder / "deadlines.jsonl").exists():
        print(f"no labelled examples in {folder}")
        return False
    rows = [json.loads(line) for line in (folder / "deadlines.jsonl").read_text("utf-8").splitlines() if line.strip()]
    calendar = calendar_of_config()
    right: dict[str, list[bool]] = defaultdict(list)
    falsely_sure = 0
    for row in rows:
        said = read_wording(row["text"], date.fromisoformat(row["issued"]), calendar).as_json()
        good = is_right(said, row["expected"])
        for family in [row["expected"]["kind"], *row["tags"], "sure" if row["sure"] else "unsure"]:
            right[family].append(good)
        if not good:
            falsely_sure += said["sure"]
            shown = {name: said[name] for name in (*CHECKED, *WHERE_LABELLED, "sure") if said[name] is not None}
            print(f"  {row['id']} {'sure' if row['sure'] else 'unsure'} {row['text']!r}: {shown}")
    for family, results in sorted(right.items(), key=lambda each: (-len(each[1]), each[0])):
        print(f"{family:16} {sum(results):4}/{len(results):<4} = {sum(results) / len(results):.1%}")
    print(
        f"wrong and yet sure: {falsely_sure}; {speed([row['text'] for row in rows], calendar):,.0f} readings a second"
    )
    share = sum(right["sure"]) / max(1, len(right["sure"]))
    return share >= LEAST_SHARE and not falsely_sure


def is_right(said: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether a reading equals the label, or a reading that the label accepts too (a date or a kind)."""
    accepted = expected.get("acceptable", [])
    if said["due"] in accepted or (said["due"] is None and said["kind"] in accepted):
        return True
    wanted = {name: expected.get(name) for name in CHECKED}
    wanted |= {name: expected[name] for name in WHERE_LABELLED if expected.get(name)}
    return all(said[name] == value for name, value in wanted.items())


def speed(texts: list[str], calendar: Any) -> float:
    """Readings a second on one core, every wording a different one."""
    many = [f"{text} " + " " * (n // len(texts)) for n, text in enumerate(texts * 50)]
    started = time.perf_counter()
    for text in many:
        read_wording(text, date(2026, 1, 15), calendar)
    return len(many) / (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(0 if run(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER) else 1)
