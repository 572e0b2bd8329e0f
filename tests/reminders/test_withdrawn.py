"""Work taken away, halted or given back: those who had been told of it hear so, and nobody hears what was undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders import POLICY, a_commune, a_directive, a_document, an_assignment, at
from mailing import GIVEN, MANNER, in_hands, reachable

from tracker.accounts.models import Post
from tracker.db import atomic, db
from tracker.reminders.actions import write_plan
from tracker.reminders.models import Notice
from tracker.reminders.queries import plan
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.rules.notices import Channel
from tracker.tasks.actions import decline, receive, write_result
from tracker.tasks.amending import change_task, draft_amendment, take_effect, wording_of
from tracker.tasks.deciding import cancel, confirm, refuse_decline, reopen, resume, suspend, transfer
from tracker.tasks.giving import add_task, assign
from tracker.tasks.models import Assignment
from tracker.tasks.recurring import end_series

pytestmark = pytest.mark.usefixtures("that_day")
NOW = at("2026-06-10 09:00")
OFFICER, LEADER, HELPER = "Lê Quốc Cường", "Nguyễn Văn Chủ", "Bùi Thị Giúp"
WHY, PAPER = "Không còn phù hợp", "Quyết định 12/QĐ-UBND"


@pytest.fixture
def work(house):
    """In the officer's hands since January, due in a month: nothing else is to be said of it."""
    return in_hands(house, due="2026-07-24")


def minutes(number):
    return NOW + timedelta(minutes=number)


def withdrawn(house, work, now=NOW):
    cancel(work, WHY, PAPER, by=house.issuer, now=now, policy=POLICY)


def suspended(house, work, now=NOW):
    suspend(work, "Chờ luật", PAPER, by=house.issuer, now=now, policy=POLICY)


def resumed(house, work, now):
    resume(work, "Đã có luật", by=house.issuer, now=now, policy=POLICY)


def heard(now=NOW, channel=Channel.INAPP):
    return sorted((one.rung, one.person_name) for one in plan(now, MANNER) if one.channel is channel)


def ended(rung, channel=Channel.EMAIL):
    said = sa.select(Notice.state, Notice.outcome).where(Notice.rung == rung, Notice.channel == channel.value)
    return {tuple(row) for row in db.session.execute(said)}


# ── withdrawn ────────────────────────────────────────────────────────────────


def test_officer_and_leader_hear_in_the_inbox_and_by_mail_why_and_by_whom_work_was_withdrawn(house, work):
    withdrawn(house, work)
    assert heard() == heard(channel=Channel.EMAIL) == [("withdrawn", OFFICER), ("withdrawn", LEADER)]
    assert {one.text for one in plan(NOW, MANNER) if one.channel is Channel.INAPP} == {
        "Đã thu hồi: Báo cáo kết quả – Không còn phù hợp"
    }
    house.tick(minutes(16))
    assert house.postbox.taken() == ["Đã thu hồi: Báo cáo kết quả – xã An Bình"] * 2
    text = house.postbox.letters[0].get_body(("plain",)).get_content()
    for said in (
        "Tỉnh Thử thu hồi nhiệm vụ Báo cáo kết quả đã giao xã An Bình",
        f"Lý do: “{WHY}”",
        f"Căn cứ: {PAPER}",
        "Người thu hồi: Trần Thị Giao",
    ):
        assert said in text
    house.tick(minutes(30))
    assert len(house.postbox.letters) == 2


def test_the_mail_waits_until_it_can_no_longer_be_undone_and_the_inbox_hears_at_once(house, work):
    withdrawn(house, work)
    assert {one.channel: one.send_after for one in plan(minutes(1), MANNER)} == {
        Channel.INAPP: minutes(1),
        Channel.EMAIL: minutes(15),
    }


