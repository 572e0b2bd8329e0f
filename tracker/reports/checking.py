"""The figures of a report file, or of one text a line, compared with each other and said in lines of words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.errors import Invalid
from tracker.reports.reading import LARGEST_FILE
from tracker.rules.arithmetic import DateVerdict, DocumentDate, Findings, Statement, Verdict, check_text
from tracker.rules.papers import CLASSIFIED_STAYS_OUT, secret_fields

_MARKS = {Verdict.INCONSISTENT: "SAI", Verdict.TRUNCATED: "CẮT BỚT"}
_DATE_MARKS = {DateVerdict.INCONSISTENT: "SAI", DateVerdict.DISORDERED: "NÊN XEM LẠI"}


def checked_lines(file: Path, day: date | None) -> Iterator[tuple[object, Findings]]:
    """Every line read before the first is answered, so that a bad line leaves no half answer."""
    rows = [(number, line) for number, line in enumerate(_line_text(file).splitlines(), start=1) if line.strip()]
    yield from [(name, check_text(text, day)) for name, text in (_row(*row) for row in rows)]


def _line_text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Invalid({}, "Tệp lớn hơn 20 MB; hãy chia thành nhiều tệp nhỏ hơn.")
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Invalid({}, f"Không đọc được tệp «{file.name}»; tệp cần có và ở bảng mã UTF-8.") from None


def _row(number: int, line: str) -> tuple[object, str]:
    try:
        row = json.loads(line)
        name, text = row["id"], row["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Invalid({}, f'Dòng {number} không phải JSON có "id" và "text".') from None
    if not isinstance(text, str):
        raise Invalid({}, f'Dòng {number}: "text" phải là chữ.')
    return name, text


def said(found: Findings) -> Iterator[str]:
    """A summary, then what needs an eye, worst first."""
    counts = {verdict: sum(s.verdict is verdict for s in found.statements) for verdict in Verdict}
    wrong_dates = [d for d in found.dates if d.verdict in _DATE_MARKS]
    yield (
        f"{len(found.statements)} số liệu: {counts[Verdict.INCONSISTENT]} sai, "
        f"{counts[Verdict.TRUNCATED]} cắt bớt, "
        f"{counts[Verdict.CONSISTENT]} khớp, {counts[Verdict.NOT_CHECKABLE]} chưa đủ căn cứ. "
        f"{len(found.dates)} văn bản có ngày: {len(wrong_dates)} cần xem lại."
    )
    for verdict, mark in _MARKS.items():
        for statement in (s for s in found.statements if s.verdict is verdict):
            yield f"{mark}: «{_one_line(statement.quote)}»: {statement.why}"
    for cited in wrong_dates:
        yield f"{_DATE_MARKS[cited.verdict]}: «{_one_line(cited.quote)}»: {cited.why}"
    if not counts[Verdict.INCONSISTENT] and not counts[Verdict.TRUNCATED] and not wrong_dates:
        yield "Không thấy số liệu nào mâu thuẫn."


def _one_line(text: str) -> str:
    return " ".join(text.split())


HEAD_OF_PAPER = 600
"""Characters in which a paper carries its mark of secrecy."""


def checked(text: str, day: date | None) -> Findings:
    """The findings of a report that came in. Raises Invalid when its head says that it is secret (D10)."""
    if secret_fields(abstract=text[:HEAD_OF_PAPER]):
        raise Invalid({"text": CLASSIFIED_STAYS_OUT})
    return check_text(text, day)


@dataclass(frozen=True)
class Remark:
    """What a person should look at: a finding with its number on the page and how bad it is."""

    number: int
    found: Statement | DocumentDate
    look: str
    words: str


_LOOKS = {
    Verdict.INCONSISTENT: ("bad", "Sai"),
    DateVerdict.INCONSISTENT: ("bad", "Sai"),
    Verdict.TRUNCATED: ("look", "Cắt bớt"),
    DateVerdict.DISORDERED: ("look", "Nên xem lại"),
}


def remarks(found: Findings) -> list[Remark]:
    """What needs an eye, in reading order and numbered so."""
    everything: list[Statement | DocumentDate] = [*found.statements, *found.dates]
    ordered = sorted((one for one in everything if one.verdict in _LOOKS), key=lambda one: one.start)
    return [Remark(number, one, *_LOOKS[one.verdict]) for number, one in enumerate(ordered, start=1)]


@dataclass(frozen=True)
class Piece:
    """A run of a report's text; `look` is how it is marked, `number` that of the remark that begins here."""

    text: str
    look: str = ""
    number: int = 0


def pieces(text: str, found: Findings) -> list[Piece]:
    """The whole text in runs, marked where something was found; the worse mark lies on top."""
    painted: list[tuple[str, int]] = [("", 0)] * len(text)
    good = [one for one in found.statements if one.verdict is Verdict.CONSISTENT]
    noted = sorted(remarks(found), key=lambda one: one.look == "bad")
    for one, look, number in [*((each, "good", 0) for each in good), *((r.found, r.look, r.number) for r in noted)]:
        end = min(len(text), one.start + len(one.quote))
        painted[one.start : end] = [(look, number)] * (end - one.start)
    runs: list[Piece] = []
    begun: set[int] = set()
    start = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and painted[place] == painted[start]:
            continue
        look, number = painted[start]
        runs.append(Piece(text[start:place], look, 0 if number in begun else number))
        begun.add(number)
        start = place
    return runs
