"""Terms: «05 ngày làm việc kể từ ngày ký», «trong vòng 02 tuần», «10 ngày trước khi …».

The first day is not counted (BLDS Đ.147), a term in months ends on the corresponding day or the last of the
month (Đ.148 k.3), a last day that is off moves to the next working day (Đ.148 k.5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.wordings.normalise import Wording, word_set
from tracker.rules.wordings.tokens import words_to_number

_TENS = r"(?:hai|ba|bon|nam|sau|bay|tam|chin) muoi(?: (?:mot|hai|ba|bon|tu|lam|nham|sau|bay|tam|chin))?"
_WORD = rf"(?:{_TENS}|muoi(?: (?:mot|hai|ba|bon|lam|nham|sau|bay|tam|chin))?|mot|hai|ba|bon|nam|sau|bay|tam|chin)"
_IN_BRACKETS = r"(?: ?\([a-z\d ]{1,20}\))?"  # «05 (năm) ngày»
TERM = re.compile(
    r"(?<![\w/.,])(?<!thu )"
    rf"(?:(?:\d{{1,3}} ?(?:-|den) ?)?(?P<n>\d{{1,3}})|(?P<word>{_WORD})(?= )|(?P<half>nua)(?= thang))"
    rf"{_IN_BRACKETS} ?(?P<unit>ngay(?: ?\(?(?P<work>lam viec))?\)?|tuan(?: lam viec)?|thang|nam|gio|h)"
    r"(?![a-z])(?! ?\d| dau| cuoi| lam viec cuoi| ?/)"
)
_LIMIT = re.compile(
    r"\b(?:trong|vong|thoi (?:han|gian)|nhat|khong qua|toi da|sau|(?:ke|tinh) tu|tu (?:ngay|khi)|truoc|han|them)\b"
)
_BASE = re.compile(
    r"\b(?:ke tu|tinh tu|tinh ke tu|tu|sau)(?: khi| ngay| thoi diem| luc| sau)*(?= ?[a-z\d])(?P<base>.*)"
)
_ISSUE = re.compile(
    r"^ ?(?:(?:ngay )?(?:ky|ban hanh|phat hanh|ra)(?: ban hanh| va ban hanh)?|hom nay|nay|giao(?: nhiem vu)?)"
    r"(?P<doc> (?:van ban|cong van|cong dien|ke hoach|quyet dinh|thong bao|chi thi|ket luan|nghi quyet|de an"
    r"|chuong trinh|phuong an|phieu giao))?"
    r"(?P<this> nay)?(?P<rest>.*)$"
)
_LEADS_TO_TERM = re.compile(
    r"^(?:[ ,:]*(?:thi|la|trong|vong|thoi han|thoi gian|cham nhat|khong qua|sau|toi da|phai|den het))*[ ,]*$"
)
_AHEAD_OF = re.compile(r"^ ?(?:lam viec )?(?:so voi )?(?:truoc |sau |(?<=so voi ))(?!ngay \d)[a-z]")


_UNITS = word_set("ngay tuan thang nam gio h")


@dataclass(frozen=True, slots=True)
class Term:
    """A term: how many of which unit; `at` and `until` its place."""

    count: int
    unit: str
    working: bool
    at: int
    until: int


def find_term(wording: Wording) -> Term | None:
    """The term of the wording, when its words make it one: «trong», «kể từ» …, or nothing but the term."""
    if _UNITS.isdisjoint(wording.words):
        return None
    text = wording.text
    for found in TERM.finditer(text):
        if found["word"] and not _is_number_word(found["word"], found["unit"], wording):
            continue
        unit = found["unit"].split()[0].strip("()")
        limited = _LIMIT.search(text) is not None
        alone = not text[: found.start()].strip(" -:(") and not text[found.end() :].strip(" .;)")
        if limited or alone or (unit == "ngay" and found["work"]):
            if found["half"]:  # BLDS Đ.146 k.1: half a month is 15 days
                return Term(15, "ngay", False, found.start(), found.end())
            count = int(found["n"]) if found["n"] else words_to_number(found["word"])
            return Term(count, unit, bool(found["work"]), found.start(), found.end())
    return None


def _is_number_word(word: str, unit: str, wording: Wording) -> bool:
    """«sáu ngày», not «sau ngày»; «năm ngày», not «năm, ngày». Without marks only clear words count."""
    if word not in {"sau", "nam", "ba"}:
        return True
    if wording.written.isascii():
        return word == "ba"
    return unit != "nam" and re.search(r"(?:sáu|năm|ba) (?:ngày|tuần|tháng|giờ)", wording.marked) is not None


def base_of(term: Term, text: str) -> str:
    """From when the term counts: "issued", "unsaid", "doubtful" (a document of that kind), "event"."""
    rest = text[term.until :]
    if _AHEAD_OF.search(rest) and not re.match(r" ?(?:lam viec )?sau (?:ngay |khi )?(?:ky|ban hanh)", rest):
        return "event"
    found = _BASE.search(rest) or _BASE.search(text[: term.at])
    if not found:
        return "unsaid"
    issue = _ISSUE.match(found["base"])
    if not issue:
        return "event" if re.search(r"[a-z]", found["base"]) else "unsaid"
    if issue["this"]:
        return "issued"
    more = _LEADS_TO_TERM.sub("", issue["rest"])
    if issue["doc"]:
        return "event" if re.match(r" [a-z]", more) else "doubtful"
    return "event" if re.match(r" [a-z]", more) else "issued"


def stands_before(term: Term, text: str, at: int, until: int) -> bool:
    """Whether it counts back from the day at `at`: «10 ngày trước ngày D», «trước ngày D ít nhất 10 ngày»."""
    if term.until <= at:
        return _COUNTED_BACK.fullmatch(text, term.until, at) is not None
    return _AT_LEAST.fullmatch(text, until, term.at) is not None


def days_before(term: Term, day: date) -> date:
    """The day that lies the term before `day`."""
    days = {"ngay": term.count, "tuan": 7 * term.count}.get(term.unit)
    if days is not None:
        return day - timedelta(days=days)
    return day - relativedelta(months=term.count) if term.unit == "thang" else day


_COUNTED_BACK = re.compile(r" (?:so voi )?truoc (?:ngay |hom )?")
_AT_LEAST = re.compile(r",? (?:it nhat|toi thieu|cham nhat)? ?")


def end_of(term: Term, start: date, calendar: WorkingCalendar) -> tuple[date, bool]:
    """The last day of the term counted from `start`, and whether it moved off a day of rest."""
    if term.working:
        return calendar.add_working_days(start, term.count), False
    if term.unit == "ngay":
        end = start + timedelta(days=term.count)
    elif term.unit == "tuan":
        end = start + timedelta(weeks=term.count)
    elif term.unit == "thang":
        end = start + relativedelta(months=term.count)
    elif term.unit == "nam":
        end = start + relativedelta(years=term.count)
    else:
        end = start + timedelta(days=-(-term.count // 24))
    rolled = calendar.roll(end)
    return rolled, rolled != end
