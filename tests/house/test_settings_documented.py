"""Every setting has a default, one sentence and a typed field; what is wrong is named all at once."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from tracker.paths import data_dir
from tracker.settings import _SHORT_NAMES, Settings, SettingsError, load_settings

TEXT = (data_dir("config") / "settings.toml").read_text("utf-8")


def described(text: str) -> dict[str, str]:
    """The comment above each setting, by field name."""
    found, table, said = {}, "", []
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            table = heading[1]
        if key := re.match(r"(\w+) = ", line):
            found[f"{table}_{key[1]}"] = " ".join(said)
        said = [*said, line.removeprefix("#").strip()] if line.startswith("#") else []
    return found


def test_every_setting_is_a_field_and_every_field_a_setting() -> None:
    assert described(TEXT).keys() == {field.name for field in fields(Settings)}


def test_every_setting_says_in_a_sentence_what_it_is() -> None:
    sentence = re.compile(r"[A-Z].{10,}\.(?: \[TRACKER_\w+\])?")
    assert [name for name, said in described(TEXT).items() if not sentence.fullmatch(said)] == []


def test_a_setting_without_a_sentence_of_its_own_is_seen() -> None:
    assert described("[a]\n# One.\nb = 1\nc = 2") == {"a_b": "One.", "a_c": ""}


def test_short_names_are_told_where_their_setting_is() -> None:
    said = described(TEXT)
    assert [short for short, name in _SHORT_NAMES.items() if f"[{short}]" not in said[name]] == []


def test_the_environment_wins_and_every_mistake_is_named_at_once() -> None:
    assert load_settings({"TRACKER_FILES_MAX_MB": "5"}).files_max_mb == 5
    with pytest.raises(SettingsError) as refusal:
        load_settings({"TRACKER_WEB_HTTPS": "maybe", "TRACKER_FILES_MAX_MB": "x", "TRACKER_RATES_HEADLINE": "R9"})
    for name in ("WEB_HTTPS", "FILES_MAX_MB", "rates_headline"):
        assert name in str(refusal.value)
