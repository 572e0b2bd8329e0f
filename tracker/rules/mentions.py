"""The agencies named in one cell, told apart: «Sở Tài chính; các sở, ban, ngành; UBND các xã, phường» is three.

A cell is split at semicolons, line ends and commas; but a list of common nouns («các bộ, ngành, địa phương») is
one phrase, a comma inside brackets splits nothing, and a line that only the width of a cell broke goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.rules.texts import fold

_KINDS_OF_UNIT = (
    r"bo|nganh|dia phuong|so|ban|phong|chi cuc|cuc|vu|vien|xa|phuong|thi tran|dac khu|huyen|quan|thi xa|thanh pho|"
    r"tinh|thon|xom|ban lang|to dan pho|ap|"
    r"khu pho|buon|lang|doan the|hoi|to chuc|co quan|don vi|doanh nghiep|"
    r"truong( hoc)?|tram( y te)?|co so|cong chuc|can bo|ca nhan|nha truong|hop tac xa|trung tam|"
    r"to|doi|cap|khoi|mat tran|linh vuc|hiep hoi|nguoi dan|ho gia dinh|lop|giao vien"
)
_TAIL = (
    r"lien quan|co lien quan|thuoc|truc thuoc|tren dia ban|chuyen mon|cap (tinh|xa|huyen|tren|duoi)|chinh tri|xa hoi|"
    r"khac|chuc nang|(tinh|xa|huyen|thanh pho|phuong)$|o dia phuong|trung uong|cua|duoc giao|nghiep vu|nganh doc|va|"
    r"cung cap|su nghiep|doc lap|toan tinh"
)
_GENERIC = re.compile(rf"(cac |nhung |toan the |moi )?({_KINDS_OF_UNIT})(?![a-z0-9])(?=$| ({_TAIL})| va )")
_DETERMINED = re.compile(r"(ubnd|uy ban nhan dan|hdnd|cac|nhung|toan the|moi|tat ca)(?![a-z])")
_OPEN = re.compile(
    rf"(?:^|[ (])(?:cac|nhung|toan the|moi) (?:[a-z]+ )*?(?:{_KINDS_OF_UNIT})(?: (?:{_TAIL})(?: .*)?)?$"
)
_COMMUNE = re.compile(r"(xa|phuong|thi tran|dac khu|cap xa)(?![a-z])")
_OF_COMMUNES = re.compile(r"(ubnd|uy ban nhan dan) (cap )?(xa|phuong|thi tran|dac khu)$")
_GOES_ON = re.compile(r"(va|va cac|cua|thuoc|voi|cung|&|-|–|,)$")
_BULLET = re.compile(r"^\s*(?:[-–—+•*●▪]|\(?\d{1,2}[.)](?!\d)|[a-zđ]\))\s*")
_ROLE = re.compile(
    r"(?:^|(?<=[\n;.,(]))\s*[-–+•*]?\s*(?:(?:cơ quan|đơn vị)\s+)?(chủ\s+trì|phối\s+hợp)\s*(?:thực hiện)?\s*:\s*",
    re.IGNORECASE,
)
_LEADS_WITH = re.compile(
    r"\s*(?:,|;)?\s*(?:chủ\s+trì\s*(?:,|và)?\s*)?phối\s+hợp\s+(?:với|cùng)\s*:?\s*", re.IGNORECASE
)
_LEADS = re.compile(r"\s+(?:là\s+(?:cơ quan|đơn vị)\s+)?chủ\s+trì\s*\.?\s*$", re.IGNORECASE)
_LIST_OF_KIND = re.compile(
    r"^\s*(?P<many>(?:các|những)\s+)?(?P<kind>Sở|Ban|Bộ|Phòng|xã|phường|đặc khu|UBND các xã|UBND các phường|"
    r"UBND (?:các )?xã, phường|các xã, phường(?:, đặc khu)?)\s*:\s*(?P<names>.+)$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    rf"((cac|nhung|toan the|truong|giam doc|chu tich|dai dien|lanh dao) )?(ubnd|uy ban|hdnd|van phong|vp|cong an|ca|"
    rf"chinh phu|mttq|doan|dang|bao|dai|chi nhanh|toa an|kho bac|thue|nhnn|ngan hang|{_KINDS_OF_UNIT})(?![a-z])"
)
_LONGEST_DITTO = 30
_LONGEST_NAME = 200
_LONGEST_CELL = 4000
"""Letters; a cell that is longer holds prose and is not told apart."""
DITTO = re.compile(r"(nhu tren|-?\s*nt\s*-?|n/t|\"|''|”|〃|tuong tu|nhu dong tren)\.?")


def is_ditto(text: str) -> bool:
    """Whether a cell only says that it is as the one above: «Như trên», «-nt-», «"»."""
    return len(text) <= _LONGEST_DITTO and bool(DITTO.fullmatch(" ".join(fold(text).split()).strip()))


def names_unit(text: str) -> bool:
    """Whether a text begins as the name of an agency does."""
    return bool(_UNIT.match(fold(text).lstrip(" -+•*")))


