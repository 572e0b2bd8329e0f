"""The measures of Nghị định 30/2020/NĐ-CP, Phụ lục I, and our choices within them; Word and PDF read the same.

Millimetres for what lies on the page, points for letters and gaps.
"""

from __future__ import annotations

from dataclasses import dataclass

FONT = "Times New Roman"
MARGINS = (20, 20, 20, 30)
"""Top, right, bottom, left; the decree allows 20-25, 15-20, 20-25, 30-35."""
HEAD_WIDTHS = (62, 98)
"""The issuer's column and the nation's, which is 96 mm long at 13 points."""
MOTTO_WIDTH = 60.5
"""How long «Độc lập - Tự do - Hạnh phúc» is in bold Times at 14 points; its line is as long."""
FIRST_LINE = 12.7
BODY_GAP = 6
LINE_SPACING = 1.1
SIZES = {"body": 14, "page": 14}
TABLE_SIZE = 12
PORTRAIT, LANDSCAPE = (210, 297), (297, 210)


@dataclass(frozen=True)
class Look:
    """How one paragraph looks: size and gaps in points, the first line's indent in millimetres."""

    size: float = 14
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    align: str = "left"
    first: float = 0
    before: float = 0
    after: float = 0
    line: float = 1.0
    keep: bool = False


_BODY = {"first": FIRST_LINE, "align": "justify", "before": BODY_GAP, "line": LINE_SPACING}
STYLES: dict[str, Look] = {
    "body": Look(14, **_BODY),  # type: ignore[arg-type]
    "part": Look(14, bold=True, align="center", before=12, keep=True),
    "part_title": Look(14, bold=True, capitals=True, align="center", keep=True),
    "section": Look(14, bold=True, capitals=True, keep=True, **_BODY),  # type: ignore[arg-type]
    "article": Look(14, bold=True, keep=True, **_BODY),  # type: ignore[arg-type]
    "item": Look(14, keep=True, **_BODY),  # type: ignore[arg-type]
    "closing": Look(14, keep=True, **_BODY),  # type: ignore[arg-type]
    "note": Look(14, italic=True, **_BODY),  # type: ignore[arg-type]
}
"""Phần and chương centred; mục in bold capitals; khoản bold; điểm upright (Phụ lục I, mục II.5)."""


def text_width(*, landscape: bool) -> float:
    """The width between the margins in millimetres."""
    page = LANDSCAPE if landscape else PORTRAIT
    return page[0] - MARGINS[1] - MARGINS[3]


_NARROW, _WIDE = set("iíìỉĩịIÍÌỈĨỊlfjtr.,;:-' ()"), set("mwMWĐÂĂƠƯOQCGDHKNUVAÁÀẢÃẠ")


def rule_width(text: str, size: float) -> float:
    """About how long a bold line of text is, in millimetres: letters of Times in three widths."""
    ems = sum(0.31 if c in _NARROW else 0.75 if c in _WIDE else 0.68 if c.isupper() else 0.5 for c in text)
    return ems * size * 25.4 / 72
