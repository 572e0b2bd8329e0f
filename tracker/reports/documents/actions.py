"""Writing a unit's report and handing it in by the task it answers: to the leader, then to the superior."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.accounts.acting import User
from tracker.db import STALE, atomic, db
from tracker.errors import Conflict, Invalid, NotFound, Refused
from tracker.evidence.intake import Upload
from tracker.history.actions import record
from tracker.reports.documents.commune import Words
from tracker.reports.documents.drafts import OPEN_TO_CHANGE, STAGE_LABELS, missing, own_words, stage
from tracker.reports.documents.models import ReportDraft
from tracker.reports.documents.outlines import outline
from tracker.rules.access import Deed, require
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
    by: User,
    now: datetime,
) -> ReportDraft:
    """Begin a report of the unit by an outline, for the task that orders it where there is one."""
    require(by.role, Deed.WRITE_REPORT)
    if not unit.path.startswith(by.unit_path) or (ordered is not None and ordered.unit_id != unit.id):
        raise NotFound
    _check_days(since, as_of, now)
    with atomic():
        draft = ReportDraft(
            unit_id=unit.id,
            outline=outline(outline_key).key,
            as_of=as_of,
            since=since,
            assignment=ordered,
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
    unwritten = missing(outline(draft.outline), own_words(draft))
    if unwritten:
        raise Invalid({f"w-{part.key}": UNWRITTEN.format(part.heading) for part in unwritten})
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
