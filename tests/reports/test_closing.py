"""Closed periods stay as they were, say what differs today, and explain any two days task by task."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from builders import POLICY, a_commune, a_directive, a_document, a_province, an_assignment, at, somebody
from click.testing import CliRunner

from tracker.calendars.queries import working_calendar
from tracker.clock import today
from tracker.db import atomic, db
from tracker.errors import Forbidden, Invalid, NotFound, Refused
from tracker.history.queries import events
from tracker.reports.closing import close
from tracker.reports.commands import commands
from tracker.reports.models import SnapshotRow
from tracker.reports.queries import Scope, difference, difference_since, figures
from tracker.reports.queries.snapshots import by_number, is_whole, row_count, rows, tally_in
from tracker.rules.access import Role
from tracker.rules.differences import Change
from tracker.rules.periods import period
from tracker.rules.rates import Box
from tracker.tasks import deciding
from tracker.tasks.actions import ask_extension, write_result
from tracker.tasks.queries import Day

MARCH = period("month:2026-03")
CLOSED_AT = at("2026-04-01 07:00")
LATER = date(2026, 12, 31)


def day(on: str) -> Day:
    return Day(date.fromisoformat(on), working_calendar(), POLICY)


class House:
    """A province with a commune that was given seven tasks on 2 March, due on the 20th; one was done."""

    def __init__(self):
        self.province = a_province()
        self.commune = a_commune(self.province)
        self.issuer = somebody(self.province, Role.ISSUER)
        self.leader = somebody(self.commune, Role.COMMUNE_LEADER, "Nguyễn Văn An")
        self.paper = a_directive(self.province, "12/KH-UBND")
        self.tasks = [self.given("2026-03-02") for _ in range(7)]
        self.finish(self.tasks[0], "2026-03-10")

    def given(self, on, due="2026-03-20"):
        return an_assignment(self.commune, self.issuer, due=due, on=at(f"{on} 08:00"), directive=self.paper)

    def send(self, one, on):
        document = a_document(self.commune)
        write_result(one, "Xong", [document], by=self.leader, now=at(f"{on} 09:00"), policy=POLICY)

    def finish(self, one, on):
        self.send(one, on)
        deciding.confirm(one, by=self.issuer, now=at(f"{on} 15:00"), policy=POLICY)

    def close(self, **more):
        options = {"by": self.issuer, "now": CLOSED_AT, "policy": POLICY} | more
        return close(Scope(self.province, period=options.pop("period", MARCH)), **options)

    def decides(self, on):
        return {"by": self.issuer, "now": at(f"{on} 10:00"), "policy": POLICY}


@pytest.fixture
def house(database):
    return House()


def test_a_closed_period_has_a_number_an_author_and_the_list_behind_each_figure(house):
    made = house.close()
    assert made.number.startswith("BC-2026-") and made.version == 1
    assert (made.closed_by_name, made.rules_version) == (house.issuer.name, "2026.1")
    assert (
        made.figures["sentence"]
        == figures(Scope(house.province, period=MARCH), day("2026-03-31"), today=LATER).sentence
    )
    for box, number in made.figures["boxes"].items():
        assert row_count(made, box=box) == number
    assert row_count(made, box="counted") == made.figures["total"] == 7
    assert [event.deed for event in events("snapshot", made.id)] == ["close"]


def test_a_closed_period_stays_as_it_was_whatever_happens_later(house):
    made = house.close()
    before = (dict(made.figures), [(row.assignment_id, row.box, row.content) for row in rows(made, limit=99)])
    house.finish(house.tasks[1], "2026-04-02")
    deciding.cancel(house.tasks[2], "Trùng", "9/TB-UBND", **house.decides("2026-04-03"))
    with atomic():
        house.tasks[3].task.content = "Đã sửa lời"
    db.session.expire_all()
    again = by_number(made.number)
    assert (again.figures, [(r.assignment_id, r.box, r.content) for r in rows(again, limit=99)]) == before
    assert is_whole(again) and tally_in(again).total == 7


def test_an_altered_row_shows(house):
    made = house.close()
    with atomic():
        db.session.query(SnapshotRow).filter_by(snapshot_id=made.id, box="open_overdue").update(
            {"box": "open_in_term"}
        )
    assert not is_whole(made)


def test_closing_again_needs_a_reason_and_keeps_the_old_version(house):
    first = house.close()
    with pytest.raises(Invalid) as refusal:
        house.close()
    assert first.number in refusal.value.fields["reason"]
    second = house.close(reason="Bổ sung nhiệm vụ gửi muộn")
    assert (second.number, second.version) == (first.number, 2)
    assert by_number(first.number).id == second.id and by_number(f"{first.number}/1").id == first.id


def test_who_may_not_close_is_told_so(house):
    with pytest.raises(Forbidden):
        house.close(by=somebody(house.province, Role.VIEWER))
    with pytest.raises(NotFound):
        house.close(by=house.leader)
    with pytest.raises(Refused, match="chưa chốt được"):
        house.close(now=at("2026-03-30 10:00"))
    assert (
        close(Scope(house.commune, period=MARCH), by=house.leader, now=CLOSED_AT, policy=POLICY).unit == house.commune
    )


def everything_happens(house):
    """From 1 April on each task meets another fate; one is new."""
    tasks = house.tasks
    house.finish(tasks[1], "2026-04-02")
    deciding.cancel(tasks[2], "Trùng", "9/TB-UBND", **house.decides("2026-04-03"))
    deciding.suspend(tasks[3], "Chờ", "10/TB-UBND", **house.decides("2026-04-03"))
    deciding.reopen(tasks[0], "Thiếu kết quả", "11/TB-UBND", **house.decides("2026-04-03"))
    return house.given("2026-04-02", "2026-05-05")


FATES = [Change.RETURNED, Change.DONE, Change.WITHDRAWN, Change.WITHDRAWN]


def test_the_difference_to_today_is_told_task_by_task(house):
    made = house.close()
    assert difference_since(made, day("2026-03-31"), today=LATER).rows == []
    everything_happens(house)
    found = difference_since(made, day("2026-04-05"), today=LATER)
    assert {row.assignment_id: row.change for row in found.rows} == dict(
        zip((one.id for one in house.tasks), FATES, strict=False)
    )


def test_two_days_differ_by_just_what_is_told(house):
    new = everything_happens(house)
    one, other = day("2026-03-31"), day("2026-04-05")
    found = difference(Scope(house.province), one, other, today=LATER)
    before, after = (figures(Scope(house.province), each, today=LATER).tally for each in (one, other))
    for box in Box:
        assert getattr(after, box.value) - getattr(before, box.value) == found.grown[box]
    assert {row.assignment_id: row.change for row in found.rows}[new.id] is Change.NEW
    assert found.by_change == {Change.NEW: 1, Change.WITHDRAWN: 2, Change.DONE: 1, Change.RETURNED: 1}


def test_a_moved_deadline_and_one_that_passed_are_told_apart(house):
    moved = house.tasks[1]
    told = {"by": house.leader, "now": at("2026-03-19 08:00"), "policy": POLICY}
    ask_extension(moved, date(2026, 4, 20), "Chờ số liệu", **told)
    deciding.decide_extension(moved, True, note="Đồng ý", **house.decides("2026-03-20"))
    found = difference(Scope(house.province), day("2026-03-18"), day("2026-03-31"), today=LATER)
    assert found.by_change == {Change.MOVED: 1, Change.FELL_OVERDUE: 5}


def test_the_terminal_closes_and_compares(house):
    def run(*arguments):
        return CliRunner().invoke(commands, [*arguments])

    code = house.province.code
    made = json.loads(run("close", "--unit", code, "--period", MARCH.code, "--json").output)
    assert made["figures"]["total"] == 7
    assert isinstance(run("close", "--unit", code, "--period", MARCH.code).exception, Invalid)
    assert "(bản 2)" in run("close", "--unit", code, "--period", MARCH.code, "--reason", "Sửa").output
    everything_happens(house)
    two = ("compare", "--unit", code, "--from", "2026-03-31", "--to", "2026-04-05")
    said = json.loads(run(*two, "--json").output)
    assert said["changes"] == {"new": 1, "withdrawn": 2, "done": 1, "returned": 1}
    assert said["rows"][0].keys() == {"assignment", "unit", "content", "directive", "change", "before", "after"}
    assert "Giao mới\tXã An Bình" in run(*two).output
    assert "Đã hoàn thành\tXã An Bình" in run("compare", "--closed", made["number"]).output
    assert run("compare", "--unit", code).exit_code == 2
    assert isinstance(run("compare", "--closed", "BC-1").exception, NotFound)


@pytest.fixture
def recent(browser):
    """Work given 40 days ago of which some is overdue; a person may close the time up to a week ago."""
    province = a_province()
    commune = a_commune(province)
    issuer, leader = somebody(province, Role.ISSUER), somebody(commune, Role.COMMUNE_LEADER)
    start = today() - timedelta(days=40)
    paper = a_directive(province, "77/KH-UBND", issued_on=start)
    given = [
        an_assignment(commune, issuer, due=str(today() + timedelta(n)), on=at(f"{start} 08:00"), directive=paper)
        for n in (-20, -3, 5)
    ]
    period_of_work = f"start={start}&as_of={today() - timedelta(days=7)}"
    return {"issuer": issuer, "leader": leader, "commune": commune, "given": given, "asked": period_of_work}


def test_a_person_closes_a_period_and_reads_what_differs(recent, browser):
    browser.acts_as(recent["issuer"])
    browser.get(f"/reports?{recent['asked']}")
    browser.click("Chốt số liệu kỳ này")
    page = browser.submit("Chốt số liệu")
    assert "Bản chốt BC-" in page.heading and "Còn nguyên như khi chốt" in page
    assert "Hiện nay khác 1 nhiệm vụ" in page and "Chuyển thành quá hạn" in page
    assert len(browser.click("Chưa hoàn thành, quá hạn").rows()) == 1
    browser.get("/reports/closed")
    browser.click("BC-")
    browser.click("Chốt lại")
    assert browser.submit("Chốt số liệu", expect=422).complaints_shown()
    assert "(bản 2)" in browser.submit("Chốt số liệu", reason="Thêm nhiệm vụ").text
    assert "Kỳ này đã chốt" in browser.get(f"/reports?{recent['asked']}").text


def test_a_stranger_finds_no_closed_period_of_others(recent, browser):
    browser.acts_as(recent["issuer"]).get(f"/reports/closed/new?{recent['asked']}")
    made = browser.submit("Chốt số liệu").url
    other = somebody(a_commune(a_province("P2", "Tỉnh Khác"), "C9", "Xã Khác"), Role.COMMUNE_LEADER)
    for who in (other, recent["leader"]):
        browser.acts_as(who).get(made, expect=404)
        browser.get(f"{made}/rows", expect=404)
    assert "Chưa chốt báo cáo nào" in browser.get("/reports/closed").text


def test_two_days_are_compared_on_a_page(recent, browser):
    browser.acts_as(recent["leader"])
    page = browser.get(f"/reports/differences?earlier={today() - timedelta(days=30)}")
    assert "Chuyển thành quá hạn: 2" in page.text
    browser.get(f"/reports/differences?earlier={today()}&later={today() - timedelta(days=3)}", expect=422)
    browser.get("/reports/differences?later=31/12/2999", expect=422)
