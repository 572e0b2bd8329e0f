"""How one wording of a task becomes another."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from tracker.rules.amending import Wording, amended_due, amended_symbols, changed, marked, may_become, taken_up
from tracker.rules.lifecycle import Kind

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)
OLD = Wording("Rà soát danh mục dịch vụ công", "Báo cáo", "30/6/2026", Kind.SCHEDULED, JUNE, "1")


@pytest.mark.parametrize(
    ("new", "what"),
    [
        ({}, ()),
        ({"content": "Rà soát  danh mục dịch vụ công."}, ()),  # blanks and stops are no change
        ({"content": "Rà soát danh mục dịch vụ công trực tuyến"}, ("content",)),
        ({"deliverable": "Danh mục"}, ("deliverable",)),
        ({"due_text": "trong tháng 6/2026"}, ()),  # other words for the same day
        ({"due_text": "31/7/2026", "due_on": JULY}, ("due",)),
        ({"due_on": None, "kind": Kind.UNDATED, "content": "Khác"}, ("content", "due")),
    ],
)
def test_what_changed_is_named(new, what):
    assert changed(OLD, replace(OLD, **new)) == what


def test_words_that_went_and_came_are_marked():
    assert marked("báo cáo trước 30/6", "báo cáo chậm nhất 31/7") == [
        ("same", "báo cáo"),
        ("out", "trước 30/6"),
        ("in", "chậm nhất 31/7"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [
        (Kind.SCHEDULED, Kind.UNDATED, True),
        (Kind.UNDATED, Kind.SCHEDULED, True),
        (Kind.STANDING, Kind.STANDING, True),
        (Kind.STANDING, Kind.SCHEDULED, False),
        (Kind.SCHEDULED, Kind.RECURRING, False),
    ],
)
def test_kinds_that_count_otherwise_do_not_turn_into_each_other(old, new, may):
    assert may_become(old, new) is may


@pytest.mark.parametrize(
    ("current", "new", "extensions", "due"),
    [
        (JUNE, JULY, 0, JULY),
        (JULY, JUNE, 0, JUNE),
        (JULY, JUNE, 1, JULY),  # the extension reaches further
        (JUNE, JULY, 1, JULY),
        (JUNE, None, 1, None),
    ],
)
def test_an_extension_that_reaches_further_is_kept(current, new, extensions, due):
    assert amended_due(current, new, extensions) == due


def test_new_tasks_take_up_the_old_ones_that_they_resemble():
    old = [OLD, replace(OLD, content="Tuyên truyền cải cách hành chính", ordinal="2")]
    new = [
        replace(OLD, content="Tuyên truyền cải cách hành chính trên hệ thống truyền thanh", ordinal="2"),
        replace(OLD, content="Xây dựng kế hoạch bồi dưỡng cán bộ", ordinal="3"),
        replace(OLD, content="Rà soát danh mục dịch vụ công", ordinal="7"),
    ]
    assert sorted(taken_up(old, new)) == [(0, 2), (1, 0)]


@pytest.mark.parametrize(
    ("title", "symbols"),
    [
        ("Về việc điều chỉnh, bổ sung Kế hoạch số 49/KH-UBND ngày 12/02/2026", ("49/KH-UBND",)),
        (
            "V/v điều chỉnh hạn tại Thông báo 01-TB/BCĐ và Công văn 1266/SKHCN-CDS",
            ("01-TB/BCĐ", "1266/SKHCN-CDS"),
        ),
        ("Quyết định sửa đổi, bổ sung một số điều của Quyết định số 12/2026/QĐ-UBND", ("12/2026/QĐ-UBND",)),
        ("Thay thế Kế hoạch số 57a/KH-UBND, Kế hoạch số 57a/KH-UBND", ("57a/KH-UBND",)),
        ("Triển khai Nghị quyết số 57-NQ/TW", ()),  # names a paper and amends none
        ("Điều chỉnh, bổ sung chỉ tiêu, nhiệm vụ năm 2026 (từ 15/12/2025 đến 30/6/2026)", ()),
        ("", ()),
    ],
)
def test_a_title_names_the_papers_that_it_amends(title, symbols):
    assert amended_symbols(title) == symbols
    assert amended_symbols(unicodedata.normalize("NFD", title)) == symbols
