"""Tells what happened between a province and one commune: each deed through its own action, at its own time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.clock import HOUSE_ZONE
from tracker.db import db
from tracker.demo.people import somebody
from tracker.directives.actions import record_directive
from tracker.directives.models import Directive
from tracker.directives.paper import Paper
from tracker.evidence.actions import add_evidence
from tracker.evidence.models import Evidence
from tracker.rules.access import Role
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import Kind
from tracker.tasks.actions import delegate, receive, report_progress, write_result
from tracker.tasks.deciding import confirm
from tracker.tasks.giving import add_task, assign, read_target, set_target
from tracker.tasks.models import Assignment
from tracker.units.actions import add_unit
from tracker.units.models import Unit
from tracker.units.queries import by_code

NOT_STATED = "Minh họa (báo cáo không nêu thời hạn)"


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day in house time."""
    return datetime.combine(day, time(hour, minute), HOUSE_ZONE)


@dataclass(frozen=True)
class Work:
    """A task as its paper words it, and when it is due."""

    content: str
    due_on: date | None = None
    due_text: str = NOT_STATED
    deliverable: str = ""
    kind: Kind = Kind.SCHEDULED


@dataclass(frozen=True)
class Document:
    """A numbered paper of the commune that shows the work was done."""

    doc_type: str
    doc_symbol: str
    doc_on: date
    abstract: str


class Story:
    """One province and one of its communes, with the invented people who act for them.

    `slug` ends the user names: «giaoviec.thainguyen», «chutich.vinhthong».
    """

    def __init__(self, province: tuple[str, str], commune: tuple[str, str], began: date, policy: Policy):
        self.province, self.commune = by_code(province[0]), by_code(commune[0])
        self.policy, self.place = policy, province[1]
        self.began = at(began, 7, 30)
        self.issuer = self._person("giaoviec", self.place, "Nguyễn", self.province, Role.ISSUER, "Chuyên viên")
        self.monitor = self._person("theodoi", self.place, "Trần", self.province, Role.MONITOR, "Chuyên viên")
        self.leader = self._person("chutich", commune[1], "Lê", self.commune, Role.COMMUNE_LEADER, "Lãnh đạo UBND xã")
        self.officer = self._person(
            "canbo", commune[1], "Phạm", self.commune, Role.COMMUNE_OFFICER, "Công chức Văn hóa – Xã hội"
        )

    def _person(self, what: str, place: str, family: str, unit: Unit, role: Role, title: str) -> User:
        return somebody(f"{what}.{place}", f"{family} Minh Họa", unit, role, f"{title} (dùng thử)", self.began)

    def office(self, code: str, name: str, parent: Unit | None = None, kind: str = "department") -> Unit:
        """A unit below the province, or below the parent given, that sets tasks of its own."""
        known = db.session.scalar(sa.select(Unit).where(Unit.code == code))
        return known or add_unit(code, name, kind, parent or self.province, by=None, now=self.began)

    def clerk(self, office: Unit, name: str) -> User:
        """The one who gives and the one who follows the work of an office, of the same user name."""
        return self._person("giaoviec", name, "Hoàng", office, Role.ISSUER, "Chuyên viên")

    def paper(
        self,
        doc_type: str,
        doc_symbol: str,
        issued_on: date,
        abstract: str,
        issuer_name: str,
        issuer: Unit | None = None,
    ) -> Directive:
        """A directive registered on the day it was issued."""
        paper = Paper(
            doc_type=doc_type,
            doc_symbol=doc_symbol,
            issued_on=issued_on,
            received_on=issued_on,
            abstract=abstract,
            issuer_name=issuer_name,
            field="Khoa học, công nghệ, đổi mới sáng tạo, chuyển đổi số",
        )
        return record_directive(paper, issuer or self.province, by=self.issuer, now=at(issued_on, 14))

    def give(self, paper: Directive, on: date, works: Sequence[Work], by: User | None = None) -> list[Assignment]:
        """The tasks of a paper, assigned to the commune on a day; delegated to its officer the next morning."""
        by, now = by or self.issuer, at(on)
        tasks = [
            add_task(
                paper,
                content=work.content,
                kind=work.kind,
                due_on=work.due_on,
                due_text=work.due_text if work.due_on else "",
                deliverable=work.deliverable,
                ordinal=str(number),
                by=by,
                now=now,
            )
            for number, work in enumerate(works, start=1)
        ]
        assign(tasks, [self.commune], by=by, now=now)
        given = db.session.scalars(
            sa.select(Assignment)
            .where(Assignment.task_id.in_([task.id for task in tasks]), Assignment.unit_id == self.commune.id)
            .order_by(Assignment.id)
        ).all()
        morning = now + timedelta(hours=2)
        for one in given:
            receive(one, by=self.leader, now=morning, policy=self.policy)
            delegate(one, self.officer.person_id, None, by=self.leader, now=morning, policy=self.policy)
        return list(given)

    def going(self, assignment: Assignment, on: date, text: str, cause: str = "") -> None:
        """The officer says how it goes."""
        report_progress(assignment, text, cause, by=self.officer, now=at(on, 15), policy=self.policy)

    def done(
        self, assignment: Assignment, on: date, text: str, *documents: Document, confirmer: User | None = None
    ) -> None:
        """The leader sends the result with its documents; the assigning side confirms it that afternoon."""
        evidence = [self._kept(document, on) for document in documents]
        write_result(assignment, text, evidence, by=self.leader, now=at(on, 10), policy=self.policy)
        confirm(assignment, by=confirmer or self.monitor, now=at(on, 16), policy=self.policy)

    def _kept(self, document: Document, on: date) -> Evidence:
        return add_evidence(
            self.commune.id,
            **asdict(document),
            issuer=f"UBND {self.commune.name[0].lower()}{self.commune.name[1:]}",
            by=self.officer,
            now=at(on, 9, 30),
        )

    def target(
        self,
        paper: Directive,
        set_on: date,
        content: str,
        *,
        goal: str | None = None,
        read_on: date | None = None,
        value: str | None = None,
        met: bool = False,
    ) -> None:
        """A target in percent and, where the report says one, its value on a day; without a goal it is declared."""
        (target,) = set_target(
            paper,
            [self.commune],
            content=content,
            goal=Decimal(goal) if goal else None,
            measure="%",
            direction="at_least" if goal else "declared",
            by=self.issuer,
            now=at(set_on),
        )
        if read_on is not None:
            number = Decimal(value) if value else None
            read_target(target, read_on, number, met, by=self.officer, now=at(read_on, 16))
