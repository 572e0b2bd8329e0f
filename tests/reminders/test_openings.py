"""Who opens the work has read what was said of it, and is not reminded of it again that day (ux.md §7.1)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from builders import POLICY, a_commune, a_document, a_province, at, somebody
from mailing import MANNER, address_of, in_hands

from tracker.db import db, for_a_thread, forget
from tracker.reminders.commands import commands
from tracker.reminders.models import Notice, Opening
from tracker.reminders.nudging import nudge
from tracker.reminders.openings import FRESH, KEPT, forget_old, opened
from tracker.reminders.pages.effect import _period
from tracker.reminders.queries import plan, unread_count
from tracker.rules.access import Role
from tracker.tasks.actions import report_progress, write_result
from tracker.tasks.deciding import send_back

EARLY, DIGEST = at("2026-06-17 06:45"), at("2026-06-17 07:05")
NEXT = DIGEST + timedelta(days=1)


def openings():
    return [tuple(row) for row in db.session.execute(sa.select(Opening.person_id, Opening.assignment_id, Opening.at))]


def mails():
    query = sa.select(Notice.rung, Notice.state, Notice.outcome, Notice.send_after).where(Notice.channel == "email")
    return [tuple(row) for row in db.session.execute(query.order_by(Notice.id))]


def look(browser, person, work, moment, expect=200):
    with time_machine.travel(moment, tick=False):
        return browser.acts_as(person).get(f"/assignments/{work.id}", expect=expect)


# ── a page that is looked at ─────────────────────────────────────────────────


def test_opening_the_work_reads_its_notices_and_the_bell_of_that_very_page_knows(browser, house, work):
    other = in_hands(house)
    nudge(other, "", by=house.issuer, now=DIGEST, policy=POLICY)
    house.tick(DIGEST)
    assert unread_count(house.officer) == 2
    page = look(browser, house.officer, work, DIGEST + timedelta(hours=1))
    bell = next(one for one in page.all("a") if one.get("href") == "/notifications")
    assert bell.get("aria-label") == "Thông báo, 1 chưa đọc"
    query = sa.select(Notice.assignment_id).where(Notice.channel == "inapp", Notice.read_at.is_(None))
    assert set(db.session.scalars(query)) == {other.id}
    assert openings() == [(house.officer.person_id, work.id, DIGEST + timedelta(hours=1))]


def test_what_somebody_else_opens_stays_unread(browser, house, work):
    house.tick(DIGEST)
    look(browser, house.leader, work, DIGEST)
    assert unread_count(house.officer) == 1


@pytest.mark.parametrize("how", [{"method": "HEAD"}, {"headers": {"Sec-Purpose": "prefetch"}}])
def test_a_program_that_only_looks_ahead_opens_nothing(app, browser, house, work, how):
    browser.acts_as(house.officer)
    answer = browser.client.open(f"/assignments/{work.id}", **how)
    assert answer.status_code == 200 and openings() == []


def test_a_stranger_opens_nothing_and_who_hears_of_nothing_leaves_no_trace(browser, house, work):
    stranger = somebody(a_commune(a_province("P2", "Tỉnh Khác"), "C2", "Xã Khác"), Role.COMMUNE_LEADER)
    look(browser, stranger, work, DIGEST, expect=404)
    look(browser, somebody(house.province, Role.VIEWER), work, DIGEST)
    assert openings() == []


def test_it_is_noted_once_in_a_while_and_whenever_there_is_something_new(house, work):
    def again(moment):
        opened(house.officer, work.id, moment)
        ((_, _, noted),) = openings()
        return noted == moment

    assert again(EARLY) and not again(EARLY + timedelta(minutes=1)) and again(EARLY + FRESH)
    report_progress(work, "Đang làm", "", by=house.officer, now=EARLY + timedelta(minutes=6), policy=POLICY)
    assert again(EARLY + timedelta(minutes=7))
    house.tick(EARLY + timedelta(minutes=8))  # the notice in the inbox is new
    assert again(EARLY + timedelta(minutes=9)) and not again(EARLY + timedelta(minutes=10))


def test_the_page_comes_at_once_while_others_hold_what_it_would_note(browser, house, work):
    look(browser, house.officer, work, EARLY)
    noted = openings()
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as other:
        other.execute(sa.update(Opening).values(at=EARLY - timedelta(hours=1)))
        began = time.perf_counter()
        page = look(browser, house.officer, work, EARLY + timedelta(hours=1))
        assert time.perf_counter() - began < 3
        other.rollback()
    assert "Báo cáo kết quả" in page and openings() == noted
    look(browser, house.officer, work, EARLY + timedelta(hours=2))
    assert openings() != noted


def test_many_who_open_it_at_once_leave_one_note_each(app, house, work):
    house.tick(DIGEST)
    people = [house.officer, house.leader, house.monitor, house.issuer] * 3
    look_at = for_a_thread(opened)
    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(look_at, one, work.id, DIGEST + n * FRESH) for n, one in enumerate(people)]
        assert {one.result() for one in done} <= {0, None}
    forget()
    assert len(openings()) == 4 and unread_count(house.officer) == 0


# ── a rung that waits for its reader ─────────────────────────────────────────


def test_who_opened_it_this_morning_is_reminded_tomorrow(browser, house, work):
    house.tick(at("2026-06-17 00:05"))
    look(browser, house.officer, work, EARLY)
    assert house.tick(DIGEST) == {"planned": 0, "sent": 0, "dropped": 0, "failed": 0, "waiting": 1}
    ((rung, state, outcome, send_after),) = mails()
    assert (rung, state, send_after) == ("due_in_7", "waiting", at("2026-06-18 07:00"))
    assert outcome == "Đã mở nhiệm vụ ngày 17/06, nhắc vào ngày 18/06"
    watcher = somebody(house.province, Role.ADMINISTRATOR)
    with time_machine.travel(DIGEST, tick=False):
        assert outcome in browser.acts_as(watcher).get("/outbox")
    house.tick(NEXT)
    assert house.postbox.taken() == ["Còn 6 ngày (24/06): Báo cáo kết quả – xã An Bình"]
    assert [row[:3] for row in mails()] == [("due_in_7", "sent", "")]


def test_what_changed_after_it_was_opened_is_reminded_of_today(house, work):
    opened(house.officer, work.id, EARLY)
    report_progress(work, "Vướng", "", by=house.leader, now=EARLY + timedelta(minutes=5), policy=POLICY)
    house.tick(DIGEST)
    assert len(house.postbox.letters) == 1


def test_what_was_opened_yesterday_is_reminded_of_today(house, work):
    opened(house.officer, work.id, EARLY - timedelta(days=1))
    house.tick(DIGEST)
    assert len(house.postbox.letters) == 1


@pytest.mark.parametrize("day", ["2026-06-23", "2026-06-24"])
def test_the_last_warning_and_the_day_itself_are_never_put_off(house, work, day):
    opened(house.officer, work.id, at(f"{day} 06:45"))
    house.tick(at(f"{day} 07:05"))
    assert len(house.postbox.to(house.officer)) == 1


def test_who_opens_it_every_day_is_reminded_before_the_rung_is_over(house, work):
    """Seven days ahead is in force from Wednesday to Thursday; on Friday it is three days."""
    for day in ("2026-06-17", "2026-06-18"):
        opened(house.officer, work.id, at(f"{day} 06:45"))
        house.tick(at(f"{day} 07:05"))
    assert [row[:2] for row in mails()] == [("due_in_7", "sent")]


def test_the_digest_goes_without_what_its_reader_knows(house, work):
    in_hands(house)
    opened(house.officer, work.id, EARLY)
    house.tick(DIGEST)
    assert len(house.postbox.letters) == 1
    assert sorted(row[1] for row in mails()) == ["sent", "waiting"]


def test_news_waits_for_nobody(house, work):
    write_result(work, "Xong", [a_document(house.commune)], by=house.leader, now=EARLY, policy=POLICY)
    send_back(work, "Thiếu phụ lục", by=house.issuer, now=EARLY + timedelta(minutes=1), policy=POLICY)
    opened(house.officer, work.id, EARLY + timedelta(minutes=2))
    house.tick(DIGEST)
    assert ("returned", "sent") in [row[:2] for row in mails()]


def test_what_was_put_off_and_is_done_by_then_is_dropped(house, work):
    opened(house.officer, work.id, EARLY)
    house.tick(DIGEST)
    write_result(work, "Xong", [a_document(house.commune)], by=house.leader, now=DIGEST, policy=POLICY)
    house.tick(NEXT)
    assert [row[1:3] for row in mails()] == [("dropped", "Đã nộp kết quả, đang chờ xác nhận")]


def test_what_was_refused_by_the_server_goes_again_although_it_was_opened_meanwhile(house, work):
    """Its letter may lie at the server; it keeps its name and its day."""
    house.postbox.refuse[address_of(house.officer)] = "451 4.3.0 Try again later"
    house.tick(DIGEST)
    opened(house.officer, work.id, DIGEST + timedelta(minutes=10))
    house.postbox.refuse.clear()
    house.tick(DIGEST + timedelta(minutes=30))
    assert len(house.postbox.letters) == 1


def test_the_plan_does_not_know_who_looked(house, work):
    before = plan(DIGEST, MANNER)
    opened(house.officer, work.id, EARLY)
    assert plan(DIGEST, MANNER) == before and date(2026, 6, 24) == before[0].due_on


# ── what nothing can ask about any more ──────────────────────────────────────


def test_an_opening_is_kept_as_long_as_the_effect_can_be_asked_about_and_no_longer(app, house, work):
    other = in_hands(house)
    opened(house.officer, work.id, DIGEST)
    opened(house.officer, other.id, NEXT)
    assert forget_old(DIGEST + KEPT) == 0
    assert forget_old(DIGEST + KEPT + timedelta(seconds=1)) == 1
    assert openings() == [(house.officer.person_id, other.id, NEXT)]
    with time_machine.travel(NEXT + KEPT + timedelta(hours=1), tick=False):
        said = app.test_cli_runner().invoke(commands, ["sweep"])
    assert said.output.startswith("Đã xóa 1 dấu «đã mở»") and openings() == []


def test_the_longest_period_of_the_page_of_the_effect_needs_no_opening_that_was_removed():
    since, until = _period(date(2020, 1, 1), date(2026, 6, 17), date(2026, 6, 17))
    assert until - since <= KEPT
