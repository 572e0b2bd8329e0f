"""What a Zalo template may look like: the published lengths of its parts and of the kinds of parameters.

Zalo refuses a message whose parameter is too long, so every value is cut to these lengths before it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

KINDS = {
    "customer": 30,
    "phone": 15,
    "address": 200,
    "code": 30,
    "label": 30,
    "status": 30,
    "contact": 50,
    "gender": 5,
    "product": 200,
    "quantity": 20,
    "date": 20,
    "password": 10,
    "url": 200,
    "money": 12,
    "bank_note": 90,
}
"""Each kind of parameter with its greatest length in characters."""

CELL = 90
"""What a cell of the table holds."""

_TITLE, _TITLE_PARAMETERS = range(9, 66), 4
_PARAGRAPHS, _PARAGRAPH, _TEXT_PARAMETERS = range(1, 5), range(9, 401), 10
_ROWS, _LABEL, _BUTTON = range(2, 9), range(3, 36), range(5, 31)
CALLED = "dien_thoai"
"""The parameter that a button calls, where a template has one that does."""

_PARAMETER = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Template:
    """One message as Zalo is asked to approve it. `kind` is our name for it, `name` the one in Zalo's list."""

    kind: str
    name: str
    purpose: str
    title: str
    paragraphs: Sequence[str]
    rows: Sequence[Sequence[str]]
    button: str
    parameters: Mapping[str, str]
    call_button: str = ""
    """A second button, which calls the number in the parameter CALLED."""

    def most(self, parameter: str) -> int:
        """How long the value of a parameter may be, by its kind and by where it stands."""
        in_table = any(f"<{parameter}>" in cell for _label, cell in self.rows)
        return min(KINDS[self.parameters[parameter]], CELL if in_table else KINDS["address"])


def used(text: str) -> list[str]:
    """The parameters that stand in a text."""
    return _PARAMETER.findall(text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text as its reader sees it."""
    return _PARAMETER.sub(lambda found: values[found[1]], text)


def complaints(template: Template) -> Iterator[str]:
    """What Zalo would not approve of a template, in words for whoever edits it."""
    if len(_bare(template.title)) not in _TITLE or len(used(template.title)) > _TITLE_PARAMETERS:
        yield f"{template.name}: the title has 9 to 65 characters and at most 4 parameters"
    if len(template.paragraphs) not in _PARAGRAPHS:
        yield f"{template.name}: 1 to 4 paragraphs"
    yield from (
        f"{template.name}: a paragraph has 9 to 400 characters"
        for text in template.paragraphs
        if len(_bare(text)) not in _PARAGRAPH
    )
    if len([name for text in template.paragraphs for name in used(text)]) > _TEXT_PARAMETERS:
        yield f"{template.name}: at most 10 parameters in the text"
    yield from _complaints_of_the_table(template)
    buttons = [template.button, *([template.call_button] if template.call_button else [])]
    if any(len(label) not in _BUTTON for label in buttons):
        yield f"{template.name}: a button has 5 to 30 characters"
    yield from _complaints_of_parameters(template)


def _complaints_of_the_table(template: Template) -> Iterator[str]:
    if len(template.rows) not in _ROWS:
        yield f"{template.name}: a table has 2 to 8 rows"
    for label, cell in template.rows:
        if len(label) not in _LABEL or used(label):
            yield f"{template.name}: «{label}» has 3 to 35 characters and no parameter"
        if len(used(cell)) > 1:
            yield f"{template.name}: «{cell}» has one parameter at most"


def _complaints_of_parameters(template: Template) -> Iterator[str]:
    """Every parameter is declared and of a known kind."""
    texts = [template.title, *template.paragraphs, *(cell for _label, cell in template.rows)]
    named = {name for text in texts for name in used(text)}
    if named - template.parameters.keys():
        yield f"{template.name}: nothing says of what kind {sorted(named - template.parameters.keys())} are"
        return
    for name, kind in template.parameters.items():
        if kind not in KINDS:
            yield f"{template.name}: no kind of parameter is called {kind}"
        elif name not in named and kind != "url" and not (name == CALLED and template.call_button):
            yield f"{template.name}: {name} stands nowhere"


def _bare(text: str) -> str:
    """The text as Zalo counts it, without the marks of parameters."""
    return _PARAMETER.sub(lambda found: found[1], text)
