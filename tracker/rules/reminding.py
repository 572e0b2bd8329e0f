"""Reminding: which notice is in force on a day, when it may be said, when to try again; who hears it: `notices`.

    due_in_7 → due_in_3 → due_in_1 → due_today → overdue_1 → monitor_3 → leader_7 → weekly, every Monday

Only the highest rung that has been reached is ever said, so an outage of a week ends in one notice that is
true, not in one for every day that was missed. Whoever hears a rung hears all above it: the ladder only
gains hearers as it climbs past the due date. News (given, returned, decided) stand beside the ladder.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import SHORT_TERM_DAYS, Policy, effective_due, soon_threshold
from tracker.rules.lifecycle import WITH_UNIT, State
from tracker.rules.notices import AUDIENCE, Audience, Step
from tracker.rules.texts import fold

NEWS_DAYS = 30
"""Calendar days after which something that happened is no longer news."""

DIGEST_FROM = 3
"""So many pieces of news for one person on one day become one message."""

NEWS_PAUSE = timedelta(hours=1)
"""From then on news waits so long after the last letter for what else may come."""

FOLLOWED_WITHIN = timedelta(days=3)
"""For so long what people do after a notice counts as following it (ux.md §7.1)."""

_FIRST_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=4)
MOST_ATTEMPTS = 10
"""With the growing pauses about a day: then the next digest knows better than the old message."""


@dataclass(frozen=True)
class Cadence:
    """What a province may settle about reminding; all days are calendar days, all times house time."""

    days_before: tuple[int, ...] = (7, 3, 1)
    days_after: tuple[int, ...] = (1,)
    monitor_after_days: int = 3
    leader_after_days: int = 7
    opens_at: time = time(6, 30)
    closes_at: time = time(20, 0)
    digest_at: time = time(7, 0)
    undo_minutes: int = 15
    digest_until: time = time(10, 0)
    """The latest time at which a person may choose to get the digest."""
    receive_within_days: int = 2
    """Working days after which leaders hear that work given to their unit has not been received."""
    weeks_between: int = 1
    """After the ladder's end it is said again every so many Mondays."""
    audience: Audience = field(default_factory=lambda: AUDIENCE)
    """Who hears what by which channel."""


@dataclass(frozen=True)
class Rung:
    """One rung of an assignment's ladder. `subject` tells one Monday of a weekly rung from the next."""

    step: Step
    opens_on: date
    days: int = 0
    subject: int = 0

    @property
    def code(self) -> str:
        """The name under which it is written down and shown to programs: «due_in_3», «weekly»."""
        if self.step in (Step.DUE_SOON, Step.LAST_WARNING):
            return f"due_in_{self.days}"
        if self.step in (Step.OVERDUE, Step.MONITOR, Step.LEADER):
            return f"{self.step.value}_{self.days}"
        return self.step.value


def step_of(code: str) -> tuple[Step, int]:
    """The kind and the days that a rung's name stands for; every warning before the due date is «sắp đến hạn»."""
    name, _, days = code.rpartition("_")
    return (Step(name), int(days)) if days.isdigit() else (Step(code), 0)


@dataclass(frozen=True)
class Term:
    """What the ladder must know of an assignment: its due date as printed, when it was given, the wording."""

    due_on: date
    assigned_on: date
    due_text: str = ""


def plain_term(due_on: date, assigned_on: date, due_text: str) -> Term:
    """The term with no more of its wording than the rules heed, so that equal ones are equal."""
    return Term(due_on, assigned_on, "trước" if _says_before(due_text) else "")


def rung_in_force(
    term: Term, today: date, calendar: WorkingCalendar, policy: Policy, cadence: Cadence
) -> Rung | None:
    """The one rung to say on the day: the highest reached, or none.

    «Hạn hôm nay» is true for one day only: over a weekend after it nothing is in force until the first
    working day, when the work is said to be overdue.
    """
    end = _end(term, calendar, policy)
    reached = [rung for rung in ladder(term, today, calendar, policy, cadence) if rung.opens_on <= today]
    if not reached:
        return None
    last = reached[-1]
    return None if today > end and last.opens_on <= end else last


