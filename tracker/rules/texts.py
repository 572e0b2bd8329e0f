"""Vietnamese text for machines: folded for search, keyed for the alphabet, read as a date."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_KIND = re.compile(r"^(xã|phường|đặc khu|tỉnh|thành phố)\s+", re.IGNORECASE)


def fold(text: str) -> str:
    """The text without accents and case, for search: «Đường» and «duong» are one word."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return bare.replace("đ", "d").replace("Đ", "d").casefold()


def sort_key(name: str) -> str:
    """A key that sorts names by the Vietnamese alphabet, letters before tones, the unit's kind left out."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", _KIND.sub("", name).casefold()):
        base, tone = _letter(char)
        place = _ALPHABET.find(base)
        letters.append(chr(ord("A") + place) if place >= 0 else base if base < "A" else "~")
        tones.append(str(tone))
    return "".join(letters) + " " + "".join(tones)


def _letter(char: str) -> tuple[str, int]:
    parts = unicodedata.normalize("NFD", char)
    tone = next((_TONES[mark] for mark in parts if mark in _TONES), 0)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)), tone


_WRITTEN = re.compile(
    r"^(?:ngày\s+)?(\d{1,2})\s*(?:[/.\-\s]|\s+tháng\s+)\s*(\d{1,2})(?:\s*(?:[/.\-\s]|\s+năm\s+)\s*(\d{4}|\d{2}))?$",
    re.IGNORECASE,
)
_SOLID = re.compile(r"^(\d{2})(\d{2})(\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
UNREADABLE = "Nhập ngày, ví dụ 25/06/2026."
LONGEST_LOOK_BACK = timedelta(days=183)


def read_date(text: str, today: date) -> date:
    """The date that a person wrote, day before month; without a year the nearest one to `today`.

    Raises ValueError with a sentence for what is no date, or a day that the calendar does not have.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if iso := _ISO.match(text):
        year, month, day = (int(part) for part in iso.groups())
    elif written := _WRITTEN.match(text) or _SOLID.match(text):
        day, month = int(written[1]), int(written[2])
        year = _year(written[3], month, day, today)
    else:
        raise ValueError(UNREADABLE)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"Ngày {day:02}/{month:02} không có trong lịch.") from None


def _year(written: str | None, month: int, day: int, today: date) -> int:
    if written:
        return int(written) if len(written) == 4 else 2000 + int(written)
    try:
        this_year = date(today.year, month, day)
    except ValueError:
        return today.year
    if today - this_year > LONGEST_LOOK_BACK:
        return today.year + 1
    return today.year - 1 if this_year - today > LONGEST_LOOK_BACK else today.year
