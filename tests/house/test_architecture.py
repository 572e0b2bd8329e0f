"""Streets are one-way: the imports of every file, held to the table «Who may import whom», answered in sentences."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from tracker.app import LADDER
from tracker.paths import PACKAGE

GROUND = ("clock", "db", "errors", "paths", "settings")
DOORS = ("pages", "api", "commands")
TOP = ("app", "cli", "demo", "health", "serving")
WEB_LIBRARIES = ("flask", "flask_login", "flask_babel", "flask_wtf", "flask_smorest", "werkzeug", "click")


def imported(source: str) -> Iterator[str]:
    """Full names of all that a file imports, wherever in the file: `tracker.tasks.actions.submit`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def complaints(file: str, source: str, changing: frozenset[str] = frozenset()) -> list[str]:
    """What is wrong with the imports of `tasks/queries.py`; `changing` names the modules that open `atomic`."""
    said = (complaint(file.removesuffix(".py").split("/"), name, changing) for name in imported(source))
    return sorted({f"{file}: {sentence}" for sentence in said if sentence})


def complaint(here: list[str], name: str, changing: frozenset[str]) -> str | None:
    """The sentence against one import, or none. `here` is the importing file as room and file."""
    library, *there = name.split(".")
    room, file = here[0], here[min(1, len(here) - 1)]  # a door may be a folder: tasks/pages/work.py
    file = here[-1] if here[-1] in DOORS else file  # and an inner room may have one: directives/reading/commands.py
    if not library:
        return "write the name of the module in full"
    if room in TOP:
        return None
    if library != "tracker":
        if room == "rules" and library not in {*sys.stdlib_module_names, "dateutil"}:
            return f"rules are plain Python: leave {library} out"
        deep = room in LADDER and file not in DOORS
        return "leave Flask to pages, api and commands" if deep and library in WEB_LIBRARIES else None
    if not there or there[0] == "rules" or there[0] == room:
        return None
    if room == "rules":
        return None if there[0] == "errors" else f"the law is told everything: rules may not ask {there[0]}"
    if room == "scheduler":
        return None if there[0] in {*GROUND, *TOP} else f"the clock does what a person could type: not {there[0]}"
    if there[0] in TOP:
        return f"nobody but app knows {there[0]}"
    if room in GROUND:
        return None if there[0] in GROUND else f"{room} is the ground: it stands on no {there[0]}"
    if room == "web":
        return None if there[0] in GROUND else f"web knows no domain: leave {there[0]} to its own pages"
    return _between_domains(room, file, there, changing)


def _between_domains(room: str, file: str, there: list[str], changing: frozenset[str]) -> str | None:
    if room not in LADDER:
        return f"{room} stands on no floor of the house"
    if file in DOORS:
        foreign = f"{there[0]}/{there[1]}" if len(there) > 1 else there[0]
        return (
            f"a page may show what it may not change: leave {foreign} to {there[0]}" if foreign in changing else None
        )
    if there[0] == "web":
        return "leave web to pages, api and commands"
    if there[0] == "clock" and there[-1] != "HOUSE_ZONE":
        return "be told the time: the clock is for doors"
    if there[0] in LADDER and LADDER.index(room) < LADDER.index(there[0]):
        return f"{room} comes before {there[0]}"
    return f"nobody goes through the door {there[1]} of {there[0]}" if there[1:2] and there[1] in DOORS else None


def files() -> dict[str, str]:
    """Every file of the package by its path inside it; migrations are history and stand apart."""
    found = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    return {name: source for name, source in found.items() if not name.startswith(("migrations/", "__init__"))}


def test_every_import_goes_down_or_to_the_left() -> None:
    house = files()
    changing = frozenset(n.removesuffix(".py") for n, s in house.items() if "tracker.db.atomic" in imported(s))
    assert [said for name, source in house.items() for said in complaints(name, source, changing)] == []


@pytest.mark.parametrize(
    ("file", "source", "sentence"),
    [
        ("tasks/actions.py", "from tracker.reminders.models import Message", "tasks comes before reminders"),
        ("tasks/actions.py", "def f():\n import tracker.reminders", "tasks comes before reminders"),
        ("tasks/queries.py", "from flask import g", "leave Flask to pages, api and commands"),
        ("tasks/queries.py", "from tracker.clock import now", "be told the time: the clock is for doors"),
        ("tasks/queries.py", "from tracker.web.inputs import Form", "leave web to pages, api and commands"),
        ("reports/queries.py", "from tracker.tasks.pages import work", "nobody goes through the door pages of tasks"),
        ("reports/pages.py", "from tracker.tasks.deciding import confirm", "a page may show what it may not change"),
        ("rules/rates.py", "import sqlalchemy as sa", "rules are plain Python: leave sqlalchemy out"),
        ("rules/rates.py", "from tracker.settings import Settings", "rules may not ask settings"),
        ("errors.py", "from tracker.units.models import Unit", "errors is the ground: it stands on no units"),
        ("web/access.py", "from tracker.accounts.acting import User", "web knows no domain"),
        ("scheduler.py", "from tracker.tasks.actions import move", "the clock does what a person could type"),
        ("units/queries.py", "from tracker.app import create_app", "nobody but app knows app"),
        ("units/queries.py", "from .models import Unit", "write the name of the module in full"),
        ("helpers/strings.py", "from tracker.units.models import Unit", "helpers stands on no floor of the house"),
    ],
)
def test_a_wrong_turn_is_named(file: str, source: str, sentence: str) -> None:
    assert [sentence in said for said in complaints(file, source, frozenset({"tasks/deciding"}))] == [True]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("reminders/actions.py", "from tracker.tasks.models import Assignment\nfrom tracker.clock import HOUSE_ZONE"),
        ("tasks/pages.py", "from flask import request\nfrom tracker.reports.queries import figures"),
        ("tasks/pages/deeds/of_unit.py", "from tracker.tasks.deciding import confirm\nfrom tracker.clock import now"),
        ("app.py", "from tracker.tasks.pages import pages"),
        ("rules/deadlines.py", "from dateutil.rrule import rrule\nfrom tracker.errors import Refused"),
    ],
)
def test_the_right_way_is_free(file: str, source: str) -> None:
    assert complaints(file, source, frozenset({"tasks/deciding"})) == []
