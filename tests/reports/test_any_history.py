"""For any history: figures of every day are what the rules say, stay so, and are one value in every form."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date, datetime, timedelta

import docx
import openpyxl
import pytest
import sqlalchemy as sa
from browser import Browser
from builders import POLICY, a_commune, a_directive, a_document, a_province, an_assignment, at, somebody
from databases import empty_every_table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.errors import TrackerError
from tracker.reports.documents.commune import Formalities
from tracker.reports.documents.writing import Wish, composed, written
from tracker.reports.queries import BREAKDOWNS, Scope, breakdown, difference, figures
from tracker.rules import deadlines
from tracker.rules.access import Role
from tracker.rules.lifecycle import COUNTED, EXCLUDED, Kind
from tracker.rules.periods import free, part
from tracker.rules.rates import Box, Tally
from tracker.rules.sentences import official_sentence
from tracker.tasks import actions, deciding
from tracker.tasks.ledger import as_ruled
from tracker.tasks.models import Assignment
from tracker.tasks.queries import Day

FIRST = date(2026, 3, 2)
LONG_AFTER = date(2026, 11, 20)


class World:
    """A province, two communes and what they may do; the last day is remembered as it ended."""

    def __init__(self):
        empty_every_table()
        self.province = a_province()
        self.communes = [a_commune(self.province, f"C{n}", f"Xã {n}") for n in (1, 2)]
        self.issuer = somebody(self.province, Role.ISSUER)
        self.leaders = [somebody(unit, Role.COMMUNE_LEADER) for unit in self.communes]
        self.paper = a_directive(self.province)
        self.given: list[Assignment] = []
        self.ends: dict[date, Counter] = {}
        self.standings: dict[date, dict[int, tuple]] = {}

    def happens(self, deed: str, which: int, now: datetime) -> None:
        """One deed; what the rules refuse does not happen."""
        try:
            DEEDS[deed](self, which, now)
        except TrackerError:
            db.session.rollback()
        self.remember(now.date())

    def remember(self, day: date) -> None:
        """How the rules count the end of this day, one assignment after the other."""
        counted: Counter = Counter()
        seen = {}
        for one in db.session.scalars(sa.select(Assignment)):
            box = deadlines.box(as_ruled(one), day, working_calendar(), POLICY)
            counted["excluded"] += one.state in EXCLUDED
            counted["standing"] += one.kind == Kind.STANDING and box is not None
            if one.kind in COUNTED and box:
                counted[box.value] += 1
            seen[one.id] = (one.assigned_on, one.state, one.kind, box)
        self.ends[day], self.standings[day] = counted, seen

    def one(self, which: int) -> Assignment:
        return self.given[which % len(self.given)]

    def told(self, which: int, now: datetime) -> dict:
        return {"by": self.leader_of(which), "now": now, "policy": POLICY}

    def leader_of(self, which: int):
        return self.leaders[self.communes.index(self.one(which).unit)]

    def decides(self, now: datetime) -> dict:
        return {"by": self.issuer, "now": now, "policy": POLICY}


def _give(world: World, which: int, now: datetime) -> None:
    kinds = [None, None, Kind.STANDING, Kind.UNDATED]
    kind = kinds[which % 4]
    due = None if kind else str(now.date() + timedelta(days=which * 3 + 1))
    unit = world.communes[which % 2]
    world.given.append(an_assignment(unit, world.issuer, due=due, kind=kind, on=now, directive=world.paper))


def _write(world: World, which: int, now: datetime) -> None:
    one = world.one(which)
    actions.write_result(one, "Xong", [a_document(one.unit)], **world.told(which, now))


def _extend(world: World, which: int, now: datetime) -> None:
    one = world.one(which)
    asked = (one.due_on or now.date()) + timedelta(days=9)
    actions.ask_extension(one, asked, "Chờ", **world.told(which, now))
    deciding.decide_extension(one, True, note="Đồng ý", **world.decides(now))


DEEDS = {
    "give": _give,
    "write": _write,
    "confirm": lambda w, n, now: deciding.confirm(w.one(n), **w.decides(now)),
    "send_back": lambda w, n, now: deciding.send_back(w.one(n), "Thiếu", **w.decides(now)),
    "recall": lambda w, n, now: actions.recall(w.one(n), **w.told(n, now)),
    "extend": _extend,
    "suspend": lambda w, n, now: deciding.suspend(w.one(n), "Chờ", "1/TB", **w.decides(now)),
    "resume": lambda w, n, now: deciding.resume(w.one(n), "Tiếp", **w.decides(now)),
    "cancel": lambda w, n, now: deciding.cancel(w.one(n), "Thôi", "2/TB", **w.decides(now)),
    "reopen": lambda w, n, now: deciding.reopen(w.one(n), "Sai", "3/TB", **w.decides(now)),
}
HISTORIES = st.lists(
    st.tuples(st.sampled_from(list(DEEDS)), st.integers(0, 7), st.integers(0, 6)), min_size=1, max_size=18
)
OFTEN = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def lived(history) -> World:
    """The world after a history; three tasks are given at its beginning."""
    world = World()
    now = at(f"{FIRST} 08:00")
    for which in (0, 1, 4):
        world.happens("give", which, now)
    for deed, which, days in history:
        now += timedelta(days=days, minutes=1)
        world.happens(deed, which, now)
    return world


def day_of(on: date) -> Day:
    return Day(on, working_calendar(), POLICY)


@pytest.mark.usefixtures("database")
@settings(max_examples=15, **OFTEN)
@given(history=HISTORIES)
def test_figures_of_every_day_are_what_the_rules_said_that_day_and_never_change(history):
    world = lived(history)
    scope = Scope(world.province)
    for on, counted in world.ends.items():
        tally = figures(scope, day_of(on), today=LONG_AFTER).tally
        assert {box.value: getattr(tally, box.value) for box in Box} == {box.value: counted[box.value] for box in Box}
        assert (tally.excluded, tally.standing) == (counted["excluded"], counted["standing"])
    last = max(world.ends)
    for by in BREAKDOWNS:
        lines = breakdown(scope, day_of(last), by, today=LONG_AFTER)
        assert sum((line.tally for line in lines), Tally()) == figures(scope, day_of(last), today=LONG_AFTER).tally
    assert figures(scope, day_of(last), today=last) == figures(scope, day_of(last), today=LONG_AFTER)


@pytest.mark.usefixtures("database")
@settings(max_examples=12, **OFTEN)
@given(history=HISTORIES, start=st.integers(0, 40))
def test_the_parts_of_a_period_are_what_the_rule_says(history, start):
    world = lived(history)
    last, begins = max(world.ends), FIRST + timedelta(days=start)
    if begins > last:
        begins = last
    found = figures(Scope(world.province, period=free(begins, last)), day_of(last), today=LONG_AFTER)
    eves = [day for day in world.standings if day < begins]
    eve = world.standings[max(eves)] if eves else {}
    expected: Counter = Counter()
    for number, (assigned_on, _state, kind, box) in world.standings[last].items():
        before = eve.get(number)
        owed = before is not None and before[1] not in ("completed", "cancelled", "transferred")
        if box and kind in COUNTED:
            expected[part(assigned_on, owed, begins)] += 1
    assert {one: tally.total for one, tally in found.parts.items() if tally.total} == dict(expected)
    assert found.cumulative == figures(Scope(world.province), day_of(last), today=LONG_AFTER).tally


@pytest.mark.usefixtures("database")
@settings(max_examples=12, **OFTEN)
@given(history=HISTORIES, chosen=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_any_two_days_differ_by_just_what_is_told(history, chosen):
    world = lived(history)
    days = sorted(world.ends)
    earlier, later = sorted(days[number % len(days)] for number in chosen)
    scope = Scope(world.province)
    told = difference(scope, day_of(earlier), day_of(later), today=LONG_AFTER).grown
    before, after = (figures(scope, day_of(on), today=LONG_AFTER).tally for on in (earlier, later))
    assert {box: getattr(after, box.value) - getattr(before, box.value) for box in Box} == told


@pytest.mark.usefixtures("database")
@settings(max_examples=6, **OFTEN)
@given(history=HISTORIES)
def test_page_json_excel_and_sentence_say_the_same(app, history):
    world = lived(history)
    day, browser = max(world.ends), Browser(app).acts_as(world.issuer)
    address = f"start={FIRST}&as_of={day}"
    said = json.loads(browser.get(f"/reports/figures.json?{address}").data)
    assert said["sentence"] in browser.get(f"/reports?{address}").text
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/reports/figures.xlsx?{address}").data))
    sheet = book["Số liệu"]
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[1:8] == [said["total"], *said["boxes"].values()]
    assert said["total"] == sum(said["boxes"].values())
    assert said["sentence"].startswith(official_sentence(Tally(**said["boxes"]), data_cutoff=day))


@pytest.mark.usefixtures("database")
@settings(max_examples=6, **OFTEN)
@given(history=HISTORIES)
def test_the_word_report_says_the_sentence_of_its_day(history):
    world = lived(history)
    scope, day = Scope(world.communes[0]), day_of(max(world.ends))
    paper = composed("commune", scope, day, Wish(Formalities(day.on.year)), today=LONG_AFTER)
    file = docx.Document(io.BytesIO(written(paper, "docx", made_at=at(f"{LONG_AFTER} 08:00"))))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert official_sentence(figures(scope, day, today=LONG_AFTER).tally) in text
