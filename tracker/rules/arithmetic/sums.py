"""Totals against the parts that a sentence or a small table lists with them.

Parts that add up are said to be consistent. Parts that do not convict a total only where the wording makes them
all of it, or where they are counted apart and yet surpass it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from tracker.rules.arithmetic.findings import Kind, Statement, Verdict
from tracker.rules.arithmetic.listings import AFTER, MOST_PARTS, Listing, Part, listing_of
from tracker.rules.arithmetic.numbers import FractionStated, Reading, printed, same_unit, within
from tracker.rules.arithmetic.passages import Passages
from tracker.rules.arithmetic.wholes import are_everything, in_time_alone, kind_apart, of_tasks, tell_states

_OVERLAP = re.compile(r"\b(?:vừa|trùng|đồng thời)\b")
"""Words that tell of things counted twice: «5 lượt vừa kiến nghị vừa khiếu nại»."""


def judge_sums(reading: Reading, passages: Passages) -> Iterator[Statement]:
    """Every total with two or more parts, judged."""
    for total in reading.counts:
        listing = listing_of(reading, passages, total)
        if listing and (statement := _judge(reading, listing)):
            yield statement
    for fraction in reading.fractions:
        if statement := _left_over(reading, passages, fraction):
            yield statement


def _judge(reading: Reading, listing: Listing) -> Statement | None:
    total, numbers = listing.values()
    if len(numbers) > MOST_PARTS or total == 0:
        return None
    if len(numbers) < 2:
        lone = "trong đó" in listing.sign and not listing.one_sentence and numbers[0] < total
        return _statement(reading, listing, numbers, Verdict.NOT_CHECKABLE) if lone else None
    apart = "" if _OVERLAP.search(reading.plain, listing.start, listing.end + 100) else kind_apart(listing)
    whole_only = listing.sign in {"(", AFTER} or apart not in {"", "state"}
    if fitting := _fitting(total, numbers, all_of_them=whole_only):
        return _statement(reading, listing, fitting, Verdict.CONSISTENT)
    if tasks := of_tasks(reading, listing):
        return _statement(reading, tasks, tasks.values()[1], Verdict.INCONSISTENT)
    listing = in_time_alone(listing)
    if not _ambiguous(listing) and _is_contradicted(listing, is_apart=bool(apart)):
        return _statement(reading, listing, listing.values()[1], Verdict.INCONSISTENT)
    if "trong đó" in listing.sign or "gồm" in listing.sign:
        return _statement(reading, listing, numbers, Verdict.NOT_CHECKABLE)
    return None


def _is_contradicted(listing: Listing, *, is_apart: bool) -> bool:
    """Whether the wording leaves no room for parts that do not add up."""
    total, numbers = listing.values()
    if max(numbers) <= total and are_everything(listing):
        return True
    if is_apart and listing.is_named:
        return sum(numbers) > total
    return listing.sign == AFTER and max(numbers) > total and tell_states(listing)


def _fitting(total: Decimal, numbers: list[Decimal], *, all_of_them: bool) -> list[Decimal] | None:
    """The parts that add up to the total: all of them, or those without the details of others."""
    for size in range(len(numbers), len(numbers) - 1 if all_of_them else 1, -1):
        for chosen in combinations(numbers, size):
            if sum(chosen) == total:
                return list(chosen)
    return None


def _ambiguous(listing: Listing) -> bool:
    numbers = [listing.total, *(part.number for part in listing.parts)]
    return any(len(n.readings) > 1 or n.about for n in numbers)


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
    listing = Listing(fraction.base, "", "", (Part("", fraction.part), Part("", rest)), "", True)
    if sum(numbers) == fraction.base.value:
        return _statement(reading, listing, numbers, Verdict.CONSISTENT, start=fraction.start)
    more = any(same_unit(fraction.base, c) for c in later[1:])
    if said["left"] and not more and not _ambiguous(listing):
        return _statement(reading, listing, numbers, Verdict.INCONSISTENT, start=fraction.start)
    return None


def _statement(
    reading: Reading, listing: Listing, numbers: list[Decimal], verdict: Verdict, start: int | None = None
) -> Statement:
    total, computed = listing.values()[0], sum(numbers, Decimal(0))
    shown = f"{' + '.join(printed(n) for n in numbers)} = {printed(computed)}"
    gap = "còn thiếu" if computed < total else "thừa"
    why = {
        Verdict.CONSISTENT: f"{shown}, khớp với tổng.",
        Verdict.INCONSISTENT: f"{shown}, tổng ghi {printed(total)}: {gap} {printed(abs(total - computed))}.",
    }.get(verdict, f"Các phần nêu ra cộng được {printed(computed)} trên {printed(total)}; có thể chưa nêu hết.")
    begin = listing.start if start is None else start
    quote = reading.text[begin : listing.end]
    return Statement(quote, begin, Kind.SUM, printed(total), printed(computed), verdict, why)
