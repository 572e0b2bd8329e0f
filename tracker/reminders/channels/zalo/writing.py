"""From notices to a template and its values, with what is true at the moment of sending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.reminders.channels.zalo.templates import NOTHING, fitted, shown, templates
from tracker.reminders.messages import Item
from tracker.rules.notices import Hearer, Step
from tracker.rules.reminding import TAKEN_AWAY

_ELSEWHERE = "Xem trên hệ thống"
_STANDING = {
    Step.ASSIGNED: "mới giao",
    Step.UNRECEIVED: "chưa tiếp nhận",
    Step.DELEGATED: "được phân công",
    Step.EXTENSION_REFUSED: "chưa được gia hạn",
    Step.AMENDED: "được điều chỉnh",
    Step.RESUMED: "được tiếp tục thực hiện",
}


@dataclass(frozen=True)
class Writer:
    """Writes messages with the templates that have an id, within the limits that Zalo gave for them.

    `ids` by kind; `limits` by id, then parameter. Without `names_tasks` only numbers go out.
    """

    ids: Mapping[str, str]
    names_tasks: bool
    limits: Mapping[str, Mapping[str, int]]

    def write(self, name: str, items: Sequence[Item], now: datetime) -> Written:
        """The message of these notices to a person of this name."""
        kind = self._chosen(items)
        values = _VALUES[kind](name, items, now)
        if not self.names_tasks:
            values["ten_nhiem_vu"] = _ELSEWHERE
        template, template_id = templates()[kind], self.ids.get(kind, "")
        return Written(kind, template_id, fitted(template, values, self.limits.get(template_id, {})))

    def _chosen(self, items: Sequence[Item]) -> str:
        """Which template says it best among those that have an id; the digest says everything, in numbers."""
        kind = _kind(items)
        return kind if self.ids.get(kind) and (self.names_tasks or kind == "digest") else "digest"


@dataclass(frozen=True)
class Written:
    """A template with its values: all of a message but its addressee. No id: there is no template for it."""

    kind: str
    template_id: str
    values: Mapping[str, str]

    @property
    def subject(self) -> str:
        """Its first line, as the outbox shows it."""
        return self.text.partition("\n")[0]

    @property
    def text(self) -> str:
        """All of it, as its reader sees it."""
        return shown(templates()[self.kind], self.values)


def _kind(items: Sequence[Item]) -> str:
    if len(items) > 1:
        to_direct = all(item.group == "overdue" and item.hearer is not Hearer.OFFICER for item in items)
        return "escalation" if to_direct else "digest"
    step = items[0].step
    if step in TAKEN_AWAY:
        return "digest"  # every other template asks for a result
    if step is Step.RETURNED:
        return "returned"
    if step is Step.EXTENSION_GRANTED:
        return "extended"
    return "overdue" if items[0].group == "overdue" else "reminder"


def _about(item: Item) -> dict[str, str]:
    """What every message about one task says of it."""
    facts = item.facts
    return {
        "ten_nhiem_vu": facts.content,
        "ma_nhiem_vu": f"NV{facts.id}",
        "ten_xa": item.place,
        "nguoi_theo_doi": facts.monitor_name or facts.assigner_name,
        "duong_dan": f"assignments/{facts.id}",
    }


def _reminder(name: str, items: Sequence[Item], now: datetime) -> dict[str, str]:
    item = items[0]
    return {
        **_about(item),
        "trang_thai_han": _STANDING.get(item.step) or _days_words(item.days_left or 0),
        "ten_can_bo": name,
        "co_quan_giao": item.facts.assigner_name,
        "so_van_ban": item.facts.doc_symbol,
        "han_nop": _day(item.end, "Không có hạn"),
    }


def _overdue(name: str, items: Sequence[Item], now: datetime) -> dict[str, str]:
    item = items[0]
    updated_at = item.facts.updated_at
    return {
        **_about(item),
        "so_ngay": str(-(item.days_left or 0)),
        "ten_can_bo": name,
        "han_nop": _day(item.end),
        "cap_nhat_cuoi": _moment(updated_at) if updated_at else "Chưa cập nhật",
    }


def _escalation(name: str, items: Sequence[Item], now: datetime) -> dict[str, str]:
    longest = _most_pressing(items)
    return {
        "ten_xa": _place(items),
        "so_nhiem_vu": str(len(items)),
        "ten_lanh_dao": name,
        "thoi_diem": _moment(now),
        "ten_nhiem_vu": longest.facts.content,
        "so_ngay": str(-(longest.days_left or 0)),
        "so_chua_phan_cong": str(sum(not item.facts.officer_name for item in items)),
        "duong_dan": "notifications",
    }


def _returned(name: str, items: Sequence[Item], now: datetime) -> dict[str, str]:
    item = items[0]
    in_term = item.end is not None and (item.days_left or 0) >= 0
    return {
        **_about(item),
        "ten_can_bo": name,
        "don_vi_theo_doi": item.facts.assigner_name,
        "noi_dung_bo_sung": item.detail,
        "han_nop_lai": _day(item.end) if in_term else "Sớm nhất có thể",
    }


def _extended(name: str, items: Sequence[Item], now: datetime) -> dict[str, str]:
    item = items[0]
    return {
        **_about(item),
        "ten_can_bo": name,
        "han_cu": _day(item.facts.original_due),
        "han_moi": _day(item.new_due or item.end),
    }


def _digest(name: str, items: Sequence[Item], now: datetime) -> dict[str, str]:
    counts = Counter(item.group for item in items)
    return {
        "ngay": _day(now.date()),
        "ten_can_bo": name,
        "ten_xa": items[0].place if len({item.facts.unit_name for item in items}) == 1 else _place(items),
        "gio": f"{now:%H:%M}",
        "qua_han": str(counts["overdue"]),
        "den_han_hom_nay": str(counts["today"]),
        "sap_den_han": str(counts["soon"]),
        "moi_giao": str(counts["new"]),
        "tra_loi": str(counts["answered"] + counts["taken"]),
        "ten_nhiem_vu": _most_pressing(items).facts.content,
        "duong_dan": "notifications",
    }


_VALUES: dict[str, Callable[[str, Sequence[Item], datetime], dict[str, str]]] = {
    "reminder": _reminder,
    "overdue": _overdue,
    "escalation": _escalation,
    "returned": _returned,
    "extended": _extended,
    "digest": _digest,
}


def _most_pressing(items: Sequence[Item]) -> Item:
    return min(items, key=lambda item: (item.days_left if item.days_left is not None else 9999, item.facts.id))


def _place(items: Collection[Item]) -> str:
    """The unit's name, or how many units there are."""
    units = {item.facts.unit_name for item in items}
    return units.pop() if len(units) == 1 else f"{len(units)} đơn vị"


def _days_words(left: int) -> str:
    """«Nhiệm vụ còn 3 ngày đến hạn»."""
    return f"còn {left} ngày đến hạn" if left > 0 else "đến hạn hôm nay"


def _day(day: date | None, none: str = NOTHING) -> str:
    return f"{day:%d/%m/%Y}" if day else none


def _moment(at: datetime) -> str:
    """As Zalo wants moments to be written."""
    return f"{at:%H:%M %d/%m/%Y}"
