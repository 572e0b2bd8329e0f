"""The acceptance checks that only a screen can answer, each by its number in the specification of the screens."""

from __future__ import annotations

import re

import pytest
import town
from playwright.sync_api import Page, expect

from tracker.rules.access import Role

LATE = "document.documentElement.scrollWidth > innerWidth"


def test_1_a_leader_sees_four_counts_and_the_first_card_without_scrolling(phone, place, acts_as) -> None:
    acts_as(phone, place.leader)
    phone.goto("/work")
    lowest = phone.locator(".tabs").bounding_box()["y"]
    for part in (phone.locator(".counts a").nth(3), phone.locator(".tk").first, phone.locator(".tk .btn").first):
        box = part.bounding_box()
        assert box["y"] + box["height"] <= lowest, part


@pytest.mark.parametrize(("role", "path"), [(Role.COMMUNE_LEADER, "/work"), (Role.LEADER, "/briefing")])
def test_2_every_figure_is_the_number_of_rows_behind_it(page: Page, place, acts_as, role, path) -> None:
    acts_as(page, place.people[role])
    page.goto(path)
    figures = page.locator(".counts a, .lg a, .kpis a").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), (a.querySelector('.v, b, em') || a).cloneNode(true)])"
        ".map(([href, one]) => [href, [...one.childNodes].filter(n => n.tagName !== 'SMALL')"
        ".map(n => n.textContent).join('')])"
    )
    assert len(figures) >= 4
    for href, text in figures:
        number = re.match(r"\s*(\d+)", text)
        if number and href.startswith("/assignments"):
            page.goto(href)
            shown = page.locator("#list tbody tr").count()
            assert shown == min(int(number[1]), 50), f"{href} says {number[1]} and shows {shown}"


def test_3_the_briefing_is_one_screen_and_one_sheet(page: Page, place, acts_as) -> None:
    acts_as(page, place.people[Role.LEADER])
    page.goto("/briefing")
    assert page.evaluate("document.documentElement.scrollHeight") <= 768 + 20
    sheet = page.pdf(format="A4", landscape=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


def test_4_eleven_rows_are_seen_and_the_head_stays(page: Page, place, acts_as) -> None:
    for _ in range(4):
        place.give(25)
    acts_as(page, place.issuer)
    page.goto("/assignments")
    page.locator("[data-tick]").first.check()
    whole = page.locator("#list tbody tr").evaluate_all(
        "rows => rows.filter(r => r.getBoundingClientRect().bottom <= innerHeight).length"
    )
    assert whole >= 11
    page.evaluate("scrollTo(0, 2000)")
    assert page.locator("#list thead th").nth(1).bounding_box()["y"] >= 0


@pytest.mark.parametrize(
    "path",
    ["/work", "/assignments", "/assignments/{new}", "/assignments/{stretched}", "/assignments/{soon}/submission"],
)
def test_5_nothing_scrolls_sideways_at_320_pixels_or_at_double_size(phone, place, acts_as, path) -> None:
    acts_as(phone, place.leader)
    address = path.format(**{name: one.id for name, one in place.one.items()})
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(address)
    assert not phone.evaluate(LATE)
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not phone.evaluate(LATE)


@pytest.mark.parametrize("path", ["/work", "/assignments", "/assignments/{overdue}", "/briefing", "/reports"])
def test_6_and_7_dark_screens_are_read_as_well(page: Page, place, acts_as, axe, path) -> None:
    acts_as(page, place.people[Role.LEADER if path == "/briefing" else Role.COMMUNE_LEADER])
    page.emulate_media(color_scheme="dark")
    page.goto(path.format(overdue=place.one["overdue"].id))
    assert axe(page) == []
    assert all(text.strip() for text in page.locator(".st").all_inner_texts() if text is not None)


@pytest.mark.parametrize("path", ["/work", "/assignments", "/assignments/{new}", "/assignments/{soon}/submission"])
def test_8_what_a_thumb_touches_is_large_enough(phone, place, acts_as, path) -> None:
    acts_as(phone, place.leader)
    phone.goto(path.format(**{name: one.id for name, one in place.one.items()}))
    heights = phone.locator("main .btn:visible, .tabs a:visible").evaluate_all(
        "all => all.map(one => [one.innerText.trim(), Math.round(one.getBoundingClientRect().height)])"
    )
    assert heights and [one for one in heights if one[1] < 44] == []


def test_11_the_first_view_is_light(page: Page, place, acts_as) -> None:
    acts_as(page, place.leader)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if not one.url.startswith("data:") else None)
    page.goto("/work", wait_until="load")
    own = [url for url in asked if "favicon" not in url]
    assert len(own) <= 5, own  # the page, its style, two scripts, one sheet of icons


def test_12_what_is_typed_survives_a_cut_line_and_a_reload(page: Page, place, acts_as) -> None:
    acts_as(page, place.leader)
    page.goto(f"/assignments/{place.one['soon'].id}/submission")
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible(timeout=3000)
    page.get_by_label("Kết quả thực hiện").fill("Viết khi mất mạng")
    expect(page.locator("[data-draft-note]")).to_contain_text("Đã lưu nháp")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("Kết quả thực hiện")).to_have_value("Viết khi mất mạng")
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_15_dates_are_vietnamese_in_an_english_browser_and_complaints_get_the_focus(
    chromium, place, address, acts_as
):
    context = chromium.new_context(base_url=address, locale="en-US", timezone_id="America/New_York")
    page = context.new_page()
    acts_as(page, place.officer)
    page.goto(f"/assignments/{place.one['soon'].id}/extension-request")
    page.get_by_label("Hạn mới").fill("31/06")
    page.get_by_label("Lý do").fill("Chờ số liệu")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#f-until_on-err")).to_contain_text("Ngày 31/06 không có trong lịch.")
    expect(page.get_by_label("Lý do")).to_have_value("Chờ số liệu")
    page.goto(f"/assignments/{place.one['soon'].id}")
    expect(page.locator("main")).to_contain_text(f"{town.days(3):%d/%m/%Y}")
    context.close()


def test_17_the_second_of_two_people_sees_both_texts_and_sends_on(page: Page, place, acts_as, context_of) -> None:
    address = f"/assignments/{place.one['today'].id}/progress"
    other = context_of()
    acts_as(page, place.officer)
    acts_as(other, place.leader)
    for screen in (page, other):
        screen.goto(address)
    other.locator("#f-text").fill("Bản của lãnh đạo")
    other.get_by_role("button", name="Lưu").click()
    expect(other.locator("main .msg").first).to_be_visible()
    page.locator("#f-text").fill("Bản của cán bộ")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".versus")).to_contain_text("Bản mới")
    expect(page.locator(".versus")).to_contain_text("Nguyễn Văn An")
    expect(page.locator("#f-text")).to_have_value("Bản của cán bộ")
    page.get_by_role("button", name="Lưu").click()
    for words in ("Bản của cán bộ", "Bản của lãnh đạo"):
        expect(page.locator("main")).to_contain_text(words)


@pytest.mark.parametrize("role", list(Role))
def test_20_the_start_page_of_an_empty_house_names_the_next_step(page: Page, house, acts_as, axe, role) -> None:
    from builders import a_commune, a_province, somebody

    from tracker.rules.access import OF_UNIT

    province = a_province()
    acts_as(page, somebody(a_commune(province) if role in OF_UNIT else province, role))
    page.goto("/")
    assert page.locator("main").inner_text().strip() and axe(page) == []
