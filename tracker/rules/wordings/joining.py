"""How the dates of a wording hang together: their roles, ranges and lists.

«Trước ngày 15/6 và 15/12» is one list; «Báo cáo quý II
trước ngày 20/6» has one deadline and one subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.rules.wordings.normalise import word_set
from tracker.rules.wordings.spans import DAY, MONTH, Span

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
_LENDING = _JOINING - {"quy", "qui"}
"""Words over which a month is lent; «ngày 14 tháng cuối quý, ngày 14/6» are two rhythms."""
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
        if len(one.spans) > 1:
            inside = text[one.spans[0].at : one.spans[-1].until]
            one.is_range |= _adjacent_run(one.spans, inside)
            one.either |= "hoac" in inside
        if text.startswith((" tro di", " tro ve sau"), one.spans[-1].until):
            one.role, one.is_range = FROM, False
    return groups


def _is_joined(before: Span, after: Span, words: list[str]) -> bool:
    """Whether only words that join stand between; «quý II trước ngày 20/6» are two statements."""
    if not _JOINING.issuperset(words) or not _APART.isdisjoint(words):
        return False
    return before.unit == after.unit or _LIMITS.isdisjoint(words)


def _adjacent_run(spans: list[Span], inside: str) -> bool:
    """Whether «6-8/2026», «quý I đến III» or «2026-2030» was found as one piece with a dash or «đến»."""
    return spans[0].unit != DAY and _RUN.search(inside) is not None


_RUN = re.compile(r"\b(?:den|toi)\b|(?:\d|[iv]) ?- ?(?:thang|t|quy|q|het)? ?(?:\d|[iv])")


def without_starts(spans: list[Span], text: str) -> list[Span]:
    """«Từ ngày 15 đến ngày 20 hằng tháng» ends on the 20th: the beginnings of ranges are left out."""
    return [
        before
        for before, after in pairwise([*spans, None])
        if before is not None and not (after and _is_range_between(before, after, text))
    ]


def _is_range_between(before: Span, after: Span, text: str) -> bool:
    if after.at >= before.until:
        words = _WORDS.findall(text[before.until : after.at])
    else:
        words = _WORDS.findall(text[before.at : after.until])
    return not _RANGE.isdisjoint(words) and (_JOINING | _RANGE).issuperset(words)


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
                and _LENDING.issuperset(_WORDS.findall(text[span.until : after.at]))
            ):
                _lend(span, after)
                if settled[0].unit == MONTH and span.unit == DAY and text[span.until : after.at] in {" ", " cua "}:
                    settled.pop(0)
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
