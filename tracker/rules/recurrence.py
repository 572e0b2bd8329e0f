"""Occurrences of recurring duties, from RRULE text that this house checks first (RFC 5545, dateutil).

The n-th occurrence is counted from the anchor, never from the one before, so that a duty of the 31st comes on
28 February and on 31 March, not on 28 March: where a month lacks the day, its last day stands for it
(BLDS Đ.148 k.3). A rule that could be searched for ever without a day is refused, and every series has an end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rruleset, rrulestr

from tracker.errors import Invalid

MAX_OCCURRENCES = 1000
MAX_YEARS = 30
AHEAD_DAYS = 31
"""How many calendar days before its due date an occurrence is given, so that a month's work has its month."""
_LONGEST_RULE = 300
_UNITS = {"DAILY": "ngày", "WEEKLY": "tuần", "MONTHLY": "tháng", "YEARLY": "năm"}
_WITHIN_A_WEEK = frozenset(("FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL"))
_WITHIN_A_YEAR = _WITHIN_A_WEEK | {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}
_PARTS = {"DAILY": _WITHIN_A_WEEK, "WEEKLY": _WITHIN_A_WEEK, "MONTHLY": _WITHIN_A_YEAR, "YEARLY": _WITHIN_A_YEAR}
_WEEKDAYS = {
    "MO": "thứ Hai", "TU": "thứ Ba", "WE": "thứ Tư", "TH": "thứ Năm", "FR": "thứ Sáu", "SA": "thứ Bảy",
    "SU": "Chủ nhật",
}  # fmt: skip
_WORKING_WEEK = "MO,TU,WE,TH,FR"
_WEEKDAY = r"(?:MO|TU|WE|TH|FR|SA|SU)"
_PLAIN_WEEKDAYS = re.compile(rf"{_WEEKDAY}(?:,{_WEEKDAY})*")
_WEEKDAYS_OF_MONTH = re.compile(rf"(?:[+-]?[1-4]|-1)?{_WEEKDAY}(?:,(?:[+-]?[1-4]|-1)?{_WEEKDAY})*")
_NUMBERS = re.compile(r"-?\d{1,3}(?:,-?\d{1,3})*")
_SHORTEST_MONTH = 28
_ALLOWED = {
    "INTERVAL": range(1, 100),
    "COUNT": range(1, MAX_OCCURRENCES + 1),
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": [*range(-_SHORTEST_MONTH, 0), *range(1, 32)],
    "BYSETPOS": [*range(-4, 0), *range(1, 5)],  # every weekday comes four times in any month
}
_SINGLE = ("INTERVAL", "COUNT", "BYSETPOS")


def check_rule(text: str) -> None:
    """Raise Invalid with a sentence unless every line is a rule that this house understands and can bound."""
    if complaint := _complaint(text):
        raise Invalid({"recurrence": complaint}, "Quy tắc lặp lại chưa đúng.")


def _complaint(text: str) -> str:
    if not text.strip():
        return "Chưa có quy tắc lặp lại."
    if len(text) > _LONGEST_RULE:
        return f"Quy tắc dài quá {_LONGEST_RULE} ký tự."
    return next((wrong for line in text.splitlines() if (wrong := _complaint_of_line(line))), "")


def _complaint_of_line(line: str) -> str:
    pairs = [part.partition("=")[::2] for part in line.split(";")]
    parts = dict(pairs)
    if len(parts) < len(pairs):
        return "Một phần của quy tắc được ghi hai lần."
    allowed = _PARTS.get(parts.get("FREQ", ""))
    if allowed is None:
        return "Chỉ lặp theo ngày, tuần, tháng hoặc năm (FREQ)."
    if unknown := [name for name in parts if name not in allowed]:
        return f"Không dùng được phần «{unknown[0]}» trong quy tắc này."
    if "COUNT" in parts and "UNTIL" in parts:
        return "Chỉ ghi số lần (COUNT) hoặc ngày kết thúc (UNTIL), không ghi cả hai."
    if "BYDAY" in parts and "BYMONTHDAY" in parts:
        return "Chỉ ghi thứ trong tuần (BYDAY) hoặc ngày trong tháng (BYMONTHDAY), không ghi cả hai."
    if "BYSETPOS" in parts and not _PLAIN_WEEKDAYS.fullmatch(parts.get("BYDAY", "")):
        return "Vị trí (BYSETPOS) chỉ dùng cùng các thứ trong tuần (BYDAY)."
    return next((wrong for name, value in pairs if (wrong := _complaint_of_value(parts["FREQ"], name, value))), "")


