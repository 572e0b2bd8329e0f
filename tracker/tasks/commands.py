"""Tasks from the terminal and the clock: the occurrences of recurring duties."""

from __future__ import annotations

import json

import click

from tracker.clock import now
from tracker.tasks.recurring import make_occurrences


@click.group("tasks")
def commands() -> None:
    """Nhiệm vụ."""


@commands.command("occurrences")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def occurrences(as_json: bool) -> None:
    """Tạo trước các kỳ sắp đến của nhiệm vụ định kỳ; chạy lại không tạo trùng."""
    made = make_occurrences(now=now())
    click.echo(json.dumps({"made": made}) if as_json else f"Đã tạo {made} kỳ của nhiệm vụ định kỳ.")
