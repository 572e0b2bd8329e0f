"""A person with a browser who refuses sloppy pages: follows links and forms that are there, and reads every page.

browser.acts_as(user)
browser.get("/assignments")
browser.click("Báo cáo kế hoạch sản xuất")
browser.submit("Gửi kết quả", doc_symbol="212/BC-UBND", expect=422)
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, has_app_context
from reading_pages import attribute, complaints, fields, name_of, parsed, words
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from tracker.accounts.acting import User
from tracker.db import forget

Result = TypeVar("Result")
REDIRECTS = range(300, 400)


@dataclass(frozen=True)
class Page:
    """What came back: its address, status, headers, bytes and, of HTML, the tree of its elements."""

    url: str
    status: int
    headers: Any
    data: bytes
    tree: Element | None

    @property
    def html(self) -> str:
        """The text of the answer as it was sent."""
        return self.data.decode("utf-8")

    @property
    def text(self) -> str:
        """All that a person reads, with single spaces."""
        return words(self.tree) if self.tree is not None else self.html

    @property
    def heading(self) -> str:
        """The words of the one h1."""
        return words(next(self.all("h1")))

    def __contains__(self, sentence: str) -> bool:
        return sentence in self.text

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements of these kinds, in the order of the page."""
        return (one for one in (self.tree.iter() if self.tree is not None else ()) if one.tag in tags)

    def rows(self) -> list[list[str]]:
        """The body rows of all tables as the words of their cells."""
        rows = (row for body in self.all("tbody") for row in body.iter("tr"))
        return [[words(cell) for cell in row if cell.tag in {"td", "th"}] for row in rows]

    def complaints_shown(self) -> dict[str, str]:
        """What the page says is wrong, by field: the words of each `f-<name>-err`."""
        ids = ((one.get("id", ""), one) for one in (self.tree.iter() if self.tree is not None else ()))
        return {i[2:-4]: words(one) for i, one in ids if i.startswith("f-") and i.endswith("-err")}


