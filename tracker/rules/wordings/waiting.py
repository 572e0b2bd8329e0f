"""Wordings that name no date: work that never ends, that waits for an event, or a cell that holds no deadline."""

from __future__ import annotations

import re

from tracker.rules.wordings.normalise import Wording, any_of, word_set

_ONGOING = any_of(
    "thuong ?xuyen",
    "lien tuc",
    "(?:theo|dung|bao dam|dam bao) tien do",
    "theo (?:lo trinh|tung giai doan|thoi gian thuc te)",
    "xuyen suot",
    "lau dai",
    "trong suot",
    "tro di",
    "(?:quanh|suot) (?:ca )?nam(?! ?\\d)",
    "khong ngung",
    "duy tri",
    "song song",
    "tx(?![a-z])",
    "(?:trong )?(?:ca |suot )?qua trinh",
    "(?:cac|nhung|va) (?:cac )?(?:nam|thang|quy) (?:tiep theo|sau|ke tiep|con lai)",
    r"(?<![\d/])24 ?/ ?(?:24|7)(?![\d/])",
    "(?:truc|hoat dong|lien tuc) 24",
)
_ELSEWHERE = re.compile(
    r"^(?:thuc hien |trien khai |hoan thanh )?(?:theo|dung|bao dam|dam bao)(?: dung)?"
    r"(?: thoi (?:gian|han|diem))?(?: theo)?"
    r" (?:quy dinh|ke hoach|lich|phan cong|chuong trinh|thoi gian quy dinh)|^dinh ky$"
)
_EVENT = any_of(
    "ky hop",
    "phien hop",
    "cuoc hop",
    "hoi (?:nghi|thi)",
    "(?:ngay|le) hoi",
    "dai hoi",
    "bau cu",
    "khai giang",
    "(?:dau )?nam hoc moi",
    "(?:dau|cuoi|het|ket thuc) nam hoc",
    "hoc ky",
    "tet(?![a-z])",
    "mua (?:mua|lu|bao|kho)",
    "(?:sau|truoc|den|cho den|ngay|tu) khi(?! het)",
    "tu (?:ngay|khi) [a-z][a-z ]{0,60}co hieu luc",
    "khi (?:co|duoc|hoan|ket|nao|phat|can|trung|bo|tinh|chinh|cap|luat|nghi|xay|xuat|cac|du|nhan|don|ubnd|hdnd|trien"
    "|to|den|quoc|thu|ban|van)",
    "sau (?:hoi|dai|ky|phien|le|dot|sap|ngay bau|ngay khai)",
    "theo (?:yeu cau|chi dao|dieu hanh|huong dan|thong bao|de nghi|trieu tap|lenh|van ban|cong van)",
    "theo (?:tinh hinh|thuc te)",
    "theo (?:ke hoach|lich|chuong trinh) (?:cua|so|do|chung)",
    "theo tien do (?:cua|do)",
    "co yeu cau",
    "yeu cau cua",
    "dot xuat",
    "tuy (?:theo|thuoc|vao|tinh|thoi|dieu)",
    "phu thuoc",
    "cho (?:y kien|huong dan|van ban|den khi|chi dao|trung uong|quyet dinh|ket luan|phe duyet)",
    "phat sinh",
    "can cu (?:huong dan|tinh hinh|van ban|ke hoach)",
    r"dip (?!\d)",
)
_NOTHING = re.compile(
    r"[\W_0]*|x|n/?a|null|none|nan|trong|de trong|khong|khong co|khong thoi han|chua co|chua ro|chua|"
    r"chua (?:xac dinh|quy dinh|co thoi han|an dinh|co han).*|"
    r"khong (?:xac dinh|quy dinh|thoi han|co thoi han|ghi|an dinh|yeu cau|neu|co han).*"
)
_STATUS = re.compile(
    r"^\W*(?:(?:da|dang|chua) |(?:hoan thanh|xong|dat|du kien|ok)\W*$|qua han|tre han|huy\b|tam (?:dung|hoan)"
    r"|nhu tren"
    r"|khong phat sinh|trong han|con han|cham tien do|vuot)"
    r"|\bda (?:hoan thanh|ban hanh|thuc hien|trinh|gui|xong|trien khai|bao cao)"
)
_FIGURES = any_of(
    "tinh (?:den|tu|toi)(?! khi| nay)(?! (?:ngay )?(?:ky|ban hanh|nhan))",
    "so lieu (?:tinh |chot |lay )?(?:tu|den|trong ky|cua ky)",
    "ky (?:bao cao|so lieu) ?[:(]? ?(?:tu|tinh|la)(?![a-z])",
    "luy ke",
    "chot so lieu",
    "thoi diem (?:chot|bao cao|lay so)",
)
_FROM_ISSUE = re.compile(r"^(?:co hieu luc |ap dung |thuc hien )?(?:ke )?tu (?:ngay |khi )?(?:ky|ban hanh)\b")
_DEPENDS = any_of("tuy (?:theo|thuoc|vao|tinh|thoi|dieu)", "phu thuoc")
_AT_ONCE = any_of("ngay(?: lap tuc)?$", "khan truong", "cang som cang", "som nhat", "hoa toc", "thoi gian toi")

_FOR_ONGOING = word_set(
    "thuong thuongxuyen lien tien lo xuyen lau suot di quanh truc ngung duy tiep sau tung trinh song tx"
)
_FOR_EVENT = word_set("hop nghi hoi khi theo yeu dot tuy phu cho sinh cu bau giang hoc tet mua sau dip luc")
_FOR_STATUS = word_set("da dang chua hoan han xong huy tam phat dat tren cham vuot kien ok")
_FOR_FIGURES = word_set("tinh lieu ky luy chot diem")


def is_nothing(text: str) -> bool:
    """Whether the cell is empty, a dash, «chưa xác định»."""
    return _NOTHING.fullmatch(text) is not None


def is_status(wording: Wording) -> bool:
    """Whether it tells how the work stands instead of when it is due."""
    return not _FOR_STATUS.isdisjoint(wording.words) and _STATUS.search(wording.text) is not None


def speaks_of_figures(wording: Wording) -> bool:
    """Whether its dates bound the figures of a report, not the work."""
    return not _FOR_FIGURES.isdisjoint(wording.words) and _FIGURES.search(wording.text) is not None


def is_ongoing(wording: Wording) -> bool:
    """Whether the work has no end."""
    may_be = not _FOR_ONGOING.isdisjoint(wording.words) or "24" in wording.text
    return may_be and _ONGOING.search(wording.text) is not None


def is_elsewhere(wording: Wording) -> bool:
    """Whether it points to a rule or plan that holds the date."""
    return _ELSEWHERE.search(wording.text) is not None


def event_at(wording: Wording, *, cited: bool = False) -> int | None:
    """Where the words that wait for an event begin; «theo Công văn số …» only cites a paper."""
    found = None if _FOR_EVENT.isdisjoint(wording.words) else _EVENT.search(wording.text)
    if found is None or (cited and found[0].startswith("theo ")):
        return None
    return found.start()


def depends(wording: Wording) -> bool:
    """Whether the date itself is left open: «tuỳ thời điểm Luật sửa đổi»."""
    return _DEPENDS.search(wording.text) is not None


def begins_at_issue(wording: Wording) -> bool:
    """«Kể từ ngày ký», with no end."""
    return _FROM_ISSUE.search(wording.text) is not None


def is_at_once(wording: Wording) -> bool:
    """Whether it asks for haste without a day."""
    return _AT_ONCE.search(wording.text) is not None
