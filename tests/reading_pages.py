"""How the fussy browser reads: the names, fields and words of a page, and everything that is sloppy in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as SENTENCES

SILENT = {"head", "script", "style", "template"}
INLINE = {"a", "abbr", "b", "code", "em", "i", "kbd", "mark", "q", "s", "small", "span", "strong", "time", "u"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "list")
SPOKEN = ("alt", "aria-label", "placeholder", "title")
LEFTOVERS = re.compile(r"\bNone\b|\bUndefined\b|\{\{|\{%|%\(\w+\)[sd]|<lambda>|<function|object at 0x")


def parsed(html: str, *, fragment: bool = False) -> tuple[Element, list[str]]:
    """The tree of a page and what the HTML standard says against it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html) if fragment else parser.parse(html)
    said = [f"line {line}: {SENTENCES[code] % values}" for (line, _column), code, values in parser.errors]
    return tree, said


def words(element: Element) -> str:
    """The words inside an element with single spaces, as a person reads them."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if element.tag in SILENT or not isinstance(element.tag, str):
        return
    pause = "" if element.tag in INLINE else " "
    yield pause + (element.text or "")
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    yield pause


def attribute(element: Element | None, name: str) -> str:
    """The attribute of an element that may be none."""
    return element.get(name, "") if element is not None else ""


def name_of(element: Element, tree: Element | None) -> str:
    """What a screen reader calls it: the elements that label it, its label, its words or its image."""
    if (by := element.get("aria-labelledby")) and tree is not None:
        return " ".join(words(one) for one in tree.iter() if one.get("id") in by.split())
    images = " ".join(one.get("alt", "") for one in element.iter("img"))
    return element.get("aria-label") or words(element) or images.strip()


@dataclass
class Field:
    """What a form offers under one name: values shown, choices (none: anything), ticks, files."""

    shown: list[str] = field(default_factory=list)
    choices: set[str] = field(default_factory=set)
    ticked: bool = False
    file: bool = False

    def offers(self, value: Any) -> bool:
        """Whether the page lets a person give this value."""
        return not self.choices or value in self.choices

    def answer(self, value: Any) -> list[Any]:
        """The values that go out when a person answers so."""
        if isinstance(value, bool) and self.ticked:
            return sorted(self.choices)[:1] if value else []
        if isinstance(value, list):
            return value if self.file else [str(one) for one in value]
        return [value if self.file else str(value)]


def fields(form: Element) -> dict[str, Field]:
    """The fields of a form by name, with the values that would go out untouched."""
    found: dict[str, Field] = {}
    for one in form.iter():
        kind, name = one.get("type", "text"), one.get("name")
        if one.tag not in {"input", "select", "textarea"} or not name or "disabled" in one.attrib or kind == "submit":
            continue
        entry = found.setdefault(name, Field())
        if one.tag == "select":
            options = [(o.get("value", words(o)), "selected" in o.attrib) for o in one.iter("option")]
            entry.choices |= {value for value, _ in options}
            chosen = [value for value, selected in options if selected]
            entry.shown += chosen or ([] if "multiple" in one.attrib else [value for value, _ in options[:1]])
        elif kind in {"checkbox", "radio"}:
            entry.ticked = True
            entry.choices.add(one.get("value", "on"))
            entry.shown += [one.get("value", "on")] if "checked" in one.attrib else []
        elif kind == "file":
            entry.file = True
        else:
            entry.shown.append((one.text or "") if one.tag == "textarea" else one.get("value", ""))
    return found


def complaints(html: str, *, fragment: bool = False) -> list[str]:
    """Everything that is sloppy in a page, each in a sentence; a fragment needs no heading."""
    tree, said = parsed(html, fragment=fragment)
    checks = [_ids, _references, _labels, _names, _forms, _inline, _leftovers]
    for check in checks if fragment else [_heading, *checks]:
        said += check(tree)
    return said


def _heading(tree: Element) -> Iterator[str]:
    title = " ".join(words(one) for one in tree.iter("title"))
    headings = [words(one) for one in tree.iter("h1")]
    if len(headings) != 1:
        yield f"it has {len(headings)} h1 instead of one"
    elif not headings[0] or headings[0] not in title:
        yield f"the title «{title}» does not contain the heading «{headings[0]}»"
    if not tree.get("lang"):
        yield "html has no lang"


def _ids(tree: Element) -> Iterator[str]:
    count = Counter(one.get("id") for one in tree.iter() if one.get("id") is not None)
    yield from (f"the id «{name}» occurs {times} times" for name, times in count.items() if times > 1)


def _references(tree: Element) -> Iterator[str]:
    known = {one.get("id") for one in tree.iter()}
    for one in tree.iter():
        named = [name for key in REFERENCES for name in one.get(key, "").split()]
        href = one.get("href", "")
        if one.tag == "a" and href.startswith("#"):
            named.append(href[1:])
        yield from (f"{_tag(one)} names «{name}», which is not on the page" for name in named if name not in known)


def _labels(tree: Element) -> Iterator[str]:
    labels = [one for one in tree.iter("label") if words(one)]
    labelled = {one.get("for") for one in labels if one.get("for")}
    wrapped = {id(inner) for one in labels for inner in one.iter()}
    for one in tree.iter():
        if one.tag not in {"input", "select", "textarea"} or one.get("type") in UNLABELLED:
            continue
        if one.get("id") not in labelled and id(one) not in wrapped and not _labelled_by_itself(one, tree):
            yield f"{_tag(one)} has no label"


def _labelled_by_itself(element: Element, tree: Element) -> bool:
    return bool(element.get("aria-label") or (element.get("aria-labelledby") and name_of(element, tree)))


def _names(tree: Element) -> Iterator[str]:
    for one in tree.iter():
        if one.tag == "img" and one.get("alt") is None:
            yield f"{_tag(one)} has no alt"
        if one.tag in {"a", "button", "summary"} and not name_of(one, tree):
            yield f"{_tag(one)} has no words that name it"


def _forms(tree: Element) -> Iterator[str]:
    for one in tree.iter("form"):
        if not one.get("action"):
            yield f"{_tag(one)} has no action"
        carried = {inner.get("name") for inner in one.iter("input")}
        if one.get("method", "get").lower() == "post" and "csrf_token" not in carried:
            yield f"the POST form to {one.get('action')} carries no csrf_token"


def _inline(tree: Element) -> Iterator[str]:
    for one in tree.iter():
        if one.tag == "style" or one.get("style") is not None:
            yield f"{_tag(one)} carries style, which belongs in app.css"
        if one.tag == "script" and not one.get("src") and one.get("type", "text/javascript") != "application/json":
            yield "a script stands in the page, which belongs in app.js"
        handlers = [key for key in one.attrib if str(key).startswith("on")]
        if handlers or one.get("href", "").strip().lower().startswith("javascript:"):
            yield f"{_tag(one)} carries script, which belongs in app.js"


def _leftovers(tree: Element) -> Iterator[str]:
    spoken = [one.get(key, "") for one in tree.iter() for key in SPOKEN]
    values = [one.get("value", "") for one in tree.iter("input") if one.get("type") != "hidden"]
    titles = [words(one) for one in tree.iter("title")]
    for text in [words(tree), *titles, *spoken, *values]:
        for left in LEFTOVERS.findall(text):
            yield f"«{left}» is left over in «{_around(text, left)}»"


def _around(text: str, left: str) -> str:
    start = max(0, text.index(left) - 30)
    return text[start : start + 60 + len(left)]


def _tag(element: Element) -> str:
    shown = "".join(f' {key}="{element.get(key)}"' for key in ("id", "name", "href", "src") if element.get(key))
    return f"<{str(element.tag).rpartition('}')[2]}{shown}>"
