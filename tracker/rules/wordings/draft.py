"""A reading in the making: doubts, tags and an anomaly gather until it is finished."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tracker.rules.wordings.normalise import Wording
from tracker.rules.wordings.reading import Anomaly, Kind, Reading


@dataclass(slots=True)
class Draft:
    """What is known so far. A single doubt makes the reading unsure, and says why."""

    wording: Wording
    issued: date
    doubts: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    anomaly: Anomaly | None = None
    time: str | None = None

    @property
    def text(self) -> str:
        """The plain wording."""
        return self.wording.text

    def tag(self, name: str) -> None:
        """Add a tag once; an empty name adds nothing."""
        if name and name not in self.tags:
            self.tags.append(name)

    def doubt(self, sentence: str) -> None:
        """Add a sentence that makes the reading unsure; an empty one adds nothing."""
        if sentence and sentence not in self.doubts:
            self.doubts.append(sentence)

    def without_date(self, kind: Kind, why: str, *, rrule: str | None = None, start: date | None = None) -> Reading:
        """The finished reading of a wording that names no due date."""
        return Reading(kind, None, rrule, self.time, start, tuple(self.tags), not self.doubts, None, self._says(why))

    def due_on(self, due: date, why: str, *, start: date | None = None, is_period: bool = False) -> Reading:
        """The finished reading of a date. One before the day of issue is kept and flagged, never moved.

        A day equal to the day of issue is flagged too, but not the end of a period nor a term counted from it.
        """
        if self.anomaly is None and due <= self.issued:
            if due < self.issued:
                self.anomaly = "before_issued"
                self.doubt("Hạn đứng trước ngày ban hành.")
            elif not is_period and "relative" not in self.tags:
                self.anomaly = "on_issued"
                self.doubt("Hạn trùng ngày ban hành.")
        return Reading(
            "date", due, None, self.time, start, tuple(self.tags), not self.doubts, self.anomaly, self._says(why)
        )

    def _says(self, why: str) -> str:
        return " ".join([why, *self.doubts]).strip() if self.doubts else why


def impossible(written: str, why: str = "không có trong lịch, cần hỏi lại") -> Reading:
    """A date that the calendar does not have: nothing is put in its place."""
    return Reading("none", sure=False, anomaly="invalid_date", why=f"«{written}» {why}.")
