"""Asking about closed periods, on behalf of a person: those of their own unit and below."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.accounts.acting import User
from tracker.db import db
from tracker.errors import NotFound
from tracker.reports.models import Snapshot, SnapshotRow
from tracker.reports.queries.figures import Scope
from tracker.rules.lifecycle import COUNTED, EXCLUDED, Kind, State
from tracker.rules.periods import Part
from tracker.rules.rates import Box, Tally
from tracker.tasks.standing import UNCOUNTED_STATES
from tracker.units.queries import subtree

NO_SNAPSHOT = "Không tìm thấy bản chốt số liệu này."
WORKED = (Part.IN_PERIOD.value, Part.CARRIED_OVER.value)


def snapshots(user: User, *, limit: int = 100) -> Sequence[Snapshot]:
    """The closed periods that a person may see, the latest first."""
    return db.session.scalars(
        sa.select(Snapshot)
        .where(Snapshot.unit_id.in_(subtree(user.unit_path)))
        .options(joinedload(Snapshot.unit), joinedload(Snapshot.directive))
        .order_by(Snapshot.id.desc())
        .limit(limit)
    ).all()


def snapshot(user: User, snapshot_id: int) -> Snapshot:
    """One closed period; raises NotFound when it is not the person's to see."""
    found = db.session.scalar(
        sa.select(Snapshot).where(Snapshot.id == snapshot_id, Snapshot.unit_id.in_(subtree(user.unit_path)))
    )
    if found is None:
        raise NotFound(NO_SNAPSHOT)
    return found


def by_number(number: str) -> Snapshot:
    """The latest version under a number, or the one after a slash: «BC-2026-0007», «BC-2026-0007/1»."""
    name, _, version = number.strip().partition("/")
    query = sa.select(Snapshot).where(Snapshot.number == name).order_by(Snapshot.version.desc())
    if version:
        query = query.where(Snapshot.version == (int(version) if version.isdigit() else 0))
    found = db.session.scalar(query.limit(1))
    if found is None:
        raise NotFound(f"Không có bản chốt số liệu mang số «{number}».")
    return found


def versions(of: Snapshot) -> Sequence[Snapshot]:
    """All versions under the number of a snapshot, the latest first."""
    return db.session.scalars(
        sa.select(Snapshot).where(Snapshot.number == of.number).order_by(Snapshot.version.desc())
    ).all()


def latest(scope: Scope) -> Snapshot | None:
    """The last closing of just this scope and period."""
    if scope.period is None:
        return None
    return db.session.scalar(
        sa.select(Snapshot)
        .where(
            Snapshot.unit_id == scope.unit.id,
            Snapshot.directive_id.is_not_distinct_from(scope.directive.id if scope.directive else None),
            Snapshot.start_on == scope.period.start,
            Snapshot.cutoff_on == scope.period.cutoff,
        )
        .order_by(Snapshot.version.desc())
        .limit(1)
    )


def tally_in(of: Snapshot) -> Tally:
    """The frozen counts as a tally."""
    said = of.figures
    met, total = said["targets"]["met"], said["targets"]["total"]
    boxes = {box.value: said["boxes"][box.value] for box in Box}
    return Tally(**boxes, standing=said["standing"], excluded=said["excluded"], targets_met=met, targets_total=total)


def grouped(of: Snapshot, *keys: Any) -> dict[tuple[Any, ...], Tally]:
    """The frozen work of the period counted by columns of its rows, those waiting for confirmation too."""
    columns = (SnapshotRow.kind, SnapshotRow.state, SnapshotRow.box)
    query = sa.select(*keys, *columns, sa.func.count().label("number")).where(*_behind(of, "", ""))
    found: dict[tuple[Any, ...], Tally] = {}
    for row in db.session.execute(query.group_by(*keys, *columns)):
        key = tuple(row[: len(keys)])
        found[key] = found.get(key, Tally()) + _tally_of(row)
    return found


def _tally_of(row: Any) -> Tally:
    """The count of rows that are alike."""
    found: dict[str, int] = {}
    if row.state in EXCLUDED:
        found["excluded"] = row.number
    if row.box and row.kind == Kind.STANDING:
        found["standing"] = row.number
    if row.box and row.kind in COUNTED:
        found[row.box] = row.number
        found["pending"] = row.number if row.state == State.SUBMITTED else 0
    return Tally(**found)


def rows(of: Snapshot, *, box: str = "", part: str = "", limit: int = 50, offset: int = 0) -> Sequence[SnapshotRow]:
    """The list behind a figure: of one box, or of what stands beside the total, and of one part of the period."""
    query = sa.select(SnapshotRow).where(*_behind(of, box, part))
    order = (SnapshotRow.unit_name, SnapshotRow.due_on, SnapshotRow.assignment_id)
    return db.session.scalars(query.order_by(*order).limit(limit).offset(offset)).all()


def row_count(of: Snapshot, *, box: str = "", part: str = "") -> int:
    """How many rows stand behind a figure."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(SnapshotRow).where(*_behind(of, box, part))) or 0


def _behind(of: Snapshot, box: str, part: str) -> list[Any]:
    counted = SnapshotRow.kind.in_([kind.value for kind in COUNTED])
    parts = [part] if part in {*Part} else list(WORKED if part != "cumulative" else Part)
    conditions = [SnapshotRow.snapshot_id == of.id, SnapshotRow.part.in_(parts)]
    beside = {
        "": sa.true(),
        "counted": sa.and_(counted, SnapshotRow.state.not_in(UNCOUNTED_STATES)),
        "done": sa.and_(counted, SnapshotRow.state == State.COMPLETED.value),
        "standing": sa.and_(SnapshotRow.kind == Kind.STANDING.value, SnapshotRow.box.is_not(None)),
        "excluded": SnapshotRow.state.in_([state.value for state in EXCLUDED]),
    }
    return [*conditions, beside[box] if box in beside else sa.and_(counted, SnapshotRow.box == box)]


def fingerprint(of: Snapshot) -> str:
    """The hash over the frozen figures and every row, in the order of the assignments.

    What papers say besides enters only where it is kept, so that the hash of an older closing stays what it was.
    """
    digest = hashlib.sha256(_written(of.figures))
    if of.beside:
        digest.update(_written(of.beside))
    columns = [column for column in SnapshotRow.__table__.columns if column.name != "snapshot_id"]
    query = sa.select(*columns).where(SnapshotRow.snapshot_id == of.id).order_by(SnapshotRow.assignment_id)
    for row in db.session.execute(query):
        kept = row if any(value is not None for value in row[_FIRST_COLUMNS:]) else row[:_FIRST_COLUMNS]
        digest.update("\x1f".join(str(value) for value in kept).encode() + b"\x1e")
    return digest.hexdigest()


_FIRST_COLUMNS = 11
"""How many columns a row had besides its snapshot before papers were made from closed periods."""


def _written(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def is_whole(of: Snapshot) -> bool:
    """Whether neither figures nor list were altered since the closing."""
    return of.fingerprint == fingerprint(of)
