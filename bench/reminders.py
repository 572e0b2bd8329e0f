"""How fast the house plans and sends: 100 000 open assignments on PostgreSQL, and bare smtplib as the measure.

make speed
"""

from __future__ import annotations

import smtplib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
from tracker.reminders.channels.answers import Answer
from tracker.reminders.channels.email import ON_THE_WIRE, MailServer, envelope
from tracker.reminders.delivering import rounds
from tracker.reminders.messages import Mail
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import plan
from tracker.settings import load_settings
from tracker.tasks.models import Assignment

_UNSYNCHRONIZED = {"synchronize_session": False}
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
    lasted = min(seconds(_nothing_new) for _ in range(ROUNDS))
    assignments = db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) or 0
    print(f"open assignments                {assignments:10}")
    print(f"notices written                 {len(first):10}   in {writing:.1f} s")
    print(f"planning when nothing is new    {lasted:10.2f} s  (at most {PLAN_SECONDS:.0f} s)")
    return lasted <= PLAN_SECONDS


def _nothing_new() -> None:
    forget()
    assert plan(NOW, MANNER) == []


def sending(folder: Path) -> bool:
    """Send everybody a digest of six, to a server that has each letter on disk before it answers; then the same bare.

    «Handed over» is from claimed to noted, «in all» with judging and writing the letters.
    """
    ratios = []
    for number in range(ROUNDS):
        _six_wait_for_everybody()
        with _office(folder / f"{number}.log") as office, MailServer(office.url, SENDER, 20) as server:
            keeping = _Keeping(server)
            in_all = _delivered(keeping)
            handed = in_all - keeping.claiming
            letters = [(mail.address, envelope(mail, SENDER).as_bytes(policy=ON_THE_WIRE)) for mail in keeping.mails]
            bare = _bare(office.port, letters)
        ratios.append(bare / handed)
        print(
            f"{len(letters)} letters    bare smtplib {len(letters) / bare:6.1f}/s"
            f"    handed over {len(letters) / handed:6.1f}/s {bare / handed:6.1%}"
            f"    in all {len(letters) / in_all:6.1f}/s {bare / in_all:6.1%}"
        )
    usual = statistics.median(ratios)
    print(f"handing over, median of {ROUNDS}       {usual:10.1%}    (at least {SENDING_RATIO:.0%})")
    return usual >= SENDING_RATIO


@contextmanager
def _office(log: Path) -> Iterator[MailOffice]:
    office = MailOffice(log, durable=True).start()
    try:
        yield office
    finally:
        office.stop()


class _Keeping:
    """The mail server, with a copy of what it sent and the time that passed between one batch and the next."""

    def __init__(self, server: MailServer):
        self.server = server
        self.mails: list[Mail] = []
        self.claiming = 0.0

    def send(self, mail: Mail) -> Answer:
        """Hand over and remember."""
        self.mails.append(mail)
        return self.server.send(mail)


def _delivered(keeping: _Keeping) -> float:
    """Deliver everything; returns how long it took, and leaves in `keeping` how much of it was claiming."""
    original = rounds.claim

    def timed(*arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return original(*arguments)
        finally:
            keeping.claiming += time.perf_counter() - began

    rounds.claim = timed
    try:
        return seconds(lambda: rounds.deliver(MANNER, HEAD, keeping, lambda: NOW))
    finally:
        rounds.claim = original


def _bare(port: int, letters: list[tuple[str, bytes]]) -> float:
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for address, letter in letters:
            connection.sendmail("khong-tra-loi@dondoc.example", [address], letter)
    return time.perf_counter() - began


def _six_wait_for_everybody() -> None:
    place = sa.func.row_number().over(partition_by=Notice.person_id, order_by=Notice.id).label("place")
    ranked = sa.select(Notice.id, place).where(Notice.channel == "email").subquery()
    beyond = sa.select(ranked.c.id).where(ranked.c.place > 6)
    with atomic():
        db.session.execute(sa.delete(Notice).where(Notice.id.in_(beyond)), execution_options=_UNSYNCHRONIZED)
        waiting = {"state": "waiting", "message_id": None, "send_after": NOW}
        by_mail = sa.update(Notice).where(Notice.channel == "email")
        db.session.execute(by_mail.values(**waiting), execution_options=_UNSYNCHRONIZED)
        db.session.execute(sa.delete(Message), execution_options=_UNSYNCHRONIZED)


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
