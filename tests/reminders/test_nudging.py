"""Urging by hand: a look before, once a day, remembered, and heard like any other notice."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
import sqlalchemy as sa
from builders import POLICY, a_commune, a_document, an_assignment, at, somebody
from forking import ended_well, forked
from mailing import GIVEN, MANNER, in_hands, reachable

from tracker.db import db, forget
from tracker.errors import Forbidden, NotFound, Refused
from tracker.history.queries import events
from tracker.reminders.models import Nudge
from tracker.reminders.nudging import nudge
from tracker.reminders.queries import plan
from tracker.rules.access import Role
from tracker.tasks.actions import ask_extension, delegate, write_result
from tracker.tasks.models import Assignment

pytestmark = pytest.mark.usefixtures("that_day")
NOW = at("2026-06-24 08:00")


@pytest.fixture
def work(house):
    """One assignment in the officer's hands, due in a month: nothing else is to be said of it."""
    return in_hands(house, due="2026-07-24")


def urged(work, by, text="", now=NOW):
    nudge(work, text, by=by, now=now, policy=POLICY)


def heard(now=NOW):
    return sorted((one.person_name, one.text) for one in plan(now, MANNER) if one.channel.value == "inapp")


def test_officer_and_leader_hear_what_was_said(house, work):
    assert heard() == []
    urged(work, house.monitor, "Gửi trước 15 giờ")
    said = "Phạm Thị Dung nhắc: Báo cáo kết quả – Gửi trước 15 giờ"
    assert heard() == [("Lê Quốc Cường", said), ("Nguyễn Văn Chủ", said)]


def test_the_mail_of_a_nudge_leaves_at_the_next_tick_and_only_once(house, work):
    urged(work, house.monitor, "Gửi trước 15 giờ")
    house.tick(NOW)
    house.tick(at("2026-06-24 08:05"))
    assert house.postbox.taken() == ["Đôn đốc: Báo cáo kết quả – xã An Bình"] * 2
    assert "Gửi trước 15 giờ" in house.postbox.letters[0].get_body(("plain",)).get_content()


def test_a_nudge_is_remembered_in_the_history_of_the_assignment(house, work):
    urged(work, house.monitor, "Gửi trước 15 giờ")
    last = events("assignment", work.id)[-1]
    assert (last.deed, last.by_name, last.details) == ("nudge", house.monitor.name, {"text": "Gửi trước 15 giờ"})


def test_once_a_day_is_enough_whoever_of_a_side_urges(house, work):
    urged(work, house.monitor)
    with pytest.raises(Refused, match="Hôm nay Phạm Thị Dung đã đôn đốc"):
        urged(work, house.issuer)
    urged(work, house.issuer, now=at("2026-06-25 00:10"))


def test_what_waits_for_the_province_is_not_urged(house, work):
    ask_extension(work, date(2026, 8, 21), "Chờ số liệu", by=house.leader, now=NOW, policy=POLICY)
    with pytest.raises(Refused, match="gia hạn đang chờ"):
        urged(work, house.monitor)
    sent = an_assignment(house.commune, house.issuer, due="2026-07-24", on=GIVEN)
    write_result(sent, "Xong", [a_document(house.commune)], by=house.leader, now=NOW, policy=POLICY)
    with pytest.raises(Refused, match="Đã nộp kết quả"):
        urged(sent, house.monitor)


def test_a_leader_urges_the_officer_and_nobody_else_hears_or_sees_it(house, work):
    urged(work, house.leader, "Trình tôi trước thứ Sáu")
    assert heard() == [("Lê Quốc Cường", "Nguyễn Văn Chủ nhắc: Báo cáo kết quả – Trình tôi trước thứ Sáu")]
    assert events("assignment", work.id)[-1].deed == "urge"
    house.tick(NOW)
    (letter,) = house.postbox.letters
    assert "Lãnh đạo xã An Bình đôn đốc đồng chí thực hiện" in letter.get_body(("plain",)).get_content()
    with pytest.raises(Refused, match="Hôm nay Nguyễn Văn Chủ đã đôn đốc"):
        urged(work, house.leader)


