"""Rows that are headings: merged over the table, numbered as one, in capitals, or with rows of their own below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.directives.reading.outline import Heading, bare, depth, kind_of_number, split_number, titled
from tracker.directives.reading.spreading import Row

BULLET = re.compile(r"\s*[-–+•*]\s*")
_OWN_WORK = ("lead", "deadline", "coordinating", "output")
_SHORTEST = 6
"""Letters; shorter words in the narrow first column are a number."""


def heading_of(row: Row, after: Sequence[Row], *, numbered: bool) -> Heading | None:
    """The heading that a row is, or none. `after` holds the row below it, if any."""
    filled = row.filled()
    beside = [row.texts[place] for place in filled if place != row.fields.get("ordinal")]
    if not beside:
        return _in_first_column(row.own("ordinal"))
    if len(beside) == 1 and not row.from_above:
        if row.widest >= max(2, (len(row.texts) - 1) // 2):
            return titled(beside[0], row.own("ordinal"))
        if filled == [row.fields["content"]]:
            return _lone(row.own("content"), after, numbered=numbered)
    return _numbered(row, after, has_only_words=len(beside) == 1) if row.own("content") else None


def _in_first_column(words: str) -> Heading | None:
    return titled(words) if len(words) > _SHORTEST or split_number(words)[0] else None


def _lone(content: str, after: Sequence[Row], *, numbered: bool) -> Heading | None:
    """A row with nothing but words under «nội dung»: a heading when numbered as one, in capitals, or before a «1»."""
    number, _ = split_number(content)
    kind = kind_of_number(number) if number else ""
    in_capitals = content.upper() == content and len(content) > _SHORTEST and not BULLET.match(content)
    begins_anew = numbered and bool(after) and bare(after[0].own("ordinal")) == "1" and content[:1].isupper()
    return titled(content) if kind in ("roman", "letter") or in_capitals or begins_anew else None


def _numbered(row: Row, after: Sequence[Row], *, has_only_words: bool) -> Heading | None:
    ordinal, words = row.own("ordinal"), " ".join(row.own("content").split())
    kind, deadline = kind_of_number(ordinal), row.own("deadline")
    if kind in ("roman", "letter") and _leads_nothing(row, after):
        return Heading(kind, ordinal, words, deadline=deadline, lead=row.own("lead"))
    if kind in ("arabic", "dotted") and has_only_words and not row.from_above and _has_children(ordinal, after):
        return Heading(kind, ordinal, words, soft=True)
    return None


def _leads_nothing(row: Row, after: Sequence[Row]) -> bool:
    """Whether a row numbered as a heading is one: it names no unit, or one for the rows below, which name none."""
    if row.own("coordinating"):
        return False
    if not row.text("lead"):
        return "lead" in row.fields or not row.own("deadline")
    below = kind_of_number(after[0].own("ordinal")) if after else ""
    has_work = row.own("deadline") or row.own("output")
    return below in ("arabic", "dotted") and not has_work and not after[0].text("lead")


def _has_children(ordinal: str, after: Sequence[Row]) -> bool:
    """Whether the next row is below this one: «1.1» under «1»; «a)» or a dash when it has work of its own."""
    if not after:
        return False
    following = after[0].own("ordinal")
    kind = kind_of_number(following)
    if kind == "dotted":
        return depth(following) > depth(ordinal) and bare(following).startswith(bare(ordinal) + ".")
    dashed = kind == "bullet" or (not following and bool(BULLET.match(after[0].own("content"))))
    return (kind == "small" or dashed) and any(after[0].text(name) for name in _OWN_WORK)


def goes_on(row: Row) -> bool:
    """Whether a row only ends the words of a heading that began on the page before."""
    filled = row.filled()
    return len(filled) == 1 and filled[0] != row.fields.get("ordinal") and row.texts[filled[0]][:1].islower()
