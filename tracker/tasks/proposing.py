"""What a commune proposes to those above it (kiến nghị, đề xuất), and how it becomes another unit's work.

commune writes ──► province decides ──► refused, with a reason
                                   └──► accepted: the commune's paper is recorded, with a task for the unit that
                                        is to do it; from there it lives as any other assignment
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.accounts.acting import User
from tracker.db import atomic, db
from tracker.directives.actions import record_directive
from tracker.directives.models import Directive
from tracker.directives.paper import Paper
from tracker.directives.queries import same_paper
from tracker.errors import Invalid, NotFound, Refused
from tracker.history.actions import record
from tracker.rules.access import Deed, require
from tracker.rules.lifecycle import Kind
from tracker.rules.papers import CLASSIFIED_STAYS_OUT, secret_fields
from tracker.tasks.giving import add_task, give
from tracker.tasks.models import Proposal
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS, within


@dataclass(frozen=True)
class Wish:
    """What a commune asks for, as the annex of its report has it; the paper is the one that says so."""

    content: str
    doc_symbol: str
    doc_on: date
    authority: str = ""
    wanted_unit_id: int | None = None
    deliverable: str = ""
    due_text: str = ""


def propose_upward(wish: Wish, *, by: User, now: datetime) -> Proposal:
    """Send a proposal of the person's commune to its province. Raises Invalid for a secret or future paper."""
    require(by.role, Deed.PROPOSE)
    wrong = {}
    if secret_fields(doc_symbol=wish.doc_symbol, abstract=wish.content):
        wrong["content"] = CLASSIFIED_STAYS_OUT
    if wish.doc_on > now.date():
        wrong["doc_on"] = "Ngày văn bản không được sau hôm nay."
    if wrong:
        raise Invalid(wrong)
    if wish.wanted_unit_id is not None:
        within(by.province_path, wish.wanted_unit_id)
    with atomic():
        proposal = Proposal(**wish.__dict__, unit_id=by.unit_id, written_by_id=by.person_id, written_at=now)
        db.session.add(proposal)
        db.session.flush()
        record("proposal", proposal.id, "propose", by=by, now=now, content=wish.content)
    return proposal


def withdraw_proposal(proposal: Proposal, *, by: User, now: datetime) -> None:
    """Take a proposal back before it is decided."""
    require(by.role, Deed.PROPOSE)
    if proposal.unit_id != by.unit_id:
        raise NotFound
    _decide(proposal, "withdrawn", "", by, now)


def refuse_proposal(proposal: Proposal, reason: str, *, by: User, now: datetime) -> None:
    """Answer that the proposal is not taken up, and why."""
    _check_side(proposal, by)
    if not reason:
        raise Invalid({"reason": "Ghi rõ lý do."})
    _decide(proposal, "refused", reason, by, now)


def _check_side(proposal: Proposal, by: User) -> None:
    require(by.role, Deed.ASSIGN)
    if not proposal.unit.path.startswith(by.unit_path):
        raise NotFound


def _decide(proposal: Proposal, outcome: str, reason: str, by: User, now: datetime) -> None:
    with atomic():
        db.session.refresh(proposal, with_for_update={"of": Proposal})
        if proposal.outcome != "pending":
            raise Refused("Kiến nghị này đã được trả lời hoặc đã rút.")
        proposal.outcome, proposal.reason = outcome, reason
        proposal.decided_at, proposal.decided_by_id = now, by.person_id
        record("proposal", proposal.id, outcome, by=by, now=now, reason=reason)


def accept_proposal(
    proposal: Proposal, unit: Unit, due_on: date | None, *, reason: str = "", by: User, now: datetime
) -> None:
    """Make the proposal the work of a unit above the communes, due on a day or undated.

    The commune's paper becomes a directive of its own, which later proposals of the same paper share.
    """
    _check_side(proposal, by)
    if not unit.path.startswith(by.province_path) or unit.kind in COMMUNE_KINDS:
        raise Invalid({"unit_id": "Chọn sở, ban, ngành hoặc đơn vị của tỉnh để giải quyết."})
    if due_on is not None and due_on < now.date():
        raise Invalid({"due_on": "Hạn giải quyết phải từ hôm nay trở đi."})
    with atomic():
        _decide(proposal, "accepted", reason, by, now)
        directive = _paper_of(proposal, by, now)
        task = add_task(
            directive,
            content=proposal.content,
            kind=Kind.SCHEDULED if due_on else Kind.UNDATED,
            due_text=proposal.due_text,
            due_on=due_on,
            deliverable=proposal.deliverable,
            by=by,
            now=now,
        )
        give(directive, [(task, unit)], by=by, now=now)
        proposal.task_id = task.id


def _paper_of(proposal: Proposal, by: User, now: datetime) -> Directive:
    """The commune's paper as a directive, recorded once."""
    known = same_paper(proposal.unit_id, proposal.doc_symbol, proposal.doc_on.year)
    if known is not None:
        return known
    paper = Paper(
        doc_type="report",
        doc_symbol=proposal.doc_symbol,
        issued_on=proposal.doc_on,
        abstract=f"Kiến nghị, đề xuất của {proposal.unit.name}",
    )
    return record_directive(paper, proposal.unit, by=by, now=now)