def ladder(term: Term, today: date, calendar: WorkingCalendar, policy: Policy, cadence: Cadence) -> list[Rung]:
    """The rungs in the order in which they open; of the weekly ones only the last before `today`."""
    climbing = _after(term, calendar, policy, cadence)
    weekly = _weekly(climbing[-1], today, calendar, cadence.weeks_between)
    return [*_before(term, calendar, policy, cadence), *climbing, *([weekly] if weekly else [])]


def _before(term: Term, calendar: WorkingCalendar, policy: Policy, cadence: Cadence) -> list[Rung]:
    """The warnings and the due day itself. None opens on the day the work is given: the giving names the date.

    A warning that would fall on a day off opens on the last working day before. Terms under 14 days are
    warned only when they count as «sắp đến hạn» (D15).
    """
    end, aim = _end(term, calendar, policy), _aim(term, calendar, policy)
    short = (term.due_on - term.assigned_on).days < SHORT_TERM_DAYS
    near = soon_threshold(term.assigned_on, term.due_on, policy)
    rungs = []
    for days in sorted(set(cadence.days_before), reverse=True):
        day = aim - timedelta(days=days)
        opens_on = day if may_speak_on(day, end, calendar) else calendar.last_working_day_before(day)
        if days <= near or not short:
            step = Step.LAST_WARNING if days == min(cadence.days_before) else Step.DUE_SOON
            rungs.append(Rung(step, opens_on, days))
    rungs.append(Rung(Step.DUE_TODAY, end))
    return [rung for rung in rungs if rung.opens_on > term.assigned_on]


def _after(term: Term, calendar: WorkingCalendar, policy: Policy, cadence: Cadence) -> list[Rung]:
    """The rungs past the due date; none climbs before those below could hear the one before it.

    Work that was given after its due date climbs from the day it was given.
    """
    begin = max(_end(term, calendar, policy), term.assigned_on)
    steps = {days: Step.OVERDUE for days in cadence.days_after}
    steps |= {cadence.monitor_after_days: Step.MONITOR, cadence.leader_after_days: Step.LEADER}
    rungs: list[Rung] = []
    for days, step in sorted(steps.items()):
        opens_on = calendar.roll(begin + timedelta(days=days))
        if rungs:
            opens_on = max(opens_on, calendar.add_working_days(rungs[-1].opens_on, 1))
        rungs.append(Rung(step, opens_on, days))
    return rungs


def _weekly(last: Rung, today: date, calendar: WorkingCalendar, weeks: int) -> Rung | None:
    """The rung of the latest Monday whose turn it was, or of the turn before while this one's is still to come."""
    first = last.opens_on + timedelta(days=7 - last.opens_on.weekday())
    turn = (today - first).days // (7 * weeks)
    for each in (first + timedelta(days=7 * weeks * n) for n in (turn, turn - 1) if n >= 0):
        opens_on = calendar.roll(each)
        if opens_on <= today:
            return Rung(Step.WEEKLY, opens_on, subject=each.toordinal())
    return None


def _end(term: Term, calendar: WorkingCalendar, policy: Policy) -> date:
    """The last day in term."""
    return effective_due(term.due_on, calendar, policy) or term.due_on


def _aim(term: Term, calendar: WorkingCalendar, policy: Policy) -> date:
    """The day the warnings aim at: for «trước ngày D» the last working day before D (D3), else the last in term."""
    if policy.before_means == "that_day" and _says_before(term.due_text):
        return calendar.last_working_day_before(term.due_on)
    return _end(term, calendar, policy)


def _says_before(due_text: str) -> bool:
    return fold(due_text).strip().startswith("truoc")


def week_begins(today: date, calendar: WorkingCalendar) -> bool:
    """Whether it is the first working day of its week: those who lead hear of the days ahead as well (ux.md §7.1)."""
    return today == calendar.roll(today - timedelta(days=today.weekday()))


def latest_due(today: date, calendar: WorkingCalendar, cadence: Cadence) -> date:
    """No due date after this one has a rung in force on the day: the bound for the question to the database."""
    speaks_next = calendar.add_working_days(today, 1)
    reach = speaks_next + timedelta(days=max(cadence.days_before, default=0))
    return calendar.add_working_days(reach, 1)


