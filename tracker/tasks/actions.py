"""What changes an assignment between its giving and its end. Each action: may they? does it make sense? one change.

Assigning and closing on the province's side stand in `giving` and `deciding`; this file is the unit's side.
"""

from __future__ import annotations

from datetime import date, datetime

from tracker.accounts.acting import User
from tracker.accounts.queries import holds_post_in
from tracker.db import atomic, db
from tracker.errors import Invalid, Refused
from tracker.evidence.models import Evidence
from tracker.history.actions import record
from tracker.rules.access import Deed, Role
from tracker.rules.causes import CAUSES
from tracker.rules.deadlines import Policy, check_extension
from tracker.rules.lifecycle import Kind, Move, State
from tracker.tasks.ledger import as_ruled, hold, move, remember
from tracker.tasks.models import Assignment, Extension, Progress, Submission
from tracker.tasks.queries import carried_evidence, open_extension, pending_submission
from tracker.units.models import Unit

NOTHING_WRITTEN = "Chưa có kết quả nào được trình để gửi tỉnh."


def receive(assignment: Assignment, *, by: User, now: datetime, policy: Policy, version: int | None = None) -> None:
    """Acknowledge receipt (tiếp nhận)."""
    with atomic():
        hold(assignment, Deed.RECEIVE, by=by, now=now, policy=policy, version=version)
        move(assignment, Move.RECEIVE, now=now)
        assignment.received_at = now
        record("assignment", assignment.id, "receive", by=by, now=now)


