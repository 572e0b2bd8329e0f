"""Recurring duties: occurrences come ahead of time, once, anchored; a change or an end leaves what was done alone."""

from __future__ import annotations

from datetime import date

import pytest
from builders import POLICY, a_directive, at
from places import Place

from tracker.accounts.models import Post
from tracker.db import db
from tracker.errors import Forbidden, Invalid, Refused
from tracker.history.queries import events
from tracker.rules.lifecycle import Kind
from tracker.tasks import actions, deciding, giving
from tracker.tasks.models import Assignment, FanOut, Series, Submission
from tracker.tasks.recurring import change_series, end_series, make_occurrences

MONTHLY = "FREQ=MONTHLY;BYMONTHDAY=14"
JANUARY = at("2026-01-05 08:00")


@pytest.fixture
def place(database):
    return Place()


def a_duty(place, rule=MONTHLY, units=None, now=JANUARY, due_on=None):
    directive = a_directive(place.province)
    task = giving.add_task(
        directive,
        content="Báo cáo tháng",
        kind=Kind.RECURRING,
        recurrence=rule,
        due_on=due_on,
        by=place.issuer,
        now=now,
    )
    giving.assign([task], units or [place.commune], by=place.issuer, now=now)
    return task


def dues(task, **more):
    query = db.session.query(Assignment).filter_by(task_id=task.id, **more)
    return [one.due_on.isoformat() for one in query.order_by(Assignment.due_on, Assignment.id)]


def test_the_first_occurrence_comes_with_the_giving_and_the_next_by_the_clock(place):
    task = a_duty(place)
    assert dues(task) == ["2026-01-14"]
    assert make_occurrences(now=at("2026-01-13 00:10")) == 0
    assert make_occurrences(now=at("2026-01-14 00:10")) == 1
    assert dues(task) == ["2026-01-14", "2026-02-14"]
    second = db.session.query(Assignment).filter_by(occurrence="2026-02-14").one()
    assert (second.assigned_on, second.kind, second.state) == (date(2026, 1, 14), "recurring", "assigned")
    assert [event.deed for event in events("assignment", second.id)] == ["assign"]


def test_making_again_makes_nothing_again_and_a_missed_month_is_made_good(place):
    task = a_duty(place, units=[place.commune])
    assert make_occurrences(now=at("2026-04-20 06:10")) == 4
    assert make_occurrences(now=at("2026-04-20 06:10")) == 0
    assert dues(task) == ["2026-01-14", "2026-02-14", "2026-03-14", "2026-04-14", "2026-05-14"]


def test_the_31st_comes_on_the_last_day_of_shorter_months_and_comes_back(place):
    task = a_duty(place, rule="FREQ=MONTHLY;BYMONTHDAY=31")
    make_occurrences(now=at("2026-04-20 06:10"))
    assert dues(task) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_an_interval_counts_from_the_first_due_date(place):
    task = a_duty(place, rule="FREQ=WEEKLY;INTERVAL=2", due_on=date(2026, 1, 9))
    assert dues(task) == ["2026-01-09", "2026-01-23"]


def test_nothing_to_report_is_a_real_submission(place):
    task = a_duty(place)
    one = db.session.query(Assignment).filter_by(task_id=task.id).one()
    actions.write_result(
        one, "Không phát sinh", [], nothing_to_report=True, by=place.leader, now=JANUARY, policy=POLICY
    )
    deciding.confirm(one, by=place.issuer, now=at("2026-01-06 08:00"), policy=POLICY)
    assert (one.state, one.completed_on) == ("completed", date(2026, 1, 5))
    assert db.session.query(Submission).one().nothing_to_report


def test_a_changed_rhythm_leaves_past_and_begun_occurrences_alone(place):
    task = a_duty(place)
    make_occurrences(now=at("2026-02-14 06:10"))
    assert dues(task) == ["2026-01-14", "2026-02-14", "2026-03-14"]
    begun = db.session.query(Assignment).filter_by(occurrence="2026-02-14").one()
    actions.receive(begun, by=place.leader, now=at("2026-02-14 08:00"), policy=POLICY)
    day = at("2026-02-20 08:00")
    assert change_series(task, "FREQ=MONTHLY;BYMONTHDAY=20", "9/UBND", by=place.issuer, now=day) == 1
    assert dues(task, state="cancelled") == ["2026-03-14"]
    assert dues(task, state="assigned") == ["2026-01-14", "2026-03-20"]
    assert dues(task, state="received") == ["2026-02-14"]
    cancelled = db.session.query(Assignment).filter_by(state="cancelled").one()
    assert events("assignment", cancelled.id)[-1].details["document"] == "9/UBND"


