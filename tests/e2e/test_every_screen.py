"""Every screen of every role, on a desk and in a hand: open to everybody, and never wider than it is."""

from __future__ import annotations

import pytest
import town
from playwright.sync_api import Page

from tracker.rules.access import Role

NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1366, "height": 768}


@pytest.mark.parametrize("role", list(Role))
def test_every_screen_fits_and_is_open_to_everybody(page: Page, place: town.Town, house, acts_as, axe, role) -> None:
    town.told(house)
    acts_as(page, place.people[role])
    wrong: list[str] = []
    for path in town.screens(place, role):
        answer = page.goto(path)
        assert answer is not None and answer.status == 200 and page.url.endswith(path), f"{path} → {page.url}"
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wrong.append(f"{path} scrolls sideways at {size['width']} px")
            wrong += [f"{path} at {size['width']} px: {said}" for said in axe(page)]
    assert wrong == []
