"""Reaching: which steps go out by Zalo, when e-mail then keeps quiet, and which phone numbers Zalo may know.

The inbox hears everything. Zalo costs money and lies in people's pockets, so it says only what is near or late;
what the last warning says by Zalo, e-mail need not repeat the same morning (ux.md §7.1).
"""

from __future__ import annotations

import re

from tracker.rules.reminding import Step

URGENT_DAYS = 3
"""A warning this many days before the due date, or fewer, goes by Zalo as well."""

SHORT_TERM_DAYS = 7
"""Work given for so few days is made known by Zalo as well."""

_ALWAYS = frozenset(
    {
        *(Step.LAST_WARNING, Step.DUE_TODAY, Step.OVERDUE, Step.MONITOR, Step.LEADER, Step.WEEKLY),
        *(Step.RETURNED, Step.EXTENSION_GRANTED, Step.EXTENSION_REFUSED),
    }
)
_ZALO_ALONE = frozenset({Step.LAST_WARNING})
_MOBILE = re.compile(r"84[35789]\d{8}")


def goes_by_zalo(step: Step, *, rung_days: int = 0, term_days: int | None = None) -> bool:
    """Whether a step is said by Zalo. `rung_days`: before the due date; `term_days`: from giving to due, if any."""
    if step is Step.DUE_SOON:
        return rung_days <= URGENT_DAYS
    if step in (Step.ASSIGNED, Step.DELEGATED):
        return term_days is not None and term_days <= SHORT_TERM_DAYS
    return step in _ALWAYS


def spares_email(step: Step) -> bool:
    """Whether a step that goes out by Zalo is not said by e-mail as well."""
    return step in _ZALO_ALONE


def zalo_number(phone: str) -> str:
    """The number as Zalo writes it, 84987654321; "" when it is no Vietnamese mobile number."""
    digits = re.sub(r"\D", "", phone)
    international = f"84{digits[1:]}" if digits.startswith("0") else digits
    return international if _MOBILE.fullmatch(international) else ""