def may_speak_on(day: date, end: date | None, calendar: WorkingCalendar) -> bool:
    """Whether messages may go on the day: working days, and in any case the last day in term and the one before."""
    near_the_end = end is not None and end - timedelta(days=1) <= day <= end
    return near_the_end or calendar.is_working(day)


def send_after(
    now: datetime,
    end: date | None,
    calendar: WorkingCalendar,
    cadence: Cadence,
    *,
    digest: bool,
    wanted_at: time | None = None,
) -> datetime:
    """The first moment from `now` on at which a message may leave; `end` is the last day in term, if any.

    A digest leaves at the time its reader chose, within what the province allows.
    """
    starts_at = digest_at(cadence, wanted_at) if digest else cadence.opens_at
    begin = now.date() + timedelta(days=1) if now.time() >= cadence.closes_at else now.date()
    days = [calendar.roll(begin)]
    if end is not None:
        days += [day for day in (end - timedelta(days=1), end) if day >= begin]
    return max(now, datetime.combine(min(days), starts_at, now.tzinfo))


def news_leaves_at(now: datetime, told_today: Collection[datetime]) -> datetime:
    """When news may leave for somebody who was written to at these moments of today because of other news.

    From the third letter of a day on, an hour after the last: what comes in meanwhile goes with it (ux.md §7.1).
    """
    if len(told_today) < DIGEST_FROM - 1:
        return now
    return max(now, max(told_today) + NEWS_PAUSE)


def knows_of_it(opened_at: datetime | None, changed_at: datetime, now: datetime) -> bool:
    """Whether somebody opened the work today, and not before its last change."""
    return opened_at is not None and opened_at.date() == now.date() and opened_at >= changed_at


def may_wait_until(
    day: date, term: Term, today: date, calendar: WorkingCalendar, policy: Policy, cadence: Cadence
) -> bool:
    """Whether today's rung may be said on a later day instead, to somebody who knows of the work (ux.md §7.1).

    Not on the last day in term nor the day before it, so that no last warning is lost; and only while the same
    rung is still in force on the later day, so that none is put off until it is lost.
    """
    end = _end(term, calendar, policy)
    if end - timedelta(days=1) <= today <= end:
        return False
    rung = rung_in_force(term, today, calendar, policy, cadence)
    return rung is not None and rung == rung_in_force(term, day, calendar, policy, cadence)


def digest_at(cadence: Cadence, wanted_at: time | None) -> time:
    """When somebody's digest leaves: at the time chosen, kept within what the province allows."""
    if wanted_at is None:
        return max(cadence.digest_at, cadence.opens_at)
    return min(max(wanted_at, cadence.opens_at), cadence.digest_until)


