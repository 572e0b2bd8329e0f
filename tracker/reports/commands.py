"""Figures, the official sentence and the checking of reports from the terminal."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.errors import Invalid
from tracker.reports.checking import checked_lines, said
from tracker.reports.documents.commune import Formalities
from tracker.reports.documents.outlines import DEFAULT
from tracker.reports.documents.writing import KINDS, Wish, composed, written
from tracker.reports.queries import Figures, Scope, figures
from tracker.reports.reading import report_text
from tracker.rules.arithmetic import check_text
from tracker.rules.letterheads import SIGNING_FORMS
from tracker.rules.rates import RATE_NAMES, rates
from tracker.rules.sentences import count, percent
from tracker.tasks.queries import Day
from tracker.units.queries import by_code


@click.group("reports")
def commands() -> None:
    """Số liệu và câu báo cáo."""


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
    policy = current_app.extensions["settings"].policy
    return figures(Scope(by_code(code)), Day(day, working_calendar(), policy), today=today())


@commands.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lines", is_flag=True, help='Mỗi dòng là một JSON {"id": …, "text": …}.')
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="Ngày của báo cáo, nếu trong tệp để trống.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
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


@commands.command("write")
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="Loại văn bản.")
@_unit
@_day
@click.option("--to", "file", required=True, type=click.Path(path_type=Path), help="Tệp .docx, .pdf hoặc .xlsx.")
@click.option("--outline", default=DEFAULT, help="Đề cương của báo cáo đơn vị (tên tệp trong config/outlines).")
@click.option("--sign", type=click.Choice(list(SIGNING_FORMS)), default="tm", help="Thể thức ký.")
@click.option("--signer", default="", help="Họ và tên người ký.")
@click.option("--basis", default="", help="Căn cứ: «Công văn số … của …».")
@click.option("--addressee", default="", help="Nơi kính gửi.")
@click.option("--number", default="", help="Số văn bản; để trống cho văn thư ghi.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="Ngày ký; để trống cho văn thư ghi.")
def write(
    kind: str, code: str, as_of: datetime | None, file: Path, outline: str, dated: datetime | None, **formal: str
) -> None:
    """Viết báo cáo, công văn đôn đốc hoặc tờ giao ban ra tệp Word, PDF hay Excel."""
    moment = now()
    settings = current_app.extensions["settings"]
    day = Day(as_of.date() if as_of else moment.date(), working_calendar(), settings.policy)
    signed_on = dated.date() if dated else None
    said = Formalities(year=(signed_on or moment).year, signing=formal.pop("sign"), dated=signed_on, **formal)
    wish = Wish(said, outline=outline, superior_line=settings.papers_superior_line)
    paper = composed(kind, Scope(by_code(code)), day, wish, today=moment.date())
    content = written(paper, file.suffix.lower().lstrip("."), made_at=moment)
    try:
        file.write_bytes(content)
    except OSError:
        raise Invalid({}, f"Không ghi được tệp «{file}»; hãy kiểm tra thư mục và quyền ghi.") from None
    click.echo(f"Đã viết {file}")
