"""A thousand invented deadline wordings, and the ways in which typing them otherwise must change nothing."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tracker.rules.calendar import WorkingCalendar, calendar_from, read_year
from tracker.rules.wordings import Reading, read_wording

_ROOT = Path(__file__).parents[2]
_LETTERS = {"date": "D", "recurring": "R", "ongoing": "O", "event": "E", "none": "N"}


@cache
def calendar() -> WorkingCalendar:
    files = sorted((_ROOT / "config" / "calendars").glob("*.toml"))
    return calendar_from(day for path in files for day in read_year(tomllib.loads(path.read_text("utf-8"))))


def _cases() -> list[tuple[str, str, date]]:
    lines = Path(__file__).with_name("wordings.txt").read_text("utf-8").splitlines()
    cases = [line.rsplit(" | ", 2) for line in lines if not line.startswith("#")]
    return [(text, expected, date.fromisoformat(issued)) for text, expected, issued in cases]


CASES = _cases()


def read(text: str, issued: date) -> Reading:
    return read_wording(text, issued, calendar())


def meaning(reading: Reading) -> str:
    """The reading as the cases write it."""
    said = reading.due.isoformat() if reading.due else (reading.rrule or "").replace("\n", " + ")
    return _LETTERS[reading.kind] + said


def _same(expected: str, said: str) -> bool:
    """Whether both say the same; the last day of a month may be written by its number or as -1."""
    if expected in {"D", "R"}:
        return said.startswith(expected)
    ends = ("BYMONTHDAY=31", "BYMONTHDAY=30")
    return expected == said or (expected.endswith(ends) and expected[:-2] + "-1" == said)


@pytest.mark.parametrize(("text", "expected", "issued"), CASES)
def test_a_wording_is_read_right_or_said_to_be_a_guess(text, expected, issued):
    reading = read(text, issued)
    is_right = any(_same(one, meaning(reading)) for one in expected.rstrip("?").split("~"))
    assert is_right or (expected.endswith("?") and not reading.sure), meaning(reading)


@pytest.mark.parametrize(
    "typed",
    [
        lambda text: unicodedata.normalize("NFD", text),
        str.upper,
        lambda text: f"  {text.replace(' ', '   ')} ",
        lambda text: text.replace(" ", "\n"),
    ],
    ids=["marks apart", "capitals", "spaces", "lines"],
)
def test_typing_it_otherwise_changes_nothing(typed):
    changed = [text for text, _, issued in CASES if meaning(read(typed(text), issued)) != meaning(read(text, issued))]
    assert changed == []


def test_leaving_the_accents_out_changes_nothing_but_how_sure_it_is():
    def bare(text: str) -> str:
        apart = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
        return "".join(letter for letter in apart if not unicodedata.combining(letter))

    changed = [
        text
        for text, _, issued in CASES
        if "tháng sáu" not in text.lower() and meaning(read(bare(text), issued)) != meaning(read(text, issued))
    ]
    assert changed == []


def test_a_sure_date_never_lies_before_the_day_of_issue():
    readings = [(text, read(text, issued), issued) for text, _, issued in CASES]
    assert [text for text, reading, issued in readings if reading.sure and reading.due and reading.due < issued] == []
