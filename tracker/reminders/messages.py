"""The words of notices: a line for the inbox, a letter for the mail. Rendered at the moment of sending.

A letter is written once, as text (templates/messages/*.txt); its light HTML is drawn from that very text, so
that the two parts cannot disagree. In the text «**…**» is bold, «[…] address» a button, «- » begins a line of
a list and «--» the foot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from tracker.paths import data_dir
from tracker.rules import sentences
from tracker.rules.notices import HEARER_LABELS, Hearer, Step
from tracker.rules.reminding import TAKEN_AWAY, time_words, words

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
    Step.UNRECEIVED: "unreceived",
    Step.DELEGATED: "delegated",
    Step.RETURNED: "returned",
    Step.EXTENSION_GRANTED: "extension_granted",
    Step.EXTENSION_REFUSED: "extension_refused",
    Step.AMENDED: "amended",
    Step.NUDGED: "nudged",
    Step.URGED: "nudged",
    Step.WITHDRAWN: "withdrawn",
    Step.SUSPENDED: "suspended",
    Step.RESUMED: "resumed",
}

_ANSWERS = (Step.RETURNED, Step.EXTENSION_GRANTED, Step.EXTENSION_REFUSED, Step.AMENDED, Step.RESUMED)
"""What a digest gathers as the province's answers."""


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
        return domain_of(self.sender)


def domain_of(sender: str) -> str:
    """The domain of a sender: «Đôn Đốc <khong-tra-loi@dondoc.example>» writes from dondoc.example."""
    return sender.rstrip("> ").rpartition("@")[2] or "localhost"


@dataclass(frozen=True)
class Item:
    """One notice inside a letter. `facts` are the assignment's plain values, `end` the last day in term.

    `document` and `by_name` say by which paper and by whom it was decided, where that is known.
    """

    step: Step
    facts: Any
    hearer: Hearer
    end: date | None
    days_left: int | None
    detail: str = ""
    new_due: date | None = None
    document: str = ""
    by_name: str = ""

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
    def provincial(self) -> bool:
        """Whether it speaks to the side that gave the work, which urges instead of doing."""
        return self.hearer in (Hearer.MONITOR, Hearer.PROVINCIAL_LEADERS)

    @property
    def mark(self) -> str:
        """What stands before the task in its line of a digest; the heading has said the rest."""
        left = self.days_left or 0
        due = f"{self.end:%d/%m}" if self.end else ""
        return {
            "overdue": f"{-left} ngày · ",
            "today": "",
            "soon": f"còn {left} ngày ({due}) · ",
            "new": ("chưa tiếp nhận · " if self.step is Step.UNRECEIVED else "") + (f"hạn {due} · " if due else ""),
            "answered": f"{self.words} · ",
            "taken": f"{self.words} · ",
            "urged": f"{time_words(left)} · " if self.end else "",
        }[self.group]

    @property
    def group(self) -> str:
        """Under which heading of a digest it stands."""
        if self.step in (Step.ASSIGNED, Step.UNRECEIVED, Step.DELEGATED):
            return "new"
        if self.step in (Step.NUDGED, Step.URGED):
            return "urged"
        if self.step in TAKEN_AWAY:
            return "taken"
        if self.step in _ANSWERS:
            return "answered"
        left = self.days_left or 0
        return "overdue" if left < 0 else "soon" if left else "today"


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter; its name is plain ASCII."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """Subject and both parts of a letter."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Mail(Letter):
    """A letter with its envelope; `message_key` is its Message-ID for life.

    `thread` is the Message-ID of the first letter on the same matter to the same person, "" when this is it.
    """

    name: str
    address: str
    message_key: str
    reply_to: str
    written_at: datetime
    thread: str = ""
    attached: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Group:
    """One heading of a digest: all its items, of which the first few are shown."""

    heading: str
    phrase: str
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
    return shortened(f"{said}: {one_line(content)}" + (f" – {one_line(detail)}" if detail else ""), LINE_LENGTH)


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
    subject = f"{state}: {shortened(one_line(facts.content), SUBJECT_LENGTH - len(state) - len(place) - 2)}{place}"
    return _letter(subject, _TEMPLATES[item.step], head, name=name, item=item, role=HEARER_LABELS[item.hearer])


