"""The list as a file: the rows and conditions of the screen, in the names of the screen, quick and harmless."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import openpyxl
import pytest
import time_machine
from places import Place

from tracker.db import db

NOW = "2026-03-16 08:00"


@pytest.fixture
def place(database):
    with time_machine.travel("2026-03-16T08:00:00+07:00", tick=False):
        yield Place()


def rows_of(page):
    text = page.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_csv_file_holds_the_rows_of_the_filtered_list(browser, place):
    one, _other = place.given(due="2026-03-13"), place.given()
    page = browser.acts_as(place.issuer).get("/assignments?view=overdue")
    hrefs = {
        a.get("href").split("?")[0]: a.get("href") for a in page.all("a") if "/assignments." in (a.get("href") or "")
    }
    answer = browser.get(hrefs["/assignments.csv"])
    assert answer.data.startswith(b"\xef\xbb\xbf") and answer.headers["Content-Type"].startswith("text/csv")
    head, *rows = rows_of(answer)
    assert len(rows) == len(page.rows()) == 1
    assert dict(zip(head, rows[0], strict=True))["Hạn"] == "13/03/2026"
    assert dict(zip(head, rows[0], strict=True))["Nhiệm vụ"] == one.task.content
    name = re.search("filename=([^;]*)", answer.headers["Content-Disposition"])[1]
    book = browser.get(hrefs["/assignments.xlsx"])
    assert re.search("filename=([^;]*)", book.headers["Content-Disposition"])[1] == name.replace(".csv", ".xlsx")
    assert "Nhiem-vu-qua-han" in name


def test_csv_excel_and_screen_bear_the_same_names(browser, place):
    place.given()
    browser.acts_as(place.issuer)
    on_screen = {" ".join("".join(th.itertext()).split()) for th in browser.get("/assignments").all("th")}
    [head, *_rows] = rows_of(browser.get("/assignments.csv"))
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get("/assignments.xlsx").data)).active
    assert head == [cell.value for cell in sheet[4]]
    assert on_screen - {"", "Chọn"} <= set(head) | {"Chọn dòng"}


def test_no_cell_is_calculated(browser, place):
    one = place.given()
    one.task.content = "=HYPERLINK(1)"
    db.session.commit()
    [head, row] = rows_of(browser.acts_as(place.issuer).get("/assignments.csv"))
    assert dict(zip(head, row, strict=True))["Nhiệm vụ"] == "'=HYPERLINK(1)"


def test_a_wrong_condition_is_answered_in_words_and_a_stranger_gets_an_empty_file(browser, place):
    place.given()
    browser.acts_as(place.issuer).get("/assignments.csv?due_from=31/02/2026", expect=422)
    assert len(rows_of(browser.acts_as(place.stranger).get("/assignments.csv"))) == 1


def test_a_list_of_a_past_day_is_exported_as_of_that_day(browser, place):
    one = place.given(due="2026-03-13")
    address = "/assignments.csv?as_of=2026-03-10&box=open_in_term"
    [head, row] = rows_of(browser.acts_as(place.issuer).get(address))
    assert dict(zip(head, row, strict=True))["Hạn"] == f"{one.due_on:%d/%m/%Y}" == f"{date(2026, 3, 13):%d/%m/%Y}"
