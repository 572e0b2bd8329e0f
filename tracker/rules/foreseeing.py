"""What the coming days would bring if nothing happened: what is said for the first time on which day.

    … yesterday │ today … a fortnight
    said before │ whatever is in force and was not said yet, except while an area is silent

The days before today were lived under the cadence that holds, so a look at another one shows what saving it
would say at once: a new rung in force, or an old one to those who did not hear it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import State
from tracker.rules.notices import Audience, Step
from tracker.rules.reminding import Cadence, Rung, Term, is_unreceived, rung_in_force

Period = tuple[date, date]


@dataclass(frozen=True)
class Outlook:
    """What the coming days of an assignment depend on as long as nothing happens to it.

    `given_on` is the day on which work was given that is not received; `silent` are the periods, each with its
    first and last day, during which nobody is reminded of it.
    """

    term: Term | None
    given_on: date | None = None
    silent: tuple[Period, ...] = ()

    def is_silent(self, day: date) -> bool:
        """Whether nobody is reminded of it on the day."""
        return any(first <= day <= last for first, last in self.silent)


@dataclass(frozen=True)
class Opening:
    """A day on which something is said; `again`: it was said before, and is now said to more people or otherwise."""

    day: date
    rung: Rung
    again: bool = False


@dataclass(frozen=True, eq=False)
class Way:
    """One way of reminding: a cadence on a calendar. It remembers what a term says on a day, for many share one."""

    calendar: WorkingCalendar
    policy: Policy
    cadence: Cadence
    _rungs: dict[tuple[Term, date], Rung | None] = field(default_factory=dict, repr=False)

    def pending(self, outlook: Outlook, day: date) -> Rung | None:
        """What there is to say on the day: the rung in force, or that the work was not even received."""
        rung = self._rung(outlook.term, day) if outlook.term else None
        if rung is not None or outlook.given_on is None:
            return rung
        given_at, now = datetime.combine(outlook.given_on, time.min), datetime.combine(day, time.min)
        waits = is_unreceived(State.ASSIGNED, given_at, now, self.calendar, self.cadence)
        return Rung(Step.UNRECEIVED, outlook.given_on) if waits else None

    def _rung(self, term: Term, day: date) -> Rung | None:
        if (term, day) not in self._rungs:
            self._rungs[term, day] = rung_in_force(term, day, self.calendar, self.policy, self.cadence)
        return self._rungs[term, day]


def openings(outlook: Outlook, days: Sequence[date], way: Way, before: Way | None = None) -> Iterator[Opening]:
    """What is said on which of these days on end; those before them were lived the way `before`, or the same way."""
    before = before or way
    said = _said_before(outlook, days[0], before)
    for day in days:
        rung = way.pending(outlook, day)
        if rung is None or outlook.is_silent(day):
            continue
        if _name(rung) not in said:
            said.add(_name(rung))
            yield Opening(day, rung)
        elif day == days[0] and says_more(before.cadence.audience, way.cadence.audience, rung.step):
            yield Opening(day, rung, again=True)


def _said_before(outlook: Outlook, today: date, way: Way) -> set[tuple[str, int]]:
    """What was said until yesterday and may be in force again: since a silence began, or since the work was given."""
    yesterday = today - timedelta(days=1)
    begun = [first - timedelta(days=1) for first, last in outlook.silent if first <= yesterday <= last]
    start = min([yesterday, *begun, *([outlook.given_on] if outlook.given_on else [])])
    days = [start + timedelta(days=n) for n in range((today - start).days)]
    lived = [way.pending(outlook, day) for day in days if not outlook.is_silent(day)]
    return {_name(rung) for rung in lived if rung is not None}


def _name(rung: Rung) -> tuple[str, int]:
    """Under which name the outbox knows the rung."""
    return rung.code, rung.subject


def says_more(before: Audience, after: Audience, step: Step) -> bool:
    """Whether a step is heard by more capacities or more channels than before."""
    return any(set(cell.split()) - set(before[step].get(hearer, "").split()) for hearer, cell in after[step].items())


def anywhere(rung: Rung) -> Rung:
    """The rung without the day that belongs to one assignment, so that equal ones are counted together."""
    return Rung(rung.step, date.min, rung.days)