@pytest.mark.parametrize("leader_first", [True, False])
def test_a_word_within_the_unit_does_not_use_up_that_of_the_province_nor_the_other_way_round(
    house, work, leader_first
):
    first, second = (house.leader, house.monitor) if leader_first else (house.monitor, house.leader)
    urged(work, first, "Lời thứ nhất")
    urged(work, second, "Lời thứ hai")
    own, other = ("thứ nhất", "thứ hai") if leader_first else ("thứ hai", "thứ nhất")
    of_leader, of_monitor = (
        f"{house.leader.name} nhắc: Báo cáo kết quả – Lời {own}",
        f"{house.monitor.name} nhắc: Báo cáo kết quả – Lời {other}",
    )
    assert heard() == [
        ("Lê Quốc Cường", of_leader),
        ("Lê Quốc Cường", of_monitor),
        ("Nguyễn Văn Chủ", of_monitor),
    ]
    for user in (house.monitor, house.issuer, house.leader):
        with pytest.raises(Refused, match="đã đôn đốc"):
            urged(work, user)
    house.tick(NOW)
    assert sorted(house.postbox.taken()) == [
        "Lãnh đạo đôn đốc: Báo cáo kết quả – xã An Bình",
        *["Đôn đốc: Báo cáo kết quả – xã An Bình"] * 2,
    ]


def test_of_many_who_urge_at_once_one_of_each_side_does(house, work):
    number = work.id

    def at_once(user):
        def urging():
            with suppress(Refused):
                urged(db.session.get_one(Assignment, number), user)

        return urging

    assert ended_well(*[forked(at_once(user)) for user in (house.monitor, house.leader, house.issuer, house.leader)])
    forget()
    assert sorted(db.session.scalars(sa.select(Nudge.inside))) == [False, True]


def test_of_each_side_the_last_word_is_heard(house, work):
    for day, said in ((22, "cũ"), (23, "mới")):
        for user in (house.monitor, house.leader):
            urged(work, user, said, now=at(f"2026-06-{day} 08:00"))
    assert {text.rpartition(" ")[2] for _, text in heard()} == {"mới"} and len(heard()) == 3


def test_a_leader_who_has_put_nobody_in_charge_urges_nobody(house):
    alone = an_assignment(house.commune, house.issuer, due="2026-07-24", on=GIVEN)
    with pytest.raises(Refused, match="Chưa phân công cán bộ nào khác"):
        urged(alone, house.leader)
    delegate(alone, house.leader.person_id, None, by=house.leader, now=GIVEN, policy=POLICY)
    with pytest.raises(Refused, match="Chưa phân công cán bộ nào khác"):
        urged(alone, house.leader)


def test_only_the_side_that_gave_the_work_and_the_leader_of_the_unit_urge(house, work):
    with pytest.raises(Forbidden):
        urged(work, house.officer)
    with pytest.raises(NotFound):
        urged(work, reachable(a_commune(house.province, "C2", "Xã Khác"), Role.COMMUNE_LEADER, "Đỗ Văn Khác"))
    from builders import a_province

    with pytest.raises(NotFound):
        urged(work, somebody(a_province("P2", "Tỉnh Khác"), Role.MONITOR))


# ── the pages ────────────────────────────────────────────────────────────────


def test_the_page_of_the_work_leads_to_a_look_at_text_and_hearers(browser, house, work):
    browser.acts_as(house.monitor).get(f"/assignments/{work.id}")
    page = browser.click("Đôn đốc")
    assert page.heading == "Đôn đốc" and "Trong ứng dụng: Phạm Thị Dung nhắc: Báo cáo kết quả" in page
    assert "Kính gửi đồng chí Lê Quốc Cường" in page and "Tỉnh Thử đôn đốc xã An Bình thực hiện" in page
    assert "Người nhận: Lê Quốc Cường, Nguyễn Văn Chủ" in page
    page = browser.submit("Gửi đôn đốc", text="Gửi trước 15 giờ")
    assert page.url == f"/assignments/{work.id}"
    assert "Đã ghi đôn đốc 1 nhiệm vụ" in page and "Tỉnh đôn đốc" in page and "Gửi trước 15 giờ" in page


def test_many_are_urged_at_once_and_those_that_cannot_be_say_why(browser, house, work):
    other = an_assignment(house.commune, house.issuer, due="2026-06-20", on=GIVEN)
    urged(other, house.issuer)
    page = browser.acts_as(house.monitor).get(f"/nudges/new?ids={work.id}&ids={other.id}")
    assert "Không đôn đốc: Hôm nay Trần Thị Giao đã đôn đốc." in page
    page = browser.submit("Gửi đôn đốc")
    assert "Đã ghi đôn đốc 1 nhiệm vụ" in page


