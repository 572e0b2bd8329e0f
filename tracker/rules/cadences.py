"""What a province may settle about reminding: every field read, written and checked; what would follow: `foreseeing`.

The settings say what holds where the province has settled nothing; each field is settled by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from tracker.errors import Invalid
from tracker.rules.notices import DISPENSABLE, NOBODY, Audience, Hearer, Step, cells_of, may_hear
from tracker.rules.reminding import Cadence

_UNHEARD = "Mỗi loại thông báo phải còn ít nhất một người nghe."
_MOST_STEPS = 6
_MOST_DAYS = 60
_MOST_WEEKS = 8


def _days(written: str) -> tuple[int, ...]:
    """Numbers of days as people list them: «7, 3, 1»."""
    parts = [part for part in re.split(r"[\s,;]+", written.strip()) if part]
    if not parts or not all(part.isdecimal() and 1 <= int(part) <= _MOST_DAYS for part in parts):
        raise ValueError(f"Nhập các số ngày từ 1 đến {_MOST_DAYS}, cách nhau bằng dấu phẩy, ví dụ 7, 3, 1.")
    if len(set(parts)) > _MOST_STEPS:
        raise ValueError(f"Nhiều nhất {_MOST_STEPS} mức nhắc.")
    return tuple({int(part): None for part in parts})


def _number(most: int) -> Callable[[str], int]:
    def read(written: str) -> int:
        if not (written.strip().isdecimal() and 1 <= int(written) <= most):
            raise ValueError(f"Nhập số từ 1 đến {most}.")
        return int(written)

    return read


def _time(written: str) -> time:
    """A time of the day: «06:30», «6h30»."""
    found = re.fullmatch(r"(\d{1,2})\s*[:hg]\s*(\d{2})?", written.strip())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValueError("Nhập giờ, ví dụ 06:30.")
    return time(int(found[1]), int(found[2] or 0))


FIELDS: dict[str, Callable[[str], Any]] = {
    "days_before": _days,
    "days_after": _days,
    "receive_within_days": _number(_MOST_DAYS),
    "monitor_after_days": _number(_MOST_DAYS),
    "leader_after_days": _number(_MOST_DAYS),
    "weeks_between": _number(_MOST_WEEKS),
    "opens_at": _time,
    "closes_at": _time,
    "digest_at": _time,
    "digest_until": _time,
}
"""The figures that can be settled, and how each is read from what was typed."""


def cell_field(step: Step, hearer: Hearer) -> str:
    """The name under which one cell of the audience is settled: «overdue.monitor»."""
    return f"{step.value}.{hearer.value}"


CELL_FIELDS = {cell_field(step, hearer): (step, hearer) for step in Step for hearer in may_hear(step)}
"""The cells that can be settled, each by itself."""


def _cell(written: str, step: Step) -> str:
    if written not in cells_of(step):
        raise ValueError("Hãy chọn một cách báo trong danh sách.")
    return written


def written(cadence: Cadence) -> dict[str, str]:
    """Everything that can be settled, as people type it."""
    figures = {name: _as_typed(getattr(cadence, name)) for name in FIELDS}
    return figures | {
        name: cadence.audience[step].get(hearer, NOBODY) for name, (step, hearer) in CELL_FIELDS.items()
    }


def _as_typed(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(day) for day in value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def settled(defaults: Cadence, overrides: Mapping[str, str]) -> Cadence:
    """The cadence with some fields settled otherwise. Raises Invalid with every complaint at its field."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, typed in overrides.items():
        try:
            values[name] = _cell(typed, CELL_FIELDS[name][0]) if name in CELL_FIELDS else FIELDS[name](typed)
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        raise Invalid(wrong)
    cells = {name: values.pop(name) for name in list(values) if name in CELL_FIELDS}
    cadence = replace(defaults, **values, audience=_with(defaults.audience, cells))
    if wrong := _disorder(cadence):
        raise Invalid(wrong)
    return cadence


def _with(audience: Audience, cells: Mapping[str, str]) -> Audience:
    """The audience with some cells settled otherwise."""
    rows = {step: dict(row) for step, row in audience.items()}
    for name, cell in cells.items():
        step, hearer = CELL_FIELDS[name]
        rows[step][hearer] = cell
    return {step: {hearer: row[hearer] for hearer in Hearer if row.get(hearer)} for step, row in rows.items()}


def in_force(defaults: Cadence, overrides: Mapping[str, str]) -> Cadence:
    """The cadence with those of the overrides that still make sense over these settings: reminding never stops."""
    left = {name: typed for name, typed in overrides.items() if name in FIELDS or name in CELL_FIELDS}
    while left:
        try:
            return settled(defaults, left)
        except Invalid as wrong:
            kept = {name: typed for name, typed in left.items() if name not in wrong.fields}
            left = kept if len(kept) < len(left) else {}
    return defaults


def _disorder(c: Cadence) -> dict[str, str]:
    """What does not fit together: the escalation climbs, the digest leaves in the window, everything has a hearer."""
    unheard = [step for step in Step if step not in DISPENSABLE and not c.audience[step]]
    wrong = {
        cell_field(step, may_hear(step)[0]): "Mỗi loại thông báo phải còn ít nhất một người nghe." for step in unheard
    }
    if c.monitor_after_days <= max(c.days_after, default=0):
        wrong["monitor_after_days"] = "Báo cấp tỉnh phải sau mức nhắc quá hạn cuối cùng của xã."
    if c.leader_after_days <= c.monitor_after_days:
        wrong["leader_after_days"] = "Báo lãnh đạo phải sau khi báo chuyên viên theo dõi."
    if c.opens_at >= c.closes_at:
        wrong["closes_at"] = "Giờ ngừng gửi phải sau giờ bắt đầu gửi."
    elif not c.opens_at <= c.digest_at < c.closes_at:
        wrong["digest_at"] = "Giờ gửi bản tổng hợp phải nằm trong khung giờ gửi."
    elif not c.digest_at <= c.digest_until < c.closes_at:
        wrong["digest_until"] = "Giờ muộn nhất phải từ giờ gửi bản tổng hợp đến trước giờ ngừng gửi."
    return wrong


def digest_hours(cadence: Cadence) -> list[time]:
    """The times at which a person may want the digest: each full and half hour that the province allows."""
    halves = [time(n // 2, 30 * (n % 2)) for n in range(48)]
    return sorted({cadence.digest_at} | {half for half in halves if cadence.opens_at <= half <= cadence.digest_until})
