"""Every view says at its head whom it is open to, and is closed to every other role and to strangers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import Browser
from builders import a_commune, a_province, somebody
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from tracker.rules.access import OF_UNIT, Role
from tracker.web.access import ANYONE

on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
AWAY = {301, 302, 303, 401}


def doors(app: Flask) -> Iterator[tuple[str, str, tuple[Role | str, ...] | None]]:
    """Method, an address and whom it says it is open to, for every view but static files."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, addresses.build(rule.endpoint, some_values(rule), method), said_of(app, rule, method)


def said_of(app: Flask, rule: Rule, method: str) -> tuple[Role | str, ...] | None:
    """What `open_to` noted on the function, or on the method of a class of views."""
    view = app.view_functions[rule.endpoint]
    of_class = getattr(getattr(view, "view_class", None), method.lower(), None)
    return getattr(of_class, "open_to", None) or getattr(view, "open_to", None)


def some_values(rule: Rule) -> dict[str, object]:
    """An address that fits the rule; whether there is such a record does not matter to a guard."""
    kinds = rule._converters
    defaults = rule.defaults or {}
    return {
        name: defaults.get(name, 1 if isinstance(kinds.get(name), IntegerConverter) else "1")
        for name in rule.arguments
    }


@on_sqlite
def test_every_view_says_whom_it_is_open_to(app: Flask) -> None:
    assert [f"{method} {path}" for method, path, whom in doors(app) if whom is None] == []


@on_sqlite
@pytest.mark.parametrize("role", list(Role))
def test_every_view_is_closed_to_the_roles_it_does_not_name(app: Flask, browser: Browser, role: Role) -> None:
    province = a_province()
    unit = a_commune(province) if role in OF_UNIT else province
    browser.acts_as(somebody(unit, role)).get("/account")
    shut = [(method, path) for method, path, whom in doors(app) if not {ANYONE, role} & set(whom or ())]
    assert [f"{method} {path}" for method, path in shut if browser.knock(method, path) != 403] == []


@on_sqlite
def test_a_stranger_is_sent_to_sign_in(app: Flask, browser: Browser) -> None:
    browser.get("/sign-in")
    shut = [(method, path) for method, path, whom in doors(app) if ANYONE not in (whom or ())]
    assert [f"{method} {path}" for method, path in shut if browser.knock(method, path) not in AWAY] == []
