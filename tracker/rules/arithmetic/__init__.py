"""Ratio and sum statements in prose, and the dates of cited documents: found, computed, judged.

    text ── numbers ──┬── ratios ──┐
         └─ passages ─┴── sums  ───┼── Findings
         └───────────── dates ─────┘

`inconsistent` is said only where the base of a figure is certain; what is not certain is `not_checkable`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.rules.arithmetic.dates import judge_dates
from tracker.rules.arithmetic.findings import (
    DateVerdict,
    DocumentDate,
    Findings,
    Kind,
    Statement,
    Verdict,
)
from tracker.rules.arithmetic.numbers import composed, read
from tracker.rules.arithmetic.passages import Passages
from tracker.rules.arithmetic.ratios import judge_ratios
from tracker.rules.arithmetic.sums import judge_sums

__all__ = ["DateVerdict", "DocumentDate", "Findings", "Kind", "Statement", "Verdict", "check_text"]


def check_text(text: str, dated: date | None = None) -> Findings:
    """All ratio, sum and date statements of a report with a verdict each, in reading order.

    `dated` is the day of the report; without it the day in its head counts, and where that is blank the last
    day of its month. Offsets count characters of `text` as given, whatever its Unicode form.
    """
    whole, places = composed(text)
    reading, passages = read(whole), Passages(whole)
    statements = [*judge_ratios(reading, passages), *judge_sums(reading, passages)]
    statements.sort(key=lambda found: (found.start, found.type))
    dates = judge_dates(whole, dated)

    def placed(found: Statement) -> Statement:
        end = places[found.start + len(found.quote)]
        return replace(found, start=places[found.start], quote=text[places[found.start] : end])

    def placed_date(found: DocumentDate) -> DocumentDate:
        end = places[found.start + len(found.quote)]
        return replace(found, start=places[found.start], quote=text[places[found.start] : end])

    return Findings(tuple(map(placed, statements)), tuple(map(placed_date, dates)))
