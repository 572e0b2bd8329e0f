"""No page asks more than fifteen questions, and none asks more because there are more rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
import time_machine
from browser import Browser
from builders import POLICY, a_commune, a_document, a_province, at, somebody
from databases import empty_every_table
from flask import Flask
from werkzeug.routing import Rule

from tracker.accounts.actions import add_post, invite
from tracker.accounts.models import Person
from tracker.db import atomic, db
from tracker.directives.models import Directive, ImportDraft, ImportRow
from tracker.directives.pages.shared import PaperInput
from tracker.evidence.models import DirectiveFile, Evidence, StoredFile
from tracker.reports.closing import close
from tracker.reports.drafting.actions import begin
from tracker.reports.queries import Scope
from tracker.rules.access import OF_UNIT, Role
from tracker.rules.amending import Wording
from tracker.rules.lifecycle import Kind
from tracker.rules.periods import free
from tracker.rules.rates import Direction
from tracker.tasks import actions, amending, deciding, giving, proposing
from tracker.tasks.models import Assignment
from tracker.units.actions import add_unit, rename
from tracker.units.models import Unit

FEW, MANY, MOST = 3, 60, 15
NOW = at("2026-03-16 08:00")
BEFORE = {"now": at("2026-03-02 09:00"), "policy": POLICY}


class Crowd:
    """A province in which there are `rows` of everything that a page can list."""

    def __init__(self, rows: int):
        self.rows = rows
        self.province = a_province()
        self.communes = [a_commune(self.province, f"C{n}", f"Xã Số {n}") for n in range(rows)]
        self.unit = self.communes[0]
        self.people = {role: somebody(self.province, role, role.value) for role in Role}
        self.people |= {role: somebody(self.unit, role) for role in (Role.COMMUNE_LEADER, Role.COMMUNE_OFFICER)}
        self.issuer, self.leader = self.people[Role.ISSUER], self.people[Role.COMMUNE_LEADER]
        self.officer, self.admin = self.people[Role.COMMUNE_OFFICER], self.people[Role.ADMINISTRATOR]
        self.helpers = [somebody(self.unit, Role.COMMUNE_OFFICER, f"Cán bộ {n}") for n in range(rows)]
        self.papers = [self._paper(n) for n in range(rows)]
        self._attach_files()
        self.one = self._new("full")
        self._live_long(self.one)
        self.places = {
            "receipt": self._new("new"),
            "delegation": self._new("given"),
            "progress": self._new("going"),
            "submission": self._new("going"),
            "extension-request": self._new("going"),
            "declining": self._new("given"),
            "suspension": self._new("going"),
            "cancellation": self._new("going"),
            "transfer": self._new("given"),
            **dict.fromkeys(("sending", "handing-back"), self._written()),
            **dict.fromkeys(("recall", "confirmation", "return"), self._sent()),
            "extension-decision": self._asked(),
            "decline-decision": self._declined(),
            "resumption": self._suspended(),
            "reopening": self._completed(),
        }
        self._fill_the_lists()
        self.target_id = self._target()
        self.recurring_id = self._recur()
        self.in_force, self.drafted, self.amended_task_id = self._amend()
        self.proposal_id = self._propose()
        self.draft_id = self._import()
        self._history()
        self._reports()

    def _paper(self, number: int) -> Directive:
        with atomic():
            paper = Directive(
                doc_type="plan", doc_symbol=f"{number}/KH-UBND", issued_on=date(2026, 1, 2),
                issuer_id=self.province.id, abstract="Triển khai", registered_at=BEFORE["now"],
            )  # fmt: skip
            db.session.add(paper)
            db.session.flush()
        return paper

    def _give(self, paper: Directive, unit: Unit, due: str | None = "2026-03-20", units=(), helping=()) -> Assignment:
        """A task of the paper given to the unit, and to more units where there are any; the unit's assignment."""
        task = giving.add_task(
            paper, content="Báo cáo", kind=Kind.SCHEDULED if due else Kind.UNDATED, coordinators=helping,
            due_on=date.fromisoformat(due) if due else None, by=self.issuer, now=BEFORE["now"],
        )  # fmt: skip
        giving.assign([task], units or [unit], by=self.issuer, now=BEFORE["now"])
        return db.session.query(Assignment).filter_by(task_id=task.id, unit_id=unit.id).one()

    def _new(self, how: str) -> Assignment:
        """One assignment given to every commune, so that its task has many brothers and helpers."""
        one = self._give(self.papers[0], self.unit, units=self.communes, helping=self.communes)
        if how in ("going", "full"):
            actions.delegate(one, self.officer.person_id, None, by=self.leader, **BEFORE)
            actions.report_progress(one, "Đang làm", "staff", by=self.officer, **BEFORE)
        return one

    def _live_long(self, one: Assignment) -> None:
        for number in range(min(self.rows, 12)):
            actions.report_progress(one, f"Lần {number}", "", by=self.officer, **BEFORE)
            paper = a_document(self.unit)
            actions.write_result(one, "Xong", [paper], by=self.leader, **BEFORE)
            deciding.send_back(one, "Thiếu phụ lục", by=self.issuer, **BEFORE)

    def _written(self) -> Assignment:
        one = self._new("going")
        papers = [a_document(self.unit) for _ in range(self.rows)]
        actions.write_result(one, "Xong", papers, by=self.officer, **BEFORE)
        return one

    def _sent(self) -> Assignment:
        one = self._written()
        actions.submit(one, by=self.leader, **BEFORE)
        return one

    def _completed(self) -> Assignment:
        one = self._sent()
        deciding.confirm(one, by=self.issuer, **BEFORE)
        return one

    def _asked(self) -> Assignment:
        one = self._new("going")
        actions.ask_extension(one, date(2026, 3, 27), "Chờ số liệu", by=self.officer, **BEFORE)
        return one

    def _declined(self) -> Assignment:
        one = self._new("new")
        actions.decline(one, "Không thuộc địa bàn", by=self.leader, **BEFORE)
        return one

    def _suspended(self) -> Assignment:
        one = self._new("going")
        deciding.suspend(one, "Chờ hướng dẫn", "12/TB-UBND", by=self.issuer, **BEFORE)
        return one

    def _fill_the_lists(self) -> None:
        """All kinds of open work of one commune; in every commune what waits for the province."""
        for number, (paper, commune) in enumerate(zip(self.papers, self.communes, strict=True)):
            one = self._give(paper, self.unit, ("2026-03-10", "2026-03-16", "2026-03-18", None)[number % 4])
            actions.delegate(one, self.officer.person_id, None, by=self.leader, **BEFORE)
            actions.report_progress(one, "Vướng", "finance", by=self.officer, **BEFORE)
            helper = somebody(commune, Role.COMMUNE_LEADER)
            self._give(paper, commune, "2026-03-05")
            sent = self._give(paper, commune, "2026-03-18")
            actions.write_result(sent, "Xong", [a_document(commune)], by=helper, **BEFORE)
            actions.ask_extension(self._give(paper, commune), date(2026, 3, 27), "Chờ", by=helper, **BEFORE)
            actions.decline(self._give(paper, commune), "Không thuộc", by=helper, **BEFORE)

    def _attach_files(self) -> None:
        with atomic():
            for number in range(self.rows):
                file = StoredFile(
                    sha256="0" * 64, name=f"{number}.pdf", media_type="application/pdf", size=1, uploaded_at=NOW
                )
                db.session.add(file)
                db.session.flush()
                db.session.add(DirectiveFile(directive_id=self.papers[0].id, file_id=file.id))
                db.session.add(Evidence(unit_id=self.unit.id, file_id=file.id, added_at=NOW))

    def _target(self) -> int:
        """Many targets of every commune, each read; the first one is looked at."""
        told = {
            "goal": None,
            "measure": "%",
            "direction": Direction.DECLARED,
            "by": self.issuer,
            "now": BEFORE["now"],
        }
        first = 0
        for number in range(self.rows):
            targets = giving.set_target(self.papers[0], self.communes[:3], content=f"Tỷ lệ {number}", **told)
            first = first or targets[0].id
            for day in (1, 2):
                giving.read_target(targets[0], date(2026, 3, day), None, True, by=self.leader, now=NOW)
        return first

    def _recur(self) -> int:
        """A duty that recurs in every commune."""
        task = giving.add_task(
            self.papers[0], content="Báo cáo tuần", kind=Kind.RECURRING, recurrence="FREQ=WEEKLY;BYDAY=FR",
            by=self.issuer, now=BEFORE["now"],
        )  # fmt: skip
        giving.assign([task], self.communes, by=self.issuer, now=BEFORE["now"])
        return task.id

    def _amend(self) -> tuple[int, int, int]:
        """The first paper amended by every other one; by the last one much of it, in force and as a draft."""
        told = {"by": self.issuer, "now": NOW}
        tasks = [self._give(self.papers[0], self.unit, units=self.communes).task for _ in range(self.rows)]
        for paper in self.papers[1:-1]:
            one = amending.draft_amendment(paper, self.papers[0], **told)
            amending.change_task(one, tasks[0], Wording("Báo cáo lại", "", "", Kind.UNDATED, None), **told)
            amending.take_effect(one, **told)
        amendments = []
        for number in range(2):
            paper = self._paper(1000 + number)
            one = amending.draft_amendment(paper, self.papers[0], **told)
            for place, task in enumerate(tasks):
                giving.add_task(paper, content=f"Việc thêm {place}", kind=Kind.UNDATED, **told)
                new = Wording(f"Việc sửa {number}", "", "", Kind.SCHEDULED, date(2026, 3, 31))
                amending.change_task(one, task, new, withdrawn=bool(number and place % 2), **told)
            amendments.append(one)
        amending.take_effect(amendments[0], **told)
        return amendments[0].id, amendments[1].id, tasks[0].id

    def _propose(self) -> int:
        """A proposal of every commune, every other one accepted; the last one waits."""
        department = add_unit("D1", "Sở Nội vụ", "department", self.province, by=None, now=BEFORE["now"])
        for number, commune in enumerate([*self.communes, self.unit]):
            by = somebody(commune, Role.COMMUNE_LEADER)
            wish = proposing.Wish(f"Bố trí máy {number}", f"{number}/BC-UBND", date(2026, 3, 1))
            one = proposing.propose_upward(wish, by=by, now=NOW)
            if number % 2 and number < self.rows:
                proposing.accept_proposal(one, department, date(2026, 4, 1), by=self.issuer, now=NOW)
        return one.id

    def _import(self) -> int:
        """Many imports; the last one of many rows and files, for all communes, amends the paper of its title."""
        title = "Điều chỉnh, bổ sung Kế hoạch số 0/KH-UBND và Kế hoạch số 1/KH-UBND"
        paper = dict.fromkeys(PaperInput().fields, "") | {"abstract": title, "issued_on": "16/03/2026"}
        with atomic():
            for number in range(self.rows):
                file = {"name": f"{number}.pdf", "sha256": "0" * 64, "media_type": "application/pdf", "size": 1}
                draft = ImportDraft(
                    unit_id=self.province.id, file_name=f"{number}.xlsx", started_at=NOW, touched_at=NOW, paper=paper,
                    remarks=["Có ô công thức"] * self.rows, titles=["Nội dung"], unit_ids=[], refers=["1/KH-UBND"],
                    files=[file] * self.rows, amends_id=self.papers[0].id,
                )  # fmt: skip
                db.session.add(draft)
            db.session.flush()
            ids = [unit.id for unit in self.communes]
            for place in range(self.rows):
                row = ImportRow(
                    draft_id=draft.id, place=place, content="Báo cáo", kind="scheduled", due_on=date(2026, 3, 28),
                    leads={"units": ids, "unknown": []}, helpers={"units": ids}, problems={}, doubts={},
                    cells={"place": "Phụ lục", "rows": [place], "texts": {"Nội dung": "Báo cáo"}},
                )  # fmt: skip
                db.session.add(row)
            db.session.flush()
            self.row_id = row.id
        return draft.id

    def _history(self) -> None:
        """A person with many posts, a unit with many names, many marks on the papers."""
        person = db.session.get(Person, self.officer.person_id)
        for number, commune in enumerate(self.communes):
            add_post(person, commune, Role.VIEWER, f"Kiêm nhiệm {number}", date(2026, 1, 1), by=self.admin, now=NOW)
            rename(self.unit, f"Xã Tên {number}", "NQ", date(2026, 1, 1), by=self.admin, now=NOW)
            invite(person, by=self.admin, now=NOW, days=7)

    def _reports(self) -> None:
        """Closed periods with their versions, and drafts of reports, half of them from a closed period."""
        period, after = free(date(2026, 1, 1), date(2026, 3, 8)), {"now": at("2026-03-09 08:00"), "policy": POLICY}
        whole, own = Scope(self.province, period=period), Scope(self.unit, period=period)
        closed = [close(whole, reason="Chốt lại", by=self.issuer, **after) for _ in range(self.rows)][-1]
        of_unit = close(own, by=self.leader, **after)
        self.closed = {True: of_unit.id, False: closed.id}
        self.drafts: dict[Role, int] = {}
        for number in range(self.rows):
            ordered = self._give(self.papers[number], self.unit)
            told = {"by": self.officer, "now": NOW, "closed": of_unit if number % 2 else None}
            mine = begin(self.unit, "nq57-thai-nguyen", NOW.date(), ordered=ordered, **told)
            told = {"by": self.issuer, "now": NOW, "closed": closed if number % 2 else None}
            theirs = begin(self.province, "tong-hop-day-du", NOW.date(), **told)
            place = (Role.COMMUNE_LEADER, Role.MONITOR) if number % 2 else (Role.COMMUNE_OFFICER, Role.ISSUER)
            self.drafts |= {place[0]: mine.id, place[1]: theirs.id, Role.LEADER: theirs.id}

    def of_reports(self, rule: Rule, role: Role) -> dict[str, object]:
        """Which closed period or draft of a report the role may look at."""
        found: dict[str, object] = {"snapshot_id": self.closed[role in OF_UNIT]}
        return found | {"draft_id": self.drafts.get(role)} if "/reports/drafts/" in str(rule) else found

    def address(self, rule: Rule, role: Role) -> str | None:
        """An address of the rule that leads to a full page; none where there is none to look at."""
        noun = str(rule).rsplit("/", 1)[-1]
        if str(rule) == "/nudges/new":
            return f"/nudges/new?ids={self.one.id}"
        if str(rule) == "/reminder-text":
            return f"/reminder-text?unit={self.unit.id}"
        values = {
            "directive_id": self.papers[0].id,
            "person_id": self.officer.person_id,
            "target_id": self.target_id,
            "draft_id": self.draft_id,
            "row_id": self.row_id,
            "proposal_id": self.proposal_id,
            "amendment_id": self.drafted if "/tasks/" in str(rule) else self.in_force,
            "task_id": self.amended_task_id if "amendments" in str(rule) else self.recurring_id,
            "assignment_id": self.places.get(noun, self.one).id,
            "code": "C0" if "communes" in str(rule) else "P1",
            "kind": "json",
            "token": "none",
            **self.of_reports(rule, role),
        }
        unknown = rule.arguments - values.keys()
        assert not unknown, f"{rule} needs {sorted(unknown)}: say in Crowd.address which record shows it full"
        path = str(rule)
        for name, value in values.items():
            path = path.replace(f"<int:{name}>", str(value)).replace(f"<{name}>", str(value))
        return path