def test_a_rhythm_changed_back_makes_the_day_anew(place):
    task = a_duty(place)
    day = at("2026-01-08 08:00")
    change_series(task, "FREQ=MONTHLY;BYMONTHDAY=20", "9/UBND", by=place.issuer, now=day)
    change_series(task, MONTHLY, "10/UBND", by=place.issuer, now=day)
    assert dues(task, state="assigned") == ["2026-01-14"]
    names = {one.occurrence: one.state for one in db.session.query(Assignment).filter_by(task_id=task.id)}
    assert names == {"2026-01-14": "cancelled", "2026-01-20": "cancelled", "2026-01-14/2": "assigned"}


def test_an_occurrence_that_the_province_cancelled_is_not_made_again(place):
    task = a_duty(place)
    one = db.session.query(Assignment).filter_by(task_id=task.id).one()
    deciding.cancel(one, "Gộp báo cáo", "9/UBND", by=place.issuer, now=JANUARY, policy=POLICY)
    assert make_occurrences(now=at("2026-01-06 06:10")) == 0


def test_an_ended_series_makes_nothing_more(place):
    neighbour = db.session.get(type(place.commune), place.stranger.unit_id)
    task = a_duty(place, units=[place.commune, neighbour])
    day = at("2026-01-10 08:00")
    assert end_series(task, date(2026, 1, 12), "9/UBND", units=[neighbour.id], by=place.issuer, now=day) == 1
    assert dues(task, state="cancelled") == ["2026-01-14"]
    make_occurrences(now=at("2026-03-01 06:10"))
    assert dues(task, unit_id=neighbour.id) == ["2026-01-14"]
    assert dues(task, unit_id=place.commune.id) == ["2026-01-14", "2026-02-14", "2026-03-14"]
    giving.assign([task], [neighbour], by=place.issuer, now=at("2026-03-01 08:00"))
    assert dues(task, unit_id=neighbour.id, state="assigned") == ["2026-03-14"]


def test_what_cannot_be_is_refused(place):
    task = a_duty(place)
    cases = [
        (Invalid, {"recurrence": "FREQ=HOURLY", "document": "9/UBND", "by": place.issuer}),
        (Invalid, {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=20", "document": "", "by": place.issuer}),
        (Refused, {"recurrence": MONTHLY, "document": "9/UBND", "by": place.issuer}),
        (Forbidden, {"recurrence": MONTHLY, "document": "9/UBND", "by": place.leader}),
    ]
    for error, values in cases:
        with pytest.raises(error):
            change_series(task, values["recurrence"], values["document"], by=values["by"], now=JANUARY)
    once = place.given()
    with pytest.raises(Refused):
        change_series(once.task, MONTHLY, "9/UBND", by=place.issuer, now=JANUARY)
    end_series(task, date(2026, 1, 12), "9/UBND", by=place.issuer, now=JANUARY)
    with pytest.raises(Refused):
        end_series(task, date(2026, 1, 12), "9/UBND", by=place.issuer, now=JANUARY)


def test_a_fan_out_taken_back_takes_its_series_along(place):
    task = a_duty(place)
    giving.undo(db.session.query(FanOut).one(), by=place.issuer, now=at("2026-01-05 08:05"), minutes=15)
    assert dues(task) == [] and db.session.query(Series).count() == 0
    assert make_occurrences(now=at("2026-01-06 00:10")) == 0


def test_a_recurring_task_needs_a_rule(place):
    directive = a_directive(place.province)
    with pytest.raises(Invalid) as wrong:
        giving.add_task(directive, content="Báo cáo", kind=Kind.RECURRING, by=place.issuer, now=JANUARY)
    assert set(wrong.value.fields) == {"recurrence"}


def test_the_next_occurrence_is_with_the_officer_who_had_the_one_before(place):
    task = a_duty(place)
    first = db.session.query(Assignment).filter_by(task_id=task.id).one()
    actions.delegate(first, place.officer.person_id, None, by=place.leader, now=JANUARY, policy=POLICY)
    make_occurrences(now=at("2026-01-14 06:10"))
    second = db.session.query(Assignment).filter_by(occurrence="2026-02-14").one()
    assert (second.officer_id, second.state, second.received_at) == (place.officer.person_id, "assigned", None)
    told = [(event.deed, event.by_id, event.details.get("officer_id")) for event in events("assignment", second.id)]
    assert told == [("assign", None, None), ("delegate", None, place.officer.person_id)]


def test_who_left_the_unit_gets_no_new_occurrence(place):
    task = a_duty(place)
    first = db.session.query(Assignment).filter_by(task_id=task.id).one()
    actions.delegate(first, place.officer.person_id, None, by=place.leader, now=JANUARY, policy=POLICY)
    db.session.get(Post, place.officer.post_id).until_on = date(2026, 1, 13)
    db.session.commit()
    make_occurrences(now=at("2026-01-14 06:10"))
    assert db.session.query(Assignment).filter_by(occurrence="2026-02-14").one().officer_id is None
