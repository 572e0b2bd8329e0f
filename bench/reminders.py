"""How fast the house plans and sends: 100 000 open assignments on PostgreSQL, and bare smtplib as the measure.

make speed
"""

from __future__ import annotations

import smtplib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from mailing import HEAD, MANNER, SENDER
from mailoffice import MailOffice
from pgserver import TempPostgres, find_binaries

from bench.data import NOW, fill
from tracker.app import create_app
from tracker.calendars.actions import take_in_calendars
from tracker.db import atomic, db, forget
from tracker.reminders.actions import write_plan
from tracker.reminders.channels.email import MailServer
from tracker.reminders.delivering import deliver
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import plan
from tracker.settings import load_settings
from tracker.tasks.models import Assignment

PLAN_SECONDS, SENDING_RATIO, ROUNDS = 10.0, 0.90, 3


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def planning() -> bool:
    """Plan when everything is new and when nothing is; says both."""
    first = plan(NOW, MANNER)
    writing = seconds(lambda: write_plan(first, NOW))
    forget()
    lasted = min(seconds(lambda: _nothing_new()) for _ in range(ROUNDS))
    assignments = db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) or 0
    print(f"open assignments                {assignments:10}")
    print(f"notices written                 {len(first):10}   in {writing:.1f} s")
    print(f"planning when nothing is new    {lasted:10.2f} s  (at most {PLAN_SECONDS:.0f} s)")
    return lasted <= PLAN_SECONDS


def _nothing_new() -> None:
    forget()
    assert plan(NOW, MANNER) == []


def sending(folder: Path) -> bool:
    """Send all digests to a server that keeps every letter on disk before it answers, and the same bare."""
    ratios = []
    for number in range(ROUNDS):
        _everything_waits()
        office = MailOffice(folder / f"{number}.log", durable=True).start()
        try:
            with MailServer(office.url, SENDER, 20) as server:
                keeping = _Keeping(server)
                lasted = seconds(lambda: deliver(MANNER, HEAD, keeping, lambda: NOW))
            letters = len(office.taken())
            bare = seconds(lambda: _bare(office.port, keeping.letters))
        finally:
            office.stop()
        ratios.append(bare / lasted)
        print(
            f"letters {letters}: ours {letters / lasted:7.1f}/s   bare smtplib {letters / bare:7.1f}/s   {ratios[-1]:.1%}"
        )
    best = max(ratios)
    print(f"sending, best of {ROUNDS}               {best:10.1%}    (at least {SENDING_RATIO:.0%})")
    return best >= SENDING_RATIO


class _Keeping:
    """The mail server, with a copy of what it sent, so that bare smtplib can send the very same."""

    def __init__(self, server: MailServer):
        self.server = server
        self.letters: list[tuple[str, bytes]] = []

    def send(self, mail):  # type: ignore[no-untyped-def]

        return self.server.send(mail)


def _bare(port: int, letters: list[tuple[str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for address, letter in letters:
            connection.sendmail("khong-tra-loi@dondoc.example", [address], letter)


def _everything_waits() -> None:
    with atomic():
        db.session.execute(
            sa.update(Notice)
            .where(Notice.channel == "email")
            .values(state="waiting", message_id=None, send_after=NOW)
        )
        db.session.execute(sa.delete(Message))


def main() -> int:
    """Fill, plan, send; 1 when a promise was broken."""
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    server = TempPostgres(binaries).start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = load_settings(
                {}, database_url=server.url(), files_folder=f"{folder}/files", web_secret_key="bench"
            )
            with create_app(settings).app_context():
                flask_migrate.upgrade()
                take_in_calendars()
                fill(all_open=True)
                db.session.execute(sa.text("ANALYZE"))
                forget()
                kept = [planning(), sending(Path(folder))]
                db.session.remove()
                db.engine.dispose()
    finally:
        server.stop()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
