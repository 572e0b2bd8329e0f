"""The pages of Zalo: the state of the channel for administrators, linking for everybody, the webhook for Zalo."""

from __future__ import annotations

import secrets
from typing import cast

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.queries import person
from tracker.clock import now
from tracker.errors import NotFound, Refused, TrackerError
from tracker.reminders.channels.zalo import contacts
from tracker.reminders.channels.zalo.queries import account, templates_known, webhook_beat
from tracker.reminders.channels.zalo.rests import resting, wake
from tracker.reminders.channels.zalo.setup import Zalo, zalo_of
from tracker.reminders.channels.zalo.templates import templates
from tracker.reminders.channels.zalo.tokens import new_verifier
from tracker.reminders.channels.zalo.webhook import LARGEST_REPORT, Secrets, take_in
from tracker.rules.access import Role
from tracker.settings import Settings
from tracker.web.access import ANYONE, open_to
from tracker.web.inputs import Flag, Input, Number, Text

pages = Blueprint("zalo", __name__)
_CONSENT, _CODE = "zalo_consent", "zalo_code"


@pages.record_once
def _let_zalo_in(state: object) -> None:
    """Reports are signed by Zalo; they carry no token of our forms."""
    state.app.extensions["csrf"].exempt(webhook)  # type: ignore[attr-defined]


@pages.app_context_processor
def _for_every_page() -> dict[str, bool]:
    return {"zalo_on": bool(_settings().zalo_app_id)}


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _zalo() -> Zalo:
    """The channel; a house without Zalo has no such pages."""
    found = zalo_of(_settings(), current_app.secret_key or "")
    if found is None:
        raise NotFound("Nơi này chưa cấu hình Zalo.")
    return found


@pages.get("/zalo")
@open_to(Role.ADMINISTRATOR)
def channel() -> ResponseReturnValue:
    """How the channel is: consent, what rests, templates, who cannot be reached; open to administrators."""
    zalo, at, oa = _zalo(), now(), account()
    return render_template(
        "zalo/channel.html",
        oa=oa,
        complaint=zalo.tokens.complaint_of(oa),
        closed=zalo.closed_because(at),
        resting=resting(at),
        beat=webhook_beat(),
        templates=[(one, zalo.template_ids.get(kind, "")) for kind, one in templates().items()],
        known=templates_known(),
        unreachable=contacts.unreachable(current_user),
        webhook=_outside("zalo.webhook"),
        callback=_outside("zalo.consented"),
    )


def _outside(endpoint: str) -> str:
    """The address of a view as Zalo has to be told it."""
    return _settings().web_base_url.rstrip("/") + url_for(endpoint)


@pages.get("/zalo/consent")
@open_to(Role.ADMINISTRATOR)
def consent() -> ResponseReturnValue:
    """Go to Zalo and consent there; open to administrators.

    A link and not a form: the browser would not let a form of ours end at another house.
    """
    zalo = _zalo()
    state, verifier = secrets.token_urlsafe(24), new_verifier()
    session[_CONSENT] = [state, verifier]
    return redirect(zalo.tokens.consent_url(_outside("zalo.consented"), state, verifier))


class Consented(Input):
    """What Zalo sends the browser back with."""

    code = Text(max=2000)
    state = Text(max=200)
    oa_id = Text(max=40, required=False)


@pages.get("/zalo/consented")
@open_to(Role.ADMINISTRATOR)
def consented() -> ResponseReturnValue:
    """Come back from Zalo with a code and change it for tokens; open to administrators."""
    zalo, given = _zalo(), Consented.read(request.args)
    state, verifier = session.pop(_CONSENT, None) or ("", "")
    if not state or not secrets.compare_digest(state.encode(), given["state"].encode()):
        raise Refused("Lượt cấp quyền này không bắt đầu từ máy này hoặc đã dùng rồi; hãy bấm «Cấp quyền» lần nữa.")
    zalo.tokens.take_consent(given["code"], given["oa_id"], verifier, by=current_user, now=now())
    flash(_("Đã nhận quyền gửi tin qua Zalo OA."), "done")
    return redirect(url_for("zalo.channel"))


class Scope(Input):
    """What rests."""

    scope = Text(max=40)


@pages.post("/zalo/waking")
@open_to(Role.ADMINISTRATOR)
def waking() -> ResponseReturnValue:
    """End a rest before its time; open to administrators."""
    _zalo()
    wake(Scope.read(request.form)["scope"], by=current_user, now=now())
    flash(_("Đã bật lại; lượt nhắc tới sẽ gửi thử."), "done")
    return redirect(url_for("zalo.channel"))


class Somebody(Input):
    """A person."""

    person_id = Number()


@pages.post("/zalo/retry")
@open_to(Role.ADMINISTRATOR)
def retry() -> ResponseReturnValue:
    """Try again to reach somebody by Zalo; open to administrators."""
    _zalo()
    found = person(current_user, Somebody.read(request.form)["person_id"])
    contacts.try_again(found, by=current_user, now=now())
    flash(_("Tin sau sẽ lại thử gửi cho %(name)s qua Zalo.", name=found.name), "done")
    return redirect(url_for("zalo.channel"))


@pages.get("/account/zalo")
@open_to()
def linking() -> ResponseReturnValue:
    """One's own Zalo: linked or not, wanted or not; a code just asked for is shown once."""
    _zalo()
    oa = account()
    return render_template(
        "zalo/linking.html",
        contact=contacts.contact_of(current_user.person_id),
        code=session.pop(_CODE, ""),
        minutes=_settings().zalo_link_minutes,
        oa_href=f"https://zalo.me/{oa.oa_id}" if oa and oa.oa_id else "",
    )


@pages.post("/account/zalo/code")
@open_to()
def code() -> ResponseReturnValue:
    """Ask for a one-time code to send from one's own Zalo."""
    _zalo()
    session[_CODE] = contacts.give_code(by=current_user, now=now(), minutes=_settings().zalo_link_minutes)
    return redirect(url_for("zalo.linking"))


@pages.post("/account/zalo/unlink")
@open_to()
def unlink() -> ResponseReturnValue:
    """Let go of one's own linked account."""
    _zalo()
    contacts.unlink(by=current_user, now=now())
    flash(_("Đã bỏ liên kết Zalo."), "done")
    return redirect(url_for("zalo.linking"))


class Wanted(Input):
    """Whether Zalo is wanted."""

    wanted = Flag()


@pages.post("/account/zalo/wanted")
@open_to()
def wanted() -> ResponseReturnValue:
    """Hear by Zalo or not."""
    _zalo()
    contacts.want_zalo(Wanted.read(request.form)["wanted"], by=current_user, now=now())
    flash(_("Đã lưu."), "done")
    return redirect(url_for("zalo.linking"))


@pages.post("/zalo/webhook")
@open_to(ANYONE)
def webhook() -> ResponseReturnValue:
    """Take in a report of Zalo's; open to anyone who can sign one.

    Once signed it is always answered with 200: Zalo switches off a webhook that answers with anything else.
    """
    settings = _settings()
    _zalo()
    if (request.content_length or 0) > LARGEST_REPORT:
        abort(413)
    keys = Secrets(settings.zalo_app_id, settings.zalo_oa_secret_key, settings.zalo_app_secret)
    try:
        done = take_in(request.get_data(), request.headers.get("X-ZEvent-Signature", ""), keys, now=now())
    except TrackerError as refusal:
        return Response(refusal.code, refusal.status, mimetype="text/plain")
    return Response(done, 200, mimetype="text/plain")
