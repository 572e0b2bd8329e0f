"""«Hộp gửi»: what was expected, what became of it and why, per run and per person; and what is wrong."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.acting import User
from tracker.clock import HOUSE_ZONE, now
from tracker.errors import Invalid, Refused
from tracker.reminders import outbox as questions
from tracker.reminders import resending
from tracker.reminders.commands import CHANNEL_LABELS, STATE_LABELS, manner
from tracker.reminders.outbox import Narrowed
from tracker.reminders.pages.shared import pages
from tracker.reminders.queries import last_beat, plan
from tracker.rules.access import Deed, roles_for
from tracker.rules.sentences import when
from tracker.tasks.pages.listing import LOOKING, REMINDING
from tracker.tasks.pages.shared import me, settings
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Flag, Form, Input, Text
from tracker.web.inputs import Day as DayField
from tracker.web.paging import Page, wanted

WATCHING = tuple(sorted(roles_for(Deed.WATCH_OUTBOX)))


class Asked(Input):
    """What the address of the outbox may say; without days it is today."""

    since = DayField(required=False)
    until = DayField(required=False)
    state = Choice(STATE_LABELS, required=False)
    channel = Choice(CHANNEL_LABELS, required=False)
    q = Text(max=100, required=False)
    run = Text(max=40, required=False)
    check = Flag()


@pages.get("/outbox")
@open_to(*WATCHING)
def outbox() -> ResponseReturnValue:
    """The outbox of the day or of the days asked for; open to administrators and monitors."""
    user, moment = me(), now()
    typed, form = _typed()
    asked = _asked(typed, moment.date())
    number, size = wanted()
    total = questions.number_of(user, asked)
    rows = questions.listing(user, asked, limit=size, offset=(number - 1) * size)
    html = render_template(
        "reminders/outbox.html",
        form=form,
        page=Page(rows, number, size, total),
        moment=moment,
        totals=_totals(questions.totals(user, asked)),
        runs=questions.runs(user, asked),
        beat=last_beat(),
        oldest=questions.longest_waiting(),
        trouble=questions.last_trouble(),
        missing=len(plan(moment, manner(settings()))) if typed["check"] else None,
        failed=len(questions.failed(user, asked)),
        silent=[one for one in questions.silences(user) if one.in_force_on(moment.date())],
        states=STATE_LABELS,
        channels=CHANNEL_LABELS,
        may_open=user.role in LOOKING,
        may_copy=user.role in REMINDING,
        days=(asked.since.date(), (asked.until - timedelta(days=1)).date()),
    )
    return html, 422 if form.errors else 200


def _typed() -> tuple[dict[str, Any], Form]:
    """What was asked; a wrong filter is complained of at its field and all are left out."""
    try:
        return Asked.read(request.args), Form.typed(request.args)
    except Invalid as error:
        return Asked.read({}), Form.typed(request.args, error)


def _asked(typed: dict[str, Any], today: date) -> Narrowed:
    run = _moment(typed["run"])
    since = typed["since"] or (run.date() if run else typed["until"] or today)
    until = max(since, typed["until"] or since)
    return Narrowed(
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1)),
        state=typed["state"],
        channel=typed["channel"],
        text=typed["q"],
        run=run,
    )


def _moment(written: str) -> datetime | None:
    """The moment of a run as its link says it; one that cannot be read asks for no run."""
    try:
        return datetime.fromisoformat(written).astimezone(HOUSE_ZONE) if written else None
    except (ValueError, OverflowError):
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, HOUSE_ZONE)


def _totals(found: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """A line for each channel that was used: planned, and how many ended how."""
    channels = [channel for channel in CHANNEL_LABELS if any(key[0] == channel for key in found)]
    return [
        {
            "channel": channel,
            "label": CHANNEL_LABELS[channel],
            "planned": sum(number for key, number in found.items() if key[0] == channel),
            "states": [(state, found.get((channel, state), 0)) for state in STATE_LABELS],
        }
        for channel in channels
    ]


@pages.post("/outbox/<int:message_id>/resending")
@open_to(*WATCHING)
def resending_one(message_id: int) -> ResponseReturnValue:
    """Give one failed message another chance; open to administrators and monitors."""
    user = me()
    resending.resend(questions.message(user, message_id), by=user, now=now())
    flash(_("Đã đưa vào hàng chờ gửi lại; lượt gửi tới sẽ gửi nếu nội dung còn đúng."), "done")
    return redirect(url_for("reminders.outbox"), 303)


@pages.post("/outbox/resending")
@open_to(*WATCHING)
def resending_all() -> ResponseReturnValue:
    """Give all failed messages of the days shown another chance; open to administrators and monitors."""
    user, moment = me(), now()
    done = 0
    for message_id in questions.failed(user, _asked(Asked.read(request.form), moment.date())):
        try:
            resending.resend(questions.message(user, message_id), by=user, now=moment)
            done += 1
        except Refused:
            continue  # somebody else was quicker
    flash(_("Đã đưa %(n)s thư vào hàng chờ gửi lại.", n=done), "done" if done else "warn")
    return redirect(url_for("reminders.outbox"), 303)


def alarms(user: User) -> list[str] | None:
    """What is wrong with reminding, in sentences for the frame of those who watch over it; none for others."""
    if user.role not in WATCHING:
        return None
    moment = now()
    found = questions.troubles(moment, settings().health_heartbeat_minutes)
    return [_sentence(kind, about, moment) for kind, about in found]


def _sentence(kind: str, about: Any, moment: datetime) -> str:
    if kind == "silent":
        return str(_("Nhắc việc chưa chạy lần nào."))
    if kind == "late":
        return str(_("Nhắc việc không chạy từ %(at)s.", at=when(about, moment)))
    if kind == "waiting":
        return str(_("Có thông báo chờ gửi từ %(at)s.", at=when(about, moment)))
    return str(_("Kênh %(channel)s đang không gửi được.", channel=CHANNEL_LABELS[about]))
