"""Fair comparison of units: who is ranked at all, who shares a place, and what stands beside the rate."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import TypeVar

from tracker.rules.rates import Rate

Unit = TypeVar("Unit", bound=Hashable)
REVIEW_PATIENCE_DAYS = 3
"""Working days within which the assigning side should decide on a result."""


def ranks(rate_of: Mapping[Unit, Rate], minimum: int) -> dict[Unit, int]:
    """The place of each unit by its exact rate, best first: equal rates share one and the next place is left free.

    Units with fewer than `minimum` counted assignments have no place: one task more or less would move them.
    """
    measured = {unit: rate for unit, rate in rate_of.items() if rate.denominator >= max(1, minimum)}
    exact = {unit: Fraction(rate.numerator, rate.denominator) for unit, rate in measured.items()}
    order = sorted(exact.values(), reverse=True)
    places: dict[Fraction, int] = {}
    for place, share in enumerate(order, start=1):
        places.setdefault(share, place)
    return {unit: places[share] for unit, share in exact.items()}


def median_days(days: Sequence[int]) -> int | None:
    """The median of numbers of days, half a day rounded up; None of none."""
    return int(median(days) + 0.5) if days else None
