"""The one reader of the wall clock, in house time. Everything below the doors is told the time."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

HOUSE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment as an aware datetime in house time."""
    return datetime.now(HOUSE_ZONE)


def today() -> date:
    """The present local date in house time."""
    return now().date()
