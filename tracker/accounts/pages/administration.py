"""People and the posts they hold, for administrators; a stranger to one's subtree is not found."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts.actions import add_person, add_post, edit_person, invite
from tracker.accounts.administering import end_post, unlock_account
from tracker.accounts.models import Person
from tracker.accounts.pages.signing import pages
from tracker.accounts.queries import people as people_of
from tracker.accounts.queries import people_count
from tracker.accounts.queries import person as person_of
from tracker.clock import now, today
from tracker.errors import Invalid, NotFound
from tracker.history.queries import events
from tracker.reminders.queries import dead_addresses
from tracker.rules.access import ROLE_LABELS, Role
from tracker.units.models import Unit
from tracker.units.queries import named
from tracker.web.access import open_to
from tracker.web.inputs import Choice, Day, Email, Form, Input, Line, Phone, Text
from tracker.web.paging import Page, wanted


class WantedPeople(Input):
    """What the list is narrowed to."""

    q = Text(max=100, required=False)
    unit = Text(max=40, required=False)


class PersonInput(Input):
    """A person's name and addresses."""

    name = Line(max=120)
    email = Email()
    phone = Phone()


class PostInput(Input):
    """A post: in which unit, in which role, under which title."""

    unit = Line(max=200)
    role = Choice(Role)
    title = Line(max=120, required=False)


class NewPerson(PersonInput, PostInput):
    """A person with a first post."""

    username = Line(max=60)


class NewPost(PostInput):
    """Another post from a day on."""

    from_on = Day(required=False)


class LastDay(Input):
    """The last day of a post."""

    until_on = Day()


@pages.get("/people")
@open_to(Role.ADMINISTRATOR)
def people() -> ResponseReturnValue:
    """The people of one's subtree; open to administrators."""
    asked, form = WantedPeople.narrowed(request.args)
    unit = _asked_unit(asked["unit"], form)
    number, size = wanted()
    narrowed: dict[str, Any] = {"text": asked["q"], "under": unit.path if unit else ""}
    rows = people_of(current_user, limit=size, offset=(number - 1) * size, **narrowed)
    page = Page(rows, number, size, people_count(current_user, **narrowed))
    html = render_template(
        "accounts/people.html",
        page=page,
        form=form,
        unit=unit,
        roles=ROLE_LABELS,
        today=today(),
        dead=dead_addresses(person.email for person in rows),
    )
    return html, 422 if form.errors else 200


def _asked_unit(written: str, form: Form) -> Unit | None:
    """The unit that the list is narrowed to; none, with a complaint in the form, when there is no such unit."""
    try:
        return _one_unit(written) if written else None
    except Invalid as error:
        form.errors |= error.fields
        return None


