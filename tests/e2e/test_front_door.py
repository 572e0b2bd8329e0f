"""The front door on the screen of a desk and on a phone: open to everybody, whatever they see and hear with."""

from __future__ import annotations

import pytest
from builders import a_commune, a_province, somebody
from playwright.sync_api import Page, expect

from tracker.rules.access import Role


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_the_sign_in_page_is_open_to_everybody(screen, axe, request) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto("/sign-in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_wrong_password_is_said_where_the_eye_is(page: Page, axe) -> None:
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("an")
    page.get_by_label("Mật khẩu", exact=True).fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("an")
    assert page.title().startswith("Lỗi:")
    assert axe(page) == []


def test_somebody_signed_in_sees_who_they_are(phone: Page, acts_as, axe) -> None:
    commune = a_commune(a_province())
    acts_as(phone, somebody(commune, Role.COMMUNE_LEADER, "Lê Quốc Cường"))
    phone.goto("/account")
    expect(phone.locator("header")).to_contain_text(commune.name)
    assert axe(phone) == []
