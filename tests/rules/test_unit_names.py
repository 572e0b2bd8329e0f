"""The names that papers give to units find the units of the catalogue, or say why not."""

from __future__ import annotations

import unicodedata

import pytest

from tracker.rules.unit_names import Directory, KnownUnit, OldName, spells

NAMES = [
    (1, "Tỉnh Thái Nguyên", "province"),
    (2, "Sở Nội vụ", "department"),
    (3, "Sở Khoa học và Công nghệ", "department"),
    (4, "Sở Nông nghiệp và Môi trường", "department"),
    (5, "Sở Văn hóa, Thể thao và Du lịch", "department"),
    (6, "Công an tỉnh", "department"),
    (7, "Văn phòng Ủy ban nhân dân tỉnh", "department"),
    (8, "Sở Tài chính", "department"),
    (9, "Ban Quản lý các khu công nghiệp", "department"),
    (11, "Xã An Bình", "xa"),
    (12, "Phường An Bình", "phuong"),
    (13, "Xã Vĩnh Thông", "xa"),
    (14, "Phường Phan Đình Phùng", "phuong"),
    (15, "Đặc khu Hòn Ngọc", "dac_khu"),
]
COMMUNES = (11, 12, 13, 14, 15)
HOUSE = Directory(
    [KnownUnit(*each) for each in NAMES],
    [
        OldName("Xã Tân Lập", 13),
        OldName("Thị trấn Chợ Cũ", 13),
        OldName("Xã Chia Đôi", 13),
        OldName("Xã Chia Đôi", 11),
    ],
)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("Sở Nội vụ", 2),
        ("sở nội vụ tỉnh", 2),
        ("Sở Nội vụ tỉnh Thái Nguyên", 2),
        ("So Noi vu", 2),
        ("Sở KH&CN", 3),
        ("Sở KHCN", 3),
        ("Sở Khoa học & Công nghệ", 3),
        ("Sở Khoa học và CN", 3),
        ("Sở NN&MT", 4),
        ("Sở VHTTDL", 5),
        ("Sở VH-TT&DL", 5),
        ("CA tỉnh", 6),
        ("VP UBND tỉnh", 7),
        ("Văn phòng UBND tỉnh", 7),
        ("UBND xã An Bình", 11),
        ("Ủy ban nhân dân phường An Bình", 12),
        ("P. An Bình", 12),
        ("Vĩnh Thông", 13),
        ("UBND xã Vĩnh Thông", 13),
        ("Chủ tịch UBND xã Vĩnh Thông", 13),
        ("đặc khu Hòn Ngọc", 15),
        ("UBND tỉnh", 1),
        ("UBND tỉnh Thái Nguyên", 1),
        ("Giám đốc Sở Nội vụ", 2),
        ("Sở Nội vụ (chủ trì)", 2),
        ("Sở Nội vụ - cơ quan thường trực", 2),
        ("UBND X. Vĩnh Thông", 13),
        ("Đảng ủy, UBND xã Vĩnh Thông", 13),
        ("HĐND và UBND xã Vĩnh Thông", 13),
        ("UBND xã, phường Vĩnh Thông", 13),
        (unicodedata.normalize("NFD", "VP UBND tỉnh"), 7),
    ],
)
def test_one_unit_is_found_by_name_or_letters(written: str, unit: int) -> None:
    found = HOUSE.find(written)
    assert (found.units, found.sure) == ((unit,), True), found


@pytest.mark.parametrize(
    ("written", "units", "sure"),
    [
        ("UBND các xã, phường", COMMUNES, True),
        ("UBND 5 xã, phường", COMMUNES, True),
        ("5/5 xã, phường", COMMUNES, True),
        ("Đảng ủy, UBND các xã, phường", COMMUNES, True),
        ("UBND 3 xã, phường", (), False),
        ("Ủy ban nhân dân các xã, phường, đặc khu", COMMUNES, True),
        ("các xã, phường, thị trấn", COMMUNES, True),
        ("UBND cấp xã", COMMUNES, True),
        ("Chủ tịch UBND các xã, phường", COMMUNES, True),
        ("UBND các xã, phường trên địa bàn tỉnh", COMMUNES, True),
        ("xã, phường", COMMUNES, True),
        ("UBND các xã", (11, 13), False),
        ("UBND các phường", (12, 14), False),
        ("Các sở, ban, ngành", (2, 3, 4, 5, 6, 7, 8, 9), True),
        ("các sở, ban, ngành tỉnh", (2, 3, 4, 5, 6, 7, 8, 9), True),
        ("các sở", (2, 3, 4, 5, 8), True),
        ("các địa phương", COMMUNES, False),
        ("các sở, ngành liên quan", (), False),
        ("các cơ quan, đơn vị có liên quan", (), False),
        ("UBND các xã, phường liên quan", (), False),
        ("các sở, ban, ngành, địa phương", (2, 3, 4, 5, 6, 7, 8, 9, *COMMUNES), False),
        ("các sở, ban, ngành và UBND các xã, phường", (2, 3, 4, 5, 6, 7, 8, 9, *COMMUNES), True),
    ],
)
def test_a_group_is_all_of_a_kind_or_left_to_a_person(written: str, units: tuple[int, ...], sure: bool) -> None:
    found = HOUSE.find(written)
    assert (found.units, found.sure) == (units, sure), found
    assert found.sure or found.why


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("UBND xã Tân Lập", 13),
        ("thị trấn Chợ Cũ", 13),
        ("Sở TN&MT", 4),
        ("Sở Nông nghiệp và Phát triển nông thôn", 4),
        ("Sở KH&ĐT", 8),
        ("Sở Thông tin và Truyền thông", 3),
    ],
)
def test_an_old_name_finds_its_successor_and_asks(written: str, unit: int) -> None:
    found = HOUSE.find(written)
    assert (found.units, found.how, found.sure) == ((unit,), "succession", False)
    assert "nay là" in found.why


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("An Bình", "cùng tên"),
        ("UBND xã Chia Đôi", "nhiều đơn vị"),
        ("UBND huyện Đồng Hỷ", "Cấp huyện"),
        ("Bộ Nội vụ", "ngoài tỉnh"),
        ("Tổ công nghệ số cộng đồng", "Không có trong danh mục"),
        ("", "Chưa ghi"),
    ],
)
def test_what_is_not_one_unit_says_why(written: str, said: str) -> None:
    found = HOUSE.find(written)
    assert not found.sure
    assert said in found.why


@pytest.mark.parametrize("written", ["Sở Nội v ụ", "Sở Nội vụ (ghi tạm)", "Đảng ủy xã Vĩnh Thông"])
def test_what_had_to_be_guessed_is_unsure(written: str) -> None:
    assert not HOUSE.find(written).sure


def test_several_units_in_one_name_are_all_found() -> None:
    found = HOUSE.find("Sở Nội vụ và UBND xã Vĩnh Thông")
    assert (found.units, found.how, found.sure) == ((2, 13), "several", True)


@pytest.mark.parametrize(
    ("written", "name", "does"),
    [
        (["Sở", "GDĐT"], "so giao duc dao tao", True),
        (["Sở", "GD", "ĐT"], "so giao duc dao tao", True),
        (["Sở", "Y", "tế"], "so y te", True),
        (["SỞ", "Y", "TẾ"], "so y te", True),
        (["Sở", "GDĐ"], "so giao duc dao tao", False),
        (["Sở"], "so y te", False),
    ],
)
def test_capitals_spell_first_letters(written: list[str], name: str, does: bool) -> None:
    assert spells(written, name.split()) is does
