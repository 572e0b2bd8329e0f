"""Things to test with, built by saying only what matters."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from tracker.accounts.acting import User
from tracker.accounts.models import Person, Post
from tracker.accounts.queries import acting
from tracker.clock import HOUSE_ZONE
from tracker.db import atomic, db
from tracker.directives.models import Directive
from tracker.evidence.models import Evidence
from tracker.rules.access import Role
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import Kind
from tracker.rules.texts import fold
from tracker.tasks.giving import add_task, assign
from tracker.tasks.models import Assignment
from tracker.units.actions import add_unit
from tracker.units.models import Unit

POLICY = Policy()


def at(written: str) -> datetime:
    """A moment in house time: «2026-05-17 08:00»."""
    return datetime.fromisoformat(written).replace(tzinfo=HOUSE_ZONE)


START = at("2026-01-02 08:00")


def a_province(code: str = "P1", name: str = "Tỉnh Thử") -> Unit:
    """A province at the root of the tree."""
    return add_unit(code, name, "province", None, by=None, now=START)


def a_commune(province: Unit, code: str = "C1", name: str = "Xã An Bình") -> Unit:
    """A commune of the province."""
    return add_unit(code, name, "xa", province, by=None, now=START)


def somebody(unit: Unit, role: Role, name: str = "") -> User:
    """A person who holds a post in the unit, acting for it."""
    with atomic():
        token = secrets.token_hex(8)
        called = name or role.value
        person = Person(username=token, name=called, session_token=token, search_text=fold(called))
        db.session.add(person)
        db.session.flush()
        post = Post(person_id=person.id, unit_id=unit.id, role=role, from_on=date(2020, 1, 1))
        db.session.add(post)
        db.session.flush()
        user = acting(post)
    return user


def a_directive(issuer: Unit, symbol: str = "12/KH-UBND", issued_on: date = date(2026, 1, 2)) -> Directive:
    """A directive of the issuer."""
    with atomic():
        directive = Directive(
            doc_type="plan",
            doc_symbol=symbol,
            issued_on=issued_on,
            issuer_id=issuer.id,
            abstract="Triển khai nhiệm vụ",
            registered_at=START,
        )
        db.session.add(directive)
    return directive


def an_assignment(
    unit: Unit,
    issuer: User,
    *,
    due: str | None = "2026-03-20",
    kind: Kind | None = None,
    on: datetime = START,
    directive: Directive | None = None,
) -> Assignment:
    """One task of a directive, assigned to the unit."""
    province = db.session.get(Unit, issuer.unit_id)
    assert province is not None
    directive = directive or a_directive(province, symbol=secrets.token_hex(4))
    due_on = date.fromisoformat(due) if due else None
    task = add_task(
        directive,
        content="Báo cáo kết quả",
        kind=kind or (Kind.SCHEDULED if due_on else Kind.UNDATED),
        due_on=due_on,
        by=issuer,
        now=on,
    )
    assign([task], [unit], by=issuer, now=on)
    return db.session.query(Assignment).filter_by(task_id=task.id, unit_id=unit.id).one()


def a_document(unit: Unit) -> Evidence:
    """A numbered document of the unit that shows the work was done."""
    with atomic():
        evidence = Evidence(unit_id=unit.id, doc_symbol="212/BC-UBND", added_at=START)
        db.session.add(evidence)
    return evidence
