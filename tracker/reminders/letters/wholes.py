"""Of what a message speaks as a whole: of a unit, of the reader's own work, or of no more than itself.

A number that is said of a unit or of a person is the number of their report or list on that day, asked from
`tasks.queries.loads`; how much a message happens to carry is said of the message alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.rules.notices import Hearer
from tracker.tasks.queries import Load

_PROVINCIAL = frozenset({Hearer.MONITOR, Hearer.PROVINCIAL_LEADERS})
OF_UNIT = frozenset({Hearer.OFFICER, Hearer.UNIT_LEADERS})
"""Who hears of the own unit."""


@dataclass(frozen=True)
class State:
    """How the units stand whose day a message tells: `place` is their name inside a sentence, or how many they are.

    `unit_id` is 0 where they are several.
    """

    place: str
    unit_id: int
    load: Load


class Of(StrEnum):
    """What the numbers of a message are of."""

    UNIT = "unit"
    PERSON = "person"
    MESSAGE = "message"


@dataclass(frozen=True)
class Whole:
    """What a message speaks of: the load of a unit or of the reader, where the message states it.

    `unit_id` is 0 where several units are concerned. `oldest` are the facts of what has been overdue longest in the
    whole, `oldest_end` its last day in term. `state` is there when the message tells the state of the day.
    """

    of: Of = Of.MESSAGE
    unit_id: int = 0
    person_id: int = 0
    load: Load = field(default_factory=Load)
    oldest: Any = None
    oldest_end: date | None = None
    state: State | None = None


ALONE = Whole()
"""A message that speaks of nothing but what it carries."""


def speaks_of(hearers: Collection[Hearer], rows: Sequence[Any]) -> Of:
    """Of what a message may speak that somebody hears in these capacities about these assignments.

    An officer hears of the own work. Leaders hear of their unit, and so do those above it, as long as what they
    assigned comes from a unit under whose figures it falls. All others, and whoever hears of several units, hear of
    what the message carries: communes know no figures of each other (D9).
    """
    if set(hearers) == {Hearer.OFFICER}:
        return Of.PERSON
    if len({row.unit_id for row in rows}) > 1:
        return Of.MESSAGE
    if OF_UNIT.issuperset(hearers):
        return Of.UNIT
    above = all(row.unit_path.startswith(row.assigner_path) for row in rows)
    return Of.UNIT if _PROVINCIAL.issuperset(hearers) and above else Of.MESSAGE
