"""Loading the demo from the terminal."""

from __future__ import annotations

from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app

from tracker.accounts.queries import demo_people
from tracker.calendars.actions import take_in_calendars
from tracker.clock import now
from tracker.db import atomic, db
from tracker.demo.people import PASSWORD
from tracker.demo.province import CODE, tell_a_province
from tracker.demo.real import tell_real_reports
from tracker.demo.reporting import tell_reports
from tracker.demo.seldom import tell_seldom
from tracker.rules.access import ROLE_LABELS, Role
from tracker.tasks.models import Assignment
from tracker.units.actions import take_in_catalogue
from tracker.units.models import Unit


@click.group("demo")
def commands() -> None:
    """Dữ liệu dùng thử."""


@commands.command("load")
def load() -> None:
    """Nạp năm báo cáo thật và một tỉnh giả định có 96 xã, phường; lần thứ hai thì không nạp thêm."""
    settings = current_app.extensions["settings"]
    if db.session.scalar(sa.select(Unit.id).where(Unit.code == CODE)) is not None:
        click.echo("Dữ liệu dùng thử đã có sẵn.")
    else:
        take_in_calendars()
        take_in_catalogue()
        with atomic():
            tell_a_province(settings.policy, now())
            tell_seldom(settings.policy, now(), Path(settings.files_folder))
            number = db.session.scalar(sa.select(sa.func.count()).select_from(Assignment))
            tell_real_reports(settings.policy)
            tell_reports(settings.policy, now())
        click.echo(
            f"Đã nạp dữ liệu dùng thử: 5 báo cáo thật và Tỉnh An Hòa (giả định) với {number} nhiệm vụ đã giao."
        )
    if not settings.web_demo:  # where they are offered, `tracker serve` says them
        for line in accounts_said():
            click.echo(line)


def accounts_said() -> list[str]:
    """The demo accounts, one of each role, and the password of them all."""
    rows = [
        f"  {person.username:<14}{ROLE_LABELS[Role(post.role)]}, {post.unit.name}" for person, post in demo_people()
    ]
    return [f"Tài khoản dùng thử (mật khẩu chung: {PASSWORD}):", *rows] if rows else []
