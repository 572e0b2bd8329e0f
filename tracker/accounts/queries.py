"""Asking about people: who acts, who holds which post, who is to be told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from tracker.accounts.acting import User
from tracker.accounts.models import Person, Post
from tracker.db import db
from tracker.errors import NotFound
from tracker.rules.access import Role
from tracker.rules.texts import fold
from tracker.units.models import Unit
from tracker.units.queries import province_of, subtree


def held_on(today: date) -> sa.ColumnElement[bool]:
    """Posts that are held on the day."""
    return sa.and_(Post.from_on <= today, sa.or_(Post.until_on.is_(None), Post.until_on >= today))


def user_for(session_id: str, today: date) -> User | None:
    """Who the cookie speaks for: an active person with that token, acting for the post while it is held."""
    token, _, post_id = session_id.rpartition(".")
    if not token or not post_id.isdigit():
        return None
    post = db.session.scalar(
        sa.select(Post)
        .join(Post.person)
        .join(Post.unit)
        .where(Person.session_token == token, Person.active, Post.id == int(post_id), held_on(today))
        .options(contains_eager(Post.person), contains_eager(Post.unit))
    )
    return acting(post) if post is not None else None


def acting(post: Post) -> User:
    """The user that acts for a post."""
    province = province_of(post.unit)
    return User(
        person_id=post.person.id,
        name=post.person.name,
        post_id=post.id,
        role=Role(post.role),
        title=post.title,
        unit_id=post.unit.id,
        unit_name=post.unit.name,
        unit_path=post.unit.path,
        province_id=province.id if province else None,
        province_path=province.path if province else post.unit.path,
        session_token=post.person.session_token,
        must_change_password=post.person.must_change_password,
    )


def person_named(username: str) -> Person | None:
    """The person with this user name, else the first with this phone number."""
    name = username.strip()
    return db.session.scalar(
        sa.select(Person)
        .where(sa.or_(Person.username == name.lower(), sa.and_(Person.phone == name, Person.phone != "")))
        .options(selectinload(Person.posts).joinedload(Post.unit))
        .order_by(sa.case((Person.username == name.lower(), 0), else_=1), Person.id)
        .limit(1)
    )


def posts_of(person_id: int, today: date) -> Sequence[Post]:
    """The posts a person holds on a day, oldest first."""
    return db.session.scalars(
        sa.select(Post)
        .join(Post.unit)
        .where(Post.person_id == person_id, held_on(today))
        .options(contains_eager(Post.unit))
        .order_by(Post.id)
    ).all()


def person(user: User, person_id: int) -> Person:
    """A person who holds or held a post in the user's subtree; raises NotFound otherwise."""
    found = db.session.scalar(
        sa.select(Person)
        .where(
            Person.id == person_id,
            Person.posts.any(Post.unit_id.in_(subtree(user.unit_path))),
        )
        .options(selectinload(Person.posts).joinedload(Post.unit))
    )
    if found is None:
        raise NotFound("Không tìm thấy người này.")
    return found


def people(user: User, *, text: str = "", under: str = "", limit: int = 200, offset: int = 0) -> Sequence[Person]:
    """The people with posts in the user's subtree, or below the path `under`, by name."""
    return db.session.scalars(
        _people(user, text, under)
        .options(selectinload(Person.posts).joinedload(Post.unit))
        .order_by(Person.name, Person.id)
        .limit(limit)
        .offset(offset)
    ).all()


def people_count(user: User, *, text: str = "", under: str = "") -> int:
    """How many people `people` lists."""
    query = sa.select(sa.func.count()).select_from(_people(user, text, under).subquery())
    return db.session.scalar(query) or 0


def _people(user: User, text: str, under: str) -> sa.Select[Person]:
    query = sa.select(Person).where(Person.posts.any(Post.unit_id.in_(subtree(user.unit_path))))
    if under:
        query = query.where(Person.posts.any(Post.unit_id.in_(subtree(under))))
    for word in fold(text).split():
        query = query.where(
            sa.or_(Person.search_text.contains(word, autoescape=True), Person.phone.contains(word, autoescape=True))
        )
    return query


def anybody_holds(role: Role, path: str, today: date) -> bool:
    """Whether an active person holds the role in a subtree on the day."""
    held = sa.select(Post.id).join(Person).where(Post.role == role, Person.active, held_on(today))
    return db.session.scalar(held.where(Post.unit_id.in_(subtree(path))).limit(1)) is not None


def officers(unit_id: int, today: date) -> Sequence[Person]:
    """Those of a unit to whom work can be given, leaders last."""
    return db.session.scalars(
        sa.select(Person)
        .join(Post, Post.person_id == Person.id)
        .where(
            Post.unit_id == unit_id,
            Post.role.in_([Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER]),
            Person.active,
            held_on(today),
        )
        .order_by(Post.role.desc(), Person.name)
    ).all()


def holds_post_in(person_id: int, unit_id: int, today: date) -> bool:
    """Whether an active person holds a working post in the unit on the day."""
    return any(one.id == person_id for one in officers(unit_id, today))


def monitors(path: str, today: date) -> Sequence[tuple[Person, Unit]]:
    """The provincial monitors and issuers of a subtree with their units."""
    rows = db.session.execute(
        sa.select(Person, Unit)
        .join(Post, Post.person_id == Person.id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Post.role.in_([Role.MONITOR, Role.ISSUER]),
            Post.unit_id.in_(subtree(path)),
            Person.active,
            held_on(today),
        )
        .order_by(Person.name)
    )
    return [(person, unit) for person, unit in rows]


def demo_people() -> Sequence[tuple[Person, Post]]:
    """The demo accounts offered at the sign-in: the first person of each role."""
    first = sa.select(sa.func.min(Post.id)).join(Person).where(Person.demo).group_by(Post.role)
    rows = db.session.execute(
        sa.select(Person, Post)
        .join(Post, Post.person_id == Person.id)
        .where(Post.id.in_(first))
        .options(contains_eager(Post.unit))
        .join(Unit, Unit.id == Post.unit_id)
        .order_by(Post.role)
    )
    return [(person, post) for person, post in rows]


def names_of(person_ids: Collection[int]) -> dict[int, str]:
    """The names of people by id, for records that a page already may show."""
    if not person_ids:
        return {}
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {person_id: name for person_id, name in rows}


def last_seen(path: str) -> dict[int, datetime]:
    """When somebody of each unit of a subtree last signed in, by unit."""
    rows = db.session.execute(
        sa.select(Post.unit_id, sa.func.max(Person.last_seen_at))
        .join(Person, Person.id == Post.person_id)
        .where(Post.unit_id.in_(subtree(path)), Person.last_seen_at.is_not(None))
        .group_by(Post.unit_id)
    )
    return {unit_id: at for unit_id, at in rows if at is not None}
