"""One notice inside a letter or message: what it says, of which assignment, in whose eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from tracker.rules.notices import GIVEN_BACK, Hearer, Step
from tracker.rules.reminding import TAKEN_AWAY, time_words, words

_ANSWERS = GIVEN_BACK | {Step.RETURNED, Step.EXTENSION_GRANTED, Step.EXTENSION_REFUSED, Step.AMENDED}
"""What a digest gathers as the province's answers."""


def inside_a_sentence(unit_name: str) -> str:
    """The name of a unit as it is written inside a sentence: «xã An Bình»."""
    is_commune = unit_name.startswith(("Xã ", "Phường ", "Đặc khu "))
    return unit_name[:1].lower() + unit_name[1:] if is_commune else unit_name


@dataclass(frozen=True)
class Asked:
    """Somebody whom the reader of a letter may ask, and to whom an answer to it goes."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class Item:
    """One notice inside a letter. `facts` are the assignment's plain values, `end` the last day in term.

    `by` is who urged or decided, `document` the paper it was decided by, where that is known; `old_due` the due date
    before the extension that is told; `reader_id` the person who reads it.
    """

    step: Step
    facts: Any
    hearer: Hearer
    end: date | None
    days_left: int | None
    detail: str = ""
    new_due: date | None = None
    old_due: date | None = None
    document: str = ""
    by: str = ""
    reader_id: int = 0

    @property
    def words(self) -> str:
        """The first words: «Quá hạn 4 ngày»."""
        return words(self.step, self.days_left, self.new_due)

    @property
    def place(self) -> str:
        """The unit's name inside a sentence: «xã An Bình»."""
        return inside_a_sentence(self.facts.unit_name)

    @property
    def provincial(self) -> bool:
        """Whether it speaks to the side that gave the work, which urges instead of doing."""
        return self.hearer in (Hearer.MONITOR, Hearer.PROVINCIAL_LEADERS)

    @property
    def path(self) -> str:
        """The page of the assignment, below the house's own address."""
        return f"assignments/{self.facts.id}"

    @property
    def days(self) -> str:
        """The due date, and where it was a day off the last day in term beside it (D4)."""
        end, due_on = self.end, self.facts.due_on
        if end is None:
            return ""
        return f"{due_on:%d/%m/%Y}, tính đến {end:%d/%m}" if due_on and due_on != end else f"{end:%d/%m/%Y}"

    @property
    def asks(self) -> Asked | None:
        """Whom the reader may ask: the monitor; the monitor himself asks the officer in charge."""
        facts = self.facts
        if self.hearer is Hearer.MONITOR or (facts.monitor_id is not None and facts.monitor_id == self.reader_id):
            asked = Asked(facts.officer_name or "", facts.officer_phone or "", facts.officer_email or "")
            return asked if asked.name and self.provincial else None
        asked = Asked(facts.monitor_name or "", facts.monitor_phone or "", facts.monitor_email or "")
        return asked if asked.name else None

    @property
    def mark(self) -> str:
        """What stands before the task in its line of a digest; the heading has said the rest."""
        left = self.days_left or 0
        due = f"{self.end:%d/%m}" if self.end else ""
        return {
            "overdue": f"{-left} ngày · ",
            "today": "",
            "soon": f"còn {left} ngày ({due}) · ",
            "new": ("chưa tiếp nhận · " if self.step is Step.UNRECEIVED else "") + (f"hạn {due} · " if due else ""),
            "answered": f"{self.words} · ",
            "taken": f"{self.words} · ",
            "urged": f"{time_words(left)} · " if self.end else "",
        }[self.group]

    @property
    def time_words(self) -> str:
        """How it stands to its last day in term, inside a sentence: «quá hạn 4 ngày»."""
        said = time_words(self.days_left or 0)
        return said[:1].lower() + said[1:]

    @cached_property
    def group(self) -> str:
        """Under which heading of a digest it stands."""
        if self.step in (Step.ASSIGNED, Step.UNRECEIVED, Step.DELEGATED):
            return "new"
        if self.step in (Step.NUDGED, Step.URGED):
            return "urged"
        if self.step in TAKEN_AWAY:
            return "taken"
        if self.step in _ANSWERS:
            return "answered"
        left = self.days_left or 0
        return "overdue" if left < 0 else "soon" if left else "today"
