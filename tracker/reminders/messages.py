"""The words of notices: a line for the inbox, a letter for the mail. Rendered at the moment of sending.

A letter is written once, as text (templates/messages/*.txt); its light HTML is drawn from that very text, so
that the two parts cannot disagree. In the text «**…**» is bold, «[…] address» a button, «- » begins a line of
a list and «--» the foot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from tracker.paths import data_dir
from tracker.rules import sentences
from tracker.rules.reminding import HEARER_LABELS, Hearer, Step, words

SUBJECT_LENGTH = 70
LINE_LENGTH = 90
LINES_IN_A_GROUP = 5
_SOON_DAYS = 7

_TEMPLATES = {
    Step.DUE_SOON: "due_soon",
    Step.LAST_WARNING: "due_soon",
    Step.DUE_TODAY: "due_today",
    Step.OVERDUE: "overdue",
    Step.MONITOR: "overdue",
    Step.LEADER: "overdue",
    Step.WEEKLY: "overdue",
    Step.ASSIGNED: "assigned",
    Step.DELEGATED: "delegated",
    Step.RETURNED: "returned",
    Step.EXTENSION_GRANTED: "extension_granted",
    Step.EXTENSION_REFUSED: "extension_refused",
}


@dataclass(frozen=True)
class Letterhead:
    """What every letter needs of the house: the address people type and the domain of its sender."""

    base_url: str
    sender: str

    @property
    def host(self) -> str:
        """The name of the site, which the foot warns not to leave."""
        return urlsplit(self.base_url).netloc

    @property
    def domain(self) -> str:
        """The right side of a Message-ID."""
        return self.sender.rstrip("> ").rpartition("@")[2] or "localhost"


@dataclass(frozen=True)
class Item:
    """One notice inside a letter. `facts` are the assignment's plain values, `end` the last day in term."""

    step: Step
    facts: Any
    hearer: Hearer
    end: date | None
    days_left: int | None
    detail: str = ""
    new_due: date | None = None

    @property
    def words(self) -> str:
        """The first words: «Quá hạn 4 ngày»."""
        return words(self.step, self.days_left, self.new_due)

    @property
    def place(self) -> str:
        """The unit's name inside a sentence: «xã An Bình»."""
        name: str = self.facts.unit_name
        return name[:1].lower() + name[1:] if name.startswith(("Xã ", "Phường ", "Đặc khu ")) else name

    @property
    def group(self) -> str:
        """Under which heading of a digest it stands."""
        if self.step in (Step.ASSIGNED, Step.DELEGATED):
            return "new"
        if self.step in (Step.RETURNED, Step.EXTENSION_GRANTED, Step.EXTENSION_REFUSED):
            return "answered"
        left = self.days_left or 0
        return "overdue" if left < 0 else "soon" if left else "today"


@dataclass(frozen=True)
class Letter:
    """Subject and both parts of a letter."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Mail(Letter):
    """A letter with its envelope; `message_key` is its Message-ID for life."""

    name: str
    address: str
    message_key: str
    reply_to: str
    written_at: datetime


@dataclass(frozen=True)
class Group:
    """One heading of a digest: all its items, of which the first few are shown."""

    heading: str
    items: Sequence[Item]

    @property
    def shown(self) -> Sequence[Item]:
        """At most five, the most pressing first."""
        return self.items[:LINES_IN_A_GROUP]

    @property
    def more(self) -> int:
        """How many are only counted."""
        return len(self.items) - len(self.shown)


def line(said: str, content: str, detail: str = "") -> str:
    """A notice of the inbox in at most 90 characters: «Trả lại: Báo cáo quý II – thiếu danh sách»."""
    return shortened(f"{said}: {_one_line(content)}" + (f" – {_one_line(detail)}" if detail else ""), LINE_LENGTH)


def shortened(text: str, most: int) -> str:
    """The text, cut at a word with «…» when it is longer than `most` characters."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–-") + "…"


def single(name: str, item: Item, head: Letterhead) -> Letter:
    """The letter of one notice."""
    facts = item.facts
    place = f" – {item.place}"
    state = _state_words(item)
    subject = f"{state}: {shortened(_one_line(facts.content), SUBJECT_LENGTH - len(state) - len(place) - 2)}{place}"
    return _letter(subject, _TEMPLATES[item.step], head, name=name, item=item, role=HEARER_LABELS[item.hearer])


