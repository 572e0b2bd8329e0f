"""The `tracker` command; gathers each domain's commands. A refusal exits 1 with one sentence, wrong usage 2."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

import click
import flask_migrate
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from tracker.app import create_app, gather_commands
from tracker.calendars.actions import take_in_calendars
from tracker.errors import TrackerError
from tracker.settings import SettingsError
from tracker.units.actions import take_in_catalogue

log = logging.getLogger(__name__)


@click.group()
@click.pass_context
def commands(context: click.Context) -> None:
    """Đôn Đốc: theo dõi nhiệm vụ tỉnh giao cho xã."""
    app: Flask = context.obj or create_app()
    context.with_resource(app.app_context())


@commands.group("db")
def database() -> None:
    """Cơ sở dữ liệu."""


@database.command("upgrade")
def upgrade() -> None:
    """Tạo hoặc nâng cấp bảng, nạp lịch làm việc và danh mục đơn vị."""
    flask_migrate.upgrade()
    days, units = take_in_calendars(), take_in_catalogue()
    click.echo(f"Cơ sở dữ liệu đã sẵn sàng: {days} ngày nghỉ, hoán đổi; {units} đơn vị mới.")


def typed(arguments: Sequence[str], app: Flask) -> str:
    """Run one command in this process as if it had been typed; returns how it ended, in a few words."""
    gather_commands(commands)
    try:
        commands(list(arguments), obj=app, standalone_mode=False)
    except (click.ClickException, TrackerError) as refusal:
        log.warning("%s: %s", " ".join(arguments), refusal)
        return f"không chạy: {refusal}"
    except Exception as error:  # one failed job must not end the clock
        log.exception("%s failed", " ".join(arguments))
        return f"lỗi: {error}"
    return "xong"


def main() -> None:
    """Run one command and say a refusal in one sentence."""
    gather_commands(commands)
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(1)
    except TrackerError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except SettingsError as wrong_settings:
        click.echo(f"Cấu hình chưa đúng: {wrong_settings}", err=True)
        sys.exit(1)
    except (OperationalError, ProgrammingError):
        click.echo("Không đọc được cơ sở dữ liệu. Kiểm tra địa chỉ, rồi chạy «tracker db upgrade».", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
