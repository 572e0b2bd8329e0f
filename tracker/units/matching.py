"""Finding the units that a paper names: by name, old name, short name or initials, and the collective phrases.

«UBND xã An Bình», «Sở KH&CN», a name before the mergers, «UBND các xã, phường». What could be two units is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tracker.rules.texts import fold

_COMMUNES = ("xa", "phuong", "dac_khu")
_NAME_OF_OFFICE = re.compile(r"\b(uy ban nhan dan|ubnd|uy ban|hdnd va)\b")
_EMPTY = {"va", "cac", "tinh", "cua", "thuoc"}
_KIND_OF_COMMUNE = re.compile(r"^(xa|phuong|thi tran|dac khu|tt|p|x) ")
_ALL_COMMUNES = re.compile(
    r"\b(cac|toan bo|tat ca) (cac )?(xa|phuong|dac khu)|\bcap xa\b|\bcac dia phuong\b|\bxa phuong dac khu\b"
)
_INITIALS_FROM = re.compile(r"^(so|ban|chi cuc|trung tam|van phong|vp) (.+)$")


class Named(Protocol):
    """The part of a unit that is matched."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Found:
    """What a list of names comes to: the ids of the units, all communes or not, and the names nobody bears."""

    units: tuple[int, ...] = ()
    all_communes: bool = False
    unknown: tuple[str, ...] = ()


@dataclass
class Catalogue:
    """The units of a province by everything that they are called; `former` pairs old names with ids."""

    units: Sequence[Named]
    former: Iterable[tuple[str, int]] = ()
    _by_name: dict[str, set[int]] = field(default_factory=dict)
    _known: dict[str, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit in self.units:
            for name in _names(unit):
                self._by_name.setdefault(name, set()).add(unit.id)
        for old, unit_id in self.former:
            for name in {_plain(old), _KIND_OF_COMMUNE.sub("", _plain(old))}:
                self._by_name.setdefault(name, {unit_id})

    def find(self, names: Iterable[str]) -> Found:
        """The units that these names mean, each once, in their order."""
        units: dict[int, None] = {}
        unknown, every = [], False
        for name in names:
            if means_all_communes(name):
                every = True
            elif (unit := self.one(name)) is not None:
                units[unit] = None
            elif name.strip():
                unknown.append(name.strip())
        return Found(tuple(units), every, tuple(unknown))

    def one(self, name: str) -> int | None:
        """The unit of this name; none when there is none or more than one."""
        if name not in self._known:
            plain = _plain(name)
            tries = (name.strip().lower(), plain, _KIND_OF_COMMUNE.sub("", plain), plain.replace(" ", ""))
            found = next((ids for each in tries if (ids := self._by_name.get(each))), set())
            self._known[name] = next(iter(found)) if len(found) == 1 else None
        return self._known[name]


def means_all_communes(name: str) -> bool:
    """Whether a phrase means every commune of the province: «UBND các xã, phường», «cấp xã»."""
    return bool(_ALL_COMMUNES.search(re.sub(r"[^a-z0-9]+", " ", fold(name)).strip()))


def _plain(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", fold(name)).strip()
    words = _NAME_OF_OFFICE.sub(" ", words)
    return " ".join(word for word in words.split() if word not in _EMPTY)


def _names(unit: Named) -> set[str]:
    """Every plain form in which a paper may write the unit."""
    plain = _plain(unit.name)
    names = {unit.code.lower(), plain}
    if unit.kind in _COMMUNES:
        names.add(_KIND_OF_COMMUNE.sub("", plain))
    elif parts := _INITIALS_FROM.match(plain):
        initials = "".join(word[0] for word in parts[2].split())
        names |= {f"{parts[1]} {initials}", f"{parts[1]}{initials}", initials}
        names.add(f"{parts[1]} {' '.join(initials)}")
    return {name for name in names if name}
