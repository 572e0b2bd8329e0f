"""Lists and their counts: every number is the length of the list it opens, and nobody sees another's rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import POLICY, a_commune, a_document, a_province, an_assignment, at, somebody

from tracker.calendars.queries import working_calendar
from tracker.errors import Invalid, NotFound
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.tasks.actions import receive, write_result
from tracker.tasks.deciding import send_back
from tracker.tasks.giving import add_task, assign
from tracker.tasks.queries import SORTS, VIEWS, Day, Filters, assignment, listing, view_counts

TODAY = date(2026, 6, 22)

pytestmark = pytest.mark.usefixtures("database")


def _a_busy_province():
    province = a_province()
    communes = [a_commune(province, f"C{n}", name) for n, name in enumerate(("Xã An Bình", "Xã Đường Hoa"))]
    issuer = somebody(province, Role.ISSUER)
    for unit in communes:
        leader = somebody(unit, Role.COMMUNE_LEADER)
        for days in (-40, -3, 0, 1, 5, 8, 60):
            an_assignment(unit, issuer, due=str(TODAY + timedelta(days=days)))
        an_assignment(unit, issuer, due=None, kind=Kind.STANDING)
        an_assignment(unit, issuer, due=None)
        late_return = an_assignment(unit, issuer, due=str(TODAY + timedelta(days=90)))
        sent = an_assignment(unit, issuer, due=str(TODAY + timedelta(days=2)))
        for one in (late_return, sent):
            write_result(one, "Xong", [a_document(unit)], by=leader, now=at("2026-06-01 08:00"), policy=POLICY)
        send_back(late_return, "Thiếu", by=issuer, now=at("2026-06-02 08:00"), policy=POLICY)
        receive(an_assignment(unit, issuer, due="2026-07-01"), by=leader, now=at("2026-06-01 08:00"), policy=POLICY)
    return issuer, communes


def _day():
    return Day(TODAY, working_calendar(), POLICY)


@pytest.mark.parametrize("filters", [Filters(), Filters(text="duong hoa"), Filters(due_until=date(2026, 6, 30))])
def test_every_view_counts_the_rows_that_it_lists(filters):
    issuer, communes = _a_busy_province()
    for user in (issuer, somebody(communes[0], Role.COMMUNE_OFFICER)):
        counts = view_counts(user, filters, _day())
        for view in VIEWS:
            narrowed = Filters(**{**vars(filters), "view": view})
            assert counts[view] == len(listing(user, narrowed, _day(), limit=None)), view


def test_every_order_lists_the_same_rows():
    issuer, _ = _a_busy_province()
    expected = {row.id for row in listing(issuer, Filters(), _day(), limit=None)}
    for sort in SORTS:
        for descending in (False, True):
            rows = listing(issuer, Filters(), _day(), sort=sort, descending=descending, limit=None)
            assert {row.id for row in rows} == expected


def test_pages_neither_repeat_nor_lose_a_row():
    issuer, _ = _a_busy_province()
    whole = [row.id for row in listing(issuer, Filters(), _day(), limit=None)]
    parts = [row.id for start in (0, 10, 20) for row in listing(issuer, Filters(), _day(), limit=10, offset=start)]
    assert parts == whole


def test_a_commune_sees_its_own_and_a_stranger_gets_not_found():
    issuer, communes = _a_busy_province()
    mine = somebody(communes[0], Role.COMMUNE_LEADER)
    rows = listing(mine, Filters(), _day(), limit=None)
    assert {row.unit_name for row in rows} == {"Xã An Bình"}
    other = next(row for row in listing(issuer, Filters(), _day(), limit=None) if row.unit_name != "Xã An Bình")
    with pytest.raises(NotFound):
        assignment(mine, other.id)
    elsewhere = somebody(a_province("P2", "Tỉnh Khác"), Role.MONITOR)
    assert listing(elsewhere, Filters(), _day(), limit=None) == []


def test_a_coordinating_unit_sees_the_task_apart_and_never_counts_it():
    issuer, communes = _a_busy_province()
    helper = somebody(communes[1], Role.COMMUNE_LEADER)
    before = view_counts(helper, Filters(), _day())["all"]
    first = next(row for row in listing(issuer, Filters(), _day(), limit=None) if row.unit_name == "Xã An Bình")
    directive = assignment(issuer, first.id).task.directive
    task = add_task(
        directive,
        content="Cùng làm",
        kind=Kind.UNDATED,
        coordinators=[communes[1]],
        by=issuer,
        now=at("2026-06-01 08:00"),
    )
    assign([task], [communes[0]], by=issuer, now=at("2026-06-01 08:00"))
    assert [row.content for row in listing(helper, Filters(view="helping"), _day())] == ["Cùng làm"]
    assert view_counts(helper, Filters(), _day())["all"] == before


def test_a_province_cannot_assign_to_another_province():
    issuer, _ = _a_busy_province()
    first = listing(issuer, Filters(), _day(), limit=1)[0]
    task = assignment(issuer, first.id).task
    stranger = a_commune(a_province("P2", "Tỉnh Khác"), "C9")
    with pytest.raises(Invalid):
        assign([task], [stranger], by=issuer, now=at("2026-06-01 08:00"))
