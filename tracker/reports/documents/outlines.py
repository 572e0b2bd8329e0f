"""What a superior asks a report to say, as data: config/outlines/*.toml, one file an outline.

An outline lists headings in order. What stands below one is filled by `fills`: the unit's own words, or what the
house knows (duties, difficulties, documents, targets; in a consolidated report general, units, overdue, proposals);
a heading without it only leads to those below.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from tracker.errors import NotFound
from tracker.paths import data_dir

DEFAULT = "nhiem-vu-duoc-giao"
DEFAULT_WHOLE = "tong-hop"
OF_THE_WHOLE = frozenset({"general", "units", "overdue", "proposals"})
FILLS = frozenset({"", "words", "duties", "duty_list", "difficulties", "documents", "targets"})
BY_KIND = {"commune": FILLS, "province": OF_THE_WHOLE | {"", "words"}}
"""What may stand below the headings of a unit's report, and of the consolidated one."""
NIL = "Không phát sinh trong kỳ báo cáo."


@dataclass(frozen=True)
class Part:
    """One heading with what it asks for; `nil` are the words of «nothing to report» here.

    With `columns` the unit's words become a table: a line is a row, «|» stands between its cells, and a line without
    one heads a group.
    """

    key: str
    heading: str
    style: str = "section"
    fills: str = ""
    hint: str = ""
    nil: str = NIL
    columns: tuple[str, ...] = ()

    @property
    def asks_for_words(self) -> bool:
        """Whether the unit itself has something to write here, alone or beside what the house knows."""
        return self.fills in ("words", "duties", "difficulties") or self.fills in OF_THE_WHOLE

    @property
    def must_be_written(self) -> bool:
        """Whether only the unit can fill it: written, or declared as nothing to report."""
        return self.fills == "words"


@dataclass(frozen=True)
class Outline:
    """The sections and appendices that one superior asks for; `kind` is the paper that it makes."""

    key: str
    name: str
    about: str
    sections: tuple[Part, ...]
    appendices: tuple[Part, ...] = ()
    addressee: str = ""
    basis: str = ""
    kind: str = "commune"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Sections, then appendices."""
        return self.sections + self.appendices


def outline(key: str) -> Outline:
    """The outline of this key; raises NotFound."""
    for one in _all():
        if one.key == key:
            return one
    raise NotFound(f"Không có đề cương «{key}».")


def outlines(kind: str = "commune") -> tuple[Outline, ...]:
    """The outlines of one kind of paper, the default one first."""
    return tuple(one for one in _all() if one.kind == kind)


@cache
def _all() -> tuple[Outline, ...]:
    """Every outline. Raises ValueError naming the file that is not as it should be."""
    found = [_read(path.stem, tomllib.loads(path.read_text("utf-8"))) for path in sorted(_folder().glob("*.toml"))]
    return tuple(sorted(found, key=lambda one: (one.key not in (DEFAULT, DEFAULT_WHOLE), one.key)))


def _folder() -> Any:
    return data_dir("config") / "outlines"


def _read(key: str, data: dict[str, Any]) -> Outline:
    sections, appendices = ([_part(part) for part in data.pop(kind, [])] for kind in ("sections", "appendices"))
    made = Outline(key=key, sections=tuple(sections), appendices=tuple(appendices), **data)
    keys = [part.key for part in made.parts]
    allowed = BY_KIND.get(made.kind, frozenset())
    unknown = {part.fills for part in made.parts} - allowed
    if unknown or len(set(keys)) < len(keys):
        raise ValueError(f"config/outlines/{key}.toml: keys come once, fills is one of {sorted(allowed)}")
    return made


def _part(data: dict[str, Any]) -> Part:
    columns = tuple(data.pop("columns", ()))
    hint = data.pop("hint", "") or (f"Mỗi dòng một hàng, ngăn ô bằng dấu |: {' | '.join(columns)}" if columns else "")
    return Part(**data, hint=hint, columns=columns)
