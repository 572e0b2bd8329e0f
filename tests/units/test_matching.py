"""The units that a paper names, in all the forms in which papers name them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tracker.units.matching import Catalogue, Found, means_all_communes


@dataclass(frozen=True)
class Unit:
    id: int
    code: str
    name: str
    kind: str


UNITS = [
    Unit(1, "P1", "Tỉnh Thử", "province"),
    Unit(2, "C2", "Xã An Bình", "xa"),
    Unit(3, "C3", "Phường An Bình", "phuong"),
    Unit(4, "C4", "Xã Sơn Hà", "xa"),
    Unit(5, "so-khcn", "Sở Khoa học và Công nghệ", "department"),
    Unit(6, "so-nv", "Sở Nội vụ", "department"),
    Unit(7, "vp", "Văn phòng UBND tỉnh", "department"),
]
CATALOGUE = Catalogue(UNITS, [("Xã Sơn Tây", 4)])


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Xã An Bình", 2),
        ("UBND xã An Bình", 2),
        ("Ủy ban nhân dân phường An Bình", 3),
        ("phuong an binh", 3),
        ("An Bình", None),  # could be either
        ("Sơn Hà", 4),
        ("UBND xã Sơn Tây", 4),  # before the merger
        ("Sở Khoa học và Công nghệ", 5),
        ("Sở KH&CN", 5),
        ("Sở KHCN", 5),
        ("SỞ NỘI VỤ", 6),
        ("Văn phòng UBND tỉnh", 7),
        ("C4", 4),
        ("Phòng Kinh tế", None),
        ("", None),
    ],
)
def test_a_name_finds_its_unit_or_none(name, unit):
    assert CATALOGUE.one(name) == unit


@pytest.mark.parametrize(
    "phrase",
    ["UBND các xã, phường", "Các xã, phường, đặc khu", "UBND cấp xã", "các phường, xã", "Các địa phương"],
)
def test_a_collective_phrase_means_every_commune(phrase):
    assert means_all_communes(phrase)


def test_names_are_found_together_and_the_unknown_are_named():
    found = CATALOGUE.find(["UBND xã An Bình", "Sở KH&CN", "Xã An Bình", "Phòng Kinh tế", " "])
    assert found == Found((2, 5), False, ("Phòng Kinh tế",))
    assert CATALOGUE.find(["UBND các xã, phường"]) == Found((), True, ())
