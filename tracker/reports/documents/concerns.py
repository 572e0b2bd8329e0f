"""What a meeting should look at: units far behind, tasks that many units cannot do, what to direct.

All of it follows from the duties overdue at the end of a day, so it holds for any day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.reports.documents.duties import Duty
from tracker.rules.causes import CAUSES
from tracker.rules.rates import Rate, Tally, rates
from tracker.rules.sentences import padded
from tracker.tasks.queries import Day
from tracker.units.models import Unit

PATIENCE_WORKING_DAYS = 3
LONG_OVERDUE_DAYS = 30
MANY_UNITS = 10
MOST_NAMED = 3
MOST_PROPOSED = 4
LONGEST_CONTENT = 80


@dataclass(frozen=True)
class Concern:
    """A unit with overdue work: its tally, days of its oldest delay, the change of its overdue work in a week."""

    unit: Unit
    tally: Tally
    days: int
    change: int

    @property
    def rate(self) -> Rate:
        """Done of all."""
        return rates(self.tally)["R1"]


def concerns(
    now: Sequence[tuple[Unit, Tally]], before: Mapping[int, Tally], overdue: Sequence[Duty], on: date
) -> list[Concern]:
    """The units with anything overdue: most first, then the longest, then by name; `before` is by unit."""
    oldest = {one.unit_id: one.due_on for one in sorted(overdue, key=lambda one: str(one.due_on), reverse=True)}
    found = [
        Concern(
            unit,
            tally,
            _days(oldest.get(unit.id), on),
            tally.open_overdue - before.get(unit.id, Tally()).open_overdue,
        )
        for unit, tally in now
        if tally.open_overdue
    ]
    return sorted(found, key=lambda one: (-one.tally.open_overdue, -one.days, one.unit.sort_key))


def _days(due_on: date | None, on: date) -> int:
    return (on - due_on).days if due_on else 0


@dataclass(frozen=True)
class Problem:
    """A task that is overdue at several units, with the cause that they name most often."""

    task_id: int
    content: str
    units: int
    cause: str


def problems(overdue: Sequence[Duty]) -> list[Problem]:
    """The tasks overdue at several units, those of most units first."""
    found = []
    for task_id in dict.fromkeys(one.task_id for one in overdue):
        late = [one for one in overdue if one.task_id == task_id]
        named = Counter(one.cause for one in late if one.cause).most_common(1)
        found.append(Problem(task_id, late[0].content, len(late), named[0][0] if named else ""))
    several = [one for one in found if one.units > 1]
    return sorted(several, key=lambda one: (-one.units, one.task_id))


@dataclass(frozen=True)
class Proposal:
    """What the figures suggest to direct: about one task (`task_id`), work long overdue, or results waiting."""

    text: str
    waiting: bool = False
    task_id: int | None = None


def proposals(overdue: Sequence[Duty], found: Sequence[Problem], slow: int, day: Day) -> list[Proposal]:
    """A common cause at many units, delays of more than a month, a queue at the assigning side's own door."""
    said = [
        Proposal(
            f"Tháo gỡ chung «{CAUSES[one.cause]}» cho nhiệm vụ «{shortened(one.content)}»: "
            f"{padded(one.units)} đơn vị quá hạn.",
            task_id=one.task_id,
        )
        for one in found
        if one.units >= MANY_UNITS and one.cause
    ]
    late = [one for one in overdue if _days(one.due_on, day.on) > LONG_OVERDUE_DAYS]
    if late:
        often = Counter(one.unit_name for one in late).most_common()
        names = ", ".join(name for name, _ in often[:MOST_NAMED])
        others = f" và {padded(len(often) - MOST_NAMED)} đơn vị khác" if len(often) > MOST_NAMED else ""
        said.append(Proposal(f"{names}{others} giải trình nhiệm vụ quá hạn trên {LONG_OVERDUE_DAYS} ngày."))
    if slow:
        queue = f"Cấp giao việc duyệt {padded(slow)} kết quả đã chờ quá {PATIENCE_WORKING_DAYS} ngày làm việc."
        said.append(Proposal(queue, waiting=True))
    return said[:MOST_PROPOSED]


def waiting_long(sent_on: Sequence[date], day: Day) -> int:
    """How many of the results sent on these days have waited longer than patience has working days."""
    return sum(day.calendar.working_days_between(sent, day.on) > PATIENCE_WORKING_DAYS for sent in sent_on)


def shortened(content: str) -> str:
    """The beginning of a long content, cut between words."""
    return content if len(content) <= LONGEST_CONTENT else f"{content[:LONGEST_CONTENT].rsplit(' ', 1)[0]}…"
