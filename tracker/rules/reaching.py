"""Reaching: which phone numbers Zalo may know."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"84[35789]\d{8}")


def zalo_number(phone: str) -> str:
    """The number as Zalo writes it, 84987654321; "" when it is no Vietnamese mobile number."""
    digits = re.sub(r"\D", "", phone)
    international = f"84{digits[1:]}" if digits.startswith("0") else digits
    return international if _MOBILE.fullmatch(international) else ""
