"""The evidence store from the terminal."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from tracker.clock import now
from tracker.evidence.actions import sweep_store


@click.group("evidence")
def commands() -> None:
    """Kho minh chứng."""


@commands.command("sweep")
def sweep() -> None:
    """Xóa tệp không thuộc bản ghi nào sau một ngày."""
    gone = sweep_store(Path(current_app.extensions["settings"].files_folder), now=now())
    click.echo(f"Đã xóa {gone} tệp không thuộc bản ghi nào.")
