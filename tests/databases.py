"""A database as empty as on the first day, without building it again."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.db import Base, db


def empty_every_table() -> None:
    """Remove all rows; needs an application context."""
    db.session.remove()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        else:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
