"""The figures of a day: the sentence of the real reports, and the SQL twin equal to the rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from builders import (
    POLICY,
    a_commune,
    a_directive,
    a_document,
    a_province,
    an_assignment,
    at,
    somebody,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.reports import queries
from tracker.rules import deadlines
from tracker.rules.access import Role
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.lifecycle import Kind, State
from tracker.tasks import standing
from tracker.tasks.actions import report_progress, write_result
from tracker.tasks.deciding import confirm, send_back
from tracker.tasks.giving import read_target, set_target
from tracker.tasks.queries import Day

CUTOFF = date(2026, 5, 17)


def figures(unit, as_of, policy, *, today=date(2026, 12, 31)):
    return queries.figures(queries.Scope(unit), Day(as_of, working_calendar(), policy), today=today)


def _finish(assignment, leader, issuer, unit, when):
    write_result(assignment, "Đã xong", [a_document(unit)], by=leader, now=when, policy=POLICY)
    confirm(assignment, by=issuer, now=when + timedelta(hours=2), policy=POLICY)


@pytest.mark.usefixtures("database")
def test_vinh_thong_ten_tasks_four_done_prints_the_sentence_of_its_report():
    province = a_province()
    commune = a_commune(province, name="Xã Vĩnh Thông")
    issuer, leader = somebody(province, Role.ISSUER), somebody(commune, Role.COMMUNE_LEADER)
    directive = a_directive(province, "5426/UBND-KGVX")
    given_ones = [an_assignment(commune, issuer, due="2026-06-30", directive=directive) for _ in range(10)]
    for assignment in given_ones[:4]:
        _finish(assignment, leader, issuer, commune, at("2026-04-10 09:00"))
    found = figures(commune, CUTOFF, POLICY)
    assert found.sentence == (
        "Tổng số nhiệm vụ UBND tỉnh giao: 10 nhiệm vụ, trong đó: số nhiệm vụ đã hoàn thành: 4 nhiệm vụ, "
        "đạt tỷ lệ 40%; hoàn thành đúng hạn 4 nhiệm vụ; số nhiệm vụ đang thực hiện trong hạn: 6 nhiệm vụ. "
        "Không có nhiệm vụ quá hạn chưa hoàn thành. (Số liệu tính đến ngày 17/5/2026)"
    )
    assert found.as_json()["rates"]["R1"] == {"numerator": 4, "denominator": 10, "percent": 40.0}


@pytest.mark.usefixtures("database")
def test_figures_of_a_past_day_never_change_when_later_things_happen():
    province = a_province()
    commune = a_commune(province)
    issuer, leader = somebody(province, Role.ISSUER), somebody(commune, Role.COMMUNE_LEADER)
    one = an_assignment(commune, issuer, due="2026-03-20")
    two = an_assignment(commune, issuer, due="2026-03-20")
    before = {day: figures(commune, day, POLICY).tally for day in (date(2026, 3, 1), date(2026, 3, 23))}
    write_result(one, "Xong", [a_document(commune)], by=leader, now=at("2026-03-24 08:00"), policy=POLICY)
    send_back(one, "Thiếu danh sách", by=issuer, now=at("2026-03-25 08:00"), policy=POLICY)
    _finish(two, leader, issuer, commune, at("2026-03-26 08:00"))
    assert {day: figures(commune, day, POLICY).tally for day in before} == before
    assert before[date(2026, 3, 23)].open_overdue == 2
    assert figures(commune, date(2026, 3, 26), POLICY).tally.done_late == 1


@pytest.mark.usefixtures("database")
def test_waiting_for_the_province_never_makes_a_commune_late():
    province = a_province()
    commune = a_commune(province)
    issuer, leader = somebody(province, Role.ISSUER), somebody(commune, Role.COMMUNE_LEADER)
    one = an_assignment(commune, issuer, due="2026-03-20")
    write_result(one, "Xong", [a_document(commune)], by=leader, now=at("2026-03-20 23:59"), policy=POLICY)
    assert figures(commune, date(2026, 4, 30), POLICY).tally.open_in_term == 1
    confirm(one, by=issuer, now=at("2026-05-04 08:00"), policy=POLICY)
    assert figures(commune, date(2026, 5, 4), POLICY).tally.done_on_time == 1


@pytest.mark.usefixtures("database")
def test_standing_work_stands_beside_the_total():
    province = a_province()
    commune = a_commune(province)
    issuer = somebody(province, Role.ISSUER)
    an_assignment(commune, issuer, due=None, kind=Kind.STANDING)
    tally = figures(commune, CUTOFF, POLICY).tally
    assert (tally.total, tally.standing) == (0, 1)


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@dataclass(frozen=True)
class Case:
    state: State
    due_on: date | None
    assigned_on: date
    submitted_on: date | None
    completed_on: date | None


@st.composite
def cases(draw):
    state = draw(st.sampled_from(State))
    due_on = draw(st.none() | DAYS)
    submitted = draw(DAYS) if state in (State.SUBMITTED, State.COMPLETED) else None
    completed = draw(DAYS) if state == State.COMPLETED else None
    return Case(state, due_on, draw(DAYS), submitted, completed)


@pytest.mark.usefixtures("database")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    case=cases(),
    as_of=DAYS,
    off=st.frozensets(DAYS, max_size=8),
    work=st.frozensets(DAYS, max_size=4),
    rolling=st.booleans(),
)
def test_sql_and_rule_agree_on_every_case(case, as_of, off, work, rolling):
    calendar = WorkingCalendar(off=off - work, work=work)
    policy = deadlines.Policy(roll_to_working_day=rolling)
    completed_due = deadlines.effective_due(case.due_on, calendar, policy) if case.completed_on else None
    ruled = deadlines.Standing(
        case.state, case.due_on, case.assigned_on, case.submitted_on, case.completed_on, completed_due
    )
    through = case.submitted_on and deadlines.overdue_through(case.submitted_on, calendar, policy)
    columns = SimpleNamespace(
        state=sa.literal(case.state.value),
        due_on=_date(case.due_on),
        submitted_through=_date(through),
        completed_on=_date(case.completed_on),
        completed_due=_date(completed_due),
    )
    box, status = db.session.execute(
        sa.select(
            standing.box(columns, as_of, calendar, policy),
            standing.time_status(columns, _date(case.assigned_on), as_of, calendar, policy),
        )
    ).one()
    assert box == deadlines.box(ruled, as_of, calendar, policy)
    assert status == deadlines.time_status(ruled, as_of, calendar, policy)


@pytest.mark.usefixtures("database")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.sampled_from(State),
    assigned_on=DAYS,
    as_of=DAYS,
    within=st.sampled_from([0, 1, 30]),
    told_on=st.none() | DAYS,
)
def test_sql_and_rule_agree_on_who_must_tell_how_it_goes(state, assigned_on, as_of, within, told_on):
    policy = deadlines.Policy(update_within_days=within)
    ruled = deadlines.Standing(state, None, assigned_on, as_of, as_of, told_on=told_on)
    nothing = {name: _date(None) for name in ("due_on", "submitted_through", "completed_on", "completed_due")}
    columns = SimpleNamespace(
        kind=sa.literal(Kind.UNDATED.value),
        state=sa.literal(state.value),
        assigned_on=_date(assigned_on),
        told_on=_date(told_on),
        **nothing,
    )
    number = db.session.scalar(sa.select(standing.place(columns, as_of, working_calendar(), policy)))
    update = standing.read_place(number).update
    assert (update is not standing.Update.NOT_ASKED) == deadlines.must_update(ruled, as_of, policy)
    assert (update is standing.Update.MADE) == deadlines.is_updated(ruled, as_of, policy)


@pytest.mark.usefixtures("database")
def test_the_rate_of_updates_counts_running_work_that_was_told_of_within_the_limit():
    province = a_province()
    commune = a_commune(province)
    issuer, leader = somebody(province, Role.ISSUER), somebody(commune, Role.COMMUNE_LEADER)
    told, stale, silent = (an_assignment(commune, issuer, due="2026-12-20") for _ in range(3))
    an_assignment(commune, issuer, due="2026-12-20", on=at("2026-04-28 08:00"))
    an_assignment(commune, issuer, due=None, kind=Kind.STANDING)
    _finish(an_assignment(commune, issuer), leader, issuer, commune, at("2026-02-10 09:00"))
    for one, when in ((told, "2026-04-18 00:00"), (stale, "2026-04-17 23:59"), (silent, "2026-05-18 00:00")):
        report_progress(one, "Đang làm", "", by=leader, now=at(when), policy=POLICY)
    rate = figures(commune, CUTOFF, POLICY).as_json()["rates"]["R7"]
    assert rate == {"numerator": 1, "denominator": 3, "percent": 33.33}
    nobody_asks = deadlines.Policy(update_within_days=0)
    assert figures(commune, CUTOFF, nobody_asks).as_json()["rates"]["R7"]["percent"] is None


def _date(day):
    """The day as a typed expression, NULL kept typed: PostgreSQL asks what a bare one is."""
    if day is None:
        return sa.cast(sa.null(), sa.Date)
    literal = sa.literal(day, sa.Date)
    return sa.cast(literal, sa.Date) if db.engine.dialect.name == "postgresql" else literal


@pytest.mark.usefixtures("database")
def test_a_target_stands_as_its_latest_reading_that_was_known_by_the_day():
    province = a_province()
    commune = a_commune(province)
    issuer, leader = somebody(province, Role.ISSUER), somebody(commune, Role.COMMUNE_LEADER)
    paper, wish = a_directive(province), {"content": "Đúng hẹn", "goal": None, "measure": "", "direction": "declared"}
    (target,) = set_target(paper, [commune], **wish, by=issuer, now=at("2026-03-01 08:00"))
    for day, met, written in (("2026-03-10", True, "2026-03-10"), ("2026-03-05", False, "2026-03-12")):
        read_target(target, date.fromisoformat(day), None, met, by=leader, now=at(f"{written} 09:00"))
    met = {day: figures(commune, date(2026, 3, day), POLICY).tally.targets_met for day in (6, 9, 10, 12)}
    assert met == {6: 0, 9: 0, 10: 1, 12: 1}
    read_target(target, date(2026, 3, 6), None, True, by=leader, now=at("2026-03-20 09:00"))
    assert {day: figures(commune, date(2026, 3, day), POLICY).tally.targets_met for day in met} == met


@pytest.mark.usefixtures("database")
def test_in_a_city_the_sentence_names_the_city_as_the_assigner():
    city = a_province(name="Thành phố Cảng")
    assert "UBND thành phố giao" in figures(a_commune(city), CUTOFF, POLICY).sentence
    assert "UBND thành phố giao" in figures(city, CUTOFF, POLICY).sentence