NOT_PAGES = {
    *("static", "evidence.download", "accounts.invitation", "tasks.assignments_xlsx", "tasks.assignments_csv"),
    *("papers.paper", "papers.closed_paper", "drafts.paper", "evidence.draft_file", "tasks.effect"),
}
RARE = {
    *("evidence.answer", "evidence.reply"),
    *("reports.check_file", "drafts.send", "drafts.recall", "drafts.decision"),
}
"""Pages of records that the crowd does not have; each is opened by the tests of its own room."""
MORE = {
    "/assignments": ("?view=overdue", "?view=todo&size=200", "?sort=unit&desc=1", "?page=2"),
    "/reviews": ("?tab=extensions", "?tab=declined"),
    "/reports": ("?by=directive", "?as_of=2026-03-10", "?start=2026-01-01"),
    "/communes": ("?sort=days", "?sort=waiting"),
    "/units": ("?q=xa",),
    "/units/new": ("?under=P1",),
    "/directives": ("?q=kh",),
    "/reminding": ("?kind=due_in&due_in.officer=inapp",),
    "/reminding/hearers": ("?kind=due_in&due_in.monitor=inapp", "?day=2026-03-18"),
}


def pages_of(app: Flask, crowd: Crowd, role: Role) -> Iterator[str]:
    """Every address that the role may open; a channel that is not configured has no pages."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("zalo."):
            continue
        if rule.endpoint in NOT_PAGES | RARE or "GET" not in (rule.methods or ()):
            continue
        if role not in getattr(app.view_functions[rule.endpoint], "open_to", ()):
            continue
        path = crowd.address(rule, role)
        if path is not None and path != "/units/new":
            yield path
        if rule.endpoint == "tasks.amendment" and role == Role.ISSUER:
            yield f"/amendments/{crowd.drafted}?draft=1"
        if path == "/reminding/hearers":
            yield f"{path}?unit={crowd.unit.id}"
        yield from (f"{path}{query}" for query in MORE.get(path or "", ()))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    said: list[str] = []

    def hear(_connection, _cursor, statement, *_more) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            said.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", hear)


def questions(app: Flask, rows: int) -> dict[tuple[str, str], int]:
    """How many statements each page of each role needs, by rule and role; a page that does not open is a failure."""
    with atomic():
        crowd = Crowd(rows)
    found: dict[tuple[str, str], int] = {}
    for role, user in crowd.people.items():
        browser = Browser(app).acts_as(user)
        for path in pages_of(app, crowd, role):
            found[role.value, _shape(path)] = _asked(browser, path)
    return found


def _shape(path: str) -> str:
    """The address without its numbers, which differ between crowds."""
    return re.sub(r"(/|unit=)\d+", r"\1N", path)


def _asked(browser: Browser, path: str) -> int:
    with counted() as said:
        status = browser.knock("GET", path)
    assert status == 200 or path == "/", f"{path} answered {status} instead of a page"
    return len(said)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_page_asks_more_than_fifteen_questions_nor_more_because_there_are_more_rows(app: Flask) -> None:
    with app.app_context(), time_machine.travel(NOW, tick=False):
        few, many = (_of_a_crowd(app, rows) for rows in (FEW, MANY))
    assert few.keys() == many.keys()
    assert {page: number for page, number in many.items() if number > MOST} == {}
    assert {page: (few[page], many[page]) for page in many if many[page] > few[page]} == {}


def _of_a_crowd(app: Flask, rows: int) -> dict[tuple[str, str], int]:
    """The counts with so many rows, in a house of their own."""
    app.extensions.pop("tasks_averages", None)
    found = questions(app, rows)
    empty_every_table()
    return found
