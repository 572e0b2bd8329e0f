"""/healthz and the doctor: each tells apart a house that works from one that does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from flask import Flask
from free_port import free_port

from tracker.app import gather_commands
from tracker.cli import commands
from tracker.clock import now
from tracker.db import forget
from tracker.health import beat

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def change(app: Flask) -> Iterator[Any]:
    """Changes settings of the house for one test."""
    kept = app.extensions["settings"]
    yield lambda **values: app.extensions.__setitem__("settings", replace(kept, **values))
    app.extensions["settings"] = kept


def doctor(app: Flask) -> tuple[int, dict[str, dict[str, Any]]]:
    gather_commands(commands)
    forget()
    result = CliRunner().invoke(commands, ["doctor", "--json"], obj=app)
    return result.exit_code, {one["name"]: one for one in json.loads(result.output)}


@pytest.mark.parametrize(("minutes_ago", "status"), [(None, 503), (30, 503), (1, 200)])
def test_the_house_is_well_while_the_scheduler_beats(app: Flask, minutes_ago: int | None, status: int) -> None:
    if minutes_ago is not None:
        beat("scheduler", "1", now=now() - timedelta(minutes=minutes_ago))
    forget()
    answer = app.test_client().get("/healthz")
    assert answer.status_code == status
    assert answer.json["status"] == ("ok" if status == 200 else "failing")
    code, said = doctor(app)
    assert (code == 0) is (status == 200)
    assert said["migrations"]["well"] and said["disk"]["well"]


def test_the_doctor_greets_a_real_mail_server_and_names_one_that_is_silent(app: Flask, change: Any) -> None:
    beat("scheduler", "1", now=now())
    port = free_port()
    server = Controller(object(), hostname="127.0.0.1", port=port)
    server.start()
    change(mail_smtp_url=f"smtp://127.0.0.1:{port}")
    assert doctor(app)[0] == 0
    server.stop()
    code, said = doctor(app)
    assert code == 1
    assert not said["mail"]["well"]


def test_a_folder_that_cannot_be_written_is_named(app: Flask, change: Any, tmp_path: Any) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    change(files_folder=str(blocked / "files"))
    code, said = doctor(app)
    assert code == 1
    assert not said["disk"]["well"]
