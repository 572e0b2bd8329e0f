"""Gives every date of a wording its year: its own, a neighbour's, or that of the day of issue.

«Từ tháng 11 đến tháng 2/2027» names November of 2026.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from tracker.rules.wordings.joining import Group
from tracker.rules.wordings.spans import HALF, MONTH, QUARTER, YEAR, Span


def take_years_beside(spans: list[Span], text: str) -> list[Span]:
    """«Quý III (năm 2026)», «Năm 2026, quý III»: a year that only punctuation parts from a period is its year."""
    if len(spans) < 2:
        return spans
    kept: list[Span] = []
    for span in spans:
        before = kept[-1] if kept else None
        if before is not None and _BESIDE.fullmatch(text[before.until : span.at]):
            if before.unit == YEAR and span.year is None and span.unit in _WITHIN_A_YEAR and not before.edge:
                span.year, span.at = kept.pop().year, before.at
            elif span.unit == YEAR and before.year is None and before.unit in _WITHIN_A_YEAR and not span.edge:
                before.year, before.until = span.year, span.until
                continue
        kept.append(span)
    return kept


_BESIDE = re.compile(r" ?[,:(] ?(?:trong |vao )?")
_WITHIN_A_YEAR = frozenset((MONTH, QUARTER, HALF))


def settle_years(groups: list[Group], text: str, issued: date) -> None:
    """Give every span a year: its own, a neighbour's in the same group, else that of the day of issue.

    What would be over as a whole by the day of issue is moved to the next year, with a doubt.
    """
    spans = [span for one in groups for span in one.spans]
    if all(span.year for span in spans):
        return
    for span in spans:
        if span.year is None and (named := _YEAR_BY_NAME.match(text, span.until)):
            span.year = issued.year + (named["which"] != "nay")
    for one in groups:
        if len(one.spans) > 1:
            _share_years(one)
    known = {year for span in spans if (year := span.year) is not None}
    for one in groups:
        open_spans = [span for span in one.spans if span.year is None and span.unit != YEAR]
        for span in open_spans:
            span.year = issued.year
            if len(known) == 1 and len(groups) > 1:
                span.year = _year_beside(span, min(known), issued)
            span.tag = span.tag or "noyear"
        _turn_the_year(one, open_spans)
        if not known and all(span.is_valid and _is_over(span, issued) for span in open_spans):
            for span in open_spans:
                span.year = issued.year + 1
                span.doubt = f"Không ghi năm và đã qua so với ngày ban hành, tạm lấy năm {span.year}."


def _turn_the_year(one: Group, open_spans: list[Span]) -> None:
    """«Từ tháng 11 đến tháng 2», «tháng 12, tháng 1» without years: what follows lies in the next year."""
    for before, after in pairwise(open_spans):
        turns = one.is_range or (before.order >= (10, 1) and after.order < (4, 1))
        if turns and after.order < before.order and before.is_valid and after.is_valid:
            after.year = (before.year or 0) + 1
            after.doubt = f"Không ghi năm, hiểu mốc sau thuộc năm {after.year}."


def _year_beside(span: Span, known: int, issued: date) -> int:
    """The year of a neighbour, unless the span is still to come in the year of issue, before that one."""
    still_to_come = known > issued.year and span.is_valid and not _is_over(span, issued)
    return issued.year if still_to_come else known


def _is_over(span: Span, day: date) -> bool:
    return (span.last if span.edge else span.end) < day


_YEAR_BY_NAME = re.compile(r"[ ,]*(?:cua )?nam (?P<which>nay|sau|toi|ke tiep)(?![a-z])")


def _share_years(one: Group) -> None:
    """Hand a year from each part to the one before it, then to the one after it, across a turn of the year."""
    spans = one.spans
    for before, after in zip(spans[-2::-1], spans[:0:-1], strict=True):
        if before.year is None and after.year is not None and before.unit != YEAR:
            before.year = after.year - (before.order > after.order and one.is_range)
    for before, after in pairwise(spans):
        if after.year is None and before.year is not None and after.unit != YEAR:
            after.year = before.year + (after.order < before.order)
