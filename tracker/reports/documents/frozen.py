"""What papers of a closed period are made of: the frozen figures and rows, never those of today.

closing ──► rows, and what else papers say (keep_beside) ──► frozen_facts · frozen_whole · frozen_urge
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa

from tracker.db import db
from tracker.directives.models import Directive
from tracker.reports.documents.concerns import problems, proposals, waiting_long
from tracker.reports.documents.duties import Duty, waiting_since
from tracker.reports.documents.facts import Facts, facts, reconcile, silences_of
from tracker.reports.documents.naming import cited, head_of
from tracker.reports.documents.province import Whole
from tracker.reports.documents.urging import Urge, urge_of
from tracker.reports.documents.wording import outcome, shown
from tracker.reports.models import Snapshot, SnapshotRow
from tracker.reports.queries import Figures, Scope
from tracker.reports.queries.snapshots import WORKED, grouped, tally_in
from tracker.rules.lifecycle import COUNTED, Kind, State
from tracker.rules.periods import Part, period
from tracker.rules.rates import Box, Tally
from tracker.tasks.queries import Day
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS, communes, province_of


@dataclass(frozen=True)
class FrozenFigures(Figures):
    """Figures as they were closed; their sentence is the one of that day, whatever the rules say since."""

    said: str = ""

    @property
    def sentence(self) -> str:
        """The frozen words."""
        return self.said


@dataclass(frozen=True)
class FrozenDocument:
    """A document of a unit as a line of a list, with its day."""

    line: str
    doc_on: date | None


# ── Keeping ───────────────────────────────────────────────────────────────────────────────────────────────────────


def keep_beside(snapshot: Snapshot, scope: Scope, day: Day, *, today: date) -> None:
    """Keep what papers say beside rows and figures; a unit that reports for itself also keeps what came of each."""
    kept: dict[str, Any] = {"papers": _papers(snapshot), "waiting_long": _waiting(scope, day, today)}
    if told := silences_of(scope, day):
        kept["silences"] = told
    if scope.unit.kind in COMMUNE_KINDS:
        known = facts(scope, day, today=today)
        kept["documents"] = [[shown(one), one.doc_on and one.doc_on.isoformat()] for one in known.documents]
        kept["targets"] = [_target(one) for one in known.targets]
        _keep_outcomes(snapshot, known.duties)
    else:
        kept["idle"] = _idle(snapshot, scope.unit)
    snapshot.beside = kept


def _papers(snapshot: Snapshot) -> dict[str, str]:
    ids = sa.select(SnapshotRow.directive_id).where(SnapshotRow.snapshot_id == snapshot.id)
    found = db.session.scalars(sa.select(Directive).where(Directive.id.in_(ids)))
    return {str(one.id): cited(one) for one in found}


def _waiting(scope: Scope, day: Day, today: date) -> int:
    return waiting_long(waiting_since(scope, day, today=today), day)


def _target(row: Any) -> dict[str, Any]:
    value, goal = (None if one is None else str(one) for one in (row.value, row.Target.goal))
    return {
        "content": row.Target.content,
        "measure": row.Target.measure,
        "goal": goal,
        "value": value,
        "met": row.met,
    }


def _keep_outcomes(snapshot: Snapshot, listed: Sequence[Duty]) -> None:
    said = [{"one": duty.assignment_id, "said": text} for duty in listed if (text := outcome(duty))]
    if said:
        table = cast(sa.Table, SnapshotRow.__table__)
        mine = table.c.snapshot_id == snapshot.id
        row = sa.and_(mine, table.c.assignment_id == sa.bindparam("one"))
        db.session.connection().execute(sa.update(table).where(row).values(outcome=sa.bindparam("said")), said)


def _idle(snapshot: Snapshot, unit: Unit) -> list[str]:
    busy = {unit_id for (unit_id,), tally in grouped(snapshot, SnapshotRow.unit_id).items() if tally.total}
    return [one.name for one in communes(unit.path) if one.id not in busy]


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────────────────────


def source_of(of: Snapshot) -> str:
    """Which closing a paper speaks from: its number, its moment and the version of the rules."""
    return (
        f"(Số liệu theo bản chốt số {of.name}, chốt lúc {of.closed_at:%H:%M} ngày {of.closed_at:%d/%m/%Y}, "
        f"cách tính phiên bản {of.rules_version})"
    )


def frozen_figures(of: Snapshot) -> FrozenFigures:
    """The figures of a closed period. Raises DoesNotAddUp when its rows are not as many as they say."""
    counted = sum(grouped(of).values(), Tally())
    tally = tally_in(of) + Tally(pending=counted.pending)
    counted.check(tally.total)
    return FrozenFigures(
        unit_code=of.unit.code,
        unit_name=of.unit.name,
        as_of=of.cutoff_on,
        tally=tally,
        period=period(of.period_code),
        parts=_parts(of),
        said=of.figures["sentence"],
    )


def _parts(of: Snapshot) -> dict[Part, Tally]:
    found = grouped(of, SnapshotRow.part)
    return {Part(part): tally for (part,), tally in found.items()}


def frozen_facts(of: Snapshot, *, superior_line: bool = False) -> Facts:
    """What the report of one unit says of a closed period. Raises DoesNotAddUp when list and counts differ."""
    counted, listed = frozen_figures(of), _duties(of)
    reconcile(counted.tally, listed)
    documents = of.beside.get("documents", [])
    return Facts(
        scope=Scope(of.unit, of.directive, counted.period),
        head=head_of(of.unit, superior_line=superior_line),
        superior=head_of(province_of(of.unit) or of.unit),
        figures=counted,
        duties=listed,
        targets=[_told(one) for one in of.beside.get("targets", [])],
        documents=[FrozenDocument(line, date.fromisoformat(on) if on else None) for line, on in documents],
        source=source_of(of),
        silences=of.beside.get("silences", []),
    )


def _told(kept: dict[str, Any]) -> Any:
    """A target as the live question answers it."""
    goal, value = (None if kept[name] is None else Decimal(kept[name]) for name in ("goal", "value"))
    target = SimpleNamespace(content=kept["content"], measure=kept["measure"], goal=goal)
    return SimpleNamespace(Target=target, value=value, met=kept["met"])


def frozen_whole(of: Snapshot, day: Day) -> Whole:
    """What the consolidated report says of a closed period. Raises DoesNotAddUp when list and counts differ."""
    counted, overdue = frozen_figures(of), _duties(of, Box.OPEN_OVERDUE)
    reconcile(counted.tally, overdue, [Box.OPEN_OVERDUE])
    found = problems(overdue)
    return Whole(
        unit=of.unit,
        head=head_of(of.unit),
        figures=counted,
        units=_units(of),
        idle=of.beside.get("idle", []),
        papers=_by_paper(of),
        overdue=overdue,
        problems=found,
        proposals=proposals(overdue, found, of.beside.get("waiting_long", 0), day),
        source=source_of(of),
        silences=of.beside.get("silences", []),
    )


def _units(of: Snapshot) -> list[tuple[str, Tally]]:
    found = grouped(of, SnapshotRow.unit_id, SnapshotRow.unit_name)
    order = _order(Unit.id, Unit.sort_key, [unit_id for unit_id, _ in found])
    lines = sorted(found.items(), key=lambda one: (order.get(one[0][0], ""), one[0][0]))
    return [(name, tally) for (_unit, name), tally in lines]


def _by_paper(of: Snapshot) -> list[tuple[str, Tally]]:
    found = grouped(of, SnapshotRow.directive_id, SnapshotRow.doc_symbol)
    order = _order(Directive.id, Directive.issued_on, [one for one, _ in found if one])
    lines = sorted(found.items(), key=lambda one: (order.get(one[0][0], date.min), one[0][0] or 0), reverse=True)
    return [(_name(of, paper_id, symbol), tally) for (paper_id, symbol), tally in lines]


def _name(of: Snapshot, paper_id: int | None, symbol: str) -> str:
    """How the paper was cited then; an older closing kept its number alone."""
    return str(of.beside.get("papers", {}).get(str(paper_id), symbol))


def _order(key: Any, by: Any, ids: Sequence[int]) -> dict[int, Any]:
    return {row[0]: row[1] for row in db.session.execute(sa.select(key, by).where(key.in_(ids)))}


def frozen_urge(of: Snapshot, day: Day) -> Urge:
    """The letter that urges by a closed period. Raises Refused when nothing was overdue then."""
    counted, overdue = frozen_figures(of), _duties(of, Box.OPEN_OVERDUE)
    reconcile(counted.tally, overdue, [Box.OPEN_OVERDUE])
    return urge_of(of.unit, overdue, day, source=source_of(of), silences=of.beside.get("silences", []))


def _duties(of: Snapshot, box: Box | None = None) -> list[Duty]:
    """The frozen rows of the period's work as duties, in the order of live ones."""
    query = (
        sa.select(SnapshotRow)
        .outerjoin(Unit, Unit.id == SnapshotRow.unit_id)
        .outerjoin(Directive, Directive.id == SnapshotRow.directive_id)
        .where(SnapshotRow.snapshot_id == of.id, SnapshotRow.part.in_(WORKED))
        .order_by(Unit.sort_key, SnapshotRow.unit_id, Directive.issued_on, SnapshotRow.directive_id)
        .order_by(SnapshotRow.task_id, SnapshotRow.assignment_id)
    )
    if box is not None:
        kinds = [kind.value for kind in COUNTED]
        query = query.where(SnapshotRow.box == box.value, SnapshotRow.kind.in_(kinds))
    return [_duty(of, row) for row in db.session.scalars(query)]


def _duty(of: Snapshot, row: SnapshotRow) -> Duty:
    kind = Kind(row.kind)
    return Duty(
        assignment_id=row.assignment_id,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        unit_kind=row.unit_kind or "xa",
        task_id=row.task_id or 0,
        directive_id=row.directive_id or 0,
        doc_symbol=row.doc_symbol,
        cited=_name(of, row.directive_id, row.doc_symbol),
        content=row.content,
        due_text=row.due_text or "",
        due_on=row.due_on,
        kind=kind,
        state=State(row.state),
        box=Box(row.box) if row.box and kind in COUNTED else None,
        cause=row.cause or "",
        result=row.outcome or "",
    )
