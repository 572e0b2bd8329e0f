"""Figures of a period: what came over, what was given in it, everything; and each breakdown sums to the whole."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from builders import POLICY, a_commune, a_directive, a_document, a_province, an_assignment, at, somebody
from click.testing import CliRunner

from tracker.calendars.queries import working_calendar
from tracker.clock import today
from tracker.db import atomic
from tracker.errors import Invalid
from tracker.reports.commands import commands
from tracker.reports.queries import BREAKDOWNS, Scope, breakdown, figures, lateness, review_delays
from tracker.rules.access import Role
from tracker.rules.periods import Part, period
from tracker.rules.rates import Tally
from tracker.tasks.actions import ask_extension, report_progress, write_result
from tracker.tasks.deciding import cancel, confirm, decide_extension, suspend
from tracker.tasks.queries import Day

MAY = period("nd09-month:2026-05")
LATER = date(2026, 12, 31)


def day(on: str) -> Day:
    return Day(date.fromisoformat(on), working_calendar(), POLICY)


@pytest.fixture
def place(database):
    province = a_province()
    commune = a_commune(province)
    return {
        "province": province,
        "commune": commune,
        "issuer": somebody(province, Role.ISSUER),
        "leader": somebody(commune, Role.COMMUNE_LEADER),
        "paper": a_directive(province, "12/KH-UBND"),
    }


def given(place, on, due):
    return an_assignment(place["commune"], place["issuer"], due=due, on=at(f"{on} 08:00"), directive=place["paper"])


def finish(place, one, on):
    when = at(f"{on} 09:00")
    document = a_document(place["commune"])
    write_result(one, "Xong", [document], by=place["leader"], now=when, policy=POLICY)
    confirm(one, by=place["issuer"], now=when + timedelta(hours=2), policy=POLICY)


@pytest.fixture
def year(place):
    """Before May: one done, one open, one cancelled, one suspended. In May: one done, one open. Then another."""
    before = [given(place, "2026-03-02", due) for due in ("2026-03-31", "2026-04-20", "2026-06-30", "2026-06-30")]
    finish(place, before[0], "2026-03-20")
    told = {"by": place["issuer"], "now": at("2026-04-10 08:00"), "policy": POLICY}
    cancel(before[2], "Không còn phù hợp", "9/TB-UBND", **told)
    suspend(before[3], "Chờ hướng dẫn", "10/TB-UBND", **told)
    new = [given(place, "2026-04-15", "2026-05-10"), given(place, "2026-05-14", "2026-06-10")]
    finish(place, new[0], "2026-05-08")
    given(place, "2026-05-15", "2026-07-01")
    return place


@pytest.mark.usefixtures("database")
def test_a_period_counts_what_came_over_and_what_was_given_in_it(year):
    found = figures(Scope(year["commune"], period=MAY), day("2026-05-14"), today=LATER)
    carried, new, settled = (found.parts[p] for p in (Part.CARRIED_OVER, Part.IN_PERIOD, Part.SETTLED))
    assert (carried.total, carried.open_overdue, carried.excluded) == (1, 1, 1)
    assert (new.total, new.done_on_time) == (2, 1)
    assert (settled.total, settled.done, settled.excluded) == (1, 1, 1)
    assert found.tally == carried + new and found.cumulative.total == 4
    assert found.cumulative == figures(Scope(year["commune"]), day("2026-05-14"), today=LATER).tally
    assert "kỳ trước chuyển sang 1 nhiệm vụ; giao trong kỳ 2 nhiệm vụ" in found.sentence
    assert found.send_from == date(2026, 5, 15)


def test_the_terminal_says_a_period_and_its_breakdown_without_renaming_anything(year):
    def run(*arguments):
        return CliRunner().invoke(commands, [*arguments, "--unit", year["province"].code])

    plain = json.loads(run("figures", "--json", "--as-of", "2026-05-14").output)
    assert list(plain) == [
        *("unit", "as_of", "boxes", "total", "standing", "excluded", "upward", "targets", "rates", "sentence")
    ]
    said = json.loads(run("figures", "--json", "--period", MAY.code, "--by", "commune").output)
    assert set(plain) | {"period", "by", "lines"} == set(said)
    assert said["as_of"] == "2026-05-14" and said["total"] == 3
    columns = [said["period"][name]["total"] for name in ("carried_over", "in_period", "cumulative")]
    assert columns == [1, 2, 4]
    assert [(line["key"], line["total"]) for line in said["lines"]] == [(year["commune"].code, 3)]
    assert said["sentence"] in run("sentence", "--period", MAY.code).output
    assert "Xã An Bình\t1/3" in run("figures", "--period", MAY.code, "--by", "commune").output
    assert isinstance(run("figures", "--period", "2026").exception, Invalid)
    assert isinstance(run("figures", "--period", MAY.code, "--as-of", "2026-05-20").exception, Invalid)


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_every_breakdown_sums_to_the_whole(year, by):
    for scope in (Scope(year["province"]), Scope(year["province"], period=MAY)):
        lines = breakdown(scope, day("2026-05-14"), by, today=LATER)
        assert sum((line.tally for line in lines), Tally()) == figures(scope, day("2026-05-14"), today=LATER).tally


def test_a_cause_is_that_of_the_last_report_by_the_day(place):
    one = given(place, "2026-03-02", "2026-03-20")
    for on, cause in (("2026-03-25", "finance"), ("2026-04-02", "objective")):
        told = {"by": place["leader"], "now": at(f"{on} 23:30"), "policy": POLICY}
        report_progress(one, "Chưa xong", cause, **told)
    scope = Scope(place["province"])

    def keys(on, now):
        return [line.key for line in breakdown(scope, day(on), "cause", today=now)]

    assert keys("2026-03-24", LATER) == [""]
    assert keys("2026-04-01", LATER) == ["finance"]
    assert keys("2026-04-02", LATER) == keys("2026-04-02", date(2026, 4, 2)) == ["objective"]


def test_beside_the_rate_stand_days_late_causes_and_extensions(place):
    late, extended = given(place, "2026-03-02", "2026-03-20"), given(place, "2026-03-02", "2026-03-20")
    leader = {"by": place["leader"], "now": at("2026-03-19 08:00"), "policy": POLICY}
    report_progress(late, "Mưa lũ", "objective", **leader)
    ask_extension(extended, date(2026, 4, 20), "Chờ số liệu", **leader)
    decide_extension(extended, True, note="Đồng ý", by=place["issuer"], now=at("2026-03-20 08:00"), policy=POLICY)
    found = lateness(Scope(place["province"]), day("2026-03-30"), today=LATER)[place["commune"].id]
    assert (found.late, found.median_days, found.objective, found.extensions) == (1, 10, 1, 1)
    before = lateness(Scope(place["province"]), day("2026-03-19"), today=LATER)
    assert before == {}


def test_the_province_sees_how_long_results_wait_for_itself(place):
    decided, waiting = given(place, "2026-03-02", "2026-03-20"), given(place, "2026-03-02", "2026-03-20")
    for one in (decided, waiting):
        document = a_document(place["commune"])
        told = {"by": place["leader"], "now": at("2026-03-12 08:00"), "policy": POLICY}
        write_result(one, "Xong", [document], **told)
    confirm(decided, by=place["issuer"], now=at("2026-03-17 08:00"), policy=POLICY)
    [found] = review_delays(place["province"].path, day("2026-03-19"))
    assert (found.unit.id, found.decided, found.waiting) == (place["province"].id, [3], [5])
    assert (found.median, found.in_time.percent, found.long_waiting, found.oldest) == (3, 100, 1, 5)
    [earlier] = review_delays(place["province"].path, day("2026-03-16"))
    assert (earlier.decided, earlier.waiting) == ([], [2, 2])


@pytest.fixture
def house(browser, place):
    """Work that began long before today, some of it done; today is the real one."""
    ago = today() - timedelta(days=80)
    paper = a_directive(place["province"], "77/KH-UBND", issued_on=ago)
    with atomic():
        paper.field = "Chuyển đổi số"
    for days in (-60, -40, -20, 10):
        due, start = str(today() + timedelta(days=days)), at(f"{ago} 08:00")
        one = an_assignment(place["commune"], place["issuer"], due=due, on=start, directive=paper)
        if days in (-60, -40):
            finish(place, one, str(today() + timedelta(days=days + 5)))
    new = at(f"{today() - timedelta(days=30)} 08:00")
    an_assignment(place["commune"], place["issuer"], due=None, on=new, directive=paper)
    return place


def _numbers(page):
    """Every number that is a link to a list, with its address."""
    for link in page.all("a"):
        words = "".join(link.itertext()).strip()
        href = link.get("href", "")
        if words.replace(".", "").isdigit() and href.startswith("/assignments?"):
            yield int(words.replace(".", "")), href


@pytest.mark.parametrize("by", BREAKDOWNS)
@pytest.mark.parametrize("back", [0, 35])
def test_every_number_of_a_report_opens_the_list_it_counts(house, browser, by, back):
    browser.acts_as(house["issuer"])
    as_of, start = today() - timedelta(days=back), today() - timedelta(days=50)
    page = browser.get(f"/reports?by={by}&start={start}&as_of={as_of}")
    numbers = sorted(set(_numbers(page)))
    assert len(numbers) >= 6
    for number, href in numbers:
        found = browser.get(href)
        assert len(found.rows()) == number, href
        assert ("Danh sách như vào hết ngày" in found) == (back > 0)


def test_the_list_of_a_past_day_shows_what_was_so_then(house, browser):
    browser.acts_as(house["issuer"])
    as_of = today() - timedelta(days=70)
    page = browser.get(f"/assignments?as_of={as_of}&box=open_in_term")
    assert len(page.rows()) == 4 and "Quá hạn" not in "".join(cell for row in page.rows() for cell in row)
    browser.click("Xem danh sách hiện nay")
    assert browser.get(f"/assignments.xlsx?as_of={as_of}&box=open_in_term").data.startswith(b"PK")


def test_a_report_offers_periods_and_keeps_the_one_chosen(house, browser):
    browser.acts_as(house["issuer"]).get("/reports")
    code = f"first:{today().year}-{today().month:02}"
    page = browser.submit("Xem", period=code, by="week")
    assert "tháng đầu năm" in page.text or "Năm" in page.text
    assert "Kỳ trước chuyển sang" in page.text and "Lũy kế" in page.text
    browser.get("/reports?period=x", expect=422)
    browser.get(f"/reports?period={code}&start={today()}", expect=422)


def test_communes_stand_against_tasks_and_beside_the_province_itself(house, browser):
    browser.acts_as(house["issuer"])
    page = browser.get("/communes-by-task")
    assert "Q" in page.text and "Quá hạn" in page.text and "An Bình" in page.text
    cell = next(one for one in page.all("a") if one.get("title") == "Quá hạn")
    assert len(browser.get(cell.get("href")).rows()) == 1
    assert "Thời gian duyệt của cấp giao" in browser.get("/communes").text
    browser.acts_as(house["leader"]).get("/communes-by-task", expect=403)
