"""The assigning side's deeds on an assignment: confirm, return, extend, transfer, suspend, cancel, reopen."""

from __future__ import annotations

from datetime import date, datetime

from tracker.accounts.acting import User
from tracker.db import atomic
from tracker.errors import Forbidden, Invalid, Refused
from tracker.history.actions import record
from tracker.rules.access import Deed
from tracker.rules.deadlines import Policy, completion_day, effective_due
from tracker.rules.lifecycle import Move
from tracker.tasks.beginning import new_assignment
from tracker.tasks.ledger import hold, move, remember
from tracker.tasks.models import Assignment, Extension
from tracker.tasks.queries import open_extension, pending_submission
from tracker.units.models import Unit


def confirm(
    assignment: Assignment,
    *,
    result_doc_on: date | None = None,
    reason: str = "",
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """Confirm completion. It counts from the submission's day, or from the result document's with a reason (D2)."""
    with atomic():
        calendar = hold(assignment, Deed.CONFIRM, by=by, now=now, policy=policy, version=version)
        submission = pending_submission(assignment)
        if submission is not None and by.person_id in (submission.sent_by_id, submission.written_by_id):
            raise Forbidden("Người nộp kết quả không được tự xác nhận; hãy để người khác duyệt.")
        submitted_on = assignment.submitted_on
        move(assignment, Move.CONFIRM, now=now)
        if submission is None or submitted_on is None:
            raise Refused("Không có kết quả nào đang chờ xác nhận.")
        assignment.completed_on = completion_day(
            submitted_on=submitted_on,
            result_doc_on=result_doc_on,
            assigned_on=assignment.assigned_on,
            today=now.date(),
            reason=reason,
        )
        assignment.completed_due = assignment.due_on and effective_due(assignment.due_on, calendar, policy)
        submission.outcome, submission.reason = "confirmed", reason
        submission.decided_at, submission.decided_by_id = now, by.person_id
        remember(assignment, now.date())
        record(
            "assignment",
            assignment.id,
            "confirm",
            by=by,
            now=now,
            completed_on=assignment.completed_on,
            due=assignment.completed_due,
            reason=reason,
        )


def send_back(
    assignment: Assignment,
    reason: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """Return the result with a reason; from this moment the assignment is not completed and its clock runs."""
    with atomic():
        hold(assignment, Deed.SEND_BACK, by=by, now=now, policy=policy, version=version)
        submission = pending_submission(assignment)
        move(assignment, Move.SEND_BACK, now=now)
        assignment.returned = True
        if submission is not None:
            submission.outcome, submission.reason = "returned", reason
            submission.decided_at, submission.decided_by_id = now, by.person_id
        record("assignment", assignment.id, "send_back", by=by, now=now, reason=reason)


def decide_extension(
    assignment: Assignment,
    granted: bool,
    *,
    new_due: date | None = None,
    note: str = "",
    document: str = "",
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> Extension:
    """Grant or refuse the waiting request, with a document or a note. The original date is never overwritten."""
    if not (note or document):
        raise Invalid({"note": "Ghi rõ lý do hoặc số văn bản quyết định."})
    with atomic():
        hold(assignment, Deed.DECIDE_EXTENSION, by=by, now=now, policy=policy, version=version)
        extension = open_extension(assignment)
        if extension is None:
            raise Refused("Không có đề nghị gia hạn nào đang chờ.")
        extension.granted, extension.note, extension.document = granted, note, document
        extension.decided_at, extension.decided_by_id = now, by.person_id
        if granted:
            _extend(assignment, extension, new_due or extension.until_on, now)
        record(
            "assignment",
            assignment.id,
            "extend" if granted else "refuse_extension",
            by=by,
            now=now,
            old_due=extension.old_due,
            new_due=extension.new_due,
            note=note,
            document=document,
        )
    return extension


def _extend(assignment: Assignment, extension: Extension, new_due: date, now: datetime) -> None:
    if assignment.due_on is None or new_due <= assignment.due_on:
        raise Invalid({"new_due": "Hạn mới phải sau hạn hiện hành."})
    extension.new_due = assignment.due_on = new_due
    assignment.extensions += 1
    remember(assignment, now.date())


def refuse_decline(
    assignment: Assignment,
    reason: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """Keep the assignment with the unit that asked not to do it."""
    with atomic():
        hold(assignment, Deed.DECIDE_DECLINE, by=by, now=now, policy=policy, version=version)
        move(assignment, Move.REFUSE_DECLINE, now=now)
        record("assignment", assignment.id, "refuse_decline", by=by, now=now, reason=reason)


def transfer(
    assignment: Assignment,
    unit: Unit,
    reason: str,
    document: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> Assignment:
    """Give the work to another unit: this assignment ends, a new one with the same due date begins."""
    with atomic():
        _close(assignment, Deed.TRANSFER, Move.TRANSFER, reason, document, by, now, policy, version)
        if unit.id == assignment.unit_id:
            raise Invalid({"unit_id": "Chọn đơn vị khác đơn vị đang thực hiện."})
        successor = new_assignment(assignment.task, unit, assignment.assigner, now=now, due_on=assignment.due_on)
        record("assignment", assignment.id, "transfer_to", by=by, now=now, unit=unit.name)
        record("assignment", successor.id, "assign", by=by, now=now, transferred_from=assignment.unit.name)
    return successor


def suspend(
    assignment: Assignment,
    reason: str,
    document: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """Suspend by a citing document: out of the denominators from today, lateness is not forgotten."""
    with atomic():
        _close(assignment, Deed.SUSPEND, Move.SUSPEND, reason, document, by, now, policy, version)


def cancel(
    assignment: Assignment,
    reason: str,
    document: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """Cancel by a citing document."""
    with atomic():
        _close(assignment, Deed.CANCEL, Move.CANCEL, reason, document, by, now, policy, version)


def resume(
    assignment: Assignment,
    reason: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """End a suspension."""
    with atomic():
        hold(assignment, Deed.RESUME, by=by, now=now, policy=policy, version=version)
        move(assignment, Move.RESUME, now=now)
        record("assignment", assignment.id, "resume", by=by, now=now, reason=reason)


def reopen(
    assignment: Assignment,
    reason: str,
    document: str,
    *,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None = None,
) -> None:
    """Open a completed assignment again, with reason and document; it is no longer completed from today."""
    with atomic():
        _close(assignment, Deed.REOPEN, Move.REOPEN, reason, document, by, now, policy, version)


def _close(
    assignment: Assignment,
    deed: Deed,
    step: Move,
    reason: str,
    document: str,
    by: User,
    now: datetime,
    policy: Policy,
    version: int | None,
) -> None:
    """The moves that need a reason and a citing document (domain.md b.1)."""
    missing = {"reason": "Ghi rõ lý do."} if not reason else {}
    if not document:
        missing["document"] = "Ghi số, ký hiệu, ngày của văn bản làm căn cứ."
    if missing:
        raise Invalid(missing)
    hold(assignment, deed, by=by, now=now, policy=policy, version=version)
    move(assignment, step, now=now)
    assignment.with_leader_at = None
    record("assignment", assignment.id, step.value, by=by, now=now, reason=reason, document=document)
