"""What messages may say of units and people as a whole, at this moment: one question for all of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.reminders.delivering.judging import Judged
from tracker.reminders.letters.groups import LINES_IN_A_GROUP
from tracker.reminders.letters.items import inside_a_sentence
from tracker.reminders.letters.wholes import OF_UNIT, Of, State, Whole, speaks_of
from tracker.reminders.models import Message
from tracker.rules.deadlines import effective_due
from tracker.rules.notices import Channel, Hearer, Step
from tracker.tasks.queries import Day, load_of, loads, pressing


@dataclass(frozen=True)
class Spoken:
    """Of what one message speaks, and the units and assignment that it has to be asked about.

    `state_of` are the names of the units whose day it tells, by number, and `lines` the assignments that press there.
    """

    whole: Whole
    unit_ids: frozenset[int]
    oldest_id: int | None = None
    state_of: Mapping[int, str] = field(default_factory=dict)
    lines: Sequence[int] = ()


def spoken_of(packed: Sequence[tuple[Message, Judged]], day: Day) -> list[Spoken]:
    """Of what each of these messages speaks, with the numbers of those that state any."""
    told = [_spoken(pairs) for _, pairs in packed]
    counting = [
        one.whole.of is not Of.MESSAGE and _counts(message, pairs, day.on)
        for one, (message, pairs) in zip(told, packed, strict=True)
    ]
    in_state = {unit_id for one in told for unit_id in one.state_of}
    asked = {unit_id for one, counts in zip(told, counting, strict=True) if counts for unit_id in one.unit_ids}
    overdue_only = not in_state and not any(_by_zalo(message) for message, _ in packed)
    known = loads(asked | in_state, day, overdue_only=overdue_only) if asked or in_state else {}
    lines = pressing(in_state, day, LINES_IN_A_GROUP) if in_state else {}

    def counted(one: Spoken) -> Spoken:
        officer_id = one.whole.person_id if one.whole.of is Of.PERSON else None
        load = load_of(known, one.unit_ids, officer_id)
        due_on, oldest_id = load.oldest or (None, None)
        end = effective_due(due_on, day.calendar, day.policy)
        return replace(one, whole=replace(one.whole, load=load, oldest_end=end), oldest_id=oldest_id)

    def with_state(one: Spoken, units: Mapping[int, str]) -> Spoken:
        state = State(_place(units.values()), min(units) if len(units) == 1 else 0, load_of(known, units))
        own_lines = [number for unit_id in units for number in lines.get(unit_id, ())]
        return replace(one, whole=replace(one.whole, state=state), lines=own_lines)

    told = [counted(one) if counts else one for one, counts in zip(told, counting, strict=True)]
    return [with_state(one, one.state_of) if one.state_of else one for one in told]


def _counts(message: Message, pairs: Judged, today: date) -> bool:
    """Whether a message states how much there is in all: any by Zalo may, by e-mail those that ask to direct."""
    if _by_zalo(message):
        return True
    late = all(one.end is not None and one.end < today for _, one in pairs if one.topic.step is not Step.DAILY)
    return len(pairs) > 1 and late and all(one.hearer is not Hearer.OFFICER for _, one in pairs)


def _by_zalo(message: Message) -> bool:
    return message.channel == Channel.ZALO.value


def _spoken(pairs: Judged) -> Spoken:
    rows = [one.row for _, one in pairs]
    of = speaks_of({one.hearer for _, one in pairs}, rows)
    units = frozenset(row.unit_id for row in rows)
    unit_id = next(iter(units)) if len(units) == 1 else 0
    return Spoken(Whole(of, unit_id, pairs[0][1].contact.person_id), units, state_of=_state_of(pairs))


def _state_of(pairs: Judged) -> dict[int, str]:
    """Whose state a message tells: nobody's, or with one unit that of all for which its reader answers in it."""
    if all(one.topic.step is not Step.DAILY for _, one in pairs):
        return {}
    return {one.row.unit_id: one.row.unit_name for _, one in pairs if one.hearer in OF_UNIT}


def _place(names: Iterable[str]) -> str:
    several = sorted(names)
    return inside_a_sentence(several[0]) if len(several) == 1 else f"{len(several)} đơn vị"
