"""Totals against the parts that a sentence or a small table lists after them.

Parts that add up are said to be consistent. Parts that do not convict a total only when the wording says that
they are all of it: on time and late, done and not done, fully and partly online, or a last part «… khác».
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from tracker.rules.arithmetic.findings import Kind, Statement, Verdict
from tracker.rules.arithmetic.numbers import FractionStated, Number, Reading, printed, same_unit, within
from tracker.rules.arithmetic.passages import Passage, Passages

_LIST_OPENS = re.compile(
    r"(?P<noun>[^\d,;:.()=%\n]{0,60}?)\s*"
    r"(?P<sign>[,;]?\s*\(?\s*trong đó\s*(?:là|gồm|có)?\s*[,:]?"
    r"|[,;]?\s*\(?\s*(?:bao )?gồm(?: có)?\s*:?|=|\(?\s*:)(?=[\s*_(])"
)
_TOTAL = re.compile(r"\btổng(?:\s+(?:số|cộng))?\b[^\d;,]{0,60}$")
_JUST_RESOLVED = re.compile(r"(?<!đang )(?<!chưa )\b(?:giải quyết|hoàn thành|xử lý)\b[^\d;,]{0,30}$")
_TOTAL_THEN = re.compile(r"(?P<noun>[^\d,;:.()=%\n]{0,40}?)\s*(?P<sign>[,;])(?=\s)")
_INSIDE = re.compile(r"\s*(?P<sign>trong đó\s*[,:]?)(?![\s,:]*(?:tại|riêng|cấp|có cấp|ở)\b)")
_DELIMITER = re.compile(r"[,;\n]|\s(?:và|cùng)\s(?=[^,;\n]*\d)")
_STOP = re.compile(r"\btổng\b|trong đó|\btính đến\b|lũy kế|luỹ kế|cùng kỳ|%")
_ON_TIME = re.compile(r"(?:đúng|trước|sớm|trong)\s+(?:và\s+(?:đúng|trước)\s+)?hạn|sớm hạn")
_LATE = re.compile(r"(?:quá|trễ|chậm|muộn)\s+hạn|chậm, quá hạn|trễ|chậm")
_OPEN = re.compile(r"\b(?:chưa|đang|tồn)\b|\bcòn (?:lại|trong hạn)\b")
_LEFT = re.compile(r"\b(?:chưa|còn lại)\b|\bcòn\s*$")
_FINISHED = re.compile(r"\b(?:hoàn thành|giải quyết|xử lý|thực hiện|trả kết quả|trả lời)\b")
_RESOLVED_TOTAL = re.compile(r"(?:giải quyết|xử lý|hoàn thành|trả kết quả|đã trả)")
_UNDONE = re.compile(r"\b(?:chưa|đang|còn lại)\b")
_CAME_OVER = re.compile(r"kỳ trước|chuyển sang|tồn")
_CAME_NEW = re.compile(r"trong kỳ|mới|phát sinh")
_ONLINE = re.compile(r"trực tuyến|dvctt")
_MORE = re.compile(r"\.\.\.|…|v\.v|chủ yếu|như:|điển hình|một số|\bcác\b")
LONGEST_LABEL = 200
"""Characters before a number that may say what it counts."""
MOST_PARTS = 10
"""Longer lists are tables of their own; comparing every choice of their parts would acquit by chance."""


@dataclass(frozen=True)
class _Part:
    label: str
    number: Number


@dataclass(frozen=True)
class _Listing:
    """A total and the parts that follow it."""

    total: Number
    label: str
    sign: str
    parts: tuple[_Part, ...]
    tail: str
    one_sentence: bool

    @property
    def end(self) -> int:
        return self.parts[-1].number.end


def judge_sums(reading: Reading, passages: Passages) -> Iterator[Statement]:
    """Every total with two or more parts, judged."""
    for total in reading.counts:
        listing = _listing(reading, passages, total)
        if listing and (statement := _judge(reading, listing)):
            yield statement
    for fraction in reading.fractions:
        if statement := _left_over(reading, passages, fraction):
            yield statement


def _listing(reading: Reading, passages: Passages, total: Number) -> _Listing | None:
    plain, passage = reading.plain, passages.at(total.start)
    if total.about or total.start in reading.in_fractions:
        return None
    label = re.split(r"[;,.](?=\s)|\n", plain[max(passage.start, total.start - LONGEST_LABEL) : total.start])[-1]
    opened = _LIST_OPENS.match(plain, total.end)
    if not opened and _TOTAL.search(label):
        opened = _TOTAL_THEN.match(plain, total.end)
    if not opened and _JUST_RESOLVED.search(label):
        opened = _TOTAL_THEN.match(plain, total.end)
    if not opened:
        return _next_sentence(reading, passages, total, label)
    whole_label = f"{label} {opened['noun']}"
    rest = plain[opened.end() : passage.end].strip(" \n*_\t:")
    if rest:
        parts, tail = _inline(reading, opened.end(), _scope_end(plain, opened, passage))
        return _Listing(total, whole_label, opened["sign"], parts, tail, True) if parts else None
    following = _items(reading, passages, passage)
    return _Listing(total, whole_label, opened["sign"], following, "", False) if following else None


def _next_sentence(reading: Reading, passages: Passages, total: Number, label: str) -> _Listing | None:
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
    return _Listing(total, f"{label} {noun}", opened["sign"], parts, tail, True) if parts else None


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


def _inline(reading: Reading, start: int, end: int) -> tuple[tuple[_Part, ...], str]:
    """The parts of one sentence, up to the first that is no flat item; brackets and percents left out."""
    said = _without_brackets(reading, start, end)
    parts: list[_Part] = []
    label_start = 0
    for place in [*(match.start() for match in _DELIMITER.finditer(said)), len(said)]:
        item = said[label_start:place]
        there = within(reading.counts, start + label_start, start + place)
        counts = [c for c in there if said[c.start - start] != " "]
        if not counts:
            continue  # «giải quyết trước, trả đúng hạn 8.633»: the label goes on
        if len(counts) > 1 or counts[0].start in reading.in_fractions or (parts and _STOP.search(item)):
            return tuple(parts), item
        parts.append(_Part(item.strip(), counts[0]))
        label_start = place + 1
    return tuple(parts), said[label_start:]


def _without_brackets(reading: Reading, start: int, end: int) -> str:
    """A stretch of the plain text with its brackets and percents blank."""
    said = reading.plain[start:end]
    for percent in within(reading.percents, start, end):
        first, last = percent.start - start, percent.end - start
        said = said[:first] + " " * (last - first) + said[last:]
    return re.sub(r"\([^()]*\)", lambda match: " " * len(match[0]), said)


def _items(reading: Reading, passages: Passages, head: Passage) -> tuple[_Part, ...]:
    """The parts in the list items or the table rows that follow a line ending in a colon."""
    rows: list[str] = []
    parts: list[_Part] = []
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
            parts.append(_Part(said.strip()[: counts[0].start - passage.start], counts[0]))
        passage = passages.after(passage)
    return tuple(parts)


def _columns(rows: list[str], said: str, counts: Sequence[Number], start: int) -> tuple[_Part, ...]:
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
        _Part(labels[places[c.start]].strip(), c)
        for c in counts
        if c.start in places and places[c.start] < len(labels) and labels[places[c.start]].strip(" 0123456789")
    )


def _judge(reading: Reading, listing: _Listing) -> Statement | None:
    total, numbers = listing.total.value, [part.number.value for part in listing.parts]
    if len(numbers) > MOST_PARTS or total == 0:
        return None
    if len(numbers) < 2:
        lone = "trong đó" in listing.sign and not listing.one_sentence and numbers[0] < total
        return _statement(reading, listing, numbers, Verdict.NOT_CHECKABLE) if lone else None
    if fitting := _fitting(total, numbers):
        return _statement(reading, listing, fitting, Verdict.CONSISTENT)
    if tasks := _of_tasks(reading, listing):
        return _statement(reading, tasks, [part.number.value for part in tasks.parts], Verdict.INCONSISTENT)
    listing = _in_time_alone(listing)
    numbers = [part.number.value for part in listing.parts]
    if _is_everything(listing) and not _ambiguous(listing) and max(numbers) <= total:
        return _statement(reading, listing, numbers, Verdict.INCONSISTENT)
    if "trong đó" in listing.sign or "gồm" in listing.sign:
        return _statement(reading, listing, numbers, Verdict.NOT_CHECKABLE)
    return None


def _fitting(total: Decimal, numbers: list[Decimal]) -> list[Decimal] | None:
    """The parts that add up to the total: all of them, or those without the details of others."""
    for size in range(len(numbers), 1, -1):
        for chosen in combinations(numbers, size):
            if sum(chosen) == total:
                return list(chosen)
    return None


def _ambiguous(listing: _Listing) -> bool:
    numbers = [listing.total, *(part.number for part in listing.parts)]
    return any(len(n.readings) > 1 or n.about for n in numbers)


def _is_everything(listing: _Listing) -> bool:
    """Whether the wording says that the parts are the whole."""
    labels = [part.label for part in listing.parts]
    if not all(same_unit(listing.total, part.number) for part in listing.parts):
        return False
    if _fully_and_partly(listing, labels):
        return True
    if not listing.one_sentence:
        return False
    if _by_time(listing, labels) or _by_arrival(labels):
        return True
    named = listing.sign.strip() not in {",", ";"} or bool(_TOTAL.search(listing.label))
    return named and (_by_state(listing, labels) or _ends_in_other(listing) or _made_of(listing))


def _fully_and_partly(listing: _Listing, labels: list[str]) -> bool:
    """Online services are fully or partly online; all procedures are so or on paper."""
    kinds = ("toàn trình", "một phần", "trực tiếp", "còn lại", "thông tin")
    found = [next((kind for kind in kinds if kind in label), "") for label in labels]
    online = bool(_ONLINE.search(listing.label)) or "trực tiếp" in found
    return online and all(found) and {"toàn trình", "một phần"} <= set(found)


def _by_arrival(labels: list[str]) -> bool:
    """What came over from the last period and what came in this one."""
    over = [bool(_CAME_OVER.search(label)) for label in labels]
    came = [bool(_CAME_NEW.search(label)) for label in labels]
    each = all(first != second for first, second in zip(over, came, strict=True))
    return each and any(over) and any(came)


def _of_tasks(reading: Reading, listing: _Listing) -> _Listing | None:
    """The official sentence on tasks: done, open in term, and overdue, where zero is said in words."""
    if not listing.total.unit.startswith("nhiệm vụ") or _JUST_RESOLVED.search(listing.label):
        return None  # what is done has no undone parts
    done = [part for part in listing.parts if _FINISHED.search(part.label) and not _UNDONE.search(part.label)]
    undone = [part for part in listing.parts if _UNDONE.search(part.label)]
    details = [part for part in done[1:] if _side(part.label)]
    after = reading.plain[listing.end : listing.end + 150]
    no_overdue = "không có nhiệm vụ quá hạn" in after
    overdue = no_overdue or any(_LATE.search(part.label) for part in undone)
    all_told = len(done) - len(details) == 1 and len(done) + len(undone) == len(listing.parts)
    if not (undone and overdue and all_told):
        return None
    return replace(listing, parts=tuple(part for part in listing.parts if part not in details))


def _in_time_alone(listing: _Listing) -> _Listing:
    """«giải quyết 118: đúng hạn 115, quá hạn 3; đang giải quyết 20»: the last is no part of the resolved."""
    sides = [bool(_side(part.label)) for part in listing.parts]
    run = sides.index(False) if False in sides else len(sides)
    kept = listing.parts[:run]
    if {"late", "in time"} <= {_side(part.label) for part in kept}:
        return replace(listing, parts=kept, tail="")
    return listing


def _side(label: str) -> str:
    if _OPEN.search(label):
        return ""
    return "late" if _LATE.search(label) else "in time" if _ON_TIME.search(label) else ""


def _by_time(listing: _Listing, labels: list[str]) -> bool:
    """Early, on time and late are all that is resolved; of what is still open they are not."""
    if not _RESOLVED_TOTAL.search(listing.label) or _OPEN.search(listing.label) or _side(listing.label):
        return False
    sides = [_side(label) for label in labels]
    return all(sides) and {"late", "in time"} <= set(sides)


def _by_state(listing: _Listing, labels: list[str]) -> bool:
    """Done and «chưa …» or «còn lại» are all there is, unless the sentence goes on counting."""
    if re.search(r"\d", listing.tail):
        return False
    left = [label for label in labels if _LEFT.search(label) or re.match(r"còn\b", label)]
    done = [label for label in labels if _FINISHED.search(label) and not _OPEN.search(label)]
    rest = [label for label in labels if label not in left and label not in done]
    return bool(left and done) and all(_OPEN.search(label) or _LATE.search(label) for label in rest)


def _ends_in_other(listing: _Listing) -> bool:
    """«đất đai 30, môi trường 05, lĩnh vực khác 15»: the last item gathers the rest."""
    last = listing.parts[-1].label.removeprefix("và ")
    closed = re.search(r"\bkhác\b", last) and not _MORE.search(" ".join(p.label for p in listing.parts))
    return bool(closed) and " và " not in last and ":" in listing.sign and not re.search(r"\d", listing.tail)


def _made_of(listing: _Listing) -> bool:
    """«30 hồ sơ, gồm: 12 hồ sơ …, 17 hồ sơ …»: one unit throughout, nothing left open."""
    unit = listing.total.unit
    said = " ".join(part.label for part in listing.parts) + listing.tail
    flat = bool(unit) and all(part.number.unit == unit for part in listing.parts)
    return flat and "gồm" in listing.sign and not _MORE.search(said) and not re.search(r"[\w]", listing.tail)


def _left_over(reading: Reading, passages: Passages, fraction: FractionStated) -> Statement | None:
    """«24/30 vụ, …, còn lại 6 vụ»: part and rest make the base."""
    passage = passages.at(fraction.start)
    later = within(reading.counts, fraction.end, passage.end)
    if not later or later[0].start in reading.in_fractions:
        return None
    rest = later[0]
    between = reading.plain[fraction.end : rest.start]
    said = re.search(r"[,;]\s*(?:hiện |số )?còn(?P<left>\s+lại)?(?:\s+là)?\s*:?\s*$", between)
    if not said or ";" in between[: said.start()] or not same_unit(fraction.base, rest) or rest.about:
        return None
    numbers = [fraction.part.value, rest.value]
    listing = _Listing(fraction.base, "", "", (_Part("", fraction.part), _Part("", rest)), "", True)
    if sum(numbers) == fraction.base.value:
        return _statement(reading, listing, numbers, Verdict.CONSISTENT, start=fraction.start)
    more = any(same_unit(fraction.base, c) for c in later[1:])
    if said["left"] and not more and not _ambiguous(listing):
        return _statement(reading, listing, numbers, Verdict.INCONSISTENT, start=fraction.start)
    return None


def _statement(
    reading: Reading, listing: _Listing, numbers: list[Decimal], verdict: Verdict, start: int | None = None
) -> Statement:
    total, computed = listing.total.value, sum(numbers, Decimal(0))
    shown = f"{' + '.join(printed(n) for n in numbers)} = {printed(computed)}"
    gap = "còn thiếu" if computed < total else "thừa"
    why = {
        Verdict.CONSISTENT: f"{shown}, khớp với tổng.",
        Verdict.INCONSISTENT: f"{shown}, tổng ghi {printed(total)}: {gap} {printed(abs(total - computed))}.",
    }.get(verdict, f"Các phần nêu ra cộng được {printed(computed)} trên {printed(total)}; có thể chưa nêu hết.")
    begin = listing.total.start if start is None else start
    quote = reading.text[begin : listing.end]
    return Statement(quote, begin, Kind.SUM, printed(total), printed(computed), verdict, why)
