"""A running mail server, and the people of a commune and its province."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from builders import a_commune, a_province
from fake_zalo import FakeZalo, approved
from flask import Flask
from mailing import House, Postbox, free_port, in_hands, reachable
from zaloing import Clock, configured

from tracker.rules.access import Role
from tracker.tasks.models import Assignment


@pytest.fixture
def smtp_server() -> Iterator[Postbox]:
    """A running SMTP server; its `url` is what TRACKER_SMTP_URL would say."""
    postbox, port = Postbox(), free_port()
    postbox.url = f"smtp://127.0.0.1:{port}"
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield postbox
    controller.stop()


@pytest.fixture
def house(database: None, smtp_server: Postbox) -> House:
    """The people of xã An Bình and of its province."""
    province = a_province()
    commune = a_commune(province)
    return House(
        province,
        commune,
        issuer=reachable(province, Role.ISSUER, "Trần Thị Giao"),
        monitor=reachable(province, Role.MONITOR, "Phạm Thị Dung"),
        chair=reachable(province, Role.LEADER, "Hoàng Văn Lãnh"),
        leader=reachable(commune, Role.COMMUNE_LEADER, "Nguyễn Văn Chủ"),
        officer=reachable(commune, Role.COMMUNE_OFFICER, "Lê Quốc Cường"),
        postbox=smtp_server,
    )


@pytest.fixture
def work(house: House) -> Assignment:
    """One assignment in the officer's hands, due on Wednesday 24/06/2026; all news of it is old."""
    return in_hands(house)


@pytest.fixture
def that_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock stands still at the module's NOW."""
    with time_machine.travel(request.module.NOW, tick=False):
        yield


@pytest.fixture
def clock() -> Clock:
    """Noon of Wednesday 17/06/2026, until a test says otherwise."""
    return Clock()


@pytest.fixture
def zalo(clock: Clock) -> Iterator[FakeZalo]:
    """A running fake of Zalo that has approved our templates."""
    with FakeZalo(now=clock, receipts=False) as running:
        running.templates.update(approved())
        yield running


@pytest.fixture
def settings_with_zalo(app: Flask, zalo: FakeZalo) -> Iterator[Any]:
    """The house's settings with Zalo switched on."""
    kept = app.extensions["settings"]
    app.extensions["settings"] = configured(kept, zalo)
    yield app.extensions["settings"]
    app.extensions["settings"] = kept