def test_a_program_that_reads_the_plan_finds_the_kind_by_its_name(house, work):
    withdrawn(house, work)
    said = next(one for one in plan(NOW, MANNER) if one.channel is Channel.EMAIL).as_json()
    assert (said["rung"], said["due_on"], said["assignment"]) == ("withdrawn", "2026-07-24", work.id)
    assert said["why"].startswith("Đã thu hồi, hạn 24/07/2026; ")


def test_coordinating_units_hear_it_too(house):
    helper = a_commune(house.province, "C2", "Phường Sơn Hà")
    reachable(helper, Role.COMMUNE_LEADER, HELPER)
    told = {"by": house.issuer, "now": GIVEN}
    paper = a_directive(house.province)
    task = add_task(paper, content="Việc chung", kind=Kind.UNDATED, coordinators=[helper], **told)
    assign([task], [house.commune], **told)
    withdrawn(house, db.session.scalars(sa.select(Assignment)).one())
    assert heard() == [("withdrawn", HELPER), ("withdrawn", LEADER)]


def test_every_other_notice_of_it_is_dropped_with_its_reason(house):
    work = in_hands(house, due="2026-06-17")
    night = at("2026-06-10 05:00")
    write_plan(plan(night, MANNER), night)
    assert heard(night) == []
    withdrawn(house, work, at("2026-06-10 06:00"))
    house.tick(at("2026-06-10 07:05"))
    assert ended("due_in_7") == {("dropped", "Đã hủy")}
    assert ended("withdrawn") == {("sent", "")}
    assert house.postbox.taken() == ["Đã thu hồi: Báo cáo kết quả – xã An Bình"] * 2
    assert heard(at("2026-06-25 08:00")) == []


def test_who_left_the_post_meanwhile_hears_nothing_and_the_outbox_says_so(house, work):
    withdrawn(house, work)
    write_plan(plan(NOW, MANNER), NOW)
    with atomic():
        for user in (house.officer, house.leader):
            db.session.get_one(Post, user.post_id).until_on = date(2026, 6, 9)
    house.tick(minutes(20))
    assert ("dropped", "Người nhận không còn phụ trách hoặc nội dung không còn đúng") in ended("withdrawn")
    assert [letter["To"] for letter in house.postbox.to(house.officer)] == []


@pytest.mark.parametrize("tick_between", [False, True])
def test_work_withdrawn_before_any_mail_told_of_it_is_told_to_the_inbox_that_knew_it_and_to_nobody_else(
    house, tick_between
):
    work = an_assignment(house.commune, house.issuer, due="2026-07-24", on=NOW)
    if tick_between:
        house.tick(minutes(5))
    withdrawn(house, work, minutes(10))
    assert heard(minutes(11)) == ([("withdrawn", LEADER)] if tick_between else [])
    for later in (11, 16, 60):
        house.tick(minutes(later))
    assert house.postbox.letters == []
    assert ended("withdrawn") == set()


def test_work_received_within_those_minutes_is_told_by_mail_all_the_same(house):
    work = an_assignment(house.commune, house.issuer, due="2026-07-24", on=NOW)
    receive(work, by=house.leader, now=minutes(3), policy=POLICY)
    withdrawn(house, work, minutes(10))
    house.tick(minutes(30))
    assert house.postbox.taken() == ["Đã thu hồi: Báo cáo kết quả – xã An Bình"]


def test_work_nobody_received_but_mail_had_told_of_is_told_by_mail(house):
    work = an_assignment(house.commune, house.issuer, due="2026-07-24", on=NOW)
    house.tick(minutes(20))
    withdrawn(house, work, minutes(25))
    house.tick(minutes(45))
    assert [subject.partition(":")[0] for subject in house.postbox.taken()] == ["Mới giao, hạn 24/07", "Đã thu hồi"]


