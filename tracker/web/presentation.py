"""What every page has: safe headers, the words and numbers of Vietnamese papers, and the frame's data."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import get_translations
from flask_login import current_user
from jinja2 import StrictUndefined, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from tracker.rules import sentences
from tracker.rules.chips import Chip
from tracker.rules.rates import Rate
from tracker.web.navigation import links

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def init_presentation(app: Flask) -> None:
    """Teach the templates the house's words and every answer the house's headers."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = False
    app.jinja_env.filters.update(
        count=sentences.count,
        percent=sentences.percent,
        short_date=sentences.short_date,
        long_date=sentences.long_date,
        when=sentences.when,
        day=_day,
        moment=_moment,
        doc_symbol=_doc_symbol,
    )
    app.jinja_env.globals.update(share=_share, icon=_icon, chip=_chip, _=_say)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.context_processor(_frame)
    app.after_request(_lead_on)
    app.after_request(_protect)
    app.url_defaults(_mark_version)


def _lead_on(response: Response) -> Response:
    """A script that sent a form is told where the next page is, so that not it but the reader is shown it."""
    if response.status_code in (302, 303) and "X-Upload" in request.headers:
        response.headers["X-Location"] = response.headers.pop("Location")
        response.status_code = 200
        response.set_data("")
    return response


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.extensions["settings"].web_https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _mark_version(endpoint: str, values: dict[str, Any]) -> None:
    """A static file's address carries the hash of its content, so it may be kept for ever."""
    if endpoint == "static" and "v" not in values:
        known: dict[str, str] = current_app.extensions.setdefault("static_versions", {})
        name = values["filename"]
        if name not in known:
            path = Path(current_app.static_folder or "") / name
            known[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"
        values["v"] = known[name]


@pass_eval_context
def _say(context: EvalContext, text: str, /, **values: Any) -> str:
    """gettext for templates. Jinja's own copies all variables of the page at each call inside a loop."""
    if "translations" not in g:
        g.translations = get_translations()
    said = g.translations.ugettext(text)
    return (Markup(said) if context.autoescape else said) % values  # noqa: S704 – said by us, values are escaped


def _icon(name: str) -> Markup:
    """One drawing of the sheet of icons; a list shows hundreds, so each is written once for each mount point."""
    drawn: dict[tuple[str, str], Markup] = current_app.extensions.setdefault("icons", {})
    key = (request.script_root, name)
    if key not in drawn:
        href = f"{url_for('static', filename='img/icons.svg')}#{name}"
        drawn[key] = Markup('<svg class="i" aria-hidden="true"><use href="{}"/></svg>').format(href)
    return drawn[key]


def _chip(one: Chip) -> Markup:
    """One chip: colour, icon and words. Never a link, never a button."""
    return _CHIP % (one.key, _icon(one.icon), one.words)


_CHIP = Markup('<span class="st st-%s">%s%s</span>')


def _share(part: int, whole: int) -> str:
    return sentences.percent(Rate(part, whole), 1)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"


def _moment(at: datetime | None) -> str:
    return f"{at:%d/%m %H:%M}" if at else "–"


def _doc_symbol(symbol: str) -> Markup:
    return Markup('<span class="nowrap">{}</span>').format(escape(symbol))


def _frame() -> dict[str, Any]:
    """What base.html shows around the page; a visitor who is not signed in gets the bare frame."""
    settings = current_app.extensions["settings"]
    frame: dict[str, Any] = {
        "demo": settings.web_demo,
        "theme": request.cookies.get("theme", "auto"),
        "language": "vi",
    }
    if not current_user.is_authenticated:
        return frame
    routes = current_app.view_functions
    frame |= {
        "nav": links(current_user.role),
        "place": current_user.unit_name,
        "account": {
            "name": f"{current_user.name} · {current_user.title}" if current_user.title else current_user.name,
            "href": url_for("accounts.account"),
            "sign_out": url_for("accounts.sign_out"),
        },
        "user": current_user,
        "keys": request.cookies.get("keys", "on") == "on",
    }
    if "tasks.assignments" in routes:
        frame["search"] = {"href": url_for("tasks.assignments"), "text": request.args.get("q", "")}
    if "reminders.inbox" in routes:
        known = g.get("unread")  # the view of an assignment had to ask already
        unread = current_app.extensions["unread_count"](current_user) if known is None else known
        frame["inbox"] = {"href": url_for("reminders.inbox"), "unread": unread}
    if "reminders.outbox" in routes:
        alarms = current_app.extensions["alarms"](current_user)
        if alarms is not None:
            frame["alarms"] = {"href": url_for("reminders.outbox"), "sentences": alarms}
    return frame