class Browser:
    """One person's browser; cookies and the open page stay from step to step. CSRF is never switched off."""

    def __init__(self, app: Flask):
        self.app = app
        self.client = app.test_client()
        self.open: Page | None = None

    @property
    def page(self) -> Page:
        """The page that is open."""
        assert self.open is not None, "No page is open yet: get one first."
        return self.open

    def get(self, url: str, *, expect: int = 200, fragment: bool = False, **options: Any) -> Page:
        """Open an address and read it; a redirect is followed unless it is what one expects."""
        return self._visit("GET", urljoin(self.open.url if self.open else "/", url), expect, fragment, **options)

    def post(self, url: str, data: dict[str, Any] | None = None, *, expect: int = 200, **options: Any) -> Page:
        """Send what no form of the page sends, with the page's CSRF token."""
        return self._visit("POST", url, expect, False, data={"csrf_token": self._token(), **(data or {})}, **options)

    def knock(self, method: str, url: str) -> int:
        """The status that the door answers with; nothing is read or followed."""
        data = None if method == "GET" else {"csrf_token": self._token()}
        return _alone(lambda: self.client.open(url, method=method, data=data)).status_code

    def click(self, link: str, *, expect: int = 200) -> Page:
        """Follow the link with these words (whole or part of its name) or with this address."""
        links = [one for one in self.page.all("a") if one.get("href")]
        by_name = [one for one in links if name_of(one, self.page.tree) == link]
        part = [one for one in links if one.get("href") == link or link in name_of(one, self.page.tree)]
        found = {one.get("href", "") for one in by_name or part}
        assert found, (
            f"{self.page.url} has no link «{link}»; it has {[name_of(one, self.page.tree) for one in links]}"
        )
        assert len(found) == 1, f"{self.page.url}: «{link}» may be any of {sorted(found)}"
        return self.get(found.pop(), expect=expect)

    def submit(self, form: str, *, expect: int = 200, **values: Any) -> Page:
        """Fill in and send a form, named by the words of a button, by `#id` or by its action.

        Values are texts, True or False for tick boxes, lists for several, (stream, name) for files. What is not
        given goes out as the page had it. Only fields and choices that the page offers can be filled in.
        """
        chosen, button = self._form(form)
        action = attribute(button, "formaction") or chosen.get("action", "")
        method = (attribute(button, "formmethod") or chosen.get("method", "get")).upper()
        sent = self._filled(chosen, values)
        if button is not None and button.get("name"):
            sent.add(button.get("name"), button.get("value", ""))
        if method == "GET":
            return self._visit("GET", urljoin(self.page.url, action), expect, False, query_string=sent)
        return self._visit("POST", urljoin(self.page.url, action), expect, False, data=sent)

    def sign_in(self, username: str, password: str, *, expect: int = 200) -> Page:
        """Come in by the front door."""
        self.get("/sign-in")
        return self.submit("Đăng nhập", username=username, password=password, expect=expect)

    def acts_as(self, user: User) -> Browser:
        """Be somebody at once, for tests that are not about signing in."""

        def sit_down() -> None:
            with self.client.session_transaction() as session:
                session.clear()
                session.update(_user_id=user.get_id(), _fresh=True)

        _alone(sit_down)
        self.open = None
        return self

    def _visit(self, method: str, url: str, expect: int, fragment: bool, **options: Any) -> Page:
        if fragment:
            options["headers"] = {**options.get("headers", {}), "HX-Request": "true"}
        follow = expect not in REDIRECTS
        response = _alone(lambda: self.client.open(url, method=method, follow_redirects=follow, **options))
        page = self._read(response, fragment)
        assert page.status == expect, f"{method} {url}: {page.status} instead of {expect}. {page.text[:500]}"
        if page.tree is not None:
            sloppy = complaints(page.html, fragment=fragment) + list(self._dead_ends(page))
            assert not sloppy, f"{page.url} is sloppy:\n- " + "\n- ".join(sloppy)
            if not fragment:
                self.open = page
        return page

    def _read(self, response: TestResponse, fragment: bool) -> Page:
        where = response.request.path + (f"?{query}" if (query := response.request.query_string.decode()) else "")
        html = response.mimetype == "text/html" and response.status_code not in REDIRECTS
        tree = parsed(response.text, fragment=fragment)[0] if html else None
        return Page(where, response.status_code, response.headers, response.data, tree)

    def _dead_ends(self, page: Page) -> Iterator[str]:
        """Links and forms that lead to nothing in this house."""
        routes = self.app.url_map.bind("localhost")
        targets = [(one.get("href"), "GET") for one in page.all("a") if not one.get("href", "").startswith("#")]
        targets += [(one.get("action"), one.get("method", "get").upper()) for one in page.all("form")]
        for target, method in targets:
            if (target or "").startswith("#"):
                continue  # a place on this very page, which needs no second visit
            parts = urlsplit(urljoin(page.url, target or ""))
            if parts.scheme or parts.netloc:
                continue
            try:
                routes.match(parts.path, method=method)
            except RequestRedirect:
                continue
            except HTTPException:
                yield f"{method} {parts.path} leads nowhere"

    def _token(self) -> str:
        if self.open is None:
            self.get("/account")
        for one in self.page.all("input"):
            if one.get("name") == "csrf_token":
                return one.get("value", "")
        pytest.fail(f"{self.page.url} carries no CSRF token")

    def _form(self, wanted: str) -> tuple[Element, Element | None]:
        forms = list(self.page.all("form"))
        buttons = [(form, b) for form in forms for b in form.iter("button") if b.get("type", "submit") == "submit"]
        found: list[tuple[Element, Element | None]] = [
            (form, b) for form, b in buttons if name_of(b, self.page.tree) == wanted
        ]
        if not found:
            found = [(form, None) for form in forms if wanted in {form.get("action"), f"#{form.get('id')}"}]
        offered = [name_of(b, self.page.tree) for _, b in buttons]
        assert found, f"{self.page.url} has no form «{wanted}»; its buttons are {offered}"
        assert len(found) == 1, f"{self.page.url} has {len(found)} forms «{wanted}»: name one by #id or action"
        return found[0]

    def _filled(self, form: Element, values: dict[str, Any]) -> MultiDict[str, Any]:
        offered = fields(form)
        unknown = values.keys() - offered.keys()
        assert not unknown, f"{self.page.url}: no field {sorted(unknown)}; the form has {sorted(offered)}"
        sent: MultiDict[str, Any] = MultiDict()
        for name, field in offered.items():
            for value in field.answer(values[name]) if name in values else field.shown:
                assert field.offers(value), f"{self.page.url}: {name} offers {sorted(field.choices)}, not «{value}»"
                sent.add(name, value)
        files = any(field.file for name, field in offered.items() if values.get(name))
        multipart = form.get("enctype") == "multipart/form-data"
        assert multipart or not files, f"{self.page.url}: a form with files needs enctype multipart/form-data"
        return sent


def _alone(step: Callable[[], Result]) -> Result:
    """Do it as a request of its own does: with its own application context, session and signed-in person."""
    if not has_app_context():
        return step()
    forget()
    try:
        return contextvars.Context().run(step)
    finally:
        forget()
