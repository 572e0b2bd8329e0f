"""The words of notices: a line for the inbox, a letter for the mail. Rendered at the moment of sending.

A letter is written once, as text (templates/messages/*.txt); `drawing` makes both parts of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from tracker.reminders.letters.drawing import as_text, drawn, environment, first_words
from tracker.reminders.letters.groups import Group, grouped, most_pressing, phrases
from tracker.reminders.letters.items import Item
from tracker.reminders.letters.lists import list_for
from tracker.reminders.letters.wholes import ALONE, Of, Whole
from tracker.rules.deadlines import Policy
from tracker.rules.notices import GIVEN_BACK, HEARER_LABELS, Hearer, Step

SUBJECT_LENGTH = 70
LINE_LENGTH = 90
MOST_BYTES = 12_000
"""Of the HTML of a letter."""
_LINE_LENGTHS = (110, 70, 40)
"""So many characters of a task stand in a line of a digest: fewer where the letter would become heavy."""
_PREVIEW_LENGTH = 140
_ESCALATIONS = frozenset({Step.MONITOR, Step.LEADER, Step.WEEKLY})

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
    Step.RESUMED: "given_back",
    Step.REOPENED: "given_back",
    Step.DECLINE_REFUSED: "given_back",
}


@dataclass(frozen=True)
class Letterhead:
    """What every letter needs of the house: the address people type, its sender and its rules on deadlines."""

    base_url: str
    sender: str
    policy: Policy = field(default_factory=Policy)
    """By which terms run on over days off."""

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
    sender_name: str = ""
    """Under which name it is sent; "" for that of the house. The address is the house's own in any case."""
    attached: Sequence[Attachment] = ()


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
    return _letter(subject, _TEMPLATES[item.step], head, name=name, item=item, role=roles([item]))


def digest(name: str, items: Sequence[Item], now: datetime, head: Letterhead, whole: Whole = ALONE) -> Letter:
    """The letter of several notices, in groups; `whole` is what it may say of a unit or of the reader.

    Of a unit in whose figures nothing is overdue (any more) it cannot tell what has been so longest.
    """
    directs = to_direct(items, whole)
    whole = ALONE if directs and whole.oldest is None else whole
    groups = grouped(items, whole.state)
    units = {item.facts.unit_name for item in items}
    first = most_pressing(items)
    said = {
        "name": name,
        "items": items,
        "groups": groups,
        "first": first,
        "whole": whole,
        "now": now,
        "role": roles(items),
        "several_units": len(units) > 1,
        "list": list_for(items, whole),
        "lists": {group.heading: list_for(group.items, whole) for group in groups},
        "overdue": any(item.group == "overdue" and not item.facts.upward for item in items),
    }
    if directs:
        return _fitting(_subject_to_direct(items, whole, now.date()), "escalation", head, said)
    if whole.state is not None:
        begin = f"{whole.state.place[:1].upper()}{whole.state.place[1:]}:"
    elif whole.of is Of.PERSON:
        begin = "Nhắc đồng chí"
    else:
        begin = f"{units.pop() if len(units) == 1 else f'{len(units)} đơn vị'}: nhắc"
    return _fitting(_counted(begin, groups, f" ({now:%d/%m})"), "digest", head, said)


def to_direct(items: Sequence[Item], whole: Whole = ALONE) -> bool:
    """Whether several notices together ask those who lead to direct: all is overdue and nobody reads the own work.

    With the state of a day something must have been escalated besides, or the same letter would come every morning.
    """
    told = [item for item in items if item.step is not Step.DAILY]
    leading = all(item.hearer not in (Hearer.OFFICER, Hearer.COORDINATORS) for item in told)
    escalated = whole.state is None or any(item.step in _ESCALATIONS for item in told)
    return leading and escalated and len(items) > 1 and all(item.group == "overdue" for item in told)


def longest_days(items: Sequence[Item], whole: Whole, today: date) -> int:
    """How many days the oldest is overdue, of the unit where the message speaks of one."""
    if whole.of is Of.UNIT and whole.oldest_end is not None:
        return (today - whole.oldest_end).days
    return -(most_pressing(items).days_left or 0)


def roles(items: Sequence[Item]) -> str:
    """In which capacities somebody reads these notices: «là cán bộ được phân công»."""
    heard = {item.hearer for item in items}
    own = [HEARER_LABELS[hearer] for hearer in Hearer if hearer in heard and hearer is not Hearer.COORDINATORS]
    helping = [f"thuộc {HEARER_LABELS[Hearer.COORDINATORS]}"] if Hearer.COORDINATORS in heard else []
    return ", ".join([*([f"là {', '.join(own)}"] if own else []), *helping])


