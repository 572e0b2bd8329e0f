"""How long an Excel file of 10 000 rows takes from the drop to its assignments, beside a raw insert of the same rows.

python -m bench.importing [sqlite] [postgresql]

read      the file opened apart, its table found, every row read
draft     the rows judged and kept as a draft
preview   the page of the draft, and the page of the last look, through the WSGI door
issue     directive, tasks, assignments, standings and history in one transaction
raw       the rows that draft and issue wrote, taken away and inserted again by the driver's own executemany
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
import time_machine
import xlsxwriter
from flask import Flask
from pgserver import TempPostgres, find_binaries

from bench.data import NOW, TODAY, fill
from tracker.accounts.acting import User
from tracker.accounts.models import Person, Post
from tracker.accounts.queries import acting
from tracker.app import create_app
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.directives.importing import start_import
from tracker.directives.models import ImportDraft
from tracker.directives.paper import Paper
from tracker.directives.proposed import Circumstances
from tracker.directives.reading.reading import read_bytes
from tracker.settings import load_settings
from tracker.tasks.issuing.issuing import issue
from tracker.units.matching import directory
from tracker.units.models import Unit

ROWS = 10_000
HEADS = ("STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm")
TABLES = ("import_rows", "tasks", "coordinations", "series", "assignments", "standings", "events")
"""What draft and issue fill, in the order of their keys."""


def a_file(rows: int = ROWS) -> bytes:
    """A workbook of so many tasks: each commune leads some, a few are standing duties, a few recur."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet("Phụ lục")
    sheet.write_row(0, 0, HEADS)
    for number in range(1, rows + 1):
        due = f"{number % 28 + 1}/{number % 5 + 7}/2026"
        when = "Thường xuyên" if number % 20 == 0 else "ngày 25 hằng tháng" if number % 100 == 1 else due
        lead, helper = f"UBND xã Thử {number % 100}", f"Xã Thử {(number + 7) % 100}"
        content = f"Rà soát, cập nhật dữ liệu số {number} và báo cáo kết quả thực hiện trên địa bàn"
        sheet.write_row(number, 0, (str(number), content, lead, helper, when, "Báo cáo"))
    book.close()
    return file.getvalue()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """How many seconds the work takes, and what it gives."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def measure(house: Flask) -> None:
    """Take the file through the house and print how long each step takes."""
    issuer = _issuer()
    province = db.session.get(Unit, issuer.unit_id)
    assert province is not None
    calendar, policy = working_calendar(), house.extensions["settings"].policy
    data = a_file()
    reading, read = timed(lambda: read_bytes(data, calendar, today=TODAY, issued=TODAY))
    known = Circumstances(TODAY, directory(issuer.province_path, TODAY), calendar, policy)
    drafting, draft = timed(lambda: start_import(read, "bench.xlsx", known, by=issuer, now=NOW))
    print(f"read     {reading:6.2f} s  {len(read.tasks)} rows")
    print(f"draft    {drafting:6.2f} s")
    for path in ("", "?page=100&size=100", "?view=bad", "/issue"):
        _page(house, issuer, f"/directives/imports/{draft.id}{path}")
    draft = db.session.get_one(ImportDraft, draft.id)
    paper = Paper("plan", "5757/KH-UBND", TODAY - timedelta(days=1), "Kế hoạch")
    issuing, _ = timed(lambda: issue(draft, paper, province, by=issuer, now=NOW))
    print(f"issue    {issuing:6.2f} s")
    rows, raw = _raw()
    saved = drafting + issuing
    print(f"raw      {raw:6.2f} s  {rows} rows by executemany")
    print(f"saved    {saved:6.2f} s, {saved / raw:.1f} times the raw insert; at most 10 s are promised")


def _issuer() -> User:
    post = db.session.scalar(sa.select(Post).join(Person).where(Person.username == "monitor0"))
    assert post is not None
    post.role = "issuer"
    db.session.commit()
    return acting(post)


def _page(house: Flask, user: User, path: str) -> None:
    client = house.test_client()
    with client.session_transaction() as session:
        session.update(_user_id=str(user.get_id()), _fresh=True)
    client.get(path)
    with _counted() as said:
        taken, answer = timed(lambda: client.get(path))
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    print(f"page     {taken:6.2f} s  {len(said)} statements, {len(answer.data) // 1024} kB  {path}")


@contextmanager
def _counted() -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    sa.event.remove(db.engine, "before_cursor_execute", hear)


def _raw() -> tuple[int, float]:
    """Take away what was written and insert it again by hand; how many rows, how many seconds."""
    db.session.commit()
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    begin = "BEGIN IMMEDIATE" if db.engine.dialect.name == "sqlite" else "SELECT 1"
    cursor.execute(begin)
    kept = {}
    for table in TABLES:
        cursor.execute(f"SELECT * FROM {table} {_WHERE.get(table, '')}")
        kept[table] = ([column[0] for column in cursor.description], [_plain(row) for row in cursor.fetchall()])
    for table in reversed(TABLES):
        cursor.execute(f"DELETE FROM {table} {_WHERE.get(table, '')}")
    connection.commit()
    cursor.execute(begin)
    mark = "?" if db.engine.dialect.name == "sqlite" else "%s"

    def insert() -> None:
        for table, (names, rows) in kept.items():
            places = ", ".join([mark] * len(names))
            quoted = ", ".join(f'"{name}"' for name in names)
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)
        connection.commit()

    taken, _ = timed(insert)
    connection.close()
    return sum(len(rows) for _, rows in kept.values()), taken


_PAPER = "(SELECT id FROM directives WHERE doc_symbol = '5757/KH-UBND')"
_NEW = f"task_id IN (SELECT id FROM tasks WHERE directive_id = {_PAPER})"
_WHERE = {
    "tasks": f"WHERE directive_id = {_PAPER}",
    "events": f"WHERE thing = 'assignment' AND thing_id IN (SELECT id FROM assignments WHERE {_NEW})",
    **{table: f"WHERE {_NEW}" for table in ("coordinations", "series", "assignments", "standings")},
}


def _plain(row: Any) -> list[Any]:
    """A row as the driver takes it back: what was JSON is written as JSON again."""
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value for value in row]


def on(kind: str) -> None:
    """Build a country on one kind of database and measure in it."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    server = None
    if kind == "postgresql":
        binaries = find_binaries()
        if binaries is None:
            print("PostgreSQL is missing: apt-get install postgresql")
            return
        server = TempPostgres(binaries).start()
    url = server.url() if server else f"sqlite:///{folder}/bench.db"
    print(f"\n{kind}")
    try:
        house = create_app(
            load_settings({}, database_url=url, files_folder=f"{folder}/files", web_secret_key="only for bench")
        )
        with house.app_context(), time_machine.travel(NOW, tick=True):
            flask_migrate.upgrade()
            fill(provinces=1, tasks=20)
            measure(house)
            db.session.remove()
            db.engine.dispose()
    finally:
        if server:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    for kind in sys.argv[1:] or ["sqlite", "postgresql"]:
        on(kind)
