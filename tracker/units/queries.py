"""Asking about units: subtrees, codes, children, and whom a person may know of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import NotFound
from tracker.rules.texts import fold
from tracker.units.models import Unit

COMMUNE_KINDS = ("xa", "phuong", "dac_khu")


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


def communes(path: str) -> Sequence[Unit]:
    """The communes (xã, phường, đặc khu) of a subtree, in the order of the alphabet."""
    return db.session.scalars(
        sa.select(Unit)
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
    """The province that a unit belongs to, itself included; none for central units."""
    ids = [int(part) for part in unit.path.strip("/").split("/") if part]
    return db.session.scalar(sa.select(Unit).where(Unit.id.in_(ids), Unit.kind == "province"))


def issuers(path: str) -> Sequence[Unit]:
    """The units of a subtree that issue directives: everything but communes and their offices."""
    return db.session.scalars(
        sa.select(Unit)
        .where(Unit.path.startswith(path, autoescape=True), Unit.kind.not_in([*COMMUNE_KINDS, "office"]))
        .order_by(Unit.path)
    ).all()
