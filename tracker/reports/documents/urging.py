"""The letter that urges (công văn đôn đốc): to whom, by when, and the overdue tasks of each unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import Refused
from tracker.reports.documents.commune import Formalities
from tracker.reports.documents.duties import Duty, duties
from tracker.reports.documents.facts import reconcile, silences_of
from tracker.reports.documents.naming import head_of
from tracker.reports.documents.paper import Annex, Paper, Paragraph
from tracker.reports.documents.wording import overdue_table
from tracker.reports.queries import Scope, figures
from tracker.rules.letterheads import Letterhead, letterhead, signature
from tracker.rules.rates import Box
from tracker.rules.sentences import cited_date, padded
from tracker.tasks.queries import Day
from tracker.units.models import Unit
from tracker.units.queries import COMMUNE_KINDS, province_of

ANSWER_WORKING_DAYS = 5
MOST_NAMED = 3


@dataclass(frozen=True)
class Urge:
    """What a letter urges: the overdue duties of some units at the end of a day, and until when to answer."""

    head: Letterhead
    overdue: Sequence[Duty]
    as_of: date
    answer_by: date
    source: str = ""
    silences: Sequence[str] = ()


def urge(scope: Scope, day: Day, *, today: date) -> Urge:
    """What is overdue in the scope. A commune is urged by its province, everybody else urges those below.

    Raises Refused when nothing is overdue: there is nobody to urge.
    """
    overdue = duties(scope, day, today=today, boxes=[Box.OPEN_OVERDUE], told=False)
    reconcile(figures(scope, day, today=today).tally, overdue, [Box.OPEN_OVERDUE])
    return urge_of(scope.unit, overdue, day, silences=silences_of(scope, day))


def urge_of(unit: Unit, overdue: Sequence[Duty], day: Day, *, source: str = "", silences: Sequence[str] = ()) -> Urge:
    """Who urges what, and until when. Raises Refused when there is nothing."""
    if not overdue:
        raise Refused("Không có nhiệm vụ quá hạn chưa hoàn thành nên không cần công văn đôn đốc.")
    below_a_province = unit.kind in COMMUNE_KINDS
    writer = (province_of(unit) if below_a_province else None) or unit
    return Urge(head_of(writer), overdue, day.on, _working_days_after(day, ANSWER_WORKING_DAYS), source, silences)


def _working_days_after(day: Day, number: int) -> date:
    on = day.on
    while number:
        on += timedelta(days=1)
        number -= day.calendar.is_working(on)
    return on


def urge_letter(asked: Urge, formal: Formalities) -> Paper:
    """The letter with the list of overdue tasks of each unit as its appendix."""
    head, units = asked.head, list(dict.fromkeys(one.unit_name for one in asked.overdue))
    return Paper(
        letterhead=head,
        symbol=f"{head.mark}-TH",
        about=formal.about or "đôn đốc thực hiện nhiệm vụ quá hạn chưa hoàn thành",
        addressees=_addressees(asked.overdue),
        body=(
            Paragraph(
                f"Qua theo dõi, đến hết ngày {cited_date(asked.as_of)} còn {padded(len(asked.overdue))} nhiệm vụ quá "
                f"hạn chưa hoàn thành của {padded(len(units))} đơn vị (danh mục tại Phụ lục kèm theo). "
                f"{head.full} yêu cầu {'các đơn vị có tên trong danh mục' if len(units) > 1 else units[0]}:"
            ),
            *([Paragraph(asked.source, "note")] if asked.source else []),
            *(Paragraph(f"({one})", "note") for one in asked.silences),
            Paragraph("1. Tập trung chỉ đạo, hoàn thành dứt điểm các nhiệm vụ quá hạn; gửi kết quả kèm minh chứng."),
            Paragraph(
                "2. Với nhiệm vụ chưa thể hoàn thành: giải trình nguyên nhân, nêu rõ khó khăn, vướng mắc, người chịu "
                f"trách nhiệm và thời gian hoàn thành, trước ngày {cited_date(asked.answer_by)}."
            ),
            Paragraph("3. Cập nhật tiến độ các nhiệm vụ sắp đến hạn, không để phát sinh thêm nhiệm vụ quá hạn."),
            Paragraph(f"{head.full} yêu cầu nghiêm túc thực hiện./.", "closing"),
        ),
        signature=signature(head, formal.signing),
        signer=formal.signer,
        recipients=("Như trên", _leaders(head), _kept(formal)),
        year=formal.year,
        number=formal.number,
        dated=formal.dated,
        annexes=(
            Annex(
                "",
                "Danh mục nhiệm vụ quá hạn chưa hoàn thành",
                (overdue_table(asked.overdue, asked.as_of),),
                landscape=True,
            ),
        ),
    )


def _leaders(head: Letterhead) -> str:
    return "Chủ tịch, các Phó Chủ tịch UBND" if head.committee else "Lãnh đạo đơn vị"


def _kept(formal: Formalities) -> str:
    return f"Lưu: VT, {formal.kept_by}" if formal.kept_by else "Lưu: VT"


def _addressees(overdue: Sequence[Duty]) -> tuple[str, ...]:
    """Each unit by its name while there are few, else all those of the list."""
    units = {one.unit_id: one for one in overdue}
    if len(units) > MOST_NAMED:
        return ("Các đơn vị có tên tại Phụ lục",)
    return tuple(letterhead(one.unit_name, one.unit_kind).full for one in units.values())
