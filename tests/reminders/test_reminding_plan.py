"""What would be said: the choice rests on the state of the world, and on who holds which post today."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders import POLICY, a_commune, a_directive, a_document, an_assignment, at, somebody
from mailing import HEAD, MANNER, reachable

from tracker.accounts.models import Person, Post
from tracker.db import atomic, db
from tracker.reminders.actions import write_plan
from tracker.reminders.models import Notice
from tracker.reminders.queries import plan
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.rules.notices import Channel
from tracker.tasks.actions import ask_extension, decline, delegate, hand_back, receive, submit, write_result
from tracker.tasks.amending import change_task, draft_amendment, take_effect, wording_of
from tracker.tasks.deciding import confirm, decide_extension, send_back, suspend, transfer
from tracker.tasks.giving import add_task, assign, undo
from tracker.tasks.models import Assignment, FanOut

DUE = "2026-06-24"


def heard(now, *, email=False):
    """Who would hear what by one channel: (rung, name)."""
    wanted = Channel.EMAIL if email else Channel.INAPP
    return sorted((one.rung, one.person_name) for one in plan(at(now), MANNER) if one.channel is wanted)


def given(house, *, due=DUE, on="2026-01-05 08:00", delegated=True):
    """An assignment, acknowledged and in the officer's hands, of which all news has been told."""
    assignment = an_assignment(house.commune, house.issuer, due=due, on=at(on))
    if delegated:
        delegate(assignment, house.officer.person_id, None, by=house.leader, now=at(on), policy=POLICY)
    else:
        receive(assignment, by=house.leader, now=at(on), policy=POLICY)
    return assignment


OFFICER, LEADER, MONITOR, CHAIR = "Lê Quốc Cường", "Nguyễn Văn Chủ", "Phạm Thị Dung", "Hoàng Văn Lãnh"


@pytest.mark.parametrize(
    ("now", "rung", "names"),
    [
        ("2026-06-16 23:59", None, []),
        ("2026-06-17 00:30", "due_in_7", [OFFICER]),
        ("2026-06-19 08:00", "due_in_3", [OFFICER]),
        ("2026-06-23 08:00", "due_in_1", [OFFICER, LEADER]),
        ("2026-06-24 23:59", "due_today", [OFFICER, LEADER]),
        ("2026-06-25 00:30", "overdue_1", [OFFICER, LEADER]),
        ("2026-06-29 08:00", "monitor_3", [OFFICER, LEADER, "Trần Thị Giao"]),
        ("2026-07-01 08:00", "leader_7", [CHAIR, OFFICER, LEADER, "Trần Thị Giao"]),
        ("2026-07-06 08:00", "weekly", [CHAIR, OFFICER, LEADER, "Trần Thị Giao"]),
    ],
)
def test_the_ladder_reaches_its_people(house, now, rung, names):
    given(house)
    assert heard(now) == [(rung, name) for name in names]


def test_the_task_is_followed_by_its_own_monitor_and_by_the_office_when_that_one_left(house):
    assignment = given(house)
    with atomic():
        assignment.task.monitor_id = house.monitor.person_id
    assert ("monitor_3", MONITOR) in heard("2026-06-29 08:00")
    other = reachable(house.province, Role.MONITOR, "Vũ Thị Thay")
    with atomic():
        db.session.get_one(Post, house.monitor.post_id).until_on = date(2026, 6, 1)
    names = [name for _, name in heard("2026-06-29 08:00")]
    assert other.name in names and MONITOR not in names


def test_a_late_start_is_no_hole_rungs_are_chosen_by_state_and_not_by_a_date(house):
    given(house)
    for now, rung in [("2026-06-18 08:00", "due_in_7"), ("2026-06-27 08:00", "overdue_1")]:
        assert {found for found, _ in heard(now)} == {rung}


def test_what_was_written_is_not_planned_again_and_the_next_rung_is(house):
    given(house)
    first = plan(at("2026-06-17 07:00"), MANNER)
    assert sorted(write_plan(first, at("2026-06-17 07:00"))) == ["email", "inapp"]
    assert write_plan(first, at("2026-06-17 07:00")) == []
    assert plan(at("2026-06-18 07:00"), MANNER) == []
    assert heard("2026-06-19 07:00") == [("due_in_3", OFFICER)]


