"""The numbers that Word draws by itself: a column «STT» made with automatic numbering holds no text."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Numbering:
    """Counts the numbered paragraphs of a document in their order, each list and level by itself."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is not None:
            for each in root.iterfind(f"{_W}abstractNum"):
                self._levels[each.get(f"{_W}abstractNumId")] = dict(map(_level, each.iterfind(f"{_W}lvl")))
            for each in root.iterfind(f"{_W}num"):
                linked = each.find(f"{_W}abstractNumId")
                if linked is not None:
                    self._abstract[each.get(f"{_W}numId")] = linked.get(f"{_W}val")

    def next_of(self, paragraph: Any) -> str:
        """The number that Word shows before this paragraph, «1.» or «a)»; empty for bullets and plain ones."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            return ""
        list_id, level = _val(properties.find(f"{_W}numId")), int(_val(properties.find(f"{_W}ilvl")) or 0)
        levels = self._levels.get(self._abstract.get(list_id, ""), {})
        if level not in levels:
            return ""
        kind, shape, start = levels[level]
        counts = self._counts[self._abstract[list_id]]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if kind in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda found: self._shown(levels, counts, int(found[1]) - 1), shape)

    @staticmethod
    def _shown(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], level: int) -> str:
        kind, _, start = levels.get(level, ("decimal", "", 1))
        return _written(counts.get(level, start), kind)


def _level(level: Any) -> tuple[int, tuple[str, str, int]]:
    kind, shape, start = (_val(level.find(f"{_W}{name}")) for name in ("numFmt", "lvlText", "start"))
    place = level.get(f"{_W}ilvl", "0")
    return int(place), (kind or "decimal", shape, int(start) if start.isdecimal() else 1)


def _val(element: Any) -> str:
    return (element.get(f"{_W}val") or "") if element is not None else ""


def _written(number: int, kind: str) -> str:
    if kind in ("upperRoman", "lowerRoman"):
        text = roman(number)
        return text.upper() if kind == "upperRoman" else text
    if kind in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((64 if kind == "upperLetter" else 96) + number)
    return f"{number:02}" if kind == "decimalZero" else str(number)


def roman(number: int) -> str:
    """A number up to 49 in small Roman figures; larger ones as many x as they hold tens."""
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text
