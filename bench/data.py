"""A seeded country to measure on: 5 provinces × 100 communes, 100 000 assignments of every state."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.actions import hash_password
from tracker.accounts.models import Person, Post
from tracker.clock import HOUSE_ZONE
from tracker.db import atomic, db
from tracker.directives.models import Directive
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind, State
from tracker.rules.texts import fold
from tracker.tasks.ledger import FACTS
from tracker.tasks.models import NEVER, Assignment, Standing, Task
from tracker.units.models import Unit

PROVINCES, COMMUNES, TASKS = 5, 100, 200
PASSWORD = "mot cau de nho"
TODAY = date(2026, 6, 22)
NOW = datetime(2026, 6, 22, 7, 45, tzinfo=HOUSE_ZONE)
STATES = [State.COMPLETED] * 14 + [State.IN_PROGRESS] * 3 + [State.ASSIGNED, State.RECEIVED, State.SUBMITTED]
BATCH = 5000


def fill(seed: int = 1, *, tasks: int = TASKS, provinces: int = PROVINCES, all_open: bool = False) -> None:
    """Fill an empty database; the same seed gives the same rows. `all_open`: nothing is done yet, everybody hears."""
    dice = random.Random(seed)
    with atomic():
        for number in range(provinces):
            province = _unit(f"B{number}", f"Tỉnh Thử {number}", "province", None)
            communes = [_unit(f"B{number}-{n:03}", f"Xã Thử {n}", "xa", province) for n in range(COMMUNES)]
            _people(number, province, communes)
            if all_open:
                _people_who_hear(number, province, communes)
            _work(dice, province, communes, tasks, all_open)


def _unit(code: str, name: str, kind: str, parent: Unit | None) -> Unit:
    unit = Unit(code=code, name=name, kind=kind, parent=parent, sort_key=fold(name), search_text=fold(name))
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def _people(number: int, province: Unit, communes: list[Unit]) -> None:
    word = hash_password(PASSWORD)
    for role, unit in (
        (Role.MONITOR, province),
        (Role.COMMUNE_LEADER, communes[0]),
        (Role.COMMUNE_OFFICER, communes[0]),
    ):
        name = f"{role.value}{number}"
        person = Person(username=name, name=name, password_hash=word, session_token=name)
        person.posts.append(Post(unit=unit, role=role, from_on=date(2020, 1, 1)))
        db.session.add(person)
    db.session.flush()


def _people_who_hear(number: int, province: Unit, communes: list[Unit]) -> None:
    """A leader and an officer for every commune and a leader for the province, each with an address."""
    posts = [(Role.LEADER, province), *((Role.COMMUNE_LEADER, one) for one in communes[1:])]
    posts += [(Role.COMMUNE_OFFICER, one) for one in communes[1:]]
    for place, (role, unit) in enumerate(posts):
        name = f"{role.value}{number}-{place}"
        person = Person(username=name, name=name, email=f"{name}@thu.example", session_token=name)
        person.posts.append(Post(unit=unit, role=role, from_on=date(2020, 1, 1)))
        db.session.add(person)
    db.session.flush()


def _work(dice: random.Random, province: Unit, communes: list[Unit], tasks: int, all_open: bool) -> None:
    rows: list[dict[str, Any]] = []
    for number in range(tasks):
        if number % 5 == 0:
            directive = _directive(province, number)
        task = _task(dice, directive, number)
        rows += [_assignment(dice, task, unit, province, all_open) for unit in communes]
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        ids = db.session.scalars(
            sa.insert(Assignment).returning(Assignment.id, sort_by_parameter_order=True), part
        ).all()
        db.session.execute(
            sa.insert(Standing),
            [
                {
                    "assignment_id": one,
                    "from_on": row["assigned_on"],
                    "until_on": NEVER,
                    **{fact: row[fact] for fact in FACTS},
                }
                for one, row in zip(ids, part, strict=True)
            ],
        )


def _directive(province: Unit, number: int) -> Directive:
    directive = Directive(
        doc_type="plan",
        doc_symbol=f"{number + 1}/KH-UBND",
        issued_on=date(2026, 1, 5),
        issuer_id=province.id,
        abstract=f"Kế hoạch số {number}",
        registered_at=NOW,
    )
    db.session.add(directive)
    db.session.flush()
    return directive


def _task(dice: random.Random, directive: Directive, number: int) -> Task:
    content = f"Nhiệm vụ số {number}: báo cáo kết quả thực hiện {directive.doc_symbol}"
    task = Task(
        directive_id=directive.id,
        content=content,
        kind=Kind.SCHEDULED,
        due_on=TODAY + timedelta(days=dice.randint(-150, 150)),
        registered_at=NOW,
        search_text=fold(content),
    )
    db.session.add(task)
    db.session.flush()
    return task


def _state(dice: random.Random, due_on: date, all_open: bool) -> State:
    if all_open:
        return State.IN_PROGRESS
    state = dice.choice(STATES)
    late = state != State.COMPLETED and due_on < TODAY and dice.random() < 0.8
    return State.COMPLETED if late else state


def _assignment(dice: random.Random, task: Task, unit: Unit, province: Unit, all_open: bool) -> dict[str, Any]:
    assert task.due_on is not None
    state = _state(dice, task.due_on, all_open)
    submitted = min(TODAY, task.due_on + timedelta(days=dice.randint(-20, 4)))
    done = state == State.COMPLETED
    age = dice.randint(0, 100)
    sent = done or state == State.SUBMITTED
    return {
        "task_id": task.id,
        "unit_id": unit.id,
        "assigner_id": province.id,
        "occurrence": "",
        "kind": task.kind,
        "upward": False,
        "state": state.value,
        "assigned_on": date(2026, 1, 5),
        "assigned_at": NOW - timedelta(days=160),
        "due_on": task.due_on,
        "original_due": task.due_on,
        "submitted_on": submitted if sent else None,
        "submitted_through": submitted - timedelta(days=1) if sent else None,
        "completed_on": submitted if done else None,
        "completed_due": task.due_on if done else None,
        "updated_at": NOW - timedelta(days=age),
        "told_on": TODAY - timedelta(days=age) if state == State.IN_PROGRESS else None,
        "returned": state == State.IN_PROGRESS and dice.random() < 0.1,
        "was_overdue": False,
        "extensions": 0,
        "difficulty": "",
        "evidence_count": dice.randint(0, 3),
        "version": 1,
    }
