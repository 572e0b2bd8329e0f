"""Signing in and out, one's own account. People and their posts stand in `administration`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as Redirect

from tracker.accounts import actions
from tracker.accounts.acting import User
from tracker.accounts.models import Person
from tracker.accounts.queries import acting, demo_people, posts_of, user_for
from tracker.clock import now, today
from tracker.db import db
from tracker.errors import Invalid, NotFound, Refused
from tracker.reminders.queries import cadence_in_force, dead_addresses
from tracker.rules.access import ROLE_LABELS
from tracker.rules.cadences import digest_hours
from tracker.settings import Settings
from tracker.web.access import ANYONE, open_to
from tracker.web.inputs import Choice, Email, Flag, Form, Input, Line, Number, Phone, Secret
from tracker.web.navigation import start_page

pages = Blueprint("accounts", __name__)
login_manager = LoginManager()
login_manager.login_view = "accounts.sign_in"
login_manager.login_message = None


@pages.record_once
def _init_login(state: object) -> None:
    login_manager.init_app(state.app)  # type: ignore[attr-defined]


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(session_id: str) -> User | None:
    return user_for(session_id, today())


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def _ask_to_sign_in() -> ResponseReturnValue:
    where = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=where))


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _me() -> Person:
    person = db.session.get(Person, current_user.person_id)
    if person is None:
        raise NotFound
    return person


def _safe(target: str | None) -> str | None:
    """An address of this house only; links in messages open their page after sign-in."""
    parts = urlsplit(target or "")
    inside = target and target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc
    return target if inside else None


class SignIn(Input):
    """Name and password; `remember` on a device of one's own."""

    username = Line(max=100)
    password = Secret(max=200)
    remember = Flag()


@pages.get("/")
@open_to()
def home() -> ResponseReturnValue:
    """The start page of the role."""
    return redirect(start_page(current_user.role))


@pages.route("/sign-in", methods=["GET", "POST"])
@open_to(ANYONE)
def sign_in() -> ResponseReturnValue:
    """Sign in with name and password; open to anyone."""
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(start_page(current_user.role))
        return _sign_in_page(Form(), 200)
    try:
        typed = SignIn.read(request.form)
        settings = _settings()
        post = actions.sign_in(
            typed["username"],
            typed["password"],
            request.remote_addr or "",
            now=now(),
            max_failures=settings.sign_in_max_failures,
            window_minutes=settings.sign_in_window_minutes,
        )
    except (Invalid, Refused) as error:
        return _sign_in_page(Form.typed(request.form, error), 422 if isinstance(error, Invalid) else 429)
    return _enter(acting(post), remember=typed["remember"])


def _sign_in_page(form: Form, status: int) -> ResponseReturnValue:
    form.values.pop("password", None)
    people = demo_people() if _settings().web_demo else []
    target = _safe(request.args.get("next"))
    page = render_template("accounts/sign_in.html", form=form, demo_people=people, target=target)
    return page, status


def _enter(user: User, *, remember: bool) -> Redirect:
    session.clear()
    session.permanent = True
    login_user(user, remember=remember)
    if user.must_change_password:
        return redirect(url_for("accounts.password"))
    return redirect(_safe(request.args.get("next")) or start_page(user.role))


@pages.post("/demo-sign-in")
@open_to(ANYONE)
def demo_sign_in() -> ResponseReturnValue:
    """One tap into a demo account; only where the demo is on."""
    if not _settings().web_demo:
        raise NotFound
    person_id = request.form.get("person_id", 0, type=int)
    if person_id not in {person.id for person, _post in demo_people()}:
        raise NotFound
    return _enter(acting(posts_of(person_id, today())[0]), remember=False)


@pages.post("/sign-out")
@open_to(ANYONE)
def sign_out() -> ResponseReturnValue:
    """End the session on this device."""
    logout_user()
    session.clear()
    response = cast(Response, redirect(url_for("accounts.sign_in")))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


class NewPassword(Input):
    """A new password, twice; the old one when it is one's own."""

    old = Secret(max=200, required=False)
    password = Secret(max=200)
    repeated = Secret(max=200)


@pages.route("/account/password", methods=["GET", "POST"])
@open_to()
def password() -> ResponseReturnValue:
    """Change one's own password; forced after the first sign-in."""
    form = Form()
    if request.method == "POST":
        try:
            typed = NewPassword.read(request.form)
            actions.change_password(_me(), typed["old"], typed["password"], typed["repeated"], now=now())
        except Invalid as error:
            form = Form({}, error.fields, error.sentence)
            return render_template("accounts/password.html", form=form), 422
        _stay_signed_in()
        flash(_("Đã đổi mật khẩu; các phiên khác đã đăng xuất."), "done")
        return redirect(start_page(current_user.role))
    return render_template("accounts/password.html", form=form)


