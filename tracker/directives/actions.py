"""Recording and correcting directives; secret papers never enter (D10)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from tracker.accounts.acting import User
from tracker.db import STALE, atomic, db
from tracker.directives.models import Directive
from tracker.directives.paper import Paper
from tracker.directives.queries import same_paper
from tracker.errors import Conflict, Invalid, NotFound
from tracker.history.actions import record
from tracker.rules.access import Deed, require
from tracker.rules.papers import CLASSIFIED_STAYS_OUT, secret_fields
from tracker.rules.texts import fold
from tracker.units.models import Unit


def check_paper(paper: Paper, issuer_id: int, *, today: date) -> None:
    """Raise Invalid for a paper that could not be recorded: secret, of a day to come, or recorded already."""
    _check(paper, issuer_id, today, None)


def record_directive(paper: Paper, issuer: Unit, *, by: User, now: datetime) -> Directive:
    """Record a directive. Raises Invalid for a secret, future-dated or already recorded one."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    if not issuer.path.startswith(by.unit_path):
        raise NotFound("Không tìm thấy cơ quan ban hành này.")
    with atomic():
        _check(paper, issuer.id, now.date(), None)
        directive = Directive(
            **asdict(paper),
            issuer_id=issuer.id,
            registrar_id=by.person_id,
            registered_at=now,
            search_text=_search(paper),
        )
        db.session.add(directive)
        db.session.flush()
        record("directive", directive.id, "record", by=by, now=now, doc_symbol=paper.doc_symbol)
    return directive


def correct_directive(directive: Directive, paper: Paper, version: int, *, by: User, now: datetime) -> None:
    """Correct what was written down. Raises Conflict when somebody else did meanwhile."""
    require(by.role, Deed.RECORD_DIRECTIVE)
    if not directive.issuer.path.startswith(by.unit_path):
        raise NotFound
    _check(paper, directive.issuer_id, now.date(), directive.id)
    with atomic():
        db.session.refresh(directive, with_for_update={"of": Directive})
        if directive.version != version:
            raise Conflict(STALE)
        changed = {}
        for name, value in asdict(paper).items():
            if getattr(directive, name) != value:
                changed[name] = f"{getattr(directive, name)} → {value}"
                setattr(directive, name, value)
        directive.search_text = _search(paper)
        if changed:
            record("directive", directive.id, "correct", by=by, now=now, changed=changed)


def _search(paper: Paper) -> str:
    return fold(f"{paper.doc_symbol} {paper.abstract} {paper.issuer_name}")


def _check(paper: Paper, issuer_id: int, today: date, besides: int | None) -> None:
    marked = secret_fields(secrecy=paper.secrecy, doc_symbol=paper.doc_symbol, abstract=paper.abstract)
    wrong = dict.fromkeys(marked, CLASSIFIED_STAYS_OUT)
    if paper.issued_on > today:
        wrong["issued_on"] = "Ngày văn bản không được sau hôm nay."
    elif same_paper(issuer_id, paper.doc_symbol, paper.issued_on.year, besides) is not None:
        wrong.setdefault("doc_symbol", f"Văn bản {paper.doc_symbol} năm {paper.issued_on.year} đã được ghi.")
    if paper.received_on is not None and paper.received_on < paper.issued_on:
        wrong["received_on"] = "Ngày đến không được trước ngày văn bản."
    if wrong:
        raise Invalid(wrong)
