"""Days told from the day of issue: «cuối tháng này», «tuần sau», «thứ Sáu», «trong năm», «hôm nay»."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tracker.rules.wordings.normalise import Wording
from tracker.rules.wordings.recurring import WEEK_ORDER, weekdays
from tracker.rules.wordings.spans import MONTH, QUARTER, YEAR, Span

_RELATIVE = re.compile(
    r"(?:(?P<edge>dau|giua|cuoi|het|trong|ca)(?: cung)?(?: cua)? )?(?<![a-z])(?P<unit>tuan|thang|qu[yi]|nam)"
    r"(?: (?P<which>nay|sau|toi|den|ke tiep|tiep theo|lien ke))?(?![a-z])"
    r"(?! ?[\d(]| [ivl]+(?![a-z])| (?:hoc|mot|hai|ba|bon))"
)
_TODAY = re.compile(r"\bhom nay|\btrong ngay(?! ?\d)|\bcuoi ngay(?! ?\d)|\bngay hom nay")
_TOMORROW = re.compile(r"\bngay mai|\bsang mai|\bchieu mai")
_MONTHS_IN = {"thang": 1, "quy": 3, "qui": 3, "nam": 12}


def find_relative(wording: Wording, issued: date) -> tuple[date, bool, str] | None:
    """The day, whether «trước» stands before its period, and why it is what it is; None when there is none."""
    text = wording.text
    if _TODAY.search(text):
        return issued, False, "Tính là chính ngày ban hành."
    if _TOMORROW.search(text):
        return issued + timedelta(days=1), False, "Tính là ngày sau ngày ban hành."
    named = weekdays(text)
    found = next((one for one in _RELATIVE.finditer(text) if one["edge"] or one["which"]), None)
    if named and (found is None or found["unit"] == "tuan"):
        return _weekday(named[-1], found, issued)
    if found is None:
        return None
    if found["unit"] == "tuan":
        return _week(found, issued)
    return _period(found, text, issued)


def _weekday(name: str, week: re.Match[str] | None, issued: date) -> tuple[date, bool, str]:
    """That day of this or the next week, or the first after the day of issue."""
    monday = issued - timedelta(days=issued.weekday())
    number = WEEK_ORDER.index(name)
    if week and week["which"] and week["which"] != "nay":
        return monday + timedelta(days=7 + number), False, "Tính theo tuần sau tuần ban hành."
    if week and monday + timedelta(days=number) >= issued:
        return monday + timedelta(days=number), False, "Tính theo tuần ban hành."
    ahead = (number - issued.weekday() - 1) % 7 + 1
    return issued + timedelta(days=ahead), False, "Không ghi tuần nào, lấy ngày gần nhất sau ngày ban hành."


def _week(found: re.Match[str], issued: date) -> tuple[date, bool, str]:
    """Friday of the week, the middle or the beginning if said so."""
    monday = issued - timedelta(days=issued.weekday())
    if found["which"] and found["which"] != "nay":
        monday += timedelta(days=7)
    day = {"dau": 0, "giua": 2}.get(found["edge"] or "", 4)
    return monday + timedelta(days=day), False, "Tính theo tuần của ngày ban hành."


def _period(found: re.Match[str], text: str, issued: date) -> tuple[date, bool, str]:
    months = _MONTHS_IN[found["unit"]]
    base = issued
    if found["which"] and found["which"] != "nay":
        base = issued + relativedelta(months=months)
    unit = {1: MONTH, 3: QUARTER, 12: YEAR}[months]
    number = base.month if unit == MONTH else (base.month + 2) // 3
    edge = found["edge"] if found["edge"] in {"dau", "giua", "cuoi"} else ""
    span = Span(unit, found.start(), found.end(), base.year, number, edge=edge or "")
    if text[: found.start()].endswith("truoc ") and edge != "cuoi":
        return span.start - timedelta(days=1), True, "Tính theo ngày ban hành."
    if span.end < issued:
        moved = Span(unit, 0, 0, *_next(span), edge=edge or "")
        return moved.end, False, "Mốc này của kỳ ban hành đã qua, lấy kỳ sau."
    return span.end, False, "Tính theo ngày ban hành."


def _next(span: Span) -> tuple[int, int]:
    """Year and number of the period that follows."""
    year, count = span.year or 0, {MONTH: 12, QUARTER: 4}.get(span.unit, 1)
    return (year + 1, 1) if span.month >= count else (year, span.month + 1)
