"""Asking about drafts of reports: one's own unit's, where each stands, and which task a report can answer.

A unit writes its own report, the province (or a department, for its tasks) the consolidated one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.accounts.acting import User
from tracker.db import db
from tracker.errors import NotFound
from tracker.reports.documents.commune import Formalities, Words
from tracker.reports.documents.naming import cited
from tracker.reports.documents.outlines import Outline, Part, outline, outlines
from tracker.reports.documents.writing import Wish
from tracker.reports.drafting.models import ReportDraft
from tracker.rules.access import PROVINCIAL, Role
from tracker.rules.lifecycle import Kind, State
from tracker.rules.papers import asks_for_a_report
from tracker.tasks.models import Assignment, Task
from tracker.units.queries import subtree


class Stage(StrEnum):
    """Where a draft is on its way to the superior."""

    WRITING = "writing"
    WITH_LEADER = "with_leader"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"
    APPROVED = "approved"


STAGE_LABELS = {
    Stage.WRITING: "Đang soạn",
    Stage.WITH_LEADER: "Chờ lãnh đạo đơn vị duyệt",
    Stage.SENT: "Đã gửi, chờ xác nhận",
    Stage.RECEIVED: "Cấp trên đã nhận",
    Stage.RETURNED: "Bị trả lại, cần sửa",
    Stage.APPROVED: "Lãnh đạo đã duyệt",
}
OPEN_TO_CHANGE = frozenset({Stage.WRITING, Stage.RETURNED})
UNFINISHED = [State.ASSIGNED.value, State.RECEIVED.value, State.IN_PROGRESS.value]


def kind_of(draft: ReportDraft) -> str:
    """Which paper a draft becomes: «commune», a unit's own, or «province», the consolidated one."""
    return outline(draft.outline).kind


def kind_for(role: Role) -> str:
    """Which paper a person of the role writes."""
    return "province" if role in PROVINCIAL else "commune"


def stage(draft: ReportDraft) -> Stage:
    """Where a draft stands: it follows from its submission, so that there is one truth of what was sent.

    A consolidated report goes no further than its own leader, so it follows from that decision.
    """
    if draft.approved is not None:
        return Stage.APPROVED if draft.approved else Stage.RETURNED
    if draft.put_up_at is not None:
        return Stage.WITH_LEADER
    sent, ordered = draft.submission, draft.assignment
    if sent is None:
        return Stage.WRITING
    if sent.outcome == "confirmed":
        return Stage.RECEIVED
    if sent.outcome != "pending":
        return Stage.RETURNED
    if sent.sent_at is not None:
        return Stage.SENT
    return Stage.WITH_LEADER if ordered is not None and ordered.with_leader_at else Stage.RETURNED


def draft(user: User, draft_id: int) -> ReportDraft:
    """A draft that is the person's to work on; raises NotFound otherwise."""
    found = db.session.scalar(_of(user).where(ReportDraft.id == draft_id))
    if found is None:
        raise NotFound("Không tìm thấy dự thảo báo cáo này.")
    return found


def drafts(user: User, *, limit: int = 50) -> Sequence[ReportDraft]:
    """The drafts of the person's unit, the latest first."""
    return db.session.scalars(
        _of(user).order_by(ReportDraft.written_at.desc(), ReportDraft.id.desc()).limit(limit)
    ).all()


def _of(user: User) -> sa.Select[ReportDraft]:
    """A unit's drafts are its own alone; so are those of the province, whose subtree holds the units."""
    above = user.role in PROVINCIAL
    whose = ReportDraft.unit_id == user.unit_id if above else ReportDraft.unit_id.in_(subtree(user.unit_path))
    keys = [one.key for one in outlines(kind_for(user.role))]
    return (
        sa.select(ReportDraft)
        .where(whose, ReportDraft.outline.in_(keys))
        .options(
            joinedload(ReportDraft.unit),
            joinedload(ReportDraft.snapshot),
            joinedload(ReportDraft.decided_by),
            joinedload(ReportDraft.assignment).joinedload(Assignment.task).joinedload(Task.directive),
            joinedload(ReportDraft.submission),
            joinedload(ReportDraft.written_by),
        )
    )


def orders(user: User) -> Sequence[Assignment]:
    """The unit's open tasks that a report may answer, those that speak of a report first; none for the province."""
    if user.role in PROVINCIAL:
        return []
    found = db.session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.unit_id.in_(subtree(user.unit_path)),
            Assignment.state.in_(UNFINISHED),
            Assignment.kind != Kind.STANDING.value,
        )
        .options(joinedload(Assignment.task).joinedload(Task.directive))
        .order_by(Assignment.due_on.asc().nulls_last(), Assignment.id)
    ).all()
    return sorted(found, key=lambda one: not asks_for_a_report(one.task.content, one.task.deliverable))


def own_words(of: ReportDraft) -> dict[str, Words]:
    """The unit's words by heading."""
    return {key: Words(said.get("text", ""), bool(said.get("nil"))) for key, said in of.words.items()}


def missing(asked: Outline, own: Mapping[str, Words]) -> list[Part]:
    """The headings that only the unit can fill and that are neither written nor declared empty."""
    blank = Words()
    return [
        part
        for part in asked.parts
        if part.must_be_written and not own.get(part.key, blank).text and not own.get(part.key, blank).nil
    ]


def wish(of: ReportDraft, year: int, *, superior_line: bool) -> Wish:
    """What the paper of a draft is to be; what orders the report is its basis unless the unit named another."""
    ordered = of.assignment.task.directive if of.assignment is not None else None
    formal = Formalities(
        year=year,
        about=of.about,
        basis=of.basis or (cited(ordered) if ordered else ""),
        addressee=of.addressee,
        signing=of.signing,
        signer=of.signer,
        kept_by=of.kept_by,
    )
    return Wish(formal, outline(of.outline).key, own_words(of), of.since, superior_line)
