"""An official paper before it is a file: who writes, what about, the body, the tables, who signs.

    facts ──► compose (commune, province, urging) ──► Paper ──► docx · pdf · xlsx

The numbers in it are values, not texts: Word and PDF write them the Vietnamese way, Excel keeps them as numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.rules.letterheads import Letterhead
from tracker.rules.rates import Rate
from tracker.rules.sentences import BLANK, count, paper_date, percent

Cell = str | int | date | Rate | None
"""What stands in a table; None is nothing at all."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its share of the width in millimetres of A4, and where its text stands."""

    head: str
    width: int
    align: str = "left"


@dataclass(frozen=True)
class Row:
    """One line of a table; a `group` has one cell after its number, a `total` is bold."""

    cells: tuple[Cell, ...]
    kind: str = "row"


@dataclass(frozen=True)
class Table:
    """A table with lines; its head is repeated on each page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Paragraph:
    """Words of the body; `style` is body, part, section, article, item or note, as the decree sets each."""

    text: str
    style: str = "body"


Block = Paragraph | Table


@dataclass(frozen=True)
class Annex:
    """An appendix (Phụ lục): `number` is empty when there is only one."""

    number: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False

    @property
    def is_short(self) -> bool:
        """Whether it is words alone, such as «Không có.»."""
        return all(isinstance(block, Paragraph) for block in self.blocks)

    @property
    def heading(self) -> str:
        """«Phụ lục II», or «Phụ lục» when it is the only one."""
        return f"Phụ lục {self.number}".strip()


def sheets(annexes: Sequence[Annex]) -> list[list[Annex]]:
    """The appendices by the pages that they begin: those of a few words share one."""
    found: list[list[Annex]] = []
    for annex in annexes:
        if found and annex.is_short and found[-1][-1].is_short:
            found[-1].append(annex)
        else:
            found.append([annex])
    return found


@dataclass(frozen=True)
class Paper:
    """The whole paper. A letter (công văn) has no `kind`; its `about` stands under the symbol as «V/v …»."""

    letterhead: Letterhead
    symbol: str
    about: str
    body: tuple[Block, ...]
    signature: tuple[str, ...]
    recipients: tuple[str, ...]
    year: int
    kind: str = ""
    dated: date | None = None
    number: str = ""
    addressees: tuple[str, ...] = ()
    signer: str = ""
    annexes: tuple[Annex, ...] = field(default=())

    @property
    def numbered(self) -> str:
        """«Số: 05/BC-UBND», the number blank until the clerk gives it."""
        return f"Số:{f' {self.number}' if self.number else BLANK}/{self.symbol}"

    @property
    def place_and_date(self) -> str:
        """«An Bình, ngày 05 tháng 01 năm 2026»."""
        return f"{self.letterhead.place}, {paper_date(self.dated, self.year)}"

    @property
    def attached_to(self) -> str:
        """The line under the title of an appendix."""
        name = self.kind.capitalize() if self.kind else "Công văn"
        numbered = self.numbered.replace("Số:", "số")
        return f"(Kèm theo {name} {numbered} {paper_date(self.dated, self.year)} của {self.letterhead.short})"


def clean(text: str) -> str:
    """Text as files take it: NFC, tabs as spaces, no control characters but line breaks."""
    composed = unicodedata.normalize("NFC", text).replace("\t", " ")
    return "".join(c for c in composed if c == "\n" or unicodedata.category(c) != "Cc")


def said(cell: Cell) -> str:
    """A cell as Word and PDF write it."""
    if cell is None:
        return ""
    if isinstance(cell, Rate):
        return percent(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return count(cell) if isinstance(cell, int) else clean(cell)


def group_span(table: Table) -> int:
    """How many columns the words of a group row stretch over: all but the one of its number."""
    return len(table.columns) - 1
