"""The front door and one's own account by the fussy browser: wrong, locked, limited, forced, invited, acting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from browser import Browser
from builders import a_commune, a_province, at, somebody

from tracker.accounts.actions import add_person, add_post, invite
from tracker.accounts.administering import lock_account
from tracker.accounts.models import Person
from tracker.db import atomic, db
from tracker.history.models import Event
from tracker.rules.access import Role

NOW = at("2026-03-16 08:00")
WORD, NEW = "Đường về làng 2026", "Một câu mới dễ nhớ"
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng."


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def province(database):
    return a_province()


@pytest.fixture
def commune(province):
    return a_commune(province)


@pytest.fixture
def admin(province):
    return somebody(province, Role.ADMINISTRATOR, "Quản trị tỉnh")


@pytest.fixture
def an(commune) -> Person:
    """A commune's leader who has signed in before."""
    person = add_person(
        username="an.nguyen", name="Nguyễn Văn An", phone="0912 345 678", unit=commune, role=Role.COMMUNE_LEADER,
        by=None, now=NOW, password=WORD,
    )  # fmt: skip
    with atomic():
        person.must_change_password = False
    return person


# ── signing in ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["an.nguyen", " AN.NGUYEN ", "0912 345 678"])
def test_the_right_word_leads_to_the_day_s_work(browser, an, name):
    page = browser.sign_in(name, WORD)
    assert page.heading == "Việc của xã" and db.session.query(Event).filter_by(deed="sign_in").count() == 1


@pytest.mark.parametrize(("name", "word"), [("an.nguyen", "sai"), ("khong.co", WORD), ("' OR 1=1 --", "x'; --")])
def test_a_wrong_name_and_a_wrong_word_look_alike_and_the_name_stays(browser, an, name, word):
    page = browser.sign_in(name, word, expect=422)
    assert page.complaints_shown() == {"password": WRONG}
    assert [one.get("value") for one in page.all("input") if one.get("name") == "username"] == [name]
    assert f'value="{word}"' not in page.html


def test_after_five_failures_even_the_right_word_waits_in_words(browser, an, monday):
    for _ in range(5):
        browser.sign_in("an.nguyen", "sai", expect=422)
    page = browser.sign_in("an.nguyen", WORD, expect=429)
    assert "thử lại sau 15 phút" in page
    monday.shift(timedelta(minutes=16))
    assert browser.sign_in("an.nguyen", WORD).heading == "Việc của xã"


def test_one_address_that_tries_fifty_names_waits_too(browser, an):
    for number in range(50):
        browser.sign_in(f"nguoi.{number}", "sai", expect=422)
    assert "15 phút" in browser.sign_in("an.nguyen", WORD, expect=429)


def test_a_locked_account_is_told_no_more_than_a_stranger(browser, an, admin):
    lock_account(an, by=admin, now=NOW)
    assert browser.sign_in("an.nguyen", WORD, expect=422).complaints_shown() == {"password": WRONG}


def test_a_locked_account_is_out_at_once(browser, an, admin):
    browser.sign_in("an.nguyen", WORD)
    lock_account(an, by=admin, now=NOW)
    assert browser.get("/work").heading == "Đăng nhập"


def test_somebody_without_a_post_is_told_whom_to_ask(browser, an):
    with atomic():
        an.posts[0].until_on = date(2026, 3, 15)
    assert "chưa giữ vị trí nào" in browser.sign_in("an.nguyen", WORD, expect=429)


def test_a_post_that_ended_yesterday_opens_nothing_today(browser, an, monday):
    with atomic():
        an.posts[0].until_on = date(2026, 3, 16)
    monday.move_to(at("2026-03-16 23:30"))
    assert browser.sign_in("an.nguyen", WORD).heading == "Việc của xã"
    monday.move_to(at("2026-03-17 00:05"))
    assert browser.get("/work").heading == "Đăng nhập"


