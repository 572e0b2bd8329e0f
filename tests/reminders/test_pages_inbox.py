"""The inbox: one's own notices by day, one entry for each work with how it stands now, unread first."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from builders import POLICY, a_document, an_assignment, at
from sqlalchemy import event

from tracker.db import atomic, db
from tracker.reminders.models import Notice
from tracker.reminders.queries import unread_count
from tracker.tasks.actions import delegate, receive, write_result

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
    assert bell.get("aria-label") == "Thông báo, 3 chưa đọc"


def test_the_inbox_says_when_what_and_how_the_work_stands_now(browser, house, told):
    page = browser.acts_as(house.officer).get("/notifications")
    assert page.heading == "Thông báo"
    assert "Còn 7 ngày: Báo cáo kết quả" in page and "07:05" in page and "07:05 ngày 18/06" in page
    assert "Còn 1 ngày" in page and "Xã An Bình" in page
    assert f'href="/assignments/{told[0].id}"' in page.html


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("leader", "Hôm nay: 1 quá hạn, 1 đến hạn, 2 chờ duyệt."),
        ("officer", "Hôm nay: 1 đến hạn, 2 chờ duyệt."),
        ("monitor", None),
    ],
)
def test_its_first_line_says_how_things_stand_today_for_whoever_does_the_work(browser, house, who, said):
    """In the numbers of the first page, where what was sent late waits and is no longer counted as overdue."""
    given = at("2026-01-05 08:00")
    an_assignment(house.commune, house.issuer, due="2026-06-01", on=given)
    for due in ("2026-06-24", "2026-06-30"):
        one = an_assignment(house.commune, house.issuer, due=due, on=given)
        delegate(one, house.officer.person_id, None, by=house.leader, now=given, policy=POLICY)
    write_result(one, "Xong", [a_document(house.commune)], by=house.leader, now=NOW, policy=POLICY)
    late = an_assignment(house.commune, house.issuer, due="2026-06-02", on=given)
    delegate(late, house.officer.person_id, None, by=house.leader, now=given, policy=POLICY)
    write_result(late, "Xong", [a_document(house.commune)], by=house.leader, now=NOW, policy=POLICY)
    page = browser.acts_as(getattr(house, who)).get("/notifications")
    assert (said in page) if said else ("Hôm nay:" not in page)


def entries(page):
    """The entries of the page as (class, words)."""
    found = [one for one in page.all("li") if one.get("class", "").startswith("tk ")]
    return [(one.get("class"), " ".join("".join(one.itertext()).split())) for one in found]


def test_each_work_is_one_entry_with_its_newest_notice_and_the_older_ones_beneath(browser, house, told):
    page = browser.acts_as(house.officer).get("/notifications")
    found = [words for _, words in entries(page)]
    assert len(found) == 3, "five notices of three works"
    twice = next(words for words in found if "07:05 ngày 18/06 · Còn 7 ngày" in words)
    assert twice.index("Còn 1 ngày: Báo cáo kết quả") < twice.index("07:05 ngày 18/06")


def test_entries_stand_below_their_day(browser, house, told):
    newest = notices(house.officer)[-1]
    with atomic():
        newest.planned_at = at("2026-06-22 09:00")
    page = browser.acts_as(house.officer).get("/notifications")
    headings = ["".join(one.itertext()) for one in page.all("h2")]
    assert [one for one in headings if "/06/" in one] == ["Hôm nay, T4 24/06/2026", "T2 22/06/2026"]


def test_what_is_unread_is_marked_and_comes_first_on_its_day(browser, house, told):
    newest = notices(house.officer)[-1]
    with atomic():
        db.session.execute(
            sa.update(Notice).where(Notice.assignment_id == newest.assignment_id).values(read_at=NOW)
        )  # fmt: skip
    page = browser.acts_as(house.officer).get("/notifications")
    marks = [name.split()[-1] for name, _ in entries(page)]
    assert marks == ["unread", "unread", "read"] and unread_count(house.officer) == 2
    assert [name.split()[-1] for name, _ in entries(browser.get("/notifications?show=unread"))] == ["unread"] * 2


def test_more_than_three_notices_of_one_work_are_folded(browser, house, told):
    first = notices(house.officer)[0]
    copied(first, 6, lambda number: first.assignment_id)
    page = browser.acts_as(house.officer).get("/notifications")
    assert "thông báo trước đó" in page and page.html.count('<details class="sub">') == 1


def test_the_inbox_asks_no_more_for_more_notices(browser, house, told):
    browser.acts_as(house.officer).get("/notifications")
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    browser.get("/notifications")
    few = len(asked)
    copied(notices(house.officer)[0], 30, lambda number: told[number % 3].id)
    asked.clear()
    browser.get("/notifications")
    assert len(asked) == few and sum("FROM notices" in said for said in asked) == 3


def test_all_are_marked_as_read_and_those_of_others_stay_unread(browser, house, told):
    browser.acts_as(house.officer).get("/notifications")
    page = browser.submit("Đánh dấu đã đọc tất cả")
    assert unread_count(house.officer) == 0 < unread_count(house.leader)
    assert "Không có thông báo mới." in browser.get("/notifications?show=unread")
    bell = next(one for one in page.all("a") if one.get("href") == "/notifications")
    assert bell.get("aria-label") == "Thông báo"


def copied(first, number, work):
    """So many further notices to the same person, each of the work that is named, a minute apart."""
    with atomic():
        for each in range(number):
            copy = {column: getattr(first, column) for column in ("due_on", "person_id", "channel")}
            at_once = first.planned_at + timedelta(minutes=each)
            db.session.add(
                Notice(**copy, assignment_id=work(each), rung="weekly", subject_id=each, why="", state="sent",
                       planned_at=at_once, send_after=at_once, text=f"Nhắc số {each}: Báo cáo")
            )  # fmt: skip


def test_a_full_inbox_has_real_pages_of_works(browser, house, told):
    works = [an_assignment(house.commune, house.issuer, due=None, on=at("2026-01-05 08:00")).id for _ in range(60)]
    copied(notices(house.officer)[0], 120, lambda number: works[number % 60])
    page = browser.acts_as(house.officer).get("/notifications")
    assert "1–50 trong 63" in page and len(entries(page)) == 50
    page = browser.click("Trang sau")
    assert "51–63 trong 63" in page and len(entries(page)) == 13


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
