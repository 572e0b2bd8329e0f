"""From a paper of the province to the sentence of its report, by the screens alone: with and without script."""

from __future__ import annotations

import re

import pytest
import town
from builders import a_commune, a_province, somebody
from playwright.sync_api import Page, expect

from tracker.rules.access import Role


@pytest.fixture
def three(house):
    """The issuer of a province, and the leader and the officer of its one commune."""
    province = a_province("an-hoa", "Tỉnh An Hòa")
    commune = a_commune(province, "C0", "Xã An Bình")
    return {
        "issuer": somebody(province, Role.ISSUER, "Phạm Thu Dung"),
        "leader": somebody(commune, Role.COMMUNE_LEADER, "Nguyễn Văn An"),
        "officer": somebody(commune, Role.COMMUNE_OFFICER, "Trần Thị Bình"),
    }


def press(page: Page, button: str) -> None:
    """The one button of this name."""
    page.get_by_role("button", name=button, exact=True).click()


def follow(page: Page, link: str | re.Pattern[str]) -> None:
    """The first link of this name in what the page is about."""
    page.locator("main").get_by_role("link", name=link).first.click()


def said(page: Page, words: str) -> None:
    """A message that something was done."""
    expect(page.locator("main .msg").filter(has_text=words).first).to_be_visible()


def record_and_assign(page: Page) -> None:
    """A directive, its one task with a confirmed date, given to all communes."""
    page.goto("/directives")
    follow(page, "Ghi văn bản")
    page.get_by_label("Loại văn bản").select_option(label="Kế hoạch")
    page.get_by_label("Số, ký hiệu").fill("213/KH-UBND")
    page.get_by_label("Ngày văn bản").fill(f"{town.days(-5):%d/%m/%Y}")
    page.get_by_label("Trích yếu").fill("Thực hiện Nghị quyết số 57-NQ/TW")
    press(page, "Lưu")
    follow(page, "Thêm nhiệm vụ")
    page.get_by_label("Nội dung").fill("Kiện toàn Tổ công nghệ số cộng đồng")
    page.get_by_label("Ngày hạn").fill(f"{town.days(20):%d/%m/%Y}")
    press(page, "Lưu")
    press(page, "Xác nhận hạn, lưu")
    follow(page, "Giao cho đơn vị")
    page.get_by_label("Kiện toàn Tổ công nghệ số cộng đồng").check()
    page.get_by_label("Tất cả 1 xã, phường").check()
    press(page, "Kiểm tra")
    expect(page.locator("main")).to_contain_text("1 việc × 1 đơn vị = 1")
    press(page, "Giao")
    said(page, "Đã giao.")


def receive_and_report(page: Page) -> None:
    """The officer receives the work and says how it goes."""
    page.goto("/assignments")
    page.get_by_role("link", name="Kiện toàn Tổ công nghệ số").first.click()
    press(page, "Tiếp nhận")
    said(page, "Đã tiếp nhận.")
    page.goto(f"{page.url}/progress")
    page.get_by_label("Tình hình").fill("Đã họp các thôn")
    press(page, "Lưu")
    expect(page.locator("main")).to_contain_text("Đã họp các thôn")


def submit(page: Page, text: str, name: str) -> None:
    """The leader hands in a result with a file, straight to the province."""
    page.goto("/assignments")
    page.get_by_role("link", name="Kiện toàn Tổ công nghệ số").first.click()
    follow(page, re.compile("Nộp kết quả|Nộp lại"))
    page.get_by_label("Kết quả thực hiện").fill(text)
    page.get_by_label("Số, ký hiệu").fill("45/QĐ-UBND")
    page.get_by_label("Tệp minh chứng").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": town.PDF.read_bytes()}
    )
    press(page, "Gửi tỉnh")
    said(page, "Đã nộp kết quả.")
    expect(page.locator("main")).to_contain_text(name)


def send_back(page: Page) -> None:
    """The province looks at the file and returns the result."""
    page.goto("/reviews")
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name="quyet-dinh.pdf").first.click()
    assert download.value.suggested_filename == "quyet-dinh.pdf"
    page.get_by_text("Trả lại", exact=True).first.click()
    page.get_by_label("Thiếu văn bản hoặc minh chứng").check()
    page.get_by_label("Cần bổ sung").fill("Thiếu phụ lục danh sách")
    page.locator("form[action$='/return']").get_by_role("button", name="Trả lại").click()
    expect(page.locator("main")).to_contain_text("Đã duyệt hết")


def confirm(page: Page) -> None:
    """The province finds the second result good."""
    page.goto("/reviews")
    expect(page.locator("main")).to_contain_text("phu-luc.pdf")
    press(page, "Duyệt")
    expect(page.locator("main")).to_contain_text("Đã duyệt hết")


@pytest.mark.parametrize("browser_of", ["page", "plain"])
def test_from_the_paper_of_the_province_to_the_sentence_of_its_report(browser_of, three, acts_as, request) -> None:
    page: Page = request.getfixturevalue(browser_of)
    acts_as(page, three["issuer"])
    record_and_assign(page)
    acts_as(page, three["officer"])
    receive_and_report(page)
    acts_as(page, three["leader"])
    submit(page, "Đã ban hành quyết định", "quyet-dinh.pdf")
    acts_as(page, three["issuer"])
    send_back(page)
    acts_as(page, three["leader"])
    submit(page, "Đã bổ sung phụ lục", "phu-luc.pdf")
    acts_as(page, three["issuer"])
    confirm(page)
    page.goto("/reports")
    expect(page.locator("#sentence")).to_contain_text(
        "Tổng số nhiệm vụ UBND tỉnh giao: 1 nhiệm vụ, trong đó: số nhiệm vụ đã hoàn thành: 1 nhiệm vụ, "
        "đạt tỷ lệ 100%; hoàn thành đúng hạn 1 nhiệm vụ"
    )
    expect(page.locator("#sentence")).to_contain_text("Không có nhiệm vụ quá hạn chưa hoàn thành.")
