"""A day that somebody typed into an address is never a crash, whatever page reads it."""

from __future__ import annotations

import pytest
from builders import a_commune, a_province, an_assignment, somebody

from tracker.rules.access import Role
from tracker.web.inputs import Day, Input

pytestmark = pytest.mark.usefixtures("database")


def day_fields(kind: type[Input] = Input) -> set[str]:
    """The names under which any form of the house takes a day."""
    own = {name for name, one in kind._declared_fields.items() if isinstance(one, Day)}
    return own.union(*(day_fields(narrower) for narrower in kind.__subclasses__()))


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999", "01/01/1900", "31/12/2100"])
def test_no_page_fails_whatever_day_its_address_asks_for(app, browser, day):
    """All of them at once, so that a page complains of each that it takes, or counts from it."""
    commune = a_commune(province := a_province())
    an_assignment(commune, somebody(province, Role.ISSUER))
    browser.acts_as(somebody(province, Role.MONITOR))
    lists = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    asked = "&".join(f"{name}={day}" for name in sorted(day_fields()))
    failed = [page for page in lists if page != "/healthz" and browser.knock("GET", f"{page}?{asked}") >= 500]
    assert failed == []
