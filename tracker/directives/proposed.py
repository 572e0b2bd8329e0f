"""One row of an import as it was read, and as it is judged: its texts, its units, when it is due, what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.directives.models import ImportDraft, ImportRow
from tracker.directives.reading.results import ReadDirective, ReadTask
from tracker.errors import Invalid
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import Kind
from tracker.rules.proposals import proposal
from tracker.rules.recurrence import check_rule
from tracker.rules.texts import read_date
from tracker.rules.unit_names import Directory

LONGEST = {"section": 300, "ordinal": 20, "due_text": 300}
_FIELDS = {"deadline": "due_on", "output": "deliverable", "": "row"}
"""Where a complaint of the reader belongs among the fields of a row."""


@dataclass(frozen=True)
class Proposed:
    """One row as a person may mend it: texts of the paper, and what its deadline comes to."""

    section: str
    ordinal: str
    content: str
    deliverable: str
    lead: str
    coordinating: str
    due_text: str
    kind: Kind
    due_on: date | None
    recurrence: str
    note: str
    unnamed_by_zalo: bool = False


@dataclass(frozen=True)
class Circumstances:
    """What a row is judged by: the day of its paper, the units that there are, the calendar and the policy."""

    issued_on: date
    directory: Directory
    calendar: WorkingCalendar
    policy: Policy


def titles_of(read: ReadDirective) -> list[str]:
    """The heads of the file's columns from left to right, those of columns that are empty here and there too."""
    titles: list[str] = []
    for task in read.tasks:
        for seen in (task.source.columns.values(), task.source.cells):
            place = 0
            for title in seen:
                if title not in titles:
                    titles.insert(place, title)
                place = titles.index(title) + 1
    return titles


def paper_of(read: ReadDirective) -> dict[str, Any]:
    """The directive's fields as a form shows them."""
    paper = read.paper
    return {
        "doc_type": paper.doc_type or "other",
        "doc_symbol": paper.doc_symbol,
        "issued_on": f"{read.issued:%d/%m/%Y}",
        "issuer_name": paper.issuer,
        "abstract": paper.subject,
        "urgency": paper.urgency,
        "secrecy": "none",
        "signer": paper.signer,
    }


def row_of(task: ReadTask, circumstances: Circumstances) -> dict[str, Any]:
    """The columns of a row for one task that was read."""
    said = proposal(task.reading, circumstances.policy)
    row = Proposed(
        section=_cut(task.section or "", LONGEST["section"]),
        ordinal=_cut(task.ordinal, LONGEST["ordinal"]),
        content=task.content,
        deliverable=task.output or "",
        lead=task.lead,
        coordinating="; ".join(task.coordinating),
        due_text=task.deadline_text,
        kind=said.kind,
        due_on=said.due_on,
        recurrence=said.recurrence,
        note=task.note or "",
    )
    columns = columns_of(row, circumstances, leads=task.leads, helpers=task.coordinating)
    doubts, known_leads = columns.pop("doubts"), columns.pop("known_leads")
    for problem in task.problems:
        name = _FIELDS.get(problem.field, problem.field)
        doubts[name] = f"{doubts[name]} {problem.sentence}" if name in doubts else problem.sentence
    return columns | {
        "cells": {"place": task.source.place, "rows": list(task.source.rows), "texts": task.source.cells},
        "doubts": doubts,
        "sure": said.sure and known_leads,
        "mended": False,
        "left_out": False,
    }


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def columns_of(
    row: Proposed, circumstances: Circumstances, *, leads: Collection[str], helpers: Collection[str]
) -> dict[str, Any]:
    """The columns that follow from a row: its units found, its problems named."""
    found, helping = _found(leads, circumstances.directory), _found(helpers, circumstances.directory)
    problems = complaints(row, circumstances.issued_on)
    unsure = {"lead": found.guessed, "coordinating": (*helping.guessed, *helping.unknown)}
    return vars(row) | {
        "leads": {"units": list(found.units), "unknown": list(found.unknown)},
        "helpers": {"units": list(helping.certain)},
        "problems": problems,
        "bad": bool(problems),
        "homeless": bool(found.unknown) or not found.units,
        "doubts": {name: " ".join(said) for name, said in unsure.items() if said},
        "known_leads": not found.guessed,
    }


@dataclass(frozen=True)
class _Found:
    """The units that names came to, and those of them that were no guess; a sentence for each name that was guessed,
    and for each that nobody bears."""

    units: tuple[int, ...]
    certain: tuple[int, ...]
    guessed: tuple[str, ...]
    unknown: tuple[str, ...]


def _found(names: Collection[str], directory: Directory) -> _Found:
    matches = [(name, directory.find(name)) for name in names]
    clear = [match for _, match in matches if match.units and match.how != "ambiguous"]
    units = dict.fromkeys(unit for match in clear for unit in match.units)
    certain = dict.fromkeys(unit for match in clear if match.sure for unit in match.units)
    guessed = tuple(match.why for match in clear if not match.sure)
    unknown = tuple(f"«{name}»: {match.why}" for name, match in matches if match not in clear)
    return _Found(tuple(units), tuple(certain), guessed, unknown)


def complaints(row: Proposed, issued_on: date) -> dict[str, str]:
    """What must be mended before a row can be issued, by field."""
    wrong = {
        name: f"Dài quá {longest} ký tự, hãy rút gọn."
        for name, longest in LONGEST.items()
        if len(getattr(row, name)) > longest
    }
    if not row.content:
        wrong["content"] = "Chưa có nội dung nhiệm vụ."
    if row.kind == Kind.SCHEDULED and row.due_on is None:
        wrong["due_on"] = "Nhiệm vụ có thời hạn cần ngày hạn."
    elif row.due_on is not None and row.kind in (Kind.STANDING, Kind.UNDATED):
        wrong["due_on"] = "Loại nhiệm vụ này không có ngày hạn."
    elif row.due_on is not None and row.due_on < issued_on:
        wrong["due_on"] = f"Hạn {row.due_on:%d/%m/%Y} trước ngày văn bản {issued_on:%d/%m/%Y}."
    if row.kind == Kind.RECURRING:
        wrong |= _rule_complaint(row.recurrence)
    return wrong


def _rule_complaint(recurrence: str) -> dict[str, str]:
    try:
        check_rule(recurrence)
    except Invalid as error:
        return dict(error.fields)
    return {}


def as_proposed(row: ImportRow) -> Proposed:
    """A row as the rules want to be told of it."""
    return Proposed(
        section=row.section,
        ordinal=row.ordinal,
        content=row.content,
        deliverable=row.deliverable,
        lead=row.lead,
        coordinating=row.coordinating,
        due_text=row.due_text,
        kind=Kind(row.kind),
        due_on=row.due_on,
        recurrence=row.recurrence,
        note=row.note,
    )


def issued_on_of(draft: ImportDraft, today: date) -> date:
    """The day of the paper as it stands in the draft; today while it is not readable."""
    try:
        return read_date(str(draft.paper.get("issued_on", "")), today)
    except ValueError:
        return today


def row_seen(row: ImportRow) -> str:
    """A mark of what a row says now; a page carries it to notice that somebody else typed meanwhile."""
    return seen([*vars(as_proposed(row)).values(), row.left_out])


def paper_seen(draft: ImportDraft) -> str:
    """The same of the directive's own fields."""
    return seen(draft.paper)


def scope_seen(draft: ImportDraft) -> str:
    """The same of who gets the tasks."""
    return seen([draft.scope, draft.unit_ids])


def seen(values: object) -> str:
    """A short mark that differs where the values do."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]
