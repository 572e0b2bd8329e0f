"""`tracker serve`: web and clock in one process, and `tracker scheduler`: the clock alone."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from types import FrameType
from typing import Any

import click
from flask import Flask, current_app
from gunicorn.app.base import BaseApplication

from tracker.accounts.commands import first_link
from tracker.db import db
from tracker.demo.commands import accounts_said
from tracker.errors import Refused
from tracker.scheduler import Clock


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one worker of eight threads; the clock is a ninth thread of the worker."""

    def __init__(self, app: Flask, address: str):
        self._app, self._address = app, address
        super().__init__()

    def load_config(self) -> None:
        """Everything is said here: no file and no argument of gunicorn's own is read."""
        settings: dict[str, Any] = {
            "bind": self._address,
            "worker_class": "gthread",
            "workers": 1,
            "threads": 8,
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_worker_init": self._start_clock,
            "proc_name": "tracker",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application that the worker serves."""
        return self._app

    def _start_clock(self, _worker: object) -> None:
        threading.Thread(target=Clock(self._app).run, name="scheduler", daemon=True).start()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ máy.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Cổng.")
def serve(host: str, port: int) -> None:
    """Chạy trang web và bộ hẹn giờ trong một tiến trình."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    _require_free(host, port)
    address = f"http://{host}:{port}"
    click.echo(f"Đôn Đốc đang chạy tại {address} (dừng bằng Ctrl+C).")
    if app.extensions["settings"].web_demo:
        for line in accounts_said():
            click.echo(line)
    elif (link := first_link(address)) is not None:
        click.echo(f"Chưa có người quản trị. Mở liên kết này một lần để đặt mật khẩu:\n  {link}")
    _forget_connections()
    Server(app, f"{host}:{port}").run()


@click.command("scheduler")
def scheduler() -> None:
    """Chỉ chạy bộ hẹn giờ; chạy nhiều nơi thì một nơi làm việc, nơi khác chờ."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    _forget_connections()
    clock = Clock(app)

    def end(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=clock.stop).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    clock.run()


def _require_free(host: str, port: int) -> None:
    """Raise Refused when the address cannot be listened at, before anything is promised to the reader."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise Refused(
            f"Không mở được {host}:{port} ({error.strerror}). Dừng chương trình đang dùng cổng này, "
            f"hoặc chọn cổng khác: tracker serve --port {port + 1}."
        ) from error


def _forget_connections() -> None:
    """A worker is a fork: it opens connections of its own and touches none of its parent's."""
    db.session.remove()
    db.engine.dispose()
