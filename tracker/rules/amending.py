"""How one document amends another: which one its title names, and how one wording of a task becomes another."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.rules.lifecycle import Kind
from tracker.rules.texts import fold

What = Literal["content", "deliverable", "due", "withdrawn"]
Mark = Literal["same", "out", "in"]
WHAT_LABELS: dict[What, str] = {
    "content": "Sửa nội dung",
    "deliverable": "Sửa sản phẩm",
    "due": "Đổi hạn",
    "withdrawn": "Rút nhiệm vụ",
}
_ALIKE_WITH_NUMBER, _ALIKE = 0.55, 0.8
_MOST_COMPARED = 40_000
_AMENDS = re.compile(r"điều chỉnh|bổ sung|sửa đổi|thay thế|thay đổi|đính chính|bãi bỏ", re.IGNORECASE)
_SYMBOL = re.compile(r"(?<![\w/.-])\d{1,6}[A-Za-z]?(?:/\d{4})?[/-][A-ZĐ][\wĐđ&]*(?:[/.-][A-ZĐ][\wĐđ&]*)*")
_MAY_BECOME = {Kind.SCHEDULED: {Kind.SCHEDULED, Kind.UNDATED}, Kind.UNDATED: {Kind.SCHEDULED, Kind.UNDATED}}


@dataclass(frozen=True)
class Wording:
    """What a document says of a task."""

    content: str
    deliverable: str
    due_text: str
    kind: Kind
    due_on: date | None
    ordinal: str = ""


def amended_symbols(title: str) -> tuple[str, ...]:
    """The numbers of the papers that a title says it amends: «Điều chỉnh, bổ sung Kế hoạch số 49/KH-UBND …».

    None for a title that amends nothing, even when it names papers.
    """
    title = unicodedata.normalize("NFC", title)
    verb = _AMENDS.search(title)
    return tuple(dict.fromkeys(_SYMBOL.findall(title, verb.end()))) if verb else ()


def changed(old: Wording, new: Wording) -> tuple[What, ...]:
    """What is different in the new wording; a deadline that reads otherwise but means the same day is not."""
    pairs: dict[What, tuple[object, object]] = {
        "content": (_words(old.content), _words(new.content)),
        "deliverable": (_words(old.deliverable), _words(new.deliverable)),
        "due": (old.due_on, new.due_on),
    }
    return tuple(what for what, (before, after) in pairs.items() if before != after)


def may_become(old: Kind, new: Kind) -> bool:
    """Whether an amendment may turn one kind into the other.

    A task enters the counts by its kind, and past days keep their totals: standing and recurring duties are
    withdrawn and set anew instead.
    """
    return new in _MAY_BECOME.get(old, {old})


def amended_due(current: date | None, new: date | None, extensions: int) -> date | None:
    """The due date of an assignment under an amended one; an extension that reaches further is kept."""
    if extensions and current is not None and new is not None:
        return max(current, new)
    return new


def marked(old: str, new: str) -> list[tuple[Mark, str]]:
    """The old and the new text in one, word by word: what stayed, what went out, what came in."""
    before, after = re.findall(r"\S+", old), re.findall(r"\S+", new)
    found: list[tuple[Mark, str]] = []
    for tag, start, end, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", " ".join(before[start:end])))
            continue
        found += [("out", " ".join(before[start:end]))] if end > start else []
        found += [("in", " ".join(after[first:last]))] if last > first else []
    return found


def taken_up(old: Sequence[Wording], new: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Which new task takes up which old one, as pairs of places: the most alike first, each once.

    Tasks of one number need less likeness than others; what is like nothing is a new task. In very long lists
    only tasks of one number are compared.
    """
    every = len(old) * len(new) <= _MOST_COMPARED
    alike = sorted(
        (
            (_likeness(one.content, other.content), place, taking)
            for place, one in enumerate(old)
            for taking, other in enumerate(new)
            if every or (one.ordinal and one.ordinal == other.ordinal)
        ),
        key=lambda found: (-found[0], found[1:]),
    )
    olds: set[int] = set()
    news: set[int] = set()
    for likeness, place, taking in alike:
        same_number = bool(old[place].ordinal) and old[place].ordinal == new[taking].ordinal
        enough = likeness >= (_ALIKE_WITH_NUMBER if same_number else _ALIKE)
        if enough and place not in olds and taking not in news:
            olds.add(place)
            news.add(taking)
            yield place, taking


def _likeness(one: str, other: str) -> float:
    matcher = difflib.SequenceMatcher(None, _words(one), _words(other), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE_WITH_NUMBER else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))
