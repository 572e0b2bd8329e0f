"""The boxes that assignments are counted in, tallies that must add up, and rates that carry their basis.

The unit of counting is the assignment: one task × one lead unit × one occurrence (D1). Standing duties and
suspended, cancelled or transferred work are listed beside the total, never inside it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from tracker.errors import Refused


class Box(StrEnum):
    """Where a counted assignment stands; each stands in exactly one."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    DONE_NO_DEADLINE = "done_no_deadline"
    OPEN_IN_TERM = "open_in_term"
    OPEN_OVERDUE = "open_overdue"
    OPEN_NO_DEADLINE = "open_no_deadline"


BOX_LABELS = {
    Box.DONE_ON_TIME: "Hoàn thành đúng hạn",
    Box.DONE_LATE: "Hoàn thành quá hạn",
    Box.DONE_NO_DEADLINE: "Hoàn thành, không quy định thời hạn",
    Box.OPEN_IN_TERM: "Đang thực hiện trong hạn",
    Box.OPEN_OVERDUE: "Quá hạn chưa hoàn thành",
    Box.OPEN_NO_DEADLINE: "Đang thực hiện, chưa xác định thời hạn",
}


class DoesNotAddUp(Refused):
    """The parts of a figure are not its whole, so nothing may be printed."""

    code = "does_not_add_up"


