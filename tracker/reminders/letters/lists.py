"""The list that a message leads to: the one that holds what the message speaks of, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from tracker.reminders.letters.items import Item
from tracker.reminders.letters.wholes import Of, State, Whole
from tracker.rules.notices import Hearer

_VIEWS = {"overdue": "overdue", "today": "today", "soon": "soon"}
"""The ready-made list of each group that has one."""

MOST_CHARACTERS = 200
"""Of an address: Zalo takes no more. Longer ones lead to all that has to be done."""

INBOX = "notifications"


def list_for(items: Sequence[Item], whole: Whole) -> str:
    """The address, below the house's own, of the list that holds these items of one message."""
    groups = {item.group for item in items}
    helping = {item.hearer is Hearer.COORDINATORS for item in items}
    if helping == {True}:
        return _of_these(items, "helping") or _list(view="helping")
    if whole.state is not None and groups & _VIEWS.keys():
        return _of_state(groups, whole.state)
    if len(helping) > 1:
        return INBOX
    if whole.of is Of.UNIT and groups == {"overdue"}:
        return _list(box="open_overdue", unit=whole.unit_id)
    view = _VIEWS.get(next(iter(groups)), "todo") if len(groups) == 1 else "todo"
    whose = _whose(whole)
    if view != "todo" and whose:
        return _list(view=view, **whose)
    return _of_these(items, "all") or _list(view=view, **whose)


def _of_state(groups: set[str], state: State) -> str:
    """The list of what the state of a day counts in these groups."""
    whose = {"unit": state.unit_id} if state.unit_id else {}
    if groups == {"overdue"} and whose:
        return _list(box="open_overdue", **whose)
    return _list(view=_VIEWS.get(next(iter(groups)), "todo") if len(groups) == 1 else "todo", **whose)


def _of_these(items: Sequence[Item], view: str) -> str:
    """The list of these assignments and no other; "" when its address is too long."""
    address = _list(view=view, ids=sorted({item.facts.id for item in items}))
    return address if len(address) <= MOST_CHARACTERS else ""


def _whose(whole: Whole) -> dict[str, int]:
    """Whose work a list is narrowed to; nobody's for a message that speaks of itself alone."""
    return {Of.PERSON: {"officer": whole.person_id}, Of.UNIT: {"unit": whole.unit_id}}.get(whole.of, {})


def _list(**asked: Any) -> str:
    return f"assignments?{urlencode(asked, doseq=True)}"
