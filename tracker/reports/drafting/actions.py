"""Writing a report and letting it out: a unit's by the task it answers, the consolidated one past its leader.

unit:      begin ─► save ─► hand_up (the task: unit's leader ─► superior ─► confirmed)
province:  begin ─► save ─► put_up ─► approve, or give_back ─► save …
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.accounts.acting import User
from tracker.db import STALE, atomic, db
from tracker.errors import Conflict, Invalid, NotFound, Refused
from tracker.evidence.actions import remember
from tracker.evidence.intake import Upload, accept
from tracker.history.actions import record
from tracker.reports.documents.commune import Words
from tracker.reports.documents.outlines import outline
from tracker.reports.drafting.models import ReportDraft
from tracker.reports.drafting.queries import (
    OPEN_TO_CHANGE,
    STAGE_LABELS,
    Stage,
    kind_for,
    kind_of,
    missing,
    own_words,
    stage,
)
from tracker.reports.models import Snapshot
from tracker.rules.access import PROVINCIAL, Deed, require
from tracker.rules.deadlines import Policy
from tracker.tasks.handing_in import Paper, hand_in
from tracker.tasks.models import Assignment, Submission
from tracker.units.models import Unit

FORMALITIES = ("about", "basis", "addressee", "signing", "signer", "kept_by")
LARGEST_MB = 20
UNWRITTEN = "«{}»: viết nội dung hoặc chọn «Không phát sinh»."


def begin(
    unit: Unit,
    outline_key: str,
    as_of: date,
    *,
    since: date | None = None,
    ordered: Assignment | None = None,
    closed: Snapshot | None = None,
    by: User,
    now: datetime,
) -> ReportDraft:
    """Begin a report by an outline, for the task that orders it and from the closed period, where there are any.

    Raises Invalid for an outline that is not of the paper one's side writes, NotFound for what is not one's own.
    """
    require(by.role, Deed.WRITE_REPORT)
    own = unit.id == by.unit_id if by.role in PROVINCIAL else unit.path.startswith(by.unit_path)
    others = [one for one in (ordered, closed) if one is not None and one.unit_id != unit.id]
    if not own or others:
        raise NotFound
    if outline(outline_key).kind != kind_for(by.role):
        raise Invalid({"outline": "Chọn một đề cương trong danh sách."})
    as_of = closed.cutoff_on if closed else as_of
    _check_days(since, as_of, now)
    with atomic():
        draft = ReportDraft(
            unit_id=unit.id,
            outline=outline(outline_key).key,
            as_of=as_of,
            since=since,
            assignment=ordered,
            snapshot=closed,
            written_by_id=by.person_id,
            written_at=now,
        )
        db.session.add(draft)
        db.session.flush()
        record("report_draft", draft.id, "begin", by=by, now=now, outline=outline_key, as_of=as_of)
    return draft


def _check_days(since: date | None, as_of: date, now: datetime) -> None:
    if as_of > now.date():
        raise Invalid({"as_of": "Ngày chốt số liệu không được sau hôm nay."})
    if since is not None and since > as_of:
        raise Invalid({"since": "Ngày đầu kỳ không được sau ngày chốt số liệu."})


def save(
    draft: ReportDraft,
    words: Mapping[str, Words],
    formal: Mapping[str, Any],
    *,
    by: User,
    now: datetime,
    version: int | None = None,
) -> None:
    """Keep what was written. Raises Refused once it is on its way, Conflict when somebody else saved meanwhile."""
    require(by.role, Deed.WRITE_REPORT)
    with atomic():
        _hold(draft, version)
        draft.words = {key: {"text": one.text, "nil": one.nil} for key, one in words.items() if one.text or one.nil}
        for name in FORMALITIES:
            setattr(draft, name, formal[name])
        draft.written_by_id, draft.written_at = by.person_id, now
        record("report_draft", draft.id, "save", by=by, now=now)


def _hold(draft: ReportDraft, version: int | None) -> None:
    db.session.refresh(draft, with_for_update={"of": ReportDraft})
    now_at = stage(draft)
    if now_at not in OPEN_TO_CHANGE:
        raise Refused(f"Báo cáo đang ở bước «{STAGE_LABELS[now_at]}» nên không sửa được; hãy rút lại trước.")
    if draft.approved is False:  # mended after a return: it is being written again
        draft.approved, draft.put_up_at = None, None
    if version is not None and version != draft.version:
        raise Conflict(STALE)


def hand_up(
    draft: ReportDraft,
    content: bytes,
    name: str,
    said: str,
    *,
    folder: Path,
    by: User,
    now: datetime,
    policy: Policy,
) -> Submission:
    """Hand the finished paper in as the result of the task that orders it: file first, facts second.

    An officer's goes to the unit's leader, a leader's straight to the superior (D8). Raises Refused without a task
    to answer, Invalid while a heading is neither written nor declared empty.
    """
    require(by.role, Deed.WRITE_REPORT)
    if draft.assignment is None:
        raise Refused("Báo cáo này chưa gắn với nhiệm vụ nào nên chỉ tải về được; chọn nhiệm vụ yêu cầu báo cáo.")
    _complete(draft)
    upload = Upload(io.BytesIO(content), name)
    with atomic():
        _hold(draft, None)
        paper = Paper(doc_type="report", doc_on=None, issuer=draft.unit.name)
        submission = hand_in(
            draft.assignment, said, paper, [upload], folder=folder, max_mb=LARGEST_MB, by=by, now=now, policy=policy
        )
        db.session.flush()
        draft.submission = submission
        record("report_draft", draft.id, "hand_up", by=by, now=now, submission_id=submission.id)
    return submission


def _complete(draft: ReportDraft) -> None:
    """Raise Invalid while a heading that only people can fill is neither written nor declared empty."""
    unwritten = missing(outline(draft.outline), own_words(draft))
    if unwritten:
        raise Invalid({f"w-{part.key}": UNWRITTEN.format(part.heading) for part in unwritten})


def put_up(draft: ReportDraft, *, by: User, now: datetime) -> None:
    """Lay a consolidated report before its leader; raises as `hand_up` does."""
    require(by.role, Deed.WRITE_REPORT)
    _of_the_whole(draft)
    _complete(draft)
    with atomic():
        _hold(draft, None)
        draft.put_up_at = now
        record("report_draft", draft.id, "put_up", by=by, now=now)


def take_back(draft: ReportDraft, *, by: User, now: datetime) -> None:
    """Take a consolidated report back before its leader has decided. Raises Refused afterwards."""
    require(by.role, Deed.WRITE_REPORT)
    with atomic():
        _waiting(draft, Stage.WITH_LEADER)
        draft.put_up_at = None
        record("report_draft", draft.id, "take_back", by=by, now=now)


def approve(draft: ReportDraft, content: bytes, name: str, *, folder: Path, by: User, now: datetime) -> None:
    """Approve a consolidated report: its file is kept as it is now. File first, fact second.

    Raises Refused for whoever wrote it: the hand that writes is not the one that approves.
    """
    require(by.role, Deed.APPROVE_REPORT)
    if draft.written_by_id == by.person_id:
        raise Refused("Người soạn không tự duyệt báo cáo của mình; đề nghị lãnh đạo khác duyệt.")
    kept = accept([Upload(io.BytesIO(content), name)], folder, max_mb=LARGEST_MB)
    with atomic():
        _waiting(draft, Stage.WITH_LEADER)
        draft.approved, draft.decided_at, draft.decided_by_id, draft.note = True, now, by.person_id, ""
        draft.file = remember(kept[0], by=by, now=now)
        record("report_draft", draft.id, "approve", by=by, now=now, sha256=kept[0].sha256)


def give_back(draft: ReportDraft, reason: str, *, by: User, now: datetime) -> None:
    """Give a consolidated report back to be mended, approved or not. Raises Invalid without a reason."""
    require(by.role, Deed.APPROVE_REPORT)
    if not reason.strip():
        raise Invalid({"reason": "Ghi lý do trả lại để người soạn sửa."})
    with atomic():
        _waiting(draft, Stage.WITH_LEADER, Stage.APPROVED)
        draft.approved, draft.decided_at, draft.decided_by_id = False, now, by.person_id
        draft.note, draft.file = reason.strip(), None
        record("report_draft", draft.id, "give_back", by=by, now=now, reason=draft.note)


def _of_the_whole(draft: ReportDraft) -> None:
    if kind_of(draft) != "province":
        raise Refused("Báo cáo của đơn vị được gửi theo nhiệm vụ yêu cầu báo cáo.")


def _waiting(draft: ReportDraft, *stages: Stage) -> None:
    """Hold the draft; raise Refused unless it stands at one of the stages."""
    db.session.refresh(draft, with_for_update={"of": ReportDraft})
    _of_the_whole(draft)
    if stage(draft) not in stages:
        raise Refused(f"Báo cáo đang ở bước «{STAGE_LABELS[stage(draft)]}».")
