"""Which of several dates in one wording is the deadline."""

from __future__ import annotations

import re
from datetime import date

from tracker.rules.wordings.draft import Draft
from tracker.rules.wordings.joining import ABOUT, AFTER, BEFORE, BY, FROM, Group
from tracker.rules.wordings.spans import DAY

_ORIENTATION = re.compile(r"(?:dinh huong|tam nhin)(?: den| toi)?(?: nam)? $")
_SENTENCE_OR_CHOICE = re.compile(r"\.|^[^);]*[(\[][^)\]]*$|\bhoac\b")


def choose(draft: Draft, groups: list[Group]) -> tuple[Group, date | None]:
    """The group that is the deadline, and the beginning that another group names."""
    if len(groups) == 1:
        return groups[0], None
    rest, start = _without_beginnings(_without_orientation(draft, groups))
    rest = _without_subjects(rest)
    return (rest[0] if len(rest) == 1 else _of_several(draft, rest)), start


def _without_orientation(draft: Draft, groups: list[Group]) -> list[Group]:
    """«Định hướng đến năm 2045» sets no deadline."""
    rest = [one for one in groups if not _ORIENTATION.search(draft.text[: one.spans[0].at])]
    if rest and len(rest) < len(groups):
        draft.doubt("Mốc định hướng, tầm nhìn không tính là thời hạn.")
    return rest or groups


def _without_beginnings(groups: list[Group]) -> tuple[list[Group], date | None]:
    """«Từ ngày …» beside a deadline is the beginning."""
    beginnings = [one for one in groups if one.role in {FROM, AFTER} and not one.is_range]
    if not beginnings or len(beginnings) == len(groups):
        return groups, None
    return [one for one in groups if one not in beginnings], beginnings[0].start


def _without_subjects(groups: list[Group]) -> list[Group]:
    """«Báo cáo quý II», «Kế hoạch năm 2027» beside «trước ngày …», «trong tháng …» are what the work is about."""
    limited = [one for one in groups if one.role in {BEFORE, BY}]
    if not limited:
        return groups
    return [one for one in groups if one in limited or one.role != ABOUT or one.spans[-1].unit == DAY]


def _of_several(draft: Draft, groups: list[Group]) -> Group:
    """One deadline of several that were written apart."""
    draft.tag("double")
    first, latest = groups[0], max(groups, key=lambda one: one.end)
    if all(one.end == latest.end for one in groups):
        return latest
    if len(groups) == 2 and _lies_within(groups[1], first):
        draft.doubt("Có cả kỳ và ngày, lấy ngày ở trong kỳ.")
        return groups[1]
    if _SENTENCE_OR_CHOICE.search(draft.text[first.spans[-1].until : groups[1].spans[0].at]):
        draft.anomaly = "conflict"
        draft.doubt("Có hai thời hạn khác nhau, lấy thời hạn ghi trước.")
        return first
    draft.doubt("Có nhiều mốc, lấy mốc muộn nhất.")
    return latest


def _lies_within(day: Group, period: Group) -> bool:
    if day.spans[-1].unit != DAY or period.spans[0].unit == DAY:
        return False
    return period.start <= day.end <= period.spans[-1].last
