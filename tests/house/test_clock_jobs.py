"""Every clock of the house is a command that a person could type, and a cron line that exists."""

from __future__ import annotations

import re
import shlex
import tomllib

import click
import pytest
from apscheduler.triggers.cron import CronTrigger

from tracker.app import gather_commands
from tracker.cli import commands
from tracker.clock import HOUSE_ZONE
from tracker.paths import data_dir

JOBS = tomllib.loads((data_dir("config") / "schedule.toml").read_text("utf-8"))["job"]
each_job = pytest.mark.parametrize("job", JOBS, ids=[job["name"] for job in JOBS])


def parse(typed: str) -> click.Command:
    """The command that these words name, its options read; raises click.UsageError when there is none."""
    program, *words = shlex.split(typed)
    assert program == "tracker", f"«{typed}» is not typed as tracker …"
    gather_commands(commands)
    command: click.Command = commands
    while isinstance(command, click.Group):
        context = click.Context(command, info_name=command.name)
        _name, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found
    command.make_context(command.name, words)
    return command


def complaint(typed: str) -> str | None:
    """What the terminal would answer to somebody who types it, or none when it is a command."""
    try:
        parse(typed)
    except click.UsageError as wrong:
        return wrong.message
    return None


@each_job
def test_a_job_is_a_command_that_exists(job: dict[str, str]) -> None:
    assert complaint(job["command"]) is None


@each_job
def test_a_job_has_a_time_a_sentence_and_a_name_of_its_own(job: dict[str, str]) -> None:
    CronTrigger.from_crontab(job["cron"], timezone=HOUSE_ZONE)
    assert re.fullmatch(r"[A-Z].+\.", job["sentence"])
    assert [other["name"] for other in JOBS].count(job["name"]) == 1


@pytest.mark.parametrize("typed", ["tracker reminders tock", "tracker nothing", "tracker units list --colour red"])
def test_a_command_that_is_not_there_is_noticed(typed: str) -> None:
    assert complaint(typed)
