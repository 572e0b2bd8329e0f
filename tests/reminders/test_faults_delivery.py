"""A small fault campaign: processes killed -9 under a mail server that misbehaves; `make faults` is the large one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from mailoffice import FAULTS, MailOffice

ROOT = Path(__file__).parents[2]


def test_whatever_is_killed_nothing_is_lost_and_what_comes_twice_has_one_id(app, database):
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults", "--kills", "12", "--database", url, "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] >= 12 and found["letters"] > 20
    assert not any(found["lost"].values()) and not any(found["wrong"].values())


def test_every_fault_of_the_mail_server_is_one_that_it_can_commit(tmp_path):
    """The names of faults stand in one list and are drawn by name; a misspelt one would never happen."""
    source = (ROOT / "tests" / "mailoffice.py").read_text("utf-8")
    assert [fault for fault in FAULTS if source.count(f'"{fault}"') < 2] == []
    assert MailOffice(tmp_path / "log").taken() == []
