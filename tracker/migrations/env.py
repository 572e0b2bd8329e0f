"""How Alembic reaches the database: through the Flask application, the same way on both engines."""

from contextlib import contextmanager

from alembic import context
from flask import current_app

from tracker.db import Base, db

config = context.config


def run() -> None:
    """Run the migrations on the application's engine."""
    arguments = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, _tables_may_be_rebuilt(connection):
        context.configure(connection=connection, target_metadata=Base.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


@contextmanager
def _tables_may_be_rebuilt(connection):
    """SQLite changes a column by making the table anew; dropping the old one must not take its children along."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


run()
