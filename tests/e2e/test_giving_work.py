"""Giving work at a screen: the deadline said back while it is typed, a file seen row by row, an amendment's words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from builders import a_commune, a_directive, a_province, somebody
from playwright.sync_api import Page, expect

from tracker.rules.access import Role

sys.path.insert(0, str(Path(__file__).parent.parent / "directives"))
from importing_files import ROWS, a_workbook

LATER = [tuple(text.replace("30/6/2026", "30/6/2031") for text in row) for row in ROWS]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def province(house):
    province = a_province()
    a_commune(province)
    a_commune(province, "C2", "Xã Sơn Hà")
    return province


def test_a_deadline_is_said_back_while_it_is_typed(page: Page, province, acts_as, axe) -> None:
    directive = a_directive(province)
    acts_as(page, somebody(province, Role.ISSUER))
    page.goto(f"/directives/{directive.id}/tasks")
    page.get_by_label("Thời hạn, nguyên văn trong văn bản").press_sequentially("trong quý IV/2030")
    expect(page.get_by_role("status").filter(has_text="Hạn: thứ Ba, 31/12/2030")).to_be_visible()
    page.get_by_label("Nhiệm vụ định kỳ").check()
    page.get_by_label("Nhịp lặp lại, nếu định kỳ").select_option("quarter")
    expect(page.get_by_role("status").filter(has_text="Các hạn tiếp theo")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_a_file_is_seen_mended_and_issued(screen, province, acts_as, axe, request) -> None:
    page: Page = request.getfixturevalue(screen)
    acts_as(page, somebody(province, Role.ISSUER))
    page.goto("/directives/imports")
    assert axe(page) == []
    file = {"name": "Phu luc.xlsx", "mimeType": XLSX, "buffer": a_workbook(LATER).getvalue()}
    page.get_by_label("Tệp có bảng nhiệm vụ").set_input_files(file)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước bản nhập")
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Sửa Trang tính «Phụ lục», dòng 4").click()
    assert axe(page) == []
    page.get_by_role("button", name="Lưu dòng").click()
    page.get_by_role("link", name="Sửa thông tin văn bản").click()
    page.get_by_label("Số, ký hiệu").fill("12/KH-UBND")
    page.get_by_label("Trích yếu").fill("Kế hoạch")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("link", name="Kiểm tra, ghi").click()
    assert axe(page) == []
    page.get_by_role("button", name="Ghi và giao").click()
    expect(page.get_by_text("Đã ghi văn bản 12/KH-UBND từ tệp.")).to_be_visible()
    assert axe(page) == []
