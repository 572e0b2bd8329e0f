"""Who writes and signs a paper, in the forms of Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.letterheads import SIGNING_FORMS, abbreviation, assigner, letterhead, signature
from tracker.rules.sentences import BLANK, paper_date


def test_a_commune_writes_as_its_committee_with_a_superior_only_where_wanted():
    head = letterhead("Xã An Trường", "xa", "Thành phố Hải Phòng")
    assert (head.above, head.lines) == ("", ("ỦY BAN NHÂN DÂN", "XÃ AN TRƯỜNG"))
    assert (head.full, head.short, head.mark, head.place) == (
        "Ủy ban nhân dân xã An Trường",
        "UBND xã An Trường",
        "UBND",
        "An Trường",
    )
    assert letterhead("Xã An Trường", "xa", "Thành phố Hải Phòng", superior_line=True).above == (
        "UBND THÀNH PHỐ HẢI PHÒNG"
    )


def test_a_department_stands_below_its_province():
    head = letterhead("Sở Khoa học và Công nghệ", "department", "Tỉnh An Hòa")
    assert (head.above, head.lines, head.mark, head.place) == (
        "UBND TỈNH AN HÒA",
        ("SỞ KHOA HỌC VÀ CÔNG NGHỆ",),
        "SKHCN",
        "An Hòa",
    )


@pytest.mark.parametrize(
    ("name", "kind", "form", "lines"),
    [
        ("Xã An Bình", "xa", "tm", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("Xã An Bình", "xa", "kt", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("Xã An Bình", "xa", "q", ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH")),
        ("Xã An Bình", "xa", "head", ("CHỦ TỊCH",)),
        ("Xã An Bình", "xa", "deputy", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("Tỉnh An Hòa", "province", "tl", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        ("Tỉnh An Hòa", "province", "tuq", ("TUQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        ("Sở Nội vụ", "department", "tm", ("GIÁM ĐỐC",)),
        ("Sở Nội vụ", "department", "kt", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        ("Sở Nội vụ", "department", "q", ("Q. GIÁM ĐỐC",)),
        ("Văn phòng UBND tỉnh", "department", "head", ("CHÁNH VĂN PHÒNG",)),
        ("Ban Chỉ đạo", "council", "head", ("THỦ TRƯỞNG ĐƠN VỊ",)),
    ],
)
def test_a_signature_says_in_whose_name_it_stands(name, kind, form, lines):
    assert signature(letterhead(name, kind), form) == lines


def test_every_form_of_signing_has_its_lines():
    assert all(signature(letterhead("Xã An Bình", "xa"), form) for form in SIGNING_FORMS)


@pytest.mark.parametrize(
    ("name", "mark"),
    [("Sở Giáo dục và Đào tạo", "SGDĐT"), ("Sở Nội vụ tỉnh Quảng Trị", "SNV"), ("Văn phòng UBND tỉnh", "VPUBND")],
)
def test_an_office_is_abbreviated_by_its_words(name, mark):
    assert abbreviation(name) == mark


@pytest.mark.parametrize(
    ("province", "said"),
    [("Thành phố Hải Phòng", "UBND thành phố"), ("Tỉnh Thái Nguyên", "UBND tỉnh"), ("", "UBND tỉnh")],
)
def test_the_assigner_is_named_by_the_kind_of_province(province, said):
    assert assigner(province) == said


@pytest.mark.parametrize(
    ("name", "place"),
    [("Phường 1", "Phường 1"), ("Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"), ("Đặc khu Cô Tô", "Cô Tô")],
)
def test_the_place_of_a_paper_is_the_bare_name_where_that_is_one(name, place):
    assert letterhead(name, "xa").place == place


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
        (None, f"ngày{BLANK}tháng{BLANK}năm 2026"),
    ],
)
def test_days_and_the_first_months_take_a_zero(day, written):
    assert paper_date(day, 2026) == written
