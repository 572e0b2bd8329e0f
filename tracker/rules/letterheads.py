"""Who writes a paper, as its head and foot say it (Nghị định 30/2020/NĐ-CP, Phụ lục I and III).

A people's committee decides together, so its papers are signed «TM.» (thay mặt); a department has one head, who
signs in his own name. Deputies sign «KT.», acting heads «Q.», others by order «TL.» or by written authority «TUQ.».
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COMMITTEES = frozenset({"province", "xa", "phuong", "dac_khu"})
"""Kinds of unit whose executive is a people's committee (Ủy ban nhân dân)."""

SIGNING_FORMS = {
    "tm": "Thay mặt tập thể (TM.)",
    "kt": "Cấp phó ký thay (KT.)",
    "q": "Quyền cấp trưởng (Q.)",
    "head": "Người đứng đầu ký",
    "deputy": "Cấp phó ký thay người đứng đầu (KT., không TM.)",
    "tl": "Thừa lệnh (TL.)",
    "tuq": "Thừa ủy quyền (TUQ.)",
}


@dataclass(frozen=True)
class Letterhead:
    """The issuer of a paper.

    `above` is the superior's line («UBND TỈNH THỬ») or empty; `lines` the issuer's own, in capitals; `full` and
    `short` are for prose («Ủy ban nhân dân xã An Bình», «UBND xã An Bình»); `mark` ends the symbol («BC-UBND»).
    """

    above: str
    lines: tuple[str, ...]
    full: str
    short: str
    mark: str
    place: str
    head: str
    committee: bool


def letterhead(name: str, kind: str, province: str = "", *, superior_line: bool = False) -> Letterhead:
    """The head of the papers of a unit of the given kind, in the province of the given name.

    Practice varies on a superior's line above a commune's committee: `superior_line` says whether there is one.
    A department always stands below its province's committee.
    """
    committee_above = f"UBND {_lower_first(province)}".upper() if province else ""
    if kind in COMMITTEES:
        place = _lower_first(name)
        return Letterhead(
            above=committee_above if superior_line and kind != "province" else "",
            lines=("ỦY BAN NHÂN DÂN", place.upper()),
            full=f"Ủy ban nhân dân {place}",
            short=f"UBND {place}",
            mark="UBND",
            place=_place(name),
            head="CHỦ TỊCH",
            committee=True,
        )
    return Letterhead(
        above=committee_above,
        lines=(name.upper(),),
        full=name,
        short=name,
        mark=abbreviation(name),
        place=_place(province or name),
        head=_head_of(name),
        committee=False,
    )


def assigner(province: str) -> str:
    """Who assigns in a province of this name: «UBND thành phố» in a city, «UBND tỉnh» elsewhere."""
    return "UBND thành phố" if province.startswith("Thành phố") else "UBND tỉnh"


def signature(head: Letterhead, form: str) -> tuple[str, ...]:
    """The lines above the signer's name, in capitals; an unknown form signs as the head does."""
    deputy = (f"KT. {head.head}", f"PHÓ {head.head}")
    forms = {
        "tm": (head.head,),
        "kt": deputy,
        "q": (f"Q. {head.head}",),
        "head": (head.head,),
        "deputy": deputy,
        "tl": (f"TL. {head.head}", "CHÁNH VĂN PHÒNG"),
        "tuq": (f"TUQ. {head.head}", "CHÁNH VĂN PHÒNG"),
    }
    lines = forms.get(form, (head.head,))
    together = head.committee and form in ("tm", "kt", "q")
    return ("TM. ỦY BAN NHÂN DÂN", *lines) if together else lines


def abbreviation(name: str) -> str:
    """The mark of an office in a symbol: «Sở Khoa học và Công nghệ» is SKHCN; the place's name is left out."""
    own = re.split(r"\s(?:tỉnh|thành phố|xã|phường)\s", f"{name} ")[0]
    words = [word for word in own.split() if word.lower() != "và"]
    return "".join(word if word.isupper() else word[0].upper() for word in words)


def _head_of(name: str) -> str:
    if name.startswith("Văn phòng"):
        return "CHÁNH VĂN PHÒNG"
    return "GIÁM ĐỐC" if name.startswith(("Sở", "Trung tâm")) else "THỦ TRƯỞNG ĐƠN VỊ"


def _place(name: str) -> str:
    """The place of date and place: «Xã An Bình» is An Bình, «Phường 1» stays whole."""
    bare = re.sub(r"^(?:Xã|Phường|Đặc khu|Tỉnh|Thành phố)\s+", "", name)
    return name if bare[:1].isdigit() or bare == "Hồ Chí Minh" else bare


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
