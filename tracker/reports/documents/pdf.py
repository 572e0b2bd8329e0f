"""A paper as PDF by typst, with letters that have the widths of Times New Roman; no Word and no LibreOffice.

The paper goes in as JSON, so nobody's words can become markup. Another letter than ours, or any other doubt that
typst has, fails: a paper with wrong letters must not leave the house.
"""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime
from typing import Any

import typst

from tracker.paths import data_dir
from tracker.reports.documents.layout import HEAD_WIDTHS, MARGINS, STYLES, TABLE_SIZE
from tracker.reports.documents.paper import Annex, Block, Paper, Paragraph, clean, said, sheets

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")
"""Signs that only say how to break or to draw others."""
_NOT_OURS = re.compile(
    "[^\n -~\u00a0-\u024f\u0300-\u036f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ab\u20ac\u2116\u2122"
    "\u2190-\u2193\u2212\u2260-\u2265\u25a0-\u25cf]"
)
"""What lies outside the letters that config/fonts/README.md lists."""


class NotPrinted(RuntimeError):
    """typst had a doubt; the words are its own."""


def as_pdf(paper: Paper, *, made_at: datetime) -> bytes:
    """The bytes of the PDF file; the same paper and moment give the same bytes."""
    return compiled("paper.typ", "paper", _as_data(paper), made_at)


def compiled(source: str, name: str, data: dict[str, Any], made_at: datetime) -> bytes:
    """A source of config/typst/ with its data, as PDF/A. Raises NotPrinted on any warning."""
    folder = data_dir("config")
    written = json.dumps(in_our_letters(data), ensure_ascii=False)
    made, warnings = typst.compile_with_warnings(
        folder / "typst" / source,
        format="pdf",
        font_paths=[folder / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={name: written},
        pdf_standards=["a-2b"],
        timestamp=int(made_at.timestamp()),
    )
    if warnings:
        raise NotPrinted("; ".join(str(one.message) for one in warnings))
    return bytes(made)


def in_our_letters(value: Any) -> Any:
    """Every text of the data with a box for each sign that config/fonts has not, such as a smiley; none are lost."""
    if isinstance(value, str):
        return _NOT_OURS.sub("□", _UNSEEN.sub("", clean(value)))
    if isinstance(value, dict):
        return {key: in_our_letters(one) for key, one in value.items()}
    return [in_our_letters(one) for one in value] if isinstance(value, list | tuple) else value


def _as_data(paper: Paper) -> dict[str, Any]:
    head = paper.letterhead
    return {
        "above": head.above,
        "lines": head.lines,
        "issuer": head.full,
        "numbered": paper.numbered,
        "place_and_date": paper.place_and_date,
        "kind": paper.kind,
        "about": paper.about,
        "addressees": paper.addressees,
        "body": [block_data(block) for block in paper.body],
        "signature": paper.signature,
        "signer": paper.signer,
        "recipients": paper.recipients,
        "attached_to": paper.attached_to,
        "sheets": [[_annex_data(annex) for annex in together] for together in sheets(paper.annexes)],
        "layout": {
            "margins": MARGINS,
            "head_widths": HEAD_WIDTHS,
            "table_size": TABLE_SIZE,
            "looks": {name: dataclasses.asdict(look) for name, look in STYLES.items()},
        },
    }


def _annex_data(annex: Annex) -> dict[str, Any]:
    return {
        "heading": annex.heading,
        "title": annex.title,
        "landscape": annex.landscape,
        "blocks": [block_data(block) for block in annex.blocks],
    }


def block_data(block: Block) -> dict[str, Any]:
    """A paragraph or a table as plain texts."""
    if isinstance(block, Paragraph):
        return {"text": block.text, "style": block.style}
    return {
        "columns": [dataclasses.asdict(column) for column in block.columns],
        "rows": [{"kind": row.kind, "cells": [said(cell) for cell in row.cells]} for row in block.rows],
    }
