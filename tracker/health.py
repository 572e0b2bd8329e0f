"""How the house is: /healthz for machines, `tracker doctor` for people, and the heartbeat of the scheduler."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import make_msgid
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import click
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tracker.accounts.models import Person
from tracker.clock import now as present
from tracker.db import atomic, db
from tracker.history.actions import record
from tracker.paths import PACKAGE
from tracker.reminders.beats import REMINDERS, SCHEDULER, failing_jobs, is_alive, job_label, of_job
from tracker.reminders.channels.answers import Result
from tracker.reminders.channels.zalo.queries import account
from tracker.reminders.channels.zalo.setup import zalo_of
from tracker.reminders.commands import mail_server
from tracker.reminders.letters.messages import Mail, domain_of
from tracker.reminders.models import Heartbeat
from tracker.reminders.pulse import beat as write_beat
from tracker.rules.access import Role
from tracker.settings import Complaint, Settings, variable
from tracker.web.access import ANYONE, open_to

pages = Blueprint("health", __name__)
_LEAST_FREE_MB = 500


def beat(name: str, said: str, *, now: datetime) -> None:
    """Write down that a clock has beaten, and what it said."""
    write_beat(now, said, name)


def note_ending(job: str, said: str, *, now: datetime) -> None:
    """Write down how a job of the clock ended, in a few words."""
    write_beat(now, said, of_job(job))


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, whether it is well, and a sentence."""

    name: str
    well: bool
    said: str


@pages.get("/healthz")
@open_to(ANYONE)
def healthz() -> ResponseReturnValue:
    """200 when the database answers, the scheduler beats and reminding works, else 503; open to machines."""
    found = [_database(), _heartbeat(), _reminding()]
    well = all(one.well for one in found)
    answer = {"status": "ok" if well else "failing", **{one.name: asdict(one) for one in found}}
    return jsonify(answer), 200 if well else 503


@pages.post("/start/mail")
@open_to(Role.ADMINISTRATOR)
def mail_test() -> ResponseReturnValue:
    """Send one letter to oneself and say in words how it went; open to administrators."""
    settings, at = _settings(), present()
    person = db.session.get(Person, current_user.person_id)
    if not settings.mail_smtp_url:
        flash(_("Chưa cấu hình máy chủ thư (TRACKER_SMTP_URL)."), "err")
    elif person is None or not person.email:
        flash(_("Hãy ghi địa chỉ thư điện tử của đồng chí ở trang Tài khoản trước."), "err")
    else:
        with mail_server(settings) as server:
            answer = server.send(_letter(person, settings, at))
        if answer.result is Result.SENT:
            with atomic():
                record("person", person.id, "mail_test", by=current_user, now=at)
            flash(_("Đã gửi thư thử đến %(address)s.", address=person.email), "done")
        else:
            flash(_("Chưa gửi được: %(said)s", said=answer.said), "err")
    return redirect(url_for("accounts.start"))


def _letter(person: Person, settings: Settings, at: datetime) -> Mail:
    text = "Thư thử của Đôn Đốc. Nhận được thư này nghĩa là máy chủ thư đã hoạt động."
    return Mail(
        subject="Đôn Đốc: thư thử",
        text=text,
        html=f"<p>{text}</p>",
        name=person.name,
        address=person.email,
        message_key=make_msgid("thu-thu", domain=domain_of(settings.mail_sender)),
        reply_to="",
        written_at=at,
    )


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def doctor(as_json: bool) -> None:
    """Khám hệ thống: cấu hình, cơ sở dữ liệu, phiên bản bảng, bộ hẹn giờ, thư điện tử, ổ đĩa."""
    found = list(examine())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{'ổn ' if one.well else 'LỖI'}  {one.said}")
    if not all(one.well for one in found):
        raise click.exceptions.Exit(1)


def examine() -> Iterator[Finding]:
    """Look at everything, one after another; none keeps the next from being looked at.

    What cannot be looked at because a setting of its own is wrong says which one.
    """
    wrong: Sequence[Complaint] = current_app.extensions.get("wrong_settings", ())
    for name, sentence in sorted(wrong):
        yield Finding("configuration", False, f"{variable(name)}: {sentence}")
    if not wrong:
        yield _configuration()
    for name, label, needs, check in _PARTS:
        if lacking := sorted({variable(field) for field, _said in wrong if field.startswith(needs)}):
            yield Finding(name, False, f"{label}: chưa khám được, sửa {', '.join(lacking)} trước.")
        elif name != "zalo" or _settings().zalo_app_id:
            yield check()


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _configuration() -> Finding:
    settings = _settings()
    if settings.web_https and not settings.web_base_url.startswith("https://"):
        return Finding("configuration", False, "Cấu hình: web.https bật nhưng web.base_url chưa bắt đầu bằng https.")
    return Finding("configuration", True, f"Cấu hình hợp lệ; địa chỉ trong thư: {settings.web_base_url}.")


