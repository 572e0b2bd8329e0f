"""Duties that come again: «hằng tháng trước ngày 25», «06 tháng/lần (trước 15/6 và 15/12)», «thứ Sáu hằng tuần».

The rule is RRULE text without DTSTART; two rules are separated by a newline. Where no day is named, a month,
quarter or year ends on its last day and a week on Friday.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tracker.rules.wordings.normalise import Wording, word_set
from tracker.rules.wordings.spans import DAY, HALF, MONTH, QUARTER, Span
from tracker.rules.wordings.tokens import NUMBER_WORDS

_UNIT = r"(?:(?:0?[369]|sau|ba|chin) thang|(?:0?1 |mot )?(?:ngay|tuan|thang|qu[yi]|nam)|nua nam)"
_MORE_UNITS = rf"{_UNIT}(?:(?: ?,| va| ?/| ?-| hoac| ?;| ?\+) ?(?:hang |dinh ky |bao cao )?{_UNIT})*"
_NOT_NUMBERED = r"(?![a-z])(?! ?\d(?!\d? ?lan)| [ivl]+(?![a-z])| (?:nay|toi|qua|hoc|dau nam|cuoi nam))"
_PERIOD = r"(?:tuan|thang|qu[yi]|nam)"
_ONCE = r"(?:0?1 |mot )?"
_HOW_OFTEN = (
    # «hằng tháng, quý», «định kỳ 6 tháng», «mỗi năm 2 lần»
    rf"(?<!ngan )(?:(?:hang|moi|tung)[ -]?|dinh ky (?:vao |theo )?(?!ngay)|thuong ky |bao cao (?!ngay)(?={_UNIT}))"
    rf"(?P<units>{_MORE_UNITS}){_NOT_NUMBERED}(?:,? 0?(?P<mult>\d|mot|hai|ba|bon) lan)?",
    # «6 tháng (trước 15/6), năm (trước 15/12)»
    r"(?P<halves>0?6 thang ?\([^()]*\)[,;]? (?:va )?(?:ca )?nam ?\()",
    # «một năm hai lần»
    r"(?:mot|0?1) (?P<per2>qu[yi]|nam) (?P<times2>\d{1,2}|mot|hai|ba|bon) lan",
    # «06 tháng/lần», «hai tuần một lần»
    rf"(?P<n>\d{{1,2}}|mot|hai|ba|sau) (?P<nu>ngay|{_PERIOD}) ?/? ?{_ONCE}lan(?! thu)",
    # «02 lần/năm», «01 ngày/tháng»
    r"(?P<times>\d{1,2}|mot|hai|ba|bon) (?:lan|ky|dot|buoi|cuoc|phien|ngay) ?(?:/|moi|trong|mot|tren)? ?"
    rf"{_ONCE}(?P<per>{_PERIOD}|ngay)(?![a-z])(?! ?\d| dau| cuoi| nay)",
    # «lần/quý», «quý/lần», «thường niên»
    rf"lan ?/ ?(?P<slash>{_PERIOD})",
    rf"(?P<slash2>{_PERIOD}) ?/ ?{_ONCE}lan",
    r"(?P<yearly>thuong nien)",
    # «tháng cuối quý», but not of quarter III
    r"(?P<quarterly>thang (?:cuoi|dau|giua|thu (?:ba|hai|nhat|[123]))(?: cung| tien)?(?: cua)?(?: moi| hang)? "
    r"qu[yi](?! ?\d| [ivl]+(?![a-z])))",
    # «ngày 25 của tháng», «ngày 05 tháng kế tiếp»
    r"(?<=\d )(?P<monthly>(?:cua )?thang (?:bao cao|ke tiep|(?:sau )?lien ke)|cua thang(?: sau)?(?= *(?:$|[.;,)])))",
)
_UNITS_BEFORE = re.compile(rf"(?<!\d )(?<![\w/])(?:{_MORE_UNITS})(?: ?[,/;] ?| va )$")
"""«6 tháng, hằng năm»: what stands before «hằng» is as regular."""
_REACH = 40
EVERY = re.compile("|".join(rf"(?<![\w/])(?:{way})" for way in _HOW_OFTEN))
WEEK_ORDER = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAYS = {
    "hai": "MO", "2": "MO", "ba": "TU", "3": "TU", "tu": "WE", "4": "WE", "nam": "TH", "5": "TH", "sau": "FR",
    "6": "FR", "bay": "SA", "7": "SA",
}  # fmt: skip
WEEKDAY = re.compile(
    r"(?<![a-z])(?<!lan )(?<!hop )(?<!tuan )(?:thu ?|t)"
    r"(?P<day>hai|ba|tu|nam|sau|bay|[2-7])(?![a-z\d/])(?! ?thang| nhat)"
    r"|(?<![a-z])(?P<sunday>chu nhat|cn)(?![a-z])"
)
_MORE_WEEKDAYS = re.compile(
    r"(?:thu ?|t)(?:hai|ba|tu|nam|sau|bay|[2-7])(?: ?(?:,|va|-|;) ?(?P<more>hai|ba|tu|nam|sau|bay|[2-7])(?![a-z\d/]))"
)
_LIST_OF_DAYS = re.compile(r"^(?:[\d\s,;/.\-&+()]|ngay|va|den|toi|het|thang|truoc|ca)*$")
_WEEK_OF = re.compile(r"tuan (?:thu )?(?P<n>dau|cuoi|nhat|hai|ba|tu|[1-5])")
_LAST_WORKING_DAY = re.compile(r"ngay lam viec cuoi")
_LAST_DAY = re.compile(r"ngay cuoi(?: cung)?(?: cua)?(?: moi| hang)? (?:thang|qu[yi]|nam)")
_EDGE = re.compile(
    r"(?<!thang )(?<!tuan )\b(?P<edge>dau|giua|cuoi)(?: cua)?(?: moi| hang)? (?P<unit>tuan|thang|qu[yi]|nam)(?! ?\d)"
)
_NEXT_QUARTER = re.compile(r"qu[yi] (?:sau|ke tiep|tiep theo|lien ke)|sau (?:khi ket thuc )?qu[yi]|ket thuc qu[yi]")
_MONTH_OF_QUARTER = re.compile(r"thang (?P<which>cuoi|dau|giua|thu (?:ba|hai|nhat|[123]))")

WEEK, MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY, DAILY = "week", "month", "quarter", "half_year", "year", "day"
_MONTHS_OF = {1: MONTHLY, 3: QUARTERLY, 6: HALF_YEARLY, 12: YEARLY}
_TIMES_A_YEAR = {1: YEARLY, 2: HALF_YEARLY, 4: QUARTERLY, 12: MONTHLY}
_RANK = (DAILY, WEEK, MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY)
_QUARTERS_LAST, _QUARTERS_MIDDLE, _QUARTERS_FIRST = (3, 6, 9, 12), (2, 5, 8, 11), (1, 4, 7, 10)
_EDGE_DAY = {"dau": 1, "giua": 15, "cuoi": -1}
_EDGE_WEEKDAY = {"dau": "MO", "giua": "WE", "cuoi": "FR"}
_LAST_OF_MONTH = {1: 31, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


@dataclass(slots=True)
class Rhythm:
    """How often: every `interval` units; `doubts` are sentences."""

    unit: str
    interval: int = 1
    doubts: list[str] = field(default_factory=list)


def find_rhythm(wording: Wording) -> Rhythm | None:
    """How often the wording asks for the work, or None."""
    text = wording.text
    if _FOR_RHYTHM.isdisjoint(wording.words) and not any(per in text for per in _PER):
        return None
    found = EVERY.search(text)
    return _rhythm(found) if found else None


_FOR_RHYTHM = word_set("hang moi tung dinh ky cao lan nien cuoi dau giua thu tiep ke cua buoi cuoc phien dot")
_PER = ("/t", "/q", "/n", "/ t", "/ q", "/ n", "nam (")


def _number(written: str) -> int:
    return int(written) if written.isdigit() else NUMBER_WORDS[written]


def _rhythm(found: re.Match[str]) -> Rhythm:
    if found["units"]:
        return _of_units(found)
    if found["n"]:
        return _of_interval(_number(found["n"]), found["nu"])
    if times := found["times"] or found["times2"]:
        return _of_times(_number(times), found["per"] or found["per2"])
    if slash := found["slash"] or found["slash2"]:
        return _of_interval(1, slash)
    if found["halves"]:
        return Rhythm(HALF_YEARLY, doubts=["Không ghi «hằng năm», hiểu là việc định kỳ."])
    if found["yearly"]:
        return Rhythm(YEARLY)
    if found["quarterly"]:
        return Rhythm(QUARTERLY)
    return Rhythm(MONTHLY, doubts=["Không ghi «hằng tháng», hiểu là mỗi tháng một lần."])


def _of_units(found: re.Match[str]) -> Rhythm:
    earlier = _UNITS_BEFORE.search(found.string, max(0, found.start() - _REACH), found.start())
    named = {_unit(one) for one in re.findall(_UNIT, f"{earlier[0] if earlier else ''} {found['units']}")}
    unit = min(named, key=_RANK.index)
    doubts = []
    if found[0].startswith("bao cao") and "hang" not in found[0]:
        doubts.append("Không ghi «hằng», hiểu là việc định kỳ.")
    if len(named) > 1 and named != {HALF_YEARLY, YEARLY}:
        doubts.append("Có nhiều kỳ khác nhau, lấy kỳ ngắn nhất.")
    if found["mult"] and _number(found["mult"]) > 1:
        inner = _of_times(_number(found["mult"]), {MONTHLY: "thang", QUARTERLY: "quy", WEEK: "tuan"}.get(unit, "nam"))
        return Rhythm(inner.unit, inner.interval, doubts + inner.doubts)
    return Rhythm(unit, 1, doubts)


def _unit(words: str) -> str:
    count, _, unit = words.rpartition(" ")
    if unit == "thang" and count:
        return _MONTHS_OF.get(_number(count), MONTHLY)
    if count == "nua":
        return HALF_YEARLY
    return {"ngay": DAILY, "tuan": WEEK, "thang": MONTHLY, "nam": YEARLY}.get(unit, QUARTERLY)


def _of_interval(n: int, unit: str) -> Rhythm:
    """Every n days, weeks, months, quarters or years."""
    if unit == "thang":
        return Rhythm(_MONTHS_OF[n]) if n in _MONTHS_OF else Rhythm(MONTHLY, n)
    if unit in {"quy", "qui"}:
        return Rhythm({1: QUARTERLY, 2: HALF_YEARLY, 4: YEARLY}.get(n, QUARTERLY))
    return Rhythm({"ngay": DAILY, "tuan": WEEK}.get(unit, YEARLY), n)


def _of_times(times: int, per: str) -> Rhythm:
    """So many times in a week, month, quarter or year; a number that divides no year is a guess."""
    a_year = times * {"nam": 1, "quy": 4, "qui": 4, "thang": 12, "tuan": 52, "ngay": 365}[per]
    if a_year in _TIMES_A_YEAR:
        return Rhythm(_TIMES_A_YEAR[a_year])
    if times == 1:
        return Rhythm({"tuan": WEEK, "ngay": DAILY}[per])
    unit = {"nam": YEARLY, "quy": MONTHLY, "qui": MONTHLY, "thang": WEEK}.get(per, WEEK)
    return Rhythm(unit, 1, [f"{times} lần trong một kỳ, chưa rõ vào ngày nào."])


def rules(rhythm: Rhythm, text: str, spans: list[Span]) -> tuple[str, list[str]]:
    """The RRULE text for the rhythm at the days the wording names, and doubts about it."""
    clauses = _clauses(text, spans)
    if len(clauses) < 2:
        return _rule(rhythm, text, spans)
    both = [_rule(*clause) for clause in clauses]
    lines = dict.fromkeys(line for rule, _ in both for line in rule.split("\n"))
    return "\n".join(lines), [doubt for _, doubts in both for doubt in doubts]


def _clauses(text: str, spans: list[Span]) -> list[tuple[Rhythm, str, list[Span]]]:
    """The parts of «hằng tháng trước ngày 20; hằng quý trước ngày 15 tháng cuối quý», each with its own days."""
    if all(span.month for span in spans):  # days with their months need no rhythm of their own
        return []
    ends = [*(found.start() for found in _BETWEEN_CLAUSES.finditer(text)), len(text)]
    clauses: list[tuple[Rhythm, str, list[Span]]] = []
    begin = 0
    for end in ends:
        found = EVERY.search(text, begin, end)
        inside = [span for span in spans if begin <= span.at < end]
        if found and inside:
            clauses.append((_rhythm(found), text[begin:end], inside))
            begin = end
    return clauses if begin == len(text) and len({clause[0].unit for clause in clauses}) > 1 else []


_BETWEEN_CLAUSES = re.compile(r"[;,.)](?! ?\d)| va (?!\d)")


def _rule(rhythm: Rhythm, text: str, spans: list[Span]) -> tuple[str, list[str]]:
    doubts = list(rhythm.doubts)
    if rhythm.interval > 1:
        doubts.append("Chưa rõ kỳ đầu tiên là kỳ nào.")
    if len(spans) > 1 and spans[0].unit == DAY and not _LIST_OF_DAYS.search(text[spans[0].at : spans[-1].until]):
        doubts.append("Nêu nhiều ngày ở các phần khác nhau.")
    dated = [span for span in spans if span.unit == DAY and span.month]
    days = [span.day for span in spans if span.unit == DAY and not span.month]
    if rhythm.unit == DAILY:
        doubts.append("Việc làm hằng ngày, cân nhắc theo dõi như việc thường xuyên.")
        return _with_interval("FREQ=DAILY", rhythm.interval), doubts
    if rhythm.unit == WEEK:
        return _weekly(rhythm, text), doubts
    if dated and rhythm.unit == MONTHLY and not days:
        doubts.append("Việc hằng tháng nhưng nêu ngày và tháng.")
    if dated and not days:
        return _on_dates(dated), doubts
    rule = (
        _monthly(rhythm, text, days, doubts)
        if rhythm.unit == MONTHLY
        else _in_months(rhythm, text, days, spans, doubts)
    )
    return (f"{rule}\n{_on_dates(dated)}" if dated else rule), doubts


def _with_interval(rule: str, interval: int) -> str:
    return f"{rule};INTERVAL={interval}" if interval > 1 else rule


def _weekly(rhythm: Rhythm, text: str) -> str:
    days = weekdays(text)
    if not days:
        edge = _EDGE.search(text)
        days = [_EDGE_WEEKDAY[edge["edge"]] if edge and edge["unit"] == "tuan" else "FR"]
    return f"{_with_interval('FREQ=WEEKLY', rhythm.interval)};BYDAY={','.join(days)}"


def weekdays(text: str) -> list[str]:
    """The days of the week that are named, in order, as RRULE writes them."""
    found = ["SU" if day["sunday"] else _WEEKDAYS[day["day"]] for day in WEEKDAY.finditer(text)]
    found += [_WEEKDAYS[day["more"]] for day in _MORE_WEEKDAYS.finditer(text)]
    return sorted(set(found), key=WEEK_ORDER.index)


def _monthly(rhythm: Rhythm, text: str, days: list[int], doubts: list[str]) -> str:
    start = _with_interval("FREQ=MONTHLY", rhythm.interval)
    if not days and (week := _WEEK_OF.search(text)):
        n = {"dau": 1, "nhat": 1, "cuoi": -1}.get(week["n"]) or _number(week["n"])
        if named := weekdays(text):
            return f"{start};BYDAY={','.join(f'{n}{day}' for day in named)}"
        doubts.append("Chỉ nêu tuần trong tháng, chưa rõ ngày nào.")
        return f"{start};BYMONTHDAY={7 * n if 0 < n < 5 else -1}"
    return f"{start};{_in_month(text, days, 'thang')}"


def _in_month(text: str, days: list[int], unit: str) -> str:
    """Which day of its month: the one named, the last working day, an edge, else the last."""
    if days:
        return f"BYMONTHDAY={','.join(str(day) for day in sorted(set(days)))}"
    if _LAST_WORKING_DAY.search(text):
        return "BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
    edge = None if _LAST_DAY.search(text) else _EDGE.search(text)
    return f"BYMONTHDAY={_EDGE_DAY[edge['edge']] if edge and edge['unit'] == unit else -1}"


def _in_months(rhythm: Rhythm, text: str, days: list[int], spans: list[Span], doubts: list[str]) -> str:
    """A rule for certain months of the year."""
    named = sorted({month for span in spans for month in _months(span)})
    if rhythm.unit == QUARTERLY and not named:
        return _quarterly(text, days, doubts)
    if rhythm.unit == HALF_YEARLY and not named:
        if days:
            doubts.append("Không ghi tháng, hiểu là tháng cuối mỗi kỳ 6 tháng.")
        return _yearly(rhythm, (6, 12), _in_month(text, days, ""))
    if named:
        edge = next((span.edge for span in spans if span.edge in _EDGE_DAY and span.unit == MONTH), "")
        day = f"BYMONTHDAY={_EDGE_DAY[edge]}" if edge and edge != "cuoi" else _end_of(named)
        return _yearly(rhythm, tuple(named), f"BYMONTHDAY={','.join(map(str, days))}" if days else day)
    if days:
        doubts.append("Không ghi tháng, hiểu là tháng 12.")
        return _yearly(rhythm, (12,), _in_month(text, days, ""))
    edge_of_year = _EDGE.search(text)
    if edge_of_year and edge_of_year["unit"] == "nam" and edge_of_year["edge"] != "cuoi":
        doubts.append("Chưa rõ ngày nào.")
        return (
            "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1"
            if edge_of_year["edge"] == "dau"
            else "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30"
        )
    return _yearly(rhythm, (12,), "BYMONTHDAY=31")


def _months(span: Span) -> list[int]:
    """The month in which a yearless period ends."""
    if span.unit == MONTH:
        return [span.month]
    if span.unit == QUARTER:
        return [3 * span.month]
    return [span.months[1]] if span.unit == HALF else []


def _end_of(months: list[int]) -> str:
    lasts = {_LAST_OF_MONTH.get(month, -1) for month in months}
    return f"BYMONTHDAY={lasts.pop() if len(lasts) == 1 else -1}"


def _quarterly(text: str, days: list[int], doubts: list[str]) -> str:
    which = _MONTH_OF_QUARTER.search(text)
    edge = None if which else _EDGE.search(text)
    months = _QUARTERS_LAST
    if (which and which["which"] in {"dau", "thu nhat", "thu 1"}) or (not which and _NEXT_QUARTER.search(text)):
        months = _QUARTERS_FIRST
    elif which and which["which"] in {"giua", "thu hai", "thu 2"}:
        months = _QUARTERS_MIDDLE
    elif edge and edge["unit"] in {"quy", "qui"} and edge["edge"] != "cuoi":
        months = _QUARTERS_FIRST if edge["edge"] == "dau" else _QUARTERS_MIDDLE
    if days and not which and months is _QUARTERS_LAST:
        doubts.append("Không ghi tháng nào trong quý, hiểu là tháng cuối quý.")
    return _yearly(Rhythm(YEARLY), months, _in_month(text, days, "quy"))


def _yearly(rhythm: Rhythm, months: tuple[int, ...], day: str) -> str:
    """A set position counts within the month, so that it needs a monthly rule held to some months."""
    freq = "MONTHLY" if "BYSETPOS" in day else "YEARLY"
    interval = rhythm.interval if rhythm.unit == YEARLY else 1
    return f"{_with_interval(f'FREQ={freq}', interval)};BYMONTH={','.join(map(str, months))};{day}"


def _on_dates(dated: list[Span]) -> str:
    """One rule for dates with a common day or that all end their months, else one for each day."""
    by_day: dict[int, list[int]] = {}
    for span in dated:
        day = -1 if len(dated) > 1 and span.day == _LAST_OF_MONTH.get(span.month) else span.day
        by_day.setdefault(day, []).append(span.month)
    lines = []
    for day, months in by_day.items():
        shown = _LAST_OF_MONTH[months[0]] if day == -1 and len(set(months)) == 1 else day
        lines.append(
            f"FREQ=YEARLY;BYMONTH={','.join(str(month) for month in sorted(set(months)))};BYMONTHDAY={shown}"
        )
    return "\n".join(lines)
