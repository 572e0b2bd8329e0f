"""A small province with every state of work in it, its dates around today: what people at a screen look at."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from builders import POLICY, a_commune, a_province, somebody
from flask import Flask

from tracker.accounts.actions import hash_password
from tracker.accounts.models import Person
from tracker.clock import now, today
from tracker.db import atomic, db
from tracker.directives.actions import Paper, record_directive
from tracker.evidence.actions import attach_to_directive
from tracker.evidence.intake import Upload, accept
from tracker.reminders.actions import write_plan
from tracker.reminders.commands import manner
from tracker.reminders.queries import plan
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.rules.rates import Direction
from tracker.tasks import actions, deciding, giving
from tracker.tasks.handing_in import Paper as Shown
from tracker.tasks.handing_in import hand_in
from tracker.tasks.models import Assignment
from tracker.units.actions import settle

WORD = "Đường về làng 2026"
LONG = (
    "Rà soát, cập nhật cấp độ an toàn hệ thống thông tin và phê duyệt hồ sơ đề xuất cấp độ theo Nghị định số "
    "85/2016/NĐ-CP của các phòng, ban, đơn vị sự nghiệp trực thuộc; báo cáo UBND tỉnh (qua Sở Khoa học và Công nghệ)"
)
LONG_NAME = "Quần đảo Hòn Én – Cù lao Mái Nhà – Bãi Ngao"
UNBROKEN = (
    "Niêm yết tại https://dichvucong.gov.vn/p/home/dvc-tthc-thu-tuc-hanh-chinh-chi-tiet.html?ma_thu_tuc=357842901"
)
"""Words that no line can be broken in: people paste addresses into the content of a task."""
PDF = Path(__file__).with_name("ket-qua.pdf")


def days(number: int) -> date:
    """A day counted from today."""
    return today() + timedelta(days=number)


def a_saturday(after: int) -> date:
    """The first Saturday from so many days ahead: a due date that rolls to a working day."""
    return days(after) + timedelta(days=(5 - days(after).weekday()) % 7)


def at_nine(number: int) -> datetime:
    """Nine o'clock of a day counted from today."""
    return now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=number)


