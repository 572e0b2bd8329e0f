"""A small province in which something happens all the time: work is given, handed in, put off, taken away."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from builders import POLICY, a_commune, a_directive, a_document, a_province
from mailing import reachable

from tracker.accounts.acting import User
from tracker.accounts.models import Post
from tracker.accounts.queries import acting
from tracker.db import atomic, db
from tracker.demo.province import CODE
from tracker.directives.models import Directive
from tracker.errors import TrackerError
from tracker.reminders.nudging import nudge
from tracker.reminders.openings import opened
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.tasks.actions import ask_extension, delegate, write_result
from tracker.tasks.deciding import cancel, confirm, decide_extension, resume, send_back, suspend
from tracker.tasks.giving import add_task, assign
from tracker.tasks.models import Assignment
from tracker.units.models import Unit

Moment = datetime
Pause = tuple[Moment, Moment | None]
"""From when and until when nothing may be said of a task; None: for good."""


@dataclass
class Commune:
    """A commune and its two people."""

    unit_id: int
    leader: User
    officer: User


@dataclass
class World:
    """The province, and what its people do when they are told to."""

    dice: random.Random
    issuer: User = field(init=False)
    monitor: User = field(init=False)
    directive_id: int = 0
    communes: list[Commune] = field(default_factory=list)
    pauses: dict[int, list[Pause]] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    eyes: random.Random = field(default_factory=lambda: random.Random(11))
    """The dice of those who only look, so that what is done does not hang on them."""

    def settle(self, communes: int, tasks: int, now: datetime) -> None:
        """Units, people and some work that is due around the day."""
        province = a_province()
        self.issuer = reachable(province, Role.ISSUER, "Trần Thị Giao")
        self.monitor = reachable(province, Role.MONITOR, "Phạm Thị Dung")
        reachable(province, Role.LEADER, "Hoàng Văn Lãnh")
        for number in range(communes):
            unit = a_commune(province, f"C{number}", f"Xã Số {number}")
            leader = reachable(unit, Role.COMMUNE_LEADER, f"Chủ tịch {number}")
            officer = reachable(unit, Role.COMMUNE_OFFICER, f"Cán bộ {number}")
            self.communes.append(Commune(unit.id, leader, officer))
        self.directive_id = a_directive(province).id
        for _ in range(tasks):
            self.give(now - timedelta(days=40), self.dice.randint(-10, 20) + 40)

    def adopt_the_demo(self) -> None:
        """The demo province: its people go on with the work that is there."""
        province = db.session.query(Unit).filter_by(code=CODE).one()
        self.issuer = self._holder(province.id, Role.ISSUER)
        self.monitor = self._holder(province.id, Role.MONITOR)
        self.directive_id = db.session.query(Directive).filter_by(issuer_id=province.id).first().id
        for unit in db.session.query(Unit).filter(Unit.path.startswith(province.path), Unit.id != province.id):
            leader, officer = (self._holder(unit.id, role) for role in (Role.COMMUNE_LEADER, Role.COMMUNE_OFFICER))
            self.communes.append(Commune(unit.id, leader, officer))
        for assignment in db.session.query(Assignment.id).order_by(Assignment.id):
            self.numbers[len(self.numbers) + 1] = assignment.id

    def _holder(self, unit_id: int, role: Role) -> User:
        return acting(db.session.query(Post).filter_by(unit_id=unit_id, role=role).first())

    def give(self, now: datetime, days: int | None = None) -> None:
        """One more task for one commune, soon in the hands of its officer."""
        number = len(self.numbers) + 1
        commune = self.dice.choice(self.communes)
        due_on = now.date() + timedelta(days=self.dice.randint(1, 15) if days is None else days)
        directive = db.session.get_one(Directive, self.directive_id)
        content = f"Việc số {number} của kế hoạch"
        task = add_task(directive, content=content, kind=Kind.SCHEDULED, due_on=due_on, by=self.issuer, now=now)
        if self.dice.random() < 0.5:
            with atomic():
                task.monitor_id = self.monitor.person_id
        assign([task], [db.session.get_one(Unit, commune.unit_id)], by=self.issuer, now=now)
        assignment = db.session.query(Assignment).filter_by(task_id=task.id).one()
        self.numbers[number] = assignment.id
        if self.dice.random() < 0.8:
            delegate(assignment, commune.officer.person_id, None, by=commune.leader, now=now, policy=POLICY)

    def go_on(self, now: datetime) -> None:
        """One deed of somebody."""
        deeds: list[Callable[[datetime], None]] = [self.give, self.give, self._finish, self._finish, self._move]
        deeds += [self._send_back, self._withdraw, self._suspend, self._resume, self._urge]
        self.dice.choice(deeds)(now)

    def look(self, now: datetime) -> None:
        """As many people as there are communes open some work that is due about now."""
        near = Assignment.due_on.between(now.date() - timedelta(days=12), now.date() + timedelta(days=8))
        led = Assignment.unit_id.in_([one.unit_id for one in self.communes])
        rows = db.session.query(Assignment.id, Assignment.unit_id).filter(near, led).order_by(Assignment.id).all()
        people = {one.unit_id: (one.leader, one.officer, one.officer, self.monitor) for one in self.communes}
        for row in self.eyes.choices(rows, k=len(self.communes)) if rows else ():
            opened(self.eyes.choice(people[row.unit_id]), row.id, now)

    def said_in_vain(self, number: int, at: datetime) -> bool:
        """Whether nothing ought to have been asked for the task at the moment."""
        pauses = self.pauses.get(number, ())
        return any(begin < at and (end is None or at < end) for begin, end in pauses)

    def _some(self, *states: str) -> tuple[int, Assignment] | None:
        ids = {assignment_id: number for number, assignment_id in self.numbers.items()}
        led = sa.and_(
            Assignment.unit_id.in_([one.unit_id for one in self.communes]), Assignment.kind == Kind.SCHEDULED.value
        )
        rows = db.session.query(Assignment.id).filter(Assignment.state.in_(states), led).order_by(Assignment.id).all()
        one = self.dice.choice(rows).id if rows else None
        return (ids[one], db.session.get_one(Assignment, one)) if one else None

    def _by(self, assignment: Assignment) -> User:
        return next(one.leader for one in self.communes if one.unit_id == assignment.unit_id)

    def _finish(self, now: datetime) -> None:
        if found := self._some("assigned", "received", "in_progress"):
            number, one = found
            document = a_document(db.session.get_one(Unit, one.unit_id))
            write_result(one, "Xong", [document], by=self._by(one), now=now, policy=POLICY)
            self.pauses.setdefault(number, []).append((now, None))
            if self.dice.random() < 0.5:
                confirm(one, by=self.issuer, now=now, policy=POLICY)

    def _send_back(self, now: datetime) -> None:
        if found := self._some("submitted"):
            number, one = found
            send_back(one, "Thiếu danh sách", by=self.issuer, now=now, policy=POLICY)

            if known := self.pauses.get(number):
                known.append((known.pop()[0], now))

    def _move(self, now: datetime) -> None:
        if found := self._some("received", "in_progress"):
            _, one = found
            try:
                new_due = max(one.due_on or now.date(), now.date()) + timedelta(days=20)
                ask_extension(one, new_due, "Chờ số liệu", by=self._by(one), now=now, policy=POLICY)
                decide_extension(one, self.dice.random() < 0.8, note="Ý kiến", by=self.issuer, now=now, policy=POLICY)
            except TrackerError:
                db.session.rollback()

    def _withdraw(self, now: datetime) -> None:
        """Take some work back, now and then what was only just given."""
        if self.dice.random() < 0.4:
            self.give(now)
            number = len(self.numbers)
            found = number, db.session.get_one(Assignment, self.numbers[number])
        else:
            found = self._some("assigned", "received", "in_progress")
        if found:
            number, one = found
            cancel(one, "Không còn phù hợp", "Văn bản thu hồi", by=self.issuer, now=now, policy=POLICY)
            self.pauses.setdefault(number, []).append((now, None))

    def _suspend(self, now: datetime) -> None:
        """Suspend some work, now and then to think better of it at once."""
        if found := self._some("assigned", "received", "in_progress"):
            number, one = found
            suspend(one, "Chờ hướng dẫn", "Văn bản tạm dừng", by=self.issuer, now=now, policy=POLICY)
            self.pauses.setdefault(number, []).append((now, None))
            if self.dice.random() < 0.3:
                self._give_back(number, one, now)

    def _resume(self, now: datetime) -> None:
        if found := self._some("suspended"):
            self._give_back(*found, now)

    def _give_back(self, number: int, one: Assignment, now: datetime) -> None:
        resume(one, "Đã có hướng dẫn", by=self.issuer, now=now, policy=POLICY)
        if known := self.pauses.get(number):
            known.append((known.pop()[0], now))

    def _urge(self, now: datetime) -> None:
        """A word of the province, or of the unit's leader; who urged today or has nobody to urge does not."""
        if found := self._some("received", "in_progress"):
            _, one = found
            by = self.dice.choice([self.issuer, self.monitor, self._by(one)])
            try:
                nudge(one, "Đề nghị khẩn trương", by=by, now=now, policy=POLICY)
            except TrackerError:
                db.session.rollback()
