"""A file on its way to becoming a directive: what was read is kept as a draft, mended by people, then issued.

    file ─read─► rows ─start_import─► draft ─mend, choose, leave out─► (tasks/issuing) one directive, or none

A draft is its unit's, survives a closed browser, and changes nothing outside itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.directives.models import ImportDraft, ImportRow
from tracker.directives.reading.results import ReadDirective, ReadTask
from tracker.errors import Invalid, Refused
from tracker.rules.access import Deed, require
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import Kind
from tracker.rules.mentions import units_named
from tracker.rules.proposals import proposal, propose
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


@dataclass(frozen=True)
class Circumstances:
    """What a row is judged by: the day of its paper, the units that there are, the calendar and the policy."""

    issued_on: date
    directory: Directory
    calendar: WorkingCalendar
    policy: Policy


def start_import(
    read: ReadDirective, file_name: str, circumstances: Circumstances, *, by: User, now: datetime
) -> ImportDraft:
    """Keep what was read from a file as a draft of the person's unit. Raises Invalid when it holds no task."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    if not read.tasks:
        raise Invalid({"file": read.problems[-1] if read.problems else "Tệp không có nhiệm vụ nào."})
    with atomic():
        draft = ImportDraft(
            unit_id=by.unit_id,
            by_id=by.person_id,
            file_name=file_name[:300],
            started_at=now,
            touched_at=now,
            paper=paper_of(read) | {"issuer_id": str(by.unit_id)},
            remarks=list(read.problems),
            titles=_titles(read),
            unit_ids=[],
        )
        db.session.add(draft)
        db.session.flush()
        rows = [
            _row_of(task, circumstances) | {"draft_id": draft.id, "place": n} for n, task in enumerate(read.tasks)
        ]
        db.session.execute(sa.insert(ImportRow), rows)
    return draft


def _titles(read: ReadDirective) -> list[str]:
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


def _row_of(task: ReadTask, circumstances: Circumstances) -> dict[str, Any]:
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
    columns = _columns(row, circumstances, leads=task.leads, helpers=task.coordinating)
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


def _columns(
    row: Proposed, circumstances: Circumstances, *, leads: Collection[str], helpers: Collection[str]
) -> dict[str, Any]:
    """The columns that follow from a row: its units found, its problems named."""
    found, helping = _found(leads, circumstances.directory), _found(helpers, circumstances.directory)
    problems = complaints(row, circumstances.issued_on)
    unsure = {"lead": found.guessed, "coordinating": (*helping.guessed, *helping.unknown)}
    return asdict(row) | {
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


def check_open(draft: ImportDraft) -> None:
    """Raise Refused for a draft that was issued or dropped."""
    if draft.directive_id is not None:
        raise Refused("Bản nhập này đã được ghi thành văn bản.")
    if draft.dropped_at is not None:
        raise Refused("Bản nhập này đã bỏ.")


def mend_row(
    draft: ImportDraft, row: ImportRow, proposed: Proposed, circumstances: Circumstances, *, by: User, now: datetime
) -> None:
    """Take what a person typed for a row; a deadline that somebody looked at is sure. Problems may remain."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        names = {"leads": units_named(proposed.lead), "helpers": units_named(proposed.coordinating)}
        columns = _columns(proposed, circumstances, **names)
        row.sure = columns.pop("known_leads") or proposed.lead == row.lead
        row.mended, row.left_out = True, False
        for name, value in columns.items():
            setattr(row, name, value)


def _touch(draft: ImportDraft, now: datetime) -> None:
    db.session.refresh(draft, with_for_update=True)
    check_open(draft)
    draft.touched_at = now


def set_paper(
    draft: ImportDraft, paper: Mapping[str, str], circumstances: Circumstances, *, by: User, now: datetime
) -> int:
    """Take the directive's fields as typed. Another day of issue reads every wording anew that nobody mended.

    Returns how many due dates or rhythms that moved.
    """
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        again = paper["issued_on"] != draft.paper.get("issued_on")
        draft.paper = dict(paper)
        return sum(_read_again(row, circumstances) for row in _rows(draft)) if again else 0


def _rows(draft: ImportDraft) -> Iterator[ImportRow]:
    yield from db.session.scalars(
        sa.select(ImportRow).where(ImportRow.draft_id == draft.id).order_by(ImportRow.place)
    )


def _read_again(row: ImportRow, circumstances: Circumstances) -> bool:
    """Read a row's own wording from the new day; whether that changed when it is due."""
    before = (row.kind, row.due_on, row.recurrence)
    now_read = as_proposed(row)
    if row.due_text and not row.mended:
        said = propose(row.due_text, circumstances.issued_on, circumstances.calendar, circumstances.policy)
        now_read = replace(now_read, kind=said.kind, due_on=said.due_on, recurrence=said.recurrence)
        row.kind, row.due_on, row.recurrence, row.sure = said.kind, said.due_on, said.recurrence, said.sure
        row.doubts = {name: each for name, each in row.doubts.items() if name != "due_on"}
        if not said.sure:
            row.doubts = row.doubts | {"due_on": said.why}
    row.problems = complaints(now_read, circumstances.issued_on)
    row.bad = bool(row.problems)
    return before != (row.kind, row.due_on, row.recurrence)


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


def choose(draft: ImportDraft, scope: str, unit_ids: Collection[int], *, by: User, now: datetime) -> None:
    """Say who gets the tasks: "rows", "all", "later", "cluster:<name>", or "units" with their ids."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    if scope == "units" and not unit_ids:
        raise Invalid({"units": "Chọn ít nhất một đơn vị."})
    with atomic():
        _touch(draft, now)
        draft.scope, draft.unit_ids = scope, sorted(unit_ids)


def leave_out(draft: ImportDraft, row_ids: Collection[int], out: bool, *, by: User, now: datetime) -> int:
    """Leave rows out of the import, or take them in again; returns how many."""
    return _mark(draft, row_ids, {"left_out": out}, by, now)


def confirm_deadlines(draft: ImportDraft, row_ids: Collection[int], *, by: User, now: datetime) -> int:
    """Say that somebody looked at deadlines that were guessed; returns how many."""
    return _mark(draft, row_ids, {"sure": True}, by, now)


def _mark(draft: ImportDraft, row_ids: Collection[int], values: dict[str, bool], by: User, now: datetime) -> int:
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        rows = [row for row in _rows(draft) if row.id in set(row_ids)]
        for row in rows:
            for name, value in values.items():
                setattr(row, name, value)
    return len(rows)


def drop_import(draft: ImportDraft, *, by: User, now: datetime) -> None:
    """Give a draft up; what was read is forgotten."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    with atomic():
        _touch(draft, now)
        draft.dropped_at = now
        db.session.execute(sa.delete(ImportRow).where(ImportRow.draft_id == draft.id))


def issued_on_of(draft: ImportDraft, today: date) -> date:
    """The day of the paper as it stands in the draft; today while it is not readable."""
    try:
        return read_date(str(draft.paper.get("issued_on", "")), today)
    except ValueError:
        return today