class Town:
    """Five communes, all roles, one directive, and an assignment in each state."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.province = a_province("an-hoa", "Tỉnh An Hòa")
        names = ("Xã An Bình", "Xã Sơn Hà", "Phường Thanh Giang", "Xã Đường Hoa", f"Đặc khu {LONG_NAME}")
        self.communes = [a_commune(self.province, f"C{n}", name) for n, name in enumerate(names)]
        self.people = {role: somebody(self.province, role, name) for role, name in PROVINCE.items()}
        self.people |= {role: somebody(self.communes[0], role, name) for role, name in COMMUNE.items()}
        self.issuer, self.leader = self.people[Role.ISSUER], self.people[Role.COMMUNE_LEADER]
        self.officer = self.people[Role.COMMUNE_OFFICER]
        self._let_sign_in()
        for commune in self.communes:
            settle(commune, "Cụm ven biển", True, by=self.people[Role.ADMINISTRATOR], now=at_nine(-60))
        self.directive = self._directive()
        self.one = self._states()

    def _let_sign_in(self) -> None:
        """The two who come in by the front door have names and a word."""
        for role, username in ((Role.COMMUNE_LEADER, "an.nguyen"), (Role.ISSUER, "dung.pham")):
            person = db.session.get(Person, self.people[role].person_id)
            person.username, person.password_hash = username, hash_password(WORD)

    def _directive(self):
        paper = Paper(
            "plan", "213/KH-UBND", days(-60), "Thực hiện Nghị quyết số 57-NQ/TW về đột phá phát triển khoa học, "
            "công nghệ, đổi mới sáng tạo và chuyển đổi số trên địa bàn tỉnh năm nay", days(-59),
            field="Chuyển đổi số", urgency="urgent", signer="Nguyễn Thị Hương",
        )  # fmt: skip
        directive = record_directive(paper, self.province, by=self.issuer, now=at_nine(-60))
        files = accept([Upload(PDF.open("rb"), "213-KH-UBND ký số.pdf")], self.folder, max_mb=1)
        attach_to_directive(directive, files, by=self.issuer, now=at_nine(-60))
        return directive

    def give(self, due: int | None, *, content: str = LONG, kind: Kind | None = None, helping=()) -> Assignment:
        """A task given to all communes; the first commune's assignment."""
        task = giving.add_task(
            self.directive, content=content, kind=kind or (Kind.UNDATED if due is None else Kind.SCHEDULED),
            due_on=None if due is None else days(due),
            due_text="" if due is None else f"trước ngày {days(due):%d/%m/%Y}",
            deliverable="Báo cáo ký số", ordinal="1.2", section="Hạ tầng số", coordinators=helping,
            by=self.issuer, now=at_nine(-60),
        )  # fmt: skip
        giving.assign([task], self.communes, by=self.issuer, now=at_nine(-50))
        return db.session.query(Assignment).filter_by(task_id=task.id, unit_id=self.communes[0].id).one()

    def work_on(self, one: Assignment, day: int = -20) -> Assignment:
        """Delegated to the officer, who says how it goes."""
        told = {"now": at_nine(day), "policy": POLICY}
        actions.delegate(one, self.officer.person_id, None, by=self.leader, **told)
        actions.report_progress(
            one, "Đã họp các thôn, đang chờ số liệu của Sở", "coordination", by=self.officer, **told
        )
        return one

    def hand_in(self, one: Assignment, by, day: int = -3) -> Assignment:
        """A result with a file; from the leader it goes to the province."""
        shown = Shown("report", "212/BC-UBND", days(day), "UBND xã An Bình")
        uploads = [Upload(PDF.open("rb"), "Báo cáo kết quả.pdf")]
        hand_in(
            one, "Đã hoàn thành 12/12 nội dung.", shown, uploads, folder=self.folder, max_mb=1, by=by,
            now=at_nine(day), policy=POLICY,
        )  # fmt: skip
        return one

    def _stretched(self) -> Assignment:
        """All that makes a card long: extended to a Saturday, waiting for the leader, an address in its content."""
        one = self.work_on(self.give(7, content=UNBROKEN), -30)
        actions.ask_extension(one, a_saturday(25), "Chờ số liệu", by=self.officer, now=at_nine(-9), policy=POLICY)
        deciding.decide_extension(
            one, True, new_due=a_saturday(25), note="Đồng ý", by=self.issuer, now=at_nine(-8), policy=POLICY
        )
        return self.hand_in(one, self.officer)

    def _states(self) -> dict[str, Assignment]:
        told = {"now": at_nine(-2), "policy": POLICY}
        one = {
            "stretched": self._stretched(),
            "new": self.give(20, content="Kiện toàn Tổ công nghệ số cộng đồng"),
            "overdue": self.work_on(self.give(-35)),
            "today": self.work_on(self.give(0)),
            "soon": self.work_on(self.give(3)),
            "undated": self.give(None),
            "standing": self.give(None, kind=Kind.STANDING),
            "written": self.hand_in(self.work_on(self.give(9)), self.officer),
            "sent": self.hand_in(self.work_on(self.give(5)), self.leader, -9),
            "returned": self.hand_in(self.work_on(self.give(6)), self.leader),
            "asked": self.work_on(self.give(8)),
            "declined": self.give(12, helping=[self.communes[1]]),
            "suspended": self.work_on(self.give(15)),
            "done": self.hand_in(self.work_on(self.give(30)), self.leader, -4),
            "late": self.hand_in(self.work_on(self.give(-10)), self.leader, -4),
        }
        deciding.send_back(one["returned"], "Thiếu phụ lục I, cộng lại cột 4", by=self.issuer, **told)
        actions.ask_extension(one["asked"], days(20), "Chờ số liệu của Sở", by=self.officer, **told)
        actions.decline(one["declined"], "Không có di tích trên địa bàn", by=self.leader, **told)
        deciding.suspend(one["suspended"], "Chờ hướng dẫn", "12/TB-UBND", by=self.issuer, **told)
        for name in ("done", "late"):
            deciding.confirm(one[name], by=self.issuer, **told)
        self.target = giving.set_target(
            self.directive, self.communes, content="Tỷ lệ hồ sơ trực tuyến", goal=Decimal(95), measure="%",
            direction=Direction.AT_LEAST, by=self.issuer, now=at_nine(-50),
        )[0]  # fmt: skip
        return one


