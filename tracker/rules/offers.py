"""Which deeds a page offers on an assignment: those that its state allows, the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.rules.access import Deed, Role, may
from tracker.rules.lifecycle import Kind, Move, State, moves_from


@dataclass(frozen=True)
class Situation:
    """What decides, besides who looks: where the assignment is and what waits on it."""

    state: State
    kind: Kind
    has_officer: bool = False
    with_leader: bool = False
    """A written result waits for the unit's own leader (D8)."""
    may_ask_extension: bool = False
    extension_waits: bool = False


_MOVES = {
    Deed.RECEIVE: Move.RECEIVE,
    Deed.DECLINE: Move.DECLINE,
    Deed.RECALL: Move.RECALL,
    Deed.CONFIRM: Move.CONFIRM,
    Deed.SEND_BACK: Move.SEND_BACK,
    Deed.DECIDE_DECLINE: Move.REFUSE_DECLINE,
    Deed.TRANSFER: Move.TRANSFER,
    Deed.SUSPEND: Move.SUSPEND,
    Deed.RESUME: Move.RESUME,
    Deed.CANCEL: Move.CANCEL,
    Deed.REOPEN: Move.REOPEN,
}
_AT_WORK = frozenset({State.ASSIGNED, State.RECEIVED, State.IN_PROGRESS})
_ORDER = (
    Deed.DECIDE_EXTENSION,
    Deed.CONFIRM,
    Deed.SEND_BACK,
    Deed.DECIDE_DECLINE,
    Deed.RESUME,
    Deed.SUBMIT,
    Deed.HAND_BACK,
    Deed.DELEGATE,
    Deed.RECEIVE,
    Deed.WRITE_RESULT,
    Deed.PROGRESS,
    Deed.RECALL,
    Deed.ASK_EXTENSION,
    Deed.DECLINE,
    Deed.NUDGE,
    Deed.URGE,
    Deed.TRANSFER,
    Deed.SUSPEND,
    Deed.CANCEL,
    Deed.REOPEN,
)
SELDOM = frozenset({Deed.DECLINE, Deed.TRANSFER, Deed.SUSPEND, Deed.CANCEL, Deed.REOPEN})
"""Deeds that always stand in the menu «Khác»: rare, and hard to take back."""


def offers(situation: Situation, role: Role) -> list[Deed]:
    """What somebody of the role, standing on the right side, may do now; the most pressing first."""
    found = [deed for deed in _ORDER if may(role, deed) and _possible(deed, situation)]
    if situation.has_officer and Deed.DELEGATE in found:
        found.remove(Deed.DELEGATE)
        found.append(Deed.DELEGATE)
    return found


def _possible(deed: Deed, s: Situation) -> bool:
    if deed in _MOVES:
        return _MOVES[deed] in moves_from(s.state)
    at_work = s.state in _AT_WORK
    return {
        Deed.DECIDE_EXTENSION: s.extension_waits,
        Deed.SUBMIT: s.with_leader and s.state is State.IN_PROGRESS,
        Deed.HAND_BACK: s.with_leader,
        Deed.DELEGATE: at_work,
        Deed.PROGRESS: at_work,
        Deed.WRITE_RESULT: at_work and s.kind is not Kind.STANDING,
        Deed.NUDGE: at_work and not s.extension_waits,
        Deed.URGE: at_work and s.has_officer and not s.with_leader and not s.extension_waits,
        Deed.ASK_EXTENSION: s.may_ask_extension and not s.extension_waits,
    }[deed]
