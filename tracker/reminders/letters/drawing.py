"""Drawing a letter: from the text of a template to the text part and the light HTML part, which cannot disagree.

In the text «**…**» is bold, «[…] address» a button, «- » begins a line of a list («… ⟨address⟩» as a link) and «--»
the foot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from tracker.paths import data_dir
from tracker.rules import sentences

_BUTTON = re.compile(r"^\[(?P<label>[^\]]+)\] (?P<href>https?://\S+)$")
_ADDRESS = re.compile(r"https?://\S+?(?=[.,]?(\s|$))")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINKED = re.compile(r"^(?P<said>.*) ⟨(?P<href>https?://[^\s⟩]+)⟩$")


@cache
def environment() -> Environment:
    """Jinja for letters: plain text unless the name ends in html."""
    environment = Environment(
        loader=FileSystemLoader(data_dir("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "long_date": sentences.long_date,
        "day": lambda day: f"{day:%d/%m/%Y}",
        "moment": lambda at: f"{at:%H:%M ngày %d/%m}",
    }
    return environment


def as_text(source: str) -> str:
    """The source without its marks, as the text part has it."""
    plain_lines = re.sub(r"(?m)^(- .*) ⟨\S+⟩$", r"\1", source.replace("**", ""))
    return re.sub(r"(?m)^\[([^\]]+)\] (https?://\S+)$", r"\1: \2", plain_lines)


def first_words(source: str) -> str:
    """What follows the greeting, which mail programs show beside the subject."""
    return source.replace("**", "").split("\n\n")[1]


@dataclass(frozen=True)
class Part:
    """One paragraph of the HTML part: kind «p», «ul», «a» or «foot»."""

    kind: str
    lines: Sequence[Markup]
    href: str = ""


def drawn(source: str) -> list[Part]:
    """The parts of the HTML part, drawn from the very text."""
    body, _, foot = source.partition("\n--\n")
    parts = [part for paragraph in body.strip().split("\n\n") for part in _parts(paragraph.splitlines())]
    return [*parts, Part("foot", [_footing(row) for row in foot.strip().splitlines()])]


def _parts(rows: Sequence[str]) -> Iterator[Part]:
    """The parts of one paragraph: buttons one by one, rows of a list together, other rows together."""
    for kind, same in groupby(rows, lambda row: "a" if _BUTTON.match(row) else "ul" if row.startswith("- ") else "p"):
        if kind == "a":
            yield from (Part("a", [escape(one["label"])], one["href"]) for row in same if (one := _BUTTON.match(row)))
        else:
            yield Part(kind, [_row(row.removeprefix("- ")) for row in same])


def _row(row: str) -> Markup:
    """A row of the letter; one that ends in an address of ours is a link to it."""
    if linked := _LINKED.match(row):
        return Markup(f'<a href="{escape(linked["href"])}">{_bold(linked["said"])}</a>')  # noqa: S704
    return _bold(row)


def _footing(row: str) -> Markup:
    """A row of the foot, in which the house's own addresses are links."""
    return Markup(_ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', str(escape(row))))  # noqa: S704


def _bold(row: str) -> Markup:
    return Markup(_BOLD.sub(r"<b>\1</b>", str(escape(row))))  # noqa: S704
