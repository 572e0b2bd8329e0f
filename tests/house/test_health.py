"""/healthz and the doctor: each tells apart a house that works from one that does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from builders import a_commune, a_province, an_assignment, somebody
from click.testing import CliRunner
from flask import Flask
from free_port import free_port

from tracker.app import gather_commands
from tracker.cli import commands, typed
from tracker.clock import now
from tracker.db import db, forget
from tracker.health import beat, note_ending
from tracker.reminders.models import Notice
from tracker.rules.access import Role

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


CLOCKS = ("scheduler", "reminders")


def all_beat() -> None:
    """Every clock of the house beats."""
    for name in CLOCKS:
        beat(name, "1", now=now())


def healthz(app: Flask) -> tuple[int, dict[str, Any]]:
    forget()
    answer = app.test_client().get("/healthz")
    assert answer.json is not None and answer.json["status"] == ("ok" if answer.status_code == 200 else "failing")
    return answer.status_code, answer.json


@pytest.mark.parametrize("which", CLOCKS)
@pytest.mark.parametrize(("minutes_ago", "status"), [(None, 503), (30, 503), (-30, 503), (1, 200)])
def test_the_house_is_well_while_every_clock_of_it_beats(
    app: Flask, which: str, minutes_ago: int | None, status: int
) -> None:
    beat(next(name for name in CLOCKS if name != which), "1", now=now())
    if minutes_ago is not None:
        beat(which, "1", now=now() - timedelta(minutes=minutes_ago))
    assert healthz(app)[0] == status
    code, said = doctor(app)
    assert (code == 0) is (status == 200)
    assert said["migrations"]["well"] and said["disk"]["well"]


def test_a_tick_that_fails_every_time_is_ill_however_the_scheduler_beats(app: Flask) -> None:
    all_beat()
    note_ending("reminders", "không chạy: vì thế", now=now())
    status, answer = healthz(app)
    assert status == 503 and not answer["reminders"]["well"]
    assert "vì thế" not in str(answer), "what went wrong is not for everybody who may ask"
    said = doctor(app)[1]
    assert not said["reminders"]["well"] and "nhắc việc" in said["jobs"]["said"] and "vì thế" in said["jobs"]["said"]
    note_ending("reminders", "xong", now=now())
    assert healthz(app)[0] == 200


def test_another_job_that_fails_is_the_doctors_to_say(app: Flask) -> None:
    all_beat()
    note_ending("returned mail", "không chạy: vì thế", now=now())
    note_ending("weekly", "chưa dùng", now=now())
    note_ending("taken off the schedule", "lỗi: x", now=now() - timedelta(days=3))
    assert healthz(app)[0] == 200
    code, said = doctor(app)
    assert code == 1 and "đọc thư trả lại" in said["jobs"]["said"] and "vì thế" in said["jobs"]["said"]
    assert "bản tin tuần" not in said["jobs"]["said"] and "taken" not in said["jobs"]["said"]


def test_the_doctor_greets_a_real_mail_server_and_names_one_that_is_silent(app: Flask, change: Any) -> None:
    all_beat()
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


def test_a_mail_address_that_is_none_stops_neither_planning_nor_the_inbox(app: Flask, change: Any) -> None:
    all_beat()
    change(mail_smtp_url="mail.tinh.gov.vn:587")
    unit = a_commune(province := a_province())
    work = an_assignment(unit, somebody(province, Role.ISSUER), due=f"{now():%Y-%m-%d}")
    assert typed(["reminders", "tick"], app) == "xong"
    forget()
    told = sa.select(Notice.channel, Notice.state).where(Notice.assignment_id == work.id)
    assert ("inapp", "sent") in db.session.execute(told).all()
    assert not doctor(app)[1]["mail"]["well"]
