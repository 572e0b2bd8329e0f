"""The fault campaign: a mail server that misbehaves, processes that are killed -9, and a world that does not wait.

    make faults                                                300 kills on PostgreSQL, then 100 on SQLite
    PYTHONPATH=.:tests python -m bench.faults --kills 30 --database URL --json

Time is told to all processes by one clock in shared memory. Afterwards the server's own log is held against the
outbox: nothing may be lost, and a letter may come twice only where its answer never reached a living process.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from builders import at
from forking import forked
from mailing import EVERY_MORNING, HEAD, SENDER
from mailoffice import FAULTS, MailOffice
from pgserver import TempPostgres, find_binaries

from bench.world import World
from tracker.app import create_app
from tracker.clock import HOUSE_ZONE
from tracker.db import db, forget
from tracker.reminders.actions import tick, write_plan
from tracker.reminders.channels.email import MailServer
from tracker.reminders.delivering import deliver
from tracker.reminders.models import Message, Notice
from tracker.reminders.queries import plan, waiting_count
from tracker.settings import load_settings

START = at("2026-06-01 06:40")
CHANCE = 0.15
PATIENCE_SECONDS = 0.3
PLANS_IN_A_LIFE = 5
"""The longest life of a process, in the time that one plan takes just now: this machine may be busy."""
_LETTERS_WAITED_FOR_SECONDS, _A_LINE = 1.5, 250
OUTAGE_EVERY, OUTAGE_KILLS = 45, 4


class Campaign:
    """So many kills over one database, then peace, then the reckoning."""

    def __init__(self, kills: int, seed: int, folder: Path):
        self.kills, self.dice = kills, random.Random(seed)
        self.clock = multiprocessing.RawValue("d", START.timestamp())
        self.chance = multiprocessing.RawValue("d", CHANCE)
        self.world = World(random.Random(seed + 1))
        self.office = MailOffice(
            folder / "office.log",
            chance=lambda: self.chance.value,
            clock=lambda: self.now().isoformat(),
            seed=seed,
        )
        self.counted: Counter[str] = Counter()
        self.longest_life = 1.0

    def now(self) -> datetime:
        """What time it is in the campaign."""
        return datetime.fromtimestamp(self.clock.value, HOUSE_ZONE)

    def run(self) -> dict[str, Any]:
        """Everything; returns what the table says."""
        self.world.settle(communes=15, tasks=80, now=START)
        began = time.monotonic()
        self.office.start()
        try:
            for number in range(self.kills):
                self._mishap(number)
                if number % 10 == 0:
                    forget()
                    self.longest_life = PLANS_IN_A_LIFE * max(0.08, self._one_plan())
                self._one_kill(number)
            lasted = time.monotonic() - began
            rounds = self._peace()
        finally:
            self.office.stop()
        forget()
        return {**self._work(), **self._reckoning(rounds), "seconds": round(lasted)}

    # What happens.

    def _mishap(self, number: int) -> None:
        """Now and then the server is away for a while; half-way there is a week without power."""
        if number % OUTAGE_EVERY == OUTAGE_EVERY // 2:
            self.office.stop()
            self.counted["server killed"] += 1
        if number % OUTAGE_EVERY == OUTAGE_EVERY // 2 + OUTAGE_KILLS and not self.office.process:
            self.office.start()
        if number == self.kills // 2:
            self._pass(timedelta(days=7))
            self.counted["weeks without power"] += 1

    def _one_kill(self, number: int) -> None:
        """One or two processes at work, the world going on under their hands, and a kill at a random moment."""
        self._pass(timedelta(minutes=self.dice.randint(4, 45)))
        for _ in range(self.dice.randint(0, 4)):
            self.world.go_on(self.now())
        works = self.dice.choice([("tick",), ("tick", "tick"), ("plan", "deliver"), ("plan",), ("deliver", "tick")])
        children = {forked(getattr(self, f"_{work}")): work for work in works}
        self.counted["two at once"] += len(works) > 1
        life = self.dice.uniform(0, self.longest_life)
        time.sleep(life / 2)
        if self.dice.random() < 0.4:
            self.world.go_on(self.now())
        if self.dice.random() < 0.1:
            self._pass(timedelta(minutes=self.dice.randint(31, 90)))
        self._wait(life / 2)
        for child, work in children.items():
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            if os.waitpid(child, 0)[1] == signal.SIGKILL:
                self.counted[f"killed: {work}"] += 1
        forget()
        self.counted["left claims behind"] += bool(_count(Message.state == "sending"))

    def _wait(self, seconds: float) -> None:
        """Half of the kills fall at any moment, the other half when letters have begun to leave."""
        letters, before = self.dice.randint(1, 12), self.office.log.stat().st_size
        until = time.monotonic() + seconds
        if self.dice.random() < 0.5 and self.office.process:
            until += _LETTERS_WAITED_FOR_SECONDS
            while time.monotonic() < until and self.office.log.stat().st_size < before + letters * _A_LINE:
                time.sleep(0.005)
            until = time.monotonic() + self.dice.uniform(0, 0.01)
        time.sleep(max(0.0, until - time.monotonic()))

    def _one_plan(self) -> float:
        """How long a plan takes, in seconds."""
        began = time.perf_counter()
        plan(self.now(), EVERY_MORNING)
        return time.perf_counter() - began

    def _tick(self) -> None:
        while True:
            with self._server() as server:
                tick(self.now(), EVERY_MORNING, HEAD, server, self.now)

    def _plan(self) -> None:
        while True:
            write_plan(plan(self.now(), EVERY_MORNING), self.now())
            forget()

    def _deliver(self) -> None:
        while True:
            with self._server() as server:
                deliver(EVERY_MORNING, HEAD, server, self.now)

    def _server(self) -> MailServer:
        return MailServer(self.office.url, SENDER, PATIENCE_SECONDS)  # type: ignore[arg-type]

    def _pass(self, time_passed: timedelta) -> None:
        """Let time pass; the night ends at 06:40."""
        later = self.now() + time_passed
        if later.hour >= 20:
            later = (later + timedelta(days=1)).replace(hour=6, minute=40)
        self.clock.value = later.timestamp()

    def _peace(self) -> int:
        """No more faults and kills: how many ticks it takes until nothing waits."""
        self.chance.value = 0.0
        if not self.office.process:
            self.office.start()
        for number in range(1, 400):
            self._pass(timedelta(minutes=20))
            with self._server() as server:
                tick(self.now(), EVERY_MORNING, HEAD, server, self.now)
            if not waiting_count():
                return number
        return 400

    # What came of it.

    def _work(self) -> dict[str, Any]:
        faults = Counter(line["fault"] for line in self.office.lines() if "fault" in line)
        return {
            "kills": sum(number for name, number in self.counted.items() if name.startswith("killed")),
            **dict(sorted(self.counted.items())),
            "faults": {fault: faults[fault] for fault in FAULTS},
            "days": (self.now() - START).days,
            "letters": len({line["id"] for line in self.office.taken()}),
        }

    def _reckoning(self, rounds: int) -> dict[str, Any]:
        taken = self.office.taken()
        known = {line["id"] for line in taken}
        by_mail = Notice.channel == "email"
        sent = set(db.session.scalars(sa.select(Message.message_key).where(Message.state == "sent")))
        states = Counter(db.session.scalars(sa.select(Notice.state).where(by_mail)))
        dropped = db.session.scalars(sa.select(Notice.outcome).where(by_mail, Notice.state == "dropped"))
        return {
            "notices": dict(states),
            "rounds to recover": rounds,
            "lost": {
                "said to be sent, unknown to the server": len(sent - known),
                "still waiting": _count(by_mail, Notice.state.in_(["waiting", "sending"])),
                "ought to be said and unwritten": len(plan(self.now(), EVERY_MORNING)),
                "failed without a refusal": _count(Message.state == "failed", Message.error.not_like("5%")),
            },
            "given up": dict(Counter(db.session.scalars(sa.select(Message.error).where(Message.state == "failed")))),
            "duplicates": _duplicates(taken),
            "wrong": {
                "two ids for one matter": self._split(taken),
                "second digest of a day": _second_digests(taken),
                "outside the window": sum(not _open(line["at"]) for line in taken),
                "of finished work": self._vain(taken),
                "to a stranger": len({line["to"] for line in taken} - set(_addresses())),
            },
            "dropped": dict(Counter(reason.partition(":")[0][:45] for reason in dropped)),
        }

    def _split(self, taken: list[dict[str, Any]]) -> int:
        """Matters on which a person got letters under more Message-IDs than the outbox has notices.

        A letter that tells how a unit stands on a day names what presses there, notice or not.
        """
        letters: dict[tuple[str, int], set[str]] = {}
        for line in taken:
            for number in line["tasks"]:
                letters.setdefault((line["to"], self.world.numbers[number]), set()).add(line["id"])
        query = sa.select(Notice.person_id, Notice.assignment_id, sa.func.count()).where(
            Notice.channel == "email", Notice.message_id.is_not(None)
        )
        rows = db.session.execute(query.group_by(Notice.person_id, Notice.assignment_id))
        notices = {(f"nguoi{row[0]}@an-binh.example", row[1]): row[2] for row in rows}
        return sum(
            len(ids) > notices.get((to, number), 0) + notices.get((to, None), 0)
            for (to, number), ids in letters.items()
        )

    def _vain(self, taken: list[dict[str, Any]]) -> int:
        return sum(
            self.world.said_in_vain(number, datetime.fromisoformat(line["date"]))
            for line in taken
            for number in line["asked"]
        )


def _count(*conditions: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(*conditions)) or 0


def _addresses() -> list[str]:
    return list(db.session.scalars(sa.text("SELECT email FROM people")))


def _duplicates(taken: list[dict[str, Any]]) -> dict[str, int]:
    """Every taking of a letter but its last, by what became of the answer."""
    found: Counter[str] = Counter()
    last = {line["id"]: number for number, line in enumerate(taken)}
    for number, line in enumerate(taken):
        if number < last[line["id"]]:
            found["answered to a killed process" if line["answered"] else "answer never sent"] += 1
    return {"all, each under its own Message-ID": found.total(), **found}


def _second_digests(taken: list[dict[str, Any]]) -> int:
    digests = set(db.session.scalars(sa.select(Message.message_key).where(Message.kind == "digest")))
    days = {(line["to"], line["at"][:10], line["id"]) for line in taken if line["id"] in digests}
    return sum(number - 1 for number in Counter(day[:2] for day in days).values())


def _open(written: str) -> bool:
    return "06:30" <= written[11:16] < "20:00"


def well(found: dict[str, Any], kills: int) -> bool:
    """Whether the promises were kept."""
    explained = found["duplicates"].get("answered to a killed process", 0) <= found["kills"]
    return (
        not any(found["lost"].values()) and not any(found["wrong"].values()) and explained and found["kills"] >= kills
    )


def print_table(name: str, found: dict[str, Any]) -> None:
    """The table of one campaign."""
    print(f"\n{name}")
    for key, value in found.items():
        if isinstance(value, dict):
            print(f"  {key} {sum(value.values()) if key != 'duplicates' else next(iter(value.values()))}")
            for what, number in value.items():
                print(f"    {number:7}  {what}")
        else:
            print(f"  {value:9}  {key}")


def campaign(url: str, kills: int, seed: int) -> dict[str, Any]:
    """One campaign over an empty, migrated or not yet migrated database."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({}, database_url=url, files_folder=f"{folder}/files", web_secret_key="bench")
        with create_app(settings).app_context():
            flask_migrate.upgrade()
            try:
                return Campaign(kills, seed, Path(folder)).run()
            finally:
                db.session.remove()
                db.engine.dispose()


def main() -> int:
    """Run the campaigns that were asked for; 1 when a promise was broken."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--kills", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--database", default="")
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    if options.database:
        found = campaign(options.database, options.kills, options.seed)
        print(json.dumps(found, ensure_ascii=False)) if options.json else print_table(options.database, found)
        return not well(found, options.kills)
    return not all([_on_postgresql(options.kills, options.seed), _on_sqlite(options.kills // 3, options.seed)])


def _on_postgresql(kills: int, seed: int) -> bool:
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    server = TempPostgres(binaries).start()
    try:
        found = campaign(server.url(), kills, seed)
    finally:
        server.stop()
    print_table("PostgreSQL", found)
    return well(found, kills)


def _on_sqlite(kills: int, seed: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        found = campaign(f"sqlite:///{folder}/tracker.db", kills, seed)
    print_table("SQLite", found)
    return well(found, kills)


if __name__ == "__main__":
    sys.exit(main())
