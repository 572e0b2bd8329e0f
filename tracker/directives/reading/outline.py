"""Where a row stands in a list: the kinds of numbers that precede it, and the headings that it is under."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ROMAN = re.compile(r"[IVX]{1,6}")
_KINDS = (
    ("roman", _ROMAN),
    ("letter", re.compile(r"[A-ZĐ]")),
    ("arabic", re.compile(r"\d{1,4}")),
    ("dotted", re.compile(r"\d{1,4}(?:\.\d{1,3})+")),
    ("dotted", re.compile(r"(?:[IVX]{1,6}|[A-ZĐ])(?:\.\d{1,3})+")),
    ("small", re.compile(r"[a-zđ]")),
    ("bullet", re.compile(r"[-–—+*•●▪◦]")),
)
_NUMBERED = re.compile(
    r"\s*((?:PHẦN|Phần|MỤC|Mục|NHÓM|Nhóm|CHƯƠNG|Chương)\s+)?"
    r"([IVX]{1,6}|[A-ZĐ]|\d{1,3}(?:\.\d{1,3})*)\s*[.):/–-]\s*(?=\S)"
)


def bare(ordinal: str) -> str:
    """An ordinal without the marks around it: «1.» and «(1)» are «1»."""
    return " ".join(ordinal.split()).strip(" .():;/'")


def kind_of_number(ordinal: str) -> str:
    """The kind of an ordinal, «1.1» being dotted; plain when it is none. A bullet says only that it follows."""
    shown = ordinal.strip()
    if re.fullmatch(r"[-–—+*•●▪◦]+", shown):
        return "bullet"
    number = bare(shown)
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(number)), "plain")


def depth(ordinal: str) -> int:
    """How deep a number goes: 1 for «2», 2 for «2.1»."""
    return bare(ordinal).count(".") + 1


def split_number(text: str) -> tuple[str, str]:
    """A heading's own number and its words: «II. Nhóm …» gives «II.» and «Nhóm …»; no number gives an empty one."""
    found = _NUMBERED.match(text)
    return (text[: found.end()].strip(), text[found.end() :]) if found else ("", text)


@dataclass(slots=True)
class Heading:
    """A heading row: its kind of number and its words; `soft` when only the rows below it make it a heading.

    `deadline` and `lead` are what its row holds in those columns.
    """

    kind: str
    number: str
    text: str
    soft: bool = False
    deadline: str = ""
    lead: str = ""

    @property
    def title(self) -> str:
        """The heading as a person reads it."""
        return f"{self.number} {self.text}".strip()


def titled(words: str, number: str = "") -> Heading:
    """A heading by its words; its number stands apart, or before the words, or there is none."""
    text = " ".join(words.split())
    number, rest = (number, text) if number else split_number(text)
    return Heading(kind_of_number(number.split()[-1]) if number else "plain", number, rest)


@dataclass(slots=True)
class Outline:
    """The headings in force, from the outermost to the innermost."""

    headings: list[Heading] = field(default_factory=list)

    def open(self, heading: Heading) -> None:
        """Let a heading begin; those of its kind and all below them end."""
        heading.kind = self._kind(heading)
        for place, earlier in enumerate(self.headings):
            if earlier.kind == heading.kind:
                del self.headings[place:]
                break
        self.headings.append(heading)

    def _kind(self, heading: Heading) -> str:
        """«C» after «B» is a letter, «I» after «H» too; elsewhere figures of Rome are figures."""
        number = bare(heading.number)
        letters = [bare(each.number) for each in self.headings if each.kind == "letter"]
        if heading.kind == "roman" and len(number) == 1 and letters and ord(letters[-1]) + 1 == ord(number):
            return "letter"
        return f"dotted{depth(number)}" if heading.kind == "dotted" else heading.kind

    def lengthen(self, words: str) -> None:
        """Add words to the innermost heading, whose line broke over a page."""
        if self.headings:
            self.headings[-1].text += " " + " ".join(words.split())

    def close_before(self, ordinal: str) -> None:
        """End the soft headings that a task with this number stands beside, not below."""
        kind = kind_of_number(ordinal)
        if kind not in ("arabic", "dotted"):
            return
        for place, heading in enumerate(self.headings):
            if heading.soft and depth(heading.number) >= depth(ordinal):
                del self.headings[place:]
                return

    @property
    def path(self) -> str | None:
        """The headings in force as one line, none when there are none."""
        return " / ".join(heading.title for heading in self.headings) or None

    @property
    def deadlines(self) -> tuple[str, ...]:
        """What headings say that may be a deadline, the innermost first: their deadline cells, then their words."""
        inside = tuple(reversed(self.headings))
        return (*(each.deadline for each in inside if each.deadline), *(each.title for each in inside))

    @property
    def lead(self) -> str:
        """The unit that the innermost heading with one names."""
        return next((each.lead for each in reversed(self.headings) if each.lead), "")
