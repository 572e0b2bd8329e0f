"""«Hiệu quả nhắc việc»: what followed on reminders within three days, measured from what was sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from builders import POLICY, a_document, a_province, at, somebody
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mailing import GIVEN, in_hands

from tracker.db import atomic, db, insert_many
from tracker.reminders.effect import Followed, effect
from tracker.reminders.models import Notice
from tracker.reminders.openings import opened
from tracker.rules.access import Role
from tracker.tasks.actions import recall, submit, write_result
from tracker.tasks.models import Submission

pytestmark = pytest.mark.usefixtures("that_day")
NOW = at("2026-06-30 10:00")
SENT = at("2026-06-17 07:05")
MONTH = at("2026-06-01 00:00"), at("2026-07-01 00:00")
OF_MAIL = ("due_in_7", "email")


@pytest.fixture
def said(house, work):
    """The officer was told seven days ahead, in the inbox and by mail."""
    house.tick(SENT)
    return work


def hand_in(house, work, moment):
    write_result(work, "Xong", [a_document(house.commune)], by=house.leader, now=moment, policy=POLICY)


def test_what_is_opened_and_answered_within_three_days_counts_for_each_channel(house, said):
    opened(house.officer, said.id, SENT + timedelta(days=1))
    hand_in(house, said, SENT + timedelta(days=3))
    found = effect(house.monitor, *MONTH)
    assert found == {OF_MAIL: Followed(1, 1, 1), ("due_in_7", "inapp"): Followed(1, 1, 1)}


def test_news_that_asks_for_no_result_is_not_among_them(house, said):
    on = {"policy": POLICY}
    write_result(said, "Xong", [a_document(house.commune)], by=house.officer, now=SENT + timedelta(hours=1), **on)
    house.tick(SENT + timedelta(hours=2))
    rungs = set(db.session.scalars(sa.select(Notice.rung)))
    assert "handed_up" in rungs and "handed_up" not in {rung for rung, _ in effect(house.monitor, *MONTH)}


@pytest.mark.parametrize("after", [timedelta(minutes=-1), timedelta(days=3, minutes=1)])
def test_what_came_before_or_later_does_not_count(house, said, after):
    opened(house.officer, said.id, SENT + after)
    hand_in(house, said, SENT + after)
    assert effect(house.monitor, *MONTH)[OF_MAIL] == Followed(1, 0, 0)


def test_an_opening_by_somebody_else_and_one_that_came_again_later_change_nothing(house, said):
    opened(house.leader, said.id, SENT + timedelta(days=1))
    assert effect(house.monitor, *MONTH)[OF_MAIL].opened == 0
    for days in (2, 9):
        opened(house.officer, said.id, SENT + timedelta(days=days))
    assert effect(house.monitor, *MONTH)[OF_MAIL].opened == 1
    assert db.session.scalars(sa.select(Notice.opened_at)).all() == [SENT + timedelta(days=2)] * 2


def test_marking_as_read_is_not_opening(browser, house, said):
    browser.acts_as(house.officer).get("/notifications")
    browser.submit("Đánh dấu đã đọc tất cả")
    assert effect(house.monitor, *MONTH)[OF_MAIL].opened == 0


def test_a_result_that_waits_inside_the_unit_or_was_recalled_is_none(house, said):
    write_result(said, "Xong", [a_document(house.commune)], by=house.officer, now=SENT, policy=POLICY)
    assert effect(house.monitor, *MONTH)[OF_MAIL].answered == 0
    submit(said, by=house.leader, now=SENT + timedelta(hours=1), policy=POLICY)
    assert effect(house.monitor, *MONTH)[OF_MAIL].answered == 1
    recall(said, by=house.leader, now=SENT + timedelta(hours=2), policy=POLICY)
    assert effect(house.monitor, *MONTH)[OF_MAIL].answered == 0


def test_only_what_was_sent_in_the_time_and_of_the_own_province_counts(house, said):
    stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.MONITOR)
    assert effect(stranger, *MONTH) == {}
    assert effect(house.monitor, at("2026-06-18 00:00"), MONTH[1]) == {}
    with atomic():
        db.session.execute(sa.update(Notice).where(Notice.channel == "email").values(state="failed"))
    assert set(effect(house.monitor, *MONTH)) == {("due_in_7", "inapp")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["due_in_7", "weekly"]), st.booleans()), max_size=8),
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["pending", "recalled", "returned"])), max_size=4),
)
def test_figures_are_those_that_one_counts_by_hand(house, work, notices, results):
    _write(house, work, notices, results)
    results_on = [day for day, outcome in results if outcome != "recalled"]
    by_hand: dict[str, Followed] = {}
    for day, rung, was_opened in notices:
        answered = any(day <= on <= day + 3 for on in results_on)
        by_hand[rung] = by_hand.get(rung, Followed()) + Followed(1, int(was_opened), int(answered))
    found = effect(house.monitor, *MONTH)
    assert found == {(rung, "email"): numbers for rung, numbers in by_hand.items()}


def _write(house, work, notices, results):
    """These notices and results of one assignment and no others; days are counted from one moment."""
    told = {"assignment_id": work.id, "person_id": house.officer.person_id, "channel": "email", "state": "sent"}
    with atomic():
        db.session.execute(sa.delete(Notice))
        db.session.execute(sa.delete(Submission))
        rows = [
            told | {"due_on": SENT.date(), "rung": rung, "subject_id": number, "why": "", "text": "", "outcome": ""}
            | dict.fromkeys(("planned_at", "send_after", "ended_at"), SENT + timedelta(days=day))
            | {"opened_at": NOW if was_opened else None}
            for number, (day, rung, was_opened) in enumerate(notices)
        ]  # fmt: skip
        insert_many(Notice, rows)
        for day, outcome in results:
            sent = SENT + timedelta(days=day)
            db.session.add(
                Submission(assignment_id=work.id, text="Xong", written_at=GIVEN, sent_at=sent, outcome=outcome)
            )


def test_a_province_reads_the_notices_of_its_own_work_and_nobody_elses(house, said):
    """SQLite begins where it thinks best; from the notices it would read the year of all provinces."""
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL knows how many rows there are
    asked = []

    def hear(_connection, _cursor, statement, parameters, *_rest):
        asked.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    effect(house.monitor, *MONTH)
    sa.event.remove(db.engine, "before_cursor_execute", hear)
    for statement, parameters in [one for one in asked if "notices" in one[0]]:
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row[3] for row in plan if " notices " in f"{row[3]} "]
        assert steps and all("USING COVERING INDEX ix_notices_effect (assignment_id=?" in one for one in steps), steps


# ── the page ─────────────────────────────────────────────────────────────────


def test_the_page_says_what_was_sent_opened_and_answered(browser, house, said):
    in_hands(house)
    house.tick(SENT + timedelta(minutes=5))
    opened(house.officer, said.id, SENT + timedelta(days=1))
    page = browser.acts_as(house.monitor).get("/outbox/effect")
    assert page.heading == "Hiệu quả nhắc việc"
    assert page.rows() == [
        ["Sắp đến hạn, 7 ngày", "gửi 2 · mở 1 (50%) · nộp 0 (0%)", "gửi 1 · mở 1 (100%) · nộp 0 (0%)"],
        ["Cộng", "gửi 2 · mở 1 (50%) · nộp 0 (0%)", "gửi 1 · mở 1 (100%) · nộp 0 (0%)"],
    ]
    assert "không gắn ảnh theo dõi" in page


def test_a_kind_that_a_channel_never_carried_is_a_dash(browser, house, said):
    with atomic():
        db.session.execute(sa.update(Notice).where(Notice.channel == "email").values(rung="weekly"))
    rows = browser.acts_as(house.monitor).get("/outbox/effect").rows()
    assert [row[0] for row in rows] == ["Sắp đến hạn, 7 ngày", "Nhắc lại thứ Hai", "Cộng"]
    assert [rows[0][2], rows[1][1]] == ["–", "–"]


def test_the_outbox_leads_there_and_nothing_sent_is_said(browser, house):
    browser.acts_as(house.monitor).get("/outbox")
    assert "Không có thông báo nào được gửi trong những ngày này." in browser.click("Hiệu quả nhắc việc")


def test_what_is_younger_than_three_days_is_said_to_be_so(browser, house, said):
    browser.acts_as(house.monitor)
    assert "Thông báo gửi từ 27/06/2026 chưa đủ 3 ngày" in browser.get("/outbox/effect")
    assert "chưa đủ 3 ngày" not in browser.get("/outbox/effect?until=26/06/2026")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("since=17/06/2026&until=17/06/2026", 2),
        ("since=18/06/2026", 0),
        ("until=16/06/2026", 0),
        ("since=01/01/1990", 2),
    ],
)
def test_days_are_chosen(browser, house, said, query, rows):
    assert len(browser.acts_as(house.monitor).get(f"/outbox/effect?{query}").rows()) == rows


def test_a_day_that_is_none_is_complained_of_at_its_field(browser, house, said):
    page = browser.acts_as(house.monitor).get("/outbox/effect?since=hôm+kia", expect=422)
    assert list(page.complaints_shown()) == ["since"] and len(page.rows()) == 2