def digest(name: str, items: Sequence[Item], today: date, head: Letterhead) -> Letter:
    """The letter of several notices, in groups."""
    groups = _groups(items)
    units = {item.facts.unit_name for item in items}
    place = units.pop() if len(units) == 1 else f"{len(units)} đơn vị"
    to_direct = all(item.group == "overdue" and item.hearer is not Hearer.OFFICER for item in items)
    if to_direct:
        longest = max(-(item.days_left or 0) for item in items)
        subject = f"{place}: {len(items)} việc quá hạn, lâu nhất {longest} ngày – đề nghị chỉ đạo"
    else:
        subject = _counted(f"{place}: nhắc", groups, f" ({today:%d/%m})")
    day = sentences.long_date(today)
    return _letter(
        subject,
        "digest",
        head,
        name=name,
        groups=groups,
        number=len(items),
        day_words=day[:1].upper() + day[1:],
        several_units=place not in {item.facts.unit_name for item in items},
        overdue=any(item.group == "overdue" for item in items),
    )


@dataclass(frozen=True)
class Week:
    """The figures of a unit for the letter of the week, all from the report's one value. `rate` is written out."""

    number: int
    unit_name: str
    at: datetime
    sentence: str
    rate: str
    overdue: int
    change: int
    worst: Sequence[str]
    sheet: Attachment | None = None
    """The sheet of the meeting on one page."""


def weekly(name: str, week: Week, head: Letterhead) -> Letter:
    """The letter of the week: «Giao ban tuần 26: 127 quá hạn (+14), 81,3% hoàn thành»."""
    change = f" ({week.change:+})" if week.change else ""
    subject = f"Giao ban tuần {week.number}: {week.overdue} quá hạn{change}, {week.rate} hoàn thành"
    return _letter(subject, "weekly", head, name=name, week=week)


def _counted(begin: str, groups: Sequence[Group], end: str) -> str:
    """«Xã An Bình: nhắc 2 việc quá hạn, 1 hạn hôm nay (22/06)», as many counts as fit, the pressing first."""
    phrases = [f"{len(group.items)}{' ' if n else ' việc '}{group.phrase}" for n, group in enumerate(groups)]
    while len(phrases) > 1 and len(f"{begin} {', '.join(phrases)}…{end}") > SUBJECT_LENGTH:
        phrases.pop()
    return f"{begin} {', '.join(phrases)}{'…' if len(phrases) < len(groups) else ''}{end}"


def _groups(items: Sequence[Item]) -> list[Group]:
    far = any((item.days_left or 0) > _SOON_DAYS for item in items if item.group == "soon")
    named = {
        "urged": ("Đôn đốc", "được đôn đốc"),
        "overdue": ("Quá hạn", "quá hạn"),
        "today": ("Hạn hôm nay", "hạn hôm nay"),
        "soon": ("Sắp đến hạn" if far else f"{_SOON_DAYS} ngày tới", "sắp đến hạn"),
        "new": ("Mới giao", "mới giao"),
        "answered": ("Tỉnh trả lời", "tỉnh trả lời"),
        "taken": ("Thu hồi, tạm dừng", "thu hồi, tạm dừng"),
    }
    ordered = sorted(items, key=lambda item: (item.days_left if item.days_left is not None else 9999, item.facts.id))
    groups = [Group(*names, [one for one in ordered if one.group == key]) for key, names in named.items()]
    return [group for group in groups if group.items]


def _state_words(item: Item) -> str:
    """The state, within the first characters of a subject."""
    due = item.end
    if item.group == "soon":
        return f"{item.words} ({due:%d/%m})"
    if item.group == "today":
        return "Hạn hôm nay 24:00"
    if item.step in (Step.ASSIGNED, Step.UNRECEIVED, Step.DELEGATED, Step.AMENDED, Step.RESUMED) and due:
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


def plain(row: Mapping[str, Any], **more: Any) -> SimpleNamespace:
    """The facts of an assignment as a letter may carry them: every text on one line, without marks of bold."""
    values = {**row, **more}
    return SimpleNamespace(**{name: one_line(one) if isinstance(one, str) else one for name, one in values.items()})


def one_line(text: str) -> str:
    """The text on one line, without marks of bold."""
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
    parts = [part for paragraph in body.strip().split("\n\n") for part in _parts(paragraph.splitlines())]
    return [*parts, Part("foot", [_bold(row) for row in foot.strip().splitlines()])]


def _parts(rows: Sequence[str]) -> Iterator[Part]:
    """The parts of one paragraph: buttons one by one, rows of a list together, other rows together."""
    for kind, same in groupby(rows, lambda row: "a" if _BUTTON.match(row) else "ul" if row.startswith("- ") else "p"):
        if kind == "a":
            yield from (Part("a", [escape(one["label"])], one["href"]) for row in same if (one := _BUTTON.match(row)))
        else:
            yield Part(kind, [_bold(row.removeprefix("- ")) for row in same])


def _bold(row: str) -> Markup:
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", str(escape(row))))  # noqa: S704
