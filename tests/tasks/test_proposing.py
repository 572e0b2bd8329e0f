"""A commune's proposal becomes a department's work: the same life and clock, counted apart."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from builders import POLICY, a_document, at, somebody
from places import NOW, Place

from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.errors import Forbidden, Invalid, NotFound, Refused
from tracker.reports.queries import Scope, figures
from tracker.rules.access import Role
from tracker.tasks import actions, deciding, proposing, queries
from tracker.tasks.models import Assignment, Proposal
from tracker.tasks.proposing import Wish
from tracker.tasks.queries import Day, Filters
from tracker.units.actions import add_unit
from tracker.units.models import Unit

WISH = Wish("Bố trí biên chế công nghệ thông tin cho xã", "212/BC-UBND", date(2026, 3, 10), deliverable="Văn bản")
TODAY = at("2026-03-16 10:00")
APRIL = date(2026, 4, 15)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    place = Place()
    place.department = add_unit("so-nv", "Sở Nội vụ", "department", place.province, by=None, now=NOW)
    place.head = somebody(place.department, Role.COMMUNE_LEADER, "Giám đốc")
    return place


def accepted(place, due_on=APRIL) -> Assignment:
    proposal = proposing.propose_upward(WISH, by=place.leader, now=TODAY)
    proposing.accept_proposal(proposal, place.department, due_on, by=place.issuer, now=TODAY)
    return db.session.query(Assignment).filter_by(task_id=proposal.task_id).one()


def tally(unit_id, on=date(2026, 3, 16)):
    day = Day(on, working_calendar(), POLICY)
    return figures(Scope(db.session.get(Unit, unit_id)), day, today=TODAY.date())


def test_an_accepted_proposal_is_the_work_of_a_department_followed_by_the_province(place):
    one = accepted(place)
    assert (one.upward, one.unit_id, one.assigner_id) == (True, place.department.id, place.province.id)
    assert one.task.directive.doc_symbol == "212/BC-UBND" and one.task.directive.issuer_id == place.commune.id
    actions.write_result(one, "Đã bố trí", [a_document(place.department)], by=place.head, now=TODAY, policy=POLICY)
    with pytest.raises(Forbidden):
        deciding.confirm(one, by=place.leader, now=TODAY, policy=POLICY)
    deciding.confirm(one, by=place.issuer, now=TODAY, policy=POLICY)
    assert (one.state, one.completed_due) == ("completed", APRIL)


def test_the_commune_sees_what_became_of_it_and_strangers_do_not(place):
    one = accepted(place)
    assert queries.assignment(place.leader, one.id) is one
    with pytest.raises(NotFound):
        queries.assignment(place.stranger, one.id)
    assert [sent.assignment for sent in queries.proposals(place.leader)] == [one]


def test_what_goes_upward_is_counted_apart(place):
    place.given()
    accepted(place)
    found = tally(place.province.id)
    assert (found.tally.total, found.upward.total) == (1, 1)
    assert tally(place.commune.id).upward.total == 1 and tally(place.commune.id).tally.total == 1
    assert tally(place.department.id).tally.total == 0 and tally(place.department.id).upward.total == 1
    assert tally(place.stranger.unit_id).upward.total == 0
    assert found.as_json()["upward"] == {"done": 0, "overdue": 0, "total": 1}
    assert found.as_json()["total"] == 1


def test_lists_from_figures_hold_what_the_figures_count(place):
    place.given()
    accepted(place)
    day = Day(TODAY.date(), working_calendar(), POLICY)
    for upward in (False, True):
        rows = queries.listing(place.issuer, Filters(box="open_in_term", upward=upward), day)
        assert [row.upward for row in rows] == [upward]


def test_earlier_days_keep_their_figures(place):
    accepted(place)
    assert tally(place.province.id, date(2026, 3, 15)).upward.total == 0


def test_proposals_of_one_paper_share_it(place):
    accepted(place)
    wish = Wish("Nâng cấp đường truyền", "212/BC-UBND", date(2026, 3, 10))
    second = proposing.propose_upward(wish, by=place.officer, now=TODAY)
    proposing.accept_proposal(second, place.department, None, by=place.issuer, now=TODAY)
    papers = {one.task.directive_id for one in db.session.query(Assignment)}
    assert len(papers) == 1


def test_what_cannot_be_is_refused(place):
    proposal = proposing.propose_upward(WISH, by=place.leader, now=TODAY)
    for error, go in [
        (Invalid, lambda: proposing.propose_upward(Wish("A", "1/M-UBND", APRIL), by=place.leader, now=TODAY)),
        (Forbidden, lambda: proposing.propose_upward(WISH, by=place.issuer, now=TODAY)),
        (Invalid, lambda: proposing.refuse_proposal(proposal, "", by=place.issuer, now=TODAY)),
        (Invalid, lambda: proposing.accept_proposal(proposal, place.commune, APRIL, by=place.issuer, now=TODAY)),
        (Invalid, lambda: accept_yesterday(place, proposal)),
        (NotFound, lambda: proposing.withdraw_proposal(proposal, by=place.stranger, now=TODAY)),
        (Forbidden, lambda: proposing.refuse_proposal(proposal, "Không", by=place.leader, now=TODAY)),
    ]:
        with pytest.raises(error):
            go()
    proposing.withdraw_proposal(proposal, by=place.leader, now=TODAY)
    with pytest.raises(Refused):
        proposing.accept_proposal(proposal, place.department, APRIL, by=place.issuer, now=TODAY)


def accept_yesterday(place, proposal):
    proposing.accept_proposal(proposal, place.department, date(2026, 3, 15), by=place.issuer, now=TODAY)


def test_a_proposal_goes_up_and_its_answer_comes_down_by_the_pages(browser, place):
    browser.acts_as(place.leader).get("/assignments")
    browser.click("Kiến nghị")
    browser.get("/proposals/new")
    assert set(browser.submit("Gửi lên tỉnh", doc_on="1/4/2026", expect=422).complaints_shown()) >= {"content"}
    page = browser.submit(
        "Gửi lên tỉnh", content="Bố trí biên chế", doc_symbol="212/BC-UBND", doc_on="10/3/2026",
        wanted_unit_id=place.department.id,
    )  # fmt: skip
    assert "Chờ trả lời" in page and "Sở Nội vụ" in page
    browser.acts_as(place.issuer).get("/proposals")
    browser.click("Bố trí biên chế")
    assert set(browser.submit("Giao giải quyết", unit_id="", expect=422).complaints_shown()) == {"unit_id"}
    page = browser.submit("Giao giải quyết", unit_id=place.department.id, due_on="15/4/2026")
    assert "Đã trả lời kiến nghị." in page and "15/04/2026" in page
    page = browser.acts_as(place.leader).get("/proposals")
    assert "giải quyết: Sở Nội vụ" in page
    page = browser.click("Bố trí biên chế")
    assert page.heading == "Bố trí biên chế"
    page = browser.acts_as(place.head).get("/assignments")
    assert "kiến nghị của xã" in page
    page = browser.acts_as(place.issuer).get("/reports")
    assert "Kiến nghị, đề xuất của xã, tính riêng: 1, đã giải quyết 0, quá hạn 0." in page


def test_a_proposal_is_refused_with_a_reason_or_taken_back(browser, place):
    for content in ("Mua máy tính", "Sửa trụ sở"):
        proposing.propose_upward(Wish(content, "212/BC-UBND", date(2026, 3, 10)), by=place.leader, now=TODAY)
    browser.acts_as(place.issuer).get("/proposals")
    browser.click("Mua máy tính")
    assert set(browser.submit("Không tiếp thu", expect=422).complaints_shown()) == {"reason"}
    assert "Không tiếp thu" in browser.submit("Không tiếp thu", reason="Ngoài dự toán")
    browser.acts_as(place.leader).get("/proposals")
    two = db.session.query(Proposal).filter_by(content="Sửa trụ sở").one()
    assert "Đã rút kiến nghị." in browser.submit(f"/proposals/{two.id}/withdrawal")