def test_a_link_of_a_message_opens_its_page_after_signing_in(browser, an):
    assert browser.get("/directives?q=57").heading == "Đăng nhập"
    page = browser.submit("Đăng nhập", username="an.nguyen", password=WORD)
    assert page.url == "/directives?q=57"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:x", "\\x"],
)
def test_no_link_leads_out_of_the_house(app, browser, an, target):
    browser.get("/sign-in", query_string={"next": target})
    token = browser._token()
    answer = browser.client.post(
        "/sign-in",
        query_string={"next": target},
        data={"csrf_token": token, "username": "an.nguyen", "password": WORD},
    )
    assert answer.status_code == 302 and answer.location == "/work"


def test_signing_out_ends_the_session_and_forgets_the_drafts(browser, an):
    browser.sign_in("an.nguyen", WORD)
    page = browser.submit("Đăng xuất")
    assert page.heading == "Đăng nhập" and browser.get("/work").heading == "Đăng nhập"


def test_a_session_ends_with_the_working_day_unless_the_device_is_one_s_own(browser, an, monday):
    browser.sign_in("an.nguyen", WORD)
    monday.shift(timedelta(hours=13))
    assert browser.get("/work").heading == "Đăng nhập"
    browser.get("/sign-in")
    browser.submit("Đăng nhập", username="an.nguyen", password=WORD, remember=True)
    monday.shift(timedelta(days=29))
    assert browser.get("/work").heading == "Việc của xã"


def test_the_demo_door_is_shut_where_there_is_no_demo(browser, an):
    browser.get("/sign-in")
    assert browser.knock("POST", "/demo-sign-in") == 404


# ── the first password ───────────────────────────────────────────────────────


@pytest.fixture
def fresh(commune) -> Person:
    return add_person(
        username="binh",
        name="Trần Thị Bình",
        unit=commune,
        role=Role.COMMUNE_OFFICER,
        by=None,
        now=NOW,
        password=WORD,
    )


def test_the_first_password_must_be_changed_before_anything_else(browser, fresh):
    page = browser.sign_in("binh", WORD)
    assert page.heading == "Đổi mật khẩu" and "lần đăng nhập đầu tiên" in page
    for door in ("/", "/work", "/account", "/directives"):
        assert browser.get(door).url == "/account/password"
    page = browser.submit("Đổi mật khẩu", old=WORD, password=NEW, repeated=NEW)
    assert page.heading == "Việc của tôi" and "Đã đổi mật khẩu" in page
    browser.submit("Đăng xuất")
    assert browser.sign_in("binh", NEW).heading == "Việc của tôi"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, {"password", "repeated"}),
        ({"old": "sai", "password": NEW, "repeated": NEW}, {"old"}),
        ({"old": WORD, "password": "ngắn", "repeated": "ngắn"}, {"password"}),
        ({"old": WORD, "password": NEW, "repeated": NEW + "!"}, {"repeated"}),
        ({"old": WORD, "password": WORD, "repeated": WORD}, {"password"}),
        ({"old": WORD, "password": "binhbinh123", "repeated": "binhbinh123"}, {"password"}),
        ({"old": WORD, "password": "aaaaaaaaaaaa", "repeated": "aaaaaaaaaaaa"}, {"password"}),
        ({"old": WORD, "password": "x" * 201, "repeated": "y"}, {"password"}),
    ],
)
def test_a_poor_password_is_complained_of_and_none_is_ever_shown_again(browser, fresh, typed, fields):
    browser.sign_in("binh", WORD)
    page = browser.submit("Đổi mật khẩu", expect=422, **typed)
    assert set(page.complaints_shown()) == fields
    assert not [one for one in page.all("input") if one.get("type") == "password" and one.get("value")]


