"""Puts the application together; alone knows every other module."""

from __future__ import annotations

import gc
import importlib
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker.db import db, prepare_engine
from tracker.paths import PACKAGE, data_dir
from tracker.reminders.openings import opened
from tracker.reminders.pages.outbox import alarms
from tracker.reminders.queries import unread_count
from tracker.settings import NOWHERE, Settings, SettingsError, load_settings
from tracker.web.addresses import init_addresses
from tracker.web.errors import init_errors
from tracker.web.presentation import init_presentation

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


_GARBAGE = (20_000, 20, 20)
"""How seldom Python looks for cycles. A page makes ten thousand objects that die by themselves; to look at every
seven hundredth, as it does by default, costs a tenth of a page and a quarter of a letter."""


_TEXT = ["text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml"]
"""What leaves compressed. Pages bear the token of their forms, but nobody can make a browser ask for them from
elsewhere with its cookie (SameSite), so their length tells nothing."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application with its database, doors and commands, after the settings given or the environment's."""
    settings = settings or load_settings()
    gc.set_threshold(*_GARBAGE)
    app = Flask("tracker", template_folder=str(data_dir("templates")), static_folder=str(data_dir("static")))
    app.extensions["settings"] = settings
    _configure(app, settings)
    for domain in LADDER:
        for name in _files_of(domain, "models.py"):
            importlib.import_module(name)
    db.init_app(app)
    Migrate(app, db, directory=str(PACKAGE / "migrations"), render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)
    CSRFProtect(app)
    Babel(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh")
    init_addresses(app)
    Compress(app)
    init_presentation(app)
    app.extensions.update(unread_count=unread_count, alarms=alarms, opened=opened)
    init_errors(app)
    for domain in LADDER:
        if (PACKAGE / domain / "pages.py").is_file() or (PACKAGE / domain / "pages" / "__init__.py").is_file():
            app.register_blueprint(importlib.import_module(f"tracker.{domain}.pages").pages)
        for name in _files_of(domain, "*/pages.py"):
            app.register_blueprint(importlib.import_module(name).pages)
    app.register_blueprint(importlib.import_module("tracker.health").pages)
    if settings.web_proxies:
        trusted = settings.web_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)  # type: ignore[method-assign]
    return app


def _files_of(domain: str, pattern: str) -> list[str]:
    """The modules of a domain, those of its inner rooms too, whose file is called so."""
    files = sorted((PACKAGE / domain).glob(f"**/{pattern}"))
    return [".".join(("tracker", *file.relative_to(PACKAGE).with_suffix("").parts)) for file in files]


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SQLALCHEMY_DATABASE_URI=database_url(settings),
        SECRET_KEY=settings.web_secret_key or _kept_secret(settings),
        MAX_CONTENT_LENGTH=settings.files_max_mb * 11 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.web_https,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.web_https,
        REMEMBER_COOKIE_DURATION=timedelta(days=settings.sign_in_remember_days),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.sign_in_session_hours),
        BABEL_TRANSLATION_DIRECTORIES=str(PACKAGE / "translations"),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIMETYPES=_TEXT,
    )


def _kept_secret(settings: Settings) -> str:
    """A random key kept beside the evidence, so that restarts and several workers share it.

    Raises SettingsError where nothing can be kept.
    """
    file = Path(settings.files_folder).absolute().parent / "secret.key"
    fresh_key = secrets.token_hex(32)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            with file.open("x", encoding="ascii") as fresh:
                fresh.write(fresh_key)
            file.chmod(0o600)
        return file.read_text("ascii")
    except OSError as error:
        wrong = ("files_folder", f"không ghi được vào thư mục {file.parent} ({error.strerror}).")
        raise SettingsError([wrong], replace(settings, web_secret_key=fresh_key)) from error


def database_url(settings: Settings) -> str:
    """The URL of the database; a SQLite file is made absolute and its folder is created.

    Raises SettingsError where it cannot be.
    """
    url = settings.database_url
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///")).absolute()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            wrong = ("database_url", f"không tạo được thư mục {file.parent} ({error.strerror}).")
            raise SettingsError([wrong], replace(settings, database_url=NOWHERE)) from error
        return f"sqlite:///{file}"
    return url


def _join(group: click.Group, commands: click.Group) -> None:
    """Add a group of commands; one of a name that is known already gives its commands to it."""
    known = group.commands.get(commands.name or "")
    if isinstance(known, click.Group) and known is not commands:
        known.commands.update(commands.commands)
    else:
        group.add_command(commands)


def gather_commands(group: click.Group) -> None:
    """Add the commands of every domain, its own and those of folders in it, and those of the whole house.

    Groups of one name are one group, so that «tracker directives import» may live where assignments are made.
    """
    for domain in (*LADDER, "demo"):
        for name in _files_of(domain, "commands.py"):
            _join(group, importlib.import_module(name).commands)
    for room, name in (("health", "doctor"), ("serving", "serve"), ("serving", "scheduler")):
        group.add_command(getattr(importlib.import_module(f"tracker.{room}"), name))
