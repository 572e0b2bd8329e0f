"""A stated percent against a part and a whole: rounded half-up as printed, cut off, bounded, or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tracker.rules.arithmetic.findings import Verdict
from tracker.rules.arithmetic.numbers import Number, Percent, cut_off, decimals_of, percent_of, rounded, scale


@dataclass(frozen=True)
class Base:
    """A part and what it may be a part of."""

    part: Number
    base: Decimal
    certain: bool
    printed_base: Number | None = None

    @property
    def exact(self) -> Fraction:
        """The percent by the likeliest reading; «300 triệu/1,2 tỷ» is taken in single units."""
        return percent_of(self.part.value, self.base * self._scale)

    def pairings(self) -> Iterator[tuple[Decimal, Decimal]]:
        """Part and whole by every reading of the figures."""
        wholes = self.printed_base.readings if self.printed_base else (self.base,)
        for part in self.part.readings:
            yield from ((part, whole * self._scale) for whole in wholes if whole)

    @property
    def _scale(self) -> Decimal:
        """How many units of the part one unit of the whole is."""
        if not (self.printed_base and self.printed_base.unit and self.part.unit):
            return Decimal(1)
        return Decimal(scale(self.printed_base.unit)) / scale(self.part.unit)


def compare(base: Base, stated: Percent) -> Verdict:
    """The verdict on a stated percent of this base, by any reading of the figures as they are printed.

    Half-up at the printed number of decimals is consistent; equal only to cutting off is truncated.
    """
    found, tolerant = Verdict.INCONSISTENT, False
    for part, whole in base.pairings():
        exact = percent_of(part, whole)
        for value in stated.readings:
            said = _said(base, stated, exact, value)
            if said is not Verdict.INCONSISTENT:
                found = said if found is not Verdict.TRUNCATED else found
            if said is Verdict.CONSISTENT:
                return said
            tolerant = tolerant or _within_printing(base, part, whole, value)
    return Verdict.NOT_CHECKABLE if found is Verdict.INCONSISTENT and tolerant else found


def _said(base: Base, stated: Percent, exact: Fraction, value: Decimal) -> Verdict:
    if stated.about:
        return _bound(stated.about, exact, value) if base.certain else Verdict.NOT_CHECKABLE
    decimals = decimals_of(value)
    if rounded(exact, decimals) == value or _not_yet_all(exact, value, decimals):
        return Verdict.CONSISTENT
    return Verdict.TRUNCATED if cut_off(exact, decimals) == value else Verdict.INCONSISTENT


def _not_yet_all(exact: Fraction, value: Decimal, decimals: int) -> bool:
    """Whether what would round to 100 % is printed as the largest value below it, as nothing is whole that is not."""
    return decimals > 0 and exact < 100 <= rounded(exact, decimals) and value == 100 - Decimal(1).scaleb(-decimals)


def _bound(about: str, exact: Fraction, value: Decimal) -> Verdict:
    """«trên 90%» is a bound that can be broken; «khoảng 90%» cannot be, it only fits or says nothing."""
    stated, slack = Fraction(value), Fraction(1, 2)
    if about == "<":
        return Verdict.CONSISTENT if exact < stated else Verdict.INCONSISTENT
    if about in ("trên", "hơn", "ít nhất", "tối thiểu"):
        return Verdict.CONSISTENT if exact >= stated - slack else Verdict.INCONSISTENT
    if about in ("dưới", "không quá"):
        return Verdict.CONSISTENT if exact <= stated + slack else Verdict.INCONSISTENT
    return Verdict.CONSISTENT if abs(exact - stated) <= 2 else Verdict.NOT_CHECKABLE


def _within_printing(base: Base, part: Decimal, whole: Decimal, value: Decimal) -> bool:
    """Whether figures printed with decimals or as «tỷ», «triệu» leave room for the stated percent."""
    rough = base.part.unit.startswith(("tỷ", "tỉ", "triệu", "nghìn", "ngàn")) or base.part.decimals
    if not rough:
        return False
    half = Fraction(1, 2) / 10 ** decimals_of(part)
    half_base = Fraction(1, 2) / 10 ** decimals_of(whole)
    low = (Fraction(part) - half) * 100 / (Fraction(whole) + half_base)
    high = (Fraction(part) + half) * 100 / max(Fraction(whole) - half_base, Fraction(1, 1000))
    room = Fraction(1, 2) / 10 ** decimals_of(value)
    return bool(low - room <= Fraction(value) <= high + room)