@pytest.mark.parametrize("word", ["  có dấu cách hai đầu  ", "mười ký tự\t", "binh đi chợ tết"])
def test_every_character_of_a_password_counts(browser, fresh, word):
    browser.sign_in("binh", WORD)
    browser.submit("Đổi mật khẩu", old=WORD, password=word, repeated=word)
    browser.submit("Đăng xuất")
    assert browser.sign_in("binh", word).heading == "Việc của tôi"
    browser.submit("Đăng xuất")
    if word != word.strip():
        browser.sign_in("binh", word.strip(), expect=422)


def test_a_changed_password_ends_the_other_devices_and_not_this_one(app, browser, an):
    browser.sign_in("an.nguyen", WORD)
    other = Browser(app)
    other.sign_in("an.nguyen", WORD)
    browser.get("/account/password")
    browser.submit("Đổi mật khẩu", old=WORD, password=NEW, repeated=NEW)
    assert browser.get("/work").heading == "Việc của xã"
    assert other.get("/work").heading == "Đăng nhập"


# ── invitations ──────────────────────────────────────────────────────────────


@pytest.fixture
def invited(commune) -> Person:
    return add_person(
        username="cuong", name="Lê Quốc Cường", unit=commune, role=Role.COMMUNE_OFFICER, by=None, now=NOW
    )


def test_an_invitation_sets_the_password_once(browser, invited):
    link = f"/invitation/{invite(invited, by=None, now=NOW, days=7)}"
    page = browser.get(link)
    assert "Lê Quốc Cường" in page and "cuong" in page
    page = browser.submit("Đặt mật khẩu", password=NEW, repeated=NEW)
    assert page.heading == "Đăng nhập" and "Đã đặt mật khẩu" in page
    assert "đã được dùng" in browser.get(link, expect=409)
    assert browser.sign_in("cuong", NEW).heading == "Việc của tôi"


def test_an_invitation_used_meanwhile_is_refused_when_it_is_sent(app, browser, invited):
    link = f"/invitation/{invite(invited, by=None, now=NOW, days=7)}"
    other = Browser(app)
    for each in (browser, other):
        each.get(link)
    browser.submit("Đặt mật khẩu", password=NEW, repeated=NEW)
    other.submit("Đặt mật khẩu", password="Câu của kẻ đến sau", repeated="Câu của kẻ đến sau", expect=409)
    assert browser.sign_in("cuong", NEW).heading == "Việc của tôi"


def test_an_invitation_ends_after_seven_days_and_with_the_next_one(browser, invited, monday):
    first = invite(invited, by=None, now=NOW, days=7)
    second = invite(invited, by=None, now=NOW, days=7)
    browser.get(f"/invitation/{first}", expect=409)
    monday.shift(timedelta(days=6, hours=23))
    browser.get(f"/invitation/{second}")
    monday.shift(timedelta(hours=2))
    assert "đã hết hạn" in browser.get(f"/invitation/{second}", expect=409)


@pytest.mark.parametrize("token", ["x", "0" * 5000, "%00", "..%2F"])
def test_no_invented_invitation_breaks_the_door(browser, database, token):
    assert browser.knock("GET", f"/invitation/{token}") in (404, 409)


def test_the_words_of_an_invitation_are_held_to_the_same(browser, invited):
    browser.get(f"/invitation/{invite(invited, by=None, now=NOW, days=7)}")
    page = browser.submit("Đặt mật khẩu", password="ngắn", repeated="khác", expect=422)
    assert set(page.complaints_shown()) == {"password", "repeated"}
    assert db.session.get(Person, invited.id).password_hash == ""


# ── one's own account ────────────────────────────────────────────────────────


def test_one_acts_for_another_post_and_comes_back(browser, an, province, admin):
    add_post(an, province, Role.MONITOR, "", date(2026, 1, 1), by=admin, now=NOW)
    browser.sign_in("an.nguyen", WORD)
    page = browser.get("/account")
    assert "Theo dõi cấp tỉnh · Tỉnh Thử" in page and "đang dùng" in page and "commune_leader" not in page
    page = browser.submit("Chuyển sang")
    assert page.heading != "Việc của xã" and page.url == "/briefing"
    assert browser.knock("GET", "/work") == 403
    browser.get("/account")
    assert browser.submit("Chuyển sang").heading == "Việc của xã"