@dataclass(frozen=True, slots=True)
class Roles:
    """A cell that names both roles, told apart."""

    lead: str
    coordinating: str


def roles_in(text: str) -> Roles:
    """The lead and the coordinating units of a cell: «Chủ trì: A; Phối hợp: B», «A chủ trì, phối hợp với B»."""
    if len(text) > _LONGEST_CELL:
        return Roles(text, "")
    marks = list(_ROLE.finditer(text))
    if marks:
        return _marked_roles(text, marks)
    found = _LEADS_WITH.search(text)
    if found and text[: found.start()].strip():
        return Roles(_LEADS.sub("", text[: found.start()]).strip(" ,;\n"), text[found.end() :].strip(" ,;.\n"))
    return Roles(_LEADS.sub("", text).strip(), "")


def _marked_roles(text: str, marks: list[re.Match[str]]) -> Roles:
    parts: dict[bool, list[str]] = {True: [text[: marks[0].start()].strip(" ;,.\n")], False: []}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        leads = fold(mark[1]).startswith("chu")
        parts[leads].append(text[mark.end() : end].strip(" ;,.\n"))
    return Roles(*("; ".join(part for part in parts[leads] if part) for leads in (True, False)))


def units_named(text: str, *, wrapped: bool = False) -> tuple[str, ...]:
    """The agencies that a cell names, in its words. `wrapped` when its line breaks mean nothing."""
    if len(text) > _LONGEST_CELL:
        return (" ".join(text.split()),)
    named: list[str] = []
    for line in _lines(text, wrapped):
        found = _LIST_OF_KIND.match(line)
        if found:
            named += _of_one_kind(found)
        else:
            named += _phrases(line)
    return tuple(dict.fromkeys(named))


def _lines(text: str, wrapped: bool) -> Iterator[str]:
    """The cell's parts between line ends and semicolons, lines that merely wrapped joined again."""
    joined: list[str] = []
    for line in text.split("\n"):
        words = " ".join(line.split())
        bulleted = bool(_BULLET.match(words))
        words = _BULLET.sub("", words) if bulleted else words
        if not words:
            continue
        if joined and not bulleted and (wrapped or _is_one(joined[-1], words)):
            joined[-1] += " " + words
        else:
            joined.append(words)
    for line in joined:
        yield from (part.strip() for part in _outside_brackets(line, ";") if part.strip())


def _is_one(above: str, below: str) -> bool:
    """Whether a name goes on in the next line: it breaks off at «và», or below begins small and names no unit."""
    if _GOES_ON.search(fold(above)):
        return not above.rstrip().endswith(",")
    first = below.split(",", maxsplit=1)[0]
    names = bool(_GENERIC.match(fold(first))) and first != first.lower()
    return below[:1].islower() and not names and not _DETERMINED.match(fold(below))


def _outside_brackets(text: str, mark: str) -> Iterator[str]:
    start = level = 0
    for place, letter in enumerate(text):
        level += (letter in "([") - (letter in ")]")
        if letter == mark and level <= 0:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _phrases(line: str) -> list[str]:
    """A line split at its commas; common nouns that follow common nouns stay one phrase."""
    phrases: list[list[str]] = []
    for piece in _outside_brackets(line, ","):
        words = piece.strip(" .")
        if not words:
            continue
        if phrases and _is_generic(words) and _ends_open(phrases[-1][-1], words):
            phrases[-1].append(words)
        else:
            phrases.append([words])
    return [", ".join(pieces) for pieces in phrases]


def _is_generic(words: str) -> bool:
    """Whether words name only a kind of unit and open no list of their own; «Trạm Y tế» is a name."""
    folded = fold(words)
    before = words[1:].split(" và ", maxsplit=1)[0]
    in_small = before == before.lower()
    return in_small and bool(_GENERIC.match(folded)) and not _DETERMINED.match(folded)


def _ends_open(last: str, words: str) -> bool:
    """Whether a piece ends in a kind of unit, so that the next kind belongs to it: «các bộ», «UBND các xã»."""
    folded = fold(last)
    if len(folded) > _LONGEST_NAME:
        return False
    if _OF_COMMUNES.fullmatch(folded):
        return bool(_COMMUNE.match(fold(words)))
    return bool(_GENERIC.match(folded) or _OPEN.search(folded))


def _of_one_kind(found: re.Match[str]) -> list[str]:
    """«Các Sở: Tài chính, Xây dựng» names «Sở Tài chính» and «Sở Xây dựng»."""
    kind = " ".join(re.sub(r"\b[Cc]ác\s+", "", found["kind"]).split())
    names = [name.strip(" .") for name in _outside_brackets(found["names"], ",") if name.strip(" .")]
    if names and " và " in names[-1] and len(names) > 1 and kind.lower() != "sở":
        names[-1:] = names[-1].split(" và ")
    kind = kind[:1].upper() + kind[1:] if found["many"] else kind
    known = re.compile(r"(so|ban|bo|phong|xa|phuong|ubnd|cong an|van phong|dac khu|cac|thanh tra)(?![a-z])")
    return [name if known.match(fold(name)) else f"{kind} {name}" for name in names]
