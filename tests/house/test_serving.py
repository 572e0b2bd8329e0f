"""Real processes: the house answers, survives being killed, and has one clock however many processes run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from flask import Flask
from free_port import free_port

from tracker.db import db, forget
from tracker.reminders.models import Heartbeat

ROOT = Path(__file__).parents[2]
TRACKER = [sys.executable, "-c", "from tracker.cli import main; main()"]

pytestmark = pytest.mark.usefixtures("database")


@contextmanager
def running(app: Flask, tmp_path: Path, command: list[str], **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the house over the test's database, ended with all its children."""
    environ = {
        **os.environ,
        "TRACKER_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "TRACKER_FILES_FOLDER": str(tmp_path / "files"),
        "PYTHONPATH": str(ROOT),
        **extra,
    }
    said = (tmp_path / f"{time.monotonic_ns()}.log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=said, stderr=said, start_new_session=True)
    try:
        yield process
    finally:
        end(process)
        said.close()


def end(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the process and all its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(question: Callable[[], object], seconds: float = 40) -> object:
    """The first true answer; fails when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.2)
    pytest.fail(f"no answer within {seconds} s")


def health(port: int) -> tuple[int, dict[str, object]] | None:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return None


def is_well(port: int) -> bool:
    found = health(port)
    return found is not None and found[0] == 200


def said_by(name: str) -> str:
    """What was last written down under a name of the clock."""
    forget()
    return db.session.scalar(sa.select(Heartbeat.said).where(Heartbeat.name == name)) or ""


def leader() -> str:
    """The process that beats."""
    return said_by("scheduler")


def test_serve_answers_and_comes_back_after_being_killed(app: Flask, tmp_path: Path) -> None:
    port = free_port()
    command = [*TRACKER, "serve", "--port", str(port)]
    with running(app, tmp_path, command) as process:
        until(lambda: is_well(port))
        with urlopen(f"http://127.0.0.1:{port}/sign-in") as page:
            assert "Đăng nhập" in page.read().decode()
        first = leader()
        end(process)
    with running(app, tmp_path, command):
        until(lambda: is_well(port) and leader() != first)


def test_of_two_schedulers_one_leads_and_the_other_follows_it(app: Flask, tmp_path: Path) -> None:
    with running(app, tmp_path, [*TRACKER, "scheduler"]) as one:
        until(lambda: leader() == str(one.pid))
        with running(app, tmp_path, [*TRACKER, "scheduler"]) as two:
            time.sleep(7)
            assert leader() == str(one.pid)
            end(one)
            until(lambda: leader() == str(two.pid))


def test_two_gunicorn_workers_start_no_clock(app: Flask, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "wsgi:app"]
    with running(app, tmp_path, command, TRACKER_BIND=f"127.0.0.1:{port}"):
        status, said = until(lambda: health(port))
        time.sleep(3)
        assert status == 503
        assert said["database"]["well"] and not said["scheduler"]["well"]
        assert leader() == ""


def test_a_scheduler_asked_to_end_ends(app: Flask, tmp_path: Path) -> None:
    with running(app, tmp_path, [*TRACKER, "scheduler"]) as process:
        until(lambda: leader() == str(process.pid))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_a_taken_port_is_said_in_a_sentence_before_anything_is_promised(app, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(app, tmp_path, [*TRACKER, "serve", "--port", str(port)]) as process:
            assert process.wait(40) == 1
    said = next(tmp_path.glob("*.log")).read_text("utf-8")
    assert f"Không mở được 127.0.0.1:{port}" in said and "đang chạy" not in said


def test_a_scheduler_that_begins_makes_good_at_once_what_was_missed(app: Flask, tmp_path: Path) -> None:
    with running(app, tmp_path, [*TRACKER, "scheduler"]):
        assert until(lambda: said_by("reminders"))
