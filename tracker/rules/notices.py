"""Notices: what there is to say, in which capacity people hear it, and by which channel; one table a person can read.

A cell of the table is written as people would note it down:

    inapp                 in the inbox of the program
    inapp email zalo      and by both channels
    inapp email zalo?     by Zalo only when it presses: a warning three days ahead, work given for a week
    inapp email? zalo     by e-mail only where Zalo does not reach

The inbox hears everything that somebody hears at all, but for the state of a day, which is always on the first page.
A capacity without a cell does not hear (ux.md §7.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

PRESSING_DAYS = 3
"""A warning this many days before the due date, or fewer, presses."""

SHORT_TERM_DAYS = 7
"""Work given for so few days presses from the beginning."""


class Channel(StrEnum):
    """How a notice reaches a person."""

    INAPP = "inapp"
    EMAIL = "email"
    ZALO = "zalo"


NEVER_TWICE = frozenset({Channel.ZALO})
"""Channels that do not recognise a message which they have had before: what may have arrived is not sent again."""

REPORT_AWAITED = timedelta(minutes=15)
"""For so long a report of arrival may still come of what was never answered; then e-mail says it."""


class Step(StrEnum):
    """What a notice says. A rung of the ladder follows from the day, news from an event."""

    DUE_SOON = "due_in"
    LAST_WARNING = "last_warning"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    MONITOR = "monitor"
    LEADER = "leader"
    WEEKLY = "weekly"
    DAILY = "daily"
    ASSIGNED = "assigned"
    UNRECEIVED = "unreceived"
    DELEGATED = "delegated"
    RETURNED = "returned"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    AMENDED = "amended"
    NUDGED = "nudged"
    URGED = "urged"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    REOPENED = "reopened"
    DECLINE_REFUSED = "decline_refused"
    HANDED_UP = "handed_up"
    HANDED_BACK = "handed_back"
    CONFIRMED = "confirmed"


STEP_LABELS = {
    Step.ASSIGNED: "Giao mới",
    Step.UNRECEIVED: "Chưa tiếp nhận",
    Step.DELEGATED: "Được phân công",
    Step.DUE_SOON: "Sắp đến hạn",
    Step.LAST_WARNING: "Mức nhắc trước hạn cuối cùng",
    Step.DUE_TODAY: "Hạn hôm nay",
    Step.OVERDUE: "Quá hạn",
    Step.MONITOR: "Leo thang đến chuyên viên theo dõi",
    Step.LEADER: "Leo thang đến lãnh đạo",
    Step.WEEKLY: "Nhắc lại thứ Hai",
    Step.DAILY: "Tình hình hằng ngày của đơn vị",
    Step.HANDED_UP: "Cán bộ trình duyệt",
    Step.HANDED_BACK: "Lãnh đạo đơn vị trả lại",
    Step.RETURNED: "Trả lại",
    Step.CONFIRMED: "Tỉnh đã duyệt",
    Step.EXTENSION_GRANTED: "Đồng ý gia hạn",
    Step.EXTENSION_REFUSED: "Chưa đồng ý gia hạn",
    Step.AMENDED: "Văn bản điều chỉnh",
    Step.NUDGED: "Đôn đốc",
    Step.URGED: "Lãnh đạo đơn vị đôn đốc",
    Step.SUSPENDED: "Tạm dừng nhiệm vụ",
    Step.RESUMED: "Tiếp tục nhiệm vụ",
    Step.DECLINE_REFUSED: "Chưa đồng ý không thực hiện hoặc chuyển",
    Step.REOPENED: "Mở lại nhiệm vụ",
    Step.WITHDRAWN: "Thu hồi nhiệm vụ",
}
"""What each kind is called where it is settled, in the order of an assignment's life."""

