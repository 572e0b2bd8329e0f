"""The last look at an import, and its issue: one directive with all its assignments, or nothing."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.calendars.queries import working_calendar
from tracker.clock import now, today
from tracker.directives.drafts import draft as draft_of
from tracker.directives.models import ImportDraft
from tracker.directives.pages.shared import PaperInput, lacking
from tracker.directives.paper import Paper
from tracker.errors import Invalid, Refused
from tracker.rules.access import Deed, roles_for
from tracker.rules.papers import DOC_TYPES
from tracker.rules.sentences import count
from tracker.tasks import queries
from tracker.tasks.issuing.issuing import issue
from tracker.tasks.issuing.planning import plan, seen_collisions
from tracker.tasks.pages.shared import directive_url, me, pages
from tracker.units.queries import within
from tracker.web.access import open_to


@pages.route("/directives/imports/<int:draft_id>/issue", methods=["GET", "POST"])
@open_to(*sorted(roles_for(Deed.ASSIGN)))
def issue_import(draft_id: int) -> ResponseReturnValue:
    """See what an import comes to, then issue it; open to provincial issuers."""
    draft = draft_of(me(), draft_id)
    if draft.directive_id is not None:
        return redirect(directive_url(draft.directive_id), 303)
    if request.method == "GET":
        return _check_page(draft, "", 200)
    try:
        typed = PaperInput.read(draft.paper)
        typed.pop("version")
        issuer = within(me().unit_path, typed.pop("issuer_id"))
        directive = issue(draft, Paper(**typed), issuer, by=me(), now=now())
    except Invalid as error:
        return _check_page(draft_of(me(), draft_id), " ".join(error.fields.values()) or error.sentence, 422)
    except Refused as error:
        return _check_page(draft_of(me(), draft_id), error.sentence, error.status)
    flash(_("Đã ghi văn bản %(symbol)s từ tệp.", symbol=directive.doc_symbol), "done")
    if draft.amends_id is not None:
        amendment = queries.amendments_of(directive.id, me())[-1]
        return redirect(url_for("tasks.amendment", amendment_id=amendment.id), 303)
    return redirect(directive_url(directive.id), 303)


def _check_page(draft: ImportDraft, sentence: str, status: int) -> ResponseReturnValue:
    coming = plan(draft, me())
    html = render_template(
        "tasks/issue_import.html",
        draft=draft,
        sentence=sentence,
        coming=coming,
        product=_(
            "%(tasks)s việc, %(units)s đơn vị, %(all)s lượt giao",
            tasks=count(len(coming.rows)),
            units=count(len(coming.units)),
            all=count(coming.assignments),
        ),
        collisions=seen_collisions(coming, today(), working_calendar()),
        lacks=lacking(draft.paper),
        doc_types=DOC_TYPES,
    )
    return html, status
