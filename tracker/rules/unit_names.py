"""From the name of a unit in a paper to the units it means: abbreviations, old names, «UBND các xã, phường».

A name means one unit, a group of them, or none; what had to be guessed is unsure and says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tracker.rules.texts import fold

How = Literal["name", "abbreviation", "succession", "group", "several", "unknown", "ambiguous"]
COMMUNE_KINDS = ("xa", "phuong", "dac_khu")
_DEPARTMENT = ("department",)


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit as matching needs it; `kind` is that of the catalogue."""

    id: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class OldName:
    """A name that lives on in another unit."""

    name: str
    successor_id: int


@dataclass(frozen=True, slots=True)
class Match:
    """The units that a name means, in the order of the catalogue. Unsure when a person must look; `why` says it."""

    units: tuple[int, ...]
    how: How
    sure: bool = True
    why: str = ""


MERGED_IN_2025 = {
    "Sở Kế hoạch và Đầu tư": "Sở Tài chính",
    "Sở Giao thông vận tải": "Sở Xây dựng",
    "Sở Tài nguyên và Môi trường": "Sở Nông nghiệp và Môi trường",
    "Sở Nông nghiệp và Phát triển nông thôn": "Sở Nông nghiệp và Môi trường",
    "Sở Thông tin và Truyền thông": "Sở Khoa học và Công nghệ",
    "Sở Lao động - Thương binh và Xã hội": "Sở Nội vụ",
    "Ban Dân tộc": "Sở Dân tộc và Tôn giáo",
}
"""Departments of provinces merged from 1 March 2025 (NĐ 45/2025/NĐ-CP); most of the work went to the one named."""

_WORD = re.compile(r"[^\W_]+")
_COMMITTEE = r"(?:(?:dang uy|hdnd|hoi dong nhan dan)(?: va)? )*(?:chu tich )?(?:uy ban nhan dan|ubnd)"
"""The party committee is an office of its own; beside the people's committee it is no other unit."""
_OFFICE = re.compile(rf"^(?:(?:lanh dao|dai dien|thu truong|giam doc) )?(?:{_COMMITTEE} (?=\S))?")
_ROLE = re.compile(r"co quan|don vi|chu tri|thuong truc|tham muu|dau moi|phoi hop|tong hop")
_REMARK = re.compile(
    r"\s*[(\[][^()\[\]]*[)\]]\s*$|\s+[-–]\s+(?:cơ quan|đơn vị) .*$"
    r"|\s+(?:chủ trì|tham mưu|làm đầu mối|thường trực)\s*$",
    re.IGNORECASE,
)
_SHORT_KINDS = (("p ", "phuong "), ("x ", "xa "), ("tt ", "thi tran "), ("dk ", "dac khu "), ("tp ", "thanh pho "))
_KIND = re.compile(r"^(xa|phuong|dac khu|thi tran|tinh|thanh pho) (?=\S)")
_KINDS_LISTED = re.compile(r"^(?:xa|phuong|dac khu)(?: (?:xa|phuong|dac khu))+ (?=\S)")
"""«các xã, phường: A, B» says of A only that it is one of them."""
_ALL = r"(?:cac|toan bo|tat ca(?: cac)?|moi|toan the|nhung)"
_COMMUNES = re.compile(
    rf"(?:{_COMMITTEE} )?(?:{_ALL} )?(?:(?P<count>\d+)(?: \d+)? )?"
    r"(?P<kinds>(?:cap xa|xa|phuong|dac khu|thi tran)(?:(?: va)? (?:cac )?(?:xa|phuong|dac khu|thi tran))*)"
    r"(?: (?:tren dia ban|thuoc|trong|toan)(?: .*)?)?"
)
_DEPARTMENTS = re.compile(
    r"(?:cac )?so(?: (?:ban|nganh|co quan|don vi|doan the|dia phuong))*(?: (?:cap )?tinh| (?:thuoc|truc thuoc) .*)?"
)
_LOCALITIES = re.compile(
    r"(?:cac|nhung)(?: (?:co quan|don vi|dia phuong|so|ban|nganh|doan the))+"
    r"(?: (?:tinh|(?:cap tinh|tren dia ban|thuoc|truc thuoc|trong|cua|o) ?.*))?"
)
_CONCERNED = re.compile(r"\b(co )?(lien quan|duoc giao|chuc nang)\b")
_DISTRICT = re.compile(r"^(?:(?:uy ban nhan dan|ubnd) )?(?:cac )?(huyen|quan|thi xa|cap huyen)\b")
_CENTRAL = re.compile(r"^(?:cac )?(bo|nganh)(?! chi huy)\b")


