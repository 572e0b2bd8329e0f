"""Reminders from the terminal: what would be said, saying it, and what became of it."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.calendars.queries import working_calendar
from tracker.reminders.actions import tick as run_tick
from tracker.reminders.channels.bounces import Verdict, new_messages
from tracker.reminders.channels.bounces import read as read_bounce
from tracker.reminders.channels.email import MailServer
from tracker.reminders.channels.zalo.greeting import greet
from tracker.reminders.channels.zalo.setup import Zalo, zalo_of
from tracker.reminders.letters.messages import Attachment, Letterhead, Week
from tracker.reminders.manner import ByZalo, Manner, Pace
from tracker.reminders.openings import KEPT, forget_old
from tracker.reminders.queries import outbox as read_outbox
from tracker.reminders.queries import own_cadences
from tracker.reminders.queries import plan as read_plan
from tracker.reminders.returns import take_back
from tracker.reminders.weekly import send_weekly, waiting_weekly
from tracker.reports.documents.commune import Formalities
from tracker.reports.documents.writing import FORMATS, Wish, composed, written
from tracker.reports.queries import Scope, by_commune, figures, longest_overdue
from tracker.rules.rates import rates
from tracker.rules.sentences import percent
from tracker.settings import Settings
from tracker.tasks.models import NEVER
from tracker.tasks.queries import Day
from tracker.units.queries import province_of, within
from tracker.web.options import MOMENT

CHANNEL_LABELS = {"inapp": "trong ứng dụng", "email": "thư điện tử", "zalo": "Zalo"}
WORST_SHOWN = 5
STATE_LABELS = {
    "waiting": "đang chờ",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "dropped": "đã bỏ",
    "failed": "không gửi được",
    "bounced": "bị trả lại",
    "unknown": "chưa rõ đã nhận",
}


VERDICT_LABELS = {
    Verdict.DEAD: "địa chỉ không nhận được thư, ngừng gửi tới đây",
    Verdict.REFUSED: "thư bị từ chối",
    Verdict.WAITS: "tạm thời không nhận, sẽ gửi lại",
    Verdict.DELAYED: "máy chủ bên nhận còn đang thử",
}


_at = click.option("--at", "at", type=MOMENT, help="Thời điểm, ví dụ 2026-06-22T07:30; mặc định là bây giờ.")
_as_json = click.option("--json", "as_json", is_flag=True, help="In JSON.")


@click.group("reminders")
def commands() -> None:
    """Nhắc việc."""


@commands.command("plan")
@_at
@_as_json
def plan(at: datetime | None, as_json: bool) -> None:
    """In những gì sẽ được nhắc, cho ai, vì sao; không ghi gì."""
    moment = at or clock.now()
    planned = read_plan(moment, manner(_settings(), moment))
    if as_json:
        click.echo(json.dumps([one.as_json() for one in planned], ensure_ascii=False))
        return
    for one in planned:
        click.echo(
            f"{one.send_after:%d/%m/%Y %H:%M}\t{CHANNEL_LABELS[one.channel]}\t{one.person_name} ({one.username})"
            f"\t{one.unit_name}\t{one.text}\t{one.why}"
        )
    click.echo(f"{len(planned)} thông báo." if planned else "Không có gì cần nhắc.")


@commands.command("tick")
@_at
@_as_json
def tick(at: datetime | None, as_json: bool) -> None:
    """Nhắc những gì lẽ ra đã phải nhắc đến lúc này."""
    settings = _settings()
    present: Callable[[], datetime] = (lambda: at) if at else clock.now
    with ExitStack() as stack:
        connections = settings.mail_connections if settings.mail_smtp_url else 0
        servers = [stack.enter_context(mail_server(settings)) for _ in range(connections)]
        if zalo := _zalo(settings):
            zalo.keep_alive(present())
            greet(zalo, present())
        speaking = manner(settings, present())
        by_zalo = zalo.round(present) if zalo and speaking.zalo.is_open else None
        carrier, more = next(iter(servers), None), servers[1:]
        counts = run_tick(present(), speaking, letterhead(settings), carrier, present, by_zalo, more, alive=clock.now)
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(
        f"Lập mới {counts['planned']} thông báo; đã gửi {counts['sent']}, bỏ {counts['dropped']} vì không còn đúng, "
        f"không gửi được {counts['failed']}, còn chờ {counts['waiting']}."
    )


@commands.command("sweep")
def sweep() -> None:
    """Xóa dấu «đã mở» cũ hơn khoảng dài nhất mà trang hiệu quả nhắc việc xem được."""
    click.echo(f"Đã xóa {forget_old(clock.now())} dấu «đã mở» cũ hơn {KEPT.days} ngày.")


@commands.command("weekly")
@_at
@_as_json
def weekly(at: datetime | None, as_json: bool) -> None:
    """Gửi bản tin tuần cho lãnh đạo, mỗi người một thư mỗi tuần."""
    settings = _settings()
    present: Callable[[], datetime] = (lambda: at) if at else clock.now
    ended: Counter[str] = Counter()
    if settings.mail_smtp_url:
        with mail_server(settings) as server:
            week_of = partial(_week, at=present(), settings=settings)
            ended = send_weekly(manner(settings), letterhead(settings), server, week_of, present)
    counts = {"sent": ended["sent"], "waiting": waiting_weekly(), "failed": ended["failed"]}
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(
        f"Bản tin tuần: đã gửi {counts['sent']}, còn chờ {counts['waiting']}, không gửi được {counts['failed']}."
    )


def _week(unit_id: int, at: datetime, settings: Settings) -> Week:
    """The figures of a unit's week, from the value that the report itself is made of."""
    unit = within("/", unit_id)
    today, week_ago = (
        Day(on, working_calendar(), settings.policy) for on in (at.date(), at.date() - timedelta(days=7))
    )
    counted = figures(Scope(unit), today, today=at.date())
    before = figures(Scope(unit), week_ago, today=at.date())
    oldest = longest_overdue(unit.path, today)
    late = [pair for pair in by_commune(Scope(unit), today, today=at.date()) if pair[1].open_overdue]
    return Week(
        number=at.isocalendar().week,
        unit_name=unit.name,
        province=province.name if (province := province_of(unit)) else "",
        at=at,
        sentence=counted.sentence,
        rate=percent(rates(counted.tally)["R1"], 1),
        overdue=counted.tally.open_overdue,
        change=counted.tally.open_overdue - before.tally.open_overdue,
        worst=[
            f"{one.name}: {tally.open_overdue} việc, lâu nhất {(at.date() - oldest[one.id]).days} ngày"
            for one, tally in sorted(late, key=lambda pair: -pair[1].open_overdue)[:WORST_SHOWN]
        ],
        sheet=_sheet(Scope(unit), today, at),
    )