NEWS = frozenset(
    {
        Step.ASSIGNED,
        Step.DELEGATED,
        Step.RETURNED,
        Step.EXTENSION_GRANTED,
        Step.EXTENSION_REFUSED,
        Step.AMENDED,
        Step.NUDGED,
        Step.URGED,
        Step.WITHDRAWN,
        Step.SUSPENDED,
        Step.RESUMED,
        Step.REOPENED,
        Step.DECLINE_REFUSED,
        Step.HANDED_UP,
        Step.HANDED_BACK,
        Step.CONFIRMED,
    }
)
"""What is said at once and on its own; everything else waits for the digest of the day."""

INBOX_ONLY = frozenset({Step.HANDED_UP, Step.HANDED_BACK, Step.CONFIRMED})
"""What asks nobody to hurry, or is work of the desk: the inbox says it and no other channel (ux.md §7.4)."""

WITHIN_UNIT = frozenset({Step.HANDED_UP, Step.HANDED_BACK, Step.URGED, Step.DAILY})
"""What is between the people of a unit; nobody above hears it, not even of a unit without anybody in post."""

GIVEN_BACK = frozenset({Step.RESUMED, Step.REOPENED, Step.DECLINE_REFUSED})
"""After these a unit has to go on with work that it had done with, or asked to be rid of."""

URGINGS = frozenset({Step.NUDGED, Step.URGED})
"""What somebody says by hand, in his own name."""


class Hearer(StrEnum):
    """In which capacity somebody hears of an assignment."""

    OFFICER = "officer"
    UNIT_LEADERS = "unit_leaders"
    COORDINATORS = "coordinators"
    MONITOR = "monitor"
    PROVINCIAL_LEADERS = "provincial_leaders"


HEARER_LABELS = {
    Hearer.OFFICER: "cán bộ được phân công",
    Hearer.UNIT_LEADERS: "lãnh đạo đơn vị chủ trì",
    Hearer.COORDINATORS: "đơn vị phối hợp",
    Hearer.MONITOR: "chuyên viên theo dõi",
    Hearer.PROVINCIAL_LEADERS: "lãnh đạo cơ quan giao việc",
}

NOBODY = ""
CELLS = {
    NOBODY: "Không báo",
    "inapp": "Trong ứng dụng",
    "inapp email": "Ứng dụng, thư",
    "inapp zalo": "Ứng dụng, Zalo",
    "inapp email zalo": "Ứng dụng, thư, Zalo",
    "inapp email zalo?": "Ứng dụng, thư; Zalo khi gấp",
    "inapp email? zalo": "Ứng dụng, Zalo; thư khi không có Zalo",
}
"""All that a cell can say, and how it is read out."""

_INBOX_CELLS = {cell: CELLS[cell] for cell in (NOBODY, "inapp")}
_CELLS_OF_THE_DAY = {NOBODY: "Không gửi", "email": "Thư", "zalo": "Zalo", "email zalo": "Thư, Zalo"}
"""For the state of a day, which is nothing for the inbox."""

Row = Mapping[Hearer, str]
Audience = Mapping[Step, Row]

_ALL = "inapp email zalo"
_AHEAD = "inapp email? zalo"
_GIVEN = "inapp email zalo?"


def _row(officer: str = "", leaders: str = "", helpers: str = "", monitor: str = "", province: str = "") -> Row:
    cells = zip(Hearer, (officer, leaders, helpers, monitor, province), strict=True)
    return {hearer: cell for hearer, cell in cells if cell}


