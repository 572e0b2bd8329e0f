"""Signing in: the right word opens, wrong ones are counted, and a changed password ends other sessions."""

from __future__ import annotations

import unicodedata

import pytest
from builders import a_commune, a_province, at

from tracker.accounts.actions import accept_invitation, add_person, change_password, invite, sign_in
from tracker.accounts.queries import acting, user_for
from tracker.errors import Invalid, Refused
from tracker.rules.access import Role

NOW = at("2026-06-22 07:00")
LIMITS = {"now": NOW, "max_failures": 5, "window_minutes": 15}
PASSWORD = "Đường về làng 2026"

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def person(database):
    commune = a_commune(a_province())
    return add_person(
        username="an",
        name="Nguyễn Văn An",
        unit=commune,
        role=Role.COMMUNE_LEADER,
        by=None,
        now=NOW,
        password=PASSWORD,
    )


def test_the_same_password_typed_in_another_form_of_unicode_opens(person):
    assert sign_in("AN ", unicodedata.normalize("NFD", PASSWORD), "1.1.1.1", **LIMITS).person_id == person.id


@pytest.mark.parametrize("name, word", [("an", "sai"), ("khong-co", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_say_the_same(person, name, word):
    with pytest.raises(Invalid, match="chưa đúng"):
        sign_in(name, word, "1.1.1.1", **LIMITS)


def test_after_five_failures_even_the_right_password_waits(person):
    for _ in range(5):
        with pytest.raises(Invalid):
            sign_in("an", "sai", "1.1.1.1", **LIMITS)
    with pytest.raises(Refused, match="15 phút"):
        sign_in("an", PASSWORD, "2.2.2.2", **LIMITS)
    later = {**LIMITS, "now": at("2026-06-22 07:16")}
    assert sign_in("an", PASSWORD, "1.1.1.1", **later).person_id == person.id


def test_a_changed_password_ends_every_session(person):
    post = sign_in("an", PASSWORD, "1.1.1.1", **LIMITS)
    cookie = acting(post).get_id()
    assert user_for(cookie, NOW.date()) is not None
    change_password(person, PASSWORD, "Một câu mới dễ nhớ", "Một câu mới dễ nhớ", now=NOW)
    assert user_for(cookie, NOW.date()) is None


def test_an_invitation_opens_once(person):
    token = invite(person, by=None, now=NOW, days=7)
    accept_invitation(token, "Một câu mới dễ nhớ", "Một câu mới dễ nhớ", now=NOW)
    with pytest.raises(Refused):
        accept_invitation(token, "Câu khác cũng dễ nhớ", "Câu khác cũng dễ nhớ", now=NOW)


def test_an_invitation_ends_by_itself(person):
    token = invite(person, by=None, now=NOW, days=7)
    with pytest.raises(Refused):
        accept_invitation(token, "Một câu mới dễ nhớ", "Một câu mới dễ nhớ", now=at("2026-06-30 08:00"))


@pytest.mark.parametrize(
    "word, again, field",
    [
        ("ngan", "ngan", "password"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "password"),
        ("Một câu dễ nhớ", "khác", "repeated"),
    ],
)
def test_a_poor_new_password_is_refused_at_its_field(person, word, again, field):
    with pytest.raises(Invalid) as refusal:
        change_password(person, PASSWORD, word, again, now=NOW)
    assert field in refusal.value.fields