def test_planning_writes_nothing(house):
    given(house)
    assert plan(at("2026-06-24 07:00"), MANNER)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0


@pytest.mark.parametrize("ending", ["submitted", "with_extension", "declined", "suspended", "completed"])
def test_nothing_is_said_of_what_waits_for_the_province_or_has_ended(house, ending):
    on = {"now": at("2026-06-02 08:00"), "policy": POLICY}
    assignment = an_assignment(house.commune, house.issuer, due=DUE, on=at("2026-01-05 08:00"))
    if ending in ("submitted", "completed"):
        write_result(assignment, "Xong", [a_document(house.commune)], by=house.leader, **on)
    if ending == "completed":
        confirm(assignment, by=house.issuer, **on)
    if ending == "with_extension":
        ask_extension(assignment, date(2026, 7, 31), "Chờ số liệu", by=house.leader, **on)
    if ending == "declined":
        decline(assignment, "Không thuộc thẩm quyền", by=house.leader, **on)
    if ending == "suspended":
        suspend(assignment, "Chờ luật", "12/QĐ-UBND", by=house.issuer, **on)
    assert heard("2026-07-06 08:00") == []


def test_a_result_that_lies_with_the_leader_is_the_leaders_to_hear_of(house):
    assignment = given(house)
    write_result(
        assignment, "Xong", [a_document(house.commune)], by=house.officer, now=at("2026-06-15 08:00"), policy=POLICY
    )
    assert heard("2026-06-17 08:00") == [("due_in_7", LEADER), ("handed_up", LEADER)]
    assert heard("2026-06-17 08:00", email=True) == [("due_in_7", LEADER)]


def lines(now):
    """What the inbox would newly say: (name, line)."""
    planned = plan(at(now), MANNER)
    return sorted((one.person_name, one.text) for one in planned if one.channel is Channel.INAPP)


def test_a_result_on_its_way_is_told_in_the_inbox_and_nowhere_else(house):
    one, on = given(house, due="2026-09-30"), {"policy": POLICY}
    write_result(one, "Xong", [a_document(house.commune)], by=house.officer, now=at("2026-06-15 08:00"), **on)
    assert lines("2026-06-15 08:05") == [(LEADER, f"{OFFICER} trình duyệt: Báo cáo kết quả")]
    hand_back(one, "Thiếu danh sách", by=house.leader, now=at("2026-06-15 09:00"), **on)
    assert lines("2026-06-15 09:05") == [(OFFICER, "Lãnh đạo trả lại: Báo cáo kết quả – Thiếu danh sách")]
    write_result(one, "Xong", [], by=house.officer, now=at("2026-06-15 10:00"), **on)
    assert lines("2026-06-15 10:05") == [(LEADER, f"{OFFICER} trình duyệt: Báo cáo kết quả")]
    submit(one, by=house.leader, now=at("2026-06-15 11:00"), **on)
    assert lines("2026-06-15 11:05") == []
    confirm(one, by=house.issuer, now=at("2026-06-16 08:00"), **on)
    told = "Tỉnh đã duyệt: Báo cáo kết quả"
    assert lines("2026-06-16 08:05") == [(OFFICER, told), (LEADER, told)]
    assert {one.channel for one in plan(at("2026-06-16 08:05"), MANNER)} == {Channel.INAPP}
    write_plan(plan(at("2026-06-16 08:05"), MANNER), at("2026-06-16 08:05"))
    assert plan(at("2026-06-16 08:10"), MANNER) == []


def test_what_passes_inside_a_unit_is_for_nobody_above_it(house):
    one = given(house, due="2026-09-30")
    on = {"by": house.officer, "now": at("2026-06-15 08:00"), "policy": POLICY}
    write_result(one, "Xong", [a_document(house.commune)], **on)
    with atomic():
        for post in db.session.scalars(sa.select(Post).where(Post.unit_id == house.commune.id)):
            post.until_on = date(2026, 6, 15)
    assert lines("2026-06-16 08:05") == []


