"""From notices to a template and its values, with what is true at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.reminders.channels.zalo.templates import NOTHING, fitted, shown, templates
from tracker.reminders.letters.groups import counted, most_pressing
from tracker.reminders.letters.items import Item
from tracker.reminders.letters.lists import list_for
from tracker.reminders.letters.messages import longest_days, to_direct
from tracker.reminders.letters.wholes import ALONE, Of, Whole
from tracker.rules.notices import URGINGS, Step
from tracker.rules.reaching import zalo_number
from tracker.rules.reminding import TAKEN_AWAY
from tracker.rules.zalo_templates import CALLED
from tracker.tasks.queries import SOON_VIEW_DAYS, Load

_ELSEWHERE = "Xem trên hệ thống"
_STANDING = {
    Step.ASSIGNED: "mới giao",
    Step.UNRECEIVED: "chưa tiếp nhận",
    Step.DELEGATED: "được phân công",
    Step.EXTENSION_REFUSED: "chưa được gia hạn",
    Step.AMENDED: "được điều chỉnh",
    Step.RESUMED: "được tiếp tục thực hiện",
    Step.REOPENED: "được mở lại",
    Step.DECLINE_REFUSED: "được tiếp tục thực hiện",
    Step.NUDGED: "được đôn đốc",
    Step.URGED: "được đôn đốc",
}
_OWN_WORK, _NO_MORE = "của đồng chí", "trong tin nhắc này"


@dataclass(frozen=True)
class Writer:
    """Writes messages with the templates that have an id, within the limits that Zalo gave for them.

    `ids` by kind; `limits` by id, then parameter. Without `names_tasks` only numbers go out, and of a task that its
    province keeps off Zalo always.
    """

    ids: Mapping[str, str]
    names_tasks: bool
    limits: Mapping[str, Mapping[str, int]]

    def write(self, name: str, items: Sequence[Item], now: datetime, whole: Whole = ALONE) -> Written:
        """The message of these notices to a person of this name; what it says of a unit or person is of `whole`."""
        kind = self._chosen(items, whole)
        values = _VALUES[kind](name, items, now, whole)
        if kind == "digest" and not self._names(most_pressing(items).facts):
            values["ten_nhiem_vu"] = _ELSEWHERE
        template, template_id = templates()[kind], self.ids.get(kind, "")
        return Written(kind, template_id, fitted(template, values, self.limits.get(template_id, {})))

    def _chosen(self, items: Sequence[Item], whole: Whole) -> str:
        """Which template says it best among those that have an id; the digest says everything, in numbers."""
        kind = _kind(items, whole)
        if not self._names(whole.oldest if kind == "escalation" else items[0].facts):
            return "digest"
        calling = f"{kind}_call"
        if self.ids.get(calling) and _number(items[0]):
            return calling
        return kind if self.ids.get(kind) else "digest"

    def _names(self, facts: Any) -> bool:
        """Whether a message may say what this work is."""
        return self.names_tasks and not facts.unnamed_by_zalo


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


def _kind(items: Sequence[Item], whole: Whole) -> str:
    if len(items) > 1:
        return "escalation" if to_direct(items, whole) and whole.of is Of.UNIT and whole.oldest else "digest"
    step = items[0].step
    if step in TAKEN_AWAY or step is Step.DAILY:
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
        "nguoi_theo_doi": item.asks.name if item.asks else facts.assigner_name,
        "duong_dan": item.path,
        CALLED: _number(item),
    }


def _reminder(name: str, items: Sequence[Item], now: datetime, whole: Whole) -> dict[str, str]:
    item = items[0]
    return {
        **_about(item),
        "trang_thai_han": _standing(item),
        "ten_can_bo": name,
        "co_quan_giao": item.facts.assigner_name,
        "so_van_ban": item.facts.doc_symbol,
        "han_nop": item.days or "Không có hạn",
    }


def _overdue(name: str, items: Sequence[Item], now: datetime, whole: Whole) -> dict[str, str]:
    item = items[0]
    updated_at = item.facts.updated_at
    return {
        **_about(item),
        "so_ngay": str(-(item.days_left or 0)),
        "ten_can_bo": name,
        "han_nop": item.days,
        "cap_nhat_cuoi": _moment(updated_at) if updated_at else "Chưa cập nhật",
    }


def _escalation(name: str, items: Sequence[Item], now: datetime, whole: Whole) -> dict[str, str]:
    return {
        "ten_xa": items[0].facts.unit_name,
        "so_nhiem_vu": str(whole.load.overdue),
        "ten_lanh_dao": name,
        "thoi_diem": _moment(now),
        "ten_nhiem_vu": whole.oldest.content,
        "so_ngay": str(longest_days(items, whole, now.date())),
        "so_chua_phan_cong": str(whole.load.unassigned),
        "duong_dan": list_for(items, whole),
    }


def _returned(name: str, items: Sequence[Item], now: datetime, whole: Whole) -> dict[str, str]:
    item = items[0]
    in_term = item.end is not None and (item.days_left or 0) >= 0
    return {
        **_about(item),
        "ten_can_bo": name,
        "don_vi_theo_doi": item.facts.assigner_name,
        "noi_dung_bo_sung": item.detail,
        "han_nop_lai": item.days if in_term else "Sớm nhất có thể",
    }


def _extended(name: str, items: Sequence[Item], now: datetime, whole: Whole) -> dict[str, str]:
    item = items[0]
    return {
        **_about(item),
        "ten_can_bo": name,
        "han_cu": _day(item.old_due),
        "han_moi": _day(item.new_due or item.end),
        "nguoi_duyet": item.by or item.facts.assigner_name,
    }


def _digest(name: str, items: Sequence[Item], now: datetime, whole: Whole) -> dict[str, str]:
    load = whole.state.load if whole.state else whole.load if whole.of is not Of.MESSAGE else _carried(items)
    return {
        "ngay": _day(now.date()),
        "ten_can_bo": name,
        "pham_vi": _scope(items, whole),
        "gio": f"{now:%H:%M}",
        "qua_han": str(load.overdue),
        "den_han_hom_nay": str(load.today),
        "trong_7_ngay": str(load.soon),
        "cho_duyet": str(load.pending),
        "bi_tra_lai": str(load.returned),
        "noi_dung_nhac": counted(items, whole),
        "ten_nhiem_vu": most_pressing(items).facts.content,
        "duong_dan": list_for(items, whole),
    }


def _scope(items: Sequence[Item], whole: Whole) -> str:
    """Whose work the numbers of a digest are: «của xã An Bình»."""
    if whole.state is not None:
        return f"của {whole.state.place}"
    if whole.of is Of.UNIT:
        return f"của {items[0].place}"
    return _OWN_WORK if whole.of is Of.PERSON else _NO_MORE


def _carried(items: Sequence[Item]) -> Load:
    """The numbers of what a message carries, each assignment once."""
    lefts = {item.facts.id: item.days_left for item in items}.values()
    known = [left for left in lefts if left is not None]
    return Load(
        overdue=sum(left < 0 for left in known),
        today=known.count(0),
        soon=sum(0 < left <= SOON_VIEW_DAYS for left in known),
        returned=len({item.facts.id for item in items if item.facts.returned}),
    )


def _standing(item: Item) -> str:
    """«Nhiệm vụ còn 3 ngày đến hạn»; who urges says how it stands beside it: «được đôn đốc, quá hạn 4 ngày»."""
    said = _STANDING.get(item.step)
    if item.end is None:
        return said or "cần thực hiện"
    if item.step in URGINGS:
        return f"{said}, {'hạn hôm nay' if item.days_left == 0 else item.time_words}"
    return said or _days_words(item.days_left or 0)


def _number(item: Item) -> str:
    """Where the reader can call whom he may ask; "" when there is no mobile number."""
    return zalo_number(item.asks.phone) if item.asks else ""


_VALUES: dict[str, Callable[[str, Sequence[Item], datetime, Whole], dict[str, str]]] = {
    "reminder": _reminder,
    "overdue": _overdue,
    "reminder_call": _reminder,
    "overdue_call": _overdue,
    "escalation": _escalation,
    "returned": _returned,
    "extended": _extended,
    "digest": _digest,
}


def _days_words(left: int) -> str:
    """«Nhiệm vụ còn 3 ngày đến hạn»."""
    return f"còn {left} ngày đến hạn" if left > 0 else "đến hạn hôm nay"


def _day(day: date | None, none: str = NOTHING) -> str:
    return f"{day:%d/%m/%Y}" if day else none


def _moment(at: datetime) -> str:
    """As Zalo wants moments to be written."""
    return f"{at:%H:%M %d/%m/%Y}"
