"""The report of a unit: its own words under the headings that its superior asks for, and what the house knows.

The section on assigned tasks is the one Figures value in words; the appendix lists the same tasks one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.reports.documents.facts import Facts
from tracker.reports.documents.outlines import Outline, Part
from tracker.reports.documents.paper import Annex, Block, Column, Paper, Paragraph, Row, Table
from tracker.reports.documents.wording import (
    beside_the_total,
    duty_table,
    hindrances,
    of_when,
    roman,
    shown,
    target_lines,
)
from tracker.rules.letterheads import signature

UNWRITTEN = "(Đơn vị chưa viết mục này.)"
MOST_UPRIGHT = 4
"""Columns that an upright page holds; wider tables lie."""
DOCUMENT_COLUMNS = (Column("TT", 10, "center"), Column("Văn bản đã ban hành", 125), Column("Ngày", 25, "center"))


@dataclass(frozen=True)
class Words:
    """What a unit says below one heading, or that there is nothing to say."""

    text: str = ""
    nil: bool = False


@dataclass(frozen=True)
class Formalities:
    """What a paper needs besides its content; number and date stay blank until the clerk gives them."""

    year: int
    about: str = ""
    basis: str = ""
    addressee: str = ""
    signing: str = "tm"
    signer: str = ""
    kept_by: str = ""
    number: str = ""
    dated: date | None = None


def commune_report(facts: Facts, outline: Outline, own: Mapping[str, Words], formal: Formalities) -> Paper:
    """The report of one unit as of the day of its figures."""
    head = facts.head
    addressee = formal.addressee or outline.addressee or facts.superior.full
    return Paper(
        letterhead=head,
        symbol=f"BC-{head.mark}",
        kind="BÁO CÁO",
        about=formal.about or f"{outline.about}\n{of_when(facts.figures)}",
        addressees=(addressee,),
        body=(_opening(facts, formal), *_sections(facts, outline, own), _closing(facts)),
        signature=signature(head, formal.signing),
        signer=formal.signer,
        recipients=_recipients(facts, formal),
        year=formal.year,
        number=formal.number,
        dated=formal.dated,
        annexes=tuple(_annexes(facts, outline, own)),
    )


def _opening(facts: Facts, formal: Formalities) -> Paragraph:
    if formal.basis:
        return Paragraph(f"Thực hiện {formal.basis}, {facts.head.full} báo cáo kết quả như sau:")
    return Paragraph(f"{facts.head.full} báo cáo kết quả thực hiện nhiệm vụ được giao như sau:")


def _closing(facts: Facts) -> Paragraph:
    return Paragraph(f"Trên đây là báo cáo của {facts.head.full}./.", "closing")


def _recipients(facts: Facts, formal: Formalities) -> tuple[str, ...]:
    kept = f"Lưu: VT, {formal.kept_by}" if formal.kept_by else "Lưu: VT"
    if not facts.head.committee:
        return ("Như trên", "Lãnh đạo đơn vị", kept)
    level = "tỉnh" if facts.scope.unit.kind == "province" else "xã"
    level = {"phuong": "phường", "dac_khu": "đặc khu"}.get(facts.scope.unit.kind, level)
    return ("Như trên", "Thường trực Đảng ủy, HĐND", f"Chủ tịch, các Phó Chủ tịch UBND {level}", kept)


def _sections(facts: Facts, outline: Outline, own: Mapping[str, Words]) -> Iterator[Block]:
    for part in outline.sections:
        yield Paragraph(part.heading, part.style)
        yield from filled(part, list(known(part, facts, outline)), own.get(part.key, Words()))


def filled(part: Part, said: Sequence[Block], words: Words) -> Iterator[Block]:
    """What stands below a heading: what the house knows, then the unit's words, or that there is nothing."""
    written = [Paragraph(line.strip()) for line in words.text.splitlines() if line.strip()]
    if part.fills and not said and not written:
        yield Paragraph(UNWRITTEN, "note") if part.must_be_written and not words.nil else Paragraph(part.nil)
    yield from said
    yield from written


def known(part: Part, facts: Facts, outline: Outline) -> Iterator[Block]:
    """What the house itself says below a heading."""
    if part.fills == "duties":
        yield Paragraph(facts.figures.sentence)
        yield from beside_the_total(facts.tally)
        if facts.source:
            yield Paragraph(facts.source, "note")
        yield from (Paragraph(f"({one})", "note") for one in facts.silences)
        yield from _where_listed(facts, outline)
    elif part.fills == "difficulties":
        yield from hindrances(facts.duties)
    elif part.fills == "documents":
        yield from (Paragraph(f"- {shown(one)}.") for one in facts.documents)
    elif part.fills == "targets" and facts.targets:
        # The figures' own sentence has said how many are met; here stand those that are not.
        missed = list(target_lines(facts.targets))
        yield from missed or [Paragraph("Các mục tiêu, chỉ tiêu được giao đều đã đạt.")]


def _where_listed(facts: Facts, outline: Outline) -> Iterator[Paragraph]:
    numbers = [n for n, part in enumerate(outline.appendices, start=1) if part.fills == "duty_list"]
    if numbers and facts.duties:
        alone = len(outline.appendices) == 1
        yield Paragraph(f"(Danh mục nhiệm vụ tại Phụ lục{'' if alone else f' {roman(numbers[0])}'} kèm theo)", "note")


def _annexes(facts: Facts, outline: Outline, own: Mapping[str, Words]) -> Iterator[Annex]:
    alone = len(outline.appendices) == 1
    for number, part in enumerate(outline.appendices, start=1):
        blocks = tuple(_annexed(part, facts, outline, own.get(part.key, Words())))
        table = next((block for block in blocks if isinstance(block, Table)), None)
        wide = table is not None and len(table.columns) > MOST_UPRIGHT
        yield Annex("" if alone else roman(number), part.heading, blocks, landscape=wide)


def _annexed(part: Part, facts: Facts, outline: Outline, words: Words) -> Iterator[Block]:
    if part.fills == "duty_list" and facts.duties:
        yield duty_table(facts.duties)
    elif part.fills == "documents" and facts.documents:
        rows = (Row((number, shown(one), one.doc_on)) for number, one in enumerate(facts.documents, start=1))
        yield Table(DOCUMENT_COLUMNS, tuple(rows))
    elif part.columns and words.text:
        yield _own_table(part.columns, words.text)
    else:
        yield from filled(part, list(known(part, facts, outline)), words)


def _own_table(heads: Sequence[str], text: str) -> Table:
    """The unit's lines as rows; a line without «|» heads a group, whose rows are numbered anew."""
    columns = (Column("TT", 12, "center"), *(Column(head, 40) for head in heads))
    rows: list[Row] = []
    groups = place = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 1 and len(heads) > 1:
            groups, place = groups + 1, 0
            rows.append(Row((roman(groups), cells[0]), "group"))
        else:
            place += 1
            filled = (cells + [""] * len(heads))[: len(heads) - 1]
            rows.append(Row((place, *filled, " | ".join(cells[len(heads) - 1 :]))))
    return Table(columns, tuple(rows))
