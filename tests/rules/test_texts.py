"""Vietnamese text: found without marks, ordered by the alphabet, read as a date."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.texts import fold, read_date, sort_key

TODAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đống Đa", "dong da"),
        ("ĐẶC KHU PHÚ QUỐC", "dac khu phu quoc"),
        ("Xã Ea H'Leo", "xa ea h'leo"),
        (unicodedata.normalize("NFD", "Nghĩa Lộ"), "nghia lo"),
        ("Thừa Thiên Huế", "thua thien hue"),
    ],
)
def test_text_is_found_without_marks(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    "names",
    [
        ["An Phú", "Ăn Phú", "Ân Phú", "Bình An"],
        ["Cao Bằng", "Dầu Tiếng", "Đà Nẵng", "Êa Súp"],
        ["La", "Là", "Lả", "Lã", "Lá", "Lạ", "Lan"],
        ["Ba Vì", "Bà Rịa", "Bá Thước", "Bạc Liêu"],
        ["Xã Ô Lâm", "Phường Ơn", "Đặc khu Phú Quý", "Thành phố Phúc", "Tỉnh Quảng Trị"],
        ["Phường 2", "Phường 10", "Phường An Cựu"],
        ["Tân Hà", "Tân Hà Lâm", "Tân Hải"],
        ["Xã Xuân", "Yên Bái"],
    ],
)
def test_names_stand_in_the_order_of_a_vietnamese_dictionary(names):
    assert sorted(reversed(names), key=sort_key) == names


def test_the_kind_of_unit_does_not_count():
    assert sort_key("Xã An Phú") == sort_key("phường  An Phú") == sort_key("An Phú")
    assert sort_key("Xã") != ""


def test_a_very_long_name_has_a_key_that_fits_its_column():
    assert len(sort_key("Nghĩa Trung " * 40)) == 300


@pytest.mark.parametrize(
    "text",
    [
        "1/6",
        "01/06",
        "1/6/26",
        "01/06/26",
        "1-6-2026",
        "01.06.2026",
        "1 / 6 / 2026",
        "01062026",
        "010626",
        "1 6 2026",
        "1 tháng 6",
        "ngày 1 tháng 6",
        "Ngày 01 tháng 06 năm 2026",
        "1 thang 6 nam 2026",
        "2026-06-01",
        "  1/6/2026 ",
    ],
)
def test_one_day_is_read_in_all_the_ways_people_write_it(text):
    assert read_date(text, TODAY) == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("5/1", date(2026, 12, 20), date(2027, 1, 5)),
        ("28/12", date(2027, 1, 3), date(2026, 12, 28)),
        ("30/6", date(2026, 3, 1), date(2026, 6, 30)),
        ("29/2", date(2026, 6, 10), date(2028, 2, 29)),
        ("29/2", date(2100, 1, 1), date(2096, 2, 29)),
    ],
)
def test_a_missing_year_brings_the_day_nearest(text, today, expected):
    assert read_date(text, today) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31/06", "Ngày 31/06 không có trong lịch."),
        ("31/6/2026", "Ngày 31/06 không có trong lịch."),
        ("29/2/2026", "Ngày 29/02/2026 không có trong lịch."),
        ("1/13/2026", "Ngày 01/13 không có trong lịch."),
        ("0/6", "Ngày 00/06 không có trong lịch."),
        ("1/6/0000", "Ngày 01/06 không có trong lịch."),
        ("", "Nhập ngày, ví dụ 25/06/2026."),
        ("mai", "Nhập ngày, ví dụ 25/06/2026."),
        ("1/6-2026", "Nhập ngày, ví dụ 25/06/2026."),
        ("1/6/226", "Nhập ngày, ví dụ 25/06/2026."),
        ("١/٦/٢٠٢٦", "Nhập ngày, ví dụ 25/06/2026."),
        ("tháng 6", "Nhập ngày, ví dụ 25/06/2026."),
    ],
)
def test_what_is_no_day_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(ValueError) as complaint:
        read_date(text, TODAY)
    assert str(complaint.value) == sentence


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_law_every_way_of_writing_a_whole_date_reads_back(day, today):
    ways = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d%m%Y", "%Y-%m-%d", "ngày %d tháng %m năm %Y")
    assert {read_date(day.strftime(way), today) for way in ways} == {day}


@given(st.text(max_size=30))
def test_law_any_text_is_a_day_or_a_sentence(text):
    try:
        assert isinstance(read_date(text, TODAY), date)
    except ValueError as complaint:
        assert str(complaint).endswith(".")


@given(st.text(max_size=40))
def test_law_folding_is_done_once_for_all(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40))
def test_law_a_sort_key_is_digits_however_the_name_is_encoded(name):
    key = sort_key(name)
    assert key == "" or (key.isascii() and key.isdecimal())
    assert key == sort_key(unicodedata.normalize("NFD", name))


@pytest.mark.parametrize("text", ["01/01/0001", "31/12/9999", "1899-12-31", "1/1/2101"])
def test_a_day_that_nothing_can_be_counted_from_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"Năm phải từ 1900 đến 2100\."):
        read_date(text, date(2026, 6, 17))


@pytest.mark.parametrize("text", ["01/01/1900", "31/12/2100"])
def test_the_first_and_the_last_day_that_may_be_typed_are_read(text):
    assert f"{read_date(text, date(2026, 6, 17)):%d/%m/%Y}" == text
