"""The templates of config/zalo_templates.toml: loaded once, filled, and cut to what Zalo allows."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from tracker.paths import data_dir
from tracker.reminders.letters.messages import shortened
from tracker.rules.zalo_templates import CALLED, Template, filled

NOTHING = "–"
"""What stands where there is nothing to say: Zalo refuses an empty value."""


@cache
def templates() -> dict[str, Template]:
    """All templates by our name for them: reminder, overdue, … digest; «reminder_call» has a button that calls."""
    with (data_dir("config") / "zalo_templates.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {one.kind: one for kind, table in tables.items() for one in _of(kind, **table)}


def _of(kind: str, calling: Mapping[str, str] | None = None, **table: Any) -> Iterator[Template]:
    plain = Template(kind=kind, **table)
    yield plain
    if calling:
        parameters = {**plain.parameters, CALLED: "phone"}
        named = {"kind": f"{kind}_call", "name": calling["name"], "call_button": calling["button"]}
        yield replace(plain, parameters=parameters, **named)


def fitted(template: Template, values: Mapping[str, str], limits: Mapping[str, int]) -> dict[str, str]:
    """The values as they may be sent: one line each, never empty, and cut at a word to the length allowed.

    `limits` are the lengths that Zalo itself gave for the approved template, when it was asked. An address is
    never cut: half of one leads nowhere.
    """
    return {
        name: _cut(values.get(name, ""), min(template.most(name), limits.get(name, template.most(name))), kind)
        for name, kind in template.parameters.items()
    }


def _cut(value: str, most: int, kind: str) -> str:
    line = " ".join(unicodedata.normalize("NFC", value).split())
    return line if kind == "url" else shortened(line, most) or NOTHING


def shown(template: Template, values: Mapping[str, str]) -> str:
    """The message as its reader sees it on the phone, in plain lines."""
    rows = [f"{label}: {filled(cell, values)}" for label, cell in template.rows]
    texts = [filled(text, values) for text in (template.title, *template.paragraphs)]
    buttons = [f"[{template.button}] {values.get('duong_dan', '')}"]
    buttons += [f"[{template.call_button}] {values.get(CALLED, '')}"] if template.call_button else []
    return "\n".join([*texts, *rows, *buttons])
