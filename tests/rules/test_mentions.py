"""The agencies in a cell are told apart; a list of common nouns is one phrase, a wrapped name is one name."""

from __future__ import annotations

import pytest

from tracker.rules.mentions import Roles, is_ditto, names_unit, roles_in, units_named

CELLS: list[tuple[str, tuple[str, ...]]] = [
    ("Sở Nội vụ", ("Sở Nội vụ",)),
    ("Sở Nội vụ, Sở Y tế", ("Sở Nội vụ", "Sở Y tế")),
    ("Sở Nội vụ; Sở Y tế.", ("Sở Nội vụ", "Sở Y tế")),
    ("Sở Nội vụ\nSở Y tế", ("Sở Nội vụ", "Sở Y tế")),
    ("- Sở Nội vụ\n- Sở Y tế;", ("Sở Nội vụ", "Sở Y tế")),
    ("1. Sở Nội vụ\n2. Sở Y tế", ("Sở Nội vụ", "Sở Y tế")),
    ("Sở Nội vụ, Sở Nội vụ", ("Sở Nội vụ",)),
    ("", ()),
    # common nouns
    ("Các bộ, ngành, địa phương", ("Các bộ, ngành, địa phương",)),
    ("Bộ, ngành, địa phương", ("Bộ, ngành, địa phương",)),
    ("Bộ Tài chính, bộ, ngành liên quan", ("Bộ Tài chính", "bộ, ngành liên quan")),
    ("Ban Tuyên giáo, các bộ, ngành, VTV", ("Ban Tuyên giáo", "các bộ, ngành", "VTV")),
    ("các sở, ban, ngành, UBND các xã, phường, đặc khu", ("các sở, ban, ngành", "UBND các xã, phường, đặc khu")),
    ("Các phòng, ban chuyên môn, UBND xã", ("Các phòng, ban chuyên môn", "UBND xã")),
    ("các phòng, đơn vị thuộc xã", ("các phòng, đơn vị thuộc xã",)),
    ("Các sở, ban, ngành cấp tỉnh và UBND các xã", ("Các sở, ban, ngành cấp tỉnh và UBND các xã",)),
    ("Các sở, ban, ngành tỉnh; các xã, phường", ("Các sở, ban, ngành tỉnh", "các xã, phường")),
    ("Các cơ quan, đơn vị, địa phương liên quan", ("Các cơ quan, đơn vị, địa phương liên quan",)),
    ("Trưởng các thôn, tổ dân phố", ("Trưởng các thôn, tổ dân phố",)),
    # names that look like common nouns
    ("Công an xã, Trạm Y tế, các thôn, tổ dân phố", ("Công an xã", "Trạm Y tế", "các thôn, tổ dân phố")),
    ("Phòng Kinh tế, UBND xã, Trạm y tế", ("Phòng Kinh tế", "UBND xã", "Trạm y tế")),
    ("UBND xã, phường", ("UBND xã, phường",)),
    ("UBND xã A, xã B, phường C", ("UBND xã A", "xã B", "phường C")),
    ("Văn phòng HĐND và UBND xã, Công an xã", ("Văn phòng HĐND và UBND xã", "Công an xã")),
    ("Sở Y tế (Chi cục A, Trung tâm B), Sở C", ("Sở Y tế (Chi cục A, Trung tâm B)", "Sở C")),
    # lists of one kind
    ("Các Sở: Nội vụ, Khoa học và Công nghệ", ("Sở Nội vụ", "Sở Khoa học và Công nghệ")),
    ("Các Sở: Nội vụ, Y tế; Công an tỉnh", ("Sở Nội vụ", "Sở Y tế", "Công an tỉnh")),
    ("UBND các xã: An Bình, Tân Lập và Hòa Sơn", ("UBND xã An Bình", "UBND xã Tân Lập", "UBND xã Hòa Sơn")),
    # lines that only the width broke
    ("Sở Khoa học và\nCông nghệ\nSở Y tế", ("Sở Khoa học và Công nghệ", "Sở Y tế")),
    ("Sở Tài nguyên và môi\ntrường", ("Sở Tài nguyên và môi trường",)),
]


@pytest.mark.parametrize(("cell", "named"), CELLS)
def test_a_cell_names_these_agencies(cell: str, named: tuple[str, ...]) -> None:
    assert units_named(cell) == named


def test_where_line_breaks_mean_nothing_names_go_on_over_them() -> None:
    assert units_named("Sở Nội\nvụ, Sở\nY tế", wrapped=True) == ("Sở Nội vụ", "Sở Y tế")


@pytest.mark.parametrize(
    ("cell", "lead", "coordinating"),
    [
        ("Sở A", "Sở A", ""),
        ("Sở A chủ trì", "Sở A", ""),
        ("Chủ trì: Sở A; Phối hợp: Sở B, Sở C", "Sở A", "Sở B, Sở C"),
        ("- Chủ trì: Sở A\n- Phối hợp: Sở B", "Sở A", "Sở B"),
        ("Cơ quan chủ trì: Sở A. Cơ quan phối hợp: Sở B", "Sở A", "Sở B"),
        ("Sở A chủ trì, phối hợp với Sở B và các xã", "Sở A", "Sở B và các xã"),
        ("Sở A phối hợp với Sở B", "Sở A", "Sở B"),
    ],
)
def test_a_cell_that_names_both_roles_is_told_apart(cell: str, lead: str, coordinating: str) -> None:
    assert roles_in(cell) == Roles(lead, coordinating)


@pytest.mark.parametrize("cell", ["Như trên", "như trên.", "nt", "-nt-", "n/t", '"', "”", "Nhu tren", "NHƯ TRÊN"])
def test_these_say_as_above(cell: str) -> None:
    assert is_ditto(cell)


@pytest.mark.parametrize("cell", ["", "-", "Như trên đã nêu, Sở A", "Sở A", "nt2"])
def test_these_do_not_say_as_above(cell: str) -> None:
    assert not is_ditto(cell)


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Sở Y tế", True),
        ("UBND các xã", True),
        ("- Ban A", True),
        ("80%", False),
        ("Quý III", False),
        ("Tỷ lệ", False),
    ],
)
def test_a_text_may_begin_as_an_agency_does(text: str, does: bool) -> None:
    assert names_unit(text) is does