def _complaint_of_value(freq: str, name: str, value: str) -> str:
    if name == "UNTIL":
        return "" if _day_of(value) else "Ngày kết thúc (UNTIL) viết dạng 20261231."
    if name == "BYDAY":
        form = _WEEKDAYS_OF_MONTH if "BYMONTH" in _PARTS[freq] else _PLAIN_WEEKDAYS
        return "" if form.fullmatch(value) else "Thứ trong tuần (BYDAY) chưa đúng."
    if name not in _ALLOWED:
        return ""
    numbers = [int(number) for number in value.split(",")] if _NUMBERS.fullmatch(value) else []
    if not numbers or (name in _SINGLE and len(numbers) > 1) or any(n not in _ALLOWED[name] for n in numbers):
        return f"Giá trị của {name} chưa đúng."
    return ""


def _day_of(until: str) -> date | None:
    try:
        return date.fromisoformat(until) if len(until) == len("20261231") and until.isdigit() else None
    except ValueError:
        return None


def occurrences(text: str, anchor: date, until: date, *, after: date | None = None) -> list[date]:
    """The due dates of a rule from `anchor` up to and with `until`, those after `after` only, in order.

    At most MAX_OCCURRENCES within MAX_YEARS of the anchor. Raises Invalid for a rule that is not allowed.
    """
    first = max(anchor, after + timedelta(days=1)) if after else anchor
    last = min(until, anchor + relativedelta(years=MAX_YEARS))
    days: list[date] = []
    for day in _from(text, anchor):
        if day > last or len(days) == MAX_OCCURRENCES:
            break
        if day >= first:
            days.append(day)
    return days


def nth(text: str, anchor: date, n: int) -> date | None:
    """The n-th occurrence, the first being 1; None when the rule ends before. Raises Invalid for a wrong rule."""
    if not 1 <= n <= MAX_OCCURRENCES:
        return None
    return next(islice(_from(text, anchor), n - 1, None), None)


def next_after(text: str, anchor: date, day: date) -> date | None:
    """The first occurrence later than `day`; None when the rule has ended."""
    found = occurrences(text, anchor, anchor + relativedelta(years=MAX_YEARS), after=day)
    return found[0] if found else None


def _from(text: str, anchor: date) -> Iterator[date]:
    check_rule(text)
    return (moment.date() for moment in _series(text, anchor))


@lru_cache(maxsize=256)
def _series(text: str, anchor: date) -> rruleset:
    """All lines as one series of days, each once."""
    series = rruleset()
    for line in text.splitlines():
        for rule in _clamped(line, anchor):
            series.rrule(rrulestr(_bounded(rule, anchor), dtstart=datetime.combine(anchor, time())))  # type: ignore[arg-type]
    return series


def _bounded(line: str, anchor: date) -> str:
    """The line with an end, at most MAX_YEARS from the anchor."""
    parts = _parts(line)
    if "COUNT" in parts:
        return line
    end = anchor + relativedelta(years=MAX_YEARS)
    own = _day_of(parts.get("UNTIL", ""))
    return _line(parts | {"UNTIL": f"{min(own or end, end):%Y%m%d}"})


def _clamped(line: str, anchor: date) -> list[str]:
    """The line as rules in which the last day of a shorter month stands for its 29th, 30th and 31st.

    «The 31st» becomes «the last of 28, 29, 30, 31». Such a set has one position, so each day is a rule of its
    own; a number of repetitions (COUNT) belongs to the line as a whole, which then is left as it is.
    """
    parts = _parts(line)
    if parts["FREQ"] not in {"MONTHLY", "YEARLY"} or "BYDAY" in parts:
        return [line]
    if parts["FREQ"] == "YEARLY":
        parts.setdefault("BYMONTH", str(anchor.month))
    days = parts.setdefault("BYMONTHDAY", str(anchor.day)).split(",")
    if len(days) > 1 and "COUNT" in parts:
        return [line]
    return [_line(_one_day(parts, int(day))) for day in days]


