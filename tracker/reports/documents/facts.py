"""What the papers of one unit and day are made of, asked once: figures, duties, targets, documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.evidence.models import Evidence
from tracker.reminders.silent import silence_notes
from tracker.reports.documents.duties import Duty, duties, midnight_after
from tracker.reports.documents.naming import head_of
from tracker.reports.queries import Figures, Scope, figures
from tracker.rules.letterheads import Letterhead
from tracker.rules.rates import Box, DoesNotAddUp, Tally
from tracker.tasks.queries import Day, targets
from tracker.units.models import Unit
from tracker.units.queries import province_of


@dataclass(frozen=True)
class Facts:
    """One unit at the end of one day; `source` names the closed period that it is taken from, if any.

    `silences` say where nobody was reminded meanwhile.
    """

    scope: Scope
    head: Letterhead
    superior: Letterhead
    figures: Figures
    duties: Sequence[Duty]
    targets: Sequence[Any]
    documents: Sequence[Any]
    source: str = ""
    silences: Sequence[str] = ()

    @property
    def tally(self) -> Tally:
        """The counts of the figures."""
        return self.figures.tally


def facts(scope: Scope, day: Day, *, today: date, since: date | None = None, superior_line: bool = False) -> Facts:
    """All that a unit's report says from the house's own knowledge; documents are those from `since` on.

    Raises DoesNotAddUp when lists and counts differ.
    """
    counted = figures(scope, day, today=today)
    listed = duties(scope, day, today=today)
    reconcile(counted.tally, listed)
    return Facts(
        scope=scope,
        head=head_of(scope.unit, superior_line=superior_line),
        superior=head_of(province_of(scope.unit) or scope.unit),
        figures=counted,
        duties=listed,
        targets=[] if scope.directive else targets(scope.unit.path, day.on),
        documents=_documents(scope.unit, since, day.on),
        silences=silences_of(scope, day),
    )


def silences_of(scope: Scope, day: Day) -> list[str]:
    """Where nobody was reminded on the day of the figures, or in their period up to it."""
    return silence_notes(scope.unit, scope.period.start if scope.period else None, day.on)


def reconcile(tally: Tally, listed: Sequence[Duty], boxes: Sequence[Box] = tuple(Box)) -> None:
    """Raise DoesNotAddUp unless each box holds as many duties as it counts."""
    lines = Counter(one.box for one in listed if one.box)
    wrong = [box for box in boxes if lines[box] != getattr(tally, box.value)]
    if wrong:
        raise DoesNotAddUp("Danh mục nhiệm vụ không khớp số liệu. Không lập báo cáo khi số liệu chưa khớp.")


def _documents(unit: Unit, since: date | None, until: date) -> Sequence[Evidence]:
    """The numbered documents that the unit itself had shown by the day, once each, oldest first."""
    query = sa.select(Evidence).where(
        Evidence.unit_id == unit.id,
        Evidence.doc_symbol != "",
        Evidence.doc_on <= until,
        Evidence.added_at < midnight_after(until),
    )
    if since is not None:
        query = query.where(Evidence.doc_on >= since)
    found = db.session.scalars(query.order_by(Evidence.doc_on, Evidence.id)).all()
    return list({(one.doc_symbol, one.doc_on): one for one in found}.values())
