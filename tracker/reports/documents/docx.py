"""A paper as a Word file in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm

from tracker.reports.documents.layout import (
    FONT,
    HEAD_WIDTHS,
    MARGINS,
    MOTTO_WIDTH,
    SIZES,
    STYLES,
    Look,
    rule_width,
    text_width,
)
from tracker.reports.documents.ooxml import drawn, frameless, paragraph, rule, xml
from tracker.reports.documents.paper import Annex, Block, Paper, Paragraph, sheets

_PAGE = '<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="{}"/></w:rPr><w:t>2</w:t></w:r></w:fldSimple>'


def as_docx(paper: Paper) -> bytes:
    """The bytes of the Word file."""
    document = Document()
    name(document, paper.about, paper.letterhead.full)
    _page(document.sections[0], landscape=False)
    append(document, *_front(paper))
    append(document, *_blocks(paper.body, text_width(landscape=False)))
    append(document, _foot(paper))
    for together in sheets(paper.annexes):
        section = document.add_section(WD_SECTION.NEW_PAGE)
        _flatten(document.paragraphs[-1])
        _page(section, landscape=together[0].landscape, restart=True)
        for annex in together:
            append(document, *_annex(annex, paper, first=annex is together[0]))
    return saved(document)


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def name(document: Any, title: str, author: str) -> None:
    """Say what the file is and whose, and set its letters."""
    _letters(document)
    properties = document.core_properties
    properties.title = unicodedata.normalize("NFC", title)
    properties.author = author
    properties.comments = ""
    properties.language = "vi-VN"


def _letters(document: Any) -> None:
    """Times New Roman for every script, and Vietnamese."""
    normal = document.styles["Normal"].element.get_or_add_rPr()
    for old in normal.findall(qn("w:rFonts")):
        normal.remove(old)
    scripts = " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "cs", "eastAsia"))
    normal.insert(0, xml(f"<w:rFonts {scripts}/>"))
    normal.append(xml(f'<w:sz w:val="{SIZES["body"] * 2}"/>'))
    normal.append(xml('<w:lang w:val="vi-VN"/>'))


def _page(section: Any, *, landscape: bool, restart: bool = False) -> None:
    """A4 with the decree's margins; the number stands in the top margin from the second page on."""
    long, short = Mm(297), Mm(210)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    top, right, bottom, left = (Mm(each) for each in MARGINS)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = top, right, bottom, left
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    if not restart:
        number = section.header.paragraphs[0]
        number.alignment = 1
        number._p.append(xml(_PAGE.format(SIZES["page"] * 2)))
        return
    margins = section._sectPr.find(qn("w:pgMar"))
    if section._sectPr.find(qn("w:pgNumType")) is None:
        margins.addnext(xml('<w:pgNumType w:start="1"/>'))


def _flatten(last: Any) -> None:
    """Take the height from the paragraph that ends a section, so that a full page is not followed by an empty one."""
    properties = last._p.get_or_add_pPr()
    properties.insert(0, xml('<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'))


def append(document: Any, *elements: Any) -> None:
    """Add elements at the end, before the properties of the last section."""
    body = document.element.body
    for element in elements:
        body.insert(len(body) - 1, element)


def _front(paper: Paper) -> Iterator[Any]:
    """Quốc hiệu and tiêu ngữ beside the issuer, symbol beside place and date, then title or addressees."""
    yield _head(paper)
    if paper.kind:
        yield from map(xml, _title(paper.kind, paper.about, text_width(landscape=False)))
    yield from map(xml, _addressees(paper.addressees))


def _head(paper: Paper) -> Any:
    left, right = HEAD_WIDTHS
    head = paper.letterhead
    issuer = "".join(paragraph(line, Look(13, bold=True, align="center")) for line in head.lines)
    above = paragraph(head.above, Look(13, align="center")) if head.above else ""
    nation = paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Look(13, bold=True, align="center"))
    motto = paragraph("Độc lập - Tự do - Hạnh phúc", Look(14, bold=True, align="center"))
    about = "" if paper.kind else paragraph(f"V/v {paper.about}", Look(12, align="center", before=6))
    return frameless(
        [left, right],
        [
            [
                above + issuer + rule(left - 2, rule_width(head.lines[-1], 13) * 0.45),
                nation + motto + rule(right - 2, MOTTO_WIDTH),
            ],
            [
                paragraph(paper.numbered, Look(13, align="center", before=6)) + about,
                paragraph(paper.place_and_date, Look(14, italic=True, align="center", before=6)),
            ],
        ],
    )


def _title(kind: str, about: str, width: float) -> Iterator[str]:
    yield paragraph(kind, Look(14, bold=True, align="center", before=14))
    yield paragraph(about, Look(14, bold=True, align="center"))
    last = about.rsplit("\n", maxsplit=1)[-1]
    yield rule(width, min(60.0, max(25.0, rule_width(last, 14) * 0.4)))


def _addressees(addressees: Sequence[str]) -> Iterator[str]:
    if len(addressees) == 1:
        yield paragraph(f"Kính gửi: {addressees[0]}.", Look(14, align="center", before=8, after=8))
    elif addressees:
        yield paragraph("Kính gửi:", Look(14, align="left", first=40, before=8))
        for place, one in enumerate(addressees, start=1):
            end = "." if place == len(addressees) else ";"
            yield paragraph(f"- {one}{end}", Look(14, align="left", first=58, after=8 if end == "." else 0))


def _blocks(blocks: Sequence[Block], width: float) -> Iterator[Any]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield xml(paragraph(block.text, STYLES[block.style]))
        else:
            yield drawn(block, width)
            yield xml(paragraph("", Look(6)))


def _foot(paper: Paper) -> Any:
    """Nơi nhận at the left, the form of signing and the name at the right; room for hand and seal between."""
    width = text_width(landscape=False)
    left, right = width * 0.52, width * 0.48
    recipients = [f"- {one}{'.' if one is paper.recipients[-1] else ';'}" for one in paper.recipients]
    listed = paragraph("Nơi nhận:", Look(12, bold=True, italic=True, before=12)) + "".join(
        paragraph(one, Look(11)) for one in recipients
    )
    signing = "".join(
        paragraph(one, Look(14, bold=True, align="center", before=0 if at else 12))
        for at, one in enumerate(paper.signature)
    )
    name = paragraph(paper.signer, Look(14, bold=True, align="center", before=64))
    return frameless([left, right], [[listed, signing + name]])


def _annex(annex: Annex, paper: Paper, *, first: bool) -> Iterator[Any]:
    width = text_width(landscape=annex.landscape)
    yield xml(paragraph(annex.heading, Look(14, bold=True, align="center", before=0 if first else 24)))
    yield xml(paragraph(annex.title, Look(14, bold=True, align="center", capitals=True)))
    yield xml(paragraph(paper.attached_to, Look(14, italic=True, align="center")))
    yield xml(rule(width, 40, gap=3))
    yield xml(paragraph("", Look(6)))
    yield from _blocks(annex.blocks, width)
