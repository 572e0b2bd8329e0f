"""Puts the application together; alone knows every other module."""

from __future__ import annotations

import importlib
import logging
from pathlib import Path

import click
from flask import Flask
from flask_migrate import Migrate

from tracker.db import db, prepare_engine
from tracker.paths import PACKAGE, data_dir
from tracker.settings import Settings, load_settings

LADDER = (
    "history",
    "calendars",
    "units",
    "accounts",
    "directives",
    "evidence",
    "tasks",
    "reminders",
    "reports",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application with its database and commands, after the given settings or those of the environment."""
    settings = settings or load_settings()
    app = Flask("tracker", template_folder=str(data_dir("templates")), static_folder=str(data_dir("static")))
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url(settings)
    app.extensions["settings"] = settings
    for domain in LADDER:
        importlib.import_module(f"tracker.{domain}.models") if domain != "reports" else None
    db.init_app(app)
    Migrate(app, db, directory=str(PACKAGE / "migrations"), render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return app


def database_url(settings: Settings) -> str:
    """The URL of the database; a SQLite file is made absolute and its folder is created."""
    url = settings.database_url
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///")).absolute()
        file.parent.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{file}"
    return url


def gather_commands(group: click.Group) -> None:
    """Add the commands of every domain that has some, its own and those of a folder inside it."""
    for domain in LADDER:
        for file in sorted((PACKAGE / domain).glob("**/commands.py")):
            name = ".".join(("tracker", *file.relative_to(PACKAGE).with_suffix("").parts))
            group.add_command(importlib.import_module(name).commands)
