"""One record and what belongs to it, always on behalf of a person: a stranger gets NotFound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from tracker.accounts.acting import User
from tracker.db import db
from tracker.directives.models import Directive
from tracker.directives.queries import visible as directive_visible
from tracker.errors import NotFound
from tracker.evidence.models import Evidence, StoredFile
from tracker.evidence.queries import directives_with, evidence_with
from tracker.rules.access import OF_UNIT
from tracker.tasks.models import (
    Assignment,
    Extension,
    FanOut,
    Progress,
    Series,
    Submission,
    SubmissionEvidence,
    Target,
    Task,
)
from tracker.tasks.queries.sight import visible
from tracker.units.models import Unit
from tracker.units.queries import subtree


def assignment(user: User, assignment_id: int) -> Assignment:
    """One assignment with what its page shows; raises NotFound when it is not the person's to see."""
    found = db.session.scalar(
        sa.select(Assignment)
        .where(Assignment.id == assignment_id, visible(user))
        .options(
            joinedload(Assignment.task).joinedload(Task.directive).joinedload(Directive.issuer),
            joinedload(Assignment.task).joinedload(Task.monitor),
            joinedload(Assignment.unit),
            joinedload(Assignment.assigner),
            joinedload(Assignment.officer),
        )
    )
    if found is None:
        raise NotFound("Không tìm thấy nhiệm vụ này.")
    return found


def pending_submission(of: Assignment) -> Submission | None:
    """The result that is written and not yet decided."""
    return db.session.scalar(
        sa.select(Submission)
        .where(Submission.assignment_id == of.id, Submission.outcome == "pending")
        .order_by(Submission.id.desc())
        .limit(1)
    )


def submissions(of: Assignment) -> Sequence[Submission]:
    """All results of an assignment with their evidence, newest first."""
    return db.session.scalars(
        sa.select(Submission)
        .where(Submission.assignment_id == of.id)
        .options(
            selectinload(Submission.evidence),
            joinedload(Submission.written_by),
            joinedload(Submission.sent_by),
        )
        .order_by(Submission.id.desc())
    ).all()


def carried_evidence(of: Assignment) -> list[Evidence]:
    """What goes along with the next result: the evidence of one that was returned, recalled or not yet decided."""
    latest = next(iter(submissions(of)), None)
    return list(latest.evidence) if latest is not None and latest.outcome != "confirmed" else []


def open_extension(of: Assignment) -> Extension | None:
    """The extension request that waits for a decision."""
    return db.session.scalar(
        sa.select(Extension).where(Extension.assignment_id == of.id, Extension.granted.is_(None)).limit(1)
    )


def extensions(of: Assignment) -> Sequence[Extension]:
    """All extension requests of an assignment, newest first."""
    return db.session.scalars(
        sa.select(Extension).where(Extension.assignment_id == of.id).order_by(Extension.id.desc())
    ).all()


def progress(of: Assignment) -> Sequence[Progress]:
    """All progress reports of an assignment, newest first."""
    return db.session.scalars(
        sa.select(Progress)
        .where(Progress.assignment_id == of.id)
        .options(joinedload(Progress.by))
        .order_by(Progress.id.desc())
    ).all()


def siblings(of: Assignment, user: User) -> Sequence[Assignment]:
    """The same task at the other units that the person may see."""
    return db.session.scalars(
        sa.select(Assignment)
        .join(Assignment.unit)
        .where(Assignment.task_id == of.task_id, Assignment.id != of.id, visible(user))
        .options(contains_eager(Assignment.unit))
        .order_by(Unit.sort_key)
    ).all()


def directive(user: User, directive_id: int) -> Directive:
    """A directive issued in the person's subtree, to add tasks to; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(Directive)
        .where(Directive.id == directive_id, Directive.issuer_id.in_(subtree(user.unit_path)))
        .options(joinedload(Directive.issuer))
    )
    if found is None:
        raise NotFound("Không tìm thấy văn bản này.")
    return found


def task(user: User, task_id: int) -> Task:
    """One task of a directive issued in the person's subtree; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(Task)
        .join(Task.directive)
        .where(Task.id == task_id, Directive.issuer_id.in_(subtree(user.unit_path)))
    )
    if found is None:
        raise NotFound("Không tìm thấy nhiệm vụ này.")
    return found


@dataclass(frozen=True)
class HeldSeries:
    """A recurring duty of one unit, with how many occurrences were made."""

    unit_id: int
    unit_name: str
    begins_on: date
    ended_on: date | None
    made: int

    @property
    def choice(self) -> tuple[int, str]:
        """The unit as a choice of a form."""
        return self.unit_id, self.unit_name


def series_of(task_id: int) -> list[HeldSeries]:
    """The units that hold a recurring task, in the order of the alphabet."""
    made = (
        sa.select(sa.func.count())
        .where(Assignment.task_id == Series.task_id, Assignment.unit_id == Series.unit_id)
        .correlate(Series)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Unit.id, Unit.name, Series.begins_on, Series.ended_on, made)
        .join(Unit, Unit.id == Series.unit_id)
        .where(Series.task_id == task_id)
        .order_by(Unit.sort_key)
    )
    return [HeldSeries(*row) for row in rows]


def fan_out(user: User, fan_out_id: int) -> FanOut:
    """One fan-out of a directive issued in the person's subtree; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(FanOut)
        .join(Directive, Directive.id == FanOut.directive_id)
        .where(FanOut.id == fan_out_id, Directive.issuer_id.in_(subtree(user.unit_path)))
    )
    if found is None:
        raise NotFound("Không tìm thấy lần giao này.")
    return found


def latest_fan_out(directive_id: int) -> FanOut | None:
    """The last fan-out of a directive that was not undone."""
    return db.session.scalar(
        sa.select(FanOut)
        .where(FanOut.directive_id == directive_id, FanOut.undone_at.is_(None))
        .order_by(FanOut.id.desc())
        .limit(1)
    )


def target(user: User, target_id: int) -> Target:
    """One target of a unit in the person's subtree; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(Target).where(Target.id == target_id, Target.unit_id.in_(subtree(user.unit_path)))
    )
    if found is None:
        raise NotFound("Không tìm thấy chỉ tiêu này.")
    return found


def downloadable(user: User, file_id: int) -> StoredFile:
    """A file that the person uploaded, or that belongs to a directive or a result open to them.

    A result that the unit's leader has not sent yet is the unit's alone. Raises NotFound otherwise.
    """
    papers = sa.select(Directive.id).where(Directive.id.in_(directives_with(file_id)), directive_visible(user))
    own = Assignment.unit_id.in_(subtree(user.unit_path))
    results = (
        sa.select(Submission.id)
        .join(SubmissionEvidence, SubmissionEvidence.submission_id == Submission.id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            SubmissionEvidence.evidence_id.in_(evidence_with(file_id)),
            visible(user),
            sa.or_(Submission.sent_at.is_not(None), own if user.role in OF_UNIT else sa.false()),
        )
    )
    found = db.session.scalar(
        sa.select(StoredFile).where(
            StoredFile.id == file_id,
            sa.or_(StoredFile.uploaded_by_id == user.person_id, papers.exists(), results.exists()),
        )
    )
    if found is None:
        raise NotFound("Không tìm thấy tệp này.")
    return found
