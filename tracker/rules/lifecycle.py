"""The life of an assignment: its states, the moves people make, and which move follows which.

    draft → assigned → received → in_progress → submitted → completed
               │           │           ▲  │         │            │
               └ declined ─┘           └──┴─ sent back, recalled, reopened
                  │  │
                  │  └ suspended (may resume)
                  └ transferred, cancelled (the end)

A state changes only by a move; whether work is late is no state but a question of the day (see `deadlines`).
"""

from __future__ import annotations

from enum import StrEnum

from tracker.errors import Refused


class Kind(StrEnum):
    """How a task is bound to time; each kind has its own line in a report."""

    SCHEDULED = "scheduled"
    UNDATED = "undated"
    STANDING = "standing"
    RECURRING = "recurring"


class State(StrEnum):
    """Where an assignment is in its work; stored, and changed only by a move."""

    DRAFT = "draft"
    ASSIGNED = "assigned"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    DECLINED = "declined"
    SUSPENDED = "suspended"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """What somebody does to an assignment."""

    ASSIGN = "assign"
    RECEIVE = "receive"
    PROGRESS = "progress"
    SUBMIT = "submit"
    RECALL = "recall"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"
    DECLINE = "decline"
    REFUSE_DECLINE = "refuse_decline"
    TRANSFER = "transfer"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    REOPEN = "reopen"


LABELS: dict[State | Move | Kind, str] = {
    Kind.SCHEDULED: "Nhiệm vụ theo tiến độ",
    Kind.UNDATED: "Nhiệm vụ không có thời hạn",
    Kind.STANDING: "Nhiệm vụ thường xuyên",
    Kind.RECURRING: "Nhiệm vụ định kỳ",
    State.DRAFT: "Dự thảo",
    State.ASSIGNED: "Mới giao",
    State.RECEIVED: "Đã tiếp nhận",
    State.IN_PROGRESS: "Đang thực hiện",
    State.SUBMITTED: "Chờ xác nhận",
    State.COMPLETED: "Đã hoàn thành",
    State.DECLINED: "Đề nghị không thực hiện/chuyển",
    State.SUSPENDED: "Tạm dừng",
    State.TRANSFERRED: "Đã chuyển",
    State.CANCELLED: "Hủy",
    Move.ASSIGN: "Giao",
    Move.RECEIVE: "Tiếp nhận",
    Move.PROGRESS: "Cập nhật tiến độ",
    Move.SUBMIT: "Gửi xác nhận hoàn thành",
    Move.RECALL: "Triệu hồi",
    Move.CONFIRM: "Xác nhận hoàn thành",
    Move.SEND_BACK: "Trả lại",
    Move.DECLINE: "Đề nghị không thực hiện/chuyển",
    Move.REFUSE_DECLINE: "Không chấp thuận đề nghị",
    Move.TRANSFER: "Chuyển đơn vị khác",
    Move.SUSPEND: "Tạm dừng",
    Move.RESUME: "Tiếp tục thực hiện",
    Move.CANCEL: "Hủy",
    Move.REOPEN: "Mở lại",
}
"""The words of the interface. A state and a move never share a key: their values differ."""

COUNTED = frozenset({Kind.SCHEDULED, Kind.UNDATED, Kind.RECURRING})
"""Kinds inside the totals of a report; standing duties have a line of their own."""

EXCLUDED = frozenset({State.SUSPENDED, State.CANCELLED, State.TRANSFERRED})
"""Left out of every denominator from the date of the deciding document, yet still listed."""

OPEN = frozenset({State.ASSIGNED, State.RECEIVED, State.IN_PROGRESS, State.SUBMITTED, State.DECLINED})
"""Work that is still owed: asking to be excused, or waiting for the province, does not end a duty."""

RUNNING = OPEN - {State.SUBMITTED}
"""Work whose clock runs, that of units which ask to be excused too."""

WITH_UNIT = RUNNING - {State.DECLINED}
"""Work that the unit can still do something about; the rest waits for the province or has ended."""

CLOSED = frozenset({State.COMPLETED})
"""Work that is done and confirmed."""

NEEDS_REASON = frozenset(
    {Move.SEND_BACK, Move.DECLINE, Move.REFUSE_DECLINE, Move.TRANSFER, Move.SUSPEND, Move.CANCEL, Move.REOPEN}
)
"""Moves that must say why."""

NEEDS_DOCUMENT = frozenset({Move.TRANSFER, Move.SUSPEND, Move.CANCEL, Move.REOPEN})
"""Moves that must cite the numbered document they rest on."""

_NEXT: dict[tuple[State, Move], State] = {
    (State.DRAFT, Move.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Move.RECEIVE): State.RECEIVED,
    (State.ASSIGNED, Move.PROGRESS): State.IN_PROGRESS,
    (State.ASSIGNED, Move.TRANSFER): State.TRANSFERRED,
    (State.ASSIGNED, Move.DECLINE): State.DECLINED,
    (State.ASSIGNED, Move.SUSPEND): State.SUSPENDED,
    (State.ASSIGNED, Move.CANCEL): State.CANCELLED,
    (State.RECEIVED, Move.PROGRESS): State.IN_PROGRESS,
    (State.RECEIVED, Move.SUBMIT): State.SUBMITTED,
    (State.RECEIVED, Move.DECLINE): State.DECLINED,
    (State.RECEIVED, Move.SUSPEND): State.SUSPENDED,
    (State.RECEIVED, Move.CANCEL): State.CANCELLED,
    # A second progress update leaves the work where it is, and is the commonest move of all.
    (State.IN_PROGRESS, Move.PROGRESS): State.IN_PROGRESS,
    (State.IN_PROGRESS, Move.SUBMIT): State.SUBMITTED,
    (State.IN_PROGRESS, Move.SUSPEND): State.SUSPENDED,
    (State.IN_PROGRESS, Move.TRANSFER): State.TRANSFERRED,
    (State.IN_PROGRESS, Move.CANCEL): State.CANCELLED,
    (State.SUBMITTED, Move.CONFIRM): State.COMPLETED,
    (State.SUBMITTED, Move.SEND_BACK): State.IN_PROGRESS,
    (State.SUBMITTED, Move.RECALL): State.IN_PROGRESS,
    (State.COMPLETED, Move.REOPEN): State.IN_PROGRESS,
    (State.DECLINED, Move.REFUSE_DECLINE): State.ASSIGNED,
    (State.DECLINED, Move.TRANSFER): State.TRANSFERRED,
    (State.DECLINED, Move.CANCEL): State.CANCELLED,
    (State.SUSPENDED, Move.RESUME): State.IN_PROGRESS,
    (State.SUSPENDED, Move.CANCEL): State.CANCELLED,
}


def after(state: State, move: Move) -> State:
    """The state that `move` leads to. Raises Refused when it does not follow from `state`."""
    try:
        return _NEXT[state, move]
    except KeyError:
        raise Refused(
            f"Nhiệm vụ đang ở trạng thái «{LABELS[state]}» nên không thể thực hiện «{LABELS[move]}».",
            code="move_not_allowed",
        ) from None


def moves_from(state: State) -> tuple[Move, ...]:
    """The moves that may follow `state`, in the order of the table; none when it is an end."""
    return tuple(move for begun, move in _NEXT if begun is state)
