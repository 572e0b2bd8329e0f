"""From the front door to a sent and a confirmed result without a mouse: focus is always seen, never covered."""

from __future__ import annotations

import town
from playwright.sync_api import Page, expect

SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const across = box.left + Math.min(box.width, 40) / 2, down = box.top + Math.min(box.height, 30) / 2;
  const at = document.elementFromPoint(across, down);
  const label = one.labels && one.labels.length ? one.labels[0].innerText : one.getAttribute("aria-label");
  return {
    tag: one.tagName,
    name: (label || one.innerText || "").trim(),
    shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none",
    free: !at || one.contains(at) || at.contains(one),
  };
}"""


def tab_to(page: Page, name: str, tag: str = "") -> None:
    """Press Tab until the thing of this name has the focus; all that is passed shows it and is not covered."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate(SEEN)
        if here["tag"] == "BODY":
            continue
        assert here["shown"], f"{page.url}: focus on {here['tag']} «{here['name']}» is not to be seen"
        assert here["free"], f"{page.url}: {here['tag']} «{here['name']}» is covered while it has the focus"
        if here["name"].startswith(name) and tag in ("", here["tag"]):
            return
    raise AssertionError(f"{page.url}: Tab never reaches «{name}»")


def sign_in(page: Page, username: str) -> None:
    """Through the front door."""
    page.goto("/sign-in")
    tab_to(page, "Tên đăng nhập")
    page.keyboard.type(username)
    tab_to(page, "Mật khẩu", "INPUT")
    page.keyboard.type(town.WORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Đăng nhập")


def test_a_result_is_sent_and_confirmed_by_keys_alone(page: Page, place: town.Town, context_of) -> None:
    sign_in(page, "an.nguyen")
    page.goto(f"/assignments/{place.one['written'].id}")
    tab_to(page, "Duyệt, gửi tỉnh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sending")
    tab_to(page, "Duyệt, gửi tỉnh", "BUTTON")
    page.keyboard.press("Enter")
    expect(page.locator("main .msg").first).to_contain_text("Đã gửi tỉnh.")
    province = context_of()
    sign_in(province, "dung.pham")
    province.goto("/reviews")
    before = province.locator(".queue li").count()
    province.keyboard.press("a")
    assert province.evaluate(SEEN)["name"] == "Duyệt"
    province.keyboard.press("Enter")
    expect(province.locator(".queue li")).to_have_count(before - 1)
    province.keyboard.press("r")
    assert province.evaluate(SEEN)["name"] == "Trả lại"


def test_the_list_is_walked_ticked_and_opened_by_letters(page: Page, place: town.Town, acts_as) -> None:
    acts_as(page, place.issuer)
    page.goto("/assignments")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("1")
    page.keyboard.press("/")
    page.keyboard.type("xj")
    expect(page.locator("[data-count]")).to_have_text("1")
    assert page.evaluate("document.activeElement.value") == "xj"
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_skip_link_leads_past_the_menu(page: Page, place: town.Town, acts_as) -> None:
    acts_as(page, place.leader)
    page.goto("/work")
    page.keyboard.press("Tab")
    assert page.evaluate(SEEN)["name"] == "Chuyển đến nội dung chính"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