def reply_to(items: Sequence[Item]) -> str:
    """Where answers to a letter go: to whom its reader may ask about all of it, if that is one person."""
    emails = {item.asks.email if item.asks else "" for item in items}
    return emails.pop() if len(emails) == 1 else ""


def sender_name(provinces: Collection[str]) -> str:
    """Under which name letters of these provinces go: «Theo dõi nhiệm vụ – UBND tỉnh Thử»; "" for several."""
    name = next(iter(provinces), "")
    return f"Theo dõi nhiệm vụ – UBND {name[:1].lower()}{name[1:]}" if len(provinces) == 1 and name else ""


def _subject_to_direct(items: Sequence[Item], whole: Whole, today: date) -> str:
    """«Xã Sơn Hà: 9 việc quá hạn, lâu nhất 55 ngày – đề nghị chỉ đạo»."""
    end = f", lâu nhất {longest_days(items, whole, today)} ngày – đề nghị chỉ đạo"
    if whole.of is Of.UNIT:
        return f"{items[0].facts.unit_name}: {whole.load.overdue} việc quá hạn{end}"
    units = {item.facts.unit_name for item in items}
    place = f"{len(units)} đơn vị" if len(units) > 1 else items[0].place
    return f"Nhắc {len(items)} việc quá hạn của {place}{end}"


def _fitting(subject: str, template: str, head: Letterhead, said: Mapping[str, Any]) -> Letter:
    """The letter with its lines as long as they may be for a light letter."""
    for most in _LINE_LENGTHS:
        letter = _letter(subject, template, head, most=most, **said)
        if len(letter.html.encode()) < MOST_BYTES:
            break
    return letter


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
    province: str = ""


def weekly(name: str, role: str, week: Week, head: Letterhead) -> Letter:
    """The letter of the week: «Giao ban tuần 26: 127 quá hạn (+14), 81,3% hoàn thành»."""
    change = f" ({week.change:+})" if week.change else ""
    subject = f"Giao ban tuần {week.number}: {week.overdue} quá hạn{change}, {week.rate} hoàn thành"
    return _letter(subject, "weekly", head, name=name, role=role, week=week)


def _counted(begin: str, groups: Sequence[Group], end: str) -> str:
    """«Xã An Bình: nhắc 2 việc quá hạn, 1 hạn hôm nay (22/06)», as many counts as fit, the pressing first."""
    said = phrases(groups)
    while len(said) > 1 and len(f"{begin} {', '.join(said)}…{end}") > SUBJECT_LENGTH:
        said.pop()
    return f"{begin} {', '.join(said)}{'…' if len(said) < len(groups) else ''}{end}"


def _state_words(item: Item) -> str:
    """The state, within the first characters of a subject."""
    due = item.end
    if item.group == "soon":
        return f"{item.words} ({due:%d/%m})"
    if item.group == "today":
        return "Hạn hôm nay 24:00"
    if item.step in GIVEN_BACK | {Step.ASSIGNED, Step.UNRECEIVED, Step.DELEGATED, Step.AMENDED} and due:
        return f"{item.words}, hạn {due:%d/%m}"
    if item.step is Step.RETURNED and due and (item.days_left or 0) >= 0:
        return f"Trả lại, nộp lại trước hết {due:%d/%m}"
    if item.step is Step.EXTENSION_REFUSED and due:
        return f"{item.words}, hạn vẫn là {due:%d/%m}"
    return item.words


def _letter(subject: str, template: str, head: Letterhead, **values: Any) -> Letter:
    source = environment().get_template(f"messages/{template}.txt").render(head=head, **values)
    # The pieces of a letter that have nothing to say leave empty lines behind.
    source = re.sub(r"\n{3,}", "\n\n", source).strip() + "\n"
    subject = shortened(subject, SUBJECT_LENGTH)
    html = (
        environment()
        .get_template("messages/letter.html")
        .render(
            subject=subject, preview=shortened(one_line(first_words(source)), _PREVIEW_LENGTH), parts=drawn(source)
        )
    )
    return Letter(subject, as_text(source), html)


def plain(row: Mapping[str, Any], **more: Any) -> SimpleNamespace:
    """The facts of an assignment as a letter may carry them: every text on one line, without marks of bold."""
    values = {**row, **more}
    return SimpleNamespace(**{name: one_line(one) if isinstance(one, str) else one for name, one in values.items()})


def one_line(text: str) -> str:
    """The text on one line, without our own marks of bold and of links."""
    if text.isprintable() and not _MARKED.search(text):
        return text.strip()
    return " ".join(text.translate(_NO_MARKS).replace("**", "").split())


_MARKED = re.compile(r"\*\*|[⟨⟩]|  ")
_NO_MARKS = str.maketrans("", "", "⟨⟩")
