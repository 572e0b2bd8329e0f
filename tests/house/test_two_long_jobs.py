"""The clock beats and watches its leadership however long the jobs take that it runs."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from tracker import scheduler
from tracker.scheduler import Clock, Job

pytestmark = pytest.mark.usefixtures("database")


def test_two_jobs_that_take_long_do_not_make_the_clock_look_dead(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    both_begun, enough, beaten = threading.Barrier(3), threading.Event(), threading.Event()

    def long(_clock: Clock, _job: Job) -> None:
        both_begun.wait(20)
        enough.wait(20)

    def beat(_clock: Clock) -> None:
        both_begun.wait(20)
        beaten.set()

    monkeypatch.setattr(Clock, "_do", long)
    monkeypatch.setattr(Clock, "_beat", beat)
    monkeypatch.setattr(scheduler, "jobs", lambda: [Job(name, "", "0 0 1 1 *", at_start=True) for name in "ab"])
    clock = Clock(app)
    running = threading.Thread(target=clock.run)
    running.start()
    try:
        assert beaten.wait(10), "the heartbeat waits for a thread that the jobs hold"
    finally:
        enough.set()
        both_begun.abort()
        clock.stop()
        running.join(20)
