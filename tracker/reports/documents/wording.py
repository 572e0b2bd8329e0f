"""Sentences and tables that several papers share; what is nothing is said as nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tracker.reports.documents.duties import Duty
from tracker.reports.documents.paper import Column, Paragraph, Row, Table
from tracker.reports.queries import Figures
from tracker.rules.causes import CAUSES
from tracker.rules.lifecycle import LABELS, Kind, State
from tracker.rules.papers import DOC_TYPES
from tracker.rules.rates import BOX_LABELS, Box, Tally
from tracker.rules.sentences import cited_date, count, padded, standing_sentence

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
DUTY_COLUMNS = (
    Column("TT", 12, "center"),
    Column("Nhiệm vụ", 90),
    Column("Thời hạn", 26, "center"),
    Column("Tình trạng", 42),
    Column("Kết quả, vướng mắc", 77),
)


def roman(number: int) -> str:
    """I, II, III …; past ten the hand that sorts appendices takes over: 11, 12."""
    return ROMAN[number - 1] if number <= len(ROMAN) else str(number)


def shown(document: Any) -> str:
    """A document of the unit as a line: «Kế hoạch số 23/KH-UBND ngày 28/1/2026 (…)»; a frozen one keeps its own."""
    if isinstance(line := getattr(document, "line", None), str):
        return line
    kind = DOC_TYPES.get(document.doc_type, "Văn bản")
    number = f" số {document.doc_symbol}" if document.doc_symbol[:1].isdigit() else f": {document.doc_symbol}"
    day = f" ngày {cited_date(document.doc_on)}" if document.doc_on else ""
    about = f" ({document.abstract.rstrip('.')})" if document.abstract else ""
    return f"{kind}{number}{day}{about}"


def condition(duty: Duty) -> str:
    """Where a duty stands, in the words of the boxes; what is outside the count says why."""
    if duty.box is None:
        return "Thường xuyên" if duty.kind is Kind.STANDING else LABELS[duty.state]
    waiting = duty.state is State.SUBMITTED
    return f"{BOX_LABELS[duty.box]}{' (chờ xác nhận)' if waiting else ''}"


def due(duty: Duty) -> date | str:
    """The due date, or the words of the paper where there is none."""
    return duty.due_on or duty.due_text or "Không có"


def outcome(duty: Duty) -> str:
    """What shows the work, or what hinders it: the document's number, the cause, the last words said."""
    hindrance = CAUSES.get(duty.cause, "")
    said = f"{hindrance}: {duty.progress}" if hindrance and duty.progress else hindrance or duty.progress
    return duty.result or said


def duty_table(listed: Sequence[Duty]) -> Table:
    """The duties of one unit below the papers that gave them."""
    rows: list[Row] = []
    papers = list(dict.fromkeys(one.directive_id for one in listed))
    for number, paper_id in enumerate(papers, start=1):
        of_it = [one for one in listed if one.directive_id == paper_id]
        rows.append(Row((roman(number), of_it[0].cited), "group"))
        rows += [
            Row((place, one.content, due(one), condition(one), outcome(one)))
            for place, one in enumerate(of_it, start=1)
        ]
    return Table(DUTY_COLUMNS, tuple(rows))


OVERDUE_COLUMNS = (
    Column("TT", 13, "center"),
    Column("Nhiệm vụ", 83),
    Column("Văn bản giao", 44),
    Column("Thời hạn", 25, "center"),
    Column("Quá hạn (ngày)", 22, "right"),
    Column("Nguyên nhân", 60),
)


def overdue_table(listed: Sequence[Duty], as_of: date) -> Table:
    """Overdue duties below the units that owe them, the oldest first."""
    rows: list[Row] = []
    units = list(dict.fromkeys(one.unit_id for one in listed))
    for number, unit_id in enumerate(units, start=1):
        own = sorted((one for one in listed if one.unit_id == unit_id), key=lambda one: str(one.due_on))
        rows.append(Row((number, f"{own[0].unit_name}: {padded(len(own))} nhiệm vụ"), "group"))
        rows += [
            Row(
                (
                    f"{number}.{place}",
                    one.content,
                    one.doc_symbol,
                    one.due_on,
                    days_late(one, as_of),
                    cause(one),
                )
            )
            for place, one in enumerate(own, start=1)
        ]
    return Table(OVERDUE_COLUMNS, tuple(rows))


def days_late(duty: Duty, as_of: date) -> int:
    """Calendar days since the due date."""
    return (as_of - duty.due_on).days if duty.due_on else 0


def cause(duty: Duty) -> str:
    """The named cause of a delay, or that none was given."""
    return CAUSES.get(duty.cause, "Chưa giải trình")


def of_when(counted: Figures) -> str:
    """The line below the matter of a report: its period where there is one, and the day of the figures."""
    period = f"{counted.period.name[:1].lower()}{counted.period.name[1:]}, " if counted.period else ""
    return f"({period}số liệu đến hết ngày {cited_date(counted.as_of)})"


def beside_the_total(tally: Tally) -> Iterator[Paragraph]:
    """What is listed beside the total: waiting, standing, excluded."""
    if tally.pending:
        yield Paragraph(
            f"Trong số nhiệm vụ chưa hoàn thành có {padded(tally.pending)} nhiệm vụ đã gửi kết quả, chờ xác nhận."
        )
    if tally.standing:
        yield Paragraph(standing_sentence(tally.standing))
    if tally.excluded:
        yield Paragraph(f"Không tính vào tổng số: {padded(tally.excluded)} nhiệm vụ đã tạm dừng, hủy hoặc chuyển.")


def hindrances(listed: Sequence[Duty]) -> list[Paragraph]:
    """The causes named for open work, the commonest first; nothing when none is named."""
    open_ones = [one for one in listed if one.box in (Box.OPEN_IN_TERM, Box.OPEN_OVERDUE, Box.OPEN_NO_DEADLINE)]
    named = Counter(one.cause for one in open_ones if one.cause)
    return [Paragraph(f"- {CAUSES[key]}: {padded(number)} nhiệm vụ.") for key, number in named.most_common()]


def target_lines(targets: Sequence[Any]) -> Iterator[Paragraph]:
    """Each target that is not met, with its value against its goal."""
    for row in targets:
        if not row.met:
            yield Paragraph(f"- Chưa đạt: {row.Target.content}{_measured(row)}.")


def _measured(row: Any) -> str:
    """The value against the goal; a target without a goal in numbers is only declared to be met or not."""
    if row.value is not None and row.Target.goal is not None:
        return f": đạt {_amount(row.value)}/{_amount(row.Target.goal)} {row.Target.measure}".rstrip()
    return ": chưa có số liệu" if row.met is None else ""


def _amount(value: Any) -> str:
    whole, _, rest = f"{value.normalize():f}".partition(".")
    return f"{count(int(whole))},{rest}" if rest else count(int(whole))
