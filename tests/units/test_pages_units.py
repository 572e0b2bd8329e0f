"""The tree of units by its pages: searched, grown, renamed by a decision, settled; wrong input stays."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from builders import a_commune, a_province, at, somebody

from tracker.db import db
from tracker.rules.access import Role
from tracker.units.actions import whole_house
from tracker.units.models import Succession, Unit
from tracker.units.queries import named

NOW = at("2026-03-16 08:00")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def province(database):
    return a_province()


@pytest.fixture
def commune(province):
    return a_commune(province)


@pytest.fixture
def admin(browser, province, commune):
    user = somebody(province, Role.ADMINISTRATOR)
    browser.acts_as(user)
    return user


OFFICE = {"name": "Sở Khoa học và Công nghệ", "code": "p1-so-khcn", "kind": "department"}


def test_a_department_is_added_below_the_province_and_found_without_marks(browser, admin, province):
    browser.get("/units")
    browser.click("Thêm đơn vị")
    page = browser.submit("Thêm", **OFFICE)
    assert page.heading == OFFICE["name"] and "Đã thêm Sở Khoa học" in page and "Trực thuộc Tỉnh Thử" in page
    added = db.session.query(Unit).filter_by(code="p1-so-khcn").one()
    assert added.path == f"{province.path}{added.id}/"
    assert OFFICE["name"] in browser.get("/units?q=so khoa hoc")
    assert OFFICE["name"] in browser.get("/units")


def test_an_office_grows_below_a_commune(browser, admin, commune):
    browser.get("/units/C1")
    browser.click("Thêm đơn vị trực thuộc")
    page = browser.submit("Thêm", name="Phòng Văn hóa – Xã hội", code="c1-vhxh", kind="office")
    assert "Trực thuộc Xã An Bình" in page
    assert "Phòng Văn hóa" in browser.get("/units/C1")


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "x" * 201}, {"name"}),
        ({"code": ""}, {"code"}),
        ({"code": "x" * 41}, {"code"}),
        ({"code": "C1"}, {"code"}),
        ({"code": "new"}, {"code"}),
        ({"code": "a/b"}, {"code"}),
        ({"code": ".."}, {"code"}),
        ({"code": "mã có dấu"}, {"code"}),
        ({"kind": "province"}, {"kind"}),
        ({"name": " ", "code": "?"}, {"name"}),
    ],
)
def test_a_wrong_unit_is_complained_of_and_stays(browser, admin, typed, fields):
    before = db.session.query(Unit).count()
    browser.get("/units/new?under=P1")
    page = browser.submit("Thêm", expect=422, **{**OFFICE, **typed})
    assert set(page.complaints_shown()) == fields
    assert all(value.strip() in page.html for value in {**OFFICE, **typed}.values())
    assert db.session.query(Unit).count() == before


@pytest.mark.parametrize("kind", ["", "planet", "central"])
def test_a_kind_that_is_not_offered_is_complained_of(browser, admin, kind):
    browser.get("/units/new?under=P1")
    page = browser.post("/units/new?under=P1", {**OFFICE, "kind": kind}, expect=422)
    assert set(page.complaints_shown()) == {"kind"}


@pytest.mark.parametrize("kind", ["xa", "phuong", "dac_khu", "province"])
def test_no_commune_and_no_province_stands_below_a_commune(browser, admin, kind):
    browser.get("/units/new?under=C1")
    page = browser.submit("Thêm", expect=422, name="Xã con", code="con", kind=kind)
    assert set(page.complaints_shown()) == {"kind"}


@pytest.mark.parametrize("under", ["", "P2", "khong-co", "%00", "x" * 500])
def test_nothing_is_added_below_what_is_not_one_s_own(browser, admin, under):
    a_province("P2", "Tỉnh Khác")
    browser.get("/units")
    assert browser.knock("GET", f"/units/new?under={under}") == 404
    assert browser.knock("POST", f"/units/new?under={under}") == 404


def test_a_unit_is_renamed_by_a_decision_and_the_old_name_still_leads_to_it(browser, admin, commune, province):
    browser.get("/units/C1")
    page = browser.submit("Đổi tên", name="Xã Tân Bình", decision="NQ 202/2026/QH16", on="1/3/2026")
    assert page.heading == "Xã Tân Bình" and "Xã An Bình đến 01/03/2026 · NQ 202/2026/QH16" in page
    assert db.session.query(Succession).one().on == date(2026, 3, 1)
    assert "Xã Tân Bình" in browser.get("/units?q=an binh")
    assert named(province.path, "tan binh")[0].code == "C1"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "Xã An Bình"}, {"name"}),
        ({"decision": ""}, {"decision"}),
        ({"decision": "x" * 301}, {"decision"}),
        ({"on": ""}, {"on"}),
        ({"on": "30/2"}, {"on"}),
        ({"on": "17/3/2026"}, {"on"}),
        ({"name": "", "decision": "", "on": "mai"}, {"name", "decision", "on"}),
    ],
)
def test_a_wrong_renaming_is_complained_of_and_stays(browser, admin, commune, typed, fields):
    browser.get("/units/C1")
    sent = {"name": "Xã Tân Bình", "decision": "NQ 202", "on": "1/3/2026", **typed}
    page = browser.submit("Đổi tên", expect=422, **sent)
    assert set(page.complaints_shown()) == fields and page.heading == "Xã An Bình"
    assert all(value in page.html for value in sent.values())
    assert db.session.query(Succession).count() == 0


def test_the_cluster_and_the_way_of_approving_are_kept(browser, admin, commune):
    browser.get("/units/C1")
    page = browser.submit("Lưu cách làm việc", cluster="Cụm ven biển", approves_inside=False)
    assert "Đã lưu." in page
    db.session.expire_all()
    kept = db.session.query(Unit).filter_by(code="C1").one()
    assert (kept.cluster, kept.approves_inside) == ("Cụm ven biển", False)
    page = browser.submit("Lưu cách làm việc", cluster="x" * 101, expect=422)
    assert set(page.complaints_shown()) == {"cluster"}


def test_another_province_is_not_found(browser, admin):
    a_commune(a_province("P2", "Tỉnh Khác"), "D1", "Xã Lạ")
    assert "Xã Lạ" not in browser.get("/units?q=xa")
    for door in ("/units/P2", "/units/D1"):
        assert browser.knock("GET", door) == 404
        for deed in ("name", "manners"):
            assert browser.knock("POST", f"{door}/{deed}") == 404


def test_the_whole_house_sees_all_provinces_and_adds_one(browser, database):
    browser.acts_as(somebody(whole_house(now=NOW), Role.ADMINISTRATOR))
    a_commune(a_province())
    assert "Tỉnh Thử" in browser.get("/units")
    browser.click("Thêm đơn vị")
    page = browser.submit("Thêm", name="Tỉnh Mới", code="p9", kind="province")
    assert db.session.query(Unit).filter_by(code="p9").one().parent_id is None and page.heading == "Tỉnh Mới"
    browser.get("/units")
    browser.click("Thêm đơn vị")
    browser.submit("Thêm", name="Xã Trôi", code="x9", kind="xa", expect=422)


@pytest.mark.parametrize("query", ["q=%25_%5C", "q=%00", "q=%F0%9F%98%80"])
def test_no_search_breaks_the_page(browser, admin, query):
    assert browser.knock("GET", f"/units?{query}") == 200


@pytest.mark.parametrize("code", ["%00", "a%00b", "%0d%0aX", "x" * 3000, "..", "%2e%2e%2fa"])
def test_no_invented_code_breaks_the_page(browser, admin, code):
    assert browser.knock("GET", f"/units/{code}") in (302, 308, 404)


def test_a_search_too_long_is_complained_of(browser, admin):
    page = browser.get("/units?q=" + "x" * 5000, expect=422)
    assert set(page.complaints_shown()) == {"q"} and "Xã An Bình" in page


def test_a_search_with_too_many_answers_shows_a_hundred_and_says_so(browser, admin, province):
    for number in range(105):
        a_commune(province, f"K{number}", f"Xã Khánh {number}")
    page = browser.get("/units?q=khanh")
    assert len(page.rows()) == 100 and "Còn 5 đơn vị nữa" in page
    assert "105 đơn vị khớp «khanh»" in page
