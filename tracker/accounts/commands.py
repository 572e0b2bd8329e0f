"""People from the terminal: the first administrator of an empty installation."""

from __future__ import annotations

import click
from flask import current_app

from tracker.accounts.actions import first_administrator, invite
from tracker.clock import now
from tracker.errors import Refused


@click.group("accounts")
def commands() -> None:
    """Người dùng."""


@commands.command("first-administrator")
def print_link() -> None:
    """In liên kết dùng một lần cho người quản trị đầu tiên của bản cài mới."""
    link = first_link(current_app.extensions["settings"].web_base_url)
    if link is None:
        raise Refused("Đã có người dùng đặt mật khẩu; đề nghị người quản trị hiện có gửi liên kết mới.")
    click.echo(link)


def first_link(base_url: str) -> str | None:
    """A one-time link for the first administrator, none once anybody has set a password."""
    person = first_administrator(now=now())
    if person is None:
        return None
    days = current_app.extensions["settings"].sign_in_invitation_days
    return f"{base_url.rstrip('/')}/invitation/{invite(person, by=None, now=now(), days=days)}"
