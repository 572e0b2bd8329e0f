"""What people see on the pages of tasks: a unit's day, the list and its numbers, one assignment."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import time_machine
from builders import somebody
from places import HOUR_LATER, NOW, Place, state

from tracker.db import db
from tracker.rules.access import Role
from tracker.tasks import actions, deciding


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    return Place()


# ── the unit's day ───────────────────────────────────────────────────────────


def test_a_leader_sees_four_counts_and_what_to_do_about_each_card(browser, place):
    place.given(due="2026-03-13")
    place.given(due="2026-03-16")
    place.written()
    page = browser.acts_as(place.leader).get("/work")
    assert page.heading == "Việc của xã"
    assert "Cần xử lý ngay (3)" in page
    assert "Duyệt, gửi tỉnh" in page and "Phân công" in page and "Quá hạn 3 ngày" in page


def test_a_new_task_is_received_without_leaving_the_page(browser, place):
    one = place.given()
    page = browser.acts_as(place.leader).get("/work")
    assert "Chưa phân công" in page
    page = browser.submit("Tiếp nhận")
    assert page.heading == "Việc của xã" and "Đã tiếp nhận." in page
    assert state(one) == "received"


def test_an_officer_sees_only_what_was_given_to_them(browser, place):
    mine, other = place.given(), place.given()
    actions.delegate(mine, place.officer.person_id, None, by=place.leader, **HOUR_LATER)
    page = browser.acts_as(place.officer).get("/work")
    assert page.heading == "Việc của tôi"
    assert f"/assignments/{mine.id}" in page.html and f'/assignments/{other.id}"' not in page.html


def test_every_figure_of_the_day_leads_to_exactly_its_rows(browser, place):
    for due in ("2026-03-13", "2026-03-16", "2026-03-18", "2026-03-25", None):
        place.given(due=due)
    done = place.sent()
    deciding.confirm(done, by=place.issuer, **HOUR_LATER)
    place.sent()
    page = browser.acts_as(place.leader).get("/work")
    checked = 0
    for link in page.all("a"):
        href = link.get("href", "")
        digits = [int(text) for text in link.itertext() if text.strip().isdigit()]
        if "due_from=" in href:
            digits = digits[1:] or [0]  # a day of the strip says its date first
        if digits and href.startswith("/assignments?"):
            assert len(browser.get(href).rows()) == digits[0], (href, digits)
            checked += 1
    assert checked >= 4 + 4 + 14


def test_the_boxes_of_the_day_are_those_of_the_report(place):
    from tracker.reports.queries import Scope, figures
    from tracker.tasks.pages.shared import this_day
    from tracker.tasks.queries import box_counts, completion

    for due in ("2026-03-13", "2026-03-18", None):
        place.given(due=due)
    deciding.confirm(place.sent(), by=place.issuer, **HOUR_LATER)
    tally = figures(Scope(place.commune), this_day(), today=NOW.date()).tally
    counted = box_counts(place.commune.path, this_day())
    assert all(counted.get(box, 0) == getattr(tally, box) for box in ("done_on_time", "open_overdue", "open_in_term"))
    assert completion(place.province.path) == (tally.done, tally.total)


@pytest.mark.parametrize("role", [Role.ISSUER, Role.MONITOR, Role.LEADER, Role.VIEWER, Role.ADMINISTRATOR])
def test_the_unit_s_day_is_closed_to_the_province(browser, place, role):
    browser.acts_as(somebody(place.province, role)).get("/work", expect=403)


# ── the list ─────────────────────────────────────────────────────────────────


def test_the_list_shows_views_filters_and_a_row_for_each(browser, place):
    place.given(due="2026-03-13")
    place.given()
    page = browser.acts_as(place.issuer).get("/assignments")
    assert [row[3] for row in page.rows()] == ["Xã An Bình", "Xã An Bình"]
    page = browser.get("/assignments?view=overdue")
    assert len(page.rows()) == 1 and "Quá hạn 3 ngày" in page
    page = browser.submit("Lọc", q="khong co gi")
    assert "Không có nhiệm vụ khớp 1 điều kiện." in page and "Bỏ lọc Từ khóa" in page
    assert len(browser.click("Bỏ lọc Từ khóa").rows()) == 1


def test_dates_are_read_as_people_write_them_and_complained_of_at_the_field(browser, place):
    place.given()
    browser.acts_as(place.issuer).get("/assignments")
    assert len(browser.submit("Lọc", due_from="20/3", due_until="20-3-2026").rows()) == 1
    page = browser.get("/assignments?due_from=31/02/2026", expect=422)
    assert "Ngày 31/02 không có trong lịch." in page and len(page.rows()) == 1


@pytest.mark.parametrize(
    "query", ["view=zzz", "unit=abc", "box=x", "officer=-1", "ids=x", "sort=x&page=-3&size=7", "kind=%00"]
)
def test_no_address_of_a_list_breaks_it(browser, place, query):
    place.given()
    status = browser.acts_as(place.issuer).knock("GET", f"/assignments?{query}")
    assert status in (200, 422)


def test_every_column_sorts_both_ways(browser, place):
    place.given()
    page = browser.acts_as(place.issuer).get("/assignments")
    for sort in ("due", "unit", "content", "updated", "state"):
        for desc in ("", "&desc=1"):
            assert len(browser.get(f"/assignments?sort={sort}{desc}").rows()) == 1
    assert page.html.count("aria-sort") == 1


def test_a_stranger_sees_neither_row_nor_page_nor_form(browser, place):
    one = place.given()
    browser.acts_as(place.stranger)
    assert browser.get("/assignments").rows() == []
    assert browser.knock("GET", f"/assignments/{one.id}") == 404
    for noun in ("receipt", "delegation", "progress", "submission", "extension-request"):
        assert browser.knock("GET", f"/assignments/{one.id}/{noun}") == 404
        assert browser.knock("POST", f"/assignments/{one.id}/{noun}") == 404


def test_the_excel_file_holds_the_rows_of_the_list_with_true_dates(browser, place):
    place.given(due="2026-03-13")
    place.given()
    page = browser.acts_as(place.issuer).get("/assignments.xlsx?view=overdue")
    sheet = openpyxl.load_workbook(io.BytesIO(page.data)).active
    assert (
        sheet["A1"].value == "Danh sách nhiệm vụ" and "Quá hạn" in sheet["A2"].value and "08:00" in sheet["A3"].value
    )
    assert sheet.freeze_panes == "A5" and sheet.auto_filter.ref == "A4:O5"
    assert sheet.max_row == 5 and sheet["C5"].value.date() == date(2026, 3, 13) and sheet["A5"].value == 1


def test_text_that_looks_like_a_formula_stays_text(browser, place):
    one = place.given()
    one.task.content = "=1+2"
    db.session.commit()
    page = browser.acts_as(place.issuer).get("/assignments.xlsx")
    cell = openpyxl.load_workbook(io.BytesIO(page.data)).active["G5"]
    assert cell.value == "=1+2" and cell.data_type == "s"


def test_ticked_new_work_is_received_together(browser, place):
    first, second = place.given(), place.given()
    browser.acts_as(place.officer).get("/assignments?view=new")
    page = browser.post("/assignments/receipts", {"ids": [first.id, second.id]})
    assert "Đã tiếp nhận 2 nhiệm vụ." in page
    assert state(first) == state(second) == "received"


# ── one assignment ───────────────────────────────────────────────────────────


def test_one_assignment_shows_what_is_asked_and_at_most_two_buttons(browser, place):
    one = place.given(due="2026-03-21")
    one.task.due_text = "trước ngày 21/3/2026"
    one.task.deliverable = "Báo cáo ký số"
    db.session.commit()
    page = browser.acts_as(place.leader).get(f"/assignments/{one.id}")
    for words in (
        "«trước ngày 21/3/2026»",
        "Báo cáo ký số",
        "Phạm Thu Dung",
        "tính đến T2 23/03/2026",
        "Tỉnh giao nhiệm vụ",
    ):
        assert words in page
    assert "Khác" in page


def test_the_province_does_not_see_the_commune_s_inner_step(browser, place):
    one = place.written()
    page = browser.acts_as(place.issuer).get(f"/assignments/{one.id}")
    assert "Chờ lãnh đạo xã" not in page and "Đã xong" not in page and "Trình lãnh đạo" not in page
    assert "Chờ lãnh đạo xã" in browser.acts_as(place.officer).get(f"/assignments/{one.id}")


@pytest.mark.parametrize("who", ["issuer", "leader", "officer"])
@pytest.mark.parametrize("how", ["given", "written", "sent"])
def test_every_button_that_is_offered_opens_its_page(browser, place, who, how):
    one = getattr(place, how)()
    page = browser.acts_as(getattr(place, who)).get(f"/assignments/{one.id}")
    links = {a.get("href") for a in page.all("a") if (a.get("href") or "").startswith(f"/assignments/{one.id}/")}
    for href in links:
        browser.get(href)
