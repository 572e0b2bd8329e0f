"""What the shell is told: a real process ends with the code that its command chose."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tracker.cli import main

ROOT = Path(__file__).parents[2]
TRACKER = "from tracker.cli import main; main()"
THREE = """\
import click
from tracker.cli import commands, main

@commands.command("three")
def three():
    raise click.exceptions.Exit(3)

main()
"""

pytestmark = pytest.mark.usefixtures("database")


def ended(
    app: Flask, tmp_path: Path, *typed: str, program: str = TRACKER, **settings: str
) -> subprocess.CompletedProcess[str]:
    """How one command of the house ended, as a process of its own over the test's database."""
    environ = {
        **os.environ,
        "TRACKER_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "TRACKER_FILES_FOLDER": str(tmp_path / "files"),
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-c", program, *typed],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_doctor_who_finds_something_ill_ends_with_one(app: Flask, tmp_path: Path) -> None:
    done = ended(app, tmp_path, "doctor", "--json")
    assert done.returncode == 1
    assert [one["name"] for one in json.loads(done.stdout) if not one["well"]] == ["scheduler", "reminders"]


WRONG = {"TRACKER_SMTP_URL": "mail.tinh.vn", "TRACKER_FILES_MAX_MB": "x"}


def test_with_wrong_settings_the_doctor_says_which_and_looks_at_all_the_rest(app: Flask, tmp_path: Path) -> None:
    done = ended(app, tmp_path, "doctor", "--json", **WRONG)
    found = json.loads(done.stdout)
    assert done.returncode == 1 and done.stderr == ""
    settings = [one["said"] for one in found if one["name"] == "configuration"]
    assert {said.partition(":")[0] for said in settings} == set(WRONG) and len(settings) == len(WRONG)
    well = {one["name"]: one["well"] for one in found}
    assert well["database"] and well["migrations"] and well["disk"] and not well["scheduler"]
    mail = next(one for one in found if one["name"] == "mail")
    assert not mail["well"] and mail["said"] == "Thư điện tử: chưa khám được, sửa TRACKER_SMTP_URL trước."


@pytest.mark.parametrize(
    ("settings", "unseen"),
    [
        ({"TRACKER_DATABASE_URL": "tracker"}, {"database", "migrations", "scheduler", "reminders", "jobs"}),
        (
            {"TRACKER_DATABASE_URL": "sqlite:////dev/null/t.db"},
            {"database", "migrations", "scheduler", "reminders", "jobs"},
        ),
        ({"TRACKER_FILES_FOLDER": "/dev/null/files"}, {"disk"}),
    ],
)
def test_what_a_wrong_setting_hides_is_said_in_one_line_each_and_never_a_traceback(
    app: Flask, tmp_path: Path, settings: dict[str, str], unseen: set[str]
) -> None:
    done = ended(app, tmp_path, "doctor", "--json", **settings)
    (variable,) = settings
    assert done.returncode == 1 and done.stderr == ""
    waiting = {one["name"] for one in json.loads(done.stdout) if one["said"].endswith(f"sửa {variable} trước.")}
    assert waiting == unseen
    other = ended(app, tmp_path, "reminders", "plan", **settings)
    assert other.returncode == 1 and other.stderr.startswith(f"Cấu hình chưa đúng:\n{variable}: ")


def test_a_code_that_a_command_chose_is_that_of_the_process(app: Flask, tmp_path: Path) -> None:
    assert ended(app, tmp_path, "three", program=THREE).returncode == 3


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("--help",), 0, "Đôn Đốc"),
        (("reminders", "plan", "--at", "2026-06-17T07:30"), 0, "Không có gì cần nhắc."),
        (("reminders", "plan", "--at", "mai"), 2, "không phải thời điểm"),
        (("zalo", "check"), 1, "Chưa cấu hình Zalo"),
        (("reminders", "bounce"), 65, "Không phải thông báo thư bị trả lại."),
        (("reminders", "bounce", "--mailbox"), 78, "Chưa cấu hình hộp thư trả lại"),
    ],
)
def test_done_refused_and_wrongly_typed_are_told_apart(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: Any, typed: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["tracker", *typed])
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"hello")))
    monkeypatch.setattr("tracker.cli.create_app", lambda: app)
    with pytest.raises(SystemExit) as done:
        main()
    written = "".join(capsys.readouterr())
    assert (done.value.code, said in written) == (code, True), written
