"""How the province gives work by its pages: a task with a confirmed date, the fan-out with its check, targets."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from builders import a_directive, a_province, somebody
from places import NOW, Place

from tracker.db import db
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.tasks import giving
from tracker.tasks.models import Assignment, FanOut, Target, TargetReading, Task


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    return Place()


@pytest.fixture
def directive(place):
    return a_directive(place.province)


def test_the_due_date_is_said_in_words_and_counts_only_when_confirmed(browser, place, directive):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/tasks")
    page = browser.submit("Lưu", content="Lập danh sách", due_text="trước ngày 21/3", due_on="21/3")
    assert "Hạn: thứ Bảy, 21/03/2026 (còn 5 ngày)" in page and "thứ Hai, 23/03/2026" in page
    assert db.session.query(Task).count() == 0
    browser.submit("Xác nhận hạn, lưu")
    task = db.session.query(Task).one()
    assert (task.due_text, task.due_on) == ("trước ngày 21/3", date(2026, 3, 21))


def test_a_wording_alone_proposes_its_date_and_is_compared_with_a_typed_one(browser, place, directive):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/tasks")
    page = browser.submit("Lưu", content="Lập danh sách", due_text="trong quý II/2026")
    assert "Hạn: thứ Ba, 30/06/2026" in page
    page = browser.submit("Xác nhận hạn, lưu", due_on="25/6/2026")
    assert "Lời văn được đọc là thứ Ba, 30/06/2026" in page and db.session.query(Task).count() == 0
    browser.submit("Xác nhận hạn, lưu")
    assert db.session.query(Task).one().due_on == date(2026, 6, 25)


def test_a_recurring_task_says_its_next_dates_and_is_given_occurrence_by_occurrence(browser, place, directive):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/tasks")
    page = browser.submit("Lưu", content="Báo cáo tháng", kind="recurring", recurrence="month")
    assert "ngày 14 hằng tháng" in page and "14/04/2026, 14/05/2026, 14/06/2026" in page
    browser.submit("Xác nhận hạn, lưu")
    task = db.session.query(Task).one()
    assert (task.kind, task.recurrence, task.due_on) == ("recurring", "FREQ=MONTHLY;BYMONTHDAY=14", None)
    browser.get(f"/directives/{directive.id}/assignments")
    browser.submit("Kiểm tra", tasks=[task.id], units=[place.commune.id])
    browser.submit("Giao")
    one = db.session.query(Assignment).one()
    assert (one.occurrence, one.due_on) == ("2026-04-14", date(2026, 4, 14))
    assert "Kỳ 14/04/2026" in browser.acts_as(place.leader).get(f"/assignments/{one.id}")


def test_a_recurring_task_without_a_rhythm_is_complained_of(browser, place, directive):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/tasks")
    page = browser.submit("Lưu", content="Báo cáo", kind="recurring", due_text="khi có yêu cầu", expect=422)
    assert set(page.complaints_shown()) == {"recurrence"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": "scheduled", "due_on": "24/6/2026"}, "Hạn: thứ Tư, 24/06/2026 (còn 100 ngày)"),
        ({"kind": "scheduled", "due_text": "sau khi có hướng dẫn"}, "Nhiệm vụ không có thời hạn"),
        ({"kind": "scheduled", "due_text": "31/6/2026"}, "không có trong lịch"),
        ({"kind": "scheduled", "due_on": "31/6"}, "không có trong lịch"),
        ({"kind": "recurring", "due_text": "ngày 25 hằng tháng"}, "25/03/2026, 25/04/2026"),
        ({"kind": "standing"}, ""),
    ],
)
def test_the_deadline_is_said_back_while_it_is_typed(browser, place, directive, said, words):
    browser.acts_as(place.issuer).get("/directives")
    page = browser.get(f"/directives/{directive.id}/tasks/deadline", query_string=said, fragment=True)
    assert words in page


def test_another_date_after_the_confirmation_is_confirmed_anew(browser, place, directive):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/tasks")
    browser.submit("Lưu", content="Lập danh sách", due_on="21/3")
    page = browser.submit("Xác nhận hạn, lưu", due_on="25/3")
    assert "25/03/2026" in page and db.session.query(Task).count() == 0


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"content": "", "due_on": "31/2"}, {"content", "due_on"}),
        ({"content": "Việc"}, {"due_on"}),
        ({"content": "Việc", "kind": "standing", "due_on": "20/3/2026", "confirmed": "2026-03-20"}, {"due_on"}),
        ({"content": "Việc", "due_on": "1/1/2026", "confirmed": "2026-01-01"}, {"due_on"}),
        ({"content": "Việc", "kind": "zzz"}, {"kind"}),
    ],
)
def test_a_wrong_task_is_complained_of_at_its_fields(browser, place, directive, values, fields):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/tasks")
    values = {"kind": "scheduled", **values}
    page = browser.post(f"/directives/{directive.id}/tasks", values, expect=422)
    assert set(page.complaints_shown()) == fields and db.session.query(Task).count() == 0


def a_task(browser, place, directive, due="20/3"):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/tasks")
    browser.submit("Lưu", content="Lập danh sách", due_on=due)
    browser.submit("Xác nhận hạn, lưu")
    return db.session.query(Task).order_by(Task.id.desc()).first()


def test_a_fan_out_is_checked_then_done_then_undone(browser, place, directive):
    task = a_task(browser, place, directive, due="21/3")
    browser.get(f"/directives/{directive.id}/assignments")
    page = browser.submit("Kiểm tra", tasks=[task.id], scope="all")
    assert "1 việc × 2 đơn vị = 2" in page and "Hạn vào ngày nghỉ" in page
    assert db.session.query(Assignment).count() == 0
    page = browser.submit("Giao")
    assert "hoàn tác" in page and db.session.query(Assignment).count() == 2
    browser.get(f"/directives/{directive.id}/assignments")
    assert "2 lượt giao được rút lại" in browser.submit("Hoàn tác")
    assert db.session.query(Assignment).count() == 0


def test_after_fifteen_minutes_undoing_is_neither_offered_nor_done(browser, place, directive):
    task = a_task(browser, place, directive)
    browser.get(f"/directives/{directive.id}/assignments")
    browser.submit("Kiểm tra", tasks=[task.id], units=[place.commune.id])
    browser.submit("Giao")
    fan_out = db.session.query(FanOut).one()
    with time_machine.travel(NOW.replace(minute=16), tick=False):
        page = browser.acts_as(place.issuer).get(f"/directives/{directive.id}/assignments")
        assert "Hoàn tác" not in page
        assert "15 phút" in browser.post(f"/fan-outs/{fan_out.id}/undoing")
    assert db.session.query(Assignment).count() == 1


def test_nothing_chosen_is_complained_of(browser, place, directive):
    a_task(browser, place, directive)
    browser.get(f"/directives/{directive.id}/assignments")
    page = browser.submit("Kiểm tra", expect=422)
    assert set(page.complaints_shown()) == {"tasks", "scope"}


def test_what_is_already_given_is_refused_in_words(browser, place, directive):
    task = a_task(browser, place, directive)
    for expect in (200, 409):
        browser.get(f"/directives/{directive.id}/assignments")
        browser.submit("Kiểm tra", tasks=[task.id], units=[place.commune.id])
        browser.submit("Giao", expect=expect)


def test_a_star_shines_on_the_assignment(browser, place, directive):
    task = a_task(browser, place, directive)
    browser.get(f"/directives/{directive.id}/assignments")
    browser.submit("Kiểm tra", tasks=[task.id], units=[place.commune.id])
    browser.submit("Giao")
    one = db.session.query(Assignment).one()
    browser.get(f"/assignments/{one.id}")
    assert "Đã gắn sao." in browser.submit("Gắn sao")
    assert "Đã bỏ sao." in browser.submit("Bỏ sao")
    assert len(browser.get("/assignments?starred=1").rows()) == 0


def test_another_province_finds_no_directive_task_or_fan_out(browser, place, directive):
    other = somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER)
    browser.acts_as(other).get("/assignments")
    for noun in ("tasks", "assignments", "targets"):
        for method in ("GET", "POST"):
            assert browser.knock(method, f"/directives/{directive.id}/{noun}") == 404
    assert browser.knock("POST", "/tasks/1/star") == browser.knock("POST", "/fan-outs/1/undoing") == 404


@pytest.mark.parametrize("who", ["leader", "officer"])
def test_units_give_no_work(browser, place, directive, who):
    browser.acts_as(getattr(place, who))
    assert browser.knock("GET", f"/directives/{directive.id}/assignments") == 403


def test_a_target_is_set_and_read_and_met(browser, place, directive):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/targets")
    browser.submit("Giao chỉ tiêu", content="Tỷ lệ hồ sơ trực tuyến", goal="98,5", measure="%", scope="all")
    assert db.session.query(Target).count() == 2
    target = db.session.query(Target).filter_by(unit_id=place.commune.id).one()
    page = browser.acts_as(place.officer).get("/targets")
    assert "Chưa có số liệu" in page and "Sơn Hà" not in page
    browser.click("Ghi số liệu")
    page = browser.submit("Lưu", value="99,25")
    assert "Đạt 1/1 (100%)" in page and "99,25" in page
    assert db.session.query(TargetReading).one().met
    browser.acts_as(place.stranger)
    assert browser.knock("POST", f"/targets/{target.id}/readings") == 404


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"as_of": "", "value": ""}, {"as_of"}),
        ({"as_of": "1/4/2026", "value": "1"}, {"as_of"}),
        ({"as_of": "1/3/2026", "value": ""}, {"value"}),
        ({"as_of": "1/3/2026", "value": "99.89"}, {"value"}),
        ({"as_of": "1/3/2026", "value": "nhiều"}, {"value"}),
    ],
)
def test_a_wrong_reading_is_complained_of_at_its_field(browser, place, directive, values, fields):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/targets")
    browser.submit("Giao chỉ tiêu", content="Tỷ lệ", goal="1.000", scope="all")
    target = db.session.query(Target).filter_by(unit_id=place.commune.id).one()
    browser.acts_as(place.officer).get(f"/targets/{target.id}/readings")
    page = browser.submit("Lưu", expect=422, **values)
    assert set(page.complaints_shown()) == fields


def test_a_target_without_units_or_goal_is_complained_of(browser, place, directive):
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/targets")
    page = browser.submit("Giao chỉ tiêu", content="Tỷ lệ", goal="", expect=422)
    assert set(page.complaints_shown()) == {"goal"}
    page = browser.submit("Giao chỉ tiêu", content="Tỷ lệ", goal="5", scope="", expect=422)
    assert set(page.complaints_shown()) == {"units"}


def a_duty(place, directive):
    task = giving.add_task(
        directive,
        content="Báo cáo tháng",
        kind=Kind.RECURRING,
        recurrence="FREQ=MONTHLY;BYMONTHDAY=14",
        by=place.issuer,
        now=NOW,
    )
    giving.assign([task], [place.commune], by=place.issuer, now=NOW)
    return task


def test_a_recurring_duty_has_a_page_where_its_rhythm_changes_and_ends(browser, place, directive):
    task = a_duty(place, directive)
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}")
    page = browser.click("Định kỳ")
    assert "ngày 14 hằng tháng" in page and ["Xã An Bình", "16/03/2026", "–", "1"] in page.rows()
    page = browser.submit("Đổi nhịp", words="ngày 25 hằng tháng", document="9/UBND ngày 16/3/2026")
    assert "Đã đổi nhịp cho 1 đơn vị" in page and "ngày 25 hằng tháng" in page
    days = [(one.due_on.day, one.state) for one in db.session.query(Assignment).order_by(Assignment.due_on)]
    assert days == [(25, "assigned"), (14, "cancelled")]
    page = browser.submit("Kết thúc định kỳ", last_on="31/3/2026", end_document="10/UBND")
    assert "Đã kết thúc nhiệm vụ định kỳ ở 1 đơn vị" in page and "31/03/2026" in page
    assert db.session.get(Task, task.id).recurrence == "FREQ=MONTHLY;BYMONTHDAY=25"


def test_a_wrong_rhythm_or_end_is_complained_of(browser, place, directive):
    task = a_duty(place, directive)
    browser.acts_as(place.issuer).get(f"/tasks/{task.id}/series")
    page = browser.submit("Đổi nhịp", words="khi có yêu cầu", document="9/UBND", expect=422)
    assert set(page.complaints_shown()) == {"words"}
    assert "trùng" in browser.submit("Đổi nhịp", recurrence="month", document="9/UBND", expect=409)
    page = browser.submit("Kết thúc định kỳ", last_on="31/2", end_document="", expect=422)
    assert set(page.complaints_shown()) == {"last_on", "end_document"}
    page = browser.submit("Kết thúc định kỳ", last_on="31/3/2026", end_document="", expect=422)
    assert set(page.complaints_shown()) == {"end_document"} and 'value="31/3/2026"' in page.html
    once = place.given()
    assert browser.knock("GET", f"/tasks/{once.task_id}/series") == 404
