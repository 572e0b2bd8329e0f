"""A running mail server, and the people of a commune and its province."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from builders import a_commune, a_province
from mailing import House, Postbox, free_port, reachable

from tracker.rules.access import Role


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