def _sheet(scope: Scope, day: Day, at: datetime) -> Attachment:
    """The sheet of the meeting, as the reports make it."""
    paper = composed("giao-ban", scope, day, Wish(Formalities(at.year)), today=at.date())
    name = f"Giao-ban-tuan-{at.isocalendar().week}.pdf"
    return Attachment(name, FORMATS["pdf"], written(paper, "pdf", made_at=at))


@commands.command("bounce")
@click.option("--mailbox", is_flag=True, help="Đọc thư mới trong hộp thư trả lại (mail.bounce_maildir).")
def bounce(mailbox: bool) -> None:
    """Ghi nhận thư bị trả lại, đọc từ đầu vào: tracker reminders bounce < thư.

    Đọc từ đầu vào thì kết thúc với mã để máy chủ thư xử lý tiếp: 65 thư không phải thông báo trả lại của hệ thống,
    75 chưa ghi được, hãy thử lại sau. Với --mailbox: 78 chưa cấu hình hộp thư.
    """
    if mailbox:
        return _mailbox_read(_settings().mail_bounce_maildir)
    try:
        known, said = _taken_back(sys.stdin.buffer.read())
    except SQLAlchemyError:
        click.echo("Không đọc được cơ sở dữ liệu; máy chủ thư hãy gửi lại thông báo này sau.", err=True)
        raise click.exceptions.Exit(os.EX_TEMPFAIL) from None
    click.echo(said)
    if not known:
        raise click.exceptions.Exit(os.EX_DATAERR)
    return None


