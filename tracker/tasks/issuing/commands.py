"""A directive from a file by the terminal, with the same checks as the page; joins the group «tracker directives»."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from flask import current_app

from tracker import clock
from tracker.accounts.acting import User
from tracker.accounts.queries import acting, person_named, posts_of
from tracker.calendars.queries import working_calendar
from tracker.directives.models import ImportDraft, ImportRow
from tracker.directives.pages.shared import PaperInput
from tracker.directives.paper import Paper
from tracker.directives.proposed import Circumstances, paper_of
from tracker.directives.reading.guards import bytes_of
from tracker.directives.reading.reading import read_bytes
from tracker.directives.returning import write_back
from tracker.errors import NotFound
from tracker.evidence.intake import accept_read
from tracker.rules.access import Deed, may
from tracker.rules.papers import DOC_TYPES
from tracker.tasks.issuing.issuing import GiveBack, import_at_once
from tracker.units.matching import directory
from tracker.units.queries import by_code, within
from tracker.web.options import DAY

SCOPES = ("rows", "all", "later")


@click.group("directives")
def commands() -> None:
    """Văn bản giao nhiệm vụ."""


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", "username", required=True, help="Tên đăng nhập của người giao nhiệm vụ.")
@click.option("--unit", "unit_code", help="Mã đơn vị ban hành; mặc định là đơn vị của người giao.")
@click.option(
    "--communes", default="rows", help="rows, all, later, cluster:TÊN, hoặc các mã đơn vị, cách bằng dấu phẩy."
)
@click.option("--type", "doc_type", type=click.Choice(sorted(DOC_TYPES)), help="Loại văn bản.")
@click.option("--symbol", help="Số, ký hiệu; mặc định theo tệp.")
@click.option("--issued", type=DAY, help="Ngày văn bản; mặc định theo tệp.")
@click.option("--abstract", help="Trích yếu; mặc định theo tệp.")
@click.option("--bad-rows", type=click.Path(path_type=Path), help="Ghi các dòng cần sửa ra tệp .xlsx, có cột lý do.")
def import_file(
    file: Path,
    username: str,
    unit_code: str | None,
    communes: str,
    doc_type: str | None,
    symbol: str | None,
    issued: date | None,
    abstract: str | None,
    bad_rows: Path | None,
) -> None:
    """Ghi văn bản cùng mọi nhiệm vụ trong tệp FILE và giao cho đơn vị; có một dòng sai thì không ghi gì."""
    by, now = _issuer(username), clock.now()
    data = bytes_of(file)
    read = read_bytes(data, working_calendar(), today=now.date(), issued=issued)
    said = {"doc_type": doc_type, "doc_symbol": symbol, "abstract": abstract}
    typed = PaperInput.read(
        paper_of(read) | {name: value for name, value in said.items() if value} | {"issuer_id": 0}
    )
    issuer = by_code(unit_code) if unit_code else within(by.unit_path, by.unit_id)
    scope, unit_ids = _scope(communes)
    settings = current_app.extensions["settings"]
    directive = import_at_once(
        read,
        file.name,
        Paper(**{name: value for name, value in typed.items() if name not in ("issuer_id", "version")}),
        issuer,
        Circumstances(read.issued, directory(by.province_path, now.date()), working_calendar(), settings.policy),
        scope=scope,
        unit_ids=unit_ids,
        files=accept_read(data, file.name, read.attachments, Path(settings.files_folder)),
        give_back=_writer(bad_rows) if bad_rows else None,
        by=by,
        now=now,
    )
    click.echo(f"Đã ghi văn bản {directive.doc_symbol} với {len(read.tasks)} nhiệm vụ.")


def _writer(path: Path) -> GiveBack:
    """Writes rows that stand in the way to a file, in the format of theirs."""

    def write(draft: ImportDraft, rows: Sequence[ImportRow]) -> None:
        with path.open("wb") as file:
            write_back(file, draft, rows)

    return write


def _issuer(username: str) -> User:
    """The person acting for their first post that may give work. Raises NotFound when there is none."""
    person = person_named(username)
    posts = posts_of(person.id, clock.today()) if person else []
    users = [user for post in posts if may((user := acting(post)).role, Deed.ASSIGN)]
    if not users:
        raise NotFound(f"Không có người giao nhiệm vụ tên «{username}».")
    return users[0]


def _scope(communes: str) -> tuple[str, list[int]]:
    """What --communes says: a scope, and the units of the codes that it lists."""
    if communes in SCOPES or communes.startswith("cluster:"):
        return communes, []
    return "units", [by_code(code.strip()).id for code in communes.split(",") if code.strip()]
