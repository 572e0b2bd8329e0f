"""Reminding by hand, and reading what one was told: one tap, and all the same without any script."""

from __future__ import annotations

import town
from playwright.sync_api import Page, expect

from tracker.rules.access import Role

CLIPBOARD = ["clipboard-read", "clipboard-write"]


def test_a_leader_copies_the_words_from_a_card_with_one_tap_and_stays(phone: Page, place, acts_as) -> None:
    phone.context.grant_permissions(CLIPBOARD)
    acts_as(phone, place.leader)
    phone.goto("/work")
    card = phone.locator(".tk-overdue").first
    link = card.locator(".copy")
    link.tap()
    expect(link).to_contain_text("Đã sao chép")
    said = phone.evaluate("navigator.clipboard.readText()")
    assert said.startswith("Kính gửi Xã An Bình,\nQuá hạn 35 ngày") and phone.url.endswith("/work")
    expect(link).to_contain_text("Sao chép nội dung nhắc", timeout=5000)


def test_a_row_of_a_commune_gives_the_words_about_all_it_owes(page: Page, place, acts_as) -> None:
    page.context.grant_permissions(CLIPBOARD)
    acts_as(page, place.people[Role.LEADER])
    for path in ("/communes", "/briefing"):
        page.goto(path)
        row = page.locator("tr", has_text="An Bình")
        row.locator(".copy").click()
        expect(row.locator(".copy[data-said]")).to_be_visible()
        assert "Xã An Bình" in page.evaluate("navigator.clipboard.readText()")
        assert page.url.endswith(path)


def test_without_a_script_the_words_stand_on_a_page_of_their_own(plain: Page, place, acts_as) -> None:
    acts_as(plain, place.leader)
    plain.goto("/work")
    plain.locator(".tk-overdue .copy").first.click()
    assert plain.locator("textarea").input_value().startswith("Kính gửi Xã An Bình")


def test_where_the_clipboard_is_closed_the_reader_comes_to_the_words(page: Page, place, acts_as) -> None:
    acts_as(page, place.leader)
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('closed'))")
    page.goto("/work")
    page.locator(".tk-overdue .copy").first.click()
    page.wait_for_url("**/reminder-text?ids=*")
    expect(page.locator("textarea")).to_be_visible()


def test_one_tap_opens_the_work_of_a_notice_and_one_marks_all_as_read(plain: Page, place, acts_as, house) -> None:
    town.told(house)
    acts_as(plain, place.leader)
    plain.goto("/notifications")
    entry = plain.locator(".tk.unread").first
    box = entry.bounding_box()
    entry.click(position={"x": box["width"] - 40, "y": 8})
    assert "/assignments/" in plain.url
    plain.goto("/notifications")
    plain.get_by_role("button", name="Đánh dấu đã đọc tất cả").click()
    assert plain.locator(".tk.unread").count() == 0 < plain.locator(".tk.read").count()
    assert plain.locator(".badge").count() == 0
