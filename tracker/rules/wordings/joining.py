"""How the dates of a wording hang together: their roles, their years, ranges and lists.

«Từ tháng 11 đến tháng 2/2027» names November of 2026; «trước ngày 15/6 và 15/12» is one list; «Báo cáo quý II
trước ngày 20/6» has one deadline and one subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.rules.wordings.normalise import word_set
from tracker.rules.wordings.spans import DAY, MONTH, YEAR, Span

BEFORE, BY, FROM, AFTER, ABOUT, ALONE = "before", "by", "from", "after", "about", "alone"
"""Roles: «trước», «chậm nhất, đến, trong…», «từ», «sau», after words of another subject, and none of these."""

_ROLE_WORDS = {
    "truoc": BEFORE,
    "tu": FROM,
    "sau": AFTER,
    **dict.fromkeys(word_set("den toi nhat het han chot trong thanh xong qua hon muon deadline tai ht lui"), BY),
}
_ONLY_AFTER = {"qua": "khong", "thanh": "hoan"}
"""«không quá», «hoàn thành»; not «kết quả», «thành lập»."""
_NEUTRAL = word_set(
    "ngay thang nam quy qui thoi diem vao la khoang hom thu hai ba bay chu nhat sang chieu dem luc h g "
    "dau giua cuoi gio phut moc cua va , ; : ( ) - . * + & / [ ] \" ' > < = cac muc ky giai doan lich du "
    "kien nhiem vu cn ca moi tuan thuc hien trien khai t ke cung"
)
_JOINING = word_set(
    "den toi va hoac hay het ngay thang trong cho quy qui nam cuoi dau giua tu - & + , ; / truoc cham "
    "nhat la ca roi sang . ( ) som muon"
)
_APART = frozenset((".", "("))
_LIMITS = frozenset(("truoc", "nhat", "muon", "som", "trong"))
_RANGE = frozenset(("den", "toi", "-", "sang"))
_WORDS = re.compile(r"[a-z]+|[^\sa-z\d]")


@dataclass(slots=True)
class Group:
    """Spans that were written as one date, range or list; `role` is that of its last part."""

    spans: list[Span]
    role: str
    is_range: bool
    either: bool = False

    @property
    def start(self) -> date:
        """The first day of all."""
        return min(span.start for span in self.spans)

    @property
    def end(self) -> date:
        """The end of a range is its last part, of a list its latest."""
        if self.is_range or len(self.spans) == 1:
            return self.spans[-1].end
        return max(span.end for span in self.spans)


def role_before(gap: str) -> str:
    """What the words before a date make of it, read backwards over words that say nothing."""
    words = _WORDS.findall(gap)
    for i in range(len(words) - 1, -1, -1):
        word = words[i]
        if i and words[i - 1] == "thu" and word in {"tu", "nam", "sau"}:  # a day of the week
            continue
        if role := _ROLE_WORDS.get(word):
            return role if word not in _ONLY_AFTER or (i and words[i - 1] == _ONLY_AFTER[word]) else ABOUT
        if word not in _NEUTRAL:
            return ABOUT
    return ALONE


def group(spans: list[Span], text: str) -> list[Group]:
    """The spans in groups, with roles; numbers of days that nothing explains are dropped."""
    spans = _settle_bare_days(spans, text)
    groups: list[Group] = []
    previous_end = 0
    for span in spans:
        gap = text[previous_end : span.at]
        span.role = role_before(gap)
        words = _WORDS.findall(gap)
        if groups and _is_joined(groups[-1].spans[-1], span, words):
            here = groups[-1]
            here.spans.append(span)
            here.is_range |= not _RANGE.isdisjoint(words)
            here.either |= "hoac" in words or "hay" in words
            if span.role not in {ALONE, ABOUT} or here.role == FROM:
                here.role = BY if span.role in {ALONE, ABOUT} else span.role
        else:
            groups.append(Group([span], span.role, False))
        previous_end = max(previous_end, span.until)
    for one in groups:
        one.is_range |= len(one.spans) > 1 and _adjacent_run(one.spans, text)
    return groups


def _is_joined(before: Span, after: Span, words: list[str]) -> bool:
    """Whether only words that join stand between; «quý II trước ngày 20/6» are two statements."""
    if not _JOINING.issuperset(words) or not _APART.isdisjoint(words):
        return False
    return before.unit == after.unit or _LIMITS.isdisjoint(words)


def _adjacent_run(spans: list[Span], text: str) -> bool:
    """Whether «6-8/2026», «quý I đến III» or «2026-2030» was found as one piece with a dash or «đến»."""
    inside = text[spans[0].at : spans[-1].until]
    return spans[0].unit != DAY and _RUN.search(inside) is not None


_RUN = re.compile(r"\b(?:den|toi)\b|(?:\d|[iv]) ?- ?(?:thang|t|quy|q|het)? ?(?:\d|[iv])")


def _settle_bare_days(spans: list[Span], text: str) -> list[Span]:
    """Give «ngày 20 đến 25/6» its month from the neighbour; a lone number that only counts is left out."""
    for span in spans:
        if span.unit == DAY and not span.month:
            return _take_month_from_before(lend_months(spans, text))
    return spans


def lend_months(spans: list[Span], text: str) -> list[Span]:
    """Numbers of days take the month of the date they are joined to; a number that no «ngày» explains is left out."""
    settled: list[Span] = []
    after: Span | None = None
    for span in reversed(spans):
        if span.unit == DAY and not span.month:
            if (
                after is not None
                and _can_lend(after)
                and _JOINING.issuperset(_WORDS.findall(text[span.until : after.at]))
            ):
                _lend(span, after)
            elif span.tag == "listed":
                continue
        settled.insert(0, span)
        after = span
    return settled


def _can_lend(after: Span) -> bool:
    return (after.unit == DAY and after.month > 0) or after.unit == MONTH


def _lend(span: Span, after: Span) -> None:
    """The month and year of the date that follows; «28 đến 05/7» begins in June."""
    if after.unit == MONTH and span.tag == "listed":
        span.unit, span.month, span.day, span.year = MONTH, span.day, 0, after.year
        return
    span.year, span.month = after.year, after.month
    if after.unit == DAY and span.day > after.day:
        span.month, span.year = (
            (12, after.year and after.year - 1) if after.month == 1 else (after.month - 1, after.year)
        )


def _take_month_from_before(spans: list[Span]) -> list[Span]:
    """«Tháng 6/2026 (ngày 15)» is one day; «NGÀY 1: … 24/8/2026» only counts days."""
    known = [span for span in spans if span.month or span.unit != DAY]
    if not known:
        return spans
    kept: list[Span] = []
    for span in spans:
        if span.unit != DAY or span.month:
            kept.append(span)
        elif kept and kept[-1].unit == MONTH and not kept[-1].edge:
            month = kept.pop()
            span.month, span.year, span.at = month.month, month.year, month.at
            kept.append(span)
    return kept


def settle_years(groups: list[Group], text: str, issued: date) -> None:
    """Give every span a year: its own, a neighbour's in the same group, else that of the day of issue.

    A day or period that would be over by the day of issue is moved to the next year, with a doubt.
    """
    spans = [span for one in groups for span in one.spans]
    for span in spans:
        if span.year is None and (named := _YEAR_BY_NAME.match(text, span.until)):
            span.year = issued.year + (named["which"] != "nay")
    for one in groups:
        if len(one.spans) > 1:
            _share_years(one)
    known = {span.year for span in spans if span.year is not None}
    for span in spans:
        if span.year is None and span.unit != YEAR:
            span.year = issued.year
            if span.is_valid and (span.last if span.edge else span.end) < issued and not known:
                span.year += 1
                span.doubt = f"Không ghi năm và đã qua so với ngày ban hành, tạm lấy năm {span.year}."
            elif len(known) == 1 and len(groups) > 1:
                span.year = next(iter(known)) or issued.year
            span.tag = span.tag or "noyear"


_YEAR_BY_NAME = re.compile(r"[ ,]*(?:cua )?nam (?P<which>nay|sau|toi|ke tiep)(?![a-z])")


def _share_years(one: Group) -> None:
    """Hand a year from each part to the one before it, then to the one after it, across a turn of the year."""
    spans = one.spans
    for before, after in zip(spans[-2::-1], spans[:0:-1], strict=True):
        if before.year is None and after.year is not None and before.unit != YEAR:
            before.year = after.year - (before.order > after.order and one.is_range)
    for before, after in pairwise(spans):
        if after.year is None and before.year is not None and after.unit != YEAR:
            after.year = before.year + (after.order < before.order)
