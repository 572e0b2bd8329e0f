"""Percents that no figures can make true: a share of a whole above 100 %."""

from __future__ import annotations

import re

from tracker.rules.arithmetic.numbers import Percent

_STATED_RATE = re.compile(
    r"(?:đạt|t[ỷỉ] lệ|chiếm|bằng)(?:\s+(?:là|đạt|t[ỷỉ] lệ|được))*\s*:?\s*(?:trên|hơn|quá|vượt)?\s*$"
)
_MAY_EXCEED = re.compile(
    r"kế hoạch|chỉ tiêu|dự toán|mục tiêu|cùng kỳ|tăng|vượt|so với|năng suất|doanh thu|thu ngân sách|công suất"
    r"|giao|tiến độ|sản lượng|giá trị|tốc độ|huy động|định mức|kpi"
)
_SHARE = re.compile(
    r"\b(?:hồ sơ|văn bản|cán bộ|công chức|đúng hạn|trước hạn|trực tuyến|số hóa|số hoá|ký số|hộ|người dân)\b"
)


def is_impossible(plain: str, percent: Percent, start: int, end: int) -> bool:
    """A share above 100 %: «tỷ lệ ký số đạt trên 100%»; a plan may be surpassed, a share may not."""
    before = plain[max(start, percent.start - 160) : percent.start]
    clause = plain[max(start, percent.start - 160) : min(end, percent.end + 60)]
    over = percent.value > 100 or (percent.value == 100 and percent.about in ("trên", "hơn"))
    if not over or not _STATED_RATE.search(before) or _MAY_EXCEED.search(clause):
        return False
    return bool(_SHARE.search(clause)) and (percent.value == 100 or "lệ" in clause)
