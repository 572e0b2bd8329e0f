"""Whatever the figures are, the checker has nothing to say against a paper that we print: Word, PDF or its text."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import AS_OF, MADE_AT

from tracker.reports.documents.commune import Formalities, Words, commune_report
from tracker.reports.documents.duties import Duty
from tracker.reports.documents.facts import Facts
from tracker.reports.documents.outlines import outline, outlines
from tracker.reports.documents.paper import Paragraph
from tracker.reports.documents.province import Whole, province_report
from tracker.reports.documents.urging import Urge, urge_letter
from tracker.reports.documents.writing import written
from tracker.reports.queries import Figures, Scope
from tracker.reports.reading import text_in
from tracker.rules.arithmetic import Verdict, check_text
from tracker.rules.causes import CAUSES
from tracker.rules.letterheads import letterhead
from tracker.rules.lifecycle import Kind, State
from tracker.rules.periods import Part, free
from tracker.rules.rates import Box, Tally
from tracker.units.models import Unit

HEAD = letterhead("Xã An Bình", "xa", "Tỉnh Thử")
ABOVE = letterhead("Tỉnh Thử", "province")
MANY, FEW = st.integers(0, 20_000), st.integers(0, 4)
BAD = (Verdict.INCONSISTENT, Verdict.TRUNCATED)


@st.composite
def tallies(draw):
    """A tally that can be: parts within their wholes; few are overdue, as they are listed one by one."""
    boxes = {box.value: draw(FEW if box is Box.OPEN_OVERDUE else st.one_of(FEW, MANY)) for box in Box}
    known = Tally(**boxes)
    targets = draw(st.integers(0, 300))
    beside = {"standing": draw(MANY), "excluded": draw(FEW), "pending": draw(st.integers(0, known.open))}
    return known + Tally(**beside, targets_total=targets, targets_met=draw(st.integers(0, targets)))


@st.composite
def worlds(draw):
    """Some units with their tallies, the overdue duties behind them, and perhaps a period that they were asked in."""
    units = [(f"Xã Số {n}", tally) for n, tally in enumerate(draw(st.lists(tallies(), min_size=1, max_size=5)))]
    overdue = [
        duty(n, name, draw(st.integers(1, 400)), draw(st.sampled_from(["", *CAUSES])))
        for n, (name, tally) in enumerate(units)
        for _ in range(tally.open_overdue)
    ]
    total = sum((tally for _, tally in units), Tally())
    period = draw(st.sampled_from([None, free(date(2026, 1, 1), AS_OF)]))
    carried = units[0][1]
    parts = {Part.CARRIED_OVER: carried, Part.IN_PERIOD: sum((t for _, t in units[1:]), Tally())} if period else {}
    return units, overdue, Figures("P1", "Tỉnh Thử", AS_OF, total, period, parts)


def duty(unit_id, unit_name, days, cause):
    return Duty(
        assignment_id=0, unit_id=unit_id, unit_name=unit_name, unit_kind="xa", task_id=days % 7,
        directive_id=days % 3, doc_symbol=f"{days}/KH-UBND",
        cited=f"Kế hoạch số {days}/KH-UBND ngày 12/2/2026 của UBND tỉnh Thử",
        content=f"Nâng tỷ lệ hồ sơ trực tuyến lên {days % 100}%, đợt {days}", due_text="", kind=Kind.SCHEDULED,
        due_on=AS_OF - timedelta(days=days), state=State.IN_PROGRESS, box=Box.OPEN_OVERDUE, cause=cause,
    )  # fmt: skip


def papers_of(world):
    """Every paper that such figures give, by its name."""
    units, overdue, counted = world
    formal = Formalities(2026, basis="Công văn số 5426/UBND-KGVX ngày 17/5/2026 của UBND tỉnh Thử", signing="kt")
    whole = Whole(
        unit=Unit(name="Tỉnh Thử", kind="province"), head=ABOVE, figures=counted, units=units, idle=["Xã Vắng"],
        papers=[(f"Kế hoạch số {n}/KH-UBND ngày 12/2/2026", tally) for n, (_, tally) in enumerate(units)],
        overdue=overdue, problems=[], proposals=[],
    )  # fmt: skip
    for one in outlines("province"):
        yield one.key, province_report(whole, one, {"chi-dao": Words(nil=True)}, formal)
    own = Facts(Scope(Unit(name="Xã An Bình", kind="xa")), HEAD, ABOVE, counted, overdue, [], [])
    for one in outlines():
        yield one.key, commune_report(own, outline(one.key), {}, formal)
    if overdue:
        yield "urge", urge_letter(Urge(ABOVE, overdue, AS_OF, AS_OF + timedelta(days=7)), formal)


def complaints(text):
    return [one.why for one in check_text(text, AS_OF).statements if one.verdict in BAD]


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_no_sentence_of_a_paper_is_contradicted(world):
    for name, made in papers_of(world):
        text = "\n".join(block.text for block in made.body if isinstance(block, Paragraph))
        assert complaints(text) == [], name


@pytest.mark.parametrize("form", ["docx", "pdf"])
@settings(max_examples=3, deadline=None)
@given(world=worlds())
def test_no_file_of_a_paper_is_contradicted(form, world):
    for name, made in papers_of(world):
        text = text_in(f"x.{form}", written(made, form, made_at=MADE_AT))
        assert complaints(text) == [], name
