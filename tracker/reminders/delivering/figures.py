"""What messages may say of units and people as a whole, at this moment: one question for all of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.calendars.queries import working_calendar
from tracker.reminders.delivering.judging import Judged
from tracker.reminders.letters.wholes import Of, Whole, speaks_of
from tracker.reminders.models import Message
from tracker.rules.deadlines import Policy, effective_due
from tracker.rules.notices import Channel, Hearer
from tracker.tasks.queries import Day, load_of, loads


@dataclass(frozen=True)
class Spoken:
    """Of what one message speaks, and the units and assignment that it has to be asked about."""

    whole: Whole
    unit_ids: frozenset[int]
    oldest_id: int | None = None


def spoken_of(packed: Sequence[tuple[Message, Judged]], today: date, policy: Policy) -> list[Spoken]:
    """Of what each of these messages speaks, with the numbers of those that state any."""
    told = [_spoken(pairs) for _, pairs in packed]
    counting = [
        one.whole.of is not Of.MESSAGE and _counts(message, pairs, today)
        for one, (message, pairs) in zip(told, packed, strict=True)
    ]
    asked = {unit_id for one, counts in zip(told, counting, strict=True) if counts for unit_id in one.unit_ids}
    if not asked:
        return told
    day = Day(today, working_calendar(), policy)
    known = loads(asked, day, overdue_only=not any(_by_zalo(message) for message, _ in packed))

    def counted(one: Spoken) -> Spoken:
        officer_id = one.whole.person_id if one.whole.of is Of.PERSON else None
        load = load_of(known, one.unit_ids, officer_id)
        due_on, oldest_id = load.oldest or (None, None)
        end = effective_due(due_on, day.calendar, policy)
        return replace(one, whole=replace(one.whole, load=load, oldest_end=end), oldest_id=oldest_id)

    return [counted(one) if counts else one for one, counts in zip(told, counting, strict=True)]


def _counts(message: Message, pairs: Judged, today: date) -> bool:
    """Whether a message states how much there is in all: any by Zalo may, by e-mail those that ask to direct."""
    if _by_zalo(message):
        return True
    late = all(one.end is not None and one.end < today for _, one in pairs)
    return len(pairs) > 1 and late and all(one.hearer is not Hearer.OFFICER for _, one in pairs)


def _by_zalo(message: Message) -> bool:
    return message.channel == Channel.ZALO.value


def _spoken(pairs: Judged) -> Spoken:
    rows = [one.row for _, one in pairs]
    of = speaks_of({one.hearer for _, one in pairs}, rows)
    units = frozenset(row.unit_id for row in rows)
    unit_id = next(iter(units)) if len(units) == 1 else 0
    return Spoken(Whole(of, unit_id, pairs[0][1].contact.person_id), units)
