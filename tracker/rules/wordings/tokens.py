"""Finds the dates and periods in a plain wording, without yet knowing what they mean for each other.

`patterns.py` knows how each is written; here each branch becomes the spans that it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tracker.rules.wordings.patterns import ONE_QUARTER, TOKEN
from tracker.rules.wordings.spans import DAY, HALF, MONTH, QUARTER, YEAR, Span

NUMBER_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_MONTH_WORDS = NUMBER_WORDS | {"gieng": 1, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}


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
_QUARTER_NUMBER = re.compile(rf"(?<![a-pr-z\d])(?:{ONE_QUARTER}|mot|hai|ba|bon|tu|dau|cuoi)(?![a-z\d])")


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
