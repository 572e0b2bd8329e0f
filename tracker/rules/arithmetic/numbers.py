"""Vietnamese numbers in prose: what is a count, a percent or a fraction, and what only looks like one."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

FILLER = "·"
"""Stands in the place of dates, document numbers and other figures that count nothing."""

_NUMBER = r"\d+(?:[.,]\d+)*"
_NOT_COUNTS = re.compile(
    r"""
    \b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{4}\b  # 09/6/2026
  | \bngày\s+\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?
  | \b(?:ngày|hết|hôm)\s+\d{1,2}\s?[/\-]\s?\d{1,2}(?![\d/])
  | \b(?:ngày|đêm|mùng)\s+\d{1,2}\b
  | \b(?:đến|từ|trước|sau)\s+\d{1,2}/\d{1,2}(?=\s*(?:[,;:.)]|$|đến\b|đã\b|đạt\b))
  | \b(?:tháng|quý|tuần)\s+\d{1,2}(?:\s?[-–,]\s?\d{1,2})*(?:\s?/\s?\d{4})?(?![\d/])
  | \b(?:năm|cùng\ kỳ|so\ với|đầu|cuối|vụ)\s+(?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)?\d\d)?(?![\d.,]*\d)
  | \b(?:0?[1-9]|1[0-2])/20[0-4]\d\b(?!\s(?:hồ\ sơ|nhiệm\ vụ|văn\ bản|hộ|người)\b)  # 7/2025
  | \b(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d\b
  | \b(?:nghị\ định|thông\ tư|luật|chỉ\ thị|kết\ luận|nq|nđ)\s+(?:số\s+)?\d+\b
  | \b(?:nghị\ quyết|quyết\ định|kế\ hoạch|công\ văn|chương\ trình|thông\ báo)
      \s+(?:số\s+\d+|\d+(?=\s*(?:của|về)\b))\b(?!\s?[/-])
  | \bsố\s+\d+\s+(?=ngày)  # số 213 ngày …
  | (?-i:\b\d+\s?/\s?(?:\d{4}\s?/\s?)?[A-ZĐ][\w]*(?:\s?-\s?[A-ZĐ][\w&.]*)*(?:/[A-ZĐ]\w*)*)  # 440/QĐ-UBND
  | (?-i:\b\d+\s?-\s?[A-ZĐ]{2,}\w*(?:/[\w\-]+)?)  # 57-NQ/TW
  | \b(?:đề\ án|điều|khoản|phụ\ lục|(?<!danh\ )mục|mẫu\ số|biểu\ số|mức(?:\ độ)?|cấp\ độ|lớp|thứ|khóa|khoá
        |hạng|đợt|lần|bảng|hình|thôn|xóm|ấp|(?<!văn\ )bản|khu|khu\ phố|tổ|tổ\ dân\ phố|quận|phường|nhóm
        |phiên\ bản|phòng\ họp\ số|quốc\ lộ|tiêu\ chí\ số)
      \s+\d+(?:\s?,\s?\d+(?!\s?%))*(?:/CP)?\b(?!\s?[%/])(?![.,]\d)
  | \b\d+(?:\s?[-–]\s?\d+)?\s?(?:ngày|tháng|tuổi|giờ|phút|tuần|năm|cấp)\b  # durations, ages
  | \b(?:xếp|hạng|thứ|vị\ trí)\s+\d+\s?/\s?\d+
  | \b(?:t[ỷỉ]\ lệ|chi\ tiết|bản\ đồ)\s+1/\d[\d.]*  # ranks, scales
  | \b24\s?/\s?(?:7\b|24(?=\s?(?:giờ|h)\b))
  | \d[\d.,]{24,}  # no count is so long
  | \b\d+(?:h|g)\d*\b | \b\d+G(?:/\d+G)?\b | \b4\.0\b
  | (?<=[^\W\d_])\d[\w.\-]*(?<![.\-])(?!\s?%)(?![\d,])  # BML10, H24.111-26
  | ^[^\S\n]{0,99}[ \t>#*_]{0,99}(?:[-+•–][ \t]{0,9})?(?:\d+\.)*\d+[.)](?=\s)(?!\s\d{3}\s?/)  # numbers of headings
  | (?-i:^[ \t>#*_]{0,99}\d{1,2}(?:\.\d{1,2}){1,3}(?=\s+[A-ZĐÂÁẤÔỐỔƠƯỨỦÊÝ]))  # 1.1 Rà soát …
  | \(\d{1,2}\)(?=\s)  # (1) …
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_TOKENS = re.compile(
    rf"(?P<percent>(?<![\d.,])\d+(?:[.,]\d+)?(?=\s?(?:%|phần trăm))|(?<![\d.,])\d{{1,2}},\s\d{{1,2}}(?=\s?%))"
    rf"|(?P<unsigned>(?<=t[ỷỉ]\slệ\s)\d{{1,3}}[,.]\d{{1,2}}(?=\s*(?:[.;)\n]|$)))"
    rf"|(?P<count>(?<![\d.,]){_NUMBER}(?:\.\s\d{{3}}(?![\d.,]))?)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:hơn|trên|gần|khoảng|xấp xỉ|ước(?: đạt| tính)?|dưới|ít nhất|tối thiểu|không quá)\s+$|<\s?$", re.I
)
_UNIT = re.compile(r"\s*((?:tỷ|tỉ|triệu|nghìn|ngàn)(?:\s+đồng)?|[^\W\d_]+(?:\s+[^\W\d_]+)?)", re.IGNORECASE)
_MEASURED = re.compile(r"\s*(?:tỷ|tỉ|triệu|nghìn|ha|km|m|m2|m²|tấn|tạ|kg|mw|gb)\b", re.IGNORECASE)
_NO_UNIT = re.compile(
    r"(?:đạt|chiếm|trong|được|đã|trên|đúng|trước|quá|bằng|và|còn|chưa|có|về|do|hoàn|với|so|là|trả|tại|từ|đến|trễ"
    r"|giải|toàn|một|trực|không|tương|ở|của|cho|khác|số|đang)$"
)


@dataclass(frozen=True)
class Number:
    """A number in the text: its readings (the likeliest first), how finely it is printed, and its unit."""

    start: int
    end: int
    readings: tuple[Decimal, ...]
    unit: str = ""
    about: str = field(default="", compare=False)
    """«hơn», «khoảng» …: the number is not exact."""

    @property
    def value(self) -> Decimal:
        return self.readings[0]

    @property
    def decimals(self) -> int:
        return decimals_of(self.value)


@dataclass(frozen=True)
class Percent(Number):
    """A number with a percent sign; `signed` is False where only «tỷ lệ» shows what it is."""

    signed: bool = True


@dataclass(frozen=True)
class FractionStated:
    """«a/b», the units between left out."""

    part: Number
    base: Number

    @property
    def start(self) -> int:
        return self.part.start

    @property
    def end(self) -> int:
        return self.base.end


_Placed = TypeVar("_Placed", Number, Percent, FractionStated)


@dataclass(frozen=True)
class Reading:
    """A text made ready: `plain` is as long as it, in lower case, with all that counts nothing filled out."""

    text: str
    plain: str
    counts: tuple[Number, ...]
    percents: tuple[Percent, ...]
    fractions: tuple[FractionStated, ...]
    in_fractions: frozenset[int]
    """Where the counts begin that are half of a fraction."""


def composed(text: str) -> tuple[str, list[int]]:
    """The text in NFC, and for each of its characters the place in the text as given."""
    if unicodedata.is_normalized("NFC", text):
        return text, list(range(len(text) + 1))
    letters, places, start = [], [], 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]):
            letter = unicodedata.normalize("NFC", text[start:end])
            letters.append(letter)
            places += [start] * len(letter)
            start = end
    return "".join(letters), [*places, len(text)]


def read(text: str) -> Reading:
    """Find the numbers of a text that is in NFC."""
    plain = "".join(low if len(low := c.lower()) == 1 else c for c in _without_lookalikes(text))
    counts: list[Number] = []
    percents: list[Percent] = []
    for match in _TOKENS.finditer(plain):
        if match["count"]:
            counts.append(_count(plain, match))
        else:
            percents.append(_percent(plain, match))
    fractions = tuple(_fractions(plain, counts))
    halves = frozenset(half.start for fraction in fractions for half in (fraction.part, fraction.base))
    return Reading(text, plain, tuple(counts), tuple(percents), fractions, halves)


def _without_lookalikes(text: str) -> str:
    return _NOT_COUNTS.sub(lambda match: re.sub(r"[\d–-]", FILLER, match[0]), text)


def _count(plain: str, match: re.Match[str]) -> Number:
    written, after = match["count"], plain[match.end() : match.end() + 40]
    before = plain[max(0, match.start() - 20) : match.start()]
    about = found[0].strip() if (found := _ABOUT.search(before)) else ""
    readings = _readings(written, measured=bool(_MEASURED.match(after)))
    return Number(match.start(), match.end(), readings, _unit(after), about)


def _percent(plain: str, match: re.Match[str]) -> Percent:
    written = match["percent"] or match["unsigned"]
    before = plain[max(0, match.start() - 20) : match.start()]
    about = found[0].strip() if (found := _ABOUT.search(before)) else ""
    whole = Decimal(re.sub(r",\s?", ".", written))
    readings = (whole, Decimal(written.split()[-1])) if " " in written else (whole,)
    end = match.end()
    if match["percent"]:
        end += len(re.match(r"\s?(?:%|phần trăm)", plain[end:])[0])  # type: ignore[index]
    return Percent(match.start(), end, readings, about=about, signed=bool(match["percent"]))


def _readings(written: str, *, measured: bool) -> tuple[Decimal, ...]:
    """8.682 is eight thousand, 7.34 is seven and a bit; 8,682 may be either, and 5.785 ha too."""
    spaced = re.fullmatch(r"(.*)\.\s(\d{3})", written)
    if spaced:
        return Decimal((spaced[1] + spaced[2]).replace(".", "").replace(",", "")), Decimal(spaced[2])
    solid = re.sub(r"[.,]", "", written)
    if written.isdigit():
        return (Decimal(written),)
    if "." in written and "," in written:
        mark = max(written.rfind("."), written.rfind(","))
        whole = re.sub(r"[.,]", "", written[:mark])
        return (Decimal(f"{whole}.{written[mark + 1 :]}"),)
    mark_used = "." if "." in written else ","
    head, *groups = written.split(mark_used)
    thousands = len(head) <= 3 and head.lstrip("0") and all(len(group) == 3 for group in groups)
    if thousands and len(groups) == 1 and (measured or mark_used == ","):
        return Decimal(solid), Decimal(f"{head}.{groups[0]}")
    if thousands:
        return (Decimal(solid),)
    if len(groups) == 1:
        return (Decimal(f"{head}.{groups[0]}"),)
    return Decimal(solid), Decimal(groups[-1])


def _unit(after: str) -> str:
    found = _UNIT.match(after)
    if not found:
        return ""
    words = ["đồng" if word == "đ" else word for word in found[1].split()]
    if _NO_UNIT.match(words[0]):
        return ""
    return " ".join(word for word in words if not _NO_UNIT.match(word))


def _fractions(plain: str, counts: list[Number]) -> list[FractionStated]:
    """Two counts with nothing but a slash between, or a slash after the unit («59 tỷ đồng/80 tỷ đồng»)."""
    found: list[FractionStated] = []
    for part, base in pairwise(counts):
        between = plain[part.end : base.start]
        taken = found and found[-1].base is part
        if not taken and re.fullmatch(r"\s?(?:[^\W\d_]+\s?){0,5}/\s?(?:tổng(?: số)?\s)?", between):
            found.append(FractionStated(part, base))
    return found


def within(numbers: Sequence[_Placed], start: int, end: int) -> Sequence[_Placed]:
    """Those that begin in a stretch of the text."""
    first = bisect_left(numbers, start, key=lambda number: number.start)
    return numbers[first : bisect_left(numbers, end, key=lambda number: number.start)]


def same_unit(one: Number, other: Number) -> bool:
    """Whether both may count the same things; a missing unit agrees with every other."""
    if not one.unit or not other.unit:
        return True
    first, second = one.unit.split()[0], other.unit.split()[0]
    return first == second or any(all(kind.match(n.unit) for n in (one, other)) for kind in (_PEOPLE, _MONEY))


_MONEY = re.compile(r"(?:tỷ|tỉ|triệu|nghìn|ngàn|đồng)\b")
_PEOPLE = re.compile(
    r"(?:người|đồng chí|đảng viên|cán bộ|công chức|viên chức|hội viên|đoàn viên|cử tri|đại biểu|nhân khẩu|lao động"
    r"|học sinh|trẻ|em|thành viên|công dân|dân)\b"
)


def scale(unit: str) -> int:
    """How many single units one of a unit is: a «triệu đồng» is a million."""
    return _SCALES.get(unit.partition(" ")[0], 1)


_SCALES = {"tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "nghìn": 10**3, "ngàn": 10**3}


def decimals_of(value: Decimal) -> int:
    """How many digits are printed after the decimal mark."""
    return max(0, -int(value.as_tuple().exponent))


def percent_of(part: Decimal, base: Decimal) -> Fraction:
    """The exact percent; the base is not zero."""
    return Fraction(part) * 100 / Fraction(base)


def rounded(exact: Fraction, decimals: int) -> Decimal:
    """Half-up at the printed number of decimals, computed without a binary step."""
    return _at(exact, decimals, ROUND_HALF_UP)


def cut_off(exact: Fraction, decimals: int) -> Decimal:
    """The digits as they stand, the rest dropped."""
    return _at(exact, decimals, ROUND_DOWN)


def _at(exact: Fraction, decimals: int, rounding: str) -> Decimal:
    scaled = exact * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    up = rounding == ROUND_HALF_UP and rest * 2 >= scaled.denominator
    return Decimal(whole + int(up)).scaleb(-decimals)


def printed(value: Decimal) -> str:
    """A number as reports print it: 8.682 · 99,44."""
    whole, _, rest = f"{value:f}".partition(".")
    return f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else "")
