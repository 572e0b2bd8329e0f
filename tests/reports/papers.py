"""A small province on 17/5/2026 whose papers are the snapshots: some done, some open, some overdue, one suspended."""

from __future__ import annotations

from datetime import date

from builders import POLICY, a_commune, a_directive, a_document, a_province, an_assignment, at, somebody

from tracker.calendars.queries import working_calendar
from tracker.db import atomic, db
from tracker.reports.documents.commune import Formalities
from tracker.reports.documents.writing import Wish, composed, written
from tracker.reports.queries import Scope
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.tasks import actions, deciding
from tracker.tasks.models import Assignment
from tracker.tasks.queries import Day
from tracker.units.actions import add_unit

AS_OF, TODAY = date(2026, 5, 17), date(2026, 6, 1)
MADE_AT = at("2026-06-01 08:00")
BASIS = "Công văn số 5426/UBND-KGVX ngày 17/5/2026 của UBND tỉnh Thử"


class Province:
    """Three communes and a department with the work of a spring."""

    def __init__(self, name="Tỉnh Thử"):
        self.unit = a_province(name=name)
        self.busy = a_commune(self.unit, "C1", "Xã An Bình")
        self.late = a_commune(self.unit, "C2", "Phường Sơn Hà")
        self.idle = a_commune(self.unit, "C3", "Xã Vắng")
        self.office = add_unit("SO", "Sở Nội vụ", "department", self.unit, by=None, now=MADE_AT)
        self.issuer = somebody(self.unit, Role.ISSUER)
        self.leader = somebody(self.busy, Role.COMMUNE_LEADER)
        self.slow = somebody(self.late, Role.COMMUNE_LEADER)
        plan = a_directive(self.unit, "12/KH-UBND")
        other = a_directive(self.unit, "30/TB-UBND", issued_on=date(2026, 2, 3))
        given = [self.given(self.busy, plan, f"Số hóa hồ sơ, đợt {n}", "2026-04-30") for n in range(1, 5)]
        for one in given:
            self.finish(one, self.leader)
        self.given(self.busy, other, "Xây dựng bản đồ số", "2026-12-31")
        waiting = self.given(self.busy, other, "Triển khai mạng 5G", "2026-12-31")
        actions.write_result(waiting, "Xong", [a_document(self.busy)], by=self.leader, **day("2026-05-12"))
        held = self.given(self.busy, other, "Lập trạm", "2026-12-31")
        deciding.suspend(held, "Chờ vốn", "9/TB-UBND", by=self.issuer, **day("2026-05-04"))
        self.given(self.busy, plan, "Trực đường dây nóng", None, Kind.STANDING)
        self.given(self.busy, plan, "Góp ý dự thảo", None)
        for number in range(1, 3):
            overdue = self.given(self.late, plan, f"Rà soát quy hoạch, phần {number}", "2026-04-15")
        actions.report_progress(overdue, "Chưa bố trí kinh phí", "finance", by=self.slow, **day("2026-05-05"))

    def given(self, unit, paper, content, due, kind=None, on="2026-02-04 08:00"):
        one = an_assignment(unit, self.issuer, due=due, kind=kind, on=at(on), directive=paper)
        with atomic():
            one.task.content = content
        return one

    def tasks_of(self, unit):
        return db.session.query(Assignment).filter_by(unit_id=unit.id).order_by(Assignment.id).all()

    def finish(self, one, leader):
        document = a_document(one.unit)
        with atomic():
            document.doc_type, document.doc_on = "report", date(2026, 4, 9)
            document.abstract = "Kết quả số hóa hồ sơ"
            db.session.flush()
        actions.write_result(one, "Đã xong", [document], by=leader, **day("2026-04-10"))
        deciding.confirm(one, by=self.issuer, **day("2026-04-11"))


def day(written_day):
    """An hour of a day, as actions want to be told it."""
    return {"now": at(f"{written_day} 09:00"), "policy": POLICY}


def paper(kind, unit, as_of=AS_OF, *, today=TODAY, period=None, **wished):
    """A paper of the unit as of the day."""
    formal = Formalities(2026, **wished.pop("formal", {}))
    wish = Wish(formal, **wished)
    return composed(kind, Scope(unit, period=period), Day(as_of, working_calendar(), POLICY), wish, today=today)


def file(made, form, folder):
    """The paper written as a file of the folder."""
    path = folder / f"paper.{form}"
    path.write_bytes(written(made, form, made_at=MADE_AT))
    return path
