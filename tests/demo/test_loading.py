"""What the terminal says of the demo accounts, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from builders import a_province, somebody
from flask import Flask

from tracker.accounts.models import Person
from tracker.db import atomic, db
from tracker.demo.commands import commands
from tracker.demo.people import PASSWORD
from tracker.demo.province import CODE
from tracker.rules.access import Role


@pytest.fixture
def loaded(app: Flask, database: None) -> Iterator[Flask]:
    """A demo that has been loaded already, of one person."""
    kept = app.extensions["settings"]
    somebody(a_province(CODE, "Tỉnh An Hòa"), Role.ISSUER)
    with atomic():
        db.session.execute(sa.update(Person).values(demo=True))
    yield app
    app.extensions["settings"] = kept


@pytest.mark.parametrize(("offered", "times"), [(True, 0), (False, 1)])
def test_who_loads_the_demo_is_told_its_accounts_unless_serve_tells_them_next(
    loaded: Flask, offered: bool, times: int
) -> None:
    loaded.extensions["settings"] = replace(loaded.extensions["settings"], web_demo=offered)
    said = loaded.test_cli_runner().invoke(commands, ["load"]).output
    assert "Dữ liệu dùng thử đã có sẵn." in said and said.count(PASSWORD) == times
