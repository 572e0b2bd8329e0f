"""Names as papers say them: who writes, and how a numbered document is cited."""

from __future__ import annotations

from collections.abc import Callable

from tracker.directives.models import Directive
from tracker.rules.letterheads import Letterhead, letterhead
from tracker.rules.papers import DOC_TYPES
from tracker.rules.sentences import cited_date
from tracker.units.models import Unit
from tracker.units.queries import province_of


def head_of(unit: Unit, *, superior_line: bool = False) -> Letterhead:
    """The letterhead of a unit in its province."""
    province = province_of(unit)
    return letterhead(unit.name, unit.kind, province.name if province else "", superior_line=superior_line)


def cited(paper: Directive, named: Callable[[Unit], str] | None = None) -> str:
    """«Kế hoạch số 49/KH-UBND ngày 12/2/2026 của UBND tỉnh An Hòa»; `named` knows the issuers of many papers."""
    kind = DOC_TYPES.get(paper.doc_type, DOC_TYPES["other"])
    issuer = paper.issuer_name or (named(paper.issuer) if named else head_of(paper.issuer).short)
    return f"{kind} số {paper.doc_symbol} ngày {cited_date(paper.issued_on)} của {issuer}"
