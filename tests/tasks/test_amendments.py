"""An amendment changes, moves and withdraws what units have to do, and leaves what was true before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders import POLICY, a_directive, at
from places import HOUR_LATER, Place

from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.errors import Forbidden, Invalid, NotFound, Refused
from tracker.history.queries import events
from tracker.reports.queries import Scope, figures
from tracker.rules.lifecycle import Kind
from tracker.tasks import actions, deciding, giving, queries
from tracker.tasks.amending import change_task, draft_amendment, take_effect, wording_of
from tracker.tasks.models import Assignment, Task, TaskVersion
from tracker.tasks.queries import Day
from tracker.units.models import Unit

BEFORE, TODAY = at("2026-03-02 08:00"), at("2026-03-16 10:00")
JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)
CONTENTS = ("Rà soát danh mục dịch vụ công", "Tuyên truyền cải cách hành chính", "Báo cáo hạ tầng số")


@pytest.fixture
def place(database):
    return Place()


@pytest.fixture
def old(place):
    """A directive with three tasks that two communes have."""
    directive = a_directive(place.province, "12/KH-UBND", date(2026, 3, 1))
    tasks = [a_task(place, directive, content, JUNE, str(n)) for n, content in enumerate(CONTENTS, start=1)]
    giving.assign(tasks, [place.commune, neighbour(place)], by=place.issuer, now=BEFORE)
    return directive


@pytest.fixture
def new(place):
    """The directive that amends it, without tasks."""
    return a_directive(place.province, "30/KH-UBND", date(2026, 3, 15))


def neighbour(place):
    return db.session.get(Unit, place.stranger.unit_id)


def a_task(place, directive, content, due_on, ordinal=""):
    return giving.add_task(
        directive,
        content=content,
        kind=Kind.SCHEDULED,
        due_on=due_on,
        due_text=f"{due_on:%d/%m/%Y}",
        ordinal=ordinal,
        by=place.issuer,
        now=BEFORE,
    )


def tasks_of(directive):
    return db.session.query(Task).filter_by(directive_id=directive.id).order_by(Task.id).all()


def amended(place, old, new, task=None, effect=True, **changes):
    """The draft of an amendment with one change of the first task, in force unless said otherwise."""
    amendment = draft_amendment(new, old, by=place.issuer, now=TODAY)
    task = task or tasks_of(old)[0]
    more = {name: changes.pop(name) for name in ("withdrawn", "unit_ids") if name in changes}
    change_task(amendment, task, replace(wording_of(task), **changes), **more, by=place.issuer, now=TODAY)
    if effect:
        take_effect(amendment, by=place.issuer, now=TODAY)
    return amendment


def work(task):
    return {one.unit_id: one for one in db.session.query(Assignment).filter_by(task_id=task.id)}


def tally(place, on):
    day = Day(on, working_calendar(), POLICY)
    return figures(Scope(db.session.get(Unit, place.province.id)), day, today=TODAY.date()).tally


def test_a_moved_deadline_moves_the_running_work_and_keeps_the_first_one(place, old, new):
    amended(place, old, new, due_on=JULY, due_text="31/7/2026")
    for one in work(tasks_of(old)[0]).values():
        assert (one.due_on, one.original_due, one.extensions) == (JULY, JUNE, 0)
        assert events("assignment", one.id)[-1].details["document"] == "30/KH-UBND ngày 15/03/2026"


def test_an_old_wording_stays_citable_with_its_document(place, old, new):
    task = tasks_of(old)[0]
    amended(place, old, new, content="Rà soát danh mục dịch vụ công trực tuyến")
    assert task.content == "Rà soát danh mục dịch vụ công trực tuyến"
    version = db.session.query(TaskVersion).one()
    assert (version.content, version.directive.doc_symbol) == (CONTENTS[0], "12/KH-UBND")
    third = a_directive(place.province, "44/KH-UBND", date(2026, 3, 16))
    amended(place, old, third, content="Rà soát mọi danh mục")
    said = [(each.directive.doc_symbol, each.replaced_by.doc_symbol) for each in queries.versions(task.id)]
    assert said == [("12/KH-UBND", "30/KH-UBND"), ("30/KH-UBND", "44/KH-UBND")]


def test_withdrawn_work_is_cancelled_by_the_document_and_earlier_days_keep_their_totals(place, old, new):
    yesterday = date(2026, 3, 15)
    before = tally(place, yesterday)
    amended(place, old, new, withdrawn=True)
    assert {one.state for one in work(tasks_of(old)[0]).values()} == {"cancelled"}
    assert tally(place, yesterday) == before and before.total == 6
    assert (tally(place, TODAY.date()).total, tally(place, TODAY.date()).excluded) == (4, 2)


def test_a_moved_deadline_leaves_the_boxes_of_earlier_days(place, old, new):
    task = a_task(place, old, "Việc đã quá hạn", date(2026, 3, 10))
    giving.assign([task], [place.commune], by=place.issuer, now=BEFORE)
    yesterday = date(2026, 3, 15)
    assert tally(place, yesterday).open_overdue == 1
    amended(place, old, new, task=task, due_on=JULY, due_text="31/7/2026")
    assert (tally(place, yesterday).open_overdue, tally(place, TODAY.date()).open_overdue) == (1, 0)


def test_done_and_submitted_work_is_left_as_it_is(place, old, new):
    task = tasks_of(old)[0]
    mine = work(task)[place.commune.id]
    actions.write_result(mine, "Xong", [], nothing_to_report=True, by=place.leader, **HOUR_LATER)
    amended(place, old, new, withdrawn=True)
    assert (mine.state, work(task)[neighbour(place).id].state) == ("submitted", "cancelled")
    deciding.confirm(mine, by=place.issuer, **HOUR_LATER)
    assert mine.completed_due == JUNE


def test_an_extension_that_reaches_further_is_kept(place, old, new):
    task = tasks_of(old)[0]
    mine = work(task)[place.commune.id]
    actions.ask_extension(mine, date(2026, 8, 31), "Chờ", by=place.leader, **HOUR_LATER)
    deciding.decide_extension(mine, True, note="Đồng ý", by=place.issuer, **HOUR_LATER)
    amended(place, old, new, due_on=JULY, due_text="31/7/2026")
    assert (mine.due_on, work(task)[neighbour(place).id].due_on) == (date(2026, 8, 31), JULY)


def test_a_deadline_may_move_and_work_be_withdrawn_for_some_units_alone(place, old, new):
    task = tasks_of(old)[0]
    amended(place, old, new, due_on=JULY, due_text="31/7/2026", unit_ids=[place.commune.id])
    assert (work(task)[place.commune.id].due_on, work(task)[neighbour(place).id].due_on) == (JULY, JUNE)
    assert task.due_on == JUNE and db.session.query(TaskVersion).count() == 0
    third = a_directive(place.province, "44/KH-UBND", date(2026, 3, 16))
    amended(place, old, third, withdrawn=True, unit_ids=[neighbour(place).id])
    assert [work(task)[unit.id].state for unit in (place.commune, neighbour(place))] == ["assigned", "cancelled"]


def test_tasks_of_the_new_paper_are_laid_beside_the_old_ones(place, old, new):
    a_task(place, new, "Rà soát danh mục dịch vụ công", JULY, "1")
    a_task(place, new, "Bồi dưỡng kỹ năng số cho cán bộ thôn", JULY, "4")
    amendment = draft_amendment(new, old, by=place.issuer, now=TODAY)
    seen = queries.difference(amendment, place.issuer)
    assert [(change.what, change.new.due_on) for change in seen.changes] == [(("due",), JULY)]
    assert [added.content for added in seen.added] == ["Bồi dưỡng kỹ năng số cho cán bộ thôn"]
    take_effect(amendment, by=place.issuer, now=TODAY)
    assert [task.content for task in tasks_of(new)] == ["Bồi dưỡng kỹ năng số cho cán bộ thôn"]
    assert tasks_of(old)[0].due_on == JULY


def test_the_difference_is_seen_before_it_takes_effect_and_is_the_same_afterwards(place, old, new):
    amendment = amended(place, old, new, effect=False, due_on=JULY, due_text="31/7/2026", content="Rà soát cả")
    before = queries.difference(amendment, place.issuer)
    assert before.changes[0].what == ("content", "due") and before.changes[0].units == ("Xã An Bình", "Xã Sơn Hà")
    assert work(tasks_of(old)[0])[place.commune.id].due_on == JUNE
    take_effect(amendment, by=place.issuer, now=TODAY)
    assert queries.difference(amendment, place.issuer) == before
    assert before.by_unit[0] == ("Xã An Bình", {"content": 1, "due": 1})


def test_each_unit_sees_only_what_changed_for_it(place, old, new):
    first, second, _ = tasks_of(old)
    amendment = amended(place, old, new, effect=False, withdrawn=True, unit_ids=[neighbour(place).id])
    change_task(
        amendment,
        second,
        replace(wording_of(second), due_on=JULY),
        unit_ids=[place.commune.id],
        by=place.issuer,
        now=TODAY,
    )
    with pytest.raises(NotFound):
        queries.amendment(place.leader, amendment.id)
    take_effect(amendment, by=place.issuer, now=TODAY)
    seen = queries.difference(queries.amendment(place.leader, amendment.id), place.leader)
    assert [change.task_id for change in seen.changes] == [second.id]
    theirs = queries.difference(queries.amendment(place.stranger, amendment.id), place.stranger)
    assert [(change.task_id, change.what) for change in theirs.changes] == [(first.id, ("withdrawn",))]


def test_what_cannot_be_is_refused(place, old, new):
    amendment = draft_amendment(new, old, by=place.issuer, now=TODAY)
    task = tasks_of(old)[0]
    for wrong, field in [
        ({"kind": Kind.STANDING, "due_on": None}, "kind"),
        ({"content": ""}, "content"),
        ({"due_on": date(2026, 3, 14)}, "due_on"),
        ({"due_on": None}, "due_on"),
    ]:
        with pytest.raises(Invalid) as said:
            change_task(amendment, task, replace(wording_of(task), **wrong), by=place.issuer, now=TODAY)
        assert set(said.value.fields) == {field}
    with pytest.raises(Invalid):
        wrong = replace(wording_of(task), content="Khác")
        change_task(amendment, task, wrong, unit_ids=[place.commune.id], by=place.issuer, now=TODAY)
    for error, go in [
        (Refused, lambda: take_effect(amendment, by=place.issuer, now=TODAY)),
        (Refused, lambda: draft_amendment(new, old, by=place.issuer, now=TODAY)),
        (Invalid, lambda: draft_amendment(old, new, by=place.issuer, now=TODAY)),
        (Invalid, lambda: draft_amendment(new, new, by=place.issuer, now=TODAY)),
        (Forbidden, lambda: draft_amendment(new, old, by=place.leader, now=TODAY)),
    ]:
        with pytest.raises(error):
            go()


def test_what_is_in_force_is_not_changed_any_more(place, old, new):
    amendment = amended(place, old, new, withdrawn=True)
    with pytest.raises(Refused):
        take_effect(amendment, by=place.issuer, now=TODAY)
    task = tasks_of(old)[1]
    with pytest.raises(Refused):
        change_task(amendment, task, wording_of(task), withdrawn=True, by=place.issuer, now=TODAY)
