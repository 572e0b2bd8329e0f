"""Readings of wordings with a calendar date: from the chosen dates to a day, with everything that casts a doubt."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.wordings import recurring
from tracker.rules.wordings.draft import Draft, impossible
from tracker.rules.wordings.joining import ABOUT, BEFORE, Group
from tracker.rules.wordings.normalise import word_set
from tracker.rules.wordings.reading import Reading
from tracker.rules.wordings.spans import DAY, HALF, MONTH, QUARTER, YEAR, Span

_LAST_WORKING_DAY = re.compile(r"ngay lam viec (?:cuoi cung|cuoi)(?: cua)? ?$")
_OTHER_MONTH = re.compile(r" ?(?:cua )?thang (?:toi|ke tiep|tiep theo|lien ke)")
_WHOLE = frozenset(("", "cuoi", "nua cuoi"))
"""Edges with which a period ends on its last day."""
_WHY = {
    DAY: "Ghi rõ ngày.",
    MONTH: "Lấy ngày cuối tháng.",
    QUARTER: "Lấy ngày cuối quý.",
    HALF: "Lấy ngày cuối của khoảng tháng.",
    YEAR: "Lấy ngày cuối năm.",
}
_NAMES_OF_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_OF_WEEKDAYS = word_set("thu nhat cn")
_REACH_OF_WEEKDAY = 24
_MONTHS_AHEAD = 13
_NOT_THE_CALENDAR = (
    ("hoc", "nam hoc", "Năm học không trùng năm lịch."),
    ("ky", "nhiem ky", "Nhiệm kỳ không hết vào cuối năm lịch."),
    ("ngay", "ngay thang", "Chỗ ghi ngày còn để trống."),
    ("niem", "ky niem", "Ngày kỷ niệm có thể không phải thời hạn."),
    ("mung", "chao mung", "Ngày kỷ niệm có thể không phải thời hạn."),
    ("dip", "nhan dip", "Ngày kỷ niệm có thể không phải thời hạn."),
)


def read_dated(draft: Draft, chosen: Group, start: date | None, calendar: WorkingCalendar) -> Reading:
    """The reading of the chosen date, range or list; `start` is a beginning named elsewhere."""
    spans = chosen.spans
    last = spans[-1] if chosen.is_range or len(spans) == 1 else max(spans, key=lambda span: span.end)
    for span in spans:
        draft.doubt(span.doubt)
        draft.tag(span.tag)
    if len(spans) > 1:
        _judge_parts(draft, chosen)
        start = chosen.start if chosen.is_range else start
    else:
        _check_weekday(draft, last)
    _judge_period(draft, chosen, last)
    due = last.end
    if "viec" in draft.wording.words and _LAST_WORKING_DAY.search(draft.text[: last.at]):
        due = calendar.add_working_days(due + timedelta(days=1), -1)
        draft.tag("workdays")
    if chosen.role == BEFORE:
        due = _before(draft, last, due)
    return draft.due_on(due, _why(chosen, last), start=start, is_period=last.unit != DAY)


def _judge_parts(draft: Draft, chosen: Group) -> None:
    """Doubts about a range that runs backwards, a choice, or a list of unlike parts."""
    draft.tag("range" if chosen.is_range else "list")
    differ = len({span.end for span in chosen.spans}) > 1
    if chosen.is_range and chosen.end < chosen.spans[0].start:
        draft.anomaly = "conflict"
        draft.doubt("Ngày cuối của khoảng đứng trước ngày đầu.")
    if chosen.either and differ:
        draft.anomaly = "conflict"
        draft.doubt("Ghi hai thời hạn để chọn, lấy thời hạn muộn hơn.")
    if not chosen.is_range and len({span.unit for span in chosen.spans}) > 1:
        draft.tag("double")
        draft.doubt("Có nhiều mốc, lấy mốc muộn nhất.")


def _judge_period(draft: Draft, chosen: Group, last: Span) -> None:
    """Doubts about a period: only a part of it, behind words of another subject, or a school year."""
    if last.edge not in _WHOLE:
        draft.doubt("Chỉ nêu phần của kỳ, cần xác nhận ngày.")
    if chosen.role == ABOUT and last.unit != DAY:
        draft.doubt("Kỳ đứng sau lời khác, có thể không phải thời hạn.")
    for word, phrase, doubt in _NOT_THE_CALENDAR:
        if word in draft.wording.words and phrase in draft.text:
            draft.doubt(doubt)


def _before(draft: Draft, last: Span, due: date) -> date:
    """«Trước ngày D» is D (D3); «trước tháng M» is the end of the month before; an hour takes nothing off."""
    if last.unit == DAY or last.edge in {"cuoi", "nua cuoi"}:
        draft.tag("" if draft.time else "before")
        return due
    draft.tag(f"before_{last.unit}")
    return last.start - timedelta(days=1)


def _check_weekday(draft: Draft, span: Span) -> None:
    """«thứ Hai, ngày 25/8/2026» contradicts itself when that is a Tuesday."""
    if span.unit != DAY or draft.wording.words.isdisjoint(_OF_WEEKDAYS):
        return
    gap = draft.text[max(0, span.at - _REACH_OF_WEEKDAY) : span.at]
    found = list(recurring.WEEKDAY.finditer(gap))
    if not found or gap[found[-1].end() :].strip(" ,(:").removesuffix("ngay").strip(" ,(:"):
        return
    if recurring.weekdays(found[-1][0]) != [recurring.WEEK_ORDER[span.end.weekday()]]:
        draft.anomaly = "conflict"
        draft.doubt(f"Ngày này là {_NAMES_OF_WEEKDAYS[span.end.weekday()]}, không khớp thứ đã ghi.")


def _why(chosen: Group, last: Span) -> str:
    if chosen.role == BEFORE and last.unit != DAY and last.edge not in {"cuoi", "nua cuoi"}:
        return "Trước kỳ đã nêu, lấy ngày cuối của kỳ liền trước."
    if len(chosen.spans) > 1:
        return "Lấy mốc cuối của khoảng." if chosen.is_range else "Lấy mốc muộn nhất."
    if last.edge not in _WHOLE:
        return "Lấy ngày theo phần của kỳ."
    if last.unit == DAY and last.tag == "noyear":
        return "" if last.doubt else "Không ghi năm, lấy theo ngày ban hành."
    return "«Trước ngày» lấy chính ngày đã ghi." if chosen.role == BEFORE and last.unit == DAY else _WHY[last.unit]


def read_lone_day(draft: Draft, groups: list[Group]) -> Reading:
    """«Trước ngày mùng 5», «ngày 20 tháng sau»: the first such day from the day of issue on."""
    span = groups[-1].spans[-1]
    if not 1 <= span.day <= 31:
        return impossible(draft.text[span.at : span.until])
    year, month = draft.issued.year, draft.issued.month
    if _OTHER_MONTH.match(draft.text, span.until):
        draft.tag("relative")
        year, month = _month_after(year, month)
    for _ in range(_MONTHS_AHEAD):
        day = Span(DAY, 0, 0, year, month, span.day)
        if day.is_valid and day.end >= draft.issued:
            break
        year, month = _month_after(year, month)
    draft.tag("noyear")
    draft.tag("before" if groups[-1].role == BEFORE and not draft.time else "")
    draft.doubt("Không ghi tháng, lấy ngày gần nhất sau ngày ban hành.")
    return draft.due_on(day.end, "")


def _month_after(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)
