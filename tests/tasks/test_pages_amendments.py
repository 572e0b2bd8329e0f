"""An amendment by its pages: chosen, seen as a difference, in force; a unit sees only its part."""

from __future__ import annotations

import pytest
import time_machine
from builders import a_province, somebody
from places import NOW, Place
from test_amendments import JULY, a_task, new, old, tasks_of, work  # noqa: F401

from tracker.db import db
from tracker.rules.access import Role
from tracker.tasks.models import Amendment


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    return Place()


def drafted(browser, place, new):  # noqa: F811
    browser.acts_as(place.issuer).get(f"/directives/{new.id}")
    browser.click("Văn bản này điều chỉnh văn bản khác")
    return browser.submit("Đặt cạnh nhau")


def test_a_directive_amends_another_and_each_unit_sees_its_part(browser, place, old, new):  # noqa: F811
    a_task(place, new, "Rà soát danh mục dịch vụ công trực tuyến", JULY, "1")
    page = drafted(browser, place, new)
    assert "Bản nháp" in page and ["Xã An Bình", "0", "1", "0", "1", "0"] in page.rows()
    row = page.rows()[0]
    assert row[1] == "Sửa nội dung, Đổi hạn" and row[3:5] == ["30/06/2026", "31/07/2026"]
    browser.click("Điều chỉnh nhiệm vụ: Tuyên truyền cải cách hành chính")
    page = browser.submit("Lưu thay đổi", withdrawn=True, units=[place.commune.id])
    assert page.rows()[1][1] == "Rút nhiệm vụ"
    page = browser.submit("Cho có hiệu lực")
    assert "Điều chỉnh đã có hiệu lực, 3 lượt giao thay đổi." in page and "Sửa, đổi hạn" not in page
    first, second, _ = tasks_of(old)
    assert (first.due_on, work(second)[place.commune.id].state) == (JULY, "cancelled")
    amendment = db.session.query(Amendment).one()
    page = browser.acts_as(place.stranger).get(f"/amendments/{amendment.id}")
    assert [row[1] for row in page.rows()] == ["Sửa nội dung, Đổi hạn"]
    page = browser.acts_as(place.leader).get(f"/amendments/{amendment.id}")
    assert [row[1] for row in page.rows()] == ["Sửa nội dung, Đổi hạn", "Rút nhiệm vụ"]
    page = browser.get(f"/assignments/{work(first)[place.commune.id].id}")
    assert "Các lần điều chỉnh" in page and "Rà soát danh mục dịch vụ công · hạn 30/06/2026" in page
    assert browser.click("30/KH-UBND").heading == "Kế hoạch 30/KH-UBND"


def test_a_new_wording_of_a_deadline_is_read(browser, place, old, new):  # noqa: F811
    drafted(browser, place, new)
    browser.click("Điều chỉnh nhiệm vụ: Báo cáo hạ tầng số")
    page = browser.submit("Lưu thay đổi", due_text="sau khi có hướng dẫn", expect=422)
    assert set(page.complaints_shown()) == {"due_on"}
    page = browser.submit("Lưu thay đổi", due_text="trong quý III/2026")
    assert page.rows()[0][3:5] == ["30/06/2026", "30/09/2026"]


def test_wrong_changes_are_complained_of_at_their_fields(browser, place, old, new):  # noqa: F811
    drafted(browser, place, new)
    browser.click("Điều chỉnh nhiệm vụ: Báo cáo hạ tầng số")
    assert set(browser.submit("Lưu thay đổi", content="", expect=422).complaints_shown()) == {"content"}
    page = browser.submit("Lưu thay đổi", content="Báo cáo", due_on="1/3/2026", expect=422)
    assert set(page.complaints_shown()) == {"due_on"}
    browser.click("Thôi")
    assert "chưa có thay đổi nào" in browser.submit("Cho có hiệu lực", expect=409)
    assert "Đã bỏ bản điều chỉnh." in browser.submit("Bỏ bản điều chỉnh")
    assert db.session.query(Amendment).count() == 0


def test_others_find_no_amendment(browser, place, old, new):  # noqa: F811
    drafted(browser, place, new)
    amendment = db.session.query(Amendment).one()
    paths = (f"/amendments/{amendment.id}", f"/amendments/{amendment.id}/tasks/{tasks_of(old)[0].id}")
    other = somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER)
    browser.acts_as(other).get("/directives")
    assert [browser.knock("GET", path) for path in paths] == [404, 404]
    browser.acts_as(place.leader).get("/directives")
    assert browser.knock("GET", paths[0]) == 404
    assert browser.knock("POST", f"/amendments/{amendment.id}/effect") == 403