def next_attempt(now: datetime, attempts: int) -> datetime | None:
    """When to try again after so many failed attempts, in growing pauses; None when it is to be given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return now + min(_FIRST_PAUSE * (1 << max(0, attempts - 1)), _LONGEST_PAUSE)


def is_unreceived(
    state: State, assigned_at: datetime, now: datetime, calendar: WorkingCalendar, cadence: Cadence
) -> bool:
    """Whether work that was given lately waits too long to be received."""
    if state is not State.ASSIGNED or assigned_at < now - timedelta(days=NEWS_DAYS):
        return False
    return calendar.add_working_days(assigned_at.date(), cadence.receive_within_days) <= now.date()


TAKEN_AWAY: Mapping[Step, Collection[State]] = {
    Step.WITHDRAWN: (State.CANCELLED, State.TRANSFERRED),
    Step.SUSPENDED: (State.SUSPENDED,),
}
"""What is said of work that is no longer to be done, while in one of these states."""

SAID_OF: Mapping[Step, Collection[State]] = {**TAKEN_AWAY, Step.CONFIRMED: (State.COMPLETED,)}
"""What is said of work in these states; all else needs running work."""


def was_undone(begun_at: datetime, undone_at: datetime, cadence: Cadence) -> bool:
    """Whether something was taken back before the mail about it could leave: then none leaves about either."""
    return undone_at < begun_at + timedelta(minutes=cadence.undo_minutes)


def words(step: Step, days_left: int | None, new_due: date | None = None) -> str:
    """What a notice says in its first words; `days_left` to the last day in term, negative past it."""
    if step in _NEWS_WORDS:
        return _NEWS_WORDS[step] + (f" đến {new_due:%d/%m}" if new_due else "")
    return time_words(days_left or 0)


def time_words(left: int) -> str:
    """Where a day stands to the last day in term: «Còn 3 ngày», «Hôm nay là hạn», «Quá hạn 4 ngày»."""
    if left == 0:
        return "Hôm nay là hạn"
    return f"Còn {left} ngày" if left > 0 else f"Quá hạn {-left} ngày"


_NEWS_WORDS = {
    Step.ASSIGNED: "Mới giao",
    Step.UNRECEIVED: "Chưa tiếp nhận",
    Step.DELEGATED: "Được phân công",
    Step.RETURNED: "Trả lại",
    Step.EXTENSION_GRANTED: "Đã gia hạn",
    Step.EXTENSION_REFUSED: "Chưa đồng ý gia hạn",
    Step.AMENDED: "Được điều chỉnh",
    Step.NUDGED: "Đôn đốc",
    Step.URGED: "Lãnh đạo đôn đốc",
    Step.WITHDRAWN: "Đã thu hồi",
    Step.SUSPENDED: "Tạm dừng",
    Step.RESUMED: "Tiếp tục thực hiện",
    Step.REOPENED: "Được mở lại",
    Step.DECLINE_REFUSED: "Không chấp thuận đề nghị",
    Step.DAILY: "Tình hình trong ngày",
    Step.HANDED_UP: "Trình duyệt",
    Step.HANDED_BACK: "Lãnh đạo trả lại",
    Step.CONFIRMED: "Tỉnh đã duyệt",
}

_ENDED = {
    State.SUBMITTED: "Đã nộp kết quả, đang chờ xác nhận",
    State.COMPLETED: "Đã hoàn thành",
    State.DECLINED: "Đang chờ tỉnh xem xét đề nghị không thực hiện",
    State.SUSPENDED: "Đã tạm dừng",
    State.TRANSFERRED: "Đã chuyển đơn vị khác",
    State.CANCELLED: "Đã hủy",
    State.DRAFT: "Chưa giao",
}


def why_not_nudged(
    state: State, extension_waits: bool, nudged_today_by: str | None, *, nobody_to_urge: bool = False
) -> str:
    """Why work is not to be urged on by hand today, as a sentence; "" when it may be.

    `nobody_to_urge`: a leader has put no officer in charge of it, or is in charge himself.
    """
    if state not in WITH_UNIT:
        return f"{_ENDED[state]}."
    if extension_waits:
        return "Đề nghị gia hạn đang chờ tỉnh quyết định."
    if nobody_to_urge:
        return "Chưa phân công cán bộ nào khác."
    return f"Hôm nay {nudged_today_by} đã đôn đốc." if nudged_today_by else ""


def why_dropped(
    state: State,
    planned_due: date | None,
    due_on: date | None,
    said_now: Sequence[str],
    extension_waits: bool,
    unreachable: str = "",
    step: Step | None = None,
) -> str:
    """Why a planned notice is no longer to be said, in words for the outbox.

    `planned_due` is the due date it was planned for (None for news); `said_now` the rungs in force instead;
    `unreachable` says what became of the address, if anything; `step` what the notice says, if it is news.
    """
    tells_of_it = step is not None and state in SAID_OF.get(step, ())
    if state in _ENDED and not tells_of_it:
        return _ENDED[state]
    if planned_due is not None and planned_due != due_on:
        return f"Hạn đã đổi thành {due_on:%d/%m/%Y}" if due_on else "Nhiệm vụ không còn thời hạn"
    if extension_waits:
        return "Đang chờ quyết định gia hạn"
    if said_now:
        return f"Đã có mức nhắc mới hơn: {', '.join(said_now)}"
    return unreachable or "Người nhận không còn phụ trách hoặc nội dung không còn đúng"