def test_what_was_dropped_and_is_true_again_is_said_after_all(house):
    assignment = given(house)
    write_plan(plan(at("2026-06-24 05:00"), MANNER), at("2026-06-24 05:00"))
    on = {"by": house.leader, "now": at("2026-06-24 05:10"), "policy": POLICY}
    ask_extension(assignment, date(2026, 7, 22), "Chờ số liệu", **on)
    house.tick(at("2026-06-24 07:05"))
    assert house.postbox.taken() == []
    on = {"by": house.issuer, "now": at("2026-06-24 09:00"), "policy": POLICY}
    decide_extension(assignment, False, note="Không đủ căn cứ", **on)
    assert heard("2026-06-24 09:05", email=True) == [
        *[("due_today", OFFICER), ("due_today", LEADER)],
        *[("extension_refused", OFFICER), ("extension_refused", LEADER)],
    ]
    house.tick(at("2026-06-24 09:05"))
    house.tick(at("2026-06-24 09:10"))
    said = [f"{who} 1 việc hạn hôm nay, 1 tỉnh trả lời (24/06)" for who in ("Nhắc đồng chí", "Xã An Bình: nhắc")]
    assert sorted(house.postbox.taken()) == said


def test_a_moved_due_date_opens_new_rungs(house):
    assignment = given(house)
    write_plan(plan(at("2026-06-17 08:00"), MANNER), at("2026-06-17 08:00"))
    on = {"now": at("2026-06-18 08:00"), "policy": POLICY}
    ask_extension(assignment, date(2026, 7, 22), "Chờ số liệu", by=house.leader, **on)
    decide_extension(assignment, True, note="Đồng ý", by=house.issuer, **on)
    assert heard("2026-06-18 09:00") == [("extension_granted", OFFICER), ("extension_granted", LEADER)]
    assert ("due_in_7", OFFICER) in heard("2026-07-15 08:00")


def test_work_given_and_handed_on_is_news_to_leader_and_officer_each_once(house):
    assignment = an_assignment(house.commune, house.issuer, due=DUE, on=at("2026-06-02 08:00"))
    assert heard("2026-06-02 08:05") == [("assigned", LEADER)]
    delegate(assignment, house.officer.person_id, None, by=house.leader, now=at("2026-06-02 09:00"), policy=POLICY)
    assert heard("2026-06-02 09:05") == [("delegated", OFFICER)]
    write_plan(plan(at("2026-06-02 09:05"), MANNER), at("2026-06-02 09:05"))
    assert heard("2026-06-03 09:05") == []
    other = reachable(house.commune, Role.COMMUNE_OFFICER, "Đỗ Thị Mới")
    delegate(assignment, other.person_id, None, by=house.leader, now=at("2026-06-03 09:00"), policy=POLICY)
    assert heard("2026-06-03 09:05") == [("delegated", "Đỗ Thị Mới")]


def test_a_leader_who_takes_the_work_is_not_told_what_she_did(house):
    assignment = an_assignment(house.commune, house.issuer, due=DUE, on=at("2026-06-02 08:00"))
    delegate(assignment, house.leader.person_id, None, by=house.leader, now=at("2026-06-02 09:00"), policy=POLICY)
    assert heard("2026-06-02 09:05") == []


def test_the_mail_about_new_work_waits_until_it_can_no_longer_be_undone(house):
    an_assignment(house.commune, house.issuer, due=DUE, on=at("2026-06-02 08:00"))
    planned = {one.channel: one.send_after for one in plan(at("2026-06-02 08:01"), MANNER)}
    assert planned == {Channel.INAPP: at("2026-06-02 08:01"), Channel.EMAIL: at("2026-06-02 08:15")}
    write_plan(plan(at("2026-06-02 08:01"), MANNER), at("2026-06-02 08:01"))
    undo(db.session.scalars(sa.select(FanOut)).one(), by=house.issuer, now=at("2026-06-02 08:10"), minutes=15)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0