def test_work_struck_by_an_amendment_is_withdrawn_by_that_paper(house, work):
    new = a_directive(house.province, "30/KH-UBND", date(2026, 6, 9))
    told = {"by": house.issuer, "now": NOW}
    amendment = draft_amendment(new, work.task.directive, **told)
    change_task(amendment, work.task, wording_of(work.task), withdrawn=True, **told)
    take_effect(amendment, **told)
    assert {(one.rung, one.person_name, one.text) for one in plan(NOW, MANNER)} == {
        ("withdrawn", name, "Đã thu hồi: Báo cáo kết quả – 30/KH-UBND ngày 09/06/2026") for name in (OFFICER, LEADER)
    }


def test_the_unit_that_work_was_transferred_from_hears_that_it_is_no_longer_its_own(house):
    work = an_assignment(house.commune, house.issuer, due="2026-07-24", on=GIVEN)
    new = a_commune(house.province, "C3", "Xã Mới")
    reachable(new, Role.COMMUNE_LEADER, "Cao Thị Nhận")
    transfer(work, new, "Đúng thẩm quyền", PAPER, by=house.issuer, now=NOW, policy=POLICY)
    assert heard() == [("assigned", "Cao Thị Nhận"), ("withdrawn", LEADER)]


def test_a_unit_that_asked_not_to_do_it_hears_that_it_need_not(house):
    work = an_assignment(house.commune, house.issuer, due="2026-07-24", on=GIVEN)
    decline(work, "Không thuộc thẩm quyền", by=house.leader, now=NOW, policy=POLICY)
    withdrawn(house, work, minutes(30))
    assert heard(minutes(30)) == [("withdrawn", LEADER)]


def test_coming_occurrences_that_were_told_and_taken_back_are_withdrawn(house):
    told = {"by": house.issuer, "now": at("2026-06-01 08:00")}
    paper = a_directive(house.province)
    task = add_task(paper, content="Báo cáo tuần", kind=Kind.RECURRING, recurrence="FREQ=WEEKLY;BYDAY=FR", **told)
    assign([task], [house.commune], **told)
    write_plan(plan(at("2026-06-01 08:20"), MANNER), at("2026-06-01 08:20"))
    given = db.session.scalar(sa.select(sa.func.count()).select_from(Assignment))
    end_series(task, date(2026, 6, 12), PAPER, by=house.issuer, now=NOW)
    withdrawn_ids = {one.assignment_id for one in plan(NOW, MANNER) if one.rung == "withdrawn"}
    assert 0 < len(withdrawn_ids) < given


def test_after_a_month_it_is_no_longer_news(house, work):
    withdrawn(house, work)
    assert heard(NOW + timedelta(days=31)) == []


def test_many_withdrawn_at_once_are_one_letter_to_each(house):
    many = [in_hands(house, due="2026-07-24") for _ in range(4)]
    for one in many:
        withdrawn(house, one)
    house.tick(minutes(20))
    said = [f"{who} 4 việc thu hồi, tạm dừng (10/06)" for who in ("Nhắc đồng chí", "Xã An Bình: nhắc")]
    assert sorted(house.postbox.taken()) == said
    text = house.postbox.letters[0].get_body(("plain",)).get_content()
    assert "Thu hồi, tạm dừng (4)" in text and "- Đã thu hồi · Báo cáo kết quả" in text


# ── suspended, and given back ────────────────────────────────────────────────


def test_a_suspension_and_its_end_are_heard_each_once(house, work):
    suspended(house, work)
    house.tick(minutes(20))
    resumed(house, work, minutes(60))
    house.tick(minutes(80))
    house.tick(minutes(100))
    assert house.postbox.taken() == [
        *["Tạm dừng: Báo cáo kết quả – xã An Bình"] * 2,
        *["Tiếp tục thực hiện, hạn 24/07: Báo cáo kết quả – xã An Bình"] * 2,
    ]
    inbox = sa.select(Notice.text).where(Notice.channel == "inapp", Notice.person_id == house.leader.person_id)
    assert db.session.scalars(inbox.order_by(Notice.id)).all() == [
        "Tạm dừng: Báo cáo kết quả – Chờ luật",
        "Tiếp tục thực hiện: Báo cáo kết quả – Đã có luật",
    ]


