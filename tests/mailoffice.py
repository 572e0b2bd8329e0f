"""A mail server that is a process of its own: it can be killed, told to misbehave, and asked what it has taken.

Every letter that it takes over, and every fault that it commits, is one line of JSON in its log: what a server
has written down before it answers is what it answers for.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from free_port import free_port

FAULTS = (
    "421 instead of a greeting",
    "stall at the greeting",
    "450 at RCPT",
    "550 at RCPT",
    "close at RCPT",
    "stall at RCPT",
    "452 at DATA",
    "554 at DATA",
    "close after DATA, letter thrown away",
    "close after DATA, letter kept",
    "stall after DATA, letter kept",
)
"""What a server may do wrong, in the order in which it meets a client."""

_STALL_SECONDS = 1.5


_TAKEN_AWAY = "thu hồi nhiệm vụ ", "tạm dừng nhiệm vụ ", "- Đã thu hồi · ", "- Tạm dừng · "


def told_of(text: str) -> list[int]:
    """The numbers of the tasks that a letter is about; the oldest of a unit is named with the unit's figures only."""
    return sorted({int(found) for found in re.findall(r"(?<!lâu nhất: )Việc số (\d+)", text)})


def asked_for(text: str) -> list[int]:
    """Those that it wants done; what it says was taken away is none of them."""
    not_after = "".join(f"(?<!{words})" for words in _TAKEN_AWAY)
    wanted = {int(found) for found in re.findall(rf"{not_after}Việc số (\d+)", text)}
    return sorted(wanted.intersection(told_of(text)))


class MailOffice:
    """A server process; `chance` tells how likely a fault is at each step, `clock` what time it writes down."""

    def __init__(
        self,
        log: Path,
        *,
        chance: Callable[[], float] = lambda: 0.0,
        clock: Callable[[], str] = lambda: "",
        extensions: Sequence[str] = (),
        durable: bool = False,
        seed: int = 1,
    ):
        self.log, self.chance, self.clock = log, chance, clock
        self.extensions, self.durable = extensions, durable
        self.dice = random.Random(seed)
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.process = 0

    def start(self) -> MailOffice:
        """Begin to listen; once this returns, the port answers."""
        said, says = os.pipe()
        self.process = os.fork()
        if not self.process:
            os.close(said)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            with suppress(BaseException):
                asyncio.run(self._serve(says))
            os._exit(0)
        os.close(says)
        os.read(said, 1)
        os.close(said)
        return self

    def stop(self) -> None:
        """kill -9; what it has taken stays in the log."""
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            self.process = 0

    def lines(self) -> list[dict[str, Any]]:
        """Everything that happened, in order."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def taken(self) -> list[dict[str, Any]]:
        """The letters it answers for, each as often as it took it."""
        return [line for line in self.lines() if "id" in line]

    async def _serve(self, says: int) -> None:
        self._file = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        server = await asyncio.start_server(self._client, "127.0.0.1", self.port)
        os.write(says, b"!")
        async with server:
            await server.serve_forever()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, _HungUp):
            await _Talk(self, reader, writer).through()
        with suppress(ConnectionError):
            writer.close()

    def write_down(self, **line: Any) -> None:
        """One line of the log, safe from a kill of this process; with `durable` from a loss of power too."""
        os.write(self._file, (json.dumps({"at": self.clock(), **line}, ensure_ascii=False) + "\n").encode())
        if self.durable:
            os.fsync(self._file)


class _HungUp(Exception):
    pass


class _Talk:
    """One client's connection."""

    def __init__(self, office: MailOffice, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.office, self.reader, self.writer = office, reader, writer
        self.mail = self.rcpt = self.to = ""

    async def through(self) -> None:
        """From the greeting to the end."""
        if await self._fault("421 instead of a greeting", "stall at the greeting"):
            return self._say("421 4.3.2 not now")
        self._say("220 office ready")
        verbs = {"EHLO": self._ehlo, "MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data}
        while line := (await self.reader.readline()).decode("utf-8", "replace").strip():
            verb = line[:4].upper()
            if verb in verbs:
                await verbs[verb](line)
            else:
                self._say("221 2.0.0 bye" if verb == "QUIT" else "250 2.0.0 OK")
        return None

    async def _ehlo(self, _line: str) -> None:
        lines = ["office", *self.office.extensions]
        for number, line in enumerate(lines, start=1):
            self._say(f"250{' ' if number == len(lines) else '-'}{line}")

    async def _mail(self, line: str) -> None:
        self.mail = line.partition("> ")[2]
        self._say("250 2.1.0 OK")

    async def _rcpt(self, line: str) -> None:
        self.rcpt, self.to = line.partition("> ")[2], line.partition("<")[2].partition(">")[0]
        match await self._fault("450 at RCPT", "550 at RCPT", "close at RCPT", "stall at RCPT"):
            case "450 at RCPT":
                self._say("450 4.7.1 greylisted")
            case "550 at RCPT":
                self._say("550 5.7.1 not wanted today")
            case _:
                self._say("250 2.1.5 OK")

    async def _data(self, _line: str) -> None:
        self._say("354 go on")
        raw = (await self.reader.readuntil(b"\r\n.\r\n"))[:-5]
        match await self._fault("452 at DATA", "554 at DATA", "close after DATA, letter thrown away"):
            case "452 at DATA":
                return self._say("452 4.3.1 no room")
            case "554 at DATA":
                return self._say("554 5.7.1 not wanted today")
        kept = self._draw("close after DATA, letter kept", "stall after DATA, letter kept")
        self._take(raw, answered=not kept)
        if kept:
            self.office.write_down(fault=kept, to=self.to)
            await self._commit(kept)
        return self._say("250 2.0.0 taken")

    def _take(self, raw: bytes, *, answered: bool) -> None:
        letter = message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=policy.default)
        body = letter.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        self.office.write_down(
            id=letter["Message-ID"],
            to=self.to,
            answered=answered,
            subject=letter["Subject"],
            date=letter["Date"].datetime.isoformat() if letter["Date"] else "",
            tasks=told_of(text),
            asked=asked_for(text),
            mail=self.mail,
            rcpt=self.rcpt,
        )

    def _draw(self, *faults: str) -> str:
        """One of the faults, or none."""
        chance = self.office.chance()
        return self.office.dice.choice(faults) if chance and self.office.dice.random() < chance else ""

    async def _fault(self, *faults: str) -> str:
        if drawn := self._draw(*faults):
            self.office.write_down(fault=drawn, to=self.to)
            await self._commit(drawn)
        return drawn

    async def _commit(self, fault: str) -> None:
        if fault.startswith("close"):
            self.writer.transport.abort()
            raise _HungUp
        if fault.startswith("stall"):
            await asyncio.sleep(_STALL_SECONDS)

    def _say(self, line: str) -> None:
        self.writer.write(f"{line}\r\n".encode())
