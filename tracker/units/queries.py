"""Asking about units: subtrees, codes, children, and whom a person may know of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import NotFound
from tracker.rules import unit_names
from tracker.rules.texts import fold
from tracker.units.models import Succession, Unit

COMMUNE_KINDS = unit_names.COMMUNE_KINDS


def subtree(path: str) -> sa.Select[Any]:
    """The ids of a unit and of everything below it."""
    return sa.select(Unit.id).where(Unit.path.startswith(path, autoescape=True))


def by_code(code: str) -> Unit:
    """The unit with this administrative code or slug; raises NotFound."""
    unit = db.session.scalar(sa.select(Unit).where(Unit.code == code))
    if unit is None:
        raise NotFound(f"Không có đơn vị mang mã «{code}».")
    return unit


def within(path: str, unit_id: int) -> Unit:
    """A unit of the given subtree; raises NotFound for one outside it."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or not unit.path.startswith(path):
        raise NotFound("Không tìm thấy đơn vị này.")
    return unit


def named(path: str, written: str) -> Sequence[Unit]:
    """The units of a subtree with this code, else with this name, marks and capitals aside."""
    inside = sa.select(Unit).where(Unit.path.startswith(path, autoescape=True))
    by_its_code = db.session.scalars(inside.where(Unit.code == written.strip())).all()
    if by_its_code:
        return by_its_code
    word = fold(written.strip())
    alike = db.session.scalars(inside.where(Unit.search_text.contains(word, autoescape=True)).limit(500)).all()
    return [unit for unit in alike if word in (fold(unit.name), fold(unit.short_name))]


def children(unit: Unit) -> Sequence[Unit]:
    """The units right below a unit, in the order of the alphabet; all roots below the whole house."""
    below_it = sa.and_(Unit.parent_id.is_(None), Unit.path != "/") if unit.path == "/" else Unit.parent_id == unit.id
    return db.session.scalars(sa.select(Unit).where(below_it).order_by(Unit.sort_key)).all()


def successions(unit: Unit) -> Sequence[Succession]:
    """The names and units that live on in this unit, the latest first."""
    return db.session.scalars(
        sa.select(Succession)
        .where(Succession.successor_id == unit.id)
        .order_by(Succession.on.desc(), Succession.id.desc())
    ).all()


def communes(path: str) -> Sequence[Unit]:
    """The communes (xã, phường, đặc khu) of a subtree, in the order of the alphabet."""
    return db.session.scalars(
        sa.select(Unit)
        .where(Unit.path.startswith(path, autoescape=True), Unit.kind.in_(COMMUNE_KINDS))
        .order_by(Unit.sort_key)
    ).all()


def commune_names(path: str) -> Sequence[Any]:
    """The communes of a subtree as plain values to choose from: (id, name, cluster), in the order of the alphabet."""
    return db.session.execute(
        sa.select(Unit.id, Unit.name, Unit.cluster)
        .where(Unit.path.startswith(path, autoescape=True), Unit.kind.in_(COMMUNE_KINDS))
        .order_by(Unit.sort_key)
    ).all()


def below(path: str, *, name: str = "", kinds: Sequence[str] = ()) -> Sequence[Unit]:
    """All units of a subtree, narrowed by words of the name and by kind."""
    query = sa.select(Unit).where(Unit.path.startswith(path, autoescape=True))
    for word in fold(name).split():
        query = query.where(Unit.search_text.contains(word, autoescape=True))
    if kinds:
        query = query.where(Unit.kind.in_(kinds))
    return db.session.scalars(query.order_by(Unit.path, Unit.sort_key)).all()


def province_of(unit: Unit) -> Unit | None:
    """The province that a unit belongs to, itself included; none for central units.

    Asked from below: what the session knows already is not asked again.
    """
    ids = [int(part) for part in unit.path.strip("/").split("/") if part]
    chain = (db.session.get(Unit, unit_id) for unit_id in reversed(ids))
    return next((one for one in chain if one is not None and one.kind == "province"), None)


def issuers(path: str) -> Sequence[Unit]:
    """The units of a subtree that issue directives: everything but communes and their offices."""
    return db.session.scalars(
        sa.select(Unit)
        .where(Unit.path.startswith(path, autoescape=True), Unit.kind.not_in([*COMMUNE_KINDS, "office"]))
        .order_by(Unit.path)
    ).all()
