"""Dates of cited documents: none may be later than the report, and numbers should rise with their dates."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from tracker.rules.arithmetic.findings import DateVerdict, DocumentDate
from tracker.rules.texts import fold

_DAY = r"(?P<d>\d{1,2})\s?[/.\-]\s?(?P<m>\d{1,2})\s?[/.\-]\s?(?P<y>\d{4})\b"
_LONG_DAY = r"(?P<ld>\d{1,2})\s+tháng\s+(?P<lm>\d{1,2})\s+năm\s+(?P<ly>\d{4})"
_CITED = re.compile(
    rf"""
    (?P<number>(?<![\w/])\d+\s?(?:/\s?\d{{4}}\s?)?[/\-]\s?[A-ZĐ][\w&.]*(?:\s?[-/]\s?[A-ZĐ]\w*)*
       | (?<=\bsố\s)\d+(?=\s+ngày))
    \s*(?:,\s*)?\(?\s*ngày\s+(?:{_DAY}|{_LONG_DAY})\)?
    """,
    re.VERBOSE,
)
_HEAD = re.compile(
    r"^[^\n]{0,60}?,\s*ngày\s+(?P<d>\d{1,2}|\s*)\s*tháng\s+(?P<m>\d{1,2}|\s*)\s*năm\s+(?P<y>\d{4})",
    re.MULTILINE,
)
_HEAD_LENGTH = 2500
_ISSUER = re.compile(r"[)\s,]*(?:của|do)\s+(?P<issuer>[^,;.\n(]{2,60}?)\s*(?:về|ban hành|[,;.\n(]|$)")
_ISSUED_BY = re.compile(r"(?:tỉnh|thành phố|chính phủ|sở|bộ|trung ương)[^.;\n]{0,40}$", re.IGNORECASE)


@dataclass(frozen=True)
class _Cited:
    found: DocumentDate
    number: int | None
    series: str
    issuer: str
    own: bool


def judge_dates(text: str, dated: date | None) -> list[DocumentDate]:
    """Every cited document with a number and a date; `dated` is the day of the report, or None."""
    latest = dated or _head_date(text)
    cited = [_cited(text, match, latest) for match in _CITED.finditer(text)]
    doubtful = _out_of_order(cited)
    return [
        replace(c.found, verdict=DateVerdict.DISORDERED, why=doubtful[c.found.start])
        if c.found.start in doubtful and c.found.verdict is not DateVerdict.INCONSISTENT
        else c.found
        for c in cited
    ]


def _head_date(text: str) -> date | None:
    """The day of the report, or the last day it can have where the day or month is left blank."""
    head = _HEAD.search(text[:_HEAD_LENGTH])
    if not head:
        return None
    year, month = int(head["y"]), int(head["m"].strip() or 12)
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, int(head["d"].strip() or last))
    except ValueError:
        return None


def _cited(text: str, match: re.Match[str], latest: date | None) -> _Cited:
    document = " ".join(match["number"].split())
    day = _day(match)
    if day is None:
        verdict, why = DateVerdict.INCONSISTENT, "Ngày này không có trong lịch."
    elif latest is None:
        verdict, why = DateVerdict.NOT_CHECKABLE, "Không rõ ngày của báo cáo nên không so sánh được."
    elif day > latest:
        why = f"Văn bản đề ngày {day:%d/%m/%Y}, sau ngày báo cáo {latest:%d/%m/%Y}."
        verdict = DateVerdict.INCONSISTENT
    else:
        verdict, why = DateVerdict.CONSISTENT, "Không sau ngày báo cáo."
    found = DocumentDate(match[0].strip(), match.start(), document, day, verdict, why)
    number = re.match(r"\d+", document)
    series = re.sub(r"^\d+\s*[/\-]?\s*(?:\d{4}\s*/)?", "", document)
    said = _ISSUER.match(text[match.end() : match.end() + 90])
    before = text[max(0, match.start() - 60) : match.start()]
    own = not said and not _ISSUED_BY.search(before)
    issuer = " ".join(fold(said["issuer"]).split()) if said else ""
    return _Cited(found, int(number[0]) if number else None, series, issuer, own)


def _day(match: re.Match[str]) -> date | None:
    parts = (match["y"] or match["ly"], match["m"] or match["lm"], match["d"] or match["ld"])
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def _out_of_order(cited: list[_Cited]) -> dict[int, str]:
    """Where a higher number of one series, issuer and year bears an earlier date, both are doubtful."""
    series: dict[tuple[str, str, int], list[_Cited]] = defaultdict(list)
    for c in cited:
        if c.found.date and c.series and c.number and (c.issuer or c.own):
            series[c.series, c.issuer, c.found.date.year].append(c)
    doubtful: dict[int, str] = {}
    for one in series.values():
        for first in one:
            for second in one:
                if first.number < second.number and first.found.date > second.found.date:  # type: ignore[operator]
                    why = f"Số {first.found.document} ({first.found.date:%d/%m/%Y}) nhỏ hơn số "
                    why += f"{second.found.document} ({second.found.date:%d/%m/%Y}) nhưng lại ban hành sau."
                    doubtful.setdefault(first.found.start, why)
                    doubtful.setdefault(second.found.start, why)
    return doubtful
