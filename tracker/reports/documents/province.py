"""The consolidated report of a province or department: the whole, unit by unit, what is overdue and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.reports.documents.commune import Formalities, Words, filled
from tracker.reports.documents.concerns import Problem, Proposal, problems, proposals, waiting_long
from tracker.reports.documents.duties import Duty, duties, waiting_since
from tracker.reports.documents.facts import reconcile, silences_of
from tracker.reports.documents.naming import cited, head_of
from tracker.reports.documents.outlines import Outline, Part
from tracker.reports.documents.paper import Annex, Block, Cell, Column, Paper, Paragraph, Row, Table
from tracker.reports.documents.wording import beside_the_total, cause, of_when, overdue_table
from tracker.reports.queries import Figures, Scope, by_commune, by_directive, figures
from tracker.rules.letterheads import Letterhead, signature
from tracker.rules.rates import RATE_NAMES, Box, Rate, Tally, rates
from tracker.rules.sentences import count, padded, percent
from tracker.tasks.queries import Day
from tracker.units.models import Unit
from tracker.units.queries import communes, province_of

TALLY_COLUMNS = (
    Column("Tổng số", 17, "right"),
    Column("Hoàn thành đúng hạn", 21, "right"),
    Column("Hoàn thành quá hạn", 21, "right"),
    Column("Hoàn thành, không thời hạn", 25, "right"),
    Column("Đang thực hiện trong hạn", 23, "right"),
    Column("Quá hạn chưa hoàn thành", 23, "right"),
    Column("Chưa xác định thời hạn", 21, "right"),
    Column("Tỷ lệ hoàn thành", 21, "right"),
)
MOST_NAMED = 10
MOST_PROBLEMS = 5


@dataclass(frozen=True)
class Whole:
    """A province or department at the end of one day, unit by unit and paper by paper.

    `source` names the closed period that all of it is taken from, if any; `silences` say where nobody was reminded.
    """

    unit: Unit
    head: Letterhead
    figures: Figures
    units: Sequence[tuple[str, Tally]]
    idle: Sequence[str]
    papers: Sequence[tuple[str, Tally]]
    overdue: Sequence[Duty]
    problems: Sequence[Problem]
    proposals: Sequence[Proposal]
    source: str = ""
    silences: Sequence[str] = ()


def whole(scope: Scope, day: Day, *, today: date) -> Whole:
    """All that the consolidated report says. Raises DoesNotAddUp when lists and counts differ."""
    counted = figures(scope, day, today=today)
    units = by_commune(scope, day, today=today)
    overdue = duties(scope, day, today=today, boxes=[Box.OPEN_OVERDUE], told=False)
    reconcile(counted.tally, overdue, [Box.OPEN_OVERDUE])
    sum((tally for _, tally in units), Tally()).check(counted.tally.total)
    busy = {unit.id for unit, tally in units if tally.total}
    found = problems(overdue)
    slow = waiting_long(waiting_since(scope, day, today=today), day)
    return Whole(
        unit=scope.unit,
        head=head_of(scope.unit),
        figures=counted,
        units=[(unit.name, tally) for unit, tally in units],
        idle=[unit.name for unit in communes(scope.unit.path) if unit.id not in busy],
        papers=[(cited(paper), tally) for paper, tally in by_directive(scope, day, today=today)],
        overdue=overdue,
        problems=found,
        proposals=proposals(overdue, found, slow, day),
        silences=silences_of(scope, day),
    )


def province_report(all_of_it: Whole, outline: Outline, own: Mapping[str, Words], formal: Formalities) -> Paper:
    """The consolidated report as of the day of its figures: what the house knows, and the province's own words."""
    head = all_of_it.head
    return Paper(
        letterhead=head,
        symbol=f"BC-{head.mark}",
        kind="BÁO CÁO",
        about=formal.about or f"{outline.about}\n{of_when(all_of_it.figures)}",
        addressees=(formal.addressee,) if formal.addressee else (),
        body=tuple(_body(all_of_it, outline, own, formal)),
        signature=signature(head, formal.signing),
        signer=formal.signer,
        recipients=_recipients(all_of_it, formal),
        year=formal.year,
        number=formal.number,
        dated=formal.dated,
        annexes=tuple(_annexes(all_of_it)),
    )


def _recipients(all_of_it: Whole, formal: Formalities) -> tuple[str, ...]:
    kept = f"Lưu: VT, {formal.kept_by}" if formal.kept_by else "Lưu: VT"
    if not all_of_it.head.committee:
        superior = head_of(province_of(all_of_it.unit) or all_of_it.unit).short
        return (f"{superior} (để báo cáo)", "Lãnh đạo đơn vị", "Các đơn vị có tên tại Phụ lục I", kept)
    party = "Thành ủy" if all_of_it.unit.name.startswith("Thành phố") else "Tỉnh ủy"
    return (
        f"Thường trực {party}, Thường trực HĐND (để báo cáo)",
        "Chủ tịch, các Phó Chủ tịch UBND",
        "Các sở, ban, ngành",
        "UBND các xã, phường",
        kept,
    )


def _body(all_of_it: Whole, outline: Outline, own: Mapping[str, Words], formal: Formalities) -> Iterator[Block]:
    basis = f"Thực hiện {formal.basis}, " if formal.basis else ""
    yield Paragraph(f"{basis}{all_of_it.head.full} báo cáo kết quả thực hiện nhiệm vụ được giao như sau:")
    for part in outline.sections:
        yield Paragraph(part.heading, part.style)
        yield from filled(part, list(known_of_the_whole(part, all_of_it)), own.get(part.key, Words()))
    yield Paragraph(f"Trên đây là báo cáo của {all_of_it.head.full}./.", "closing")


