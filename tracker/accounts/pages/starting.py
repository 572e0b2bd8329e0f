"""«Bắt đầu (n/6)»: what an empty installation still needs, read from the database; steps in any order."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.pages.signing import pages
from tracker.accounts.queries import anybody_holds
from tracker.calendars.models import CalendarEntry
from tracker.clock import today
from tracker.db import db
from tracker.directives.models import Directive
from tracker.history.models import Event
from tracker.rules.access import Role
from tracker.units.queries import communes, subtree
from tracker.web.access import open_to


@dataclass(frozen=True)
class Step:
    """One thing to do: whether it is done, what it is for, and where."""

    title: str
    said: str
    done: bool
    href: str
    action: str


@pages.get("/start")
@open_to(Role.ADMINISTRATOR)
def start() -> ResponseReturnValue:
    """The six steps; open to administrators."""
    steps = _steps()
    mail = bool(current_app.extensions["settings"].mail_smtp_url)
    return render_template("accounts/start.html", steps=steps, done=sum(step.done for step in steps), mail=mail)


def _steps() -> list[Step]:
    path, day = current_user.unit_path, today()
    known = len(communes(path))
    return [
        Step(
            _("Tỉnh"),
            _("Thêm người giao nhiệm vụ của tỉnh đầu tiên; danh mục 34 tỉnh, thành phố đã có sẵn."),
            anybody_holds(Role.ISSUER, path, day),
            url_for("accounts.new_person", role=Role.ISSUER.value),
            _("Thêm người của tỉnh"),
        ),
        Step(
            _("Xã, phường"),
            _("Danh mục đã nạp %(n)s xã, phường, đặc khu; xem, đổi tên, ghi cụm.", n=f"{known:,}".replace(",", ".")),
            known > 0,
            url_for("units.index"),
            _("Xem đơn vị"),
        ),
        Step(
            _("Người dùng của xã"),
            _("Thêm lãnh đạo và cán bộ của xã; mỗi người nhận một liên kết đặt mật khẩu."),
            anybody_holds(Role.COMMUNE_LEADER, path, day),
            url_for("accounts.new_person", role=Role.COMMUNE_LEADER.value),
            _("Thêm người của xã"),
        ),
        Step(
            _("Lịch làm việc"),
            _("Ngày nghỉ, ngày làm bù năm %(year)s quyết định ngày đến hạn.", year=day.year),
            _has_calendar(day.year),
            url_for("accounts.start"),
            _("Kiểm tra lại"),
        ),
        Step(
            _("Thư điện tử"),
            _("Gửi thử một thư cho chính mình; chưa có máy chủ thư thì vẫn nhắc trong phần mềm."),
            db.session.scalar(sa.select(Event.id).where(Event.deed == "mail_test").limit(1)) is not None,
            url_for("accounts.account"),
            _("Ghi địa chỉ thư của tôi"),
        ),
        Step(
            _("Văn bản đầu tiên"),
            _("Người giao nhiệm vụ ghi văn bản, thêm nhiệm vụ rồi giao cho các xã."),
            _has_directive(path),
            url_for("directives.index"),
            _("Xem văn bản"),
        ),
    ]


def _has_calendar(year: int) -> bool:
    first = sa.func.min(CalendarEntry.on)
    days = sa.select(first).where(sa.extract("year", CalendarEntry.on) == year)
    return db.session.scalar(days) is not None


def _has_directive(path: str) -> bool:
    return (
        db.session.scalar(sa.select(Directive.id).where(Directive.issuer_id.in_(subtree(path))).limit(1)) is not None
    )
