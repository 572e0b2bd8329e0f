"""The fussy browser itself: it accepts a neat page and names each piece of sloppiness; it comes in by the door."""

from __future__ import annotations

import socket

import pytest
from browser import Browser
from builders import a_commune, a_province, at, somebody
from reading_pages import complaints, fields, parsed
from staying_home import stay_at_home

from tracker.accounts.actions import add_person
from tracker.db import atomic
from tracker.rules.access import Role

FRAME = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title} – Đôn Đốc</title></head>'
    "<body><main><h1>Nhiệm vụ</h1>{body}</main></body></html>"
)
POST = '<form method="post" action="/x"><input type="hidden" name="csrf_token" value="t">'


def page(body: str, title: str = "Nhiệm vụ") -> str:
    return FRAME.format(title=title, body=body)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Không có nhiệm vụ.</p>",
        POST + '<label for="a">Tên</label><input id="a" name="a"><button>Gửi</button></form>',
        '<form action="/x"><label>Tên <input name="a"></label><input name="q" aria-label="Tìm"></form>',
        '<a href="/" aria-label="Trang chủ"><svg aria-hidden="true"><title>x</title></svg></a><img src="/a" alt="">',
        '<p id="h">Gợi ý</p><input name="a" aria-label="Tên" aria-describedby="h"><a href="#h">Lên</a>',
    ],
)
def test_a_neat_page_is_accepted(body: str) -> None:
    assert complaints(page(body)) == []
    assert complaints(page(body, "Lỗi: Nhiệm vụ")) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("<p><div></div></p>", "Unexpected end tag"),
        ("<h1>Hai</h1>", "it has 2 h1 instead of one"),
        ('<p id="a">1</p><p id="a">2</p>', "the id «a» occurs 2 times"),
        ('<input name="a">', '<input name="a"> has no label'),
        ('<label for="a"></label><select id="a"></select>', '<select id="a"> has no label'),
        ('<input aria-label="a" aria-describedby="x">', "<input> names «x», which is not on the page"),
        ('<form method="post"></form>', "<form> has no action"),
        ('<form method="post" action="/x"></form>', "the POST form to /x carries no csrf_token"),
        ('<p style="color:red">1</p>', "<p> carries style, which belongs in app.css"),
        ("<script>1</script>", "a script stands in the page, which belongs in app.js"),
        ('<button onclick="x()">1</button>', "<button> carries script, which belongs in app.js"),
        ('<img src="/a">', '<img src="/a"> has no alt'),
        ('<a href="/a"></a>', '<a href="/a"> has no words that name it'),
        ("<p>Hạn None</p>", "«None» is left over in «Nhiệm vụ Hạn None»"),
        ("<p>{{ name }}</p>", "«{{» is left over"),
        ('<p title="Có %(n)s">1</p>', "«%(n)s» is left over"),
    ],
)
def test_each_sloppiness_is_named(body: str, sentence: str) -> None:
    assert any(sentence in said for said in complaints(page(body)))


def test_a_form_untouched_sends_what_it_shows_and_ticks_answer_to_yes_and_no() -> None:
    form = parsed(
        '<form action="/x"><input name="a" value="1"><textarea name="b">hai</textarea><button name="c">Gửi</button>'
        '<select name="d"><option value="x">X<option value="y" selected>Y</select><input type="file" name="e">'
        '<input type="checkbox" name="f" value="1" checked><input type="checkbox" name="g"><input name="h" disabled>'
        '<input type="radio" name="i" value="m"><input type="radio" name="i" value="n" checked></form>'
    )[0].find(".//form")
    assert form is not None
    offered = fields(form)
    shown = {"a": ["1"], "b": ["hai"], "d": ["y"], "e": [], "f": ["1"], "g": [], "i": ["n"]}
    assert {name: field.shown for name, field in offered.items()} == shown
    assert (offered["f"].answer(False), offered["g"].answer(True)) == ([], ["on"])
    assert [offered["d"].offers(value) for value in ("x", "z")] == [True, False]


def test_a_title_that_is_not_the_heading_is_named() -> None:
    assert complaints(page("", "Trang")) == ["the title «Trang – Đôn Đốc» does not contain the heading «Nhiệm vụ»"]


def test_a_visitor_is_led_to_the_sign_in_page_and_told_all_that_is_missing(browser: Browser) -> None:
    assert browser.get("/account").url.startswith("/sign-in")
    wrong = browser.submit("Đăng nhập", expect=422)
    assert wrong.complaints_shown().keys() == {"username", "password"}


def test_only_what_the_page_offers_can_be_filled_in_or_followed(browser: Browser) -> None:
    browser.get("/sign-in")
    with pytest.raises(AssertionError, match="no field"):
        browser.submit("Đăng nhập", nickname="an")
    with pytest.raises(AssertionError, match="no form «Xóa hết»"):
        browser.submit("Xóa hết")
    with pytest.raises(AssertionError, match="no link «Kho bạc»"):
        browser.click("Kho bạc")


def test_each_request_sees_its_own_person(browser: Browser) -> None:
    province = a_province()
    commune = a_commune(province)
    browser.acts_as(somebody(commune, Role.COMMUNE_LEADER, "Lê Quốc Cường"))
    assert "Lê Quốc Cường" in browser.get("/account")
    browser.acts_as(somebody(province, Role.MONITOR, "Ngô Thị Dung"))
    seen = browser.get("/account")
    assert "Ngô Thị Dung" in seen and "Lê Quốc Cường" not in seen


def test_the_front_door_leads_a_newcomer_to_a_password_of_their_own(browser: Browser) -> None:
    commune, word = a_commune(a_province()), "Đường về làng 2026"
    role, now = Role.COMMUNE_OFFICER, at("2026-06-22 07:00")
    person = add_person(username="an", name="An", unit=commune, role=role, by=None, now=now, password=word)
    with atomic():
        person.must_change_password = True
    assert browser.sign_in("an", word).url == "/account/password"
    with pytest.raises(AssertionError, match="200 instead of 404"):
        browser.get("/account/password", expect=404)


def test_nobody_leaves_the_house_in_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []
    monkeypatch.setattr(socket.socket, "connect", stay_at_home(lambda *_: None, left))
    with socket.socket() as one:
        one.connect(("127.0.0.1", 25))
        with pytest.raises(OSError, match=r"this machine only, not to 203\.0\.113\.7"):
            one.connect(("203.0.113.7", 25))
    assert left == ["203.0.113.7"]
