"""Proposals of communes: one's own, and those that wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.accounts.acting import User
from tracker.db import db
from tracker.errors import NotFound
from tracker.tasks.models import Assignment, Proposal
from tracker.units.queries import subtree


@dataclass(frozen=True)
class Sent:
    """A proposal and the assignment that came of it, if one did."""

    proposal: Proposal
    assignment: Assignment | None


def proposal(user: User, proposal_id: int) -> Proposal:
    """A proposal of the person's subtree; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(Proposal)
        .where(Proposal.id == proposal_id, Proposal.unit_id.in_(subtree(user.unit_path)))
        .options(joinedload(Proposal.unit), joinedload(Proposal.wanted_unit))
    )
    if found is None:
        raise NotFound("Không tìm thấy kiến nghị này.")
    return found


def proposals(user: User, *, limit: int = 200) -> list[Sent]:
    """The proposals of the person's subtree: those without an answer first, then the latest."""
    found: Sequence[Proposal] = db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.unit_id.in_(subtree(user.unit_path)))
        .options(joinedload(Proposal.unit), joinedload(Proposal.wanted_unit))
        .order_by(Proposal.outcome != "pending", Proposal.id.desc())
        .limit(limit)
    ).all()
    work = db.session.scalars(
        sa.select(Assignment)
        .where(Assignment.task_id.in_([one.task_id for one in found if one.task_id]))
        .options(joinedload(Assignment.unit))
        .order_by(Assignment.id)
    ).all()
    latest = {one.task_id: one for one in work}
    return [Sent(one, latest.get(one.task_id) if one.task_id else None) for one in found]
