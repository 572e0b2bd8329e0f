"""What letters say to whom, read from what the mail server took."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders import POLICY, an_assignment, at
from mailing import GIVEN, address_of, in_hands

from tracker.db import atomic, db
from tracker.reminders.models import Notice
from tracker.reminders.nudging import nudge
from tracker.tasks.actions import ask_extension
from tracker.tasks.deciding import decide_extension
from tracker.tasks.models import Task


def followed(house, *works):
    """The province's monitor follows these."""
    with atomic():
        for work in works:
            db.session.get_one(Task, work.task_id).monitor_id = house.monitor.person_id
    return works


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


def test_a_monitor_is_not_told_to_ask_himself_but_the_officer_in_charge(house):
    followed(house, in_hands(house, due="2026-06-24"))
    house.tick(at("2026-06-29 07:05"))
    (letter,) = house.postbox.to(house.monitor)
    assert "Hỏi: Lê Quốc Cường" in text_of(letter)
    assert letter["Reply-To"] == address_of(house.officer)


def test_a_monitor_of_work_that_nobody_has_in_hand_is_told_to_ask_nobody(house):
    followed(house, an_assignment(house.commune, house.issuer, due="2026-06-24", on=GIVEN))
    house.tick(at("2026-06-29 07:05"))
    (letter,) = house.postbox.to(house.monitor)
    assert "Hỏi:" not in text_of(letter) and letter["Reply-To"] is None


def test_answers_to_a_digest_reach_the_one_monitor_of_all_of_it(house):
    works = [in_hands(house, due=due) for due in ("2026-06-24", "2026-06-23")]
    followed(house, *works)
    house.tick(at("2026-06-22 07:05"))
    (letter,) = house.postbox.to(house.officer)
    assert letter["Subject"].startswith("Nhắc đồng chí 2 việc sắp đến hạn")
    assert letter["Reply-To"] == address_of(house.monitor)


def test_answers_to_a_digest_of_several_go_to_the_sender(house):
    works = [in_hands(house, due=due) for due in ("2026-06-24", "2026-06-23")]
    followed(house, works[0])
    house.tick(at("2026-06-22 07:05"))
    (letter,) = house.postbox.to(house.officer)
    assert letter["Reply-To"] is None


def test_the_second_extension_tells_the_due_date_before_it_and_who_granted_it(house):
    work = in_hands(house, due="2026-07-24")
    twice = replace(POLICY, extensions_max=2)
    for asked, until in (("2026-06-01", date(2026, 8, 3)), ("2026-06-02", date(2026, 8, 14))):
        now = at(f"{asked} 09:00")
        ask_extension(work, until, "Chờ số liệu", by=house.leader, now=now, policy=twice)
        decide_extension(work, True, note="Đồng ý", by=house.issuer, now=now, policy=twice)
        house.tick(now)
    first, second = [text_of(letter) for letter in house.postbox.to(house.officer)]
    assert "hạn cũ 24/07/2026, hạn mới thứ Hai, 03/08/2026" in first
    assert "hạn cũ 03/08/2026, hạn mới thứ Sáu, 14/08/2026" in second
    assert "Người duyệt: Trần Thị Giao." in second


def test_an_escalation_leads_to_the_list_of_what_it_counts(house, browser):
    works = [in_hands(house, due=due) for due in ("2026-06-22", "2026-06-23", "2026-06-24")]
    nobodys = an_assignment(house.commune, house.issuer, due="2026-06-23", on=GIVEN)
    ask_extension(works[2], date(2026, 8, 3), "Chờ", by=house.leader, now=at("2026-06-24 09:00"), policy=POLICY)
    house.tick(at("2026-07-06 07:05"))
    (letter,) = house.postbox.to(house.leader)
    assert letter["Subject"] == "Xã An Bình: 4 việc quá hạn, lâu nhất 14 ngày – đề nghị chỉ đạo"
    text = text_of(letter)
    assert "xã An Bình còn 4 nhiệm vụ quá hạn" in text and "Chưa phân công: 1. Cán bộ nêu vướng mắc: 0." in text
    assert "Thư này nhắc 3 việc" in text and house.officer.name in text
    address = text.partition("Xem và chỉ đạo: https://dondoc.example")[2].split()[0]
    page = browser.acts_as(house.leader).get(address)
    assert all(f'/assignments/{row.id}"' in page.html for row in (*works, nobodys))
    assert "4 nhiệm vụ" in page


def test_the_lines_of_a_digest_are_links_and_its_button_opens_what_it_counts(house, browser):
    works = [in_hands(house, due=f"2026-06-{day}") for day in (22, 23, 24, 25)]
    an_assignment(house.commune, house.issuer, due="2026-12-24", on=GIVEN)
    house.tick(at("2026-06-29 07:05"))
    (letter,) = house.postbox.to(house.officer)
    html = letter.get_body(("html",)).get_content()
    assert all(f'<a href="https://dondoc.example/assignments/{work.id}">' in html for work in works)
    address = text_of(letter).partition("Xem tất cả: https://dondoc.example")[2].split()[0]
    page = browser.acts_as(house.officer).get(address)
    assert [f'/assignments/{work.id}"' in page.html for work in works] == [True] * 4
    assert "⟨" not in text_of(letter)


def test_a_letter_says_at_first_sight_what_it_is_about_and_where_to_change_how_one_hears(house, browser):
    in_hands(house)
    house.tick(at("2026-06-17 07:05"))
    (letter,) = house.postbox.to(house.officer)
    html = letter.get_body(("html",)).get_content()
    before, _, _ = html.partition("<main>")
    assert "Nhiệm vụ Báo cáo kết quả của xã An Bình phải nộp kết quả chậm nhất" in before
    assert '<a href="https://dondoc.example/account#receiving">' in html
    assert 'id="receiving"' in browser.acts_as(house.officer).get("/account").html


def test_a_due_date_on_a_day_off_is_told_with_the_day_it_runs_to(house):
    in_hands(house, due="2026-06-27")
    house.tick(at("2026-06-22 07:05"))
    (letter,) = house.postbox.to(house.officer)
    assert "thứ Hai, 29/06/2026 (văn bản ghi 27/06/2026, ngày nghỉ)" in text_of(letter)


def test_the_officer_of_overdue_work_may_hand_in_or_explain(house, browser):
    work = in_hands(house, due="2026-06-24")
    house.tick(at("2026-06-25 07:05"))
    text = text_of(house.postbox.to(house.officer)[0])
    for button, page in (("Nộp kết quả", "submission"), ("Giải trình", "progress")):
        assert f"{button}: https://dondoc.example/assignments/{work.id}/{page}" in text
        assert browser.acts_as(house.officer).knock("GET", f"/assignments/{work.id}/{page}") == 200


@pytest.mark.parametrize("due", ["2026-06-24", "2026-08-24"])
def test_a_nudge_says_in_the_inbox_who_urges(house, due):
    work = in_hands(house, due=due)
    nudge(work, "", by=house.monitor, now=at("2026-06-24 08:00"), policy=POLICY)
    house.tick(at("2026-06-24 08:05"))
    said = {one.text for one in db.session.query(Notice).filter_by(rung="nudged", channel="inapp")}
    assert said == {"Phạm Thị Dung nhắc: Báo cáo kết quả"}
