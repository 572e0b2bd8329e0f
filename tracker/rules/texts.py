"""Vietnamese text as people type it: folded for search, ordered by the alphabet, read as a date."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, tzinfo

# The Vietnamese alphabet, with the letters of foreign names in their places.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# No mark, then grave, hook, tilde, acute, dot below: the order of Vietnamese dictionaries.
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_KIND_OF_UNIT = re.compile(r"(xã|phường|đặc khu|tỉnh|thành phố)\s+(?=\S)")

# Pairs of digits in a sort key: the end of a syllable goes before a digit, a digit before a letter.
_END, _FIRST_DIGIT, _FIRST_LETTER = 0, 10, 20
_DIGITS_OF_A_NUMBER = 6
_LONGEST_KEY = 300

_DATE_FORMS = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?:ngay )?(?P<day>\d{1,2})(?P<mark> ?[/. -] ?)(?P<month>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d\d))?",
        r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4}|\d\d)",
        r"(?:ngay )?(?P<day>\d{1,2}) thang (?P<month>\d{1,2})(?:,? nam (?P<year>\d{4}))?",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    )
]
# The nearest 29 February may be eight years away, round a century that has none.
_YEARS_AROUND = 8

YEARS = range(1900, 2101)
"""The years in which a typed day or moment may lie: one can be counted from, forwards and back, in every one."""

_OTHER_YEARS = f"Năm phải từ {YEARS[0]} đến {YEARS[-1]}."


def fold(text: str) -> str:
    """Text without marks and capitals, so that «dong da» finds «Đống Đa»."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in letters if unicodedata.category(each) != "Mn").replace("đ", "d")


def sort_key(name: str) -> str:
    """A key that puts names in Vietnamese order, syllable by syllable: the letters first, then the tone.

    «Xã», «Phường», «Đặc khu», «Tỉnh», «Thành phố» in front do not count; numbers go by value, before letters.
    The key is made of digits alone, so that it sorts alike in Python and in any database and collation; it
    has at most 300 of them, the width of its column.
    """
    plain = unicodedata.normalize("NFC", name).casefold().strip()
    syllables = re.findall(r"\w+", _KIND_OF_UNIT.sub("", plain, count=1))
    return "".join(_syllable_key(syllable) for syllable in syllables)[:_LONGEST_KEY]


def _syllable_key(syllable: str) -> str:
    """Two digits for each letter, two for the end, one for the tone (0 when level)."""
    if syllable.isdecimal():
        syllable = syllable.zfill(_DIGITS_OF_A_NUMBER)
    decomposed = unicodedata.normalize("NFD", syllable)
    tone = max((_TONES.find(mark) + 1 for mark in decomposed), default=0)
    toneless = "".join(mark for mark in decomposed if mark not in _TONES)
    letters = unicodedata.normalize("NFC", toneless)
    return "".join(f"{_place(letter):02}" for letter in letters) + f"{_END:02}{tone}"


def _place(letter: str) -> int:
    """Where a letter or digit stands in the order; whatever is neither stands last."""
    if letter.isdecimal():
        return _FIRST_DIGIT + int(letter)
    found = _ALPHABET.find(letter)
    return _FIRST_LETTER + (found if found >= 0 else len(_ALPHABET))


def read_date(text: str, today: date) -> date:
    """The day somebody typed: 1/6, 01/06/26, 1-6-2026, 01.06.2026, 01062026, 1 tháng 6, 2026-06-01.

    A missing year is the one that brings the day nearest to `today`; of two digits it is in this century.
    Raises ValueError with a Vietnamese sentence to show, for a day outside YEARS too.
    """
    written = " ".join(fold(text).split())
    found = next((match for form in _DATE_FORMS if (match := form.fullmatch(written))), None)
    if found is None:
        raise ValueError("Nhập ngày, ví dụ 25/06/2026.")
    day, month, year = int(found["day"]), int(found["month"]), found["year"]
    days = [on for each in _possible_years(year, today) if (on := _day_or_none(each, month, day))]
    if not days:
        # Only 29 February depends on the year: 31/06 is missing from every calendar.
        shown = f"{day:02}/{month:02}" + (f"/{year}" if year and (day, month) == (29, 2) else "")
        raise ValueError(f"Ngày {shown} không có trong lịch.")
    day_meant = min(days, key=lambda on: abs(on - today))
    if day_meant.year not in YEARS:
        raise ValueError(_OTHER_YEARS)
    return day_meant


def read_moment(text: str, zone: tzinfo) -> datetime:
    """The moment that ISO 8601 says, in the zone; without a zone of its own it is of this one.

    Raises ValueError with a Vietnamese sentence to show, for a moment outside YEARS too.
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"«{text}» không phải thời điểm, ví dụ 2026-06-22T07:30.") from None
    if read.year not in YEARS:
        raise ValueError(_OTHER_YEARS)
    return read.replace(tzinfo=zone) if read.tzinfo is None else read.astimezone(zone)


def _possible_years(year: str | None, today: date) -> list[int]:
    """The years that may be meant by what was written."""
    if year is None:
        return list(range(today.year - _YEARS_AROUND, today.year + _YEARS_AROUND + 1))
    return [int(year) if len(year) == 4 else 2000 + int(year)]


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