def _database() -> Finding:
    try:
        db.session.execute(sa.text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return Finding("database", False, "Cơ sở dữ liệu không trả lời: kiểm tra máy chủ và TRACKER_DATABASE_URL.")
    return Finding("database", True, f"Cơ sở dữ liệu trả lời ({db.engine.dialect.name}).")


def _migrations() -> Finding:
    script = ScriptDirectory(str(PACKAGE / "migrations"))
    try:
        with db.engine.connect() as connection:
            here = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        return Finding("migrations", False, "Không đọc được phiên bản bảng: cơ sở dữ liệu phải trả lời đã.")
    if here != script.get_current_head():
        return Finding("migrations", False, "Bảng chưa ở phiên bản mới nhất: chạy «tracker db upgrade».")
    return Finding("migrations", True, f"Bảng ở phiên bản mới nhất ({here}).")


def _heartbeat() -> Finding:
    minutes = _settings().health_heartbeat_minutes
    try:
        last = db.session.get(Heartbeat, SCHEDULER, populate_existing=True)
    except SQLAlchemyError:
        db.session.rollback()
        return Finding(
            "scheduler",
            False,
            "Không đọc được nhịp của bộ hẹn giờ: chạy «tracker db upgrade» nếu cơ sở dữ liệu trả lời.",
        )
    if last is None:
        return Finding("scheduler", False, "Bộ hẹn giờ chưa chạy lần nào: chạy «tracker scheduler».")
    if not is_alive(last.at, present(), minutes):
        return Finding(
            "scheduler", False, f"Bộ hẹn giờ ngừng từ {last.at:%H:%M ngày %d/%m/%Y}: chạy «tracker scheduler»."
        )
    return Finding("scheduler", True, f"Bộ hẹn giờ chạy, nhịp gần nhất {last.at:%H:%M:%S ngày %d/%m/%Y}.")


def _reminding() -> Finding:
    """Whether the tick does what it is there for: a clock that beats while every tick fails reminds nobody.

    What exactly went wrong is for the doctor: anybody may ask /healthz.
    """
    minutes, now = _settings().health_heartbeat_minutes, present()
    try:
        failed = [one for one in failing_jobs(now) if one.name == of_job(REMINDERS)]
        last = db.session.get(Heartbeat, REMINDERS, populate_existing=True)
    except SQLAlchemyError:
        db.session.rollback()
        return Finding(
            "reminders",
            False,
            "Không đọc được nhịp của nhắc việc: chạy «tracker db upgrade» nếu cơ sở dữ liệu trả lời.",
        )
    if failed:
        at = f"{failed[0].at:%H:%M ngày %d/%m/%Y}"
        return Finding(
            "reminders", False, f"Nhắc việc: lượt lúc {at} không xong; chạy «tracker doctor» để xem vì sao."
        )
    if last is None:
        return Finding("reminders", False, "Nhắc việc chưa chạy lần nào: chạy «tracker reminders tick».")
    if not is_alive(last.at, now, minutes):
        return Finding("reminders", False, f"Nhắc việc không chạy từ {last.at:%H:%M ngày %d/%m/%Y}.")
    return Finding("reminders", True, f"Nhắc việc chạy, lượt gần nhất {last.at:%H:%M:%S ngày %d/%m/%Y}.")


def _jobs() -> Finding:
    """The clocks of config/schedule.toml, by how each last ended."""
    try:
        failed = failing_jobs(present())
    except SQLAlchemyError:
        db.session.rollback()
        return Finding(
            "jobs",
            False,
            "Không đọc được kết quả các việc hẹn giờ: chạy «tracker db upgrade» nếu cơ sở dữ liệu trả lời.",
        )
    if failed:
        said = "; ".join(f"{job_label(one.name)} ({one.at:%H:%M ngày %d/%m}) {one.said}" for one in failed)
        return Finding("jobs", False, f"Việc hẹn giờ: {said}")
    return Finding("jobs", True, "Việc hẹn giờ: lượt gần nhất của từng việc đều xong.")


def _mail() -> Finding:
    settings = _settings()
    if not settings.mail_smtp_url:
        return Finding("mail", True, "Thư điện tử: chưa cấu hình, chỉ báo trong phần mềm.")
    if wrong := mail_server(settings).check():
        return Finding("mail", False, f"Thư điện tử: máy chủ không nhận kết nối ({wrong}).")
    return Finding("mail", True, f"Thư điện tử: máy chủ {urlsplit(settings.mail_smtp_url).hostname} trả lời.")


def _zalo() -> Finding:
    """Only of a house that has an app at Zalo."""
    try:
        room = zalo_of(_settings(), current_app.secret_key or "")
        closed = room.closed_because(present()) if room else ""
        known = account()
    except SQLAlchemyError:
        db.session.rollback()
        return Finding(
            "zalo", False, "Không đọc được tình trạng kênh Zalo: chạy «tracker db upgrade» nếu cơ sở dữ liệu trả lời."
        )
    if closed or known is None:
        return Finding("zalo", False, f"Zalo: {closed}")
    until = f"{known.access_until:%H:%M ngày %d/%m/%Y}"
    return Finding("zalo", True, f"Zalo: OA {known.oa_id}, mã truy cập dùng đến {until}, tự làm mới.")


def _disk() -> Finding:
    folder = Path(_settings().files_folder).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            os.fsync(file.fileno())
    except OSError:
        return Finding("disk", False, f"Ổ đĩa: không ghi được vào thư mục {folder}.")
    free = shutil.disk_usage(folder).free // 1024**2
    if free < _LEAST_FREE_MB:
        return Finding("disk", False, f"Ổ đĩa: chỉ còn {free} MB trống ở {folder}.")
    return Finding("disk", True, f"Ổ đĩa: ghi được, còn {free // 1024} GB trống.")


_PARTS: tuple[tuple[str, str, str, Callable[[], Finding]], ...] = (
    ("database", "Cơ sở dữ liệu", "database_url", _database),
    ("migrations", "Phiên bản bảng", "database_url", _migrations),
    ("scheduler", "Bộ hẹn giờ", "database_url", _heartbeat),
    ("reminders", "Nhắc việc", "database_url", _reminding),
    ("jobs", "Việc hẹn giờ", "database_url", _jobs),
    ("mail", "Thư điện tử", "mail_", _mail),
    ("disk", "Ổ đĩa", "files_folder", _disk),
    ("zalo", "Zalo", "zalo_", _zalo),
)
"""What the doctor looks at: its name, what people call it, how the settings begin that it needs, and how."""
