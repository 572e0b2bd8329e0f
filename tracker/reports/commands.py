"""Figures, the official sentence and the checking of reports from the terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

from tracker.calendars.queries import working_calendar
from tracker.clock import today
from tracker.reports.checking import checked_lines, said
from tracker.reports.queries import BREAKDOWNS, Figures, Line, Scope, breakdown, figures
from tracker.reports.reading import report_text
from tracker.rules.arithmetic import check_text
from tracker.rules.periods import asked, cutoff_in
from tracker.rules.rates import RATE_NAMES, rates
from tracker.rules.sentences import count, percent
from tracker.tasks.queries import Day
from tracker.units.queries import by_code


@click.group("reports")
def commands() -> None:
    """Số liệu và câu báo cáo."""


_unit = click.option("--unit", "code", required=True, help="Mã đơn vị.")
_day = click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Ngày chốt số liệu.")
_period = click.option(
    "--period", help="Kỳ báo cáo: nd09-month:2026-05, quarter:2026-2, first:2026-05, 2025-12-15..2026-06-05 …"
)
_json = click.option("--json", "as_json", is_flag=True, help="In JSON.")


@commands.command("figures")
@_unit
@_day
@_period
@click.option("--by", type=click.Choice(list(BREAKDOWNS)), help="Chia nhỏ số liệu.")
@_json
def show_figures(code: str, as_of: datetime | None, period: str | None, by: str | None, as_json: bool) -> None:
    """In số liệu của một đơn vị."""
    scope, day = asked_scope(code, as_of, period)
    found = figures(scope, day, today=today())
    lines = breakdown(scope, day, by, today=today()) if by else []
    if as_json:
        parts = {"by": by, "lines": [line.as_json() for line in lines]} if by else {}
        click.echo(json.dumps(found.as_json() | parts, ensure_ascii=False))
        return
    _print_figures(found)
    _print_lines(lines)


def _print_figures(found: Figures) -> None:
    period = f"{found.period.name}, " if found.period else ""
    click.echo(f"{found.unit_name}, {period}số liệu đến hết ngày {found.as_of:%d/%m/%Y}")
    for name, rate in rates(found.tally).items():
        fraction = f"{count(rate.numerator)}/{count(rate.denominator)}"
        click.echo(f"{name}\t{RATE_NAMES[name]}\t{fraction}\t{percent(rate)}")
    click.echo(found.sentence)


def _print_lines(lines: Sequence[Line]) -> None:
    for line in lines:
        rate = rates(line.tally)["R1"]
        overdue = f"quá hạn {count(line.tally.open_overdue)}"
        click.echo(f"{line.name}\t{count(rate.numerator)}/{count(rate.denominator)}\t{percent(rate)}\t{overdue}")


@commands.command("sentence")
@_unit
@_day
@_period
def show_sentence(code: str, as_of: datetime | None, period: str | None) -> None:
    """In câu đưa vào báo cáo."""
    scope, day = asked_scope(code, as_of, period)
    click.echo(figures(scope, day, today=today()).sentence)


def asked_scope(code: str, as_of: datetime | None, period: str | None) -> tuple[Scope, Day]:
    """The scope and the day that the options ask for; a period ends on its own cut-off unless a day is given."""
    on: date | None = as_of.date() if as_of else None
    unit, policy = by_code(code), current_app.extensions["settings"].policy
    if not period:
        return Scope(unit), Day(on or today(), working_calendar(), policy)
    one = asked(period, on or today())
    return Scope(unit, period=one), Day(cutoff_in(one, on, today()), working_calendar(), policy)


@commands.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lines", is_flag=True, help='Mỗi dòng là một JSON {"id": …, "text": …}.')
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="Ngày của báo cáo, nếu trong tệp để trống.")
@_json
def check(file: Path, lines: bool, dated: datetime | None, as_json: bool) -> None:
    """Soát tỷ lệ, phép cộng và ngày văn bản trong một báo cáo (.docx, .pdf, .txt)."""
    day = dated.date() if dated else None
    if not lines:
        found = check_text(report_text(file), day)
        click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else "\n".join(said(found)))
        return
    for name, found in checked_lines(file, day):
        if as_json:
            click.echo(json.dumps({"id": name, **found.as_json()}, ensure_ascii=False))
        else:
            click.echo(f"[{name}]\n" + "\n".join(said(found)))
