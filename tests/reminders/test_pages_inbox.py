"""The inbox: one's own notices, unread first, with how the work stands now."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from builders import POLICY, an_assignment, at
from sqlalchemy import event

from tracker.db import db
from tracker.reminders.models import Notice
from tracker.reminders.queries import unread_count
from tracker.tasks.actions import delegate, receive

NOW = at("2026-06-24 08:00")


@pytest.fixture(autouse=True)
def due_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def told(house):
    """The officer was told of two assignments seven days ahead and of one today; the newest comes last."""
    works = [
        an_assignment(house.commune, house.issuer, due=due, on=at("2026-01-05 08:00"))
        for due in ("2026-06-25", "2026-06-25", "2026-07-01")
    ]
    for work in works:
        delegate(work, house.officer.person_id, None, by=house.leader, now=at("2026-01-05 08:00"), policy=POLICY)
    house.tick(at("2026-06-18 07:05"))
    house.tick(at("2026-06-24 07:05"))
    return works


def notices(person):
    query = sa.select(Notice).where(Notice.person_id == person.person_id, Notice.channel == "inapp")
    return db.session.scalars(query.order_by(Notice.id)).all()


def test_the_bell_of_every_page_counts_what_is_unread(browser, house, told):
    page = browser.acts_as(house.officer).get("/work")
    bell = next(one for one in page.all("a") if one.get("href") == "/notifications")
    assert bell.get("aria-label") == "Thông báo, 5 chưa đọc"


def test_the_inbox_says_when_what_and_how_the_work_stands_now(browser, house, told):
    page = browser.acts_as(house.officer).get("/notifications")
    assert page.heading == "Thông báo"
    assert "Còn 7 ngày: Báo cáo kết quả" in page and "07:05 hôm nay" in page and "07:05 ngày 18/06" in page
    assert "Còn 1 ngày" in page and "Xã An Bình" in page
    assert f'href="/assignments/{told[0].id}"' in page.html


def test_one_notice_is_marked_as_read_and_goes_below_the_unread(browser, house, told):
    newest = notices(house.officer)[-1]
    page = browser.acts_as(house.officer).get("/notifications")
    page = browser.submit(f"/notifications/{newest.id}/reading")
    assert page.url == "/notifications" and "đã đọc 08:00 hôm nay" in page
    lines = [one.get("class") for one in page.all("li") if one.get("class", "").startswith("tk ")]
    assert lines[-1] == "tk tk-void" and unread_count(house.officer) == 4


def test_marking_as_read_stays_in_the_filter(browser, house, told):
    browser.acts_as(house.officer).get("/notifications?show=unread")
    page = browser.submit(f"/notifications/{notices(house.officer)[0].id}/reading")
    assert page.url == "/notifications?show=unread" and "đã đọc 08:00" not in page


def test_all_are_marked_as_read_and_those_of_others_stay_unread(browser, house, told):
    browser.acts_as(house.officer).get("/notifications")
    page = browser.submit("Đánh dấu tất cả đã đọc")
    assert unread_count(house.officer) == 0 < unread_count(house.leader)
    assert "Không có thông báo mới." in browser.get("/notifications?show=unread")
    bell = next(one for one in page.all("a") if one.get("href") == "/notifications")
    assert bell.get("aria-label") == "Thông báo"


def test_a_notice_of_somebody_else_is_not_there(browser, house, told):
    theirs = notices(house.officer)[0]
    browser.acts_as(house.leader).get("/notifications")
    browser.post(f"/notifications/{theirs.id}/reading", expect=404)
    db.session.expire_all()
    assert theirs.read_at is None


def test_a_full_inbox_has_real_pages(browser, house, told):
    first = notices(house.officer)[0]
    with db.session.begin_nested():
        for number in range(60):
            copy = {column: getattr(first, column) for column in ("assignment_id", "due_on", "person_id", "channel")}
            at_once = first.planned_at + timedelta(minutes=number)
            db.session.add(
                Notice(**copy, rung="weekly", subject_id=number, why="", state="sent", planned_at=at_once,
                       send_after=at_once, text=f"Nhắc số {number}")
            )  # fmt: skip
    db.session.commit()
    page = browser.acts_as(house.officer).get("/notifications")
    assert "1–50 trong 65" in page
    assert "51–65 trong 65" in browser.click("Trang sau")


def test_an_empty_inbox_says_so(browser, house):
    page = browser.acts_as(house.chair).get("/notifications")
    assert "Chưa có thông báo nào." in page


def test_the_bell_costs_one_question_a_page(browser, house, told):
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    browser.acts_as(house.officer).get("/work")
    assert sum("count(" in said and "FROM notices" in said for said in asked) == 1


def test_a_communes_day_says_when_it_was_last_reminded(browser, house, told):
    assert "Nhắc việc gần nhất: 07:05 hôm nay" in browser.acts_as(house.leader).get("/work")


def test_a_commune_that_was_never_reminded_is_not_told_so(browser, house):
    work = an_assignment(house.commune, house.issuer, due=None)
    receive(work, by=house.leader, now=at("2026-01-05 08:00"), policy=POLICY)
    assert "Nhắc việc gần nhất" not in browser.acts_as(house.leader).get("/work")
