"""Who may do what: one table of roles and deeds, read by actions, pages and tests alike."""

from __future__ import annotations

from enum import StrEnum

from tracker.errors import Forbidden


class Role(StrEnum):
    """What a post lets a person do. A department that leads a task uses the unit roles as a commune does."""

    ADMINISTRATOR = "administrator"
    ISSUER = "issuer"
    MONITOR = "monitor"
    LEADER = "leader"
    COMMUNE_LEADER = "commune_leader"
    COMMUNE_OFFICER = "commune_officer"
    VIEWER = "viewer"


ROLE_LABELS = {
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Role.ISSUER: "Giao nhiệm vụ cấp tỉnh",
    Role.MONITOR: "Theo dõi cấp tỉnh",
    Role.LEADER: "Lãnh đạo tỉnh",
    Role.COMMUNE_LEADER: "Lãnh đạo xã, phường",
    Role.COMMUNE_OFFICER: "Cán bộ xã, phường",
    Role.VIEWER: "Người xem",
}

PROVINCIAL = frozenset({Role.ISSUER, Role.MONITOR, Role.LEADER})
OF_UNIT = frozenset({Role.COMMUNE_LEADER, Role.COMMUNE_OFFICER})
EVERYBODY = frozenset(Role)


class Deed(StrEnum):
    """Something a person may be allowed to do."""

    RECORD_DIRECTIVE = "record_directive"
    ASSIGN = "assign"
    RECEIVE = "receive"
    DELEGATE = "delegate"
    PROGRESS = "progress"
    WRITE_RESULT = "write_result"
    SUBMIT = "submit"
    HAND_BACK = "hand_back"
    RECALL = "recall"
    ASK_EXTENSION = "ask_extension"
    DECLINE = "decline"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"
    DECIDE_EXTENSION = "decide_extension"
    DECIDE_DECLINE = "decide_decline"
    TRANSFER = "transfer"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    REOPEN = "reopen"
    READ_TARGET = "read_target"
    CLOSE_PERIOD = "close_period"
    WRITE_REPORT = "write_report"
    APPROVE_REPORT = "approve_report"
    PROPOSE = "propose"
    ADMINISTER = "administer"
    NUDGE = "nudge"
    URGE = "urge"
    WATCH_OUTBOX = "watch_outbox"
    SILENCE = "silence"
    SETTLE_REMINDING = "settle_reminding"


_ASSIGNING = frozenset({Role.ISSUER, Role.MONITOR})
_UNIT = OF_UNIT
_UNIT_LEADER = frozenset({Role.COMMUNE_LEADER})

_MAY: dict[Deed, frozenset[Role]] = {
    Deed.RECORD_DIRECTIVE: frozenset({Role.ISSUER}),
    Deed.ASSIGN: frozenset({Role.ISSUER}),
    Deed.RECEIVE: _UNIT,
    Deed.DELEGATE: _UNIT_LEADER,
    Deed.PROGRESS: _UNIT,
    Deed.WRITE_RESULT: _UNIT,
    Deed.SUBMIT: _UNIT_LEADER,
    Deed.HAND_BACK: _UNIT_LEADER,
    Deed.RECALL: _UNIT_LEADER,
    Deed.ASK_EXTENSION: _UNIT,
    Deed.DECLINE: _UNIT_LEADER,
    Deed.CONFIRM: _ASSIGNING,
    Deed.SEND_BACK: _ASSIGNING,
    Deed.DECIDE_EXTENSION: frozenset({Role.ISSUER, Role.MONITOR, Role.LEADER}),
    Deed.DECIDE_DECLINE: _ASSIGNING,
    Deed.TRANSFER: _ASSIGNING,
    Deed.SUSPEND: _ASSIGNING,
    Deed.RESUME: _ASSIGNING,
    Deed.CANCEL: _ASSIGNING,
    Deed.REOPEN: _ASSIGNING,
    Deed.READ_TARGET: _UNIT,
    Deed.CLOSE_PERIOD: _ASSIGNING | _UNIT_LEADER,
    Deed.WRITE_REPORT: _UNIT | _ASSIGNING,
    Deed.APPROVE_REPORT: frozenset({Role.LEADER}),
    Deed.PROPOSE: _UNIT,
    Deed.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
    Deed.NUDGE: PROVINCIAL,
    Deed.URGE: _UNIT_LEADER,
    Deed.WATCH_OUTBOX: frozenset({Role.ADMINISTRATOR, Role.MONITOR}),
    Deed.SILENCE: frozenset({Role.ADMINISTRATOR, Role.MONITOR}),
    Deed.SETTLE_REMINDING: frozenset({Role.ADMINISTRATOR}),
}

OF_THE_ASSIGNING_SIDE = frozenset(
    {
        Deed.CONFIRM,
        Deed.SEND_BACK,
        Deed.DECIDE_EXTENSION,
        Deed.DECIDE_DECLINE,
        Deed.TRANSFER,
        Deed.SUSPEND,
        Deed.RESUME,
        Deed.CANCEL,
        Deed.REOPEN,
        Deed.NUDGE,
    }
)

NOT_YOURS = "Vai trò của đồng chí không được làm việc này."


def may(role: Role, deed: Deed) -> bool:
    """Whether the role allows the deed at all; whose record it is, the action asks besides."""
    return role in _MAY[deed]


def roles_for(deed: Deed) -> frozenset[Role]:
    """All roles that allow the deed."""
    return _MAY[deed]


def require(role: Role, deed: Deed) -> None:
    """Raise Forbidden unless the role allows the deed."""
    if not may(role, deed):
        raise Forbidden(NOT_YOURS)


def on_side(deed: Deed, *, unit_path: str, lead_path: str, assigner_path: str) -> bool:
    """Whether somebody of `unit_path` stands on the side of an assignment that the deed belongs to.

    Only the assigning side confirms, returns, extends and closes (domain.md b.1); the rest is the lead unit's.
    A unit's subtree acts with it: paths are chains of ids, so a subtree is a prefix.
    """
    path = assigner_path if deed in OF_THE_ASSIGNING_SIDE else lead_path
    return path.startswith(unit_path)
