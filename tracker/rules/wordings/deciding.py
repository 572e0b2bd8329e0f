"""Decides what a wording means: asks for a rhythm, dates, a term, an event, in the order in which they count."""

from __future__ import annotations

import re
from datetime import date

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.wordings import joining, recurring, terms, waiting, years
from tracker.rules.wordings.choosing import choose
from tracker.rules.wordings.dated import read_dated, read_lone_day
from tracker.rules.wordings.draft import Draft, impossible
from tracker.rules.wordings.joining import ABOUT, AFTER, ALONE, BEFORE, BY, FROM, Group
from tracker.rules.wordings.normalise import Wording, plain
from tracker.rules.wordings.reading import Reading
from tracker.rules.wordings.spans import DAY, YEAR, Span
from tracker.rules.wordings.tokens import Found, find
from tracker.rules.wordings.undated import read_ahead_of, read_rhythm, read_term, read_undated

_STILL_TO_COME = re.compile(
    r"gia han|chuyen sang|dieu chinh|\blui\b|du kien|phan dau|tiep tuc|\bhan\b|xong truoc|thanh truoc"
)
_COMPLETION = re.compile(r"hoan thanh|xong|(?:cham|muon) nhat")
_MEANS_JUNE = re.compile(r"thang sau(?: nam|[/-]) ?20")


def read_wording(text: str, issued: date, calendar: WorkingCalendar) -> Reading:
    """Read one deadline wording of a paper issued on `issued`; any text gets a reading."""
    wording = plain(text)
    if waiting.is_nothing(wording.text):
        return Reading("none", why="Không ghi thời hạn.")
    if "sau" in wording.words and _is_next_month(wording):
        wording.text = wording.text.replace("thang sau", "thang toi")
    draft = Draft(wording, issued)
    if wording.repaired:
        draft.tag("ocr")
        draft.doubt("Có chữ cái đứng thay chữ số, đã đọc là chữ số.")
    if wording.is_cut:
        draft.doubt("Đoạn chữ quá dài, chỉ đọc phần đầu.")
    try:
        return _read(draft, find(wording.text), calendar)
    except (ValueError, OverflowError):  # a term or «tháng sau» that ends after the year 9999
        return Reading("none", sure=False, anomaly="invalid_date", why="Ngày nằm ngoài lịch.")


def _is_next_month(wording: Wording) -> bool:
    """«tháng sau», not «tháng sáu»; without marks it is June only where a year follows."""
    if "thang sau" not in wording.text or _MEANS_JUNE.search(wording.text):
        return False
    return "tháng sáu" not in wording.marked


def _read(draft: Draft, found: Found, calendar: WorkingCalendar) -> Reading:
    if found.hours:
        draft.time = found.hours[-1]
        draft.tag("time")
    rhythm = recurring.find_rhythm(draft.wording)
    spans = _without_shares(found.spans, draft.text)
    if not spans:
        return read_undated(draft, found, rhythm, calendar)
    if rhythm and not _has_dated_limit(spans, draft.text):
        return read_rhythm(draft, rhythm, spans)
    groups = joining.group(years.take_years_beside(spans, draft.text), draft.text)
    if not groups:
        return read_undated(draft, found, rhythm, calendar)
    spans = [span for one in groups for span in one.spans]
    if all(span.unit == DAY and not span.month for span in spans):
        return read_lone_day(draft, groups)
    years.settle_years(groups, draft.text, draft.issued)
    for span in spans:
        if not span.is_valid:
            return impossible(draft.text[span.at : span.until])
    return _term_from_day(draft, groups, calendar) or _decide(draft, found, groups, rhythm, calendar)


def _without_shares(spans: list[Span], text: str) -> list[Span]:
    """Leave out a fraction that cannot be a date, such as 30/96, unless it is all there is."""
    if not any(span.month > 12 and span.unit == DAY and span.year is None for span in spans):
        return spans
    roles = [joining.role_before(text[: span.at]) for span in spans]
    kept = [
        span
        for span, role in zip(spans, roles, strict=True)
        if span.year or span.month <= 12 or role not in {ABOUT, ALONE}
    ]
    return kept or spans


