"""The elements of a Word file as XML: paragraphs, lines, tables; widths in millimetres, letters in points.

Rows of tables are written at once: ten thousand cells by way of python-docx's objects take a minute. Widths stand
both in the grid, which LibreOffice reads, and in each cell, which Word reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from tracker.reports.documents.layout import TABLE_SIZE, Look
from tracker.reports.documents.paper import Row, Table, clean, group_span, said

_ALIGN = {"left": "left", "center": "center", "right": "right", "justify": "both"}


def xml(written: str) -> Any:
    """The first element of markup in Word's own namespace."""
    return parse_xml(f"<w:body {nsdecls('w')}>{written}</w:body>")[0]


def run(text: str, look: Look) -> str:
    """Letters of one look; line breaks stay."""
    marks = ("<w:b/>" if look.bold else "") + ("<w:i/>" if look.italic else "")
    words = escape(clean(text.upper() if look.capitals else text))
    size = f'<w:sz w:val="{int(look.size * 2)}"/><w:szCs w:val="{int(look.size * 2)}"/>'
    lines = [f'<w:t xml:space="preserve">{line}</w:t>' for line in words.split("\n")]
    return f"<w:r><w:rPr>{marks}{size}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def paragraph(text: str, look: Look) -> str:
    """One paragraph; spacing in points, indents in millimetres."""
    indent = f'<w:ind w:firstLine="{twips(look.first)}"/>' if look.first else ""
    keep = "<w:keepNext/>" if look.keep else ""
    spacing = (
        f'<w:spacing w:before="{int(look.before * 20)}" w:after="{int(look.after * 20)}" '
        f'w:line="{int(look.line * 240)}" w:lineRule="auto"/>'
    )
    words = run(text, look) if text else ""
    mark = f'<w:rPr><w:sz w:val="{int(look.size * 2)}"/></w:rPr>'
    return f'<w:p><w:pPr>{keep}{spacing}{indent}<w:jc w:val="{_ALIGN[look.align]}"/>{mark}</w:pPr>{words}</w:p>'


def rule(inside: float, length: float, *, gap: float = 3) -> str:
    """A line of the given length in the middle of a column, as the border of a paragraph almost without height."""
    side = twips(max(0.0, (inside - length) / 2))
    return (
        '<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        f'<w:spacing w:before="{int(gap * 20)}" w:after="0" w:line="40" w:lineRule="exact"/>'
        f'<w:ind w:left="{side}" w:right="{side}"/>'
        '<w:rPr><w:sz w:val="4"/></w:rPr></w:pPr></w:p>'
    )


def twips(millimetres: float) -> int:
    """Word measures in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def cell(inner: str, width: float, *, span: int = 1) -> str:
    """A cell around paragraphs or a table that a paragraph follows."""
    spread = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{spread}</w:tcPr>{inner}</w:tc>'


def frameless(widths: Sequence[float], rows: Sequence[Sequence[str]]) -> Any:
    """A table without lines, which only puts things side by side."""
    return grid(widths, "".join(line(row, widths) for row in rows), lines=False)


def line(cells: Sequence[str], widths: Sequence[float]) -> str:
    """A row that no page break tears."""
    row = "".join(cell(inner, width) for inner, width in zip(cells, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr>"


def grid(widths: Sequence[float], rows: str, *, lines: bool) -> Any:
    """A table of ready rows, with or without lines."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    drawn = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    borders = f"<w:tblBorders>{drawn}</w:tblBorders>" if lines else ""
    columns = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    padding = '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
    return xml(
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f"{borders}"
        f'<w:tblLayout w:type="fixed"/>{padding}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>'
    )


def drawn(table: Table, width: float, *, size: float = TABLE_SIZE) -> Any:
    """A table with lines over the given width; its head is repeated on each page and no row is torn."""
    whole = sum(column.width for column in table.columns)
    widths = [column.width * width / whole for column in table.columns]
    head = "".join(
        cell(paragraph(column.head, Look(size, bold=True, align="center")), one)
        for column, one in zip(table.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    rows += [_row(row, table, widths, size) for row in table.rows]
    return grid(widths, "".join(rows), lines=True)


def _row(row: Row, table: Table, widths: Sequence[float], size: float) -> str:
    if row.kind == "group":
        look = Look(size, bold=True, keep=True)
        number = cell(paragraph(said(row.cells[0]), Look(size, bold=True, align="center", keep=True)), widths[0])
        words = cell(paragraph(said(row.cells[1]), look), sum(widths[1:]), span=group_span(table))
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{number}{words}</w:tr>"
    cells = [
        paragraph(said(cell), Look(size, bold=row.kind == "total", align=column.align))
        for cell, column in zip(row.cells, table.columns, strict=True)
    ]
    return line(cells, widths)


def written(element: Any) -> str:
    """An element written out again, to stand inside another."""
    return str(etree.tostring(element, encoding="unicode"))
