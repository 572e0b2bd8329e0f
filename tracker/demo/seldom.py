"""What happens now and then: a duty that recurs, papers that amend others, proposals upward, a file half read.

Told through the actions themselves, on top of the fictional province, so that none of these pages is empty.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import xlsxwriter

from tracker.accounts.acting import User
from tracker.accounts.queries import acting, person_named
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.demo.fates import moment
from tracker.demo.province import CODE
from tracker.directives.actions import record_directive
from tracker.directives.importing import start_import
from tracker.directives.models import Directive
from tracker.directives.paper import Paper
from tracker.directives.proposed import Circumstances
from tracker.directives.reading.reading import read_bytes
from tracker.evidence.actions import add_evidence
from tracker.evidence.intake import accept_read
from tracker.rules.amending import Wording
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import Kind
from tracker.tasks import actions, amending, deciding, giving, proposing, recurring
from tracker.tasks.models import Assignment, Task
from tracker.units.matching import directory
from tracker.units.models import Unit
from tracker.units.queries import by_code, communes

HOLDERS = 6
"""How many communes hold the recurring duty."""
_HEADS = ("STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm")


@dataclass(frozen=True)
class Stage:
    """Who acts, where and when: nothing happens later than `now`."""

    province: Unit
    communes: list[Unit]
    issuer: User
    monitor: User
    policy: Policy
    now: datetime

    def ago(self, days: int, hour: int = 9) -> datetime:
        """A moment of a day past, moved back to a working day."""
        day = self.now.date() - timedelta(days=days)
        while not working_calendar().is_working(day):
            day -= timedelta(days=1)
        return moment(day, hour)

    def leader(self, unit: Unit) -> User:
        """The leader of a commune."""
        return _acting("chutich.xa" if unit is self.communes[0] else f"chutich.{unit.code.removeprefix(f'{CODE}-')}")

    def paper(self, doc_type: str, symbol: str, days: int, abstract: str) -> Directive:
        """A paper of the province, recorded on the day of its issue."""
        at = self.ago(days, 8)
        paper = Paper(doc_type, symbol, at.date(), abstract, issuer_name="UBND tỉnh An Hòa")
        return record_directive(paper, self.province, by=self.issuer, now=at)


def _acting(username: str) -> User:
    person = person_named(username)
    assert person is not None, username
    return acting(person.posts[0])


def tell_seldom(policy: Policy, now: datetime, files_folder: Path) -> None:
    """Tell it all within the open transaction, after the province was told."""
    province = by_code(CODE)
    own = [unit for unit in communes(province.path) if unit.path.startswith(province.path)]
    first = sorted(own, key=lambda unit: unit.id)
    stage = Stage(province, first, _acting("giaoviec"), _acting("theodoi"), policy, now)
    _a_duty_that_recurs(stage)
    _amendments(stage)
    _proposals(stage)
    _a_file_half_read(stage, files_folder)


def _a_duty_that_recurs(stage: Stage) -> None:
    """A monthly report since three months ago; what was due is done, once with nothing to report, once not yet."""
    plan = stage.paper("plan", "105/KH-UBND", 100, "Chế độ báo cáo định kỳ về chuyển đổi số cấp xã")
    task = giving.add_task(
        plan,
        content="Báo cáo tháng về kết quả chuyển đổi số của xã",
        kind=Kind.RECURRING,
        due_text="Ngày 14 hằng tháng",
        recurrence="FREQ=MONTHLY;BYMONTHDAY=14",
        deliverable="Báo cáo tháng",
        by=stage.issuer,
        now=stage.ago(99),
    )
    giving.assign([task], stage.communes[:HOLDERS], by=stage.issuer, now=stage.ago(98))
    for days in (68, 38, 8, 0):
        recurring.make_occurrences(now=min(stage.ago(days, 6), stage.now))
    for unit in stage.communes[:HOLDERS]:
        due = db.session.scalars(
            sa.select(Assignment)
            .where(Assignment.task_id == task.id, Assignment.unit_id == unit.id)
            .where(Assignment.due_on < stage.now.date())
            .order_by(Assignment.due_on)
        ).all()
        for number, one in enumerate(due):
            if unit is stage.communes[2] and one is due[-1]:
                continue
            _report(stage, one, unit, nothing=unit is stage.communes[1] and number == 0)


def _report(stage: Stage, one: Assignment, unit: Unit, *, nothing: bool) -> None:
    assert one.due_on is not None
    at = moment(max(one.assigned_on, one.due_on - timedelta(days=2)), 10)
    by = stage.leader(unit)
    text = "Không phát sinh." if nothing else "Đã gửi báo cáo tháng."
    symbol = f"{one.due_on:%m}{unit.id % 90 + 10}/BC-UBND"
    paper: dict[str, Any] = {"doc_type": "report", "doc_symbol": symbol, "doc_on": at.date(), "issuer": "UBND"}
    papers = [] if nothing else [add_evidence(unit.id, **paper, by=by, now=at)]
    told: dict[str, Any] = {"policy": stage.policy, "by": by, "now": at}
    actions.write_result(one, text, papers, nothing_to_report=nothing, **told)
    deciding.confirm(one, policy=stage.policy, by=stage.monitor, now=moment(one.due_on, 15))


def _amendments(stage: Stage) -> None:
    """One amendment in force since today, one that is still looked at."""
    changing = stage.paper("decision", "221/QĐ-UBND", 1, "Điều chỉnh, bổ sung nhiệm vụ tại Quyết định số 168/QĐ-UBND")
    told: dict[str, Any] = {"by": stage.issuer, "now": stage.now}
    amendment = amending.draft_amendment(changing, _paper("168/QĐ-UBND"), **told)
    first, second = amending.tasks_of_directive(amendment.amends)
    amending.change_task(amendment, first, _later(first, 10), **told)
    amending.change_task(amendment, second, _later(second, 0, " và đối chiếu với danh sách chi trả"), **told)
    added = giving.add_task(
        changing,
        content="Báo cáo số đối tượng chưa mở được tài khoản, nêu nguyên nhân",
        kind=Kind.SCHEDULED,
        due_on=stage.now.date() + timedelta(days=15),
        deliverable="Danh sách",
        **told,
    )
    giving.assign([added], stage.communes[:HOLDERS], **told)
    amending.take_effect(amendment, **told)
    looked_at = stage.paper("plan", "223/KH-UBND", 1, "Điều chỉnh Kế hoạch số 212/KH-UBND về chuẩn bị Tết")
    draft = amending.draft_amendment(looked_at, _paper("212/KH-UBND"), **told)
    households, order = amending.tasks_of_directive(draft.amends)
    amending.change_task(draft, households, _later(households, -5), **told)
    amending.change_task(draft, order, _later(order, 0), withdrawn=True, **told)


def _paper(symbol: str) -> Directive:
    query = sa.select(Directive).join(Unit, Unit.id == Directive.issuer_id)
    return db.session.scalars(query.where(Directive.doc_symbol == symbol, Unit.code == CODE)).one()


def _later(task: Task, days: int, more: str = "") -> Wording:
    assert task.due_on is not None
    due_on = task.due_on + timedelta(days=days)
    text = f"chậm nhất ngày {due_on.day}/{due_on.month}/{due_on.year}"
    return Wording(task.content + more, task.deliverable, text, Kind(task.kind), due_on)


def _proposals(stage: Stage) -> None:
    """What two communes asked for: work of a department by now, refused with a reason, waiting."""
    first, other = stage.communes[0], stage.communes[15]
    digital, money = by_code(f"{CODE}-sokhcn"), by_code(f"{CODE}-sotaichinh")
    wishes = (
        (first, 20, digital, "Hỗ trợ đường truyền dự phòng cho Trung tâm Phục vụ hành chính công", "Trong năm"),
        (first, 20, money, "Bổ sung kinh phí thay máy tính đã dùng trên 8 năm", "6 tháng đầu năm sau"),
        (other, 9, digital, "Mở lớp tập huấn quản trị hệ thống một cửa cho công chức xã", ""),
        (first, 2, None, "Làm rõ thẩm quyền xác nhận hồ sơ cấp độ an toàn thông tin của xã", ""),
    )
    sent = []
    for number, (unit, days, department, content, due_text) in enumerate(wishes, start=1):
        at = stage.ago(days)
        wish = proposing.Wish(
            content=content,
            doc_symbol=f"{300 + 20 - days}/BC-UBND",
            doc_on=at.date(),
            authority="UBND tỉnh",
            wanted_unit_id=department.id if department else None,
            deliverable="Văn bản trả lời" if number == len(wishes) else "",
            due_text=due_text,
        )
        sent.append(proposing.propose_upward(wish, by=stage.leader(unit), now=at))
    taken_up, refused, *_waiting = sent
    answered: dict[str, Any] = {"by": stage.issuer, "now": stage.ago(14, 15)}
    due_on: date = stage.now.date() + timedelta(days=12)
    proposing.accept_proposal(taken_up, digital, due_on, reason="Giao Sở chủ trì giải quyết.", **answered)
    proposing.refuse_proposal(refused, "Kinh phí đã phân bổ trong dự toán đầu năm, đề nghị xã cân đối.", **answered)


def _a_file_half_read(stage: Stage, files_folder: Path) -> None:
    """An import that somebody left for tomorrow: a name that nobody bears, a guessed deadline, a Saturday."""
    data = _a_list(stage)
    read = read_bytes(data, working_calendar(), today=stage.now.date())
    known = Circumstances(
        read.issued, directory(stage.province.path, stage.now.date()), working_calendar(), stage.policy
    )
    files = accept_read(data, "Phu luc nhiem vu.xlsx", read.attachments, files_folder)
    start_import(
        read,
        "Phu luc nhiem vu.xlsx",
        known,
        files=[asdict(file) for file in files],
        by=stage.issuer,
        now=stage.ago(1, 16),
    )


def _a_list(stage: Stage) -> bytes:
    today, names = stage.now.date(), [unit.name for unit in stage.communes]
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 + 14)
    every = "UBND các xã, phường"
    rows = (
        ("I", "Thể chế, tổ chức", "", "", "", ""),
        ("1", "Kiện toàn Tổ công nghệ số cộng đồng", every, "Sở Nội vụ", _day(today, 20), "Quyết định"),
        ("2", "Ban hành quy chế sử dụng trợ lý ảo", every, "", _day(saturday, 0), "Quy chế"),
        ("3", "Cử đầu mối phối hợp", f"UBND {names[3]}; UBND {names[4]}", "", _day(today, 25), "Danh sách"),
        ("II", "Hạ tầng, dữ liệu", "", "", "", ""),
        ("1", "Báo cáo tình trạng đường truyền", every, "Sở Nội vụ", "Ngày 25 hằng tháng", "Báo cáo"),
        ("2", "Hoàn thành số hóa hồ sơ hộ tịch", f"UBND {names[20]}", "", "khoảng giữa quý sau", "Báo cáo"),
        ("3", "Bàn giao hệ thống cũ", "Phòng Văn hóa huyện An Lạc", "", _day(today, 30), "Biên bản"),
        ("4", "Duy trì bảo đảm an toàn thông tin", every, "", "Thường xuyên", ""),
    )  # fmt: skip
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Phụ lục")
    issued = stage.ago(1).date()
    sheet.write(0, 0, f"PHỤ LỤC kèm theo Kế hoạch số 226/KH-UBND ngày {issued:%d/%m/%Y} của UBND tỉnh An Hòa")
    for line, row in enumerate((_HEADS, *rows), start=2):
        sheet.write_row(line, 0, row)
    book.close()
    return file.getvalue()


def _day(from_day: date, days: int) -> str:
    return f"{from_day + timedelta(days=days):%d/%m/%Y}"