@dataclass(frozen=True)
class Tally:
    """How many assignments stand in each box, with what is listed beside them.

    The first six fields bear the names of the boxes: `Tally(**{Box.DONE_LATE: 2})`.
    """

    done_on_time: int = 0
    done_late: int = 0
    done_no_deadline: int = 0
    open_in_term: int = 0
    open_overdue: int = 0
    open_no_deadline: int = 0
    standing: int = 0
    """Standing duties, outside the total."""
    excluded: int = 0
    """Suspended, cancelled or transferred, outside the total."""
    pending: int = 0
    """Submitted and waiting for the province: «trong đó» of the open boxes."""
    targets_met: int = 0
    targets_total: int = 0
    due_done: int = 0
    """Done, of those that fell due by the day of the figures."""
    due_all: int = 0
    """All that fell due by the day of the figures."""
    updated: int = 0
    """Updated within the limit, of those that had to be."""
    update_expected: int = 0

    @property
    def done(self) -> int:
        """C: completed, whenever."""
        return self.done_on_time + self.done_late + self.done_no_deadline

    @property
    def open(self) -> int:
        """Still owed, those waiting for confirmation included."""
        return self.open_in_term + self.open_overdue + self.open_no_deadline

    @property
    def total(self) -> int:
        """N: the sum of the six boxes."""
        return self.done + self.open

    def check(self, total: int) -> None:
        """Raise DoesNotAddUp unless the boxes sum to `total`, counted apart, and no part tops its whole."""
        if self.total != total:
            raise DoesNotAddUp(
                f"Số liệu không khớp: các nhóm cộng lại được {self.total}, nhưng tổng số là {total}. "
                "Không lập báo cáo khi số liệu chưa khớp."
            )
        for name, part, whole in (
            ("chờ xác nhận", self.pending, self.open),
            ("mục tiêu đạt", self.targets_met, self.targets_total),
            ("hoàn thành trong số đến hạn", self.due_done, self.due_all),
            ("cập nhật đúng quy định", self.updated, self.update_expected),
        ):
            if part > whole:
                raise DoesNotAddUp(f"Số liệu không khớp: số {name} là {part}, lớn hơn tổng số {whole}.")

    def __add__(self, other: Tally) -> Tally:
        """The tally of both; `sum(tallies, Tally())` is that of many."""
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Rate:
    """A part of a whole, kept as its two counts. Raises DoesNotAddUp when the part is larger."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise DoesNotAddUp(f"Tỷ lệ không hợp lệ: {self.numerator} không thể là một phần của {self.denominator}.")

    @property
    def percent(self) -> Decimal | None:
        """Percent with two decimals; None when nothing has arisen to be measured."""
        return self.rounded(2)

    def rounded(self, decimals: int) -> Decimal | None:
        """Percent rounded half-up to `decimals`, never 100 unless all and never 0 if any; None for 0/0.

        Counted in whole steps of the last decimal, hence exact.
        """
        if not self.denominator:
            return None
        steps = self._steps(decimals)
        if 0 < self.numerator < self.denominator:
            steps = min(max(steps, 1), _steps_to_all(decimals) - 1)
        return Decimal(steps).scaleb(-decimals)

    def vanishes(self, decimals: int) -> bool:
        """Whether the rate is more than nothing and yet rounds to 0, so that «nhỏ hơn» is to be said."""
        return self.numerator > 0 and self._steps(decimals) == 0

    def _steps(self, decimals: int) -> int:
        """The percent in steps of its last decimal, half-up: ⌊part of all steps + ½⌋ without fractions."""
        return (2 * _steps_to_all(decimals) * self.numerator + self.denominator) // (2 * self.denominator)


def _steps_to_all(decimals: int) -> int:
    """How many steps of the last decimal make 100 %."""
    return int("100" + "0" * decimals)


def rates(tally: Tally) -> dict[str, Rate]:
    """Every named rate of a tally, each from its own numerator (never 100 − x). R1 is the headline (D5)."""
    t = tally
    dated_done = t.done_on_time + t.done_late
    return {
        "R1": Rate(t.done, t.total),
        "R2": Rate(t.done, t.done + t.open_overdue),
        "R2s": Rate(t.due_done, t.due_all),
        "R3": Rate(t.done_on_time, t.done),
        "R4": Rate(t.open_overdue, t.total),
        "R5": Rate(t.open_overdue, dated_done + t.open_in_term + t.open_overdue),
        "R6": Rate(t.done_on_time, dated_done + t.open_overdue),
        "R7": Rate(t.updated, t.update_expected),
        "R8": Rate(t.targets_met, t.targets_total),
    }


RATE_NAMES = {
    "R1": "Tỷ lệ hoàn thành trên tổng số giao",
    "R2": "Tỷ lệ hoàn thành trên số đến hạn",
    "R2s": "Tỷ lệ hoàn thành trên số đến hạn (chỉ tính nhiệm vụ có hạn đến ngày chốt)",
    "R3": "Tỷ lệ đúng hạn trên số hoàn thành",
    "R4": "Tỷ lệ quá hạn chưa hoàn thành trên tổng số giao",
    "R5": "Tỷ lệ quá hạn chưa hoàn thành trên số có thời hạn",
    "R6": "Tỷ lệ thực hiện đúng hạn",
    "R7": "Tỷ lệ cập nhật",
    "R8": "Tỷ lệ mục tiêu đạt",
}

RATE_FORMULAS = {
    "R1": "Số nhiệm vụ đã hoàn thành chia cho tổng số nhiệm vụ được giao. Không tính nhiệm vụ thường xuyên "
    "và nhiệm vụ đã tạm dừng, hủy, chuyển.",
    "R2": "Số nhiệm vụ đã hoàn thành chia cho số nhiệm vụ đã hoàn thành cộng số quá hạn chưa hoàn thành.",
    "R2s": "Số nhiệm vụ đã hoàn thành có thời hạn đến hết ngày chốt số liệu chia cho tổng số nhiệm vụ có "
    "thời hạn đến hết ngày đó.",
    "R3": "Số nhiệm vụ hoàn thành đúng hạn chia cho số nhiệm vụ đã hoàn thành.",
    "R4": "Số nhiệm vụ quá hạn chưa hoàn thành chia cho tổng số nhiệm vụ được giao.",
    "R5": "Số nhiệm vụ quá hạn chưa hoàn thành chia cho tổng số nhiệm vụ có thời hạn.",
    "R6": "Số nhiệm vụ hoàn thành đúng hạn chia cho số hoàn thành có thời hạn cộng số quá hạn chưa hoàn "
    "thành. Hoàn thành quá hạn và quá hạn chưa hoàn thành đều không được tính là đúng hạn.",
    "R7": "Số nhiệm vụ đang thực hiện có cập nhật tình hình trong kỳ quy định đến ngày chốt chia cho số đang "
    "thực hiện đã giao từ trước kỳ đó.",
    "R8": "Số mục tiêu, chỉ tiêu đã đạt chia cho tổng số mục tiêu, chỉ tiêu.",
}
"""«Cách tính»: what stands over what, in words."""


HOW_COUNTED = (
    "Đơn vị tính là một nhiệm vụ giao cho một đơn vị chủ trì (một kỳ, nếu là nhiệm vụ định kỳ).",
    "Không tính vào tổng: nhiệm vụ thường xuyên; nhiệm vụ đã tạm dừng, hủy, chuyển; đơn vị phối hợp.",
    "Ngày hoàn thành là ngày gửi kết quả được xác nhận; chờ cấp giao xác nhận không tính là chậm của đơn vị.",
    "Hạn vào ngày nghỉ được tính đến hết ngày làm việc tiếp theo (Bộ luật Dân sự, Điều 148 khoản 5).",
    "Kỳ trước chuyển sang: giao trước kỳ và chưa hoàn thành khi kỳ bắt đầu. Lũy kế: tất cả nhiệm vụ đã giao.",
)
"""How the figures are counted, for the sheet «Cách tính»."""


class Direction(StrEnum):
    """How a target compares its value with its goal; one without a number is met when declared so."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACTLY = "exactly"
    DECLARED = "declared"


DIRECTION_LABELS = {
    Direction.AT_LEAST: "Đạt từ mức này trở lên",
    Direction.AT_MOST: "Không vượt mức này",
    Direction.EXACTLY: "Đúng bằng mức này",
    Direction.DECLARED: "Đánh giá bằng lời, không có số",
}


def target_met(goal: Decimal | None, direction: Direction, value: Decimal | None) -> bool:
    """Whether a target is met by its latest value; without a value, or a goal to hold it against, it is not.

    A declared target has no goal: any value but 0 says that it is met.
    """
    if value is None:
        return False
    if direction is Direction.DECLARED:
        return value != 0
    if goal is None:
        return False
    if direction is Direction.AT_LEAST:
        return value >= goal
    if direction is Direction.AT_MOST:
        return value <= goal
    return value == goal
