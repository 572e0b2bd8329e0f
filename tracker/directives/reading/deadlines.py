"""The deadline of a row: its own words, with the day of a heading where they give only hours or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.texts import fold
from tracker.rules.wordings import Reading, read_wording

Reader = Callable[[str], Reading]
ReaderOfDay = Callable[[date], Reader]
_SERIAL = re.compile(r"4[3-9]\d{3}")
"""Days since 30 December 1899, from 2017 to 2036: a day whose cell lost its format."""
_HOURS = re.compile(
    r"\s*(tu |luc |truoc )?\d{1,2} ?(h|g|:|gio) ?\d{0,2}( ?(-|–|den|toi) ?\d{1,2} ?(h|g|:|gio) ?\d{0,2})?\s*\.?\s*"
)
_PART_OF_DAY = re.compile(r"\s*(buoi )?(sang|trua|chieu|toi)\s*")
_SETS_DEADLINE = re.compile(
    r"hoan thanh|thoi han|\bhan\b|(nhiem vu|cong tac|cong viec) thuong xuyen|^thuong xuyen|dinh ky|"
    r"hang (thang|quy|nam|tuan)|cham nhat|"
    r"ngay \d{1,2} ?[/.-] ?\d{1,2}|trong (thang|quy|nam|tuan)|^(nhiem vu )?(thang|quy|nam) [\divx]+"
)


def deadline_reader(issued: date, calendar: WorkingCalendar) -> Reader:
    """A reader of wordings for a paper of this day; a wording that many rows share is worked out once."""

    @lru_cache(maxsize=4096)
    def read(text: str) -> Reading:
        return read_wording(text, issued, calendar)

    return read


def day_of_serial(text: str) -> date | None:
    """The day that Excel keeps as this number, when a cell shows the number itself."""
    return date(1899, 12, 30) + timedelta(days=int(text)) if _SERIAL.fullmatch(text) else None


def sets_deadline(heading: str) -> bool:
    """Whether a heading says when the tasks below it are due, not merely mentions a year."""
    return bool(_SETS_DEADLINE.search(" ".join(fold(heading).split())))


def says_only_hours(text: str) -> bool:
    """Whether a cell gives hours or a part of the day and no day: «7h00 - 7h15», «Sáng»."""
    words = " ".join(fold(text).split())
    return bool(_HOURS.fullmatch(words) or _PART_OF_DAY.fullmatch(words))


def with_day_of(heading: str, hours: str, read: Reader) -> Reading | None:
    """The reading of hours on the day that a heading names; none when it names no sure day."""
    day = read(heading)
    if day.kind != "date" or day.due is None or "time" in day.tags:
        return None
    return replace(day, due_time=read(hours).due_time, tags=(*day.tags, "time"), why="Ngày ghi ở tiêu đề bên trên.")