def test_a_returned_result_is_news_until_it_is_sent_again(house):
    assignment = given(house)
    on = {"now": at("2026-06-10 08:00"), "policy": POLICY}
    write_result(assignment, "Xong", [a_document(house.commune)], by=house.leader, **on)
    send_back(assignment, "Thiếu danh sách", by=house.issuer, **on)
    texts = [one.text for one in plan(at("2026-06-10 09:00"), MANNER) if one.channel is Channel.INAPP]
    assert texts == ["Trả lại: Báo cáo kết quả – Thiếu danh sách"] * 2
    write_result(assignment, "Xong lại", [a_document(house.commune)], by=house.leader, **on)
    assert heard("2026-06-10 10:00") == []


def test_a_second_return_is_news_again(house):
    assignment = given(house)
    for day in ("2026-06-09", "2026-06-10"):
        on = {"now": at(f"{day} 08:00"), "policy": POLICY}
        write_result(assignment, "Xong", [a_document(house.commune)], by=house.leader, **on)
        send_back(assignment, "Thiếu", by=house.issuer, **on)
        assert len(write_plan(plan(on["now"], MANNER), on["now"])) == 4


@pytest.mark.parametrize("kind", [Kind.STANDING, Kind.UNDATED])
def test_work_without_a_due_date_is_given_but_never_urged(house, kind):
    an_assignment(house.commune, house.issuer, due=None, kind=kind, on=at("2026-06-02 08:00"))
    assert heard("2026-06-02 08:05") == [("assigned", LEADER)]
    assert heard("2027-06-02 08:05") == []


def test_coordinating_units_are_told_and_warned_but_never_urged(house):
    helper = a_commune(house.province, "C2", "Phường Sơn Hà")
    reachable(helper, Role.COMMUNE_LEADER, "Bùi Thị Giúp")
    directive = a_directive(house.province)
    task = add_task(
        directive,
        content="Báo cáo kết quả",
        kind=Kind.SCHEDULED,
        due_on=date.fromisoformat(DUE),
        coordinators=[helper],
        by=house.issuer,
        now=at("2026-06-01 08:00"),
    )
    assign([task], [house.commune], by=house.issuer, now=at("2026-06-01 08:00"))
    assert ("assigned", "Bùi Thị Giúp") in heard("2026-06-01 08:05")
    assert ("due_today", "Bùi Thị Giúp") in heard("2026-06-24 08:05")
    assert "Bùi Thị Giúp" not in {name for rung, name in heard("2026-07-06 08:05") if rung != "assigned"}


# Failures of other trackers (the names say which), each of which must not happen here.


def test_work_of_a_closed_account_is_heard_of_by_the_leaders(house):
    given(house)
    with atomic():
        db.session.get_one(Person, house.officer.person_id).active = False
    assert heard("2026-06-17 08:00") == [("due_in_7", LEADER)]


def test_who_lost_the_post_hears_no_more_and_who_has_it_now_does(house):
    given(house)
    with atomic():
        db.session.get_one(Post, house.leader.post_id).until_on = date(2026, 6, 22)
    reachable(house.commune, Role.COMMUNE_LEADER, "Hồ Văn Mới")
    assert heard("2026-06-23 08:00") == [("due_in_1", "Hồ Văn Mới"), ("due_in_1", OFFICER)]


def test_a_unit_with_nobody_in_post_is_heard_of_by_the_province(house):
    empty = a_commune(house.province, "C9", "Xã Vắng")
    an_assignment(empty, house.issuer, due=DUE, on=at("2026-05-01 08:00"))
    assert {name for _, name in heard("2026-06-24 08:00")} == {"Trần Thị Giao"}


def test_overdue_is_said_of_every_open_state_begun_or_not(house):
    given(house, delegated=False)
    an_assignment(house.commune, house.issuer, due=DUE, on=at("2026-01-05 08:00"))
    begun = [one for one in plan(at("2026-06-25 08:00"), MANNER) if one.rung == "overdue_1"]
    assert len({one.assignment_id for one in begun}) == 2