def delegate(
    assignment: Assignment,
    officer_id: int,
    internal_due: date | None,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """Give the work to an officer of the unit; the internal date is the unit's own and never counts."""
    with atomic():
        hold(assignment, Deed.DELEGATE, by=by, now=now, policy=policy, version=version)
        if assignment.state not in (State.ASSIGNED, State.RECEIVED, State.IN_PROGRESS):
            raise Refused("Nhiệm vụ đang chờ tỉnh hoặc đã kết thúc nên không phân công lại được.")
        if not holds_post_in(officer_id, assignment.unit_id, now.date()):
            raise Invalid({"officer_id": "Chọn cán bộ đang công tác tại đơn vị."})
        if internal_due and assignment.due_on and internal_due > assignment.due_on:
            raise Invalid({"internal_due": "Hạn nội bộ không được sau hạn của tỉnh."})
        if assignment.state == State.ASSIGNED:
            move(assignment, Move.RECEIVE, now=now)
            assignment.received_at = now
        assignment.officer_id = officer_id
        assignment.internal_due = internal_due
        record(
            "assignment",
            assignment.id,
            "delegate",
            by=by,
            now=now,
            officer_id=officer_id,
            internal_due=internal_due,
        )


def report_progress(
    assignment: Assignment,
    text: str,
    cause: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> Progress:
    """Say how it goes; a difficulty names its cause. After the due date this is the explanation (giải trình)."""
    if cause and cause not in CAUSES:
        raise Invalid({"cause": "Chọn nguyên nhân trong danh sách."})
    with atomic():
        hold(assignment, Deed.PROGRESS, by=by, now=now, policy=policy, version=version)
        assignment.told_on = now.date()
        if assignment.state in (State.ASSIGNED, State.RECEIVED):
            move(assignment, Move.PROGRESS, now=now)
            assignment.received_at = assignment.received_at or now
        elif assignment.state != State.IN_PROGRESS:
            raise Refused("Nhiệm vụ đang chờ tỉnh hoặc đã kết thúc nên không cập nhật được.")
        else:
            remember(assignment, now.date())
        progress = Progress(
            assignment_id=assignment.id,
            at=now,
            by_id=by.person_id,
            text=text,
            cause=cause,
            explanation=assignment.was_overdue,
        )
        db.session.add(progress)
        assignment.difficulty = cause
        assignment.updated_at = now
        record("assignment", assignment.id, "progress", by=by, now=now, text=text, cause=cause)
    return progress


def write_result(
    assignment: Assignment,
    text: str,
    evidence: list[Evidence],
    *,
    nothing_to_report: bool = False,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> Submission:
    """Write the result. A leader, or an officer of a unit that does not approve inside (D8), sends it at once."""
    with atomic():
        hold(assignment, Deed.WRITE_RESULT, by=by, now=now, policy=policy, version=version)
        _check_may_be_written(assignment)
        carried = carried_evidence(assignment)
        submission = pending_submission(assignment) or Submission(assignment_id=assignment.id)
        submission.text, submission.nothing_to_report = text, nothing_to_report
        submission.written_by_id, submission.written_at = by.person_id, now
        submission.outcome = "pending"
        submission.evidence = list(dict.fromkeys([*carried, *evidence]))
        db.session.add(submission)
        if not submission.evidence and not nothing_to_report:
            raise Invalid({"files": "Nộp kết quả cần ít nhất một minh chứng: số văn bản hoặc tệp."})
        assignment.evidence_count = len(submission.evidence)
        assignment.updated_at = now
        _begin(assignment, now)
        if by.role == Role.COMMUNE_LEADER or not assignment.unit.approves_inside:
            _send(assignment, submission, by, now, policy)
        else:
            assignment.with_leader_at = now
            record("assignment", assignment.id, "hand_up", by=by, now=now)
    return submission


def _check_may_be_written(assignment: Assignment) -> None:
    if assignment.kind == Kind.STANDING:
        raise Refused("Nhiệm vụ thường xuyên không nộp hoàn thành; hãy cập nhật tình hình theo kỳ.")
    if assignment.state not in (State.ASSIGNED, State.RECEIVED, State.IN_PROGRESS):
        raise Refused("Nhiệm vụ đang chờ tỉnh hoặc đã kết thúc nên không nộp kết quả được.")


def _begin(assignment: Assignment, now: datetime) -> None:
    if assignment.state in (State.ASSIGNED, State.RECEIVED):
        move(assignment, Move.PROGRESS, now=now)
        assignment.received_at = assignment.received_at or now


def _send(assignment: Assignment, submission: Submission, by: User, now: datetime, policy: Policy) -> None:
    submission.sent_by_id, submission.sent_at = by.person_id, now
    assignment.with_leader_at = None
    move(assignment, Move.SUBMIT, now=now, policy=policy)
    record("assignment", assignment.id, "submit", by=by, now=now, submission_id=submission.id)


def submit(assignment: Assignment, *, by: User, now: datetime, policy: Policy, version: int | None = None) -> None:
    """The unit's leader sends the written result to the province (Duyệt, gửi tỉnh)."""
    with atomic():
        hold(assignment, Deed.SUBMIT, by=by, now=now, policy=policy, version=version)
        submission = pending_submission(assignment)
        if submission is None or assignment.state != State.IN_PROGRESS:
            raise Refused(NOTHING_WRITTEN)
        _send(assignment, submission, by, now, policy)


def hand_back(
    assignment: Assignment,
    reason: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """The unit's leader gives the written result back to the officer, inside the unit."""
    with atomic():
        hold(assignment, Deed.HAND_BACK, by=by, now=now, policy=policy, version=version)
        if assignment.with_leader_at is None:
            raise Refused(NOTHING_WRITTEN)
        assignment.with_leader_at = None
        record("assignment", assignment.id, "hand_back", by=by, now=now, reason=reason)


def recall(assignment: Assignment, *, by: User, now: datetime, policy: Policy, version: int | None = None) -> None:
    """Take the submission back before the province confirms it; the clock runs on as if it had not been sent."""
    with atomic():
        hold(assignment, Deed.RECALL, by=by, now=now, policy=policy, version=version)
        submission = pending_submission(assignment)
        move(assignment, Move.RECALL, now=now)
        if submission is not None:
            submission.outcome, submission.decided_at = "recalled", now
        record("assignment", assignment.id, "recall", by=by, now=now)


def ask_extension(
    assignment: Assignment,
    until_on: date,
    reason: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> Extension:
    """Ask for a later due date: before it ends and at most once by default (D7)."""
    with atomic():
        calendar = hold(assignment, Deed.ASK_EXTENSION, by=by, now=now, policy=policy, version=version)
        if open_extension(assignment) is not None:
            raise Refused("Đã có một đề nghị gia hạn đang chờ tỉnh.")
        check_extension(as_ruled(assignment), now.date(), calendar, policy, asked_before=assignment.extensions)
        if assignment.due_on is None or until_on <= assignment.due_on:
            raise Invalid({"until_on": "Hạn mới phải sau hạn hiện hành."})
        extension = Extension(
            assignment_id=assignment.id,
            asked_by_id=by.person_id,
            asked_at=now,
            until_on=until_on,
            reason=reason,
            old_due=assignment.due_on,
        )
        db.session.add(extension)
        assignment.updated_at = now
        record("assignment", assignment.id, "ask_extension", by=by, now=now, until_on=until_on, reason=reason)
    return extension


def decline(
    assignment: Assignment,
    reason: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """Ask not to do it, or that another unit does (đề nghị không thực hiện / chuyển); the province decides."""
    with atomic():
        hold(assignment, Deed.DECLINE, by=by, now=now, policy=policy, version=version)
        move(assignment, Move.DECLINE, now=now)
        assignment.updated_at = now
        record("assignment", assignment.id, "decline", by=by, now=now, reason=reason)


def approve_inside(unit: Unit, on: bool, *, by: User, now: datetime) -> None:
    """Switch on or off that results pass the unit's leader before they go to the province (D8)."""
    if by.role != Role.COMMUNE_LEADER or not unit.path.startswith(by.unit_path):
        raise Refused("Chỉ lãnh đạo đơn vị được đổi cách duyệt trong đơn vị.")
    with atomic():
        unit.approves_inside = on
        record("unit", unit.id, "approve_inside", by=by, now=now, on=on)