def _has_dated_limit(spans: list[Span], text: str) -> bool:
    """Whether a full day that ends the work outweighs «hằng tháng»."""
    return any(
        span.unit == DAY and span.year and joining.role_before(text[: span.at]) not in {FROM, AFTER} for span in spans
    )


def _term_from_day(draft: Draft, groups: list[Group], calendar: WorkingCalendar) -> Reading | None:
    """«10 ngày kể từ ngày 15/6/2026», «10 ngày trước ngày 30/6/2026», when that day is the only date."""
    span = groups[0].spans[0]
    if span.role not in {FROM, AFTER, BEFORE} or len(groups) > 1 or len(groups[0].spans) > 1 or span.unit != DAY:
        return None
    term = terms.find_term(draft.wording)
    if term is None:
        return None
    if span.role == BEFORE:
        is_ahead = terms.stands_before(term, draft.text, span.at, span.until)
        return read_ahead_of(draft, term, span, calendar) if is_ahead else None
    draft.doubt(span.doubt)
    return read_term(draft, term, span.end, "date", calendar)


def _decide(
    draft: Draft, found: Found, groups: list[Group], rhythm: recurring.Rhythm | None, calendar: WorkingCalendar
) -> Reading:
    if not_a_deadline := _not_a_deadline(draft, groups):
        draft.doubt(not_a_deadline)
        return draft.without_date("none", "")
    event = waiting.event_at(draft.wording, cited=found.cited)
    if event is not None and _only_dates_the_event(draft, groups, event):
        return draft.without_date("event", "Chờ một sự kiện, chưa có ngày.")
    _note_mixture(draft, found, is_event=event is not None, is_recurring=rhythm is not None)
    chosen, start = choose(draft, groups)
    if chosen.role in {FROM, AFTER} and not chosen.is_range:
        draft.tag("from")
        draft.doubt("Chỉ nêu ngày bắt đầu, không có hạn cuối.")
        return draft.without_date("ongoing", "", start=chosen.start)
    if _is_past_range_of_days(chosen, draft.issued):
        draft.doubt("Khoảng ngày đã qua, có vẻ là kỳ số liệu.")
        return draft.without_date("none", "")
    return read_dated(draft, chosen, start, calendar)


def _not_a_deadline(draft: Draft, groups: list[Group]) -> str:
    """Why the dates bound figures or tell what has been done, or an empty text."""
    if waiting.speaks_of_figures(draft.wording) and not any(one.role == BEFORE for one in groups):
        return "Ngày của kỳ số liệu, không phải thời hạn."
    if waiting.is_status(draft.wording):
        limited = any(one.role in {BEFORE, BY} for one in groups)
        if not (limited and _STILL_TO_COME.search(draft.text)):
            return "Ghi tình trạng, không phải thời hạn."
        draft.doubt("Có cả tình trạng thực hiện.")
    return ""


def _only_dates_the_event(draft: Draft, groups: list[Group], event: int) -> bool:
    """A period after the words of an event only says when that is; a day, or a period before them, is a deadline."""
    if any(one.spans[-1].unit == DAY for one in groups):
        return False
    if groups[0].spans[0].at < event and not waiting.depends(draft.wording):
        return False
    if _COMPLETION.search(draft.text, event, groups[-1].spans[-1].at):
        return False
    if any(span.unit != YEAR for one in groups for span in one.spans):
        draft.doubt("Sự kiện có nêu thời gian dự kiến.")
    return True


def _note_mixture(draft: Draft, found: Found, *, is_event: bool, is_recurring: bool) -> None:
    """Doubts for what stands beside the date."""
    beside = [
        "Có cả một sự kiện." if is_event else "",
        "Có cả việc định kỳ." if is_recurring else "",
        "Có cả việc thường xuyên." if not is_recurring and waiting.is_ongoing(draft.wording) else "",
    ]
    for sentence in beside:
        draft.doubt(sentence)
        draft.tag("mixed" if sentence else "")
    if found.broken:
        draft.doubt(f"«{found.broken}» không phải là ngày.")


def _is_past_range_of_days(chosen: Group, issued: date) -> bool:
    """«Từ ngày 01/01 đến hết ngày 17/5», written after both: days of a report, not a term."""
    first, last = chosen.spans[0], chosen.spans[-1]
    return chosen.is_range and first.unit == DAY and first.role == FROM and last.tag != "noyear" and last.end < issued
