"""What is wrongly typed at the terminal is said in Vietnamese, all of it, with the codes of always."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tracker.cli import main
from tracker.wrongly_typed import _SAID

pytestmark = pytest.mark.usefixtures("database")

WHOLE = ("exceptions", "formatting", "parser", "types")
"""Every sentence of these may be met by who types a command."""

IN_PART = ("core", "decorators")
"""Of these some are for who writes one."""


def source(module: str) -> str:
    """A module of click as it is installed."""
    return inspect.getsource(importlib.import_module(f"click.{module}"))


def sentences(module: str) -> Iterator[str]:
    """All that a module of click asks gettext for."""
    for node in ast.walk(ast.parse(source(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
            yield from (one.value for one in node.args if isinstance(one, ast.Constant))


def test_the_table_knows_every_sentence_that_one_can_meet_and_none_that_is_no_more() -> None:
    known = {one for module in WHOLE for one in sentences(module)}
    assert known - _SAID.keys() == set()
    of_core = "".join(map(source, IN_PART))
    assert [one for one in _SAID.keys() - known if f'"{one}"' not in of_core] == []


@pytest.mark.parametrize(("english", "vietnamese"), _SAID.items())
def test_a_sentence_fills_in_nothing_that_clicks_own_does_not(english: str, vietnamese: str) -> None:
    fields = re.compile(r"\{(\w+)")
    assert set(fields.findall(vietnamese)) <= set(fields.findall(english))


def typed(app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: Any, line: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["tracker", *line.split()])
    monkeypatch.setattr("tracker.cli.create_app", lambda: app)
    with pytest.raises(SystemExit) as done:
        main()
    return done.value.code, "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nothing", "Lỗi: Không có lệnh «nothing»."),
        ("reminders tock", "Lỗi: Không có lệnh «tock»."),
        ("reminders plann", "Lỗi: Không có lệnh «plann». Có phải 'plan'?"),
        ("reminders plan --colour red", "Lỗi: Không có tùy chọn «--colour»."),
        ("reminders plan --at", "Lỗi: Tùy chọn «--at» phải kèm giá trị."),
        ("reminders plan --json=1", "Lỗi: Tùy chọn «--json» không kèm giá trị."),
        ("reminders plan x y", "Lỗi: Thừa: x y."),
        ("reminders plan --at mai", "Lỗi: '--at' chưa đúng: "),
        ("serve --port abc", "Lỗi: '--port' chưa đúng: «abc» không phải số."),
        ("serve --port 0", "Lỗi: '--port' chưa đúng: 0 không trong khoảng 1<=x<=65535."),
        ("directives read", "Lỗi: Thiếu 'FILE'."),
    ],
)
def test_what_is_wrong_is_said_in_vietnamese_with_code_two(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: Any, line: str, said: str
) -> None:
    code, written = typed(app, monkeypatch, capsys, line)
    assert (code, said in written) == (2, True), written
    assert not re.search(r"Error|Usage:|Try '|Missing|Invalid|No such|Got |not ", written)
    assert written.startswith(("Cách dùng: tracker", "Lỗi: "))


def test_the_help_has_no_english_frame(app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    code, written = typed(app, monkeypatch, capsys, "reminders --help")
    assert code == 0 and "Lệnh:" in written and "In hướng dẫn này." in written
    assert not re.search(r"Usage:|Options:|Commands:|Show this", written)