def test_the_letter_that_is_shown_is_the_letter_that_leaves(browser, house, work):
    browser.acts_as(house.monitor).get(f"/nudges/new?ids={work.id}")
    page = browser.submit("Gửi đôn đốc", text="x" * 301, expect=422)
    shown = next("".join(one.itertext()) for one in page.all("p") if one.get("class") == "asis")
    browser.submit("Gửi đôn đốc", text="x" * 300)
    house.tick(NOW)
    (letter,) = house.postbox.to(house.officer)
    sent = letter.get_body(("plain",)).get_content()
    assert (
        shown.replace("x" * 301, "x" * 300)
        .replace("127.0.0.1:8000", "dondoc.example")
        .replace("http:", "https:")
        .split()
        == sent.split()
    )


def test_somebody_who_was_quicker_is_no_error(browser, house, work):
    browser.acts_as(house.monitor).get(f"/nudges/new?ids={work.id}")
    urged(work, house.issuer)
    page = browser.submit("Gửi đôn đốc")
    assert "1 nhiệm vụ được giữ nguyên" in page


def test_too_many_words_keep_what_was_typed(browser, house, work):
    browser.acts_as(house.monitor).get(f"/nudges/new?ids={work.id}")
    page = browser.submit("Gửi đôn đốc", text="x" * 301, expect=422)
    assert list(page.complaints_shown()) == ["text"] and "x" * 301 in page.html


def test_nothing_chosen_and_the_work_of_others_are_not_there(browser, house, work):
    assert browser.acts_as(house.monitor).knock("GET", "/nudges/new") == 404
    from builders import a_province

    browser.acts_as(somebody(a_province("P2", "Tỉnh Khác"), Role.MONITOR)).get("/notifications")
    assert browser.knock("GET", f"/nudges/new?ids={work.id}") == 404


def test_the_list_offers_to_urge_what_is_ticked(browser, house, work):
    page = browser.acts_as(house.monitor).get("/assignments")
    assert 'formaction="/nudges/new"' in page.html
    assert 'formaction="/nudges/new"' in browser.acts_as(house.leader).get("/assignments").html
    assert 'formaction="/nudges/new"' not in browser.acts_as(house.officer).get("/assignments").html


def test_a_leader_looks_at_who_hears_and_urges_from_the_page_of_the_work(browser, house, work):
    browser.acts_as(house.leader).get(f"/assignments/{work.id}")
    page = browser.click("Đôn đốc")
    assert "Lãnh đạo xã An Bình đôn đốc đồng chí thực hiện" in page and "Người nhận: Lê Quốc Cường" in page
    page = browser.submit("Gửi đôn đốc", text="Trình trước thứ Sáu")
    assert "Đã ghi đôn đốc 1 nhiệm vụ" in page and "Lãnh đạo đơn vị đôn đốc" in page
    assert "Lãnh đạo đơn vị đôn đốc" not in browser.acts_as(house.monitor).get(f"/assignments/{work.id}")


# ── the text to copy ─────────────────────────────────────────────────────────


def copied(page):
    return next("".join(one.itertext()) for one in page.all("textarea"))


def test_the_page_of_the_work_gives_a_text_for_the_group_of_the_commune(browser, house, work):
    for who in (house.monitor, house.leader):
        text = copied(browser.acts_as(who).get(f"/assignments/{work.id}"))
        assert "Kính gửi Xã An Bình" in text and "(hạn 24/07/2026): Báo cáo kết quả – theo" in text
        assert f"http://127.0.0.1:8000/assignments/{work.id}" in text
    assert list(browser.acts_as(house.officer).get(f"/assignments/{work.id}").all("textarea")) == []


def test_the_list_of_overdue_work_gives_one_text_for_all_of_it(browser, house, work):
    for due in ("2026-06-18", "2026-06-19"):
        an_assignment(house.commune, house.issuer, due=due, on=GIVEN)
    text = copied(browser.acts_as(house.monitor).get("/assignments?view=overdue"))
    assert "Đến 08:00 ngày 24/06/2026 có 2 việc" in text and "Xã An Bình (2 việc):" in text
    assert "- Quá hạn 6 ngày (hạn 18/06/2026): Báo cáo kết quả" in text
    db.session.rollback()
