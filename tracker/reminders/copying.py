"""The text of a reminder to copy by hand into a group chat: the house's own words where no channel reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from tracker.reminders.letters.messages import one_line, shortened

_CONTENT_SHOWN = 160
_UNNAMED = "một nhiệm vụ không nêu tên ở đây, đề nghị xem trên hệ thống"


@dataclass(frozen=True)
class Work:
    """An assignment as the copied text tells of it; `standing` is what its chip says: «Quá hạn 4 ngày».

    `unnamed`: Zalo may not name it, and neither may a text that is made for groups there.
    """

    unit: str
    content: str
    standing: str
    due: str
    doc_symbol: str
    officer: str = ""
    unnamed: bool = False

    @property
    def told(self) -> str:
        """One line: «Quá hạn 4 ngày (hạn 20/03/2026): Báo cáo kết quả – theo 12/KH-UBND»."""
        until = f" (hạn {self.due})" if self.due else ""
        if self.unnamed:
            return f"{self.standing}{until}: {_UNNAMED}"
        task = shortened(one_line(self.content), _CONTENT_SHOWN)
        return f"{self.standing}{until}: {task} – theo {self.doc_symbol}"


def work_of(row: Any, standing: str) -> Work:
    """A row of a list of assignments, with the words of its chip."""
    due = f"{row.due_on:%d/%m/%Y}" if row.due_on else ""
    officer = row.officer_name or ""
    return Work(row.unit_name, row.content, standing, due, row.doc_symbol, officer, row.unnamed_by_zalo)


def text_for_one(work: Work, address: str) -> str:
    """What to send about one assignment."""
    officer = f"\nCán bộ được phân công: {work.officer}." if work.officer else ""
    return (
        f"Kính gửi {work.unit},\n{work.told}.{officer}\n"
        f"Đề nghị đơn vị nộp kết quả hoặc cập nhật tình hình tại: {address}"
    )


def text_for_many(works: Sequence[Work], now: datetime, address: str) -> str:
    """What to send about several assignments, unit by unit."""
    ordered = sorted(works, key=lambda work: work.unit)
    units = [(unit, list(own)) for unit, own in groupby(ordered, key=lambda work: work.unit)]
    told = [f"{unit} ({len(own)} việc):\n" + "\n".join(f"- {work.told}" for work in own) for unit, own in units]
    begin = f"Đến {now:%H:%M} ngày {now:%d/%m/%Y} có {len(works)} việc đề nghị đơn vị thực hiện:"
    return "\n\n".join([begin, *told, f"Nộp kết quả hoặc cập nhật tình hình tại: {address}"])
