"""Directives by their pages: recorded, corrected, listed and found; wrong input stays, with a sentence."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import time_machine
from browser import Browser
from builders import a_directive, a_province, somebody
from places import NOW, Place

from tracker.db import db, forget
from tracker.directives.models import Directive
from tracker.history.models import Event
from tracker.rules.access import Role


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    return Place()


PAPER = {
    "doc_type": "official_letter",
    "doc_symbol": "5426/UBND-KGVX",
    "issued_on": "2/3/2026",
    "received_on": "3-3-2026",
    "issuer_name": "Ban Chỉ đạo 57",
    "abstract": "Đôn đốc báo cáo Nghị quyết 57",
    "field": "Chuyển đổi số",
    "urgency": "urgent",
    "signer": "Nguyễn Thị Hương",
}


def recorded(browser, place, **typed):
    browser.acts_as(place.issuer).get("/directives/new")
    return browser.submit("Lưu", **{**PAPER, **typed})


def test_a_directive_is_recorded_and_shows_all_that_was_written(browser, place):
    page = recorded(browser, place)
    assert page.heading == "Công văn 5426/UBND-KGVX" and "Tiếp theo: thêm nhiệm vụ" in page
    for words in ("Ban Chỉ đạo 57", "Khẩn", "03/03/2026", "Chuyển đổi số", "Nguyễn Thị Hương", PAPER["abstract"]):
        assert words in page
    kept = db.session.query(Directive).one()
    assert (kept.issued_on, kept.received_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert db.session.query(Event).filter_by(thing="directive", deed="record").count() == 1


WRONG = [
    ({"doc_symbol": ""}, {"doc_symbol"}),
    ({"doc_symbol": "x" * 81}, {"doc_symbol"}),
    ({"issued_on": ""}, {"issued_on"}),
    ({"issued_on": "31/02/2026"}, {"issued_on"}),
    ({"issued_on": "hôm qua"}, {"issued_on"}),
    ({"issued_on": "17/3/2026", "received_on": ""}, {"issued_on"}),
    ({"received_on": "1/3/2026"}, {"received_on"}),
    ({"received_on": "32/1"}, {"received_on"}),
    ({"abstract": "   "}, {"abstract"}),
    ({"abstract": "x" * 4001}, {"abstract"}),
    ({"issuer_name": "x" * 201}, {"issuer_name"}),
    ({"field": "x" * 101}, {"field"}),
    ({"signer": "x" * 121}, {"signer"}),
    ({"doc_symbol": "", "issued_on": "", "abstract": ""}, {"doc_symbol", "issued_on", "abstract"}),
]


@pytest.mark.parametrize(("typed", "fields"), WRONG)
def test_wrong_input_is_complained_of_at_its_field_and_what_was_typed_stays(browser, place, typed, fields):
    browser.acts_as(place.issuer).get("/directives/new")
    page = browser.submit("Lưu", expect=422, **{**PAPER, **typed})
    assert set(page.complaints_shown()) == fields
    assert "Có " in page and page.tree is not None
    for value in {**PAPER, **typed}.values():
        assert value.strip() in page.html
    assert db.session.query(Directive).count() == 0


@pytest.mark.parametrize(("typed", "fields"), WRONG)
def test_a_correction_is_held_to_the_same(browser, place, typed, fields):
    recorded(browser, place)
    browser.click("Sửa")
    page = browser.submit("Lưu", expect=422, **typed)
    assert set(page.complaints_shown()) == fields
    db.session.expire_all()
    assert db.session.query(Directive).one().version == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("doc_type", "poem"), ("urgency", ""), ("secrecy", "?"), ("issuer_id", "abc"), ("issuer_id", "99999999999")],
)
def test_choices_that_the_page_does_not_offer_are_complained_of(browser, place, name, value):
    browser.acts_as(place.issuer).get("/directives/new")
    sent = {**PAPER, "secrecy": "none", "issuer_id": str(place.province.id), name: value}
    assert name in browser.post("/directives/new", sent, expect=422).complaints_shown()


def test_nothing_at_all_is_complained_of_not_a_crash(browser, place):
    browser.acts_as(place.issuer).get("/directives/new")
    page = browser.post("/directives/new", expect=422)
    assert {"doc_type", "doc_symbol", "issued_on", "abstract"} <= set(page.complaints_shown())


@pytest.mark.parametrize("symbol", ["5426/UBND-KGVX", "5426/ubnd-kgvx"])
def test_the_same_paper_of_the_same_year_is_recorded_once(browser, place, symbol):
    recorded(browser, place)
    browser.get("/directives/new")
    page = browser.submit("Lưu", expect=422, **{**PAPER, "doc_symbol": symbol, "issued_on": "5/3/2026"})
    assert "đã được ghi" in page.complaints_shown()["doc_symbol"]
    browser.submit("Lưu", issued_on="5/3/2025", received_on="")
    assert db.session.query(Directive).count() == 2


def test_two_who_record_the_same_paper_at_once_get_one_and_a_sentence(app, place):
    second = somebody(place.province, Role.ISSUER)
    pages, statuses = [Browser(app).acts_as(user) for user in (place.issuer, second)], []
    for each in pages:
        each.get("/directives/new")
    tokens = [each._token() for each in pages]
    sent = {**PAPER, "secrecy": "none", "issuer_id": str(place.province.id)}

    def record(browser, token):
        answer = browser.client.post("/directives/new", data={**sent, "csrf_token": token})
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=record, args=pair) for pair in zip(pages, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) in ([303, 409], [303, 422])
    forget()
    assert db.session.query(Directive).count() == 1


def test_a_correction_is_kept_with_what_it_changed(browser, place):
    recorded(browser, place)
    browser.click("Sửa")
    page = browser.submit("Lưu", abstract="Đôn đốc báo cáo tháng 3")
    assert "Đã sửa văn bản." in page and "Đôn đốc báo cáo tháng 3" in page
    assert "Đôn đốc báo cáo tháng 3" in str(db.session.query(Event).filter_by(deed="correct").one().details)


def test_the_second_of_two_correctors_sees_both_and_loses_nothing(browser, place):
    recorded(browser, place)
    number = db.session.query(Directive).one().id
    browser.click("Sửa")
    other = Browser(browser.app).acts_as(somebody(place.province, Role.ISSUER))
    other.get(f"/directives/{number}/correction")
    other.submit("Lưu", abstract="Bản của người kia")
    page = browser.submit("Lưu", abstract="Bản của tôi", expect=409)
    assert "Bản của người kia" in page and "Bản của tôi" in page.html
    assert "Bản của tôi" in browser.submit("Lưu")


@pytest.mark.parametrize("version", ["", "0", "abc", "99"])
def test_a_correction_without_the_version_that_was_read_overwrites_nothing(browser, place, version):
    recorded(browser, place)
    number = db.session.query(Directive).one().id
    sent = {**PAPER, "secrecy": "none", "issuer_id": str(place.province.id), "abstract": "Khác", "version": version}
    browser.post(f"/directives/{number}/correction", sent, expect=409)
    db.session.expire_all()
    assert db.session.query(Directive).one().abstract == PAPER["abstract"]


# ── who sees it ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", [Role.MONITOR, Role.LEADER, Role.VIEWER, Role.ADMINISTRATOR])
def test_the_other_roles_of_the_province_read_but_do_not_record(browser, place, role):
    directive = a_directive(place.province)
    browser.acts_as(somebody(place.province, role))
    page = browser.get(f"/directives/{directive.id}")
    assert "Sửa" not in page and "Thêm nhiệm vụ" not in page and "Tải lên" not in page
    assert "Ghi văn bản" not in browser.get("/directives")
    for door in ("/directives/new", f"/directives/{directive.id}/correction", f"/directives/{directive.id}/files"):
        assert browser.knock("GET", door) == browser.knock("POST", door) == 403


def test_a_stranger_finds_nothing(browser, place):
    directive = a_directive(place.province)
    for who in (place.stranger, place.leader, somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER)):
        browser.acts_as(who).get("/directives")
        assert directive.doc_symbol not in browser.page
        assert browser.knock("GET", f"/directives/{directive.id}") == 404
    assert browser.knock("GET", f"/directives/{directive.id}/correction") == 404
    assert browser.knock("POST", f"/directives/{directive.id}/correction") == 404


def test_a_commune_reads_the_directive_that_gave_it_work_and_only_its_own_share(browser, place):
    directive = a_directive(place.province)
    place.given(directive=directive)
    page = browser.acts_as(place.leader).get(f"/directives/{directive.id}")
    assert "Báo cáo kết quả" in page and "Sửa" not in page
    assert directive.doc_symbol in browser.get("/directives")


def test_a_department_records_for_itself_only(browser, place):
    from tracker.units.actions import add_unit

    office = add_unit("S1", "Sở Nội vụ", "department", place.province, by=None, now=NOW)
    browser.acts_as(somebody(office, Role.ISSUER)).get("/directives/new")
    sent = {**PAPER, "secrecy": "none", "issuer_id": str(place.province.id)}
    browser.post("/directives/new", sent, expect=404)
    browser.get("/directives/new")
    assert "Sở Nội vụ" in browser.page and "Tỉnh Thử" not in [option.text for option in browser.page.all("option")]


# ── the list ─────────────────────────────────────────────────────────────────


def test_the_list_is_newest_first_and_found_without_marks(browser, place):
    recorded(browser, place)
    recorded(
        browser,
        place,
        doc_type="plan",
        doc_symbol="9/KH-UBND",
        issued_on="5/3/2026",
        received_on="",
        abstract="Phòng cháy rừng",
    )
    page = browser.get("/directives")
    assert page.text.index("9/KH-UBND") < page.text.index("5426/UBND-KGVX") and "2 văn bản" in page
    for asked, found in (
        ({"q": "phong chay"}, "9/KH-UBND"),
        ({"q": "5426"}, "5426/UBND-KGVX"),
        ({"q": "BAN CHI DAO 57", "doc_type": "official_letter"}, "5426/UBND-KGVX"),
        ({"doc_type": "plan", "year": "2026"}, "9/KH-UBND"),
    ):
        browser.get("/directives")
        page = browser.submit("Lọc", **asked)
        assert found in page and "1 văn bản" in page


def test_nothing_found_is_said_with_the_way_back(browser, place):
    recorded(browser, place)
    browser.get("/directives")
    page = browser.submit("Lọc", q="100%_khong co", year="2024")
    assert "Không có văn bản khớp điều kiện lọc." in page
    assert "5426/UBND-KGVX" in browser.click("Bỏ lọc")


def test_an_empty_list_says_what_to_do_next(browser, place):
    page = browser.acts_as(place.issuer).get("/directives")
    assert "Chưa có văn bản." in page
    assert browser.click("Ghi văn bản").heading == "Ghi văn bản"


@pytest.mark.parametrize("query", ["year=abc", "year=-1", "year=99999999999", "doc_type=x", "q=" + "x" * 201])
def test_a_wrong_filter_is_said_at_its_field_with_the_whole_list(browser, place, query):
    recorded(browser, place)
    page = browser.get(f"/directives?{query}", expect=422)
    assert set(page.complaints_shown()) == {query.split("=")[0]} and "5426/UBND-KGVX" in page


@pytest.mark.parametrize("query", ["page=abc", "page=-3&size=7", "page=99999999999999999999", "q=%00%FF", "size=x"])
def test_no_address_of_the_list_breaks_it(browser, place, query):
    recorded(browser, place)
    assert browser.knock("GET", f"/directives?{query}") == 200


def test_a_long_list_has_pages(browser, place):
    for number in range(55):
        a_directive(place.province, symbol=f"{number}/KH-UBND")
    page = browser.acts_as(place.issuer).get("/directives")
    assert "1–50 trong 55" in page
    assert "51–55 trong 55" in browser.get("/directives?page=2")
