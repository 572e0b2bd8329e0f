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
    for name in ("WEB_HTTPS", "FILES_MAX_MB", "RATES_HEADLINE"):
        assert name in str(refusal.value)


WRONG = {
    "TRACKER_DATABASE_URL": ("tracker.db", "mysql://may/csdl", "sqlite://", "postgresql://"),
    "TRACKER_SMTP_URL": ("mail.tinh.gov.vn:587", "http://mail", "smtp://", "smtp://mail:abc", "smtp://m ail"),
    "TRACKER_MAIL_SENDER": ("", "Đôn Đốc", "Đôn Đốc <>", "a@", "a b@c.vn"),
    "TRACKER_MAIL_BOUNCE_ADDRESS": ("abc", "a@b@c", "Trả lại <a@b.vn>"),
    "TRACKER_MAIL_LIMIT": ("-5",),
    "TRACKER_MAIL_LIMIT_MINUTES": ("0", "-1"),
    "TRACKER_MAIL_TIMEOUT_SECONDS": ("0",),
    "TRACKER_WEB_BASE_URL": ("dondoc.tinh.gov.vn", "", "ftp://dondoc.vn", "https://", "https://d.vn?x=1"),
    "TRACKER_HEALTH_HEARTBEAT_MINUTES": ("0",),
    "TRACKER_REMINDING_DAYS_BEFORE": ("7,-3",),
    "TRACKER_REMINDING_DIGEST_UNTIL": ("mười giờ",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_value_that_could_do_nothing_is_refused_in_a_sentence_that_names_it(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({name: value})
    (sentence,) = str(refusal.value).splitlines()
    assert sentence.startswith(f"{name}: ") and sentence.endswith(".")


def test_all_of_them_are_refused_at_once() -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({name: values[0] for name, values in WRONG.items()})
    assert [line.partition(":")[0] for line in str(refusal.value).splitlines()] == sorted(WRONG)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_SMTP_URL", ""),
        ("TRACKER_SMTP_URL", "smtp://ai%40tinh.vn:m%3At@mail.tinh.gov.vn:587"),
        ("TRACKER_SMTP_URL", "smtps://mail.tinh.gov.vn"),
        ("TRACKER_MAIL_SENDER", "nhac-viec@tinh.gov.vn"),
        ("TRACKER_MAIL_BOUNCE_ADDRESS", "tra-lai@tinh.gov.vn"),
        ("TRACKER_MAIL_LIMIT", "0"),
        ("TRACKER_WEB_BASE_URL", "https://dondoc.tinh.gov.vn:8443/nhac/"),
    ],
)
def test_a_value_that_works_is_taken(name: str, value: str) -> None:
    load_settings({name: value})
