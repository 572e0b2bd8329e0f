"""How a deed on one assignment is asked for and done: a small page that asks, and one action that acts.

GET asks, with the reason why not when the state does not offer it; POST acts and says so with 303, or shows the
page again with all that was typed: 422 for wrong input, 409 when the state or somebody else came first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Conflict, Forbidden, Invalid, Refused, TooLarge, TrackerError
from tracker.history.queries import events
from tracker.rules.access import Deed, roles_for
from tracker.tasks import queries
from tracker.tasks.models import Assignment
from tracker.tasks.pages.detail import WORDS, offered
from tracker.tasks.pages.shared import BUTTONS, EXPLAIN, chip_of, counted_to, me, pages, settings, this_day
from tracker.web.access import open_to
from tracker.web.inputs import Form, Input, Text, Version

Typed = dict[str, Any]
Told = dict[str, Any]
Do = Callable[[Assignment, Typed, Told], object]
Shows = Callable[[Assignment], dict[str, Any]]

BACK = {"work": "tasks.work", "reviews": "tasks.reviews"}
"""Pages to which a deed done from them returns."""


@dataclass(frozen=True)
class Page:
    """One deed: the input it reads, its template, what its page shows besides, and what is said afterwards."""

    name: str
    deed: Deed
    reads: type[Input]
    template: str
    said: Any
    do: Do
    shows: Shows


class Plain(Input):
    """The version of the record that was looked at; all deeds carry it, so that a stale edit is noticed."""

    version = Version()


class Reason(Plain):
    """Why."""

    reason = Text(max=1000)


def written_result(one: Assignment) -> dict[str, Any]:
    """The result that waits, with its evidence."""
    waiting = next((each for each in queries.submissions(one) if each.outcome == "pending"), None)
    return {"result": waiting}


def _nothing(_one: Assignment) -> dict[str, Any]:
    return {}


def deed_page(
    noun: str, deed: Deed, *, said: Any, reads: type[Input] = Plain, template: str = "plain", shows: Shows = _nothing
) -> Callable[[Do], Do]:
    """Give a deed its address `/assignments/<id>/<noun>`, open to the roles that the access table names."""

    def decorate(do: Do) -> Do:
        page = Page(do.__name__, deed, reads, template, said, do, shows)

        def view(assignment_id: int) -> ResponseReturnValue:
            one = queries.assignment(me(), assignment_id)
            return _ask(page, one) if request.method == "GET" else _act(page, one)

        view.__name__, view.__doc__ = do.__name__, do.__doc__
        guarded = open_to(*sorted(roles_for(deed)))(view)
        pages.add_url_rule(f"/assignments/<int:assignment_id>/{noun}", do.__name__, guarded, methods=["GET", "POST"])
        return do

    return decorate


def _ask(page: Page, one: Assignment) -> ResponseReturnValue:
    waits = queries.open_extension(one) is not None
    if page.deed not in offered(one, me(), this_day(), waits):
        flash(_("Nhiệm vụ đang ở trạng thái không thực hiện được việc này."), "warn")
        return redirect(url_for("tasks.assignment", assignment_id=one.id), 303)
    return _page(page, one, Form(), 200)


def _act(page: Page, one: Assignment) -> ResponseReturnValue:
    assignment_id = one.id
    try:
        typed = page.reads.read(request.form)
        told = {"by": me(), "now": now(), "policy": settings().policy, "version": typed["version"]}
        page.do(one, typed, told)
    except (Invalid, Refused, Conflict, Forbidden, TooLarge) as error:
        return _again(page, assignment_id, error)
    flash(str(page.said), "done")
    back = BACK.get(request.form.get("back", ""))
    return redirect(url_for(back) if back else url_for("tasks.assignment", assignment_id=assignment_id), 303)


def _again(page: Page, assignment_id: int, error: TrackerError) -> ResponseReturnValue:
    """The page as it was typed; after a stale edit with the new state beside it, ready to be sent again."""
    one = queries.assignment(me(), assignment_id)
    form = Form.typed(request.form, error)
    stale = isinstance(error, Conflict)
    if stale:
        form.values.pop("version", None)
    return _page(page, one, form, error.status, latest=events("assignment", one.id)[-1] if stale else None)


def _page(page: Page, one: Assignment, form: Form, status: int, latest: Any = None) -> ResponseReturnValue:
    day = this_day()
    chip = chip_of(one, day)
    _endpoint, label, icon = BUTTONS[page.deed]
    title = EXPLAIN if page.deed is Deed.PROGRESS and chip.key == "overdue" else label
    html = render_template(
        f"tasks/deeds/{page.template}.html",
        one=one,
        form=form,
        stands=chip,
        counted=counted_to(one, day),
        action=url_for(f"tasks.{page.name}", assignment_id=one.id),
        title=title,
        icon_name=icon,
        latest=latest,
        latest_words=WORDS.get(latest.deed, (latest.deed, ""))[0] if latest else "",
        **page.shows(one),
    )
    return html, status
