"""All templates compile with undefined names refused, and every Vietnamese text in them goes through gettext."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import Environment, StrictUndefined

VIETNAMESE = re.compile(r"[À-ÖØ-öø-ỹ]")
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def untranslated(env: Environment, source: str) -> Iterator[str]:
    """Vietnamese outside of `_()` and `{% trans %}`: as plain text, or as a string in an expression."""
    tokens = [token for token in env.lex(source) if token[1] != "whitespace"]
    calls: list[str] = []
    before, in_trans = "", False
    for line, kind, text in tokens:
        if kind == "name" and text in {"trans", "endtrans"} and before.startswith("{%"):
            in_trans = text == "trans"
        if text == "(" and kind == "operator":
            calls.append(before)
        elif text == ")" and kind == "operator":
            calls.pop()
        free = (kind == "data" and not in_trans) or (kind == "string" and not GETTEXT & set(calls))
        if free and VIETNAMESE.search(text):
            yield f"line {line}: {text.strip()[:60]}"
        before = text


@on_sqlite
def test_every_template_compiles_and_refuses_undefined_names(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    names = app.jinja_env.list_templates()
    assert "base.html" in names
    for name in names:
        app.jinja_env.get_template(name)


@on_sqlite
def test_every_vietnamese_text_goes_through_gettext(app: Flask) -> None:
    """Letters stand apart: they are official Vietnamese papers, whole so that they can be read as a whole."""
    env = app.jinja_env
    assert env.loader is not None
    # Letters go out in Vietnamese whatever the language of anybody's interface: they belong to office papers.
    pages = [name for name in env.list_templates() if not name.startswith("messages/")]
    sources = {name: env.loader.get_source(env, name)[0] for name in pages}
    assert [f"{name}, {said}" for name, source in sources.items() for said in untranslated(env, source)] == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('<h1>{{ _("Nhiệm vụ") }}</h1>', 0),
        ("{% trans %}Nhiệm vụ{% endtrans %}", 0),
        ('{{ field(form, "due", _("Hạn %(n)s", n=count(3)), hint=_("Ví dụ")) }}', 0),
        ('{{ ngettext("Một việc", "%(num)s việc", n) }}{# Ghi chú #}', 0),
        ("<h1>Nhiệm vụ</h1>", 1),
        ('<a title="Hạn">{% trans %}Hạn{% endtrans %}</a>', 1),
        ('{{ field(form, "due", "Hạn chót", _("Ví dụ")) }}', 1),
        ('{% set word = "quá hạn" %}', 1),
    ],
)
def test_a_text_that_would_stay_untranslated_is_seen(source: str, count: int) -> None:
    assert len(list(untranslated(Environment(extensions=["jinja2.ext.i18n"]), source))) == count
