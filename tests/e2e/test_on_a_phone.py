"""What a hand needs: days can be typed in every form that asks for them, and a long report is folded."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from town import Town

from tracker.rules.access import Role

PHONE = {"width": 390, "height": 844}
ASKING_FOR_DAYS = ("/assignments", "/outbox", "/outbox/effect", "/reports", "/reports/differences")
FITS = "el => el.scrollWidth <= el.clientWidth"


@pytest.mark.parametrize("path", ASKING_FOR_DAYS)
def test_the_days_of_a_form_are_seen_and_wide_enough_for_a_day(page: Page, place: Town, acts_as, path) -> None:
    acts_as(page, place.people[Role.MONITOR])
    page.set_viewport_size(PHONE)
    page.goto(path)
    days = page.locator("main input[placeholder='dd/mm/yyyy']")
    assert days.count() >= 2
    for number in range(days.count()):
        field = days.nth(number)
        expect(field).to_be_visible()
        field.fill("27/06/2026")
        assert field.evaluate(FITS), f"a day is cut off in {field.get_attribute('name')}"


def test_targets_of_many_units_are_folded_on_the_screen_and_open_on_paper(page: Page, place: Town, acts_as) -> None:
    acts_as(page, place.people[Role.ISSUER])
    page.set_viewport_size(PHONE)
    page.goto("/reports")
    group = page.locator("details.for-print")
    expect(group.locator("summary")).to_contain_text("đạt 0/5 đơn vị")
    first = group.locator("p").first
    expect(first).to_be_hidden()
    group.locator("summary").click()
    expect(first).to_be_visible()
    group.locator("summary").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(first).to_be_hidden()


def test_a_unit_that_has_a_target_alone_reads_it_without_unfolding(page: Page, place: Town, acts_as) -> None:
    acts_as(page, place.people[Role.COMMUNE_LEADER])
    page.goto("/reports")
    assert page.locator("details.for-print").count() == 0
    expect(page.get_by_text("Tỷ lệ hồ sơ trực tuyến")).to_be_visible()