AUDIENCE: Audience = {
    #                            officer  leaders helpers monitor province
    Step.ASSIGNED: _row("", _GIVEN, _GIVEN),
    Step.UNRECEIVED: _row("", _AHEAD),
    Step.DELEGATED: _row(_GIVEN),
    Step.DUE_SOON: _row(_GIVEN),
    Step.LAST_WARNING: _row(_AHEAD, _AHEAD, _AHEAD),
    Step.DUE_TODAY: _row(_ALL, _ALL, _ALL),
    Step.OVERDUE: _row(_ALL, _ALL),
    Step.MONITOR: _row(_ALL, _ALL, "", _ALL),
    Step.LEADER: _row(_ALL, _ALL, "", _ALL, _ALL),
    Step.WEEKLY: _row(_ALL, _ALL, "", _ALL, _ALL),
    Step.DAILY: _row("", "email zalo"),
    Step.RETURNED: _row(_ALL, _ALL),
    Step.EXTENSION_GRANTED: _row(_ALL, _ALL),
    Step.EXTENSION_REFUSED: _row(_ALL, _ALL),
    Step.AMENDED: _row("inapp email", "inapp email"),
    Step.NUDGED: _row("inapp email", "inapp email"),
    Step.URGED: _row("inapp email"),
    Step.WITHDRAWN: _row("inapp email", "inapp email", "inapp email"),
    Step.SUSPENDED: _row("inapp email", "inapp email", "inapp email"),
    Step.RESUMED: _row("inapp email", "inapp email", "inapp email"),
    Step.REOPENED: _row("inapp email", "inapp email", "inapp email"),
    Step.DECLINE_REFUSED: _row("inapp email", "inapp email"),
    Step.HANDED_UP: _row("", "inapp"),
    Step.HANDED_BACK: _row("inapp"),
    Step.CONFIRMED: _row("inapp", "inapp"),
}
"""Who hears what and how, where no province has settled it otherwise."""

_ONLY = {
    Step.DELEGATED: (Hearer.OFFICER,),
    Step.URGED: (Hearer.OFFICER,),
    Step.ASSIGNED: tuple(hearer for hearer in Hearer if hearer is not Hearer.OFFICER),
    Step.UNRECEIVED: tuple(hearer for hearer in Hearer if hearer is not Hearer.OFFICER),
    Step.DAILY: (Hearer.UNIT_LEADERS,),
    Step.HANDED_UP: (Hearer.UNIT_LEADERS,),
    Step.HANDED_BACK: (Hearer.OFFICER,),
}

DISPENSABLE = frozenset({Step.DAILY, *INBOX_ONLY})
"""What a province may tell nobody: pages say it as well."""


def cells_of(step: Step) -> Mapping[str, str]:
    """What the cells of a step can say, and how it is read out."""
    if step in INBOX_ONLY:
        return _INBOX_CELLS
    return _CELLS_OF_THE_DAY if step is Step.DAILY else CELLS


def may_hear(step: Step) -> tuple[Hearer, ...]:
    """In which capacities a step can be heard: what was just given has no officer, delegating concerns only one."""
    return _ONLY.get(step, tuple(Hearer))


def channels(
    cell: str, *, presses: bool, email: bool = True, zalo: bool = True, zalo_failed: bool = False
) -> tuple[Channel, ...]:
    """By which channels a cell speaks to somebody whom e-mail and Zalo reach or not.

    What Zalo would not take, or left open whether it arrived (`zalo_failed`), e-mail says after all.
    """
    words = cell.split()
    by_zalo = zalo and ("zalo" in words or ("zalo?" in words and presses))
    by_email = email and ("email" in words or ("email?" in words and (not by_zalo or zalo_failed)))
    used = ((Channel.INAPP, "inapp" in words), (Channel.EMAIL, by_email), (Channel.ZALO, by_zalo))
    return tuple(channel for channel, yes in used if yes)


def instead_of(channel: Channel, cell: str) -> Channel | None:
    """The channel in whose place this one speaks by such a cell: what either of the two has said is said."""
    return _EITHER.get(channel) if "email?" in cell else None


_EITHER = {Channel.EMAIL: Channel.ZALO, Channel.ZALO: Channel.EMAIL}


def presses(step: Step, *, rung_days: int = 0, term_days: int | None = None) -> bool:
    """Whether a step presses. `rung_days`: before the due date; `term_days`: from giving to due, if there is one."""
    if step in (Step.ASSIGNED, Step.DELEGATED):
        return term_days is not None and term_days <= SHORT_TERM_DAYS
    return step is not Step.DUE_SOON or rung_days <= PRESSING_DAYS
