"""A database as empty as on the first day, without building it again."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.db import Base, db


def empty_every_table() -> None:
    """Remove all rows; needs an application context."""
    db.session.remove()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(_emptying()))
        else:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())


def _emptying() -> str:
    """One message to PostgreSQL: deleting a few rows is ten times as fast as truncating fifty tables."""
    tables = Base.metadata.sorted_tables
    deleted = "; ".join(f'DELETE FROM "{table.name}"' for table in tables)
    counted = [table.name for table in tables if table.autoincrement_column is not None]
    begun = ", ".join(f"setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in counted)
    return f"SET LOCAL session_replication_role = replica; {deleted}; SELECT {begun}"