PROVINCE = {
    Role.ADMINISTRATOR: "Vũ Thị Quản Trị",
    Role.ISSUER: "Phạm Thu Dung",
    Role.MONITOR: "Hoàng Đức Giang",
    Role.LEADER: "Lê Minh Hải",
    Role.VIEWER: "Đỗ Ngọc Lan",
}
COMMUNE = {Role.COMMUNE_LEADER: "Nguyễn Văn An", Role.COMMUNE_OFFICER: "Trần Thị Bình"}

# Who looks at what; a screen that looks alike for several roles is looked at once.
OVER_ALL = ("/briefing", "/communes", "/communes/C0", "/assignments", "/assignments/{late}")
SCREENS: dict[Role, tuple[str, ...]] = {
    Role.COMMUNE_LEADER: (
        *("/work", "/assignments", "/assignments?view=overdue", "/directives", "/directives/{directive}", "/reports"),
        *("/assignments/{new}", "/assignments/{returned}", "/assignments/{written}", "/assignments/{done}"),
        *("/assignments/{soon}/submission", "/assignments/{new}/delegation", "/assignments/{new}/declining"),
        *(
            "/assignments/{stretched}",
            "/assignments/{stretched}/sending",
            "/notifications",
            "/nudges/new?assignment_id={soon}",
        ),
        *("/assignments/{written}/sending", "/assignments/{written}/handing-back", "/assignments/{sent}/recall"),
    ),
    Role.COMMUNE_OFFICER: (
        *("/work", "/targets", "/targets/{target}/readings", "/assignments?q=khong-co", "/account/password"),
        *("/assignments/{overdue}", "/assignments/{overdue}/progress", "/assignments/{soon}/extension-request"),
        "/assignments/{returned}/submission",
    ),
    Role.ISSUER: (
        *OVER_ALL,
        *("/directives/new", "/directives/{directive}/correction", "/directives/{directive}/files", "/reports"),
        *("/directives/{directive}", "/directives/{directive}/tasks", "/directives/{directive}/assignments"),
        *("/directives/{directive}/targets", "/targets", "/assignments/{sent}", "/assignments/{soon}/transfer"),
        *("/assignments/{soon}/suspension", "/assignments/{soon}/cancellation", "/assignments/{done}/reopening"),
        *("/assignments/{suspended}/resumption", "/assignments/{declined}/decline-decision"),
    ),
    Role.MONITOR: (
        *("/reviews", "/reviews?tab=extensions", "/reviews?tab=declined", "/assignments/{sent}/return"),
        *("/assignments/{asked}/extension-decision", "/assignments/{sent}/confirmation", "/notifications"),
        *(
            "/outbox",
            "/outbox/effect",
            "/silences",
            "/reminding",
            "/reminding/hearers",
            "/nudges/new?assignment_id={overdue}",
        ),
    ),
    Role.LEADER: ("/briefing", "/reports?by=directive"),
    Role.VIEWER: ("/assignments", "/assignments/{sent}", "/assignments/{stretched}"),
    Role.ADMINISTRATOR: (
        *("/account", "/start", "/units", "/units/C0", "/units/new?under=an-hoa", "/people", "/people/new"),
        *("/people/{officer}", "/people/{officer}/handover"),
    ),
}


def screens(town: Town, role: Role) -> list[str]:
    """The addresses that a role looks at."""
    known = {name: one.id for name, one in town.one.items()}
    known |= {"directive": town.directive.id, "officer": town.officer.person_id, "target": town.target.id}
    return [path.format(**known) for path in SCREENS[role]]


def told(house: Flask) -> None:
    """Everybody is told in the inbox what is due to be said now; nothing leaves the house."""
    moment = now()
    write_plan(plan(moment, manner(house.extensions["settings"])), moment)


def build(folder: Path) -> Town:
    """The town, in one transaction."""
    with atomic():
        return Town(folder)
