"""Whether the parts that are listed must make up their total, or at least may not surpass it.

Parts are *all* of a total when the wording says so: on time and late, done and not done, fully and partly online,
or a last part «… khác». They are *apart* when nothing can be counted in two of them: men and women, sources of money.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.rules.arithmetic.listings import JUST_RESOLVED, Listing
from tracker.rules.arithmetic.numbers import Reading, same_unit

_ON_TIME = re.compile(r"(?:đúng|trước|sớm|trong)\s+(?:và\s+(?:đúng|trước)\s+)?hạn|sớm hạn")
_LATE = re.compile(r"(?:quá|trễ|chậm|muộn)\s+hạn|chậm, quá hạn|trễ|chậm")
_OPEN = re.compile(r"\b(?:chưa|đang|tồn)\b|\bcòn (?:lại|trong hạn)\b")
_LEFT = re.compile(r"\b(?:chưa|còn lại)\b|\bcòn\s*$")
_FINISHED = re.compile(r"\b(?:hoàn thành|giải quyết|xử lý|thực hiện|trả kết quả|trả lời)\b")
_RESOLVED_TOTAL = re.compile(r"(?:giải quyết|xử lý|hoàn thành|trả kết quả|đã trả)")
_UNDONE = re.compile(r"\b(?:chưa|đang|còn lại)\b")
_CAME_OVER = re.compile(r"kỳ trước|chuyển sang|tồn")
_CAME_NEW = re.compile(r"trong kỳ|mới|phát sinh")
_ONLINE = re.compile(r"trực tuyến|dvctt")
_MORE = re.compile(r"\.\.\.|…|v\.v|chủ yếu|như:|điển hình|một số|\bcác\b")

# Kinds of which nothing is counted twice; a label belongs to the first of its row that it names.
_KINDS_APART = {
    "state": (
        "hủy|rút|tạm dừng",
        "(?:đang|chưa).*(?:quá|trong) hạn|quá hạn.*chưa",
        "đang",
        r"chưa|\bcòn\b",
        _FINISHED.pattern,
    ),
    "channel": ("bưu chính|bcci", "trực tuyến|toàn trình", "trực tiếp|bản giấy"),
    "petition": ("khiếu nại", "tố cáo", "kiến nghị|phản ánh", "tranh chấp", "đề nghị"),
    "degree": ("thạc sĩ|tiến sĩ|sau đại học|trên đại học", "đại học", "cao đẳng", "trung cấp", "sơ cấp", "chưa qua"),
    "money": (
        "trung ương|nstw",
        r"\btỉnh|thành phố",
        "huyện",
        r"\bxã(?! hội)",
        "xã hội hóa|đóng góp|huy động|doanh nghiệp",
    ),
    "cattle": (r"\btrâu", r"\bbò\b", r"\b(?:lợn|heo)\b", r"\bdê\b", r"\bngựa\b"),
    "poultry": (r"\bgà\b", r"\bvịt\b", r"\b(?:ngan|ngỗng)\b"),
    "votes": ("không (?:tán thành|đồng ý)", "không (?:biểu quyết|có ý kiến)|ý kiến khác", "tán thành|đồng ý"),
    "sex": (r"\bnam\b", r"\bnữ\b"),
    "papers": ("nghị quyết", "quyết định", "chỉ thị", "kế hoạch", "công văn", "thông báo", "báo cáo", "tờ trình"),
}
_APART = {name: tuple(re.compile(member) for member in members) for name, members in _KINDS_APART.items()}
_ALL_OF_IT = {"sex": {0, 1}, "channel": {1, 2}, "votes": {0, 1, 2}}
"""Kinds of which these members together are the whole."""


def _kinds(labels: list[str]) -> tuple[str, set[int]]:
    """The kind whose members the labels name, each another, and which; ("", empty) when there is none."""
    for name, members in _APART.items():
        named = [next((n for n, one in enumerate(members) if one.search(label)), -1) for label in labels]
        if -1 not in named and len(set(named)) == len(named):
            return name, set(named)
    return "", set()


def kind_apart(listing: Listing) -> str:
    """The kind of which each part counts another member, so that they may not surpass the total, or an empty text."""
    kind, _ = _kinds([part.label for part in listing.parts])
    if kind == "money" and not re.match(r"(?:tỷ|tỉ|triệu|nghìn|ngàn)?\s?đồng|tỷ|tỉ|triệu", listing.total.unit):
        return ""
    one_unit = all(same_unit(listing.total, part.number) for part in listing.parts)
    return kind if one_unit or kind in {"papers", "petition", "cattle", "poultry"} else ""


def tell_states(listing: Listing) -> bool:
    """Whether every part says how its work stands, so that none may be more than the total."""
    states = (_ON_TIME, _LATE, _OPEN, _FINISHED)
    return all(any(state.search(part.label) for state in states) for part in listing.parts)


def are_everything(listing: Listing) -> bool:
    """Whether the wording says that the parts are the whole."""
    labels = [part.label for part in listing.parts]
    if not all(same_unit(listing.total, part.number) for part in listing.parts):
        return False
    if _fully_and_partly(listing, labels):
        return True
    if _by_time(listing, labels):
        return True
    if not listing.one_sentence:
        return False
    if _by_arrival(labels):
        return True
    kind, members = _kinds(labels)
    whole = kind in _ALL_OF_IT and _ALL_OF_IT[kind] <= members and not _MORE.search(listing.tail)
    return listing.is_named and (whole or _by_state(listing, labels) or _ends_in_other(listing) or _made_of(listing))


def _fully_and_partly(listing: Listing, labels: list[str]) -> bool:
    """Online services are fully or partly online; all procedures are so or on paper."""
    kinds = ("toàn trình", "một phần", "trực tiếp", "còn lại", "thông tin")
    found = [next((kind for kind in kinds if kind in label), "") for label in labels]
    online = bool(_ONLINE.search(listing.label)) or "trực tiếp" in found
    return online and all(found) and {"toàn trình", "một phần"} <= set(found)


def _by_arrival(labels: list[str]) -> bool:
    """What came over from the last period and what came in this one."""
    over = [bool(_CAME_OVER.search(label)) for label in labels]
    came = [bool(_CAME_NEW.search(label)) for label in labels]
    each = all(first != second for first, second in zip(over, came, strict=True))
    return each and any(over) and any(came)


def of_tasks(reading: Reading, listing: Listing) -> Listing | None:
    """The official sentence on tasks: done, open in term, and overdue, where zero is said in words."""
    if not listing.total.unit.startswith("nhiệm vụ") or JUST_RESOLVED.search(listing.label):
        return None  # what is done has no undone parts
    done = [part for part in listing.parts if _FINISHED.search(part.label) and not _UNDONE.search(part.label)]
    undone = [part for part in listing.parts if _UNDONE.search(part.label)]
    details = [part for part in done[1:] if _side(part.label)]
    after = reading.plain[listing.end : listing.end + 150]
    no_overdue = "không có nhiệm vụ quá hạn" in after
    overdue = no_overdue or any(_LATE.search(part.label) for part in undone)
    all_told = len(done) - len(details) == 1 and len(done) + len(undone) == len(listing.parts)
    if not (undone and overdue and all_told):
        return None
    return replace(listing, parts=tuple(part for part in listing.parts if part not in details))


def in_time_alone(listing: Listing) -> Listing:
    """«giải quyết 118: đúng hạn 115, quá hạn 3; đang giải quyết 20»: the last is no part of the resolved."""
    sides = [bool(_side(part.label)) for part in listing.parts]
    run = sides.index(False) if False in sides else len(sides)
    kept = listing.parts[:run]
    if {"late", "in time"} <= {_side(part.label) for part in kept}:
        return replace(listing, parts=kept, tail="")
    return listing


def _side(label: str) -> str:
    if _OPEN.search(label):
        return ""
    return "late" if _LATE.search(label) else "in time" if _ON_TIME.search(label) else ""


def _by_time(listing: Listing, labels: list[str]) -> bool:
    """Early, on time and late are all that is resolved; of what is still open they are not."""
    if not _RESOLVED_TOTAL.search(listing.label) or _OPEN.search(listing.label) or _side(listing.label):
        return False
    sides = [_side(label) for label in labels]
    return all(sides) and {"late", "in time"} <= set(sides)


def _by_state(listing: Listing, labels: list[str]) -> bool:
    """Done and «chưa …» or «còn lại» are all there is, unless the sentence goes on counting."""
    if re.search(r"\d", listing.tail):
        return False
    left = [label for label in labels if _LEFT.search(label) or re.match(r"còn\b", label)]
    done = [label for label in labels if _FINISHED.search(label) and not _OPEN.search(label)]
    rest = [label for label in labels if label not in left and label not in done]
    return bool(left and done) and all(_OPEN.search(label) or _LATE.search(label) for label in rest)


def _ends_in_other(listing: Listing) -> bool:
    """«đất đai 30, môi trường 05, lĩnh vực khác 15»: the last item gathers the rest."""
    last = listing.parts[-1].label.removeprefix("và ")
    closed = re.search(r"\bkhác\b", last) and not _MORE.search(" ".join(p.label for p in listing.parts))
    return bool(closed) and " và " not in last and ":" in listing.sign and not re.search(r"\d", listing.tail)


def _made_of(listing: Listing) -> bool:
    """«30 hồ sơ, gồm: 12 hồ sơ …, 17 hồ sơ …»: one unit throughout, nothing left open."""
    unit = listing.total.unit
    said = " ".join(part.label for part in listing.parts) + listing.tail
    flat = bool(unit) and all(part.number.unit == unit for part in listing.parts)
    return flat and "gồm" in listing.sign and not _MORE.search(said) and not re.search(r"[\w]", listing.tail)