class Directory:
    """The units of a province by all the ways in which papers write them."""

    def __init__(self, units: Sequence[KnownUnit], old_names: Iterable[OldName] = ()) -> None:
        self._units = {unit.id: unit for unit in units}
        self._order = {unit.id: place for place, unit in enumerate(units)}
        self._provinces = [plain_name(unit.name) for unit in units if unit.kind == "province"]
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._short: dict[str, set[int]] = defaultdict(set)
        self._old: dict[str, set[int]] = defaultdict(set)
        self._found: dict[str, Match] = {}
        for unit in units:
            self._exact[self._bare(unit.name)].add(unit.id)
            self._short[_KIND.sub("", plain_name(unit.name))].add(unit.id)
        self._remember_old(old_names)

    def _remember_old(self, old_names: Iterable[OldName]) -> None:
        for old in old_names:
            for form in {self._bare(old.name), _KIND.sub("", plain_name(old.name))}:
                self._old[form].add(old.successor_id)
        for name, successor in MERGED_IN_2025.items():
            if self._bare(name) not in self._exact:
                self._old[self._bare(name)] |= self._exact.get(self._bare(successor), set())

    def find(self, written: str) -> Match:
        """What a name in a paper means here."""
        if written not in self._found:
            self._found[written] = self._find(written)
        return self._found[written]

    def _find(self, written: str) -> Match:
        written = unicodedata.normalize("NFC", written)
        name = plain_name(written)
        if not name:
            return Match((), "unknown", False, "Chưa ghi đơn vị.")
        return (
            self._by_name(name)
            or self._by_group(name)
            or self._by_letters(written)
            or self._by_old_name(name)
            or self._by_parts(written)
            or self._without_remark(written)
            or self._by_solid_name(name)
            or self._unknown(name)
        )

    def _bare(self, name: str) -> str:
        """A plain name without the office in front and the province behind."""
        words = _written_out(_OFFICE.sub("", plain_name(name), count=1))
        for province in self._provinces:
            for tail in (f" {province}", f" {_KIND.sub('', province)}"):
                if words.endswith(tail) and words != province and not _KIND.fullmatch(words[: -len(tail)] + " x"):
                    words = words.removesuffix(tail)
        return re.sub(r"(?<=\w) (cua )?(tinh|thanh pho)$", "", words).replace(" va ", " ")

    def _by_name(self, name: str) -> Match | None:
        bare = self._bare(name)
        if bare in ("tinh", "thanh pho") or name in ("ubnd tinh", "uy ban nhan dan tinh"):
            provinces = [unit.id for unit in self._units.values() if unit.kind == "province"]
            return self._one(provinces, "name") if provinces else None
        if bare in self._exact:
            return self._one(self._exact[bare], "name")
        short = self._short.get(_KINDS_LISTED.sub("", bare), set())
        return self._one(short, "name") if short else None

    def _by_group(self, name: str) -> Match | None:
        """«UBND các xã, phường», «các sở, ban, ngành»; of «liên quan» nobody can say which they are."""
        plain = _CONCERNED.sub("", name).strip()
        is_part = plain != name
        if found := _COMMUNES.fullmatch(plain):
            return self._some() if is_part else self._communes(found["kinds"], found["count"])
        if not (_DEPARTMENTS.fullmatch(plain) or _LOCALITIES.fullmatch(plain)):
            return None
        if is_part:
            return self._some()
        if "dia phuong" in name:
            kinds = COMMUNE_KINDS if name.startswith("cac dia phuong") else (*_DEPARTMENT, *COMMUNE_KINDS)
            return self._group(kinds, "«địa phương» hiểu là tất cả xã, phường, đặc khu.", sure=False)
        only = "so " if name in ("so", "cac so") else ""
        is_all = bool(_DEPARTMENTS.fullmatch(plain))
        return self._group(_DEPARTMENT, "Tất cả sở, ban, ngành.", only=only, sure=is_all)

    @staticmethod
    def _some() -> Match:
        return Match((), "group", False, "«liên quan» không nói rõ đơn vị nào; hãy chọn từng đơn vị.")

    def _communes(self, kinds: str, count: str | None) -> Match:
        every = sum(unit.kind in COMMUNE_KINDS for unit in self._units.values())
        if count and int(count) not in (every, 100):  # «92/92 xã», «100% xã, phường»
            return Match(
                (), "group", False, f"Ghi {count} đơn vị cấp xã, không nói rõ đơn vị nào; hãy chọn từng đơn vị."
            )
        named = {"xa": "xa", "phuong": "phuong", "dac khu": "dac_khu"}
        wanted = tuple(kind for word, kind in named.items() if re.search(rf"\b{word}\b", kinds))
        if "cap xa" in kinds or len(wanted) > 1:
            return self._group(COMMUNE_KINDS, "Tất cả xã, phường, đặc khu của tỉnh.")
        why = "Chỉ ghi một loại đơn vị cấp xã; hãy xem có gồm cả xã, phường, đặc khu."
        return self._group(wanted, why, sure=False)

    def _group(self, kinds: Sequence[str], why: str, *, only: str = "", sure: bool = True) -> Match:
        units = tuple(
            unit.id for unit in self._units.values() if unit.kind in kinds and plain_name(unit.name).startswith(only)
        )
        return Match(units, "group", sure and bool(units), why)

    def _by_letters(self, written: str) -> Match | None:
        """«Sở KH&CN», «VP UBND tỉnh»: capitals that spell the first letters of a name."""
        tokens = _WORD.findall(re.sub(r"(?<=[A-ZĐ])\s*[&+-]\s*(?=[A-ZĐ])", "", written))
        if not any(_is_letters(token) for token in tokens):
            return None
        found = {unit.id for unit in self._units.values() if spells(tokens, _words(unit.name))}
        found |= {unit.id for unit in self._units.values() if spells(tokens, _words(self._bare(unit.name)))}
        if found:
            return self._one(found, "abbreviation")
        for name, successor in MERGED_IN_2025.items():
            if spells(tokens, _words(name)) and self._exact.get(self._bare(successor)):
                return self._succeeded(self._exact[self._bare(successor)], name)
        return None

    def _by_old_name(self, name: str) -> Match | None:
        bare = self._bare(name)
        found = self._old.get(bare) or self._old.get(_KIND.sub("", bare))
        return self._succeeded(found, name) if found else None

    def _succeeded(self, units: Iterable[int], old: str) -> Match:
        ordered = self._ordered(units)
        heirs = ", ".join(self._units[unit].name for unit in ordered if unit in self._units)
        if len(ordered) > 1:
            return Match(ordered, "ambiguous", False, f"Đơn vị cũ nay thuộc nhiều đơn vị: {heirs}; hãy chọn.")
        return Match(ordered, "succession", False, f"Tên cũ, nay là {heirs}; hãy xác nhận.")

    def _by_parts(self, written: str) -> Match | None:
        """«UBND xã A và các sở»: several names in one, when each of them is known."""
        ways = (r"\s+(?:và|&)\s+", "[,;]", r"\s*[/+]\s*")
        return next((match for way in ways if (match := self._of_parts(re.split(way, written)))), None)

    def _of_parts(self, parts: Sequence[str]) -> Match | None:
        if len(parts) < 2 or not all(part.strip() for part in parts):
            return None
        matches = [self._find(part) for part in parts]
        if not all(match.units for match in matches):
            return None
        units = self._ordered({unit for match in matches for unit in match.units})
        why = " ".join(match.why for match in matches if match.why)
        return Match(units, "several", all(match.sure for match in matches), why)

    def _without_remark(self, written: str) -> Match | None:
        """«Sở A (chủ trì)», «Sở A - cơ quan thường trực»: the name without what is added to it."""
        remark = _REMARK.search(written)
        if not remark or not (match := self._find(written[: remark.start()])).units:
            return None
        harmless = bool(_ROLE.search(fold(remark[0])))
        why = f"Bỏ phần ghi thêm «{remark[0].strip()}». {match.why}".strip()
        return replace(match, sure=match.sure and harmless, why=why)

    def _by_solid_name(self, name: str) -> Match | None:
        """A name whose spaces a scanner or a typist put elsewhere: «Sở Nội v ụ»."""
        solid = self._bare(name).replace(" ", "")
        found = {unit for exact, units in self._exact.items() if exact.replace(" ", "") == solid for unit in units}
        if not found:
            return None
        return replace(
            self._one(found, "name"), sure=False, why="Khoảng trắng trong tên khác danh mục; hãy xác nhận."
        )

    def _unknown(self, name: str) -> Match:
        if _DISTRICT.match(name):
            return Match((), "unknown", False, "Cấp huyện không còn từ 01/7/2025; hãy chọn xã, phường.")
        if _CENTRAL.match(name):
            return Match((), "unknown", False, "Cơ quan ngoài tỉnh, không giao được ở đây.")
        return Match((), "unknown", False, "Không có trong danh mục đơn vị; hãy chọn đơn vị.")

    def _one(self, units: Iterable[int], how: How) -> Match:
        ordered = self._ordered(units)
        if len(ordered) == 1:
            return Match(ordered, how)
        names = ", ".join(self._units[unit].name for unit in ordered)
        return Match(ordered, "ambiguous", False, f"Có {len(ordered)} đơn vị cùng tên: {names}; hãy chọn.")

    def _ordered(self, units: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(units, key=lambda unit: self._order.get(unit, len(self._order))))


def plain_name(name: str) -> str:
    """A name in plain small letters, its words one space apart, short kinds («P.», «X.») written out."""
    return _written_out(" ".join(_WORD.findall(fold(name))))


def _written_out(words: str) -> str:
    return next((long + words.removeprefix(short) for short, long in _SHORT_KINDS if words.startswith(short)), words)


def _words(name: str) -> list[str]:
    return [word for word in _WORD.findall(fold(name)) if word != "va"]


def _is_letters(token: str) -> bool:
    """Whether a token is first letters and no word: «KHCN», «GDĐT», «VHTTDL»."""
    return len(token) > 1 and token.isalpha() and token.upper() == token


def spells(tokens: Sequence[str], words: Sequence[str]) -> bool:
    """Whether tokens spell a name: capitals stand for the first letters of as many words, other tokens for a word."""
    place = 0
    for token in tokens:
        plain = fold(token)
        if plain == "va":
            continue
        if place < len(words) and words[place] == plain:
            place += 1
        elif _is_letters(token) and [word[0] for word in words[place : place + len(plain)]] == list(plain):
            place += len(plain)
        else:
            return False
    return place == len(words)
