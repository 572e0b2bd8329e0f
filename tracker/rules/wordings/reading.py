"""What a deadline wording means: a proposed date, a recurrence, or why there is none.

The wording stays the record; a reading only proposes (D3). It keeps what is written, even when that is past
or impossible, and says so; what had to be guessed makes it unsure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["date", "recurring", "ongoing", "event", "none"]
Anomaly = Literal["before_issued", "on_issued", "conflict", "invalid_date"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of one wording. `due` is the last day of the term, with «trước ngày D» the day D itself.

    `rrule` holds RRULE text, two rules on two lines; `due_time` is information only (D16); `sure` is False
    when anything was guessed or looks wrong; `why` says in Vietnamese what was done.
    """

    kind: Kind
    due: date | None = None
    rrule: str | None = None
    due_time: str | None = None
    start: date | None = None
    tags: tuple[str, ...] = ()
    sure: bool = True
    anomaly: Anomaly | None = None
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The reading as plain JSON values, dates as ISO text."""
        return {
            "kind": self.kind,
            "due": self.due.isoformat() if self.due else None,
            "rrule": self.rrule,
            "due_time": self.due_time,
            "start": self.start.isoformat() if self.start else None,
            "tags": list(self.tags),
            "sure": self.sure,
            "anomaly": self.anomaly,
            "why": self.why,
        }
