"""Figures, the official sentence and the checking of reports from the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click
from flask import current_app

from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.errors import Invalid, NotFound
from tracker.reports.checking import checked_lines, said
from tracker.reports.closing import close
from tracker.reports.documents.commune import Formalities
from tracker.reports.documents.paper import Paper
from tracker.reports.documents.sheet import Sheet
from tracker.reports.documents.writing import KINDS, Wish, composed, composed_from, written
from tracker.reports.models import Snapshot
from tracker.reports.queries import (
    BREAKDOWNS,
    Difference,
    Figures,
    Line,
    Scope,
    breakdown,
    difference,
    difference_since,
    figures,
)
from tracker.reports.queries.snapshots import by_number
from tracker.reports.reading import report_text
from tracker.rules.arithmetic import check_text
from tracker.rules.differences import CHANGE_LABELS
from tracker.rules.letterheads import SIGNING_FORMS
from tracker.rules.periods import as_far_as, asked, cutoff_in
from tracker.rules.rates import BOX_LABELS, RATE_NAMES, rates
from tracker.rules.sentences import count, percent
from tracker.tasks.queries import Day
from tracker.units.queries import by_code
from tracker.web.options import DAY


@click.group("reports")
def commands() -> None:
    """Số liệu và câu báo cáo."""


_unit = click.option("--unit", "code", required=True, help="Mã đơn vị.")
_day = click.option("--as-of", "as_of", type=DAY, help="Ngày chốt số liệu.")
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
def show_figures(code: str, as_of: date | None, period: str | None, by: str | None, as_json: bool) -> None:
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
def show_sentence(code: str, as_of: date | None, period: str | None) -> None:
    """In câu đưa vào báo cáo."""
    scope, day = asked_scope(code, as_of, period)
    click.echo(figures(scope, day, today=today()).sentence)


def asked_scope(code: str, as_of: date | None, period: str | None) -> tuple[Scope, Day]:
    """The scope and the day that the options ask for; a period ends on its own cut-off unless a day is given."""
    unit = by_code(code)
    if not period:
        return Scope(unit), _on(as_of or today())
    one = asked(period, as_of or today())
    return Scope(unit, period=one), _on(cutoff_in(one, as_of, today()))


@commands.command("close")
@_unit
@_day
@click.option("--period", required=True, help="Kỳ báo cáo, như ở lệnh figures.")
@click.option("--reason", default="", help="Lý do, khi chốt lại một kỳ đã chốt.")
@_json
def close_period(code: str, as_of: date | None, period: str, reason: str, as_json: bool) -> None:
    """Chốt số liệu của một kỳ đã kết thúc."""
    scope, day = asked_scope(code, as_of, period)
    if scope.period and as_of:
        scope = Scope(scope.unit, period=as_far_as(scope.period, day.on))
    made = close(scope, by=None, now=now(), policy=day.policy, reason=reason)
    if as_json:
        said = {"number": made.number, "version": made.version, "fingerprint": made.fingerprint}
        click.echo(json.dumps(said | {"figures": made.figures}, ensure_ascii=False))
        return
    click.echo(f"Đã chốt số {made.name}: {made.unit.name}, {made.period_name}")
    click.echo(made.figures["sentence"])


@commands.command("compare")
@click.option("--unit", "code", help="Mã đơn vị, khi so hai ngày.")
@click.option("--from", "earlier", type=DAY, help="Hết ngày trước.")
@click.option("--closed", help="Số của bản chốt, thay cho đơn vị và ngày trước: BC-2026-0007 hoặc BC-2026-0007/1.")
@click.option("--to", "later", type=DAY, help="Hết ngày sau; để trống là hôm nay.")
@_json
def compare(code: str | None, earlier: date | None, closed: str | None, later: date | None, as_json: bool) -> None:
    """Giải thích từng nhiệm vụ vì sao số liệu hai ngày khác nhau."""
    if bool(closed) == bool(code and earlier):
        raise click.UsageError("Nêu --unit và --from, hoặc --closed.")
    after = _on(later or today())
    if closed:
        found = difference_since(by_number(closed), after, today=today())
    else:
        assert code and earlier
        found = difference(Scope(by_code(code)), _on(earlier), after, today=today())
    click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else "\n".join(_told(found)))


def _on(day: date) -> Day:
    return Day(day, working_calendar(), current_app.extensions["settings"].policy)


def _told(found: Difference) -> Iterator[str]:
    """How each box grew, then why, one assignment a line."""
    for box, number in found.grown.items():
        if number:
            yield f"{BOX_LABELS[box]}: {number:+d}"
    for row in found.rows:
        yield f"{CHANGE_LABELS[row.change]}\t{row.unit_name}\t{row.doc_symbol}\t{row.content}"
    if not found.rows:
        yield "Không có gì khác."


@commands.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lines", is_flag=True, help='Mỗi dòng là một JSON {"id": …, "text": …}.')
@click.option("--dated", type=DAY, help="Ngày của báo cáo, nếu trong tệp để trống.")
@_json
def check(file: Path, lines: bool, dated: date | None, as_json: bool) -> None:
    """Soát tỷ lệ, phép cộng và ngày văn bản trong một báo cáo (.docx, .pdf, .txt)."""
    if not lines:
        found = check_text(report_text(file), dated)
        click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else "\n".join(said(found)))
        return
    for name, found in checked_lines(file, dated):
        if as_json:
            click.echo(json.dumps({"id": name, **found.as_json()}, ensure_ascii=False))
        else:
            click.echo(f"[{name}]\n" + "\n".join(said(found)))


@commands.command("write")
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="Loại văn bản.")
@_unit
@_day
@_period
@click.option("--to", "file", required=True, type=click.Path(path_type=Path), help="Tệp .docx, .pdf hoặc .xlsx.")
@click.option("--closed", default="", help="Số của bản chốt, thay cho ngày và kỳ: BC-2026-0007 hoặc BC-2026-0007/1.")
@click.option("--outline", default="", help="Đề cương của báo cáo (tên tệp trong config/outlines).")
@click.option("--sign", type=click.Choice(list(SIGNING_FORMS)), default="tm", help="Thể thức ký.")
@click.option("--signer", default="", help="Họ và tên người ký.")
@click.option("--basis", default="", help="Căn cứ: «Công văn số … của …».")
@click.option("--addressee", default="", help="Nơi kính gửi.")
@click.option("--number", default="", help="Số văn bản; để trống cho văn thư ghi.")
@click.option("--dated", type=DAY, help="Ngày ký; để trống cho văn thư ghi.")
def write(
    kind: str,
    code: str,
    as_of: date | None,
    period: str | None,
    file: Path,
    closed: str,
    outline: str,
    dated: date | None,
    **formal: str,
) -> None:
    """Viết báo cáo, công văn đôn đốc hoặc tờ giao ban ra tệp Word, PDF hay Excel."""
    moment = now()
    settings = current_app.extensions["settings"]
    said = Formalities(year=(dated or moment).year, signing=formal.pop("sign"), dated=dated, **formal)
    wish = Wish(said, outline=outline, superior_line=settings.papers_superior_line)
    paper: Paper | Sheet
    if closed:
        one = _closed_of(code, closed, as_of, period)
        paper = composed_from(kind, one, _on(one.cutoff_on), wish)
    else:
        scope, day = asked_scope(code, as_of, period)
        paper = composed(kind, scope, day, wish, today=moment.date())
    content = written(paper, file.suffix.lower().lstrip("."), made_at=moment)
    try:
        file.write_bytes(content)
    except OSError:
        raise Invalid({}, f"Không ghi được tệp «{file}»; hãy kiểm tra thư mục và quyền ghi.") from None
    click.echo(f"Đã viết {file}")


def _closed_of(code: str, number: str, *days: object) -> Snapshot:
    """The closed period of the unit. Raises UsageError beside a day or period, NotFound for another unit's."""
    if any(days):
        raise click.UsageError("Bản chốt đã có ngày và kỳ: bỏ --as-of và --period.")
    one = by_number(number)
    if one.unit_id != by_code(code).id:
        raise NotFound(f"Bản chốt số «{number}» không phải của đơn vị mang mã «{code}».")
    return one
