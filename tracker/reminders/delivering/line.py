"""The line: letters leave one after the other while the next are written and the last are noted.

    claiming ──parcels──→ a thread that hands over ──taken──→ a thread that notes
        ▲                        │
        └── whatever else came ──┘

The server never waits for us and we never wait for it. Only so many letters may have left without being noted: as
many as can come twice when this process is killed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from queue import SimpleQueue
from threading import BoundedSemaphore, Semaphore, Thread
from typing import Any, Protocol, Self

import sqlalchemy as sa

from tracker.db import aside
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.delivering.claiming import Claim, renew
from tracker.reminders.delivering.noting import Handed, note_sent
from tracker.reminders.delivering.writing import Parcel

MOST_UNNOTED = 2
_SWITCHING_SECONDS = 0.0005
"""So long an answer may wait for the thread that writes letters; Python would let it wait ten times that."""
_AHEAD = 100
"""So many parcels wait on the line at most; then claiming waits."""


class Carrier(Protocol):
    """Whatever hands a message over, as the writer of its way wrote it, and says how that ended."""

    def send(self, mail: Any, /) -> Answer: ...


class Line:
    """Hands over what is put on it; leaving the block waits for the last and raises what a thread died of.

    `away` tells that the server cannot be reached; `left` then holds what was not tried; `troubles` are all
    answers that are no simple «taken».
    """

    def __init__(self, carrier: Carrier, present: Callable[[], datetime], engine: sa.Engine):
        self._carrier, self._present, self._engine = carrier, present, engine
        self.away = False
        self.sent: Counter[str] = Counter()
        self.troubles: SimpleQueue[Handed] = SimpleQueue()
        self.left: list[tuple[Claim, Parcel]] = []
        self._claims: list[Claim] = []
        self._died: BaseException | None = None
        self._parcels: SimpleQueue[tuple[Claim, Parcel] | None] = SimpleQueue()
        self._taken: SimpleQueue[Handed | None] = SimpleQueue()
        self._ahead, self._unnoted = Semaphore(_AHEAD), BoundedSemaphore(MOST_UNNOTED)
        self._threads = [Thread(target=work) for work in (self._hand_over, self._note)]

    def __enter__(self) -> Self:
        self._switching = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCHING_SECONDS)
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._parcels.put(None)
        for thread in self._threads:
            thread.join()
        sys.setswitchinterval(self._switching)
        if self._died is not None and raised[0] is None:
            raise self._died

    def put(self, taken: Claim) -> None:
        """Put all parcels of a claim on the line, as fast as there is room."""
        self._claims.append(taken)
        for parcel in taken.parcels:
            self._ahead.acquire()
            self._parcels.put((taken, parcel))

    def _hand_over(self) -> None:
        while (next_one := self._parcels.get()) is not None:
            self._ahead.release()
            self._unnoted.acquire()
            try:
                self._one(*next_one)
            except BaseException as death:  # whatever it is, nobody may wait for this thread
                self._die(death)
        self._taken.put(None)

    def _one(self, taken: Claim, parcel: Parcel) -> None:
        if self.away:
            self.left.append((taken, parcel))
            return _give(self._unnoted)
        if taken.is_old(self._present()):
            self._renew()
        if parcel.message_id in taken.lost:
            return _give(self._unnoted)
        return self._answered(taken, parcel, self._carrier.send(parcel.mail))

    def _renew(self) -> None:
        """Renew every claim that has parcels on the line; what others have taken over is theirs."""
        claims, now = list(self._claims), self._present()
        with aside(self._engine) as connection:
            renew(connection, claims, now)

    def _answered(self, taken: Claim, parcel: Parcel, answer: Answer) -> None:
        if answer.result is Result.SENT:
            self._taken.put((taken, parcel, answer))
            return
        self.away = self.away or answer.result is Result.UNREACHABLE
        self.troubles.put((taken, parcel, answer))
        _give(self._unnoted)

    def _note(self) -> None:
        try:
            while self._noted():
                pass
        except BaseException as death:  # as above
            self._die(death)

    def _noted(self) -> bool:
        """Note what was taken, all that has come in since the last time at once; False after the last."""
        handed = [self._taken.get()]
        while not self._taken.empty():
            handed.append(self._taken.get())
        if done := [one for one in handed if one is not None]:
            now = self._present()
            with aside(self._engine) as connection:
                counted = note_sent(connection, done, now)
            self.sent += counted
            for _ in done:
                _give(self._unnoted)
        return None not in handed

    def _die(self, death: BaseException) -> None:
        """Stop the line and let nobody wait for who is gone."""
        self._died, self.away = self._died or death, True
        for _ in range(MOST_UNNOTED):
            _give(self._unnoted)


def _give(semaphore: Semaphore) -> None:
    """Release it, unless a dead thread has released everything already."""
    try:
        semaphore.release()
    except ValueError:
        return