@pytest.mark.parametrize("tick_between", [False, True])
def test_a_suspension_undone_within_the_minutes_leaves_no_mail_and_no_stale_line_in_the_inbox(
    house, work, tick_between
):
    suspended(house, work)
    if tick_between:
        house.tick(minutes(5))
    resumed(house, work, minutes(10))
    assert {rung for rung, _ in heard(minutes(11))} == ({"resumed"} if tick_between else set())
    for later in (11, 16, 60):
        house.tick(minutes(later))
    assert house.postbox.letters == []
    assert {state for state, _ in ended("suspended")} == ({"dropped"} if tick_between else set())


def test_a_suspension_undone_at_once_does_not_swallow_the_mail_that_the_work_was_given(house):
    work = an_assignment(house.commune, house.issuer, due="2026-07-24", on=NOW)
    house.tick(minutes(5))
    suspended(house, work, minutes(10))
    house.tick(minutes(16))
    assert ended("assigned") == {("dropped", "Đã tạm dừng")}
    resume(work, "Nhầm", by=house.issuer, now=minutes(20), policy=POLICY)
    house.tick(minutes(25))
    house.tick(minutes(40))
    assert house.postbox.taken() == ["Mới giao, hạn 24/07: Báo cáo kết quả – xã An Bình"]


def test_suspended_again_and_then_withdrawn_only_the_last_is_true(house, work):
    suspended(house, work)
    resumed(house, work, minutes(60))
    suspended(house, work, minutes(120))
    assert {rung for rung, _ in heard(minutes(121))} == {"suspended"}
    write_plan(plan(minutes(121), MANNER), minutes(121))
    withdrawn(house, work, minutes(130))
    house.tick(minutes(150))
    assert ended("suspended") == {("dropped", "Đã hủy")}
    assert house.postbox.taken() == ["Đã thu hồi: Báo cáo kết quả – xã An Bình"] * 2


def test_each_province_waits_its_own_minutes(house, work):
    suspended(house, work)
    slow = replace(MANNER, cadence=replace(MANNER.cadence, undo_minutes=60))
    planned = [one for one in plan(NOW, slow) if one.channel is Channel.EMAIL]
    assert {one.send_after for one in planned} == {minutes(60)}


def test_who_had_done_with_work_hears_that_it_was_opened_again_and_why(house, work):
    write_result(work, "Xong", [a_document(house.commune)], by=house.leader, now=GIVEN, policy=POLICY)
    confirm(work, by=house.issuer, now=NOW - timedelta(days=1), policy=POLICY)
    assert heard() == [("confirmed", OFFICER), ("confirmed", LEADER)]
    reopen(work, "Thiếu số liệu 12 thôn", PAPER, by=house.issuer, now=NOW, policy=POLICY)
    assert heard() == heard(channel=Channel.EMAIL) == [("reopened", OFFICER), ("reopened", LEADER)]
    house.tick(minutes(16))
    assert house.postbox.taken() == ["Được mở lại, hạn 24/07: Báo cáo kết quả – xã An Bình"] * 2
    assert "Lý do: “Thiếu số liệu 12 thôn”" in house.postbox.letters[0].get_body(("plain",)).get_content()


def test_who_asked_to_be_rid_of_work_hears_that_it_stays(house, work):
    decline(work, "Không thuộc thẩm quyền", by=house.leader, now=GIVEN, policy=POLICY)
    refuse_decline(work, "Thuộc thẩm quyền của xã", by=house.issuer, now=NOW, policy=POLICY)
    assert heard() == [("decline_refused", OFFICER), ("decline_refused", LEADER)]
    house.tick(minutes(16))
    assert house.postbox.taken() == ["Không chấp thuận đề nghị, hạn 24/07: Báo cáo kết quả – xã An Bình"] * 2
