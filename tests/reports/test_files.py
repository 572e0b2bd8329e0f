"""Files of figures and lists: true numbers and dates, a frozen head, a filter, and no text that calculates."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from builders import a_commune, a_province, an_assignment, somebody

from tracker.db import atomic
from tracker.rules.access import Role
from tracker.rules.cells import BOM, csv_cell


@pytest.fixture
def browser_of_province(browser):
    province = a_province()
    commune = a_commune(province, name="=1+1")
    issuer = somebody(province, Role.ISSUER)
    one = an_assignment(commune, issuer)
    with atomic():
        one.task.content = "=HYPERLINK(A1)"
    return browser.acts_as(issuer)


def book(browser, address):
    return openpyxl.load_workbook(io.BytesIO(browser.get(address).data))


def test_a_list_has_true_dates_a_frozen_head_a_filter_and_says_how_it_counts(browser_of_province) -> None:
    found = book(browser_of_province, "/assignments.xlsx")
    sheet = found["Nhiệm vụ"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A5", "A4:O5")
    row = list(sheet[5])
    assert isinstance(row[2].value, datetime) and row[4].value == 0
    assert row[6].value == "=HYPERLINK(A1)" and row[6].data_type == "s"
    said = [cell.value for cell in found["Cách tính"]["A"] if cell.value]
    assert any("Kỳ trước chuyển sang" in line for line in said) and any("Hạn gốc" in line for line in said)


def test_figures_have_true_numbers_and_a_name_that_stays_a_name(browser_of_province) -> None:
    sheet = book(browser_of_province, "/reports/figures.xlsx")["Số liệu"]
    assert (sheet.freeze_panes, sheet["A6"].value, sheet["A6"].data_type) == ("B6", "=1+1", "s")
    assert isinstance(sheet["B6"].value, int) and sheet["B5"].value == "Tổng số"


def test_csv_is_read_by_vietnamese_spreadsheets(browser_of_province) -> None:
    data = browser_of_province.get("/reports/figures.csv").data
    assert data.startswith(BOM) and "'=1+1;1;" in data.decode("utf-8-sig")


@pytest.mark.parametrize(("cell", "said"), [(None, ""), (87.5, "87,5"), (7, "7"), (" =A1", "' =A1"), ("Xã", "Xã")])
def test_a_cell_of_csv(cell, said) -> None:
    assert csv_cell(cell) == said
