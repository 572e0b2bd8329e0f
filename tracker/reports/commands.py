"""Figures and the official sentence from the terminal."""

from __future__ import annotations

import json
from datetime import date, datetime

import click
from flask import current_app

from tracker.clock import today
from tracker.reports.checking import check
from tracker.reports.queries import Figures, figures
from tracker.rules.rates import RATE_NAMES, rates
from tracker.rules.sentences import count, percent
from tracker.units.queries import by_code


@click.group("reports")
def commands() -> None:
    """Số liệu và câu báo cáo."""


commands.add_command(check)

_unit = click.option("--unit", "code", required=True, help="Mã đơn vị.")
_day = click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Ngày chốt số liệu.")


@commands.command("figures")
@_unit
@_day
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def show_figures(code: str, as_of: datetime | None, as_json: bool) -> None:
    """In số liệu của một đơn vị."""
    found = _figures(code, as_of)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
        return
    click.echo(f"{found.unit_name}, số liệu đến hết ngày {found.as_of:%d/%m/%Y}")
    for name, rate in rates(found.tally).items():
        fraction = f"{count(rate.numerator)}/{count(rate.denominator)}"
        click.echo(f"{name}\t{RATE_NAMES[name]}\t{fraction}\t{percent(rate)}")
    click.echo(found.sentence)


@commands.command("sentence")
@_unit
@_day
def show_sentence(code: str, as_of: datetime | None) -> None:
    """In câu đưa vào báo cáo."""
    click.echo(_figures(code, as_of).sentence)


def _figures(code: str, as_of: datetime | None) -> Figures:
    day: date = as_of.date() if as_of else today()
    return figures(by_code(code), day, current_app.extensions["settings"].policy)
