"""What a file is read as: a paper with its proposed tasks, and what a person should look at before confirming."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.rules.wordings import Reading

FIELD_NAMES = {
    "content": "Nội dung",
    "lead": "Chủ trì",
    "coordinating": "Phối hợp",
    "deadline": "Thời hạn",
    "output": "Sản phẩm",
    "note": "Ghi chú",
    "ordinal": "Số thứ tự",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about one field of a task (or about the whole row, when `field` is empty).

    `field` is a key of FIELD_NAMES: the column at whose cell a page shows the sentence.
    """

    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{FIELD_NAMES[self.field]}: {self.sentence}" if self.field in FIELD_NAMES else self.sentence


@dataclass(frozen=True, slots=True)
class Source:
    """Where a task came from: the sheet or table, the rows as the person's program numbers them, every cell.

    `cells` holds texts as written by the header of their column, `columns` the header of each field's column,
    from left to right.
    """

    place: str
    rows: tuple[int, ...]
    cells: dict[str, str]
    columns: dict[str, str]

    def cell(self, name: str) -> str:
        """The source text of a field, as written; empty when its cell is."""
        return self.cells.get(self.columns.get(name, ""), "")


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A proposed task. Texts are those of the paper on one line; `reading` says how the deadline was understood.

    `leads` and `coordinating` are the units named, in the words of the paper; `due_from` is «heading» when the
    day stands in a heading and not in the row; `more` holds other columns by field (authority, leader, source).
    """

    section: str | None
    ordinal: str
    content: str
    lead: str
    leads: tuple[str, ...]
    coordinating: tuple[str, ...]
    deadline_text: str
    reading: Reading
    output: str | None
    note: str | None
    problems: tuple[Problem, ...]
    source: Source
    due_from: str | None = None
    more: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """date, recurring, ongoing, event or none."""
        return self.reading.kind

    @property
    def due(self) -> date | None:
        """The proposed due date."""
        return self.reading.due

    def as_json(self) -> dict[str, Any]:
        """The task as the command promises it."""
        reading = self.reading.as_json()
        return {
            "section": self.section,
            "ordinal": self.ordinal,
            "content": self.content,
            "lead": self.lead,
            "coordinating": list(self.coordinating),
            "deadline_text": self.deadline_text,
            "kind": reading["kind"],
            "due": reading["due"],
            "rrule": reading["rrule"],
            "sure": reading["sure"],
            "output": self.output,
            "note": self.note,
            "problems": [str(problem) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Reference:
    """Another paper that this one names: what it answers, or replaces."""

    doc_symbol: str
    issued_on: date | None = None
    organ_id: str = ""
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class PaperFields:
    """What the file says about the directive itself; empty where it says nothing.

    `doc_type` is a key of rules.papers.DOC_TYPES, `urgency` one of URGENCIES. `steering_type` is that of edXML:
    0 no directive, 1 directive, 2 report on one.
    """

    doc_type: str = ""
    number: str = ""
    notation: str = ""
    issued_on: date | None = None
    issuer: str = ""
    issuer_code: str = ""
    subject: str = ""
    signer: str = ""
    urgency: str = "normal"
    due_on: date | None = None
    steering_type: int | None = None
    document_id: str = ""
    references: tuple[Reference, ...] = ()
    task_codes: tuple[str, ...] = ()

    @property
    def doc_symbol(self) -> str:
        """Number and notation as one, «5426/UBND-KGVX»."""
        return "/".join(part for part in (self.number, self.notation) if part)

    def as_json(self) -> dict[str, Any]:
        """The fields as the command promises them, dates as ISO text."""
        return {
            "doc_type": self.doc_type or None,
            "doc_symbol": self.doc_symbol or None,
            "number": self.number or None,
            "notation": self.notation or None,
            "issued_on": self.issued_on.isoformat() if self.issued_on else None,
            "issuer": self.issuer or None,
            "issuer_code": self.issuer_code or None,
            "subject": self.subject or None,
            "signer": self.signer or None,
            "urgency": self.urgency,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "steering_type": self.steering_type,
            "document_id": self.document_id or None,
            "references": [
                {
                    "doc_symbol": each.doc_symbol,
                    "issued_on": each.issued_on.isoformat() if each.issued_on else None,
                    "organ_id": each.organ_id or None,
                    "document_id": each.document_id or None,
                }
                for each in self.references
            ],
            "task_codes": list(self.task_codes),
        }


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came inside a message: its display name and bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ReadDirective:
    """A file as read: the paper, its proposed tasks, sentences about the whole, and files that came with it.

    `issued` is the day that deadlines were counted from.
    """

    paper: PaperFields
    tasks: tuple[ReadTask, ...]
    problems: tuple[str, ...]
    issued: date
    attachments: tuple[Attachment, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The whole as the command promises it."""
        return {
            "directive": self.paper.as_json(),
            "tasks": [task.as_json() for task in self.tasks],
            "problems": list(self.problems),
        }
