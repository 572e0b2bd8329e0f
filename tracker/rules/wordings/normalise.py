"""Makes a wording plain: one space, small letters without marks, digits where a scanner saw letters.

Every rule of this package reads the plain form, so that «Trước ngày», «TRUOC NGAY» and a text whose marks are
typed as separate characters mean the same. Where a mark decides («tháng sáu» or «tháng sau») the marked form
is asked.
"""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 600
"""Characters that are read; a deadline cell that is longer holds prose, and its reading is doubtful."""

_ODD = {
    **dict.fromkeys("–—−‐‑‒―÷→~\u2043\u2192", "-"),
    **dict.fromkeys("⁄∕\\", "/"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    **{chr(0x2160 + n): roman for n, roman in enumerate(("i", "ii", "iii", "iv", "v", "vi"))},
    **{chr(0x2170 + n): roman for n, roman in enumerate(("i", "ii", "iii", "iv", "v", "vi"))},
    "đ": "d",
    "Đ": "d",
    "ð": "d",
    "Ð": "d",
    "…": " ",
}


class _PlainLetters(dict[int, str]):
    """Character → plain letters, worked out when a character is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if unicodedata.combining(letter):
            plain = ""
        elif 0xFF01 <= code <= 0xFF5E:  # the wide forms of ASCII
            plain = chr(code - 0xFEE0).lower()
        else:
            base = unicodedata.normalize("NFD", letter.lower())[0]
            plain = base if base.isascii() and base.isprintable() else " "
        self[code] = plain
        return plain


_PLAIN = _PlainLetters({ord(odd): plain for odd, plain in _ODD.items()})

# A scanner reads 0 as O and 1 as l or I beside digits; 5 as S, 8 as B, 2 as Z only inside a date.
_MIXED = re.compile(
    r"(?<![a-z\d])(?:[oil]{1,2}(?=\d)|\d+(?=[oil])|(?<=/)[oil](?=/)|(?<=/)\d*(?=[szb])|\d(?=[szb]/\d)|[szb](?=\d/\d))"
    r"[\doilszb]*(?![a-z])"
)
_SUSPECT = re.compile(r"[\d/][oilszb]|[oilszb]\d")
_DIGITS = str.maketrans("oilszb", "011528")


def plain(text: str) -> tuple[str, bool]:
    """The wording in plain letters, and whether letters were taken for digits."""
    folded = " ".join(unicodedata.normalize("NFC", text[:_LONGEST]).translate(_PLAIN).split())
    if _SUSPECT.search(folded) and _MIXED.search(folded):
        return _MIXED.sub(lambda found: found[0].translate(_DIGITS), folded), True
    return folded, False


def too_long(text: str) -> bool:
    """Whether the end of the wording is not read."""
    return len(text) > _LONGEST


def marked(text: str) -> str:
    """The wording in small letters with its marks, composed, for the few words that marks tell apart."""
    return " ".join(unicodedata.normalize("NFC", text[:_LONGEST]).lower().split())