def _stay_signed_in() -> None:
    """The token changed with the password: this device gets the new one."""
    for post in posts_of(current_user.person_id, today()):
        if post.id == current_user.post_id:
            login_user(acting(post))


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@open_to(ANYONE)
def invitation(token: str) -> ResponseReturnValue:
    """Set the first password by a one-time link."""
    _found, person = actions.invitation(token, now=now())
    form = Form()
    if request.method == "POST":
        try:
            typed = NewPassword.read(request.form)
            actions.accept_invitation(token, typed["password"], typed["repeated"], now=now())
        except Invalid as error:
            form = Form({}, error.fields, error.sentence)
            return render_template("accounts/invitation.html", form=form, person=person), 422
        flash(_("Đã đặt mật khẩu. Mời đồng chí đăng nhập."), "done")
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/invitation.html", form=form, person=person)


class Contact(Input):
    """How to reach oneself, and when."""

    email = Email()
    phone = Phone()
    wants_email = Flag()
    digest_at = Line(max=5, required=False)


@pages.route("/account", methods=["GET", "POST"])
@open_to()
def account() -> ResponseReturnValue:
    """One's own account: addresses, the post acted for, theme, sessions."""
    person = _me()
    cadence = cadence_in_force(_settings().cadence, current_user.province_path)
    hours = {f"{hour:%H:%M}": hour for hour in digest_hours(cadence)}
    if request.method == "POST":
        try:
            actions.set_contact(person, **_contact(hours), now=now())
        except Invalid as error:
            return _account_page(Form.typed(request.form, error), person, hours), 422
        flash(_("Đã lưu."), "done")
        return redirect(url_for("accounts.account"))
    known = {"email": person.email, "phone": person.phone, "wants_email": person.wants_email}
    hour = f"{person.digest_at:%H:%M}" if person.digest_at else ""
    return _account_page(Form({**known, "digest_at": hour}), person, hours)


def _contact(hours: Mapping[str, time]) -> dict[str, Any]:
    """What was typed, with the hour as one of those that the province allows."""
    typed = Contact.read(request.form)
    if typed["digest_at"] and typed["digest_at"] not in hours:
        raise Invalid({"digest_at": _("Hãy chọn một giờ trong danh sách.")})
    return {**typed, "digest_at": hours.get(typed["digest_at"])}


def _account_page(form: Form, person: Person, hours: Iterable[str]) -> str:
    return render_template(
        "accounts/account.html",
        form=form,
        person=person,
        posts=posts_of(person.id, today()),
        roles=ROLE_LABELS,
        hours=[("", _("Theo giờ chung của tỉnh")), *((hour, hour) for hour in hours)],
        dead=dead_addresses([person.email]).get(person.email),
    )


class ChosenPost(Input):
    """The post to act for."""

    post_id = Number()


@pages.post("/account/post")
@open_to()
def act_for() -> ResponseReturnValue:
    """Act for another of one's own posts."""
    wanted = ChosenPost.read(request.form)["post_id"]
    for post in posts_of(current_user.person_id, today()):
        if post.id == wanted:
            login_user(acting(post))
            return redirect(start_page(acting(post).role))
    raise NotFound("Không tìm thấy vị trí này.")


class Appearance(Input):
    """Theme and keys of this device."""

    theme = Choice(["auto", "light", "dark"])
    keys = Flag()


@pages.post("/account/appearance")
@open_to()
def appearance() -> ResponseReturnValue:
    """Keep the theme and the single-key shortcuts of this device in cookies."""
    chosen = Appearance.read(request.form)
    response = make_response(redirect(url_for("accounts.account")))
    secure = _settings().web_https
    response.set_cookie("theme", chosen["theme"], max_age=31_536_000, samesite="Lax", secure=secure)
    response.set_cookie("keys", "on" if chosen["keys"] else "off", max_age=31_536_000, samesite="Lax", secure=secure)
    return response


@pages.post("/account/sign-out-everywhere")
@open_to()
def sign_out_everywhere() -> ResponseReturnValue:
    """End all of one's own sessions, this one too."""
    actions.sign_out_everywhere(_me(), now=now())
    logout_user()
    return redirect(url_for("accounts.sign_in"))
