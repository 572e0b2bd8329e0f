"""How fast the house plans and sends: 100 000 open assignments on PostgreSQL, and bare smtplib as the measure.

make speed
"""

from __future__ import annotations

import asyncio
import os
import signal
import smtplib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from free_port import free_port
from mailing import EVERY_MORNING, HEAD, MANNER, SENDER
from mailoffice import MailOffice
from pgserver import TempPostgres, find_binaries

from bench.data import NOW, fill
from tracker.app import create_app
from tracker.calendars.actions import take_in_calendars
from tracker.db import atomic, db, forget
from tracker.reminders.actions import write_plan
from tracker.reminders.channels.answers import Answer
from tracker.reminders.channels.email import MailServer
from tracker.reminders.channels.wire import on_the_wire
from tracker.reminders.delivering import deliver
from tracker.reminders.letters.messages import Mail
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import plan
from tracker.settings import load_settings
from tracker.tasks.models import Assignment

_UNSYNCHRONIZED = {"synchronize_session": False}
PLAN_SECONDS, SENDING_RATIO, ROUNDS = 10.0, 0.90, 3
CONNECTIONS = 2
"""As config/settings.toml has it."""


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def planning() -> bool:
    """Plan when everything is new and when nothing is; says both."""
    first = plan(NOW, EVERY_MORNING)
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
    assert plan(NOW, EVERY_MORNING) == []


def sending(folder: Path) -> bool:
    """Send everybody a digest of six, all in all from judging to noting; then the same letters bare, to the same.

    The servers are processes of their own: aiosmtpd that throws all away, one that has each letter on disk before
    it answers, and aiosmtpd that takes ten milliseconds over a letter, as one does which looks inside.
    """
    servers: dict[str, Callable[[], Any]] = {
        "aiosmtpd": Plain,
        "on disk": lambda: _office(folder),
        "10 ms": lambda: Plain(pause=0.010),
    }
    return all([_against(name, serve) for name, serve in servers.items()])


def _against(name: str, serve: Callable[[], Any]) -> bool:
    """Rounds against one server over one connection and over as many as the house uses; says each and the medians."""
    ratios: dict[int, list[float]] = {1: [], CONNECTIONS: []}
    for number in range(ROUNDS + 1):
        for connections, found in ratios.items():
            bare, ours = _race(serve, connections)
            if number:  # the first warms both sides
                found.append(ours / bare)
                print(f"{name:9} bare {bare:7.1f}/s    ours over {connections}: {ours:7.1f}/s  {ours / bare:6.1%}")
    usual = {connections: statistics.median(found) for connections, found in ratios.items()}
    for connections, ratio in usual.items():
        print(f"{name:9} median of {ROUNDS}, over {connections}  {ratio:6.1%}  (at least {SENDING_RATIO:.0%})")
    return usual[CONNECTIONS] >= SENDING_RATIO


def _race(serve: Callable[[], Any], connections: int) -> tuple[float, float]:
    """Letters a second: bare smtplib over one connection, the better of two times, and ours."""
    _six_wait_for_everybody()
    server = serve().start()
    try:
        with ExitStack() as stack:
            kept: list[Mail] = []
            servers = [stack.enter_context(MailServer(server.url, SENDER, 20)) for _ in range(connections)]
            hands = [_Keeping(one, kept) for one in servers]
            ours = seconds(partial(deliver, MANNER, HEAD, hands[0], lambda: NOW, more=hands[1:]))
        letters = [(mail.address, on_the_wire(mail, SENDER)) for mail in kept]
        bare = min(_bare(server.port, letters), _bare(server.port, letters))
    finally:
        server.stop()
    return len(letters) / bare, len(letters) / ours


def _office(folder: Path) -> MailOffice:
    return MailOffice(folder / f"{free_port()}.log", durable=True)


class Plain:
    """aiosmtpd in a process of its own: takes so many seconds over a letter and throws it away."""

    def __init__(self, pause: float = 0.0):
        self.pause = pause
        self.port, self.process = free_port(), 0
        self.url = f"smtp://127.0.0.1:{self.port}"

    def start(self) -> Plain:
        """Once this returns, the port answers."""
        said, says = os.pipe()
        self.process = os.fork()
        if not self.process:
            Controller(self, hostname="127.0.0.1", port=self.port).start()
            os.write(says, b"!")
            signal.pause()
        os.close(says)
        os.read(said, 1)
        os.close(said)
        return self

    async def handle_DATA(self, *_: Any) -> str:
        """Take it after a while."""
        await asyncio.sleep(self.pause)
        return "250 taken"

    def stop(self) -> None:
        """kill -9."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


class _Keeping:
    """The mail server, with a copy of what it sent."""

    def __init__(self, server: MailServer, mails: list[Mail]):
        self.server, self.mails = server, mails

    def send(self, mail: Mail) -> Answer:
        """Hand over and remember."""
        self.mails.append(mail)
        return self.server.send(mail)


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
                with atomic():
                    db.session.execute(sa.text("ANALYZE"))
                kept = [planning(), sending(Path(folder))]
                db.session.remove()
                db.engine.dispose()
    finally:
        server.stop()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
