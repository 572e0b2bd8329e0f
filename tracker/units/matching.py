"""The units of a part of the tree by the names that papers give them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.rules.unit_names import Directory, KnownUnit, OldName
from tracker.units.models import Succession, Unit


def directory(path: str, on: date) -> Directory:
    """The directory of the units of a subtree that are valid on a day, with the old names that live on in them."""
    inside = Unit.path.startswith(path, autoescape=True)
    valid = sa.and_(
        sa.or_(Unit.valid_from.is_(None), Unit.valid_from <= on),
        sa.or_(Unit.valid_until.is_(None), Unit.valid_until >= on),
    )
    units = db.session.execute(
        sa.select(Unit.id, Unit.name, Unit.kind).where(inside, valid).order_by(Unit.path, Unit.sort_key)
    ).all()
    old = db.session.execute(
        sa.select(Succession.old_name, Succession.successor_id)
        .join(Unit, Unit.id == Succession.successor_id)
        .where(inside)
    ).all()
    return Directory([KnownUnit(*unit) for unit in units], [OldName(*name) for name in old])
