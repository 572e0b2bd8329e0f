"""Readings of wordings without a calendar date: terms, «cuối tháng», rhythms, events, standing work, nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.wordings import joining, recurring, relative, terms, waiting
from tracker.rules.wordings.draft import Draft, impossible
from tracker.rules.wordings.joining import BEFORE
from tracker.rules.wordings.reading import Reading
from tracker.rules.wordings.spans import DAY, MONTH, QUARTER, Span
from tracker.rules.wordings.tokens import Found

_SERIAL = re.compile(r"[345]\d{4}(?:\.0+)?")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EMPTY_IN_A_DATABASE = ("1970", "1900", "1899", "0000", "/00", "-00", "0001")
_BESIDE_A_WORD = re.compile(r"(?<![a-z])(?:sau|truoc) [a-z]")
_UNIT_NAMES = {"ngay": "ngày", "tuan": "tuần", "thang": "tháng", "nam": "năm"}


def read_undated(draft: Draft, found: Found, rhythm: recurring.Rhythm | None, calendar: WorkingCalendar) -> Reading:
    """The reading of a wording in which no date or period was found."""
    if _SERIAL.fullmatch(draft.text):
        return _serial(draft)
    if found.broken:
        return _broken(found.broken)
    if rhythm:
        return read_rhythm(draft, rhythm, [])
    if waiting.is_status(draft.wording):
        return draft.without_date("none", "Ghi tình trạng, không phải thời hạn.")
    if term := terms.find_term(draft.wording):
        return read_term(draft, term, draft.issued, terms.base_of(term, draft.text), calendar)
    event = waiting.event_at(draft.wording, cited=found.cited)
    if event is None and (near := relative.find_relative(draft.wording, draft.issued)):
        return _near(draft, *near)
    return _waiting(draft, found, is_event=event is not None)


def _serial(draft: Draft) -> Reading:
    draft.tag("excel_date")
    draft.doubt("Ô chỉ có một số, đọc là ngày của Excel.")
    return draft.due_on(_EXCEL_DAY_ZERO + timedelta(days=int(draft.text.split(".")[0])), "")


def _broken(written: str) -> Reading:
    if any(year in written for year in _EMPTY_IN_A_DATABASE):
        return Reading("none", sure=False, why=f"«{written}» là ô trống của cơ sở dữ liệu.")
    return impossible(written, "không phải là ngày")


def _near(draft: Draft, day: date, is_before: bool, why: str) -> Reading:
    draft.tag("relative")
    if waiting.is_ongoing(draft.wording):
        draft.doubt("Có nêu cả một kỳ.")
        return draft.without_date("ongoing", "Việc thường xuyên, không có hạn cuối.")
    draft.doubt(why)
    draft.tag("before_period" if is_before else "")
    return draft.due_on(day, "")


def _waiting(draft: Draft, found: Found, *, is_event: bool) -> Reading:
    """An event, standing work, an hour alone, or nothing that could be read."""
    ongoing = waiting.is_ongoing(draft.wording)
    if is_event:
        draft.doubt("Có cả việc thường xuyên." if ongoing else "")
        draft.doubt("Có cả việc định kỳ." if "dinh ky" in draft.text else "")
        return draft.without_date("event", "Chờ một sự kiện, chưa có ngày.")
    if ongoing:
        return draft.without_date("ongoing", "Việc thường xuyên, không có hạn cuối.")
    if waiting.begins_at_issue(draft.wording):
        draft.doubt("Chỉ nêu ngày bắt đầu, không có hạn cuối.")
        return draft.without_date("ongoing", "", start=draft.issued)
    if found.cited:
        draft.doubt("Thời hạn có thể nằm trong văn bản được dẫn." if "theo" in draft.wording.words else "")
        return draft.without_date("none", "Chỉ dẫn số văn bản, không có thời hạn.")
    if waiting.is_elsewhere(draft.wording):
        draft.doubt("Thời hạn nằm ở văn bản khác, cần tra cứu.")
        return draft.without_date("ongoing", "Không nêu ngày.")
    if draft.time:
        draft.doubt("Chỉ ghi giờ, lấy ngày ban hành.")
        return draft.due_on(draft.issued, "", is_period=True)
    if waiting.is_at_once(draft.wording):
        draft.doubt("Yêu cầu làm ngay, không nêu ngày.")
        return draft.without_date("none", "")
    if _BESIDE_A_WORD.search(draft.text):
        draft.doubt("Có vẻ chờ một sự kiện, chưa có ngày.")
        return draft.without_date("event", "")
    draft.doubt("Không tìm thấy ngày trong lời văn.")
    return draft.without_date("none", "")


def read_rhythm(draft: Draft, rhythm: recurring.Rhythm, spans: list[Span]) -> Reading:
    """The reading of recurring work; yearless dates say when, dates with a year since when."""
    words = draft.text
    yearless = [span for span in spans if span.year is None]
    for span in yearless:
        if not (1 <= span.day <= 31 if span.unit == DAY and not span.month else span.is_valid):
            return impossible(words[span.at : span.until])
        if joining.role_before(words[: span.at]) == BEFORE:
            draft.tag(_take_before(span))
        draft.doubt(span.doubt)
    ends = joining.without_starts(joining.lend_months(yearless, words), words)
    rule, doubts = recurring.rules(rhythm, words, ends)
    for sentence in doubts:
        draft.doubt(sentence)
    start = min((span.start for span in spans if span.year is not None and span.is_valid), default=None)
    if start:
        draft.tag("mixed")
        draft.doubt("Có cả mốc thời gian ghi năm.")
    if waiting.is_ongoing(draft.wording):
        draft.doubt("Có cả việc thường xuyên.")
    if waiting.event_at(draft.wording) is not None:
        draft.doubt("Có cả việc chờ sự kiện.")
    return draft.without_date("recurring", "Việc định kỳ.", rrule=rule, start=start)


def _take_before(span: Span) -> str:
    """«Trước tháng 12 hằng năm» is the end of November; a day stays itself. Returns the tag."""
    if span.unit == DAY or span.edge == "cuoi":
        return "before"
    if span.unit in {MONTH, QUARTER}:
        span.month = (span.month - 2) % (12 if span.unit == MONTH else 4) + 1
    return f"before_{span.unit}"


def read_ahead_of(draft: Draft, term: terms.Term, span: Span, calendar: WorkingCalendar) -> Reading:
    """«10 ngày trước ngày 30/6/2026»: counted back from that day."""
    draft.tag("relative")
    draft.doubt(span.doubt)
    draft.doubt(f"Tính lùi từ ngày {span.end:%d/%m/%Y}.")
    if term.working:
        return draft.due_on(calendar.add_working_days(span.end, -term.count), "")
    return draft.due_on(terms.days_before(term, span.end), "")


def read_term(draft: Draft, term: terms.Term, start: date, base: str, calendar: WorkingCalendar) -> Reading:
    """The reading of a term that counts from `start`, or waits for its event."""
    draft.tag("relative")
    if base == "event" or (base == "unsaid" and waiting.event_at(draft.wording) is not None):
        return draft.without_date("event", "Tính từ một sự kiện, chưa có ngày.")
    end, is_rolled = terms.end_of(term, start, calendar)
    if term.working:
        draft.tag("workdays")
    if is_rolled:
        draft.tag("rolled")
        draft.doubt("Ngày cuối rơi vào ngày nghỉ, chuyển sang ngày làm việc tiếp theo.")
    if base == "unsaid":
        draft.doubt("Không ghi tính từ ngày nào, tính từ ngày ban hành.")
    elif base == "doubtful":
        draft.doubt("Hiểu là ngày ban hành của chính văn bản này.")
    unit = _UNIT_NAMES.get(term.unit, "giờ")
    if unit == "giờ":
        draft.time = None  # «trong 24 giờ» names no hour of the day
        draft.doubt("Thời hạn tính bằng giờ, đổi ra ngày.")
    if term.count == 0:
        draft.doubt("Thời hạn bằng không.")
    working = " làm việc" if term.working else ""
    return draft.due_on(end, f"Tính {term.count} {unit}{working} từ sau ngày {start:%d/%m/%Y}.")
