"""Totals and the parts that a sentence, a list or a small table counts after them, or before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.rules.arithmetic.numbers import Number, Reading, scale, within
from tracker.rules.arithmetic.passages import Passage, Passages

_PERCENT_AFTER = r"(?:[\s,(]{0,4}(?:(?:đạt|chiếm|bằng|t[ỷỉ] lệ)\s{1,3}){0,3}\d{1,3}(?:[.,]\d{1,4})?\s?%\s?\)?)?"
_LIST_OPENS = re.compile(
    rf"(?P<noun>[^\d,;:.()=%\n]{{0,60}}?){_PERCENT_AFTER}\s{{0,3}}"
    r"(?P<sign>(?:[,;]?\s{0,3}\(?\s{0,3}trong đó\s{0,3}(?:là|gồm|có)?\s{0,3}[,:]?"
    r"|[,;]?\s{0,3}\(?\s{0,3}(?:bao )?gồm(?: có)?\s{0,3}:?|=|\(?\s{0,3}:)(?=[\s*_(])"
    r"|\((?=[^()\d%]{2,80}\d|\d[^()%]{3,60}[,;] ?(?:và )?\d))"
)
_TOTAL = re.compile(r"\btổng(?:\s+(?:số|cộng))?\b[^\d;,]{0,60}$")
JUST_RESOLVED = re.compile(r"(?<!đang )(?<!chưa )\b(?:giải quyết|hoàn thành|xử lý)\b[^\d;,]{0,30}$")
_TOTAL_THEN = re.compile(r"(?P<noun>[^\d,;:.()=%\n]{0,40}?)\s{0,3}(?P<sign>[,;])(?=\s)")
_TOTAL_LAST = re.compile(r"[,;.]\s*tổng(?:\s+(?:số|cộng))?(?P<noun>[^\d,;:.()=%\n]{0,40}?):?\s*$")
_INSIDE = re.compile(r"\s*(?P<sign>trong đó\s*[,:]?)(?![\s,:]*(?:tại|riêng|cấp|có cấp|ở)\b)")
_DELIMITER = re.compile(r"[,;\n]|\s(?:và|cùng)\s(?=[^,;\n]*\d)")
_STOP = re.compile(r"\btổng\b|trong đó|\btính đến\b|lũy kế|luỹ kế|cùng kỳ|%")
LONGEST_LABEL = 200
"""Characters before a number that may say what it counts."""
MOST_PARTS = 10
"""Longer lists are tables of their own; comparing every choice of their parts would acquit by chance."""
AFTER = "total last"
"""The sign of a listing whose total follows its parts."""


@dataclass(frozen=True)
class Part:
    """A count and the words that say what it counts."""

    label: str
    number: Number


@dataclass(frozen=True)
class Listing:
    """A total and its parts; `sign` is what opens them, `tail` what follows the last."""

    total: Number
    label: str
    sign: str
    parts: tuple[Part, ...]
    tail: str
    one_sentence: bool

    @property
    def start(self) -> int:
        return min(self.total.start, self.parts[0].number.start)

    @property
    def end(self) -> int:
        return max(self.total.end, self.parts[-1].number.end)

    @property
    def is_named(self) -> bool:
        """Whether the total is said to be one, or a word or colon opens its parts."""
        return self.sign.strip() not in {",", ";"} or bool(_TOTAL.search(self.label))

    def values(self) -> tuple[Decimal, list[Decimal]]:
        """Total and parts, in single units where they are printed in different ones («tỷ» beside «triệu»)."""
        numbers = [part.number for part in self.parts]
        scales = {scale(number.unit) for number in (self.total, *numbers) if number.unit}
        if len(scales) < 2:
            return self.total.value, [number.value for number in numbers]
        whole = scale(self.total.unit)
        return self.total.value * whole, [
            number.value * (scale(number.unit) if number.unit else whole) for number in numbers
        ]


def listing_of(reading: Reading, passages: Passages, total: Number) -> Listing | None:
    """The parts that are counted for a total, or None where nothing is."""
    plain, passage = reading.plain, passages.at(total.start)
    if total.about or total.start in reading.in_fractions:
        return None
    label = re.split(r"[;,.](?=\s)|\n", plain[max(passage.start, total.start - LONGEST_LABEL) : total.start])[-1]
    opened = _LIST_OPENS.match(plain, total.end)
    if not opened and (_TOTAL.search(label) or JUST_RESOLVED.search(label)):
        opened = _TOTAL_THEN.match(plain, total.end)
    if not opened:
        return _next_sentence(reading, passages, total, label) or _total_last(reading, passage, total)
    whole_label = f"{label} {opened['noun']}"
    rest = plain[opened.end() : passage.end].strip(" \n*_\t:")
    if rest:
        parts, tail = _inline(reading, opened.end(), _scope_end(plain, opened, passage))
        return Listing(total, whole_label, opened["sign"], parts, tail, True) if parts else None
    following = _items(reading, passages, passage)
    return Listing(total, whole_label, opened["sign"], following, "", False) if following else None


def _next_sentence(reading: Reading, passages: Passages, total: Number, label: str) -> Listing | None:
    """«Tổng số: 36 nhiệm vụ. Trong đó: hoàn thành 30, chưa hoàn thành 5.»"""
    passage = passages.at(total.start)
    noun = reading.plain[total.end : passage.end]
    following = passages.after(passage)
    if not following or not re.fullmatch(r"[^\d,;:.()=%\n]{0,60}\.\s*", noun):
        return None
    opened = _INSIDE.match(reading.plain, following.start, following.end)
    if not opened:
        return None
    parts, tail = _inline(reading, opened.end(), following.end)
    return Listing(total, f"{label} {noun}", opened["sign"], parts, tail, True) if parts else None


def _total_last(reading: Reading, passage: Passage, total: Number) -> Listing | None:
    """«Hoàn thành 4, đang thực hiện 6, tổng 10»: the total closes its sentence."""
    said = reading.plain[passage.start : total.start]
    found = _TOTAL_LAST.search(said)
    if not found or re.search(r"[\w%]\s*\d", reading.plain[total.end : passage.end]):
        return None
    parts, _ = _inline(reading, passage.start, passage.start + found.start())
    return Listing(total, f"tổng {found['noun']}", AFTER, parts, "", True) if len(parts) > 1 else None


def _scope_end(plain: str, opened: re.Match[str], passage: Passage) -> int:
    """A list in brackets ends with its bracket, any other with its sentence."""
    if "(" not in opened["sign"]:
        return passage.end
    depth = 1
    for place in range(opened.end(), passage.end):
        depth += {"(": 1, ")": -1}.get(plain[place], 0)
        if depth == 0:
            return place
    return passage.end


def _inline(reading: Reading, start: int, end: int) -> tuple[tuple[Part, ...], str]:
    """The parts of one sentence, up to the first that is no flat item; brackets and percents left out."""
    said = _without_brackets(reading, start, end)
    parts: list[Part] = []
    label_start = 0
    for place in [*(match.start() for match in _DELIMITER.finditer(said)), len(said)]:
        item = said[label_start:place]
        there = within(reading.counts, start + label_start, start + place)
        counts = [c for c in there if said[c.start - start] != " "]
        if not counts:
            continue  # «giải quyết trước, trả đúng hạn 8.633»: the label goes on
        if len(counts) > 1 or counts[0].start in reading.in_fractions or (parts and _STOP.search(item)):
            return tuple(parts), item
        parts.append(Part(item.strip(), counts[0]))
        label_start = place + 1
    return tuple(parts), said[label_start:]


def _without_brackets(reading: Reading, start: int, end: int) -> str:
    """A stretch of the plain text with its brackets and percents blank."""
    said = reading.plain[start:end]
    for percent in within(reading.percents, start, end):
        first, last = percent.start - start, percent.end - start
        said = said[:first] + " " * (last - first) + said[last:]
    return re.sub(r"\([^()]*\)", lambda match: " " * len(match[0]), said)


def _items(reading: Reading, passages: Passages, head: Passage) -> tuple[Part, ...]:
    """The parts in the list items or the table rows that follow a line ending in a colon."""
    rows: list[str] = []
    parts: list[Part] = []
    passage = passages.after(head)
    while passage and passages.is_item(passage) and len(parts) < MOST_PARTS:
        said = reading.plain[passage.start : passage.end]
        counts = within(reading.counts, passage.start, passage.end)
        if "\t" in said:
            if columns := _columns(rows, said, counts, passage.start):
                return columns
            rows.append(said)
        elif len(counts) == 0 or (parts and _STOP.search(said.replace("%", ""))):
            break
        else:
            parts.append(Part(said.strip()[: counts[0].start - passage.start], counts[0]))
        passage = passages.after(passage)
    return tuple(parts)


def _columns(rows: list[str], said: str, counts: Sequence[Number], start: int) -> tuple[Part, ...]:
    """A row of figures under the labels of the row above."""
    cells = said.strip("\n").split("\t")
    if not rows or not all(re.fullmatch(r"\s*(?:\d[\d.,]*)?\s*", cell) for cell in cells) or len(counts) < 1:
        return ()
    labels = rows[-1].strip("\n").split("\t")
    places: dict[int, int] = {}
    at = start + (len(said) - len(said.lstrip("\n")))
    for column, cell in enumerate(cells):
        places[at + len(cell) - len(cell.lstrip())] = column
        at += len(cell) + 1
    return tuple(
        Part(labels[places[c.start]].strip(), c)
        for c in counts
        if c.start in places and places[c.start] < len(labels) and labels[places[c.start]].strip(" 0123456789")
    )
