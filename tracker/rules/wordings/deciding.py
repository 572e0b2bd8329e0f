"""Decides what a wording means from the dates, terms, rhythms and waiting words that were found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.wordings import joining, recurring, relative, terms, waiting
from tracker.rules.wordings.joining import ABOUT, AFTER, ALONE, BEFORE, BY, FROM, Group
from tracker.rules.wordings.normalise import marked, plain, too_long
from tracker.rules.wordings.reading import Anomaly, Reading
from tracker.rules.wordings.spans import DAY, MONTH, QUARTER, YEAR, Span
from tracker.rules.wordings.tokens import Found, find

_LAST_WORKING_DAY = re.compile(r"ngay lam viec (?:cuoi cung|cuoi)(?: cua)? ?$")
_SERIAL = re.compile(r"(?P<days>[345]\d{4})(?:\.0+)?")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EMPTY_IN_A_DATABASE = ("1970", "1900", "1899", "0000", "/00", "-00", "0001")
_ORIENTATION = ("dinh huong", "tam nhin")
_YES_BUT = ("gia han", "chuyen sang", "dieu chinh", "lui")
_WHY_UNIT = {
    DAY: "Ghi rõ ngày.",
    MONTH: "Lấy ngày cuối tháng.",
    QUARTER: "Lấy ngày cuối quý.",
    "half": "Lấy ngày cuối của khoảng tháng.",
    YEAR: "Lấy ngày cuối năm.",
}
_WEEKDAY_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_GAP_OF_WEEKDAY = re.compile(r"(?:thu ?|t)?(?P<day>hai|ba|tu|nam|sau|bay|[2-7])?(?P<sunday>chu nhat|cn)?[ ,(:]*(?:ngay )?$")


@dataclass(slots=True)
class _Draft:
    """A reading while its doubts and tags are being gathered."""

    text: str
    issued: date
    doubts: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    anomaly: Anomaly | None = None

    def tag(self, name: str) -> None:
        if name and name not in self.tags:
            self.tags.append(name)

    def doubt(self, sentence: str) -> None:
        if sentence and sentence not in self.doubts:
            self.doubts.append(sentence)

    def says(self, why: str) -> str:
        return " ".join([why, *self.doubts]).strip()


def read_wording(text: str, issued: date, calendar: WorkingCalendar) -> Reading:
    """Read one deadline wording of a paper issued on `issued`; never raises for any text."""
    words, repaired = plain(text)
    if waiting.is_nothing(words):
        return Reading("none", why="Không ghi thời hạn.")
    if "thang sau" in words and _is_next_month(words, text):
        words = words.replace("thang sau", "thang toi")
    draft = _Draft(words, issued)
    if repaired:
        draft.tag("ocr")
        draft.doubt("Có chữ cái đứng thay chữ số, đã đọc là chữ số.")
    if too_long(text):
        draft.doubt("Đoạn chữ quá dài, chỉ đọc phần đầu.")
    if serial := _SERIAL.fullmatch(words):
        day = _EXCEL_DAY_ZERO + timedelta(days=int(serial["days"]))
        draft.tag("excel_date")
        draft.doubt("Ô chỉ có một số, đọc là ngày của Excel.")
        return _dated(draft, day, "")
    found = find(words)
    try:
        return _read(draft, found, text, calendar)
    except (ValueError, OverflowError):
        return Reading("none", sure=False, anomaly="invalid_date", why="Ngày nằm ngoài lịch.")


def _is_next_month(words: str, text: str) -> bool:
    """«tháng sau», not «tháng sáu»; without marks it is June only where a year follows."""
    return "tháng sáu" not in marked(text) and "thang sau nam 20" not in words and "thang sau/" not in words


def _read(draft: _Draft, found: Found, text: str, calendar: WorkingCalendar) -> Reading:
    words = draft.text
    rhythm = recurring.find_rhythm(words)
    if not found.spans and not found.broken:
        return _without_dates(draft, found, text, rhythm, calendar)
    if found.broken and not found.spans:
        return _broken(found.broken)
    raw = list(found.spans)
    bare = [span for span in raw if span.unit == DAY and not span.month]
    if rhythm and not _has_dated_limit(raw, words):
        return _recurring(draft, found, rhythm, raw)
    spans = _within_reason(raw, words)
    groups = joining.group(spans, words)
    spans = [span for one in groups for span in one.spans]
    if not spans:
        return _without_dates(draft, found, text, rhythm, calendar)
    if bare and all(span.unit == DAY and not span.month for span in spans):
        return _next_of_that_day(draft, spans, found, groups)
    joining.settle_years(spans, groups, draft.issued)
    if wrong := next((span for span in spans if not span.is_valid), None):
        return _invalid(wrong, words)
    if (term := terms.find_term(words, marked(text))) and (read := _term_from(draft, term, groups, calendar)):
        return read
    return _decide(draft, found, groups, rhythm, calendar)


# --- nothing that can be a date


def _broken(written: str) -> Reading:
    if any(year in written for year in _EMPTY_IN_A_DATABASE):
        return Reading("none", sure=False, why=f"«{written}» là ô trống của cơ sở dữ liệu.")
    return Reading("none", sure=False, anomaly="invalid_date", why=f"«{written}» không phải là ngày.")


def _invalid(span: Span, words: str) -> Reading:
    written = words[span.at : span.until]
    return Reading("none", sure=False, anomaly="invalid_date", why=f"«{written}» không có trong lịch, cần hỏi lại.")


def _without_dates(
    draft: _Draft, found: Found, text: str, rhythm: recurring.Rhythm | None, calendar: WorkingCalendar
) -> Reading:
    words = draft.text
    if waiting.is_status(words) and not rhythm:
        return Reading("none", sure=not draft.doubts, why=draft.says("Ghi tình trạng, không phải thời hạn."))
    if rhythm:
        return _recurring(draft, found, rhythm, [])
    with_marks = marked(text)
    if (term := terms.find_term(words, with_marks)) and (read := _term(draft, term, draft.issued, calendar)):
        return read
    event = waiting.event_at(words, cited=found.cited)
    if event is None and (near := relative.find_relative(words, with_marks, draft.issued, calendar)):
        if waiting.is_ongoing(words):
            draft.doubt("Có cả việc thường xuyên.")
        day, before, why = near
        draft.doubt(why)
        draft.tag("relative")
        if before:
            draft.tag("before_period")
        return _dated(draft, day, "", _time_of(found))
    return _waiting(draft, found, event)


def _waiting(draft: _Draft, found: Found, event: int | None) -> Reading:
    words = draft.text
    if event is not None:
        if waiting.is_ongoing(words):
            draft.doubt("Có cả việc thường xuyên.")
        return Reading("event", sure=not draft.doubts, tags=tuple(draft.tags), why=draft.says("Chờ một sự kiện, chưa có ngày."))
    if waiting.is_ongoing(words):
        return Reading("ongoing", sure=not draft.doubts, tags=tuple(draft.tags), why=draft.says("Việc thường xuyên, không có hạn cuối."))
    if waiting.seems_ongoing(words):
        draft.doubt("Thời hạn nằm ở văn bản khác, cần tra cứu.")
        return Reading("ongoing", sure=False, why=draft.says("Không nêu ngày."))
    if found.hours:
        draft.doubt("Chỉ ghi giờ, lấy ngày ban hành.")
        draft.tag("time")
        return _dated(draft, draft.issued, "", _time_of(found))
    if found.cited:
        return Reading("none", why="Chỉ dẫn số văn bản, không có thời hạn.")
    if waiting.is_at_once(words):
        return Reading("none", sure=False, why="Yêu cầu làm ngay, không nêu ngày.")
    if re.search(r"(?<![a-z])(?:sau|truoc) [a-z]", words):
        return Reading("event", sure=False, why="Có vẻ chờ một sự kiện, chưa có ngày.")
    return Reading("none", sure=False, why="Không tìm thấy ngày trong lời văn.")


# --- recurring work


def _has_dated_limit(spans: list[Span], words: str) -> bool:
    """Whether a full day with its year, after «trước» or «chậm nhất», outweighs «hằng tháng»."""
    return any(
        span.unit == DAY
        and span.year is not None
        and span.month
        and joining.role_before(words[: span.at]) not in {FROM, AFTER}
        for span in spans
    )


def _recurring(draft: _Draft, found: Found, rhythm: recurring.Rhythm, spans: list[Span]) -> Reading:
    words = draft.text
    yearless = [span for span in spans if span.year is None]
    if wrong := next((span for span in yearless if (span.month or span.unit != DAY) and not span.is_valid), None):
        return _invalid(wrong, words)
    if any(span.unit == DAY and not span.month and not 1 <= span.day <= 31 for span in yearless):
        return Reading("none", sure=False, anomaly="invalid_date", why="Ngày trong tháng không có trong lịch.")
    rule, doubts = recurring.rules(rhythm, words, joining.lend_months(yearless, words))
    for one in doubts:
        draft.doubt(one)
    for span in yearless:
        draft.doubt(span.doubt)
        if joining.role_before(words[: span.at]) == BEFORE:
            draft.tag("before")
    start = None
    dated = [span for span in spans if span.year is not None and span.is_valid]
    if dated:
        start = min(span.start for span in dated)
        draft.doubt("Có cả mốc thời gian ghi năm.")
        draft.tag("mixed")
    if waiting.is_ongoing(words):
        draft.doubt("Có cả việc thường xuyên.")
    if waiting.event_at(words) is not None:
        draft.doubt("Có cả việc chờ sự kiện.")
    time = _time_of(found)
    if time:
        draft.tag("time")
    return Reading(
        "recurring", None, rule, time, start, tuple(draft.tags), not draft.doubts, None, draft.says("Việc định kỳ.")
    )


# --- terms


def _term(draft: _Draft, term: terms.Term, start: date, calendar: WorkingCalendar, base: str = "") -> Reading | None:
    base = base or terms.base_of(term, draft.text)
    if base == "event" or base == "unsaid" and waiting.event_at(draft.text) is not None:
        return Reading("event", tags=("relative",), sure=not draft.doubts, why="Tính từ một sự kiện, chưa có ngày.")
    end, rolled = terms.end_of(term, start, calendar)
    draft.tag("relative")
    if term.working:
        draft.tag("workdays")
    if rolled:
        draft.tag("rolled")
        draft.doubt("Ngày cuối rơi vào ngày nghỉ, chuyển sang ngày làm việc tiếp theo.")
    if base == "unsaid":
        draft.doubt("Không ghi tính từ ngày nào, tính từ ngày ban hành.")
    elif base == "doubtful":
        draft.doubt("Hiểu là ngày ban hành của chính văn bản này.")
    if term.unit in {"gio", "h"}:
        draft.doubt("Thời hạn tính bằng giờ, đổi ra ngày.")
    if term.count == 0:
        draft.doubt("Thời hạn bằng không.")
    unit = "ngày làm việc" if term.working else {"ngay": "ngày", "tuan": "tuần", "thang": "tháng", "nam": "năm"}.get(term.unit, "giờ")
    return _dated(draft, end, f"Tính {term.count} {unit} từ sau ngày {start:%d/%m/%Y}.")


def _term_from(draft: _Draft, term: terms.Term, groups: list[Group], calendar: WorkingCalendar) -> Reading | None:
    """A term that counts from the only date of the wording, or stands beside a date; None: the dates decide."""
    if len(groups) != 1 or len(groups[0].spans) != 1:
        return None
    span = groups[0].spans[0]
    before = draft.text[: span.at]
    counted = re.search(r"(?:tu|sau)(?: ngay| khi| thoi diem| dau| hom)*[ ,:]*$", before)
    if counted and span.unit == DAY:
        for one in (span.doubt,):
            draft.doubt(one)
        return _term(draft, term, span.end, calendar, base="date")
    return None


# --- dates


def _within_reason(spans: list[Span], words: str) -> list[Span]:
    """Leave out a fraction that cannot be a date, where something else can."""
    def impossible(span: Span) -> bool:
        return (
            span.unit == DAY
            and span.year is None
            and span.month > 12
            and joining.role_before(words[: span.at]) in {ABOUT, ALONE}
        )

    kept = [span for span in spans if not impossible(span)]
    return kept or spans


def _next_of_that_day(draft: _Draft, spans: list[Span], found: Found, groups: list[Group]) -> Reading:
    """«Trước ngày mùng 5»: the first 5th after the day of issue."""
    day = spans[-1].day
    if not 1 <= day <= 31:
        return _invalid(spans[-1], draft.text)
    year, month = draft.issued.year, draft.issued.month
    if re.match(r" ?(?:cua )?thang (?:sau|toi|ke tiep|lien ke)", draft.text[spans[-1].until :]):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        draft.tag("relative")
    for _ in range(13):
        span = Span(DAY, 0, 0, year, month, day)
        if span.is_valid and span.end >= draft.issued:
            break
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    draft.tag("noyear")
    draft.doubt("Không ghi tháng, lấy ngày gần nhất sau ngày ban hành.")
    time = _time_of(found)
    if groups[-1].role == BEFORE and not time:
        draft.tag("before")
    return _dated(draft, span.end, "", time)


def _decide(
    draft: _Draft, found: Found, groups: list[Group], rhythm: recurring.Rhythm | None, calendar: WorkingCalendar
) -> Reading:
    words = draft.text
    limited = any(one.role in {BEFORE, BY} for one in groups)
    if waiting.speaks_of_figures(words) and not any(one.role == BEFORE for one in groups):
        return Reading("none", sure=False, why="Ngày của kỳ số liệu, không phải thời hạn.")
    if waiting.is_status(words) and not (limited and any(yes in words for yes in _YES_BUT)):
        return Reading("none", sure=False, why="Ghi tình trạng, không phải thời hạn.")
    event = waiting.event_at(words, cited=found.cited)
    if event is not None and (read := _event_with_period(draft, groups, event)):
        return read
    if rhythm:
        draft.tag("mixed")
        draft.doubt("Có cả việc định kỳ.")
    elif waiting.is_ongoing(words):
        draft.tag("mixed")
        draft.doubt("Có cả việc thường xuyên.")
    if found.broken:
        draft.doubt(f"«{found.broken}» không phải là ngày.")
    chosen, start = _choose(draft, groups)
    if chosen.role in {FROM, AFTER} and not chosen.is_range:
        return _only_a_beginning(draft, chosen)
    if _is_period_of_figures(chosen, draft.issued):
        return Reading("none", sure=False, why="Khoảng ngày đã qua, có vẻ là kỳ số liệu.")
    return _dated_by(draft, found, chosen, start, calendar)


def _event_with_period(draft: _Draft, groups: list[Group], event: int) -> Reading | None:
    """A period after the words of an event only says when that is; a day, or a period before them, is a deadline."""
    has_day = any(one.spans[-1].unit == DAY for one in groups)
    if not has_day and (groups[0].spans[0].at > event or waiting.depends(draft.text)):
        only_year = all(span.unit == YEAR for one in groups for span in one.spans)
        if not only_year:
            draft.doubt("Sự kiện có nêu thời gian dự kiến.")
        return Reading("event", sure=not draft.doubts, tags=tuple(draft.tags), why=draft.says("Chờ một sự kiện, chưa có ngày."))
    draft.doubt("Có cả một sự kiện.")
    draft.tag("mixed")
    return None


def _only_a_beginning(draft: _Draft, chosen: Group) -> Reading:
    draft.doubt("Chỉ nêu ngày bắt đầu, không có hạn cuối.")
    draft.tag("from")
    return Reading("ongoing", start=chosen.start, tags=tuple(draft.tags), sure=False, why=draft.says(""))


def _is_period_of_figures(chosen: Group, issued: date) -> bool:
    """«Từ ngày 01/01 đến hết ngày 17/5», written after both: days of a report, not a term."""
    return (
        chosen.is_range
        and chosen.spans[0].unit == DAY
        and chosen.spans[0].role == FROM
        and chosen.end < issued
        and not chosen.spans[-1].tag == "noyear"
    )


def _choose(draft: _Draft, groups: list[Group]) -> tuple[Group, date | None]:
    """The group that is the deadline, and the beginning that another group gave."""
    words = draft.text
    rest = [one for one in groups if not words[: one.spans[0].at].rstrip().removesuffix("den nam").removesuffix("den").rstrip().endswith(_ORIENTATION)]
    if len(rest) < len(groups):
        draft.doubt("Mốc định hướng, tầm nhìn không tính là thời hạn.")
    rest = rest or groups
    start = None
    if len(rest) > 1 and (beginnings := [one for one in rest if one.role in {FROM, AFTER} and not one.is_range]):
        if len(beginnings) < len(rest):
            rest = [one for one in rest if one not in beginnings]
            start = beginnings[0].start
    days = [one for one in rest if one.spans[-1].unit == DAY and one.role in {BEFORE, BY}]
    if len(days) == 1 and len(rest) > 1:
        subjects = [one for one in rest if one is not days[0] and _is_subject(one)]
        rest = [one for one in rest if one not in subjects]
    if len(rest) == 1:
        return rest[0], start
    return _of_several(draft, rest), start


def _is_subject(one: Group) -> bool:
    """«Báo cáo quý II», «Kế hoạch năm 2027»: what the work is about."""
    return one.role == ABOUT and one.spans[-1].unit != DAY


def _of_several(draft: _Draft, groups: list[Group]) -> Group:
    """One deadline of several that were written apart."""
    draft.tag("double")
    ends = {one.end for one in groups}
    latest = max(groups, key=lambda one: one.end)
    if len(ends) == 1:
        return latest
    first = groups[0]
    inner = [one for one in groups[1:] if one.spans[-1].unit == DAY and first.spans[0].unit != DAY]
    if len(groups) == 2 and inner and first.start <= inner[0].end <= first.end:
        draft.doubt("Có cả kỳ và ngày, lấy ngày ở trong kỳ.")
        return inner[0]
    gap = draft.text[first.spans[-1].until : groups[1].spans[0].at]
    if re.search(r"[.(\[]|\bhoac\b", gap):
        draft.anomaly = "conflict"
        draft.doubt("Có hai thời hạn khác nhau, lấy thời hạn ghi trước.")
        return first
    draft.doubt("Có nhiều mốc, lấy mốc muộn nhất.")
    return latest


def _dated_by(
    draft: _Draft, found: Found, chosen: Group, start: date | None, calendar: WorkingCalendar
) -> Reading:
    last = chosen.spans[-1] if chosen.is_range else max(chosen.spans, key=lambda span: span.end)
    for span in chosen.spans:
        draft.doubt(span.doubt)
        draft.tag(span.tag)
    if len(chosen.spans) > 1:
        _judge_parts(draft, chosen)
        start = chosen.start if chosen.is_range else start
    if last.edge and last.edge not in {"cuoi", "nua cuoi"}:
        draft.doubt("Chỉ nêu phần của kỳ, cần xác nhận ngày.")
    if chosen.role == ABOUT and last.unit != DAY:
        draft.doubt("Kỳ đứng sau lời khác, có thể không phải thời hạn.")
    if last.edge == "" and last.unit == YEAR and last.tag == "bare_year" and chosen.role == ABOUT:
        draft.doubt("Chỉ có con số năm.")
    if "nam hoc" in draft.text[max(0, chosen.spans[0].at - 9) : last.until]:
        draft.doubt("Năm học không trùng năm lịch.")
    time = _time_of(found)
    due = last.end
    if _LAST_WORKING_DAY.search(draft.text[: last.at]):
        due = calendar.add_working_days(last.end + timedelta(days=1), -1)
        draft.tag("workdays")
    if time:
        draft.tag("time")
    if chosen.role == BEFORE:
        due = _before(draft, last, due, timed=time is not None)
    _check_weekday(draft, chosen.spans[0] if len(chosen.spans) == 1 else None)
    return _dated(draft, due, _why(chosen, last), time, start)


def _judge_parts(draft: _Draft, chosen: Group) -> None:
    draft.tag("range" if chosen.is_range else "list")
    if chosen.is_range and chosen.end < chosen.start:
        draft.anomaly = "conflict"
        draft.doubt("Ngày cuối của khoảng đứng trước ngày đầu.")
    if chosen.either and len({span.end for span in chosen.spans}) > 1:
        draft.anomaly = "conflict"
        draft.doubt("Ghi hai thời hạn để chọn, lấy thời hạn muộn hơn.")
    if not chosen.is_range and len({span.unit for span in chosen.spans}) > 1:
        draft.tag("double")
        draft.doubt("Có nhiều mốc, lấy mốc muộn nhất.")


def _before(draft: _Draft, last: Span, due: date, *, timed: bool) -> date:
    """«Trước ngày D» is D (D3); «trước tháng M» is the end of the month before; an hour takes nothing off."""
    if last.unit == DAY or last.edge in {"cuoi", "nua cuoi"}:
        if not timed:
            draft.tag("before")
        return due
    draft.tag(f"before_{last.unit}")
    return last.start - timedelta(days=1)


def _check_weekday(draft: _Draft, span: Span | None) -> None:
    """«thứ Hai, ngày 25/8/2026» contradicts itself when that is a Tuesday."""
    if span is None or span.unit != DAY:
        return
    gap = draft.text[max(0, span.at - 24) : span.at]
    if "thu" not in gap and "chu nhat" not in gap:
        return
    found = list(recurring.WEEKDAY.finditer(gap))
    if not found or gap[found[-1].end() :].strip(" ,(:").removesuffix("ngay").strip(" ,(:"):
        return
    names = recurring.weekdays(found[-1][0])
    if names and names[0] != "MO TU WE TH FR SA SU".split()[span.end.weekday()]:
        draft.anomaly = "conflict"
        draft.doubt(f"Ngày này là {_WEEKDAY_NAMES[span.end.weekday()]}, không khớp thứ đã ghi.")


def _why(chosen: Group, last: Span) -> str:
    if chosen.role == BEFORE and last.unit != DAY and last.edge not in {"cuoi", "nua cuoi"}:
        return "Trước kỳ đã nêu, lấy ngày cuối của kỳ liền trước."
    if len(chosen.spans) > 1:
        return "Lấy mốc cuối của khoảng." if chosen.is_range else "Lấy mốc muộn nhất."
    if last.edge and last.edge != "cuoi":
        return "Lấy ngày đầu, giữa hoặc cuối kỳ theo lời văn."
    if last.unit == DAY and last.tag == "noyear" and not last.doubt:
        return "Không ghi năm, lấy theo ngày ban hành."
    if chosen.role == BEFORE:
        return "«Trước ngày» lấy chính ngày đã ghi."
    return _WHY_UNIT[last.unit]


def _time_of(found: Found) -> str | None:
    return found.hours[-1][2] if found.hours else None


def _dated(draft: _Draft, due: date, why: str, time: str | None = None, start: date | None = None) -> Reading:
    """The finished reading of a date, compared with the day of issue."""
    if draft.anomaly is None:
        if due < draft.issued:
            draft.anomaly = "before_issued"
            draft.doubt("Hạn đứng trước ngày ban hành.")
        elif due == draft.issued and "relative" not in draft.tags and not _is_period(why) and "Chỉ ghi giờ" not in draft.says(""):
            draft.anomaly = "on_issued"
            draft.doubt("Hạn trùng ngày ban hành.")
    return Reading(
        "date", due, None, time, start, tuple(draft.tags), not draft.doubts, draft.anomaly, draft.says(why)
    )


def _is_period(why: str) -> bool:
    return why in {_WHY_UNIT[unit] for unit in (MONTH, QUARTER, "half", YEAR)}
