"""Zalo from the terminal: the texts to have approved, and whether Zalo agrees with them."""

from __future__ import annotations

import json

import click
from flask import current_app

from tracker import clock
from tracker.errors import Refused
from tracker.reminders.channels.zalo.checking import check as check_templates
from tracker.reminders.channels.zalo.setup import Zalo, zalo_of
from tracker.reminders.channels.zalo.templates import shown, templates


@click.group("zalo")
def commands() -> None:
    """Kênh Zalo: mẫu tin, kiểm tra."""


@commands.command("templates")
def print_templates() -> None:
    """In các mẫu tin cần đăng ký với Zalo, với loại và độ dài từng tham số."""
    for template in templates().values():
        click.echo(f"== {template.name} ({template.purpose})")
        click.echo(shown(template, {name: f"<{name}>" for name in template.parameters}))
        for name, kind in template.parameters.items():
            click.echo(f"  <{name}>: {kind}, tối đa {template.most(name)} ký tự")


@commands.command("check")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def check(as_json: bool) -> None:
    """Hỏi Zalo từng mẫu tin đã khai: còn hiệu lực không, tham số và độ dài có khớp không."""
    found = list(check_templates(_zalo(), now=clock.now()))
    if as_json:
        click.echo(json.dumps([vars(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{'LỖI' if one.wrong else 'ổn '}  {one.name} ({one.template_id}) {one.wrong}".rstrip())
    if any(one.wrong for one in found):
        raise click.exceptions.Exit(1)


def _zalo() -> Zalo:
    found = zalo_of(current_app.extensions["settings"], current_app.secret_key or "")
    if found is None:
        raise Refused("Chưa cấu hình Zalo: đặt TRACKER_ZALO_APP_ID và các mục [zalo] trong config/settings.toml.")
    return found