def digest(name: str, items: Sequence[Item], today: date, head: Letterhead) -> Letter:
    """The letter of several notices, in groups."""
    groups = _groups(items)
    counts = ", ".join(f"{len(group.items)} việc {group.heading.lower()}" for group in groups)
    units = {item.facts.unit_name for item in items}
    place = units.pop() if len(units) == 1 else f"{len(units)} đơn vị"
    subject = f"{place}: nhắc {counts} ({today:%d/%m})"
    overdue = [item for item in items if item.group == "overdue"]
    if len(overdue) == len(items) and all(item.hearer is not Hearer.OFFICER for item in items):
        longest = max(-(item.days_left or 0) for item in overdue)
        subject = f"{place}: {len(items)} việc quá hạn, lâu nhất {longest} ngày – đề nghị chỉ đạo"
    day = sentences.long_date(today)
    values = {
        "groups": groups,
        "day_words": day[:1].upper() + day[1:],
        "number": len(items),
        "overdue": bool(overdue),
    }
    return _letter(subject, "digest", head, name=name, **values)


def _groups(items: Sequence[Item]) -> list[Group]:
    far = any((item.days_left or 0) > _SOON_DAYS for item in items if item.group == "soon")
    headings = {
        "overdue": "Quá hạn",
        "today": "Hạn hôm nay",
        "soon": "Sắp đến hạn" if far else "7 ngày tới",
        "new": "Mới giao",
        "answered": "Tỉnh trả lời",
    }
    ordered = sorted(items, key=lambda item: (item.days_left if item.days_left is not None else 9999, item.facts.id))
    grouped = [Group(heading, [item for item in ordered if item.group == key]) for key, heading in headings.items()]
    return [group for group in grouped if group.items]


def _state_words(item: Item) -> str:
    """The state, within the first characters of a subject."""
    due = item.end
    if item.group == "soon":
        return f"{item.words} ({due:%d/%m})"
    if item.group == "today":
        return "Hạn hôm nay 24:00"
    if item.step in (Step.ASSIGNED, Step.DELEGATED) and due:
        return f"{item.words}, hạn {due:%d/%m}"
    if item.step is Step.RETURNED and due and (item.days_left or 0) >= 0:
        return f"Trả lại, nộp lại trước hết {due:%d/%m}"
    if item.step is Step.EXTENSION_REFUSED and due:
        return f"{item.words}, hạn vẫn là {due:%d/%m}"
    return item.words


def _letter(subject: str, template: str, head: Letterhead, **values: Any) -> Letter:
    source = _environment().get_template(f"messages/{template}.txt").render(head=head, **values)
    # The pieces of a letter that have nothing to say leave empty lines behind.
    source = re.sub(r"\n{3,}", "\n\n", source).strip() + "\n"
    subject = shortened(subject, SUBJECT_LENGTH)
    html = _environment().get_template("messages/letter.html").render(subject=subject, parts=_drawn(source))
    return Letter(subject, _as_text(source), html)


@cache
def _environment() -> Environment:
    """Jinja for letters: plain text unless the name ends in html."""
    environment = Environment(
        loader=FileSystemLoader(data_dir("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "long_date": sentences.long_date,
        "day": lambda day: f"{day:%d/%m/%Y}",
        "moment": lambda at: f"{at:%H:%M ngày %d/%m}",
    }
    return environment


def plain(row: Mapping[str, Any], **more: Any) -> SimpleNamespace:
    """The facts of an assignment as a letter may carry them: every text on one line, without marks of bold."""
    values = {**row, **more}
    return SimpleNamespace(**{name: _one_line(one) if isinstance(one, str) else one for name, one in values.items()})


def _one_line(text: str) -> str:
    return " ".join(text.replace("**", "").split())


_BUTTON = re.compile(r"^\[(?P<label>[^\]]+)\] (?P<href>https?://\S+)$")


def _as_text(source: str) -> str:
    return re.sub(r"(?m)^\[([^\]]+)\] (https?://\S+)$", r"\1: \2", source.replace("**", ""))


@dataclass(frozen=True)
class Part:
    """One paragraph of the HTML part: kind «p», «ul», «a» or «foot»."""

    kind: str
    lines: Sequence[Markup]
    href: str = ""


def _drawn(source: str) -> list[Part]:
    body, _, foot = source.partition("\n--\n")
    parts: list[Part] = []
    for paragraph in body.strip().split("\n\n"):
        for row in paragraph.splitlines():
            button = _BUTTON.match(row)
            kind = "a" if button else "ul" if row.startswith("- ") else "p"
            words = _bold(button["label"] if button else row.removeprefix("- "))
            if parts and kind != "a" and parts[-1].kind == kind and row is not paragraph.splitlines()[0]:
                parts[-1] = Part(kind, [*parts[-1].lines, words])
            else:
                parts.append(Part(kind, [words], button["href"] if button else ""))
    return [*parts, Part("foot", [_bold(row) for row in foot.strip().splitlines()])]


def _bold(row: str) -> Markup:
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", str(escape(row))))  # noqa: S704
