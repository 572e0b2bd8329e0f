"""Sentences and list items of a report, with their places: the reach of a statement."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

_BULLET = r"[ \t>]*(?:[-+*•–]|\\\*|\(?\d+(?:\.\d+)*[.)]|[a-zđ]\)|[#]+)[ \t]"
_END = re.compile(
    rf"""
    (?<![.!?])[.!?]{{1,20}}[”"')\]]{{0,9}}(?=\s{{1,99}}[A-ZÀ-ỸĐ“"(+\-*])      # a full stop before a capital
  | \n(?={_BULLET})                             # a new list item
  | \n(?=\d{{1,3}}(?:\.\d{{1,3}})?[ ]+[A-ZÀ-ỸĐ])    # a numbered row of a table that a PDF has spread out
  | \n(?=[^\n\t]*\t) | (?<=\t)\n | \n[^\S\n]{{0,99}}\n(?=\s{{0,99}}[A-ZÀ-ỸĐ#*|\d+\-])   # a table row; a paragraph
    """,
    re.VERBOSE,
)


LONGEST_PASSAGE = 5000
"""Characters; the longest sentence of a real report has some 2 000."""


@dataclass(frozen=True)
class Passage:
    """A sentence, a list item or a table row."""

    start: int
    end: int
    ordinal: int


def _cuts_of_long(cuts: list[int]) -> Iterator[int]:
    """Text without full stops is cut by length, so that no input makes the checker slow."""
    for start, end in pairwise(cuts):
        yield from range(start + LONGEST_PASSAGE, end, LONGEST_PASSAGE)


class Passages:
    """The text cut into passages."""

    def __init__(self, text: str):
        ends = {0, *(match.end() for match in _END.finditer(text)), len(text)}
        cuts = sorted(ends | set(_cuts_of_long(sorted(ends))))
        self.text = text
        self._all = [Passage(start, end, n) for n, (start, end) in enumerate(pairwise(cuts))] or [Passage(0, 0, 0)]
        self._starts = [passage.start for passage in self._all]

    def at(self, place: int) -> Passage:
        """The passage that holds a place of the text."""
        return self._all[max(0, bisect_right(self._starts, place) - 1)]

    def before(self, passage: Passage) -> Passage | None:
        """The nearest earlier passage that says something."""
        return self._said(self._all[n] for n in range(passage.ordinal - 1, -1, -1))

    def after(self, passage: Passage) -> Passage | None:
        """The nearest later passage that says something."""
        return self._said(self._all[n] for n in range(passage.ordinal + 1, len(self._all)))

    def is_item(self, passage: Passage) -> bool:
        """Whether the passage is an item of a list or a row of a table."""
        said = self.text[passage.start : passage.end]
        return "\t" in said or bool(re.match(rf"\s*{_BULLET}", said))

    def _said(self, passages: Iterable[Passage]) -> Passage | None:
        return next((p for p in passages if self.text[p.start : p.end].strip()), None)
