"""The four papers by name, and the files they become: what the command, the pages and the tests call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.errors import Invalid
from tracker.reports.documents.commune import Formalities, Words, commune_report
from tracker.reports.documents.docx import as_docx
from tracker.reports.documents.facts import facts
from tracker.reports.documents.frozen import frozen_facts, frozen_urge, frozen_whole
from tracker.reports.documents.outlines import DEFAULT, DEFAULT_WHOLE, Outline, outline
from tracker.reports.documents.paper import Paper
from tracker.reports.documents.pdf import as_pdf
from tracker.reports.documents.province import province_report, whole
from tracker.reports.documents.sheet import Sheet, sheet
from tracker.reports.documents.sheet_files import sheet_docx, sheet_pdf
from tracker.reports.documents.urging import urge, urge_letter
from tracker.reports.documents.xlsx import paper_xlsx, sheet_xlsx
from tracker.reports.models import Snapshot
from tracker.reports.queries import Scope
from tracker.tasks.queries import Day

KINDS = {
    "commune": "Báo cáo của đơn vị",
    "province": "Báo cáo tổng hợp",
    "urge": "Công văn đôn đốc",
    "giao-ban": "Giao ban",
}
OF_CLOSED = ("commune", "province", "urge")
"""The papers that a closed period gives; the meeting's sheet is of the day."""
FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FILE_NAMES = {
    "commune": "Bao-cao",
    "province": "Bao-cao-tong-hop",
    "urge": "Cong-van-don-doc",
    "giao-ban": "Giao-ban",
}


@dataclass(frozen=True)
class Wish:
    """What is wanted of a paper beyond unit and day; without an outline it is the first of its kind."""

    formal: Formalities
    outline: str = ""
    own: Mapping[str, Words] = field(default_factory=dict)
    since: date | None = None
    superior_line: bool = False


def composed(kind: str, scope: Scope, day: Day, wish: Wish, *, today: date) -> Paper | Sheet:
    """A paper of one of KINDS. Raises Invalid for another, Refused when there is nobody to urge."""
    if kind == "commune":
        known = facts(scope, day, today=today, since=wish.since, superior_line=wish.superior_line)
        return commune_report(known, outline_of(kind, wish), wish.own, wish.formal)
    if kind == "province":
        return province_report(whole(scope, day, today=today), outline_of(kind, wish), wish.own, wish.formal)
    if kind == "urge":
        return urge_letter(urge(scope, day, today=today), wish.formal)
    if kind == "giao-ban":
        return sheet(scope, day, today=today)
    raise Invalid({"kind": f"Loại văn bản là một trong: {', '.join(KINDS)}."})


def composed_from(kind: str, closed: Snapshot, day: Day, wish: Wish) -> Paper:
    """A paper of a closed period: its frozen figures and list, its number, moment and version of the rules.

    Raises Invalid for a kind that no closed period gives, Refused when there was nobody to urge.
    """
    if kind == "commune":
        known = frozen_facts(closed, superior_line=wish.superior_line)
        return commune_report(known, outline_of(kind, wish), wish.own, wish.formal)
    if kind == "province":
        return province_report(frozen_whole(closed, day), outline_of(kind, wish), wish.own, wish.formal)
    if kind == "urge":
        return urge_letter(frozen_urge(closed, day), wish.formal)
    raise Invalid({"kind": f"Bản chốt chỉ lập được: {', '.join(KINDS[one] for one in OF_CLOSED)}."})


def outline_of(kind: str, wish: Wish) -> Outline:
    """The outline that is wished for, or the first of the kind. Raises Invalid for one of another kind."""
    found = outline(wish.outline or (DEFAULT if kind == "commune" else DEFAULT_WHOLE))
    if found.kind != kind:
        raise Invalid({"outline": f"Đề cương «{found.name}» không dùng cho loại văn bản «{KINDS[kind]}»."})
    return found


def written(paper: Paper | Sheet, form: str, *, made_at: datetime) -> bytes:
    """The bytes of a paper as docx, pdf or xlsx. Raises Invalid for another kind of file."""
    if form not in FORMATS:
        raise Invalid({"form": f"Chỉ viết được tệp {', '.join(f'.{one}' for one in FORMATS)}."})
    if isinstance(paper, Sheet):
        if form == "xlsx":
            return sheet_xlsx(paper)
        return sheet_docx(paper, made_at=made_at) if form == "docx" else sheet_pdf(paper, made_at=made_at)
    if form == "xlsx":
        return paper_xlsx(paper)
    return as_docx(paper) if form == "docx" else as_pdf(paper, made_at=made_at)


def file_name(kind: str, unit_code: str, on: date, form: str, closed: str = "") -> str:
    """The same name in every place that offers the file: Bao-cao_19_2026-05-17.docx, with the number of a closing."""
    number = f"_{closed}" if closed else ""
    return f"{_FILE_NAMES[kind]}_{unit_code}_{on:%Y-%m-%d}{number}.{form}"
