"""The headings of a digest: what its items have in common, the pressing first, and how many there are of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.reminders.letters.items import Item
from tracker.reminders.letters.wholes import ALONE, State, Whole
from tracker.rules.notices import Hearer
from tracker.tasks.queries import SOON_VIEW_DAYS

LINES_IN_A_GROUP = 5


@dataclass(frozen=True)
class Group:
    """One heading of a digest: its items, of which the first few are shown, and how many there are in all."""

    heading: str
    phrase: str
    items: Sequence[Item]
    number: int

    @property
    def shown(self) -> Sequence[Item]:
        """At most five, the most pressing first."""
        return self.items[:LINES_IN_A_GROUP]

    @property
    def more(self) -> int:
        """How many are only counted."""
        return self.number - len(self.shown)


def grouped(items: Sequence[Item], state: State | None = None) -> list[Group]:
    """What the items have in common, the pressing first; of the state of a day with all that the unit has of it."""
    far = any((item.days_left or 0) > SOON_VIEW_DAYS for item in items if item.group == "soon")
    named = {
        "urged": ("Đôn đốc", "được đôn đốc"),
        "overdue": ("Quá hạn", "quá hạn"),
        "today": ("Hạn hôm nay", "hạn hôm nay"),
        "soon": ("Sắp đến hạn" if far else f"{SOON_VIEW_DAYS} ngày tới", "sắp đến hạn"),
        "new": ("Mới giao", "mới giao"),
        "answered": ("Tỉnh trả lời", "tỉnh trả lời"),
        "taken": ("Thu hồi, tạm dừng", "thu hồi, tạm dừng"),
    }
    ordered = sorted(items, key=_urgency)
    parted = {key: [one for one in ordered if one.group == key] for key in named}
    return [Group(*named[key], own, _number(key, own, state)) for key, own in parted.items() if own]


def _number(key: str, items: Sequence[Item], state: State | None) -> int:
    """How many a group has: those of the state, and beside it what is another unit's or further away."""
    if state is None or key not in ("overdue", "today", "soon"):
        return len(items)
    beside = [one for one in items if one.hearer is Hearer.COORDINATORS or (one.days_left or 0) > SOON_VIEW_DAYS]
    of_state: int = getattr(state.load, key)
    return of_state + len(beside)


def counted(items: Sequence[Item], whole: Whole = ALONE) -> str:
    """How much of what a message tells: «2 việc quá hạn, 1 hạn hôm nay»."""
    return ", ".join(phrases(grouped(items, whole.state)))


def phrases(groups: Sequence[Group]) -> list[str]:
    """How much is in each, as a subject says it."""
    return [f"{group.number}{' ' if n else ' việc '}{group.phrase}" for n, group in enumerate(groups)]


def most_pressing(items: Sequence[Item]) -> Item:
    """What is overdue longest or due first."""
    return min(items, key=_urgency)


def _urgency(item: Item) -> tuple[bool, int, int]:
    """What comes first; what was taken away presses nobody."""
    return item.group == "taken", item.days_left if item.days_left is not None else 9999, item.facts.id
