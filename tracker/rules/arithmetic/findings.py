"""What the checker says about a report: values that a page, a command and JSON share."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """How a statement stands against its own figures."""

    CONSISTENT = "consistent"
    TRUNCATED = "truncated"
    INCONSISTENT = "inconsistent"
    NOT_CHECKABLE = "not_checkable"


class DateVerdict(StrEnum):
    """How the date of a cited document stands: `disordered` wants a look, `inconsistent` is an error."""

    CONSISTENT = "consistent"
    DISORDERED = "disordered"
    INCONSISTENT = "inconsistent"
    NOT_CHECKABLE = "not_checkable"


class Kind(StrEnum):
    """What was stated."""

    RATIO = "ratio"
    SUM = "sum"
    BARE_PERCENT = "percent_without_base"
    BARE_FRACTION = "fraction_without_percent"


@dataclass(frozen=True)
class Statement:
    """One claim; `stated` and `computed` are numbers as reports print them, `start` counts characters."""

    quote: str
    start: int
    type: Kind
    stated: str | None
    computed: str | None
    verdict: Verdict
    why: str


@dataclass(frozen=True)
class DocumentDate:
    """The date of one cited document; `date` is None where the calendar has no such day."""

    quote: str
    start: int
    document: str
    date: date | None
    verdict: DateVerdict
    why: str


@dataclass(frozen=True)
class Findings:
    """Everything found in a text, in reading order."""

    statements: tuple[Statement, ...]
    dates: tuple[DocumentDate, ...]

    @property
    def errors(self) -> list[Statement | DocumentDate]:
        """What contradicts itself, in reading order."""
        found: list[Statement | DocumentDate] = [s for s in self.statements if s.verdict is Verdict.INCONSISTENT]
        found += [d for d in self.dates if d.verdict is DateVerdict.INCONSISTENT]
        return sorted(found, key=lambda finding: finding.start)

    def as_json(self) -> dict[str, list[dict[str, object]]]:
        """The fixed shape that programs read: {"statements": […], "dates": […]}."""
        dates = [asdict(found) | {"date": found.date and found.date.isoformat()} for found in self.dates]
        return {"statements": [asdict(found) for found in self.statements], "dates": dates}
