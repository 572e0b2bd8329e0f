"""Wordings that name no date: work that never ends, that waits for an event, or a cell that holds no deadline."""

from __future__ import annotations

import re

_ONGOING = re.compile(
    r"thuong xuyen|lien tuc|theo tien do|theo lo trinh|dung tien do|bao dam tien do|dam bao tien do|xuyen suot|lau dai"
    r"|trong suot|tro di|quanh nam|24 ?/ ?24|(?<![\d/])24 ?/ ?7(?![\d/])|(?:truc|hoat dong|lien tuc) 24|khong ngung|duy tri"
    r"|(?:cac|nhung) nam (?:tiep theo|sau|ke tiep)|va (?:cac )?nam tiep theo|tung giai doan|qua trinh (?:trien khai|thuc hien)"
    r"|trong qua trinh|song song|tx\b"
)
_ONGOING_DOUBTFUL = re.compile(
    r"^(?:thuc hien |trien khai )?(?:theo|dung|bao dam)(?: dung)?(?: thoi (?:gian|han))?(?: theo)? (?:quy dinh|ke hoach|lich)"
    r"|^dinh ky$|^theo (?:ke hoach|phan cong|chuong trinh)"
)
EVENT = re.compile(
    r"\bky hop|\bphien hop|\bcuoc hop|\bhoi nghi|\bdai hoi|\bsau khi|\btruoc khi|\bkhi (?:co|duoc|hoan|ket|nao|phat|can|trung"
    r"|bo|tinh|chinh|cap|luat|nghi|xay|xuat|cac|du|nhan|don|ubnd|hdnd|trien|to|du an|den)"
    r"|\bden khi|\btheo (?:yeu cau|chi dao|huong dan|thong bao|de nghi|trieu tap|van ban|cong van|ke hoach (?:cua|so)|"
    r"tinh hinh|thuc te|lenh|dieu hanh|tien do (?:cua )?(?:bo|trung uong|tinh|chinh phu))"
    r"|\bco yeu cau|\byeu cau cua|\bdot xuat|\btuy (?:theo|thuoc|vao|tinh|thoi|dieu)|\bphu thuoc|\bcho (?:y kien|huong dan|van ban|den khi|chi dao|trung uong)"
    r"|\bphat sinh|\bcan cu (?:huong dan|tinh hinh|van ban|ke hoach)|\bngay khi|\bbau cu|\bkhai giang|\bnam hoc moi"
    r"|\btet\b|\bmua (?:mua|lu|bao|kho)|\bsau (?:hoi|dai|ky|phien|le|dot|sap|ngay bau|ngay khai)|\bdip\b(?! ?\d)"
    r"|\bdau nam hoc|\bhoc ky\b"
)
_NOTHING = re.compile(
    r"(?:[\W_0]*|x|n/?a|null|none|khong|khong co|chua co|chua ro|chua (?:xac dinh|quy dinh|co thoi han|an dinh).*"
    r"|khong (?:xac dinh|quy dinh|thoi han|co thoi han|ghi|an dinh|yeu cau|neu).*|khong thoi han|trong|de trong)"
)
STATUS = re.compile(
    r"^\W*(?:da |dang |chua |hoan thanh\W*$|qua han|tre han|xong\W*$|huy\b|tam dung|tam hoan|khong phat sinh|dat\W*$|nhu tren"
    r"|trong han|con han|cham tien do|vuot|du kien\W*$|ok\W*$)|\bda (?:hoan thanh|ban hanh|thuc hien|trinh|gui|xong|trien khai)"
)
_PERIOD_OF_FIGURES = re.compile(
    r"\btinh (?:den|tu|toi)\b(?! khi)(?! (?:ngay )?(?:ky|ban hanh|nhan))|\bso lieu (?:tinh |chot |lay )?(?:tu|den|trong ky|cua ky)"
    r"|\bky (?:bao cao|so lieu)\b ?[:(]? ?(?:tu|tinh|la|tháng)|\bluy ke|\bchot so lieu|\bthoi diem (?:chot|bao cao|lay so)"
)
_DEPENDS = re.compile(r"\b(?:tuy (?:theo|thuoc|vao|tinh|thoi|dieu)|phu thuoc)")
_AT_ONCE = re.compile(r"\bngay(?: lap tuc)?$|\bkhan truong|\bcang som cang|\bsom nhat|\bhoa toc|\bthoi gian toi\b")


def is_nothing(text: str) -> bool:
    """Whether the cell is empty, a dash, «chưa xác định»."""
    return _NOTHING.fullmatch(text) is not None


def is_status(text: str) -> bool:
    """Whether it tells how the work stands instead of when it is due."""
    return STATUS.search(text) is not None


def speaks_of_figures(text: str) -> bool:
    """Whether its dates bound the figures of a report, not the work."""
    return _PERIOD_OF_FIGURES.search(text) is not None


def is_ongoing(text: str) -> bool:
    """Whether the work has no end."""
    return _ONGOING.search(text) is not None


def seems_ongoing(text: str) -> bool:
    """Whether it points to rules or plans kept elsewhere."""
    return _ONGOING_DOUBTFUL.search(text) is not None


def event_at(text: str, *, cited: bool = False) -> int | None:
    """Where the words that wait for an event begin; «theo Công văn số …» only cites a paper."""
    found = EVENT.search(text)
    if found is None or cited and found[0].startswith("theo "):
        return None
    return found.start()


def depends(text: str) -> bool:
    """Whether the date itself is left open: «tuỳ thời điểm Luật sửa đổi»."""
    return _DEPENDS.search(text) is not None


def is_at_once(text: str) -> bool:
    """Whether it asks for haste without a day."""
    return _AT_ONCE.search(text) is not None
