"""The pages of figures: one value everywhere, every number a link to what it counts, each role its own view."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import openpyxl
import pytest
from builders import POLICY, a_commune, a_directive, a_document, a_province, an_assignment, at, somebody
from papers import Province

from tracker.calendars.queries import working_calendar
from tracker.clock import today
from tracker.reports.queries import Scope, figures, matrix
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.tasks.actions import report_progress, write_result
from tracker.tasks.deciding import confirm
from tracker.tasks.queries import Day


@pytest.fixture
def house(browser):
    province = a_province()
    communes = [a_commune(province, f"C{n}", name) for n, name in enumerate(("Xã An Bình", "Xã Đường Hoa"))]
    issuer = somebody(province, Role.ISSUER)
    start = at(f"{today() - timedelta(days=60)} 08:00")
    paper = a_directive(province, "12/KH-UBND", issued_on=today() - timedelta(days=60))
    for unit in communes:
        leader = somebody(unit, Role.COMMUNE_LEADER)
        for days in (-20, -1, 0, 3, 30):
            due = str(today() + timedelta(days=days))
            one = an_assignment(unit, issuer, due=due, on=start, directive=paper)
            if days in (-20, 3):
                write_result(
                    one, "Xong", [a_document(unit)], by=leader, now=start + timedelta(days=30), policy=POLICY
                )
                confirm(one, by=issuer, now=start + timedelta(days=31), policy=POLICY)
            if days == -1:
                report_progress(one, "Chờ kinh phí", "finance", by=leader, now=start, policy=POLICY)
        an_assignment(unit, issuer, due=None, kind=Kind.STANDING, on=start, directive=paper)
    return {"province": province, "communes": communes, "issuer": issuer}


def test_page_json_csv_and_excel_say_the_same(house, browser):
    browser.acts_as(house["issuer"])
    page = browser.get("/reports")
    said = json.loads(browser.get("/reports/figures.json").data)
    assert said["sentence"] in page.text
    assert said["total"] == 10 and sum(said["boxes"].values()) == 10 and said["standing"] == 2
    rows = list(csv.reader(io.StringIO(browser.get("/reports/figures.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert rows[-1][1:8] == [str(said["total"]), *(str(number) for number in said["boxes"].values())]
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/reports/figures.xlsx").data))
    sheet = book["Số liệu"]
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[1:8] == [said["total"], *said["boxes"].values()]
    assert sheet["A3"].value == said["sentence"]
    assert book["Cách tính"]["D2"].value == said["rates"]["R1"]["numerator"]


def test_every_box_links_to_as_many_rows_as_it_says(house, browser):
    browser.acts_as(house["issuer"])
    said = json.loads(browser.get("/reports/figures.json").data)
    unit = house["province"].id
    for box, number in said["boxes"].items():
        rows = browser.get(f"/assignments?unit={unit}&box={box}").rows()
        assert len(rows) == number, box


@pytest.mark.parametrize("role", [Role.ISSUER, Role.MONITOR, Role.LEADER, Role.VIEWER])
def test_the_province_reads_its_briefing_and_its_communes(house, browser, role):
    browser.acts_as(somebody(house["province"], role))
    assert "Tổng số nhiệm vụ UBND tỉnh giao: 10 nhiệm vụ" in browser.get("/briefing").text
    for sort in ("name", "total", "done", "overdue", "rate", "waiting", "days"):
        assert "Đường Hoa" in browser.get(f"/communes?sort={sort}").text
    assert "An Bình" in browser.get("/communes/C0").text


def test_an_empty_province_is_told_what_to_do(browser):
    browser.acts_as(somebody(a_province(), Role.LEADER))
    assert "Chưa có nhiệm vụ" in browser.get("/briefing").text


def test_a_commune_sees_its_own_figures_and_the_average_only(house, browser):
    own, other = house["communes"]
    browser.acts_as(somebody(own, Role.COMMUNE_LEADER))
    page = browser.get("/reports")
    assert "5 nhiệm vụ" in page.text and "Trung bình toàn tỉnh" in page.text
    assert "Đường Hoa" not in page.text
    browser.get(f"/reports?unit={other.id}", expect=404)
    browser.get(f"/reports/figures.json?unit={other.id}", expect=404)
    browser.get("/briefing", expect=403)
    browser.get("/communes", expect=403)


@pytest.mark.parametrize(
    "address",
    [
        "/reports?as_of=31/02/2026",
        "/reports?as_of=31/12/2999",
        "/reports?start=1/1/2030",
        "/reports?unit=abc",
        "/reports?by=x",
    ],
)
def test_bad_input_is_answered_in_words_and_stays(house, browser, address):
    browser.acts_as(house["issuer"])
    page = browser.get(address, expect=422)
    assert page.complaints_shown()


def test_a_past_day_is_shown_as_it_was(house, browser):
    browser.acts_as(house["issuer"])
    day = today() - timedelta(days=45)
    said = json.loads(browser.get(f"/reports/figures.json?as_of={day}").data)
    assert said["boxes"]["done_on_time"] == 0 and said["total"] == 10
    long_ago = json.loads(browser.get(f"/reports/figures.json?as_of={date(2020, 1, 1)}").data)
    assert long_ago["sentence"].startswith("Trong kỳ không phát sinh nhiệm vụ")


def test_the_matrix_adds_up_by_unit_and_by_task(database):
    on = date(2026, 5, 17)
    province = Province()
    tasks = {"Rà soát quy hoạch, phần 1", "Rà soát quy hoạch, phần 2"}
    found = matrix(Scope(province.unit), Day(on, working_calendar(), POLICY), today=on)
    assert found.overdue == found.overdue_of_unit(province.late.id) == 2
    assert {task.content: found.overdue_of_task(task.id) for task in found.tasks if task.content in tasks} == {
        content: 1 for content in tasks
    }
    assert figures(Scope(province.unit), Day(on, working_calendar(), POLICY), today=on).tally.open_overdue == 2


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/reports/closed", "Báo cáo"),
        ("/reports/drafts", "Báo cáo"),
        ("/reports/check", "Báo cáo"),
        ("/communes-by-task", "Xã, phường"),
        ("/briefing", "Giao ban"),
    ],
)
def test_the_menu_marks_the_place_that_a_page_of_figures_belongs_to(browser, address, place):
    page = browser.acts_as(somebody(a_province(), Role.ISSUER)).get(address)
    marked = {"".join(a.itertext()).strip() for a in page.all("a") if a.get("aria-current") == "page"}
    assert marked == {place}
