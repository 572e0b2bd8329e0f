"""How the house speaks: its policy and cadence, its carriers, and how fast mail goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tracker.rules.deadlines import Policy
from tracker.rules.reminding import Cadence


@dataclass(frozen=True)
class Pace:
    """How many letters the mail server takes from us within a time, all processes together; 0 is any number."""

    most: int = 0
    within: timedelta = timedelta(hours=1)


@dataclass(frozen=True)
class ByZalo:
    """Whether the house has Zalo, whether it is open at present, and whether phone numbers may be used."""

    configured: bool = False
    is_open: bool = False
    by_phone: bool = False


@dataclass(frozen=True)
class Manner:
    """How the house speaks: its policy, when and to whom, which carriers there are, and how fast mail goes.

    `cadence` is that of the settings, `own` that of each unit which settled something otherwise, by its path.
    """

    policy: Policy
    cadence: Cadence
    email: bool
    pace: Pace = Pace()
    zalo: ByZalo = ByZalo()
    own: Mapping[str, Cadence] = field(default_factory=dict)

    def cadence_for(self, path: str) -> Cadence:
        """How the unit at the end of the path reminds: as the nearest above it has settled."""
        settled = [known for known in self.own if path.startswith(known)]
        return self.own[max(settled, key=len)] if settled else self.cadence

    def cadences(self) -> Iterable[Cadence]:
        """Every cadence that somebody reminds by."""
        return (self.cadence, *self.own.values())
