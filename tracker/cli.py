"""The `tracker` command; gathers each domain's commands. A refusal exits 1 with one sentence, wrong usage 2.

A command may end with a code of its own by raising click's Exit; docs/operation.md lists them.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

import click
import flask_migrate
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from tracker.app import create_app, gather_commands
from tracker.calendars.actions import take_in_calendars
from tracker.errors import TrackerError
from tracker.reminders.beats import DONE, UNUSED
from tracker.settings import Complaint, SettingsError
from tracker.units.actions import take_in_catalogue
from tracker.wrongly_typed import speak_vietnamese

log = logging.getLogger(__name__)
speak_vietnamese()


@click.group()
@click.pass_context
def commands(context: click.Context) -> None:
    """Đôn Đốc: theo dõi nhiệm vụ tỉnh giao cho xã."""
    app: Flask = context.obj or (_app_to_look_at() if context.invoked_subcommand == "doctor" else create_app())
    context.with_resource(app.app_context())


def _app_to_look_at() -> Flask:
    """The application as far as its settings are right; the doctor says what is wrong with them, and looks on."""
    settings, wrong = None, list[Complaint]()
    while True:
        try:
            app = create_app(settings)
        except SettingsError as error:
            if error.usable is None:
                raise
            settings = error.usable
            wrong += error.wrong
        else:
            app.extensions["wrong_settings"] = wrong
            return app


@commands.group("db")
def database() -> None:
    """Cơ sở dữ liệu."""


@database.command("upgrade")
def upgrade() -> None:
    """Tạo hoặc nâng cấp bảng, nạp lịch làm việc và danh mục đơn vị."""
    flask_migrate.upgrade()
    days, units = take_in_calendars(), take_in_catalogue()
    click.echo(f"Cơ sở dữ liệu đã sẵn sàng: {days} ngày nghỉ, hoán đổi; {units} đơn vị mới.")


def _exit_code(arguments: Sequence[str] | None = None, app: Flask | None = None) -> int:
    """Run one command; the code it chose, 0 when it chose none. Refusals and wrong usage are raised."""
    gather_commands(commands)
    ended = commands(arguments, "tracker", obj=app, standalone_mode=False)  # click returns the code of an Exit
    return ended if isinstance(ended, int) else 0


def typed(arguments: Sequence[str], app: Flask) -> str:
    """Run one command in this process as if it had been typed; returns how it ended, in a few words."""
    try:
        code = _exit_code(list(arguments), app)
    except (click.ClickException, TrackerError) as refusal:
        log.warning("%s: %s", " ".join(arguments), refusal)
        return f"không chạy: {refusal}"
    except Exception as error:  # one failed job must not end the clock
        log.exception("%s failed", " ".join(arguments))
        return f"lỗi: {(str(error) or type(error).__name__).splitlines()[0]}"
    return {0: DONE, os.EX_CONFIG: UNUSED}.get(code, f"lỗi: kết thúc với mã {code}")


def main() -> None:
    """Run one command and say a refusal in one sentence."""
    try:
        sys.exit(_exit_code())
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(1)
    except TrackerError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except SettingsError as wrong_settings:
        click.echo(f"Cấu hình chưa đúng:\n{wrong_settings}", err=True)
        sys.exit(1)
    except (OperationalError, ProgrammingError):
        click.echo("Không đọc được cơ sở dữ liệu. Kiểm tra địa chỉ, rồi chạy «tracker db upgrade».", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