def known_of_the_whole(part: Part, all_of_it: Whole) -> Iterator[Block]:
    """What the house itself says below a heading."""
    if part.fills == "general":
        yield from _in_general(all_of_it.figures)
        if all_of_it.source:
            yield Paragraph(all_of_it.source, "note")
        yield from (Paragraph(f"({one})", "note") for one in all_of_it.silences)
    elif part.fills == "units":
        yield from _by_unit(all_of_it)
    elif part.fills == "overdue":
        yield from _overdue(all_of_it)
    elif part.fills == "proposals":
        yield from _proposed(all_of_it.proposals)


def _in_general(counted: Figures) -> Iterator[Block]:
    yield Paragraph(counted.sentence)
    found = rates(counted.tally)
    for name in ("R2", "R3", "R4"):
        if found[name].denominator:
            verb = "chiếm" if name == "R4" else "đạt"
            yield Paragraph(
                f"- {RATE_NAMES[name]}: {_fraction(found[name])} nhiệm vụ, {verb} {percent(found[name])}."
            )
    yield from beside_the_total(counted.tally)


def _fraction(rate: Rate) -> str:
    return f"{count(rate.numerator)}/{count(rate.denominator)}"


def _by_unit(all_of_it: Whole) -> Iterator[Block]:
    busy = [(name, tally) for name, tally in all_of_it.units if tally.total]
    late = [(name, tally) for name, tally in busy if tally.open_overdue]
    done = [name for name, tally in busy if tally.done == tally.total]
    if not busy:
        yield Paragraph("Trong kỳ không phát sinh nhiệm vụ giao các đơn vị.")
        return
    yield Paragraph(
        f"Có {padded(len(busy))} đơn vị được giao nhiệm vụ, trong đó {padded(len(busy) - len(late))} đơn vị không có "
        f"nhiệm vụ quá hạn chưa hoàn thành, {padded(len(late))} đơn vị có nhiệm vụ quá hạn chưa hoàn thành."
    )
    if late:
        worst = sorted(late, key=lambda one: -one[1].open_overdue)[:MOST_NAMED]
        named = "; ".join(f"{name} ({padded(tally.open_overdue)} nhiệm vụ)" for name, tally in worst)
        more = "nhiều nhất" if len(late) > len(worst) else ""
        yield Paragraph(f"- Đơn vị có nhiệm vụ quá hạn chưa hoàn thành {more}: {named}.".replace(" :", ":"))
    if done:
        yield Paragraph(f"- Đơn vị đã hoàn thành tất cả nhiệm vụ: {'; '.join(done)}.")
    if all_of_it.idle:
        yield Paragraph(f"- Đơn vị không phát sinh nhiệm vụ: {'; '.join(all_of_it.idle)}.")
    yield Paragraph("(Số liệu từng đơn vị tại Phụ lục I, từng văn bản tại Phụ lục II kèm theo)", "note")


def _overdue(all_of_it: Whole) -> Iterator[Block]:
    if not all_of_it.overdue:
        yield Paragraph("Không có nhiệm vụ quá hạn chưa hoàn thành.")
        return
    causes = Counter(cause(one) for one in all_of_it.overdue).most_common()
    yield Paragraph(
        f"Tổng số {padded(len(all_of_it.overdue))} nhiệm vụ quá hạn chưa hoàn thành, theo nguyên nhân: "
        + "; ".join(f"{name[:1].lower()}{name[1:]} {padded(number)} nhiệm vụ" for name, number in causes)
        + "."
    )
    for one in all_of_it.problems[:MOST_PROBLEMS]:
        yield Paragraph(f"- {one.content}: {padded(one.units)} đơn vị quá hạn.")
    yield Paragraph("(Danh mục nhiệm vụ quá hạn tại Phụ lục III kèm theo)", "note")


def _proposed(found: Sequence[Proposal]) -> Iterator[Block]:
    if not found:
        yield Paragraph("Không có đề xuất, kiến nghị.")
    for number, one in enumerate(found, start=1):
        yield Paragraph(f"{number}. {one.text}")


def _annexes(all_of_it: Whole) -> Iterator[Annex]:
    name = Column("Đơn vị", 62)
    yield Annex(
        "I", "Kết quả thực hiện nhiệm vụ của từng đơn vị", _tallies(name, all_of_it.units, all_of_it), landscape=True
    )
    paper = Column("Văn bản giao nhiệm vụ", 62)
    yield Annex("II", "Kết quả thực hiện theo văn bản", _tallies(paper, all_of_it.papers, all_of_it), landscape=True)
    if all_of_it.overdue:
        listed = overdue_table(all_of_it.overdue, all_of_it.figures.as_of)
        yield Annex("III", "Danh mục nhiệm vụ quá hạn chưa hoàn thành", (listed,), landscape=True)


def _tallies(first: Column, lines: Sequence[tuple[str, Tally]], all_of_it: Whole) -> tuple[Block, ...]:
    """A table of tallies with its sum, or that there is nothing."""
    shown = [(name, tally) for name, tally in lines if tally.total]
    if not shown:
        return (Paragraph("Không phát sinh nhiệm vụ."),)
    rows = [Row((number, name, *_cells(tally))) for number, (name, tally) in enumerate(shown, start=1)]
    rows.append(Row(("", "Tổng cộng", *_cells(all_of_it.figures.tally)), "total"))
    return (Table((Column("TT", 12, "center"), first, *TALLY_COLUMNS), tuple(rows)),)


def _cells(tally: Tally) -> tuple[Cell, ...]:
    return (tally.total, *(getattr(tally, box.value) for box in Box), rates(tally)["R1"])
