"""Closing a period (chốt số liệu): its figures are frozen with the list behind them, under a number."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.calendars.queries import working_calendar
from tracker.db import atomic, db
from tracker.directives.models import Directive
from tracker.errors import Invalid, NotFound, Refused
from tracker.history.actions import record
from tracker.reports.documents.duties import cause_of
from tracker.reports.documents.frozen import keep_beside
from tracker.reports.models import Snapshot, SnapshotRow
from tracker.reports.queries import Scope, figures
from tracker.reports.queries.figures import facts_at
from tracker.reports.queries.snapshots import fingerprint, latest
from tracker.rules.access import Deed, require
from tracker.rules.deadlines import Policy
from tracker.rules.differences import RULES_VERSION
from tracker.rules.lifecycle import State
from tracker.rules.periods import Period
from tracker.tasks import standing
from tracker.tasks.models import Task
from tracker.tasks.queries import Day, part
from tracker.units.models import Unit
from tracker.units.queries import subtree

COLUMNS = [column.name for column in SnapshotRow.__table__.columns]


def close(scope: Scope, *, by: User | None, now: datetime, policy: Policy, reason: str = "") -> Snapshot:
    """Freeze the figures of the scope's period as they are known now; without `by` it is the house that closes.

    A period that was closed before is closed again only with a reason, as a new version under the same number.
    Raises Forbidden, NotFound for another side's unit, Refused for a period that has not ended, Invalid.
    """
    period = _ended(scope.period, now.date())
    if by is not None:
        require(by.role, Deed.CLOSE_PERIOD)
        if not scope.unit.path.startswith(by.unit_path):
            raise NotFound
    with atomic():
        db.session.refresh(scope.unit, with_for_update={"of": Unit})
        before = latest(scope)
        if before is not None and not reason.strip():
            raise Invalid({"reason": f"Kỳ này đã chốt (số {before.name}). Ghi lý do chốt lại."})
        day = Day(period.cutoff, working_calendar(), policy)
        snapshot = _frozen(scope, period, day, now, by)
        snapshot.reason = reason.strip() if before else ""
        snapshot.version = before.version + 1 if before else 1
        db.session.flush()
        snapshot.number = before.number if before else f"BC-{period.cutoff.year}-{snapshot.id:04}"
        _keep_rows(snapshot, scope, period, day, now.date())
        keep_beside(snapshot, scope, day, today=now.date())
        snapshot.fingerprint = fingerprint(snapshot)
        said = {"number": snapshot.number, "version": snapshot.version, "fingerprint": snapshot.fingerprint}
        record("snapshot", snapshot.id, "close", by=by, now=now, reason=snapshot.reason, **said)
    return snapshot


def _ended(period: Period | None, today: date) -> Period:
    if period is None:
        raise Invalid({"period": "Chọn kỳ báo cáo hoặc ngày đầu kỳ để chốt số liệu."})
    if period.cutoff > today:
        raise Refused(f"Kỳ này đến {period.cutoff:%d/%m/%Y} mới kết thúc nên chưa chốt được.")
    return period


def _frozen(scope: Scope, period: Period, day: Day, now: datetime, by: User | None) -> Snapshot:
    snapshot = Snapshot(
        number=f"mới {now.timestamp()}",
        unit_id=scope.unit.id,
        directive_id=scope.directive.id if scope.directive else None,
        period_code=period.code,
        period_name=period.name,
        start_on=period.start,
        cutoff_on=period.cutoff,
        closed_at=now,
        closed_by_id=by.person_id if by else None,
        closed_by_name=by.name if by else "",
        rules_version=RULES_VERSION,
        figures=figures(scope, day, today=now.date()).as_json(),
    )
    db.session.add(snapshot)
    return snapshot


def _keep_rows(snapshot: Snapshot, scope: Scope, period: Period, day: Day, today: date) -> None:
    """Write the list behind the figures by the very question that counts them; no row passes through memory."""
    facts = facts_at(day, today=today)
    columns = facts.columns
    values: dict[str, Any] = {
        "snapshot_id": sa.literal(snapshot.id),
        "assignment_id": facts.id,
        "unit_id": columns.unit_id,
        "unit_name": Unit.name,
        "content": Task.content,
        "doc_symbol": Directive.doc_symbol,
        "part": part(facts, period.start, scope.unit.path),
        "kind": columns.kind,
        "state": columns.state,
        "box": standing.box(columns, day.on, day.calendar, day.policy),
        "due_on": columns.due_on,
        "completed_on": columns.completed_on,
        "task_id": columns.task_id,
        "directive_id": Task.directive_id,
        "unit_kind": Unit.kind,
        "due_text": Task.due_text,
        "cause": cause_of(facts, day.on),
        "outcome": sa.cast(sa.null(), sa.Text),
    }
    query = (
        sa.select(*(values[name].label(name) for name in COLUMNS))
        .select_from(columns)
        .join(Unit, Unit.id == columns.unit_id)
        .join(Task, Task.id == columns.task_id)
        .join(Directive, Directive.id == Task.directive_id)
        .where(facts.then, columns.unit_id.in_(subtree(scope.unit.path)), columns.state != State.DRAFT.value)
        .where(columns.upward.is_(scope.upward))
    )
    if scope.directive is not None:
        query = query.where(Task.directive_id == scope.directive.id)
    db.session.execute(sa.insert(SnapshotRow).from_select(COLUMNS, query))