def _one_day(parts: dict[str, str], day: int) -> dict[str, str]:
    if day <= _SHORTEST_MONTH:
        return parts | {"BYMONTHDAY": str(day)}
    if parts["FREQ"] == "YEARLY" and "INTERVAL" not in parts:
        parts = parts | {"FREQ": "MONTHLY"}  # a position counts within the month, and these months only
    elif parts["FREQ"] == "YEARLY":
        return parts | {"BYMONTHDAY": "-1" if parts["BYMONTH"] == "2" else str(day)}
    return parts | {"BYMONTHDAY": ",".join(map(str, range(_SHORTEST_MONTH, day + 1))), "BYSETPOS": "-1"}


def _parts(line: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition("=") for part in line.split(";"))}


def _line(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


@dataclass(frozen=True)
class Preset:
    """A rhythm to choose from, with the words of the form."""

    code: str
    name: str
    rule: str


# NĐ 09/2019/NĐ-CP Đ.12: figures run from the 15th of the month before to the 14th of the last month of the period
# (the periods themselves are in rules/periods.py).
PRESETS = (
    Preset("month", "Báo cáo tháng, số liệu từ ngày 15 tháng trước đến ngày 14", "FREQ=MONTHLY;BYMONTHDAY=14"),
    Preset(
        "quarter", "Báo cáo quý, số liệu đến ngày 14 tháng cuối quý", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=14"
    ),
    Preset("half_year", "Báo cáo 6 tháng, số liệu đến ngày 14/6 và 14/12", "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=14"),
    Preset("year", "Báo cáo năm, số liệu đến ngày 14/12", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=14"),
)


def rule_in_words(text: str) -> str:
    """A rule as a Vietnamese phrase: «ngày 25 hằng tháng», «thứ Sáu hằng tuần». Raises Invalid for a wrong rule."""
    check_rule(text)
    return "; ".join(_line_in_words(_parts(line)) for line in text.splitlines())


_QUARTERLY = {"3,6,9,12": "của tháng cuối quý", "2,5,8,11": "của tháng giữa quý", "1,4,7,10": "của tháng đầu quý"}


def _line_in_words(parts: dict[str, str]) -> str:
    months, days = parts.get("BYMONTH", ""), _days_in_words(parts)
    if months == "3,6,9,12" and days in {"ngày cuối cùng", "ngày làm việc cuối cùng"}:
        when = f"{days} của quý"
    else:
        when = " ".join(word for word in (days, _months_in_words(months)) if word)
    phrase = f"{when}, {_every(parts)}" if months or "INTERVAL" in parts else f"{when} {_every(parts)}".strip()
    if "COUNT" in parts:
        phrase += f", {parts['COUNT']} lần"
    if until := _day_of(parts.get("UNTIL", "")):
        phrase += f", đến ngày {until:%d/%m/%Y}"
    return phrase.removeprefix(", ")


def _every(parts: dict[str, str]) -> str:
    if (interval := int(parts.get("INTERVAL", "1"))) > 1:
        return f"{interval} {_UNITS[parts['FREQ']]} một lần"
    if parts.get("BYMONTH") in _QUARTERLY:
        return "hằng quý"
    return "hằng năm" if "BYMONTH" in parts else f"hằng {_UNITS[parts['FREQ']]}"


def _days_in_words(parts: dict[str, str]) -> str:
    days, position = parts.get("BYDAY", ""), parts.get("BYSETPOS")
    if position:
        which = "ngày làm việc" if days == _WORKING_WEEK else _and(_WEEKDAYS[day] for day in days.split(","))
        return f"{which} {_position(position)}"
    if days:
        return _and(_weekday_in_words(day) for day in days.split(","))
    return "ngày " + _and(map(_day_in_words, parts["BYMONTHDAY"].split(","))) if "BYMONTHDAY" in parts else ""


def _day_in_words(day: str) -> str:
    return day if int(day) > 0 else _position(day)


def _weekday_in_words(day: str) -> str:
    name, position = _WEEKDAYS[day[-2:]], day[:-2].lstrip("+")
    return f"{name} {_position(position)}" if position else name


def _position(position: str) -> str:
    number = int(position)
    if number > 0:
        return f"thứ {number}"
    return "cuối cùng" if number == -1 else f"thứ {-number} từ cuối lên"


def _months_in_words(months: str) -> str:
    if not months:
        return ""
    return _QUARTERLY.get(months) or "tháng " + _and(months.split(","))


def _and(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} và {last}" if first else last