@pages.route("/people/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new_person() -> ResponseReturnValue:
    """Add a person; afterwards the one-time link is shown once. Open to administrators."""
    if request.method == "GET":
        return _new_person_page(Form(request.args.to_dict()), 200)
    try:
        typed = NewPerson.read(request.form)
        unit, role = _one_unit(typed.pop("unit")), Role(typed.pop("role"))
        person = add_person(**typed, unit=unit, role=role, by=current_user, now=now())
    except Invalid as error:
        return _new_person_page(Form.typed(request.form, error), 422)
    return _invited(person)


def _new_person_page(form: Form, status: int) -> ResponseReturnValue:
    return render_template("accounts/new_person.html", form=form, roles=_roles()), status


def _roles() -> list[tuple[str, str]]:
    return [(role.value, label) for role, label in ROLE_LABELS.items()]


def _invited(person: Person) -> ResponseReturnValue:
    """The page with the link; only its hash is kept, so it cannot be shown again."""
    days = current_app.extensions["settings"].sign_in_invitation_days
    token = invite(person, by=current_user, now=now(), days=days)
    link = url_for("accounts.invitation", token=token, _external=True)
    return render_template("accounts/invited.html", person=person, link=link, days=days)


@pages.route("/people/<int:person_id>", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def person(person_id: int) -> ResponseReturnValue:
    """One person: name, addresses, posts, account; open to administrators."""
    found = person_of(current_user, person_id)
    if request.method == "GET":
        return _person_page(found)
    try:
        edit_person(found, **PersonInput.read(request.form), by=current_user, now=now())
    except Invalid as error:
        return _person_page(found, form=Form.typed(request.form, error))
    flash(_("Đã lưu."), "done")
    return redirect(url_for("accounts.person", person_id=person_id))


def _person_page(
    found: Person, *, form: Form | None = None, post_form: Form | None = None, end_form: Form | None = None
) -> ResponseReturnValue:
    page = render_template(
        "accounts/person.html",
        person=found,
        form=form or Form({"name": found.name, "email": found.email, "phone": found.phone}),
        post_form=post_form or Form(),
        end_form=end_form or Form(),
        roles=_roles(),
        role_labels=ROLE_LABELS,
        today=today(),
        events=events("person", found.id)[-10:][::-1],
        dead=dead_addresses([found.email]).get(found.email),
    )
    return page, 422 if form or post_form or end_form else 200


@pages.post("/people/<int:person_id>/posts")
@open_to(Role.ADMINISTRATOR)
def new_post(person_id: int) -> ResponseReturnValue:
    """Give a person another post; open to administrators."""
    found = person_of(current_user, person_id)
    try:
        typed = NewPost.read(request.form)
        unit, role = _one_unit(typed["unit"]), Role(typed["role"])
        add_post(found, unit, role, typed["title"], typed["from_on"] or today(), by=current_user, now=now())
    except Invalid as error:
        return _person_page(found, post_form=Form.typed(request.form, error))
    flash(_("Đã thêm vị trí."), "done")
    return redirect(url_for("accounts.person", person_id=person_id))


@pages.post("/people/<int:person_id>/posts/<int:post_id>/end")
@open_to(Role.ADMINISTRATOR)
def post_end(person_id: int, post_id: int) -> ResponseReturnValue:
    """Set the last day of a post; open to administrators."""
    found = person_of(current_user, person_id)
    post = next((one for one in found.posts if one.id == post_id), None)
    if post is None:
        raise NotFound("Không tìm thấy vị trí này.")
    try:
        end_post(post, LastDay.read(request.form)["until_on"], by=current_user, now=now())
    except Invalid as error:
        form = Form.typed(request.form, error)
        form.values["post_id"] = post_id
        return _person_page(found, end_form=form)
    flash(_("Đã ghi ngày thôi giữ vị trí."), "done")
    return redirect(url_for("accounts.person", person_id=person_id))


@pages.post("/people/<int:person_id>/invitation")
@open_to(Role.ADMINISTRATOR)
def new_invitation(person_id: int) -> ResponseReturnValue:
    """A fresh one-time link for somebody who lost the password; open to administrators."""
    return _invited(person_of(current_user, person_id))


@pages.post("/people/<int:person_id>/unlocking")
@open_to(Role.ADMINISTRATOR)
def unlocking(person_id: int) -> ResponseReturnValue:
    """Let a locked account sign in again; open to administrators."""
    unlock_account(person_of(current_user, person_id), by=current_user, now=now())
    flash(_("Đã mở lại tài khoản."), "done")
    return redirect(url_for("accounts.person", person_id=person_id))


def _one_unit(written: str) -> Unit:
    """The unit of one's subtree with this code or name; raises Invalid when there is none, or more than one."""
    found = named(cast(str, current_user.unit_path), written)
    if not found:
        raise Invalid({"unit": _("Không có đơn vị nào mang mã hoặc tên này.")})
    if len(found) > 1:
        codes = ", ".join(f"{unit.code} ({unit.parent.name if unit.parent else ''})" for unit in found[:4])
        raise Invalid({"unit": _("Có nhiều đơn vị cùng tên; hãy nhập mã: %(codes)s.", codes=codes)})
    return found[0]
