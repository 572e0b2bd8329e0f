"""«Không gửi qua Zalo»: a task that its province keeps off Zalo is counted there and never named, on no road."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
import time_machine
from builders import POLICY, a_directive, a_province, at, somebody
from fake_zalo import TEMPLATE_IDS
from files_to_read import HEADER, a_workbook
from mailing import HEAD, SENDER, in_hands
from test_letters import NAME, NOW, WHOLES
from test_zalo_payloads import ITEMS, WRITER
from zaloing import NOON, consented, room_of, with_phone

from tracker.db import atomic, db
from tracker.directives.models import ImportDraft, ImportRow
from tracker.history.queries import events
from tracker.reminders.actions import tick
from tracker.reminders.channels.email import MailServer
from tracker.reminders.letters.wholes import ALONE
from tracker.reminders.manner import Manner
from tracker.rules.access import Role
from tracker.rules.reminding import Cadence
from tracker.tasks.amending import draft_amendment, take_effect
from tracker.tasks.giving import add_task, leave_unnamed
from tracker.tasks.models import Amendment, Assignment, Task

LETTER = "Báo cáo kết quả"


def kept_off(one):
    """The same notice of a task that is kept off Zalo."""
    facts = SimpleNamespace(**{**vars(one.facts), "unnamed_by_zalo": True})
    return replace(one, facts=facts)


@pytest.mark.parametrize("name", ITEMS)
def test_whatever_is_said_of_such_work_is_said_in_numbers(name):
    items = [kept_off(one) for one in ITEMS[name]]
    whole = WHOLES.get(name, ALONE)
    said = WRITER.write(NAME, items, NOW, whole)
    everything = " ".join(said.values.values())
    own = [(one.facts.content, one.facts.doc_symbol) for one in items]
    assert not any(content in everything or symbol in everything for content, symbol in own)
    assert said.kind == ("escalation" if name in ("digest_leader", "digest_escalated") else "digest")


def test_the_oldest_of_a_unit_is_not_named_either():
    whole = WHOLES["digest_leader"]
    hidden = SimpleNamespace(**{**vars(whole.oldest), "unnamed_by_zalo": True})
    said = WRITER.write(NAME, ITEMS["digest_leader"], NOW, replace(whole, oldest=hidden))
    assert said.kind == "digest" and hidden.content not in " ".join(said.values.values())


def test_a_digest_names_the_most_pressing_or_nothing():
    """«Việc gấp nhất» of what may be named would be an untruth where something else presses more."""
    first, *others = sorted(ITEMS["digest"], key=lambda one: one.days_left)
    assert WRITER.write(NAME, [first, *others], NOW).values["ten_nhiem_vu"] == first.facts.content
    assert WRITER.write(NAME, [kept_off(first), *others], NOW).values["ten_nhiem_vu"] == "Xem trên hệ thống"
    named = [first, *(kept_off(one) for one in others)]
    assert WRITER.write(NAME, named, NOW).values["ten_nhiem_vu"] == first.facts.content


def test_through_the_whole_tick_zalo_counts_it_and_e_mail_names_it(house, settings_with_zalo, zalo, clock):
    room = room_of(settings_with_zalo)
    consented(zalo, room, NOON)
    with_phone(house.officer, "0911111111")
    work = in_hands(house)
    leave_unnamed(work.task, True, by=house.issuer, now=NOON)
    clock.now = at("2026-06-22 07:05")
    manner = Manner(POLICY, Cadence(), email=True, zalo=room.at(clock.now))
    with MailServer(house.postbox.url, SENDER, timeout_seconds=2) as server:
        tick(clock.now, manner, HEAD, server, clock, room.round(clock))
    (sent,) = zalo.messages
    assert sent["template_id"] == TEMPLATE_IDS["digest"]
    assert sent["template_data"]["trong_7_ngay"] == "1"
    assert LETTER not in str(sent) and work.task.directive.doc_symbol not in str(sent)
    assert LETTER in house.postbox.to(house.officer)[0].get_body(("plain",)).get_content()


@pytest.fixture
def issuer(browser, house, settings_with_zalo):
    """The browser of the province's issuer at noon."""
    with time_machine.travel(NOON, tick=False):
        yield browser.acts_as(house.issuer)


def test_the_province_sets_it_when_the_task_is_written(issuer, house):
    directive = a_directive(house.province)
    issuer.get(f"/directives/{directive.id}/tasks")
    issuer.submit("Lưu", content="Rà soát cán bộ", kind="undated", unnamed_by_zalo=True)
    task = db.session.query(Task).one()
    assert task.unnamed_by_zalo
    assert [event.deed for event in events("task", task.id)] == ["unname_by_zalo"]


