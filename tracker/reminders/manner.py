"""How the house speaks: its policy and cadence, its carriers, and how fast mail goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tracker.rules.deadlines import Policy
from tracker.rules.reminding import (
    Cadence,
)


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
    """How the house speaks: the province's policy and cadence, which carriers there are, and how fast mail goes."""

    policy: Policy
    cadence: Cadence
    email: bool
    pace: Pace = Pace()
    zalo: ByZalo = ByZalo()
