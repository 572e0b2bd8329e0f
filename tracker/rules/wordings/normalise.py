"""Makes a wording plain: one space, small letters without marks, digits where a scanner saw letters.

Every rule of this package reads the plain form, so that «Trước ngày», «TRUOC NGAY» and a text whose marks are
typed as separate characters mean the same. Where a mark decides («tháng sáu» or «tháng sau») the marked form
is asked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

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
    r"(?<![a-z\d])(?:[oil]{1,2}(?=\d)|[il]o(?=[/.\-]\d)|\d+(?=[oil])|(?<=/)[oil](?=/)|(?<=/)\d*(?=[szb])|\d(?=[szb]/\d)|[szb](?=\d/\d))"
    r"[\doilszb]*(?![a-z])"
)
_SUSPECT = re.compile(r"[\d/][oilszb]|[oilszb]\d|[il]o[/.\-]\d")
_DIGITS = str.maketrans("oilszb", "011528")


@dataclass(slots=True)
class Wording:
    """A wording made plain. `text` is what the patterns read, `words` its syllables as a set.

    Asking the set first keeps the reader fast: a pattern is tried only where a syllable it needs is there.
    """

    written: str
    text: str
    words: frozenset[str]
    repaired: bool

    @property
    def marked(self) -> str:
        """The wording in small letters with its marks, composed, for the few words that marks tell apart."""
        return " ".join(unicodedata.normalize("NFC", self.written[:_LONGEST]).lower().split())

    @property
    def is_cut(self) -> bool:
        """Whether the end of the wording is not read."""
        return len(self.written) > _LONGEST


def plain(written: str) -> Wording:
    """The wording in plain letters; digits stand where a scanner saw letters."""
    text = " ".join(unicodedata.normalize("NFC", written[:_LONGEST]).translate(_PLAIN).split())
    repaired = bool(_SUSPECT.search(text) and _MIXED.search(text))
    if repaired:
        text = _MIXED.sub(lambda found: found[0].translate(_DIGITS), text)
    return Wording(written, text, frozenset(_SYLLABLE.findall(text)), repaired)


_SYLLABLE = re.compile("[a-z]+")


def word_set(words: str) -> frozenset[str]:
    """Words written with spaces between them, as a set."""
    return frozenset(words.split())


def any_of(*phrases: str) -> re.Pattern[str]:
    """A pattern that finds any of the phrases where a syllable begins."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(phrases)})")
