"""«Hộp gửi»: what was expected, what became of it and why, per run and per person; and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.acting import User
from tracker.clock import HOUSE_ZONE, now
from tracker.errors import Invalid, Refused
from tracker.reminders import outbox as questions
from tracker.reminders import resending
from tracker.reminders.beats import job_label
from tracker.reminders.channels.zalo.vault import Vault
from tracker.reminders.commands import CHANNEL_LABELS, STATE_LABELS, manner
from tracker.reminders.outbox import Narrowed
from tracker.reminders.pages.shared import pages
from tracker.reminders.queries import last_beat, plan
from tracker.reminders.troubles import Found, Trouble, troubles
from tracker.rules.access import Deed, roles_for
from tracker.rules.sentences import count, when
from tracker.rules.texts import read_moment
from tracker.tasks.pages.listing import LOOKING, REMINDING
from tracker.tasks.pages.shared import me, settings
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Flag, Form, Input, Text
from tracker.web.inputs import Day as DayField
from tracker.web.paging import Page, wanted

LOST = ("failed", "bounced", "unknown")
"""How a notice ended that somebody ought to look at."""

COLOURS = {"sent": "done", "sending": "soon", "waiting": "soon"} | dict.fromkeys(LOST, "overdue")
"""The colour of each ending, beside its words; what was dropped has none."""

SHORT_LABELS = {
    "sent": "gửi",
    "waiting": "chờ",
    "dropped": "bỏ",
    "failed": "lỗi",
    "bounced": "trả lại",
    "unknown": "chưa rõ",
}
"""What became of a run, each in a word."""

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
    totals = questions.totals(user, asked)
    wrong = _wrong(moment)
    html = render_template(
        "reminders/outbox.html",
        form=form,
        page=Page(rows, number, size, total),
        moment=moment,
        alarms=None,  # said below, with more about each
        wrong=[_sentence(one, moment) for one in wrong],
        last_sent=[(one.name, questions.last_sent(one.name)) for one in wrong if one.trouble is Trouble.AWAY],
        totals=_totals(totals),
        ended={state: sum(row.number for row in totals if row.state == state) for state in STATE_LABELS},
        arrived=sum(row.arrived for row in totals),
        runs=questions.runs(user, asked),
        beat=last_beat(),
        waiting=questions.waiting(user, moment),
        trouble=questions.last_trouble(),
        missing=len(plan(moment, manner(settings()))) if typed["check"] else None,
        failed=len(questions.failed(user, asked)),
        silent=[one for one in questions.silences(user) if one.in_force_on(moment.date())],
        states=STATE_LABELS,
        short=SHORT_LABELS,
        lost=LOST,
        colours=COLOURS,
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
        return read_moment(written, HOUSE_ZONE) if written else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, HOUSE_ZONE)


def _totals(found: Sequence[Any]) -> list[dict[str, Any]]:
    """A line for each channel that was used: planned, how many ended how, and how many are known to have arrived."""
    of_channel = {channel: [row for row in found if row.channel == channel] for channel in CHANNEL_LABELS}
    return [
        {
            "channel": channel,
            "label": CHANNEL_LABELS[channel],
            "planned": sum(row.number for row in rows),
            "states": [(state, sum(row.number for row in rows if row.state == state)) for state in STATE_LABELS],
            "arrived": sum(row.arrived for row in rows),
        }
        for channel, rows in of_channel.items()
        if rows
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
    return [_sentence(one, moment) for one in _wrong(moment)]


def _wrong(moment: datetime) -> list[Found]:
    house = settings()
    vault = Vault(current_app.secret_key or "") if house.zalo_app_id else None
    return troubles(moment, house.health_heartbeat_minutes, zalo=vault)


def _sentence(one: Found, moment: datetime) -> str:
    at = when(one.since, moment) if one.since else ""
    if one.trouble is Trouble.LATE and one.since and one.since > moment:
        return str(_("Nhịp của nhắc việc ghi ở tương lai (%(at)s): kiểm tra đồng hồ của máy chủ.", at=at))
    said = {
        Trouble.SILENT: _("Nhắc việc chưa chạy lần nào."),
        Trouble.LATE: _("Nhắc việc không chạy từ %(at)s.", at=at),
        Trouble.JOB: _("Việc hẹn giờ «%(job)s» lúc %(at)s: %(said)s", job=job_label(one.name), at=at, said=one.said),
        Trouble.WAITING: _("Có thông báo chờ gửi từ %(at)s.", at=at),
        Trouble.AWAY: _("Kênh %(channel)s đang không gửi được.", channel=CHANNEL_LABELS.get(one.name)),
        Trouble.REFUSED: _(
            "Kênh %(channel)s: %(refused)s trong %(tried)s thư của một giờ qua chưa gửi được.",
            channel=CHANNEL_LABELS.get(one.name),
            refused=count(one.refused),
            tried=count(one.tried),
        ),
        Trouble.CLOSED: _("Kênh %(channel)s đang đóng: %(why)s", channel=CHANNEL_LABELS.get(one.name), why=one.said),
    }
    return str(said[one.trouble])
