"""Measures the checker on labelled sentences and on whole reports: shares per type, misses and false alarms.

python bench/accept_ratios.py [folder of examples]
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tracker.rules.arithmetic import Findings, check_text

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "examples"
JUDGED = {"consistent", "truncated", "inconsistent"}

# What each whole report really contains: a piece of every wrong statement and of every wrong date.
ERRORS = {
    "000": [],
    "001": ["413"],
    "002": ["trên 100%", "12534/12555"],
    "003": ["99,96%", "8.682", "213"],
    "004": [],
}


def run(folder: Path = FOLDER) -> bool:
    """Print the share right per type and every miss; True when all that is sure is right."""
    if not (folder / "ratios.jsonl").exists():
        print(f"no labelled examples in {folder}")
        return False
    lines = (folder / "ratios.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    right: dict[str, list[bool]] = defaultdict(list)
    missed = false_alarms = 0
    for row in rows:
        said, wanted = _judged(check_text(row["text"])), _wanted(row)
        good = said == wanted
        right[row["type"]].append(good)
        right["sure" if row["sure"] else "unsure"].append(good)
        missed += row["sure"] and "inconsistent" in wanted and "inconsistent" not in said
        false_alarms += "inconsistent" in said and "inconsistent" not in wanted
        if not good:
            sure = "sure" if row["sure"] else "unsure"
            print(f"  {row['id']} {sure}: wanted {wanted or '–'}, said {said or '–'}")
    for name, results in sorted(right.items()):
        print(f"{name:26} {sum(results):3}/{len(results):3} = {sum(results) / len(results):.1%}")
    print(f"sure inconsistent rows missed: {missed}; false alarms: {false_alarms}")
    passages = _passages(folder)
    reports = [_report_is_right(path) for path in sorted((folder.parent / "seeds").glob("*.txt"))]
    print(f"whole reports: {sum(reports)}/{len(reports)}")
    return all(right["sure"]) and not missed and not false_alarms and bool(reports) and all(reports) and passages


def _passages(folder: Path) -> bool:
    """Passages of reports: none that ties out is called wrong; how many of the others are found is printed."""
    lines = (folder / "reports.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    found = {row["id"]: "inconsistent" in _judged(check_text(row["text"])) for row in rows}
    alarms = [row["id"] for row in rows if row["ties_out"] is True and found[row["id"]]]
    wrong = [row for row in rows if row["ties_out"] is False]
    unseen = [row["id"] for row in wrong if not found[row["id"]]]
    print(
        f"passages of reports: {len(rows)}, false alarms {len(alarms)}; wrong {len(wrong)}, not found {unseen or 0}"
    )
    return not alarms


def _wanted(row: dict[str, str]) -> set[str]:
    if row["label"] not in JUDGED:
        return set()
    return {"truncated" if row["subtype"] == "truncated" else row["label"]}


def _judged(found: Findings) -> set[str]:
    return {statement.verdict.value for statement in found.statements} & JUDGED


def _report_is_right(path: Path) -> bool:
    """Every error found, and nothing else called inconsistent."""
    wanted = ERRORS.get(path.name[:3])
    if wanted is None:
        return True
    quotes = list(_wrong(check_text(path.read_text("utf-8"))))
    missing = [piece for piece in wanted if not any(piece in quote for quote in quotes)]
    others = [quote for quote in quotes if not any(piece in quote for piece in wanted)]
    for piece in missing:
        print(f"  {path.name}: not found: {piece}")
    for quote in others:
        print(f"  {path.name}: false alarm: {quote}")
    return not missing and not others


def _wrong(found: Findings) -> Iterator[str]:
    yield from (finding.quote for finding in found.errors)


if __name__ == "__main__":
    sys.exit(0 if run(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER) else 1)
