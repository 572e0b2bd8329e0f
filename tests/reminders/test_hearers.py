"""What is foreseen is what planning will say: by day and by name, as it is reminded and as it would be."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from builders import POLICY, a_commune, a_province, an_assignment, at, somebody
from mailing import GIVEN, reachable

from tracker.accounts.models import Person, Post
from tracker.db import atomic, db
from tracker.reminders.foreseeing import Look
from tracker.reminders.manner import Manner
from tracker.reminders.models import Override, Silence
from tracker.reminders.situations import sayings
from tracker.rules.access import Role
from tracker.rules.cadences import settled
from tracker.rules.notices import NEWS
from tracker.rules.reminding import Cadence
from tracker.tasks import actions
from tracker.tasks.models import Coordination

NOW = at("2026-06-15 08:00")
MIDNIGHT = at("2026-06-15 00:00")
PRESENT = Manner(POLICY, Cadence(), email=True)
CHANGES = {
    "nothing": {},
    "other days": {"days_before": "10, 5, 2", "receive_within_days": "1"},
    "later climbing": {"monitor_after_days": "5", "leader_after_days": "9", "weeks_between": "2"},
    "more hearers": {
        "due_in.monitor": "inapp email",
        "overdue.coordinators": "inapp",
        "unreceived.unit_leaders": "inapp",
    },
    "quiet mornings": {"daily.unit_leaders": ""},
}


def other(typed):
    return replace(PRESENT, cadence=settled(PRESENT.cadence, typed))


def some_work(house, seed):
    """Work of every kind in three communes: given at any time, received or not, late or not, with helpers, silent."""
    dice = random.Random(seed)
    communes = [house.commune, *(a_commune(house.province, f"C{n}", f"Xã Số {n}") for n in (2, 3))]
    for n, commune in enumerate(communes[1:], 2):
        reachable(commune, Role.COMMUNE_LEADER, f"Chủ tịch {n}")
    for _ in range(24):
        given = MIDNIGHT - timedelta(
            days=dice.choice([1, 2, 3, 4, 5, 12, 26, 29, 30, 31, 90]), hours=-dice.randint(7, 16)
        )
        due = (NOW + timedelta(days=dice.randint(-30, 30))).date().isoformat() if dice.random() < 0.9 else None
        commune = dice.choice(communes)
        one = an_assignment(commune, house.issuer, due=due, on=given)
        with atomic():
            if dice.random() < 0.4:
                helper = dice.choice([each for each in communes if each is not commune])
                db.session.add(Coordination(task_id=one.task_id, unit_id=helper.id))
        if commune is house.commune and dice.random() < 0.6:
            actions.delegate(one, house.officer.person_id, None, by=house.leader, now=given, policy=POLICY)
            if due and dice.random() < 0.3:
                asked = max(one.due_on, NOW.date()) + timedelta(days=9)
                actions.ask_extension(one, asked, "Chờ số liệu", by=house.officer, now=given, policy=POLICY)
    with atomic():
        for commune in communes[1:]:
            first = NOW.date() + timedelta(days=dice.randint(-9, 9))
            told = {"reason": "Bão", "by_id": house.monitor.person_id, "by_name": "", "at": NOW}
            db.session.add(Silence(unit_id=commune.id, from_on=first, until_on=first + timedelta(days=6), **told))


def spoken(day, manner):
    """What is to be said on a day, said or not, news aside: (assignment, due, rung, …, channel) → saying."""
    heard = (one for one in sayings(at(f"{day} 00:00"), manner) if one.silent_until is None)
    return {one.key: one for one in heard if one.topic.step not in NEWS}


def lived(present, proposed, days):
    """What planning would newly say on each of the days if nothing happened; until then it was `present`."""
    said = set()
    for back in range(45, 0, -1):
        said |= spoken(days[0] - timedelta(days=back), present).keys()
    for day in days:
        new = [one for key, one in spoken(day, proposed).items() if key not in said]
        said |= {one.key for one in new}
        yield day, new


def by_name(sayings):
    told = {}
    for one in sayings:
        topics, channels = told.setdefault(one.contact.name, (set(), set()))
        topics.add((one.row.id, one.topic.step, one.topic.rung_days))
        channels.add(one.channel)
    return {
        name: (Counter((step, days) for _, step, days in topics), heard) for name, (topics, heard) in told.items()
    }


def foreseen(hearing):
    counted = {
        one.contact.name: Counter({(r.step, r.days): n for r, n in one.said.items()}) for one in hearing.values()
    }
    return {one.contact.name: (counted[one.contact.name], one.channels) for one in hearing.values()}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_foreseen_is_what_planning_would_newly_say(house, seed, change):
    some_work(house, seed)
    proposed = other(CHANGES[change])
    look = Look(house.monitor, NOW, PRESENT, proposed)
    for side, manner in enumerate((PRESENT, proposed)):
        forecast, told = look.forecasts()[side], 0
        for day, new in lived(PRESENT, manner, look.days):
            assert foreseen(look.hearing([day])[side]) == by_name(new), (day, change)
            topics = {(o.row.id, o.row.unit_id, o.topic.step, o.topic.rung_days) for o in new}
            said = Counter((step, days) for *_, step, days in topics)
            expected = Counter({(rung.step, rung.days): number for rung, number in forecast[day].items()})
            assert said <= expected and (change == "more hearers" or said == expected), (day, change)
            told += len(new)
        assert told > 50


def test_all_days_of_a_unit_are_its_single_days_whoever_holds_a_post_on_them(house):
    some_work(house, 1)
    look = Look(house.monitor, NOW, PRESENT, other(CHANGES["other days"]))
    with atomic():
        db.session.get_one(Post, house.leader.post_id).until_on = look.days[3]
        new = Person(username="moi", name="Người Mới", session_token="moi", search_text="nguoi moi")
        new.posts.append(Post(unit_id=house.commune.id, role=Role.COMMUNE_LEADER, from_on=look.days[4]))
        db.session.add(new)
    for side, at_once in enumerate(look.hearing(look.days, house.commune.id)):
        one_by_one = {}
        for day in look.days:
            one_by_one |= look.hearing([day], house.commune.id)[side]
        assert at_once == one_by_one
        heard = {(day, one.contact.name) for (day, _), one in at_once.items()}
        assert {name for day, name in heard if day <= look.days[3]} >= {house.leader.name, house.officer.name}
        assert {name for day, name in heard if day > look.days[3]} >= {"Người Mới", house.officer.name}
        assert house.leader.name not in {name for day, name in heard if day > look.days[3]}


def test_while_an_extension_waits_nothing_is_foreseen_of_the_work_nor_counted(house):
    for asks in (False, True):
        one = an_assignment(house.commune, house.issuer, due="2026-06-24", on=GIVEN)
        actions.delegate(one, house.officer.person_id, None, by=house.leader, now=GIVEN, policy=POLICY)
        if asks:
            told = {"by": house.officer, "now": NOW, "policy": POLICY}
            actions.ask_extension(one, date(2026, 7, 3), "Chờ số liệu", **told)
    look, day = Look(house.monitor, NOW, PRESENT), date(2026, 6, 17)
    assert [one.said.total() for one in look.hearing([day])[0].values()] == [1]
    assert look.forecasts()[0][day].total() == 1


# ── the page ─────────────────────────────────────────────────────────────────


@pytest.fixture
def on_the_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def keeper(house, on_the_day):
    return somebody(house.province, Role.ADMINISTRATOR, "Quản trị")


def told(page):
    """The rows of the list: name with what follows it, what is heard, by which channels, how many."""
    return [row for row in page.rows() if len(row) in (4, 5) and row[0] != "Người nghe"]


def test_a_day_of_the_fourteen_says_by_name_who_hears_what(browser, house, keeper, work):
    page = browser.acts_as(keeper).get("/reminding")
    page = browser.click("T5 25/06/2026")
    assert page.heading == "Ai nghe gì ngày 25/06/2026"
    assert told(page) == [
        ["Lê Quốc Cường Xã An Bình", "Quá hạn 1 ngày: 1", "ứng dụng", "1"],
        ["Nguyễn Văn Chủ Xã An Bình", "Quá hạn 1 ngày: 1", "ứng dụng", "1"],
    ]


def test_days_before_anything_is_due_show_who_has_not_received(browser, house, keeper):
    an_assignment(house.commune, house.issuer, due="2026-09-30", on=at("2026-06-12 09:00"))
    page = browser.acts_as(keeper).get("/reminding")
    rows = {row[0]: row[1:] for row in page.rows() if row[0][-4:].isdecimal()}
    assert rows["T3 16/06/2026"] == ["Chưa tiếp nhận: 1 → lãnh đạo đơn vị chủ trì", "1"]
    page = browser.get("/reminding/hearers?day=2026-06-16")
    assert told(page) == [["Nguyễn Văn Chủ Xã An Bình", "Chưa tiếp nhận: 1", "ứng dụng", "1"]]


def test_a_change_that_is_looked_at_names_who_is_new_and_who_no_longer_hears(browser, house, keeper, work):
    browser.acts_as(keeper).get("/reminding?kind=due_in")
    browser.submit("Xem trước", **{"due_in.officer": "", "due_in.monitor": "inapp"})
    page = browser.click("T4 17/06/2026")
    assert "1 lượt người mới nghe, 1 lượt người không còn nghe" in page
    assert told(page) == [
        ["Lê Quốc Cường không còn nghe Xã An Bình", "–", "–", "0", "1"],
        ["Trần Thị Giao mới nghe Tỉnh Thử", "Còn 7 ngày: 1", "ứng dụng", "1", "0"],
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Override)) == 0


def test_the_list_is_narrowed_by_a_name_or_a_unit(browser, house, keeper, work):
    browser.acts_as(keeper)
    (only,) = told(browser.get("/reminding/hearers?day=2026-06-25&q=cuong"))
    assert only[0] == "Lê Quốc Cường Xã An Bình"
    assert len(told(browser.get("/reminding/hearers?day=2026-06-25&q=an+binh"))) == 2
    assert "Không ai khớp" in browser.get("/reminding/hearers?day=2026-06-25&q=xa+khac")


def test_a_unit_shows_what_its_people_hear_in_all_fourteen_days(browser, house, keeper, work):
    page = browser.acts_as(keeper).get(f"/reminding/hearers?unit={house.commune.id}")
    assert page.heading == "Xã An Bình nghe gì trong 14 ngày tới"
    rows = [row for row in page.rows() if len(row) == 5 and row[0] != "Ngày"]
    assert rows[:2] == [
        ["T4 17/06/2026", "Lê Quốc Cường Xã An Bình", "Còn 7 ngày: 1", "ứng dụng", "1"],
        ["T6 19/06/2026", "Lê Quốc Cường Xã An Bình", "Còn 3 ngày: 1", "ứng dụng", "1"],
    ]
    assert {row[1] for row in rows} == {"Lê Quốc Cường Xã An Bình", "Nguyễn Văn Chủ Xã An Bình"}
    page = browser.get(f"/reminding/hearers?unit={house.commune.id}&day=2026-06-19")
    assert page.heading == "Xã An Bình nghe gì ngày 19/06/2026" and len(told(page)) == 1


def test_a_commune_of_another_province_is_not_in_the_list(browser, house, keeper):
    other_commune = a_commune(a_province("P2", "Tỉnh Khác"), "C9", "Xã Xa")
    page = browser.acts_as(keeper).get(f"/reminding/hearers?unit={other_commune.id}", expect=422)
    assert "Chọn một xã, phường trong danh sách." in page and "Xã Xa" not in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("day=&unit=", "Chọn một xã, phường để xem cả 14 ngày."),
        ("unit=999999", "Chọn một xã, phường trong danh sách."),
        ("unit=mot", "Hãy nhập số nguyên."),
        ("day=hom+qua", "Nhập ngày, ví dụ 25/06/2026."),
        ("day=2026-06-14", "Chọn ngày từ 15/06/2026 đến 28/06/2026."),
        ("day=2026-06-29", "Chọn ngày từ 15/06/2026 đến 28/06/2026."),
        ("day=31/02/2026", "Ngày 31/02 không có trong lịch."),
        ("kind=due_in&due_in.officer=", "Mỗi loại thông báo phải còn ít nhất một người nghe."),
        (f"q={'x' * 101}", "Dài quá 100 ký tự"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(browser, keeper, asked, sentence):
    page = browser.acts_as(keeper).get(f"/reminding/hearers?{asked}", expect=422)
    assert sentence in page and page.heading == "Ai nghe gì ngày 15/06/2026"


def test_nobody_sees_who_hears_of_the_work_of_another_province(browser, house, work, on_the_day):
    stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.ADMINISTRATOR)
    assert told(browser.acts_as(stranger).get("/reminding/hearers?day=2026-06-25")) == []
