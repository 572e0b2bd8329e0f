"""What an import comes to before it is issued: tasks, units, assignments, and what is unkind about its due dates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.db import db
from tracker.directives.drafts import kept_rows, row_counts
from tracker.directives.models import ImportDraft
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.collisions import Collision, Planned, collisions
from tracker.rules.lifecycle import OPEN
from tracker.tasks.amending import changes_of, tasks_of_directive, wording_of
from tracker.tasks.models import Assignment
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS, below


@dataclass(frozen=True)
class Plan:
    """An import as it would be issued: each row with the units that would lead it, each unit's tasks counted once.

    `bad` and `unsure` are rows that stand in the way, `left_out` those that stay behind. `taking_up` are the ids of
    rows that take up a task of the directive that the import amends: nobody is given them, they change that task.
    """

    rows: Sequence[tuple[sa.Row[Any], Sequence[Unit]]]
    units: Sequence[Unit]
    bad: int
    unsure: int
    left_out: int
    taking_up: frozenset[int] = frozenset()

    @property
    def assignments(self) -> int:
        """How many assignments would come of it, a recurring duty of a unit counted once."""
        return sum(len(units) for _, units in self.rows)


def plan(draft: ImportDraft, by: User) -> Plan:
    """What the draft comes to under its scope."""
    units = below(by.province_path)
    known = {unit.id: unit for unit in units}
    communes = [unit for unit in units if unit.kind in COMMUNE_KINDS]
    chosen = _chosen(draft, units, communes)
    counts = row_counts(draft)
    kept = kept_rows(draft)
    taking = [(row, chosen if chosen is not None else _named(row, known)) for row in kept]
    changing = _taking_up(draft, kept)
    taking = [(row, [] if row.id in changing else leads) for row, leads in taking]
    concerned = {unit.id: unit for _, leads in taking for unit in leads}
    return Plan(taking, list(concerned.values()), counts["bad"], counts["unsure"], counts["left_out"], changing)


def _taking_up(draft: ImportDraft, kept: Sequence[sa.Row[Any]]) -> frozenset[int]:
    """The ids of the rows that say anew what a task of the amended directive says."""
    if draft.amends is None:
        return frozenset()
    old = [wording_of(task, ordinal=task.ordinal) for task in tasks_of_directive(draft.amends)]
    new = [wording_of(row, ordinal=row.ordinal) for row in kept]
    return frozenset(kept[place].id for _, place in changes_of(old, new))


def _chosen(draft: ImportDraft, units: Sequence[Unit], communes: Sequence[Unit]) -> Sequence[Unit] | None:
    """The units that get every task; none when the rows themselves say who gets them."""
    if draft.scope == "rows":
        return None
    if draft.scope == "all":
        return communes
    if draft.scope.startswith("cluster:"):
        return [unit for unit in communes if unit.cluster == draft.scope.removeprefix("cluster:")]
    return [unit for unit in units if unit.id in set(draft.unit_ids)] if draft.scope == "units" else []


def _named(row: sa.Row[Any], known: dict[int, Unit]) -> list[Unit]:
    return [known[unit_id] for unit_id in row.leads["units"] if unit_id in known]


def seen_collisions(plan: Plan, today: date, calendar: WorkingCalendar) -> list[Collision]:
    """What is unkind about the due dates of a plan, beside what its units have to do already."""
    planned = [Planned(row.due_on, [unit.id for unit in units]) for row, units in plan.rows]
    days = [one.due_on for one in planned if one.due_on is not None]
    busy = _busy([unit.id for unit in plan.units], days, calendar) if days else {}
    return collisions(planned, busy, today, calendar)


def _busy(unit_ids: Sequence[int], days: Collection[date], calendar: WorkingCalendar) -> dict[tuple[int, date], int]:
    """How much open work of these units falls due near these days, by unit and printed due date."""
    first, last = calendar.last_working_day_before(min(days)), calendar.roll(max(days))
    found = db.session.execute(
        sa.select(Assignment.unit_id, Assignment.due_on, sa.func.count())
        .where(
            Assignment.unit_id.in_(unit_ids),
            Assignment.state.in_([state.value for state in OPEN]),
            Assignment.due_on.between(first, last),
        )
        .group_by(Assignment.unit_id, Assignment.due_on)
    )
    return {(unit_id, due_on): number for unit_id, due_on, number in found if due_on is not None}
