"""What who watches sees of an outage: what is wrong and how many wait come first, on a desk and in a hand."""

from __future__ import annotations

import pytest
import town
from mailing import HEAD, MANNER
from playwright.sync_api import Page

from tracker.clock import now, today
from tracker.db import atomic, db, forget
from tracker.reminders.actions import tick
from tracker.reminders.models import Message
from tracker.rules.access import Role


@pytest.fixture
def outage(place: town.Town) -> town.Town:
    """The inbox of everybody is filled; no letter leaves, for nobody answers at the mail server."""
    tick(now(), MANNER, HEAD, None)
    with atomic():
        db.session.add(
            Message(
                person_id=place.leader.person_id,
                channel="email",
                day=today(),
                kind="digest",
                state="waiting",
                claimed_at=now(),
                error="Không kết nối được máy chủ thư: ConnectionRefusedError: [Errno 111] Connection refused",
            )
        )
    forget()
    return place


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_what_is_wrong_comes_before_the_list(request, outage, acts_as, axe, screen: str) -> None:
    page: Page = request.getfixturevalue(screen)
    acts_as(page, outage.people[Role.MONITOR])
    page.goto("/outbox")
    alarm, figures, row = page.get_by_role("alert"), page.locator(".kpis"), page.locator("[data-row]").first
    assert (
        "Kênh thư điện tử đang không gửi được." in alarm.inner_text() and "Connection refused" in alarm.inner_text()
    )
    tops = [found.bounding_box()["y"] for found in (alarm, figures, row)]
    assert tops == sorted(tops) and tops[1] < 500
    assert page.get_by_label("Lập từ ngày").is_visible() and page.get_by_label("đến ngày").is_visible()
    ending = row.locator("td").last.bounding_box()
    assert ending["x"] + ending["width"] <= page.viewport_size["width"]
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert axe(page) == []