def test_transferred_work_does_not_bring_old_escalations_to_the_new_unit(house):
    assignment = an_assignment(house.commune, house.issuer, due=DUE, on=at("2026-01-05 08:00"))
    new = a_commune(house.province, "C3", "Xã Mới")
    reachable(new, Role.COMMUNE_LEADER, "Cao Thị Nhận")
    on = {"now": at("2026-07-20 08:00"), "policy": POLICY}
    transfer(assignment, new, "Đúng thẩm quyền", "15/QĐ-UBND", by=house.issuer, **on)
    assert heard("2026-07-20 09:00") == [("assigned", "Cao Thị Nhận"), ("withdrawn", LEADER)]
    assert ("overdue_1", "Cao Thị Nhận") in heard("2026-07-21 09:00")


def test_who_wants_no_mail_or_has_no_address_hears_in_the_inbox_alone(house):
    given(house)
    with atomic():
        db.session.get_one(Person, house.officer.person_id).wants_email = False
    somebody(house.commune, Role.COMMUNE_LEADER, "Không Có Thư")
    assert heard("2026-06-24 08:00", email=True) == [("due_today", LEADER)]
    assert len(heard("2026-06-24 08:00")) == 3


def test_the_plan_says_what_to_whom_when_and_why(house):
    assignment = given(house)
    mail = next(one for one in plan(at("2026-06-19 00:05"), MANNER) if one.channel is Channel.EMAIL)
    assert mail.as_json() == {
        "assignment": assignment.id,
        "unit": "C1",
        "rung": "due_in_3",
        "due_on": DUE,
        "person": db.session.get_one(Person, house.officer.person_id).username,
        "channel": "email",
        "send_after": "2026-06-19T07:00+07:00",
        "why": "Còn 5 ngày, hạn 24/06/2026; cán bộ được phân công",
    }
    assert HEAD.domain == "dondoc.example"


def test_the_number_of_questions_does_not_grow_with_the_work(house):
    def questions():
        asked = Counter()

        def count(*_):
            asked["sql"] += 1

        sa.event.listen(db.engine, "before_cursor_execute", count)
        plan(at("2026-06-25 08:00"), MANNER)
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return asked["sql"]

    given(house)
    few = questions()
    for days in range(12):
        given(house, due=str(date(2026, 6, 20) + timedelta(days=days)))
    assert questions() == few <= 13
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) == 13


def test_an_amendment_is_news_for_the_unit_that_it_reaches(house):
    one = given(house, due="2026-07-30")
    new = a_directive(house.province, "30/KH-UBND", date(2026, 6, 15))
    amendment = draft_amendment(new, one.task.directive, by=house.issuer, now=at("2026-06-22 08:00"))
    wording = replace(wording_of(one.task), due_on=date(2026, 8, 31))
    change_task(amendment, one.task, wording, by=house.issuer, now=at("2026-06-22 08:00"))
    take_effect(amendment, by=house.issuer, now=at("2026-06-22 08:00"))
    planned = [one for one in plan(at("2026-06-22 08:05"), MANNER) if one.rung == "amended"]
    assert {one.text for one in planned} == {"Được điều chỉnh: Báo cáo kết quả – 30/KH-UBND ngày 15/06/2026"}
    assert {one.person_name for one in planned} == {OFFICER, LEADER}


def test_leaders_hear_once_that_work_was_not_received_and_no_more_when_it_is(house):
    one = an_assignment(house.commune, house.issuer, due="2026-07-30", on=at("2026-06-18 09:00"))  # a Thursday
    write_plan(plan(at("2026-06-19 08:00"), MANNER), at("2026-06-19 08:00"))
    assert heard("2026-06-21 10:00") == []
    assert heard("2026-06-22 08:00") == [("unreceived", LEADER)]
    write_plan(plan(at("2026-06-22 08:00"), MANNER), at("2026-06-22 08:00"))
    assert heard("2026-06-23 08:00") == []
    receive(one, by=house.leader, now=at("2026-06-22 09:00"), policy=POLICY)
    house.tick(at("2026-06-22 09:05"))
    said = db.session.execute(sa.select(Notice.channel, Notice.state).where(Notice.rung == "unreceived")).all()
    assert sorted(tuple(row) for row in said) == [("email", "dropped"), ("inapp", "sent")]
