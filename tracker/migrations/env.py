"""How Alembic reaches the database: through the Flask application, the same way on both engines."""

from alembic import context
from flask import current_app

from tracker.db import Base, db

config = context.config


def run() -> None:
    """Run the migrations on the application's engine."""
    arguments = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
