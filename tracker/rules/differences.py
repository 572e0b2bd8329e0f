"""Why two cut-offs differ: what became of one assignment from the earlier to the later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.lifecycle import EXCLUDED, State
from tracker.rules.rates import Box

RULES_VERSION = "2026.1"
"""Which edition of the counting rules figures were made by; raised when a rule changes what is counted."""


class Change(StrEnum):
    """What happened to an assignment between two cut-offs; where several things did, the first of these."""

    NEW = "new"
    WITHDRAWN = "withdrawn"
    RESUMED = "resumed"
    DONE = "done"
    RETURNED = "returned"
    MOVED = "moved"
    FELL_OVERDUE = "fell_overdue"
    RECOUNTED = "recounted"


CHANGE_LABELS = {
    Change.NEW: "Giao mới",
    Change.WITHDRAWN: "Tạm dừng, hủy, chuyển",
    Change.RESUMED: "Tiếp tục thực hiện",
    Change.DONE: "Đã hoàn thành",
    Change.RETURNED: "Trả lại, mở lại",
    Change.MOVED: "Đổi thời hạn",
    Change.FELL_OVERDUE: "Chuyển thành quá hạn",
    Change.RECOUNTED: "Tính lại",
}


@dataclass(frozen=True)
class Seen:
    """How an assignment stood at one cut-off; `box` is None where it was outside the count."""

    state: State
    box: Box | None
    due_on: date | None


def change(before: Seen | None, after: Seen | None) -> Change | None:
    """What happened from one cut-off to the other; None when nothing that figures or their reader would notice."""
    if before is None or after is None:
        return _came_or_went(before, after)
    if after.state in EXCLUDED or before.state in EXCLUDED:
        return _crossed(before, after)
    if State.COMPLETED in (before.state, after.state) and before.state != after.state:
        return Change.DONE if after.state is State.COMPLETED else Change.RETURNED
    if before.state is State.SUBMITTED and after.state is not State.SUBMITTED and after.state is not State.COMPLETED:
        return Change.RETURNED
    if before.due_on != after.due_on:
        return Change.MOVED
    if before.box != after.box:
        return Change.FELL_OVERDUE if after.box is Box.OPEN_OVERDUE else Change.RECOUNTED
    return None


def _came_or_went(before: Seen | None, after: Seen | None) -> Change | None:
    if after is not None:
        return Change.NEW if after.box else None
    return Change.WITHDRAWN if before is not None and before.box else None


def _crossed(before: Seen, after: Seen) -> Change | None:
    if (before.state in EXCLUDED) == (after.state in EXCLUDED):
        return None
    return Change.WITHDRAWN if after.state in EXCLUDED else Change.RESUMED


def shift(pairs: Iterable[tuple[Seen | None, Seen | None]]) -> dict[Box, int]:
    """By how much each box grew: later figures are the earlier ones and this, box by box."""
    grown = dict.fromkeys(Box, 0)
    for before, after in pairs:
        if before is not None and before.box:
            grown[before.box] -= 1
        if after is not None and after.box:
            grown[after.box] += 1
    return grown