def _mailbox_read(folder: str) -> None:
    """Take back all that is new in the Maildir. Raises Refused when it cannot be read, exits 78 without one."""
    if not folder:
        click.echo("Chưa cấu hình hộp thư trả lại (mail.bounce_maildir).")
        raise click.exceptions.Exit(os.EX_CONFIG)
    for raw in new_messages(folder):
        click.echo(_taken_back(raw)[1])


def _taken_back(raw: bytes) -> tuple[bool, str]:
    """Whether the message is a return of a letter of ours, and what came of it; nothing in it can make this fail."""
    returned = read_bounce(raw)
    if returned is None:
        return False, "Không phải thông báo thư bị trả lại."
    message = take_back(returned, clock.now())
    if message is None:
        return False, "Không nhận ra thư nào của hệ thống trong thông báo này."
    return True, f"{message.address}: {VERDICT_LABELS[returned.verdict]} ({returned.said})"


@commands.command("outbox")
@click.option("--since", "since", type=MOMENT, help="Chỉ những thông báo lập từ thời điểm này.")
@_as_json
def outbox(since: datetime | None, as_json: bool) -> None:
    """In những gì đã lập để nhắc và kết quả từng thông báo."""
    rows = [_sent(*row) for row in read_outbox(since)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            f"{row['planned_at']}\t{STATE_LABELS[row['state']]}\t{CHANNEL_LABELS[row['channel']]}\t{row['person']}"
            f"\t{row['rung']}\t{row['text']}\t{row['outcome']}"
        )
    click.echo(f"{len(rows)} thông báo.")


def _sent(notice: Any, username: str, unit_code: str, message: Any) -> dict[str, Any]:
    """One line of the outbox as other programs read it."""
    return {
        "assignment": notice.assignment_id,
        "unit": unit_code,
        "rung": notice.rung,
        "due_on": None if notice.due_on == NEVER or notice.assignment_id is None else notice.due_on.isoformat(),
        "person": username,
        "channel": notice.channel,
        "state": notice.state,
        "text": notice.text,
        "why": notice.why,
        "planned_at": _iso(notice.planned_at),
        "send_after": _iso(notice.send_after),
        "ended_at": _iso(notice.ended_at),
        "outcome": notice.outcome,
        "message_id": message.message_key if message else None,
        "attempts": message.attempts if message else 0,
        "delivered_at": _iso(message.delivered_at) if message else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def manner(settings: Settings, at: datetime | None = None) -> Manner:
    """How the house speaks under these settings, now or at a moment; without carriers in the inbox only."""
    pace = Pace(settings.mail_limit, timedelta(minutes=settings.mail_limit_minutes))
    zalo = _zalo(settings)
    by_zalo = zalo.at(at or clock.now()) if zalo else ByZalo()
    return Manner(
        settings.policy,
        settings.cadence,
        email=bool(settings.mail_smtp_url),
        pace=pace,
        zalo=by_zalo,
        own=own_cadences(settings.cadence),
    )


def _zalo(settings: Settings) -> Zalo | None:
    return zalo_of(settings, current_app.secret_key or "")


def letterhead(settings: Settings) -> Letterhead:
    """What letters say of the house under these settings."""
    return Letterhead(settings.web_base_url.rstrip("/"), settings.mail_sender, settings.policy)


def mail_server(settings: Settings) -> MailServer:
    """The configured mail server, not yet connected."""
    timeout, back_to = settings.mail_timeout_seconds, settings.mail_bounce_address
    return MailServer(settings.mail_smtp_url, settings.mail_sender, timeout, back_to)
