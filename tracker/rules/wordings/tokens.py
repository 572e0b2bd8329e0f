"""Finds the dates and periods in a plain wording, without yet knowing what they mean for each other.

One pattern with a branch for each way of writing; a branch that only looks like a date (the number and date
of a document, an hour, a share, a term) is there so that nothing in it is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tracker.rules.wordings.spans import DAY, HALF, MONTH, QUARTER, YEAR, Span

NUMBER_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_MONTH_WORDS = NUMBER_WORDS | {"gieng": 1, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_EDGE = (
    r"(?:(?P<{0}e>nua dau|nua cuoi|dau|giua|cuoi|thuong tuan|trung tuan|ha tuan"
    r"|tuan (?:thu )?(?:dau tien|dau|cuoi cung|cuoi|nhat|[1-5]|hai|ba|tu|nam))(?: cua| trong)? )?"
)
_YEAR = r"(?:20\d\d|20 ?\d ?\d)(?!\d)"
_SEP = r" ?[/.\-]{1,2} ?"
_WORD_MONTH = (
    r"(?:muoi mot|muoi hai|muoi|gieng|chap|mot|hai|ba|bon|sau|bay|tam|chin|tu(?= nam|$)|nam(?= nam|$))(?![a-z]| lan)"
)
_WORD_DAY = (
    r"(?:(?:(?:hai|ba) )?muoi(?: (?:mot|hai|ba|bon|tu|lam|nham|sau|bay|tam|chin))?"
    r"|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin)"
)
_ONE_QUARTER = r"(?:i i i|i ii?|ii i|i v|iv|iii|ii|i|vi?|[1l]v|[1il|]{1,3}|0?[1-9])"
_QUARTER = rf"{_ONE_QUARTER}(?![a-z\d|]| lan)"
_JOIN = r" ?(?:,|-|va|&|\+|den|toi|;|hoac) ?(?:het )?"
_NEXT_QUARTER = rf"(?:(?:{_JOIN}| ?/ ?)(?:qu[yi] ?|q)?{_QUARTER})"
_NOT_A_DATE = r"(?![\d:h%]| ?[/.\-] ?\d\d?(?!\d)| (?:ngay|thang|gio|tuan))"
_NEXT_MONTH = rf"(?:{_JOIN}(?:thang ?|t)?(?:0?[1-9]|1[0-2]){_NOT_A_DATE})"
_NEXT_DAY = rf"(?:{_JOIN}(?:ngay )?\d\d?{_NOT_A_DATE})"
_NAMED_YEAR = r"[ ,/.\-]*(?:nam[ ,]*)?"
_DATEISH = r"(?:\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?|\d{1,2} thang \d{1,2}(?:[ /]*nam \d{4}|/\d{4})?)"
_OF_DAY = rf"(?:,? (?:ban hanh |ky )?ngay {_DATEISH})?"
_COUNTED = "nhiem vu|chi tieu|muc tieu|tieu chi|noi dung|don vi|van ban|xa|phuong|thon|ho|so|cap|nguoi|ty|trieu|diem"
_NOT_A_SHARE = rf"(?! ?%| (?:{_COUNTED})\b)"

# Each branch starts at a digit. What only looks like a date stands first.
_AT_A_DIGIT = {
    "cite": (
        r"\d+(?:/\d{4})?/(?!thang|nam|quy|lan|ngay|tuan|t\d|q[\di])[a-z]{2,}[a-z\d]*(?:[-/&][a-z][a-z\d.]*)*"
        rf"{_OF_DAY}|\d+-[a-z]{{2,}}/[a-z][a-z\d./\-]*{_OF_DAY}"
    ),
    "skip": r"24 ?/ ?24h?|24 ?/ ?7(?![\d/])(?= ?(?:$|gio|ngay|va|,))",
    "iso": (
        r"(?P<iy>20\d\d) ?[/.\-] ?(?P<im>\d{1,2}) ?[/.\-] ?(?P<id>\d{1,2})(?!\d)"
        r"(?P<ic>[ t]\d\d:\d\d(?::\d\d)?(?:\.\d+)?)?"
    ),
    "full": (
        rf"(?P<fd>[1-3] 0|\d{{1,2}})(?P<f1>{_SEP})(?P<fm>\d{{1,2}})"
        rf"(?P<f2>{_SEP}(?:nam )?|,? ?nam )(?P<fy>{_YEAR})"
    ),
    "short": r"(?P<sd>\d{1,2}) ?(?P<s1>[/.\-]) ?(?P<sm>\d{1,2}) ?(?P=s1) ?(?P<sy>\d\d)(?!\d| ?[/.\-] ?\d)",
    "broken": r"\d{1,2} ?(?P<b1>[/.\-]) ?\d{1,2} ?(?P=b1) ?(?:\d|\d{3,})(?![\d/.\-])",
    "half": (
        r"(?P<hn>\d\d?) ?(?:thang|t) (?P<he>dau|cuoi)(?:(?: cua)? nam| (?=20))(?:[ ,/\-]*(?P<hy>20\d\d))?"
        r"|(?<!ngay )0?(?P<hn2>[2-9]|1[01]) thang nam (?P<hy2>20\d\d)(?!\d)|^0?(?P<hn3>9) thang$"
    ),
    "long": (
        r"(?P<ld>\d{1,2})[ ,/.\-]*(?:thang ?|thg ?)"
        rf"(?:(?P<lm>\d{{1,2}})(?!\d| lan)|(?P<lmw>{_WORD_MONTH}))(?:{_NAMED_YEAR}(?P<ly>{_YEAR}))?"
    ),
    "eight": r"(?:(?P<ed>[0-3]\d)(?P<em>[01]\d)(?P<ey>20\d\d)|(?P<gy>20\d\d)(?P<gm>[01]\d)(?P<gd>[0-3]\d))(?!\d)",
    "spaced": r"(?P<xd>\d\d?)(?P<xs>,| )(?P<xm>\d\d?)(?P=xs)(?P<xy>20\d\d)(?!\d)",
    "bare_month": (
        rf"(?P<bn>\d{{1,2}}(?: ?[,\-] ?\d{{1,2}})*) ?[/.\-]{{1,2}} ?(?P<by>{_YEAR})"
        r"(?![/.]\d|-\d{1,2}(?![\d/.]))"
    ),
    "day_month": rf"(?P<dd>\d{{1,2}}) ?(?P<ds>[/.\-]) ?(?P<dm>\d{{1,2}})(?![\d:h]| ?[/.] ?\d){_NOT_A_SHARE}",
    "hour": (
        r"(?P<oh>\d{1,2}) ?(?:(?:h|g|gio)(?: ?(?P<om>\d\d)(?!\d|/)(?: ?phut)?)?(?![a-z])|:(?P<oc>\d\d)(?::\d\d)?)"
        r"(?P<op> (?:chieu|toi))?"
    ),
    "this_month": r"(?P<td>\d{1,2})(?= thang nay(?![a-z]))",
    "listed": r"(?<!thu )(?P<nd>\d{1,2}) ?(?:,|-|va|&|;|den) ?(?=(?:den )?(?:het )?(?:ngay )?\d)",
    "year": r"(?P<yy>20\d\d)(?: ?[-/] ?(?P<yr>20\d\d))?(?![\d/]|[.\-]\d)",
}
# Each branch starts at a word; the lookahead lists its first letters.
_AT_A_WORD = {
    "cite_so": rf"so:? (?:\d+(?:/\S*)?,? ngay {_DATEISH}|(?=\d+[/\-][a-z]))",
    "half_word": (
        r"(?:(?P<hw>sau|ba|chin) thang|nua)(?: nam)? (?P<hwe>dau|cuoi)(?: cua)? nam(?:[ ,/\-]*(?P<hwy>20\d\d))?"
    ),
    "week": r"tuan (?:thu )?(?P<kn>\d{1,2})(?:/| ?- ?|,? nam )(?P<ky>20\d\d)(?!\d)",
    "quarter": (
        r"(?:thang (?P<qm>dau|giua|cuoi)(?: tien| cung)?(?: cua)? )?"
        + _EDGE.format("q")
        + r"(?:[qo]u[yi][ .:(]{0,2}(?:thu )?|q\.? ?)"
        + rf"(?P<qn>{_QUARTER}{_NEXT_QUARTER}*|(?:mot|hai|ba|bon)(?![a-z]| lan)"
        + r"|tu(?= nam|/|$)|(?:dau|cuoi)(?: tien| cung)?(?=(?: cua)? nam))(?: cua)?\)?"
        + rf"(?:{_NAMED_YEAR}(?P<qy>{_YEAR}|(?<=/)\d\d)(?![\d/]))?"
    ),
    "month": (
        _EDGE.format("m")
        + rf"(?:thang[ .]?|thg[ .]?|th?\.? ?(?=\d))(?:(?P<mn>\d{{1,2}}{_NEXT_MONTH}*)"
        + r"(?!\d| ?[/.] ?(?:\d\d?(?!\d) ?[/.]|\d{3}(?!\d)|\d{5}))"
        + rf"|(?P<mw>{_WORD_MONTH}))(?:{_NAMED_YEAR}(?P<my>{_YEAR})|[/\-](?P<mz>\d\d)(?![\d/]))?"
    ),
    "long_word": (
        rf"ngay (?P<vd>{_WORD_DAY}) thang (?:(?P<vm>\d\d?)|(?P<vw>{_WORD_MONTH}))"
        rf"(?:{_NAMED_YEAR}(?P<vy>{_YEAR}))?"
    ),
    "bare_day": (
        r"(?:ngay (?:m[uo]ng )?|(?<!chao )m[uo]ng (?=0?\d(?!\d)|10))"
        rf"(?P<rd>\d{{1,2}}(?![\d:h%]| ?[/.\-] ?\d|[ ,/.\-]*thang (?:\d|{_WORD_MONTH})| (?:gio|ngay)){_NEXT_DAY}*)"
    ),
    "year_word": (
        r"(?:(?P<ze>nua dau|nua cuoi|dau|giua|cuoi)(?: cua)? )?nam[ .,]*(?P<zy>20\d\d)"
        r"(?: ?[-/] ?(?P<zr>20\d\d))?(?![\d/]|[.\-]\d)"
    ),
}


def _either(branches: dict[str, str]) -> str:
    return "|".join(f"(?P<{name}>{pattern})" for name, pattern in branches.items())


TOKEN = re.compile(
    rf"(?=\d)(?<![\d/])(?<!\d\.)(?:{_either(_AT_A_DIGIT)})|(?=[qotndgchms])(?<![a-z\d])(?:{_either(_AT_A_WORD)})"
)


@dataclass(slots=True)
class Found:
    """What was found in one wording: spans and hours in order, a cited paper, something like a date that is none."""

    spans: list[Span]
    hours: list[str]
    cited: bool = False
    broken: str = ""


def find(plain: str) -> Found:
    """Every date and period of the plain wording."""
    found = Found([], [])
    for match in TOKEN.finditer(plain):
        name = match.lastgroup or ""
        if maker := _MAKERS.get(name):
            found.spans += maker(match)
        elif name == "hour":
            _add_hour(found, match)
        elif name == "broken":
            found.broken = match[0]
        else:
            found.cited = True
    return found


def _add_hour(found: Found, match: re.Match[str]) -> None:
    hour, minute = int(match["oh"]), int(match["om"] or match["oc"] or 0)
    if match["op"] and hour < 12:
        hour += 12
    if (hour < 24 and minute < 60) or (hour, minute) == (24, 0):
        found.hours.append(f"{hour:02}:{minute:02}")


def _four(year: str | None) -> int | None:
    if not year:
        return None
    digits = year.replace(" ", "")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month_number(written: str) -> int:
    """A month as written; 0, which marks a month that is not written, becomes one that no calendar has."""
    return int(written) or _NO_MONTH


_NO_MONTH = 99


def _iso(m: re.Match[str]) -> list[Span]:
    clock = m["ic"]
    span = Span(DAY, m.start(), m.end(), int(m["iy"]), _month_number(m["im"]), int(m["id"]))
    if clock:
        span.tag = "excel_date"
        if span.day == 1:
            span.unit, span.day = MONTH, 0
            span.doubt = (
                f"Ô kiểu ngày ghi 01/{span.month:02}/{span.year}, có thể do gõ tháng {span.month}/{span.year}."
            )
        elif span.day <= 12:
            span.doubt = "Ô kiểu ngày có thể đã bị đảo ngày và tháng."
    return [span]


def _full(m: re.Match[str]) -> list[Span]:
    day, month, year = int(m["fd"].replace(" ", "")), _month_number(m["fm"]), _four(m["fy"])
    range_of_months = m["f1"].strip() == "-" and "/" in m["f2"] and day < month <= 12
    if not range_of_months or m.string[: m.start()].endswith("ngay "):
        doubt = _SPLIT_NUMBER if " " in m["fd"] + m["fy"] else ""
        return [Span(DAY, m.start(), m.end(), year, month, day, doubt=doubt)]
    first = Span(MONTH, m.start(), m.start("f1"), year, day, tag="bare_month")
    last = Span(MONTH, m.start("fm"), m.end(), year, month, tag="bare_month")
    last.doubt = f"Đọc là từ tháng {day} đến tháng {month}."
    return [first, last]


def _short(m: re.Match[str]) -> list[Span]:
    span = Span(DAY, m.start(), m.end(), 2000 + int(m["sy"]), _month_number(m["sm"]), int(m["sd"]), tag="short_year")
    if m["s1"] == ".":
        span.doubt = "Năm viết hai chữ số, phân cách bằng dấu chấm."
    return [span]


def _long(m: re.Match[str]) -> list[Span]:
    month = int(m["lm"]) if m["lm"] else _MONTH_WORDS[m["lmw"]]
    return [Span(DAY, m.start(), m.end(), _four(m["ly"]), month, int(m["ld"]), tag="longdate")]


def _long_word(m: re.Match[str]) -> list[Span]:
    month = int(m["vm"]) if m["vm"] else _MONTH_WORDS[m["vw"]]
    return [Span(DAY, m.start(), m.end(), _four(m["vy"]), month, words_to_number(m["vd"]), tag="longdate")]


def _spaced(m: re.Match[str]) -> list[Span]:
    doubt = "Ngày viết không có dấu phân cách quen dùng."
    return [Span(DAY, m.start(), m.end(), int(m["xy"]), int(m["xm"]), int(m["xd"]), doubt=doubt)]


def _eight(m: re.Match[str]) -> list[Span]:
    parts = (m["ey"] or m["gy"], m["em"] or m["gm"], m["ed"] or m["gd"])
    year, month, day = (int(part) for part in parts)
    return [Span(DAY, m.start(), m.end(), year, month, day, doubt="Ngày viết liền, không có dấu phân cách.")]


def _half(m: re.Match[str]) -> list[Span]:
    if m["hn"]:
        return _run_of_months(m, int(m["hn"]), m["he"], m["hy"])
    spans = _run_of_months(m, int(m["hn2"] or m["hn3"]), "dau", m["hy2"])
    spans[0].doubt = "" if m["hn2"] else f"Đọc là {m['hn3']} tháng đầu năm."
    return spans


def _half_word(m: re.Match[str]) -> list[Span]:
    return _run_of_months(m, NUMBER_WORDS.get(m["hw"] or "", 6), m["hwe"], m["hwy"])


def _run_of_months(m: re.Match[str], months: int, edge: str, year: str | None) -> list[Span]:
    run = (1, months) if edge == "dau" else (13 - months, 12)
    return [Span(HALF, m.start(), m.end(), _four(year), months=run, tag="half")] if 1 <= months <= 11 else []


def _quarter(m: re.Match[str]) -> list[Span]:
    year, edge, spans = _four(m["qy"]), m["qe"] or "", []
    if m["qm"]:
        return _month_of_quarter(m, year)
    for number in _QUARTER_NUMBER.findall(m["qn"]):
        value, doubt = _quarter_number(number)
        spans.append(Span(QUARTER, m.start(), m.end(), None, value, edge=edge, doubt=doubt))
    spans[-1].year = year
    return spans


def _month_of_quarter(m: re.Match[str], year: int | None) -> list[Span]:
    """«Tháng cuối quý III»: one month."""
    value, doubt = _quarter_number(_QUARTER_NUMBER.findall(m["qn"])[-1])
    month = 3 * value + {"dau": -2, "giua": -1, "cuoi": 0}[m["qm"]]
    return [Span(MONTH, m.start(), m.end(), year, month, doubt=doubt)]


_SPLIT_NUMBER = "Có khoảng trắng giữa các chữ số."
_LUNAR = "Tháng Giêng, tháng Chạp là tháng âm lịch, cần xác nhận."
_QUARTER_NUMBER = re.compile(rf"(?<![a-pr-z\d])(?:{_ONE_QUARTER}|mot|hai|ba|bon|tu|dau|cuoi)(?![a-z\d])")


def _quarter_number(written: str) -> tuple[int, str]:
    """The number of a quarter; an l or | is an I that a scanner misread, 11 is II."""
    if written in _ROMAN:
        return _ROMAN[written], ""
    written = written.replace(" ", "")
    if word := (NUMBER_WORDS | {"dau": 1, "cuoi": 4}).get(written):
        return word, ""
    if written.isdigit() and (len(written) == 1 or written[0] == "0"):
        return int(written), ""
    value = _ROMAN.get(re.sub(r"[1l|]", "i", written), 0)
    return (
        value,
        f"Chữ số quý viết là «{written}», đọc là quý {('I', 'II', 'III', 'IV')[value - 1]}." if value else "",
    )


def _month(m: re.Match[str]) -> list[Span]:
    year, edge = _four(m["my"]), m["me"] or ""
    if m["mw"]:
        doubt = _LUNAR if m["mw"] in {"gieng", "chap"} else ""
        return [Span(MONTH, m.start(), m.end(), year, _MONTH_WORDS[m["mw"]], edge=edge, doubt=doubt)]
    doubt = ""
    if m["mz"]:
        if int(m["mz"]) <= 12:  # «tháng 6-9»: the list has taken it already
            return []
        year, doubt = 2000 + int(m["mz"]), "Năm viết hai chữ số."
    if edge == "dau" and (days := _SO_MANY_DAYS.search(m.string[: m.start()])):
        edge = days[0] + edge
    *earlier, last = (int(number) for number in re.findall(r"\d+", m["mn"]))
    spans = [Span(MONTH, m.start(), m.end(), None, number, edge=edge) for number in earlier]
    return [*spans, Span(MONTH, m.start(), m.end(), year, last, edge=edge, doubt=doubt)]


_SO_MANY_DAYS = re.compile(r"(?<!\d)\d\d? ngay $")


def _bare_month(m: re.Match[str]) -> list[Span]:
    numbers = [int(number) for number in re.findall(r"\d+", m["bn"])]
    doubt = "Không ghi chữ «tháng», đọc là các tháng." if len(numbers) > 1 else ""
    spans = [Span(MONTH, m.start(), m.end(), None, number, doubt=doubt, tag="bare_month") for number in numbers]
    spans[-1].year = _four(m["by"])
    return spans


def _day_month(m: re.Match[str]) -> list[Span]:
    day, month = int(m["dd"]), _month_number(m["dm"])
    before = m.string[: m.start()].rstrip()
    said = before.endswith(_SAYS_A_DAY)
    if m["ds"] == "." and not said and m[0] != m.string.strip(" .;"):
        return []
    if m["ds"] == "-" and not said and before.endswith("thang"):
        return []
    span = Span(DAY, m.start(), m.end(), None, month, day)
    if month > 12 and m["ds"] != "." and 20 <= month <= 40 and day <= 12 and not said:
        span.unit, span.month, span.day, span.year = MONTH, day, 0, 2000 + month
        span.doubt = f"Đọc «{m[0]}» là tháng {day}/{span.year}."
    elif m["ds"] != "/" and not said:
        span.doubt = f"Đọc «{m[0]}» là ngày {day}/{month}."
    return [span]


_SAYS_A_DAY = ("ngay", "truoc", "den", "nhat", "han", "toi", "qua", "het", "thanh", "xong", "hom")


def _bare_day(m: re.Match[str]) -> list[Span]:
    days = [int(day) for day in re.findall(r"\d+", m["rd"])]
    return [Span(DAY, m.start(), m.end(), None, 0, day, tag="bare_day") for day in days]


def _listed(m: re.Match[str]) -> list[Span]:
    return [Span(DAY, m.start(), m.end("nd"), None, 0, int(m["nd"]), tag="listed")]


def _this_month(m: re.Match[str]) -> list[Span]:
    return [Span(DAY, m.start(), m.end(), None, 0, int(m["td"]), tag="bare_day")]


def _week(m: re.Match[str]) -> list[Span]:
    """The Friday of a numbered week (ISO 8601)."""
    doubt = f"Lấy thứ Sáu của tuần {m['kn']} theo lịch."
    try:
        friday = date.fromisocalendar(int(m["ky"]), int(m["kn"]), 5)
    except ValueError:
        return [Span(DAY, m.start(), m.end(), int(m["ky"]), _NO_MONTH, 1)]
    return [Span(DAY, m.start(), m.end(), friday.year, friday.month, friday.day, doubt=doubt)]


def _year(m: re.Match[str]) -> list[Span]:
    edge = _EDGE_OF_YEAR.search(m.string, 0, m.start())
    spans = [Span(YEAR, m.start(), m.end("yy"), int(m["yy"]), edge=edge[1] if edge else "", tag="bare_year")]
    return spans + ([Span(YEAR, m.start("yr"), m.end(), int(m["yr"]))] if m["yr"] else [])


_EDGE_OF_YEAR = re.compile(r"(?<![a-z])(dau|giua|cuoi) $")


def _year_word(m: re.Match[str]) -> list[Span]:
    spans = [Span(YEAR, m.start(), m.end("zy"), int(m["zy"]), edge=m["ze"] or "")]
    return spans + ([Span(YEAR, m.start("zr"), m.end(), int(m["zr"]))] if m["zr"] else [])


def words_to_number(words: str) -> int:
    """«hai mươi lăm» → 25; «mười» → 10; «năm» → 5."""
    if "muoi" not in words:
        return NUMBER_WORDS[words]
    tens, _, ones = words.partition("muoi")
    return 10 * NUMBER_WORDS.get(tens.strip(), 1) + NUMBER_WORDS.get(ones.strip(), 0)


def _nonstop_or_day(m: re.Match[str]) -> list[Span]:
    """«trực 24/7» is no date, «trước 24/7» is one."""
    if m.string[: m.start()].rstrip().endswith(_SAYS_A_DAY) and "7" in m[0]:
        return [Span(DAY, m.start(), m.end(), None, 7, 24)]
    return []


_MAKERS: dict[str, Callable[[re.Match[str]], list[Span]]] = {
    "skip": _nonstop_or_day,
    "iso": _iso,
    "full": _full,
    "short": _short,
    "long": _long,
    "long_word": _long_word,
    "spaced": _spaced,
    "eight": _eight,
    "half": _half,
    "half_word": _half_word,
    "quarter": _quarter,
    "month": _month,
    "bare_month": _bare_month,
    "day_month": _day_month,
    "bare_day": _bare_day,
    "listed": _listed,
    "this_month": _this_month,
    "week": _week,
    "year": _year,
    "year_word": _year_word,
}
