"""The people of a look: on which days the same ones hold posts, and in which units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from tracker.accounts.models import Post
from tracker.accounts.queries import held_on
from tracker.db import db
from tracker.units.models import Unit


def stretches(days: Sequence[date]) -> list[list[date]]:
    """The days in stretches during which the same people hold posts."""
    near = sa.or_(Post.from_on.in_(days), Post.until_on.in_(days))
    posts = db.session.execute(sa.select(Post.from_on, Post.until_on).where(near)).all() if len(days) > 1 else ()
    changes = {begun for begun, _ in posts} | {left + timedelta(days=1) for _, left in posts if left}
    found: list[list[date]] = []
    for day in days:
        if not found or day in changes:
            found.append([])
        found[-1].append(day)
    return found


def units_of(path: str, days: Sequence[date], unit_id: int | None = None) -> Mapping[int, Sequence[str]]:
    """In which units of a subtree, or in that one, people hold posts on any of the days: their names, by person."""
    query = sa.select(Post.person_id, Unit.name).join(Unit, Unit.id == Post.unit_id).order_by(Post.id)
    inside = Unit.path.startswith(path, autoescape=True) if unit_id is None else Unit.id == unit_id
    found: dict[int, list[str]] = {}
    for person_id, name in db.session.execute(query.where(inside, sa.or_(*(held_on(day) for day in days)))):
        names = found.setdefault(person_id, [])
        names += [] if name in names else [name]
    return found
