"""Asking about directives on behalf of a person: those of their side, and those that gave their unit work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from tracker.accounts.acting import User
from tracker.db import db
from tracker.directives.models import Directive
from tracker.errors import NotFound
from tracker.rules.texts import fold
from tracker.units.queries import subtree


def visible(user: User) -> ColumnElement[bool]:
    """Papers issued in the person's subtree, those that gave it work, and those that amend them.

    Assignments live to the right of this room: their tables are named, their models are not imported.
    """
    works = sa.table("tasks", sa.column("id"), sa.column("directive_id"))
    given = sa.table("assignments", sa.column("task_id"), sa.column("unit_id"))
    helping = sa.table("coordinations", sa.column("task_id"), sa.column("unit_id"))
    own = subtree(user.unit_path)
    led = sa.select(given.c.task_id).where(given.c.unit_id.in_(own))
    helped = sa.select(helping.c.task_id).where(helping.c.unit_id.in_(own))
    concerned = sa.select(works.c.directive_id).where(sa.or_(works.c.id.in_(led), works.c.id.in_(helped)))
    amending = sa.table("amendments", sa.column("directive_id"), sa.column("amends_id"), sa.column("took_effect_at"))
    amended = sa.and_(amending.c.amends_id.in_(concerned), amending.c.took_effect_at.is_not(None))
    newer = sa.select(amending.c.directive_id).where(amended)
    return sa.or_(Directive.issuer_id.in_(own), Directive.id.in_(concerned), Directive.id.in_(newer))


def directive(user: User, directive_id: int) -> Directive:
    """One directive; raises NotFound when it is not the person's to see."""
    found = db.session.scalar(
        sa.select(Directive).where(Directive.id == directive_id, visible(user)).options(joinedload(Directive.issuer))
    )
    if found is None:
        raise NotFound("Không tìm thấy văn bản này.")
    return found


@dataclass(frozen=True)
class PaperFilters:
    """What the list of directives is narrowed to."""

    text: str = ""
    year: int | None = None
    doc_type: str = ""


def _narrowed(user: User, filters: PaperFilters) -> list[ColumnElement[bool]]:
    conditions = [visible(user)]
    if filters.doc_type:
        conditions.append(Directive.doc_type == filters.doc_type)
    if filters.year:
        conditions.append(sa.extract("year", Directive.issued_on) == filters.year)
    conditions += [Directive.search_text.contains(word, autoescape=True) for word in fold(filters.text).split()]
    return conditions


def directives(
    user: User, filters: PaperFilters | None = None, *, limit: int = 50, offset: int = 0
) -> Sequence[Directive]:
    """The directives a person may see, newest first."""
    return db.session.scalars(
        sa.select(Directive)
        .where(*_narrowed(user, filters or PaperFilters()))
        .options(joinedload(Directive.issuer))
        .order_by(Directive.issued_on.desc(), Directive.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def directive_count(user: User, filters: PaperFilters | None = None) -> int:
    """How many directives the list holds."""
    query = sa.select(sa.func.count()).select_from(Directive).where(*_narrowed(user, filters or PaperFilters()))
    return db.session.scalar(query) or 0


def same_paper(issuer_id: int, doc_symbol: str, year: int, besides: int | None = None) -> Directive | None:
    """A directive of the issuer with the same number in the same year."""
    return db.session.scalar(
        sa.select(Directive).where(
            Directive.issuer_id == issuer_id,
            sa.func.lower(Directive.doc_symbol) == doc_symbol.lower(),
            sa.extract("year", Directive.issued_on) == year,
            Directive.id != (besides or 0),
        )
    )


def papers_numbered(user: User, symbols: Collection[str], by_day: date) -> list[Directive]:
    """The directives of the person's side with tasks and one of these numbers, issued by the day, newest first."""
    wanted = {fold(symbol) for symbol in symbols}
    if not wanted:
        return []
    works = sa.table("tasks", sa.column("directive_id"))
    found = db.session.scalars(
        sa.select(Directive)
        .where(
            Directive.issuer_id.in_(subtree(user.unit_path)),
            Directive.issued_on <= by_day,
            Directive.id.in_(sa.select(works.c.directive_id)),
            sa.or_(*(Directive.search_text.startswith(symbol, autoescape=True) for symbol in wanted)),
        )
        .order_by(Directive.issued_on.desc(), Directive.id.desc())
    )
    return [each for each in found if fold(each.doc_symbol) in wanted]
