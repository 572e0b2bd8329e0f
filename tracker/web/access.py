"""Whom a view is open to: said at its head, kept by one guard, read by one test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.errors import Forbidden
from tracker.rules.access import EVERYBODY, NOT_YOURS, Role

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
ANYONE = "anyone"


def open_to(*roles: Role | str) -> Callable[[View], View]:
    """Open a view to the given roles, to every signed-in person (no roles), or to ANYONE at all."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
            if ANYONE not in roles:
                refused = _turn_away(cast("frozenset[Role]", frozenset(roles) or EVERYBODY))
                if refused is not None:
                    return refused
            return view(*args, **kwargs)

        guarded.open_to = roles or tuple(EVERYBODY)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def _turn_away(roles: frozenset[Role]) -> ResponseReturnValue | None:
    if not current_user.is_authenticated:
        return cast(ResponseReturnValue, current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
    if current_user.must_change_password and request.endpoint != "accounts.password":
        return redirect(url_for("accounts.password"))
    if current_user.role not in roles:
        raise Forbidden(NOT_YOURS)
    return None