def test_nobody_acts_for_a_post_of_somebody_else_or_of_another_time(browser, an, province, admin):
    add_post(an, province, Role.MONITOR, "", date(2026, 6, 1), by=admin, now=NOW)
    browser.sign_in("an.nguyen", WORD)
    assert "Chuyển sang" not in browser.get("/account")
    for post_id in (admin.post_id, an.posts[-1].id, 999):
        browser.post("/account/post", {"post_id": post_id}, expect=404)
    for post_id in ("", "abc", "-1"):
        browser.post("/account/post", {"post_id": post_id}, expect=422)


def test_one_s_own_addresses_are_kept(browser, an):
    browser.sign_in("an.nguyen", WORD)
    browser.get("/account")
    page = browser.submit("Lưu", email="an@xa.gov.vn", phone="+84 912.345.678", wants_email=False)
    assert "Đã lưu." in page and "an@xa.gov.vn" in page.html
    db.session.expire_all()
    kept = db.session.get(Person, an.id)
    assert (kept.email, kept.phone, kept.wants_email) == ("an@xa.gov.vn", "+84 912.345.678", False)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"email": "an"}, {"email"}),
        ({"email": "an@xa"}, {"email"}),
        ({"email": "an@xa.gov.vn, binh@xa.gov.vn"}, {"email"}),
        ({"email": "a" * 200 + "@xa.vn"}, {"email"}),
        ({"phone": "quantri"}, {"phone"}),
        ({"phone": "113"}, {"phone"}),
        ({"email": "x@", "phone": "1"}, {"email", "phone"}),
    ],
)
def test_a_wrong_address_is_complained_of_and_stays(browser, an, typed, fields):
    browser.sign_in("an.nguyen", WORD)
    browser.get("/account")
    page = browser.submit("Lưu", expect=422, **typed)
    assert set(page.complaints_shown()) == fields
    assert all(f'value="{value}"' in page.html for value in typed.values())


def test_a_telephone_number_that_is_a_user_name_opens_no_other_account(browser, an, commune):
    add_person(
        username="0912345678",
        name="Người khác",
        unit=commune,
        role=Role.COMMUNE_OFFICER,
        by=None,
        now=NOW,
        password=NEW,
    )
    with atomic():
        an.phone = "0912345678"
    assert browser.sign_in("0912345678", NEW).url == "/account/password"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_and_the_keys_are_kept_on_this_device(browser, an, theme):
    browser.sign_in("an.nguyen", WORD)
    browser.get("/account")
    page = browser.submit("Lưu giao diện", theme=theme, keys=False)
    assert f'data-theme="{theme}" data-keys="off"' in page.html
    assert 'data-keys="off"' not in browser.submit("Lưu giao diện", keys=True).html


def test_an_unknown_theme_is_refused_in_words(browser, an):
    browser.sign_in("an.nguyen", WORD)
    browser.get("/account")
    browser.post("/account/appearance", {"theme": "<script>"}, expect=422)
    browser.client.set_cookie("theme", '"><script>')
    assert "<script>" not in browser.get("/account").html.replace("<script src", "")


def test_one_signs_out_everywhere(app, browser, an):
    other = Browser(app)
    for each in (browser, other):
        each.sign_in("an.nguyen", WORD)
    browser.get("/account")
    assert browser.submit("Đăng xuất khỏi mọi máy").heading == "Đăng nhập"
    assert other.get("/work").heading == "Đăng nhập"


def test_a_form_without_its_token_is_turned_away_in_words(app, database):
    answer = app.test_client().post("/sign-in", data={"username": "an", "password": "x"})
    assert answer.status_code == 400 and "Phiên làm việc đã hết" in answer.text
