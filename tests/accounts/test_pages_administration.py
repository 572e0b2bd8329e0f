"""People and their posts by the pages of administrators: added, corrected, ended, handed over, locked."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest
import time_machine
from browser import Browser
from builders import POLICY, a_commune, a_province, somebody
from places import NOW, Place

from tracker.accounts.actions import add_person, add_post
from tracker.accounts.commands import commands
from tracker.accounts.models import Invitation, Person, Post
from tracker.db import atomic, db
from tracker.history.models import Event
from tracker.rules.access import Role
from tracker.tasks import actions
from tracker.units.actions import whole_house

WORD = "Một câu mới dễ nhớ"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def place(database):
    return Place()


@pytest.fixture
def admin(browser, place):
    user = somebody(place.province, Role.ADMINISTRATOR, "Quản trị tỉnh")
    browser.acts_as(user)
    return user


NEWCOMER = {"name": "Lê Quốc Cường", "username": "cuong.le", "unit": "xã an bình", "role": "commune_officer"}


def test_a_newcomer_gets_a_link_that_is_shown_once_and_opens(browser, admin):
    browser.get("/people/new")
    page = browser.submit("Thêm và tạo liên kết", **NEWCOMER, title="Công chức văn phòng", email="cuong@xa.gov.vn")
    assert page.heading == "Liên kết đặt mật khẩu"
    link = next(one.get("value") for one in page.all("input") if one.get("name") == "link")
    newcomer = Browser(browser.app)
    newcomer.get(link)
    newcomer.submit("Đặt mật khẩu", password=WORD, repeated=WORD)
    assert newcomer.sign_in("cuong.le", WORD).heading == "Việc của tôi"
    assert link not in browser.click("Xem người này").html
    person = db.session.query(Person).filter_by(username="cuong.le").one()
    assert [(post.unit.name, post.role, post.title) for post in person.posts] == [
        ("Xã An Bình", "commune_officer", "Công chức văn phòng")
    ]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "x" * 121}, {"name"}),
        ({"username": ""}, {"username"}),
        ({"username": "Lê Cường"}, {"username"}),
        ({"username": "x" * 61}, {"username"}),
        ({"username": "trung"}, {"username"}),
        ({"unit": ""}, {"unit"}),
        ({"unit": "Xã Không Có"}, {"unit"}),
        ({"unit": "P2"}, {"unit"}),
        ({"role": "issuer"}, {"role"}),
        ({"title": "x" * 121}, {"title"}),
        ({"email": "cuong"}, {"email"}),
        ({"phone": "không"}, {"phone"}),
        ({"name": " ", "unit": "", "email": "@"}, {"name", "unit", "email"}),
    ],
)
def test_a_wrong_newcomer_is_complained_of_and_nobody_is_added(browser, place, admin, typed, fields):
    a_province("P2", "Tỉnh Khác")
    add_person(username="trung", name="Trung", unit=place.commune, role=Role.VIEWER, by=None, now=NOW)
    before = db.session.query(Person).count()
    browser.get("/people/new")
    page = browser.submit("Thêm và tạo liên kết", expect=422, **{**NEWCOMER, **typed})
    assert set(page.complaints_shown()) == fields
    assert all(value.strip() in page.html for value in {**NEWCOMER, **typed}.values())
    assert db.session.query(Person).count() == before and db.session.query(Invitation).count() == 0


def test_two_units_of_one_name_are_told_apart_by_their_codes(browser, place, admin):
    a_commune(place.province, "C7", "Xã An Bình")
    browser.get("/people/new")
    page = browser.submit("Thêm và tạo liên kết", expect=422, **NEWCOMER)
    assert "C1" in page.complaints_shown()["unit"] and "C7" in page.complaints_shown()["unit"]
    browser.submit("Thêm và tạo liên kết", unit="C7")


def test_people_are_found_without_marks_and_by_unit(browser, place, admin):
    add_person(username="dung", name="Đặng Thị Dung", unit=place.commune, role=Role.VIEWER, by=None, now=NOW)
    browser.get("/people")
    assert "Đặng Thị Dung" in browser.submit("Lọc", q="dang dung")
    page = browser.submit("Lọc", q="", unit="Sơn Hà")
    assert "Người lạ" in page and "Đặng Thị Dung" not in page
    assert "Không có người dùng khớp điều kiện." in browser.submit("Lọc", q="khong co ai", unit="")
    page = browser.submit("Lọc", q="", unit="Xã Không Có", expect=422)
    assert set(page.complaints_shown()) == {"unit"} and "Đặng Thị Dung" in page


@pytest.fixture
def dung(place) -> Person:
    return add_person(username="dung", name="Đặng Thị Dung", unit=place.commune, role=Role.VIEWER, by=None, now=NOW)


def test_a_name_is_corrected_and_found_under_the_new_one(browser, admin, dung):
    browser.get(f"/people/{dung.id}")
    page = browser.submit("Lưu", name="Đặng Thùy\n Dung", email="dung@xa.gov.vn")
    assert page.heading == "Đặng Thùy Dung" and "Đã lưu." in page
    assert "Đặng Thùy Dung" in browser.get("/people?q=thuy")


@pytest.mark.parametrize(
    ("typed", "field"), [({"name": ""}, "name"), ({"email": "x y@z.vn"}, "email"), ({"phone": "1" * 21}, "phone")]
)
def test_a_wrong_correction_is_complained_of_and_stays(browser, admin, dung, typed, field):
    browser.get(f"/people/{dung.id}")
    page = browser.submit("Lưu", expect=422, **typed)
    assert set(page.complaints_shown()) == {field} and "Có 1 chỗ cần sửa." in page
    db.session.expire_all()
    assert db.session.get(Person, dung.id).name == "Đặng Thị Dung"


def test_another_post_is_given_with_a_term_and_ended(browser, place, admin, dung):
    browser.get(f"/people/{dung.id}")
    page = browser.submit("Thêm vị trí", unit="C2", role="commune_officer", title="Văn thư", from_on="1/4/2026")
    assert "Đã thêm vị trí." in page and "từ 01/04/2026" in page
    post = db.session.query(Post).filter_by(title="Văn thư").one()
    assert (post.unit.name, post.from_on) == ("Xã Sơn Hà", date(2026, 4, 1))
    page = browser.submit("Kết thúc vị trí tại Xã An Bình", until_on="20/3")
    assert "Đã ghi ngày thôi giữ vị trí." in page and "đến hết 20/03/2026" in page
    assert db.session.query(Event).filter_by(thing="person", thing_id=dung.id, deed="end_post").count() == 1


@pytest.mark.parametrize(
    "typed",
    [{"unit": ""}, {"unit": "Xã Không Có"}, {"unit": "P1", "from_on": "31/2"}, {"unit": "C1", "role": "monitor"}],
)
def test_a_wrong_post_is_complained_of_and_not_given(browser, admin, dung, typed):
    browser.get(f"/people/{dung.id}")
    page = browser.submit("Thêm vị trí", expect=422, **{"role": "viewer", **typed})
    assert "Có 1 chỗ cần sửa." in page and page.html.count('aria-invalid="true"') + ("role" in typed) >= 1
    assert all(value in page.html for value in typed.values())
    assert db.session.query(Post).filter_by(person_id=dung.id).count() == 1


@pytest.mark.parametrize(
    ("day", "said"), [("", "Nhập ngày"), ("31/02", "không có trong lịch"), ("1/1/2020", "từ 16/")]
)
def test_a_wrong_last_day_is_complained_of_at_its_field(browser, admin, dung, day, said):
    browser.get(f"/people/{dung.id}")
    page = browser.submit("Kết thúc vị trí tại Xã An Bình", until_on=day, expect=422)
    assert said in page and 'aria-invalid="true"' in page.html and f'value="{day}"' in page.html
    db.session.expire_all()
    assert db.session.query(Post).filter_by(person_id=dung.id).one().until_on is None


def test_an_administrator_does_not_end_their_own_post_by_mistake(browser, admin):
    browser.get(f"/people/{admin.person_id}")
    with atomic():
        db.session.get(Post, admin.post_id).from_on = date(2026, 1, 1)
    page = browser.submit("Kết thúc vị trí tại Tỉnh Thử", until_on="15/3/2026", expect=409)
    assert "nhờ người quản trị khác" in page


# ── leaving ──────────────────────────────────────────────────────────────────


@pytest.fixture
def leaving(place):
    """An officer with two pieces of open work."""
    for _ in range(2):
        actions.delegate(place.given(), place.officer.person_id, None, by=place.leader, now=NOW, policy=POLICY)
    return place.officer


def test_nobody_who_holds_open_work_is_locked_out(browser, admin, leaving):
    browser.get(f"/people/{leaving.person_id}")
    page = browser.submit("Khóa tài khoản", expect=409)
    assert "còn 2 việc đang mở" in page
    assert db.session.get(Person, leaving.person_id).active


def test_work_is_handed_over_and_the_account_closes_with_it(browser, place, admin, leaving):
    session = Browser(browser.app).acts_as(leaving)
    session.get("/work")
    browser.get(f"/people/{leaving.person_id}")
    page = browser.click("Bàn giao việc")
    assert "2 việc đang mở" in page and "Báo cáo kết quả" in page
    page = browser.submit("Bàn giao", successor_id=place.leader.person_id, lock=True)
    assert "Đã bàn giao 2 việc cho Nguyễn Văn An." in page and "Tài khoản đang khóa." in page
    assert session.get("/work").heading == "Đăng nhập"
    page = browser.submit("Mở lại tài khoản")
    assert "Đã mở lại tài khoản." in page and "Khóa tài khoản" in page


@pytest.mark.parametrize("successor", ["", "abc", "99999"])
def test_a_wrong_successor_is_complained_of_and_nothing_moves(browser, place, admin, leaving, successor):
    browser.get(f"/people/{leaving.person_id}/handover")
    sent = {"successor_id": successor}
    page = browser.post(f"/people/{leaving.person_id}/handover", sent, expect=404 if successor == "99999" else 422)
    assert successor == "99999" or set(page.complaints_shown()) == {"successor_id"}
    assert place.given() and len(browser.get(f"/people/{leaving.person_id}/handover").html.split("tk-top")) == 3


def test_work_is_handed_over_within_the_unit_only(browser, place, admin, leaving):
    browser.get(f"/people/{leaving.person_id}/handover")
    for other in (place.stranger.person_id, leaving.person_id):
        browser.post(f"/people/{leaving.person_id}/handover", {"successor_id": other}, expect=422)


def test_somebody_without_work_is_locked_and_nobody_locks_themselves(browser, place, admin, dung):
    browser.get(f"/people/{dung.id}")
    assert "Đã khóa tài khoản của Đặng Thị Dung." in browser.submit("Khóa tài khoản")
    browser.get(f"/people/{admin.person_id}")
    assert "nhờ người quản trị khác" in browser.submit("Khóa tài khoản", expect=409)


def test_there_is_nothing_to_hand_over_when_nothing_is_open(browser, admin, dung):
    page = browser.get(f"/people/{dung.id}/handover")
    assert "không còn việc đang mở" in page
    browser.post(f"/people/{dung.id}/handover", {"successor_id": admin.person_id}, expect=409)


# ── whose people ─────────────────────────────────────────────────────────────

DOORS = ("", "/posts", "/invitation", "/unlocking", "/handover", "/closure")


def test_the_people_of_another_province_are_not_found(browser, place, admin):
    other = somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER, "Người tỉnh khác")
    assert "Người tỉnh khác" not in browser.get("/people")
    assert browser.knock("GET", f"/people/{other.person_id}") == 404
    for door in DOORS:
        assert browser.knock("POST", f"/people/{other.person_id}{door}") == 404
    assert browser.knock("POST", f"/people/{other.person_id}/posts/{other.post_id}/end") == 404


def test_who_also_holds_a_post_elsewhere_is_seen_but_not_taken_over(browser, place, admin):
    """Whoever may set a password may act as its owner, for all of their posts."""
    root = somebody(whole_house(now=NOW), Role.ADMINISTRATOR, "Quản trị toàn hệ thống")
    person = db.session.get(Person, root.person_id)
    add_post(person, place.commune, Role.VIEWER, "", date(2026, 1, 1), by=root, now=NOW)
    page = browser.get(f"/people/{person.id}")
    assert "ngoài phạm vi quản trị" in browser.submit("Tạo liên kết đặt mật khẩu", expect=403)
    browser.get(page.url)
    browser.submit("Lưu", email="ke-trom@example.com", expect=403)
    browser.get(page.url)
    browser.submit("Khóa tài khoản", expect=403)
    db.session.expire_all()
    kept = db.session.get(Person, person.id)
    assert kept.active and kept.email == "" and db.session.query(Invitation).count() == 0


def test_a_post_that_ended_elsewhere_is_no_hindrance(browser, place, admin, dung):
    old = somebody(a_province("P2", "Tỉnh Khác"), Role.ADMINISTRATOR)
    with atomic():
        db.session.add(
            Post(
                person_id=dung.id,
                unit_id=old.unit_id,
                role="viewer",
                from_on=date(2020, 1, 1),
                until_on=date(2025, 1, 1),
            )
        )
    browser.get(f"/people/{dung.id}")
    assert browser.submit("Tạo liên kết đặt mật khẩu").heading == "Liên kết đặt mật khẩu"


def test_a_fresh_link_ends_the_one_before(browser, admin, dung):
    links = []
    for _ in range(2):
        browser.get(f"/people/{dung.id}")
        page = browser.submit("Tạo liên kết đặt mật khẩu")
        links.append(next(one.get("value") for one in page.all("input") if one.get("name") == "link"))
    visitor = Browser(browser.app)
    visitor.get(links[0], expect=409)
    visitor.get(links[1])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_the_doors_of_administration_are_closed_to_the_others(browser, place, dung, role):
    unit = place.commune if role in (Role.COMMUNE_LEADER, Role.COMMUNE_OFFICER) else place.province
    browser.acts_as(somebody(unit, role)).get("/account")
    assert {browser.knock("POST", f"/people/{dung.id}{door}") for door in DOORS} == {403}
    assert {
        browser.knock("GET", door) for door in ("/people", "/people/new", f"/people/{dung.id}", "/start", "/units")
    } == {403}


# ── the first day ────────────────────────────────────────────────────────────


def test_a_fresh_installation_says_its_six_steps_and_marks_what_is_done(browser, database):
    root = somebody(whole_house(now=NOW), Role.ADMINISTRATOR)
    page = browser.acts_as(root).get("/")
    assert page.heading == "Bắt đầu (0/6)" and page.html.count("Chưa xong") == 6
    a_commune(a_province())
    browser.get("/start")
    page = browser.click("Thêm người của tỉnh")
    assert page.html.count("selected") == 1
    browser.submit("Thêm và tạo liên kết", name="Phạm Thu Dung", username="dung", unit="P1", role="issuer")
    assert browser.get("/start").heading == "Bắt đầu (2/6)"


@pytest.mark.parametrize("door", ["/start", "/units", "/people", "/directives", "/reports", "/account"])
def test_every_page_of_an_empty_house_answers(browser, database, door):
    browser.acts_as(somebody(whole_house(now=NOW), Role.ADMINISTRATOR)).get(door)


def test_the_first_link_is_given_until_somebody_has_a_password(app, browser, database):
    said = app.test_cli_runner().invoke(commands, ["first-administrator"])
    browser.get(urlsplit(said.output.strip()).path)
    browser.submit("Đặt mật khẩu", password=WORD, repeated=WORD)
    assert browser.sign_in("quantri", WORD).heading.startswith("Bắt đầu")
    again = app.test_cli_runner().invoke(commands, ["first-administrator"])
    assert again.exit_code != 0
