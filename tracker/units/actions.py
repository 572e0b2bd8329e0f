"""Taking in the catalogue of provinces and communes, and adding units to the tree."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Protocol

import sqlalchemy as sa

from tracker.db import atomic, db
from tracker.errors import Invalid, NotFound
from tracker.history.actions import Actor, record
from tracker.paths import data_dir
from tracker.rules.access import Deed, Role, require
from tracker.rules.texts import fold, sort_key
from tracker.units.models import Succession, Unit
from tracker.units.queries import COMMUNE_KINDS

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
WHOLE_HOUSE = "toan-he-thong"


def take_in_catalogue() -> int:
    """Add the provinces and communes of config/units/ that are not known yet; returns how many are new."""
    with atomic():
        known = {unit.code: unit for unit in db.session.scalars(sa.select(Unit))}
        before = len(known)
        for row in _rows("provinces.csv"):
            if row["code"] not in known:
                known[row["code"]] = _new(row["code"], row["name"], "province", None)
        db.session.flush()
        fresh = [row for row in _rows("communes.csv") if row["code"] not in known]
        for row in fresh:
            known[row["code"]] = _new(row["code"], row["name"], row["kind"], known[row["province"]])
        db.session.flush()
        for unit in known.values():
            if not unit.path:
                unit.path = _path(unit)
    return len(known) - before


def add_unit(
    code: str,
    name: str,
    kind: str,
    parent: Unit | None,
    *,
    by: Actor | None,
    now: datetime,
    demo: bool = False,
) -> Unit:
    """Add a unit below another one, or a root. Raises Invalid when the code is taken."""
    with atomic():
        if db.session.scalar(sa.select(Unit.id).where(Unit.code == code)) is not None:
            raise Invalid({"code": "Mã này đã có đơn vị dùng."})
        unit = _new(code, name, kind, parent)
        unit.demo = demo
        db.session.flush()
        unit.path = _path(unit)
        record("unit", unit.id, "add", by=by, now=now, name=name, code=code)
    return unit


class Steward(Actor, Protocol):
    """The part of an administrator that is asked: in which role, for which subtree."""

    @property
    def role(self) -> Role: ...
    @property
    def unit_path(self) -> str: ...


def _check_may(unit: Unit | None, by: Steward) -> None:
    require(by.role, Deed.ADMINISTER)
    if not (unit.path if unit else "/").startswith(by.unit_path):
        raise NotFound("Không tìm thấy đơn vị này.")


def found_unit(code: str, name: str, kind: str, parent: Unit, *, by: Steward, now: datetime) -> Unit:
    """Add a unit below one of the administrator's own. Raises Invalid for a code or a place that cannot be."""
    _check_may(parent, by)
    wrong = {}
    if not _CODE.fullmatch(code) or code == "new":
        wrong["code"] = "Mã chỉ gồm chữ không dấu, số, gạch nối, dấu chấm; bắt đầu bằng chữ hoặc số."
    if kind == "province" and parent.path != "/":
        wrong["kind"] = "Tỉnh, thành phố chỉ nằm ngay dưới toàn hệ thống."
    if kind in COMMUNE_KINDS and parent.kind in (*COMMUNE_KINDS, "central"):
        wrong["kind"] = "Xã, phường nằm dưới một tỉnh, thành phố."
    if wrong:
        raise Invalid(wrong)
    return add_unit(code, name, kind, None if parent.path == "/" else parent, by=by, now=now)


def rename(unit: Unit, name: str, decision: str, on: date, *, by: Steward, now: datetime) -> None:
    """Give a unit a new name by a decision; the old name keeps leading to it."""
    _check_may(unit, by)
    if name == unit.name:
        raise Invalid({"name": "Tên mới phải khác tên đang dùng."})
    if on > now.date():
        raise Invalid({"on": "Ngày có hiệu lực không được sau hôm nay."})
    with atomic():
        db.session.add(Succession(old_name=unit.name, successor_id=unit.id, on=on, decision=decision))
        record("unit", unit.id, "rename", by=by, now=now, old_name=unit.name, name=name, decision=decision, on=on)
        unit.search_text = fold(f"{name} {unit.name} {unit.code}")[:300]
        unit.name, unit.sort_key, unit.decision = name, sort_key(name), decision


def settle(unit: Unit, cluster: str, approves_inside: bool, *, by: Steward, now: datetime) -> None:
    """Set the cluster of a unit, and whether results pass its own leader before the province (D8)."""
    _check_may(unit, by)
    with atomic():
        unit.cluster, unit.approves_inside = cluster, approves_inside
        record("unit", unit.id, "settle", by=by, now=now, cluster=cluster, approves_inside=approves_inside)


def whole_house(*, now: datetime) -> Unit:
    """The unit above all provinces, to which the administrator of the installation belongs; its subtree is all."""
    with atomic():
        known = db.session.scalar(sa.select(Unit).where(Unit.code == WHOLE_HOUSE))
        if known is not None:
            return known
        unit = _new(WHOLE_HOUSE, "Toàn hệ thống", "central", None)
        unit.path = "/"
        db.session.flush()
        record("unit", unit.id, "add", by=None, now=now, name=unit.name, code=unit.code)
    return unit


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (data_dir("config") / "units" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _new(code: str, name: str, kind: str, parent: Unit | None) -> Unit:
    unit = Unit(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        sort_key=sort_key(name),
        search_text=fold(f"{name} {code}"),
    )
    db.session.add(unit)
    return unit


def _path(unit: Unit) -> str:
    return (unit.parent.path or _path(unit.parent) if unit.parent else "/") + f"{unit.id}/"