def test_it_is_set_and_lifted_on_the_page_and_history_says_by_whom(issuer, house):
    work = in_hands(house)
    assert "Không gửi: tin chỉ nêu số lượng" not in issuer.get(f"/assignments/{work.id}")
    page = issuer.submit("Không gửi qua Zalo")
    assert "chỉ nêu số lượng, không nêu nhiệm vụ này" in page and "Không gửi: tin chỉ nêu số lượng" in page
    assert f"Không gửi qua Zalo · {house.issuer.name}" in page
    assert db.session.get_one(Task, work.task_id, populate_existing=True).unnamed_by_zalo
    assert "lại nêu nhiệm vụ này" in issuer.submit("Cho gửi qua Zalo")
    issuer.submit("Không gửi qua Zalo")
    assert [event.deed for event in events("task", work.task_id)] == [
        *("unname_by_zalo", "name_by_zalo", "unname_by_zalo")
    ]


def test_what_changes_nothing_is_not_remembered(house):
    work = in_hands(house)
    leave_unnamed(work.task, False, by=house.issuer, now=NOON)
    assert events("task", work.task_id) == []


def test_only_those_who_record_tasks_of_that_side_see_and_change_it(browser, house, settings_with_zalo):
    work = in_hands(house)
    leave_unnamed(work.task, True, by=house.issuer, now=NOON)
    for who in (house.monitor, house.leader, house.officer):
        page = browser.acts_as(who).get(f"/assignments/{work.id}")
        assert "Không gửi" not in page
        assert browser.knock("POST", f"/tasks/{work.task_id}/zalo") == 403
    stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER)
    browser.acts_as(stranger).get("/account")
    assert browser.knock("POST", f"/tasks/{work.task_id}/zalo") == 404


def test_a_house_without_zalo_does_not_ask(browser, house):
    directive = a_directive(house.province)
    work = in_hands(house)
    browser.acts_as(house.issuer)
    for address in (f"/directives/{directive.id}/tasks", f"/assignments/{work.id}"):
        assert "qua Zalo" not in browser.get(address)


def test_words_copied_for_a_group_do_not_name_it(browser, house):
    work, other = in_hands(house), in_hands(house, due="2026-06-25")
    with atomic():
        other.task.content = "Lập danh sách"
    leave_unnamed(work.task, True, by=house.issuer, now=NOON)
    with time_machine.travel(at("2026-06-26 08:00"), tick=False):
        browser.acts_as(house.monitor)
        for address in (f"/assignments/{work.id}", f"/reminder-text?unit={house.commune.id}"):
            (area,) = browser.get(address).all("textarea")
            said = "".join(area.itertext())
            assert "Quá hạn 2 ngày (hạn 24/06/2026): một nhiệm vụ không nêu tên" in said
            assert LETTER not in said and work.task.directive.doc_symbol not in said
        assert "Lập danh sách" in said


def test_a_row_of_an_import_says_it_before_anything_is_issued(issuer, house):
    rows = [HEADER] + [[str(n), f"Việc {n}", "Xã An Bình", "", "30/6/2026", "Báo cáo"] for n in (1, 2)]
    issuer.get("/directives/imports")
    issuer.submit("Đọc tệp", file=(io.BytesIO(a_workbook(rows)), "Phu luc.xlsx"))
    draft, row = db.session.query(ImportDraft).one(), db.session.query(ImportRow).order_by(ImportRow.place).first()
    own = f"/directives/imports/{draft.id}"
    issuer.get(f"{own}/rows/{row.id}")
    issuer.submit("Lưu dòng", unnamed_by_zalo=True)
    issuer.get(f"{own}/rows/{row.id}")
    issuer.submit("Lưu dòng", note="Mật vừa phải")
    issuer.get(f"{own}/paper")
    issuer.submit("Lưu", doc_type="plan", doc_symbol="12/KH-UBND", issued_on="10/3/2026", abstract="Kế hoạch")
    issuer.get(f"{own}/issue")
    issuer.submit("Ghi và giao")
    assert [task.unnamed_by_zalo for task in db.session.query(Task).order_by(Task.id)] == [True, False]


def test_a_task_that_an_amending_paper_keeps_off_zalo_is_kept_off_in_the_old_one(house):
    old = a_directive(house.province, symbol="1/KH-UBND")
    new = a_directive(house.province, symbol="2/KH-UBND")
    told = {"content": "Rà soát cán bộ", "kind": "scheduled", "by": house.issuer, "now": NOON}
    task = add_task(old, due_on=date(2026, 6, 30), **told)
    add_task(new, due_on=date(2026, 7, 15), unnamed_by_zalo=True, **told)
    take_effect(draft_amendment(new, old, by=house.issuer, now=NOON), by=house.issuer, now=NOON)
    assert db.session.query(Amendment).count() == 1 and db.session.query(Assignment).count() == 0
    assert [one.id for one in db.session.query(Task)] == [task.id]
    assert db.session.get_one(Task, task.id, populate_existing=True).unnamed_by_zalo
