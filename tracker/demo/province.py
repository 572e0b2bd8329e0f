"""The fictional province An Hòa: 96 communes in eight clusters, its people, 41 directives, 4 812 assignments.

The seed is fixed and all dates lie around today, so every screen has every state, today and next year. What happens
now and then (recurring duties, amendments, proposals, imports) is told in `seldom.py`.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.accounts.actions import hash_password
from tracker.accounts.models import Person, Post
from tracker.accounts.queries import acting
from tracker.calendars.queries import working_calendar
from tracker.db import db
from tracker.demo.fates import Chance, befall, fate, moment
from tracker.demo.lives import Law, Life, Staff
from tracker.demo.papers import OFFICES, PAPERS, Job, Paper
from tracker.demo.people import PASSWORD, reach, somebody
from tracker.directives.models import Directive
from tracker.evidence.models import Evidence
from tracker.history.actions import record, record_course, record_first
from tracker.rules.access import Role
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import State
from tracker.rules.texts import fold
from tracker.tasks.models import Assignment, Coordination, FanOut, Standing, Target, TargetReading, Task
from tracker.units.actions import add_unit
from tracker.units.models import Unit

CODE, NAME, SEED = "an-hoa", "Tỉnh An Hòa", 57
_FIRST = ("An", "Bình", "Cẩm", "Đại", "Hòa", "Hưng", "Long", "Mỹ", "Phú", "Tân", "Thanh", "Xuân")
_SECOND = ("Sơn", "Lâm", "Giang", "Điền", "Thạch", "Khê", "Lộc", "Trung")
_CLUSTERS = ("trung tâm", "ven biển", "sông Hòa", "đồng bằng", "trung du", "hồ Lớn", "biên giới", "núi cao")
_OFFICES = {
    "vanphong": "Văn phòng UBND tỉnh",
    "sokhcn": "Sở Khoa học và Công nghệ",
    "sonoivu": "Sở Nội vụ",
    "sonnmt": "Sở Nông nghiệp và Môi trường",
    "sotaichinh": "Sở Tài chính",
    "sogddt": "Sở Giáo dục và Đào tạo",
}
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý")
_MIDDLES = ("Văn", "Thị", "Đức", "Thu", "Quang", "Ngọc", "Minh", "Thanh")
_GIVENS = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hải", "Hương", "Lan", "Nam", "Phong", "Quân", "Thảo", "Tú")
_SHOWN_AHEAD = ("review", "returned", "extension", "new", "declined", "handed_up", "suspended", "working", "working")
_SHOWN_OVERDUE = ("working", "received", "late_review", "returned")
_TARGETS = (
    ("Tỷ lệ hồ sơ thủ tục hành chính nộp trực tuyến", "95"),
    ("Tỷ lệ thanh toán trực tuyến", "90"),
    ("Tỷ lệ người dân có định danh điện tử mức 2", "85"),
)


@dataclass
class Province:
    """The province while it is being made."""

    unit: Unit
    communes: list[Unit]
    offices: dict[str, Unit]
    staff: dict[int, Staff]
    issuer: User
    monitor: User
    chance: Chance


def tell_a_province(policy: Policy, now: datetime) -> int:
    """Make it all within the open transaction; returns how many assignments there are."""
    dice = random.Random(SEED)  # noqa: S311 – chance for a demo, not for secrets
    chance = Chance(dice, Law(working_calendar(), policy), now.date())
    province = _settle(chance)
    trust = {unit_id: dice.betavariate(5, 2) for unit_id in province.staff}
    shown = _shown_fates(province.communes[0])
    lives = [life for paper in PAPERS for life in _issue(province, paper)]
    for number, life in enumerate(lives, start=1):
        one = life.assignment
        document = Evidence(
            unit_id=one.unit_id,
            doc_type="report",
            doc_symbol=f"{100 + number % 400}/BC-UBND",
            issuer="UBND",
            abstract="Kết quả thực hiện nhiệm vụ được giao",
        )
        what = next((shown[key].pop(0) for key in [_shown_key(one, chance)] if shown.get(key)), None)
        befall(life, province.staff[one.unit_id], chance, what or fate(life, chance, trust[one.unit_id]), document)
    _write(lives)
    _set_targets(province)
    return len(lives)


def _shown_fates(commune: Unit) -> dict[tuple[int, str], list[str]]:
    """The first commune, whose accounts the demo offers, shows every state whatever the dice say."""
    return {(commune.id, "ahead"): list(_SHOWN_AHEAD), (commune.id, "overdue"): list(_SHOWN_OVERDUE)}


def _shown_key(one: Assignment, chance: Chance) -> tuple[int, str]:
    if one.due_on is None:
        return one.unit_id, "undated"
    days = (one.due_on - chance.today).days
    return one.unit_id, "overdue" if -30 <= days < 0 else "ahead" if days >= 0 else "old"


def _settle(chance: Chance) -> Province:
    """Units and people."""
    began = moment(chance.today - timedelta(days=400), 8)
    unit = add_unit(CODE, NAME, "province", None, by=None, now=began, demo=True)
    offices = {
        key: add_unit(f"{CODE}-{key}", name, "department", unit, by=None, now=began, demo=True)
        for key, name in _OFFICES.items()
    }
    communes = []
    for second, cluster in zip(_SECOND, _CLUSTERS, strict=True):
        for first in _FIRST:
            kind, word = ("phuong", "Phường") if cluster == _CLUSTERS[0] else ("xa", "Xã")
            code = f"{CODE}-{fold(first)}-{fold(second)}"
            commune = add_unit(code, f"{word} {first} {second}", kind, unit, by=None, now=began, demo=True)
            commune.cluster = f"Cụm {cluster}"
            communes.append(commune)
    chosen = (
        ("lanhdao.tinh", "Nguyễn Đức Hải", unit, Role.LEADER, "Phó Chủ tịch UBND tỉnh"),
        ("giaoviec", "Trần Thu Hà", unit, Role.ISSUER, "Chuyên viên Văn phòng UBND tỉnh"),
        ("theodoi", "Lê Quang Nam", unit, Role.MONITOR, "Chuyên viên theo dõi"),
        ("chutich.xa", "Phạm Ngọc Lan", communes[0], Role.COMMUNE_LEADER, "Chủ tịch UBND phường"),
        ("canbo.xa", "Vũ Minh Tú", communes[0], Role.COMMUNE_OFFICER, "Công chức Văn phòng HĐND và UBND"),
        ("xem", "Đỗ Thanh Chi", unit, Role.VIEWER, "Đại biểu HĐND tỉnh"),
        ("quantri", "Hoàng Văn Phong", unit, Role.ADMINISTRATOR, "Quản trị hệ thống"),
    )
    people = {name: somebody(name, full, at, role, title, began) for name, full, at, role, title in chosen}
    staff = _staff(chance.dice, [*communes, *offices.values()], people, began)
    return Province(unit, communes, offices, staff, people["giaoviec"], people["theodoi"], chance)


def _staff(dice: random.Random, units: Sequence[Unit], chosen: dict[str, User], began: datetime) -> dict[int, Staff]:
    """A leader and two officers for each unit; the first commune keeps the two who are already there."""
    password = hash_password(PASSWORD)
    posts: dict[int, list[Post]] = {unit.id: [] for unit in units}
    wanted = (
        (Role.COMMUNE_LEADER, "Lãnh đạo"),
        (Role.COMMUNE_OFFICER, "Công chức"),
        (Role.COMMUNE_OFFICER, "Công chức"),
    )
    for number, unit in enumerate(units):
        for place, (role, title) in enumerate(wanted):
            if number == 0 and place < len(wanted) - 1:
                continue
            username = f"{'chutich' if place == 0 else f'canbo{place}'}.{unit.code.removeprefix(f'{CODE}-')}"
            name = " ".join(dice.choice(part) for part in (_FAMILIES, _MIDDLES, _GIVENS))
            person = Person(username=username, name=name, password_hash=password, demo=True, **reach(username))
            person.session_token, person.search_text = secrets.token_hex(24), fold(f"{name} {username}")
            post = Post(person=person, unit=unit, role=role, title=f"{title} {unit.short_name}", from_on=began.date())
            db.session.add(post)
            posts[unit.id].append(post)
    db.session.flush()
    record_first("person", [one.person_id for held in posts.values() for one in held], "add", by=None, now=began)
    monitor = chosen["theodoi"]
    staff = {}
    for unit in units:
        users = [acting(post) for post in posts[unit.id]]
        if unit is units[0]:
            users = [chosen["chutich.xa"], chosen["canbo.xa"], *users]
        staff[unit.id] = Staff(users[0], tuple(users[1:]), monitor)
    return staff


def _issue(province: Province, paper: Paper) -> Iterator[Life]:
    """Register one directive and assign its tasks to their units in one deed."""
    chance, by = province.chance, province.issuer
    issued_on = chance.today - timedelta(days=paper.days_ago)
    while not chance.law.calendar.is_working(issued_on):
        issued_on -= timedelta(days=1)
    now = moment(issued_on, 8)
    issuer = province.offices.get(paper.office, province.unit)
    directive = Directive(
        doc_type=paper.doc_type,
        doc_symbol=paper.doc_symbol,
        issued_on=issued_on,
        received_on=issued_on,
        issuer_id=issuer.id,
        issuer_name="UBND tỉnh An Hòa" if issuer is province.unit else issuer.name,
        abstract=paper.abstract,
        field=paper.field,
        registrar_id=by.person_id,
        registered_at=now,
        search_text=fold(f"{paper.doc_symbol} {paper.abstract}"),
    )
    db.session.add(directive)
    db.session.flush()
    record("directive", directive.id, "register", by=by, now=now, doc_symbol=paper.doc_symbol)
    fan_out = FanOut(directive_id=directive.id, at=now, by_id=by.person_id)
    db.session.add(fan_out)
    db.session.flush()
    for ordinal, job in enumerate(paper.jobs, start=1):
        task = _task(province, directive, job, ordinal, now)
        for unit in _units(province, job):
            assignment = Assignment(
                task_id=task.id,
                unit_id=unit.id,
                assigner_id=issuer.id,
                fan_out_id=fan_out.id,
                kind=task.kind,
                state=State.ASSIGNED,
                assigned_on=issued_on,
                assigned_at=now,
                due_on=task.due_on,
                original_due=task.due_on,
                extensions=0,
                updated_at=now,
            )
            yield Life(assignment, by, chance.law)


def _task(province: Province, directive: Directive, job: Job, ordinal: int, now: datetime) -> Task:
    due_on = None if job.due is None else province.chance.today + timedelta(days=job.due)
    task = Task(
        directive_id=directive.id,
        ordinal=str(ordinal),
        content=job.content,
        deliverable=job.deliverable,
        kind=job.kind,
        due_text=f"chậm nhất ngày {due_on.day}/{due_on.month}/{due_on.year}" if due_on else "",
        due_on=due_on,
        starred=job.starred,
        monitor_id=province.monitor.person_id,
        registered_at=now,
        search_text=fold(f"{job.content} {directive.doc_symbol}"),
    )
    db.session.add(task)
    db.session.flush()
    helper = province.communes[0] if job.clusters == OFFICES else province.offices["vanphong"]
    db.session.add(Coordination(task_id=task.id, unit_id=helper.id))
    record("directive", directive.id, "add_task", by=province.issuer, now=now, task_id=task.id, content=job.content)
    return task


def _units(province: Province, job: Job) -> Sequence[Unit]:
    if job.clusters == OFFICES:
        return list(province.offices.values())
    return province.communes[: job.clusters * len(_FIRST)]


def _write(lives: Sequence[Life]) -> None:
    """Everything in the order of its keys: assignments get their numbers first."""
    db.session.add_all(life.assignment for life in lives)
    db.session.flush()
    db.session.execute(sa.insert(Standing), [row for life in lives for row in life.days()])
    db.session.add_all(row for life in lives for row in life.records())
    for life in lives:
        record_course("assignment", life.assignment.id, life.course)
    db.session.flush()


def _set_targets(province: Province) -> None:
    """Three targets of the first directive for each commune, most of them read last month."""
    dice, today = province.chance.dice, province.chance.today
    directive = db.session.query(Directive).filter_by(issuer_id=province.unit.id).order_by(Directive.id).first()
    if directive is None:
        return
    for content, goal in _TARGETS:
        for commune in province.communes:
            target = Target(directive_id=directive.id, unit_id=commune.id, content=content, goal=Decimal(goal))
            target.measure, target.direction, target.set_on = "%", "at_least", directive.issued_on
            db.session.add(target)
            db.session.flush()
            if dice.random() < 0.1:
                continue
            value = min(Decimal(100), Decimal(goal) + Decimal(dice.randint(-80, 120)) / 10)
            read_on = today - timedelta(days=20)
            reading = TargetReading(target_id=target.id, as_of=read_on, value=value, met=value >= Decimal(goal))
            reading.recorded_at, reading.by_id = moment(read_on, 16), province.staff[commune.id].leader.person_id
            db.session.add(reading)
