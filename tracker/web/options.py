"""What a terminal may say of time: a day or a moment as an option of a command; what is none is wrong usage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

from tracker.clock import HOUSE_ZONE, today
from tracker.rules.texts import read_date, read_moment


class _Read(click.ParamType[Any]):
    """Reads what was typed by a function that raises ValueError in words."""

    def __init__(self, name: str, reader: Callable[[str], Any]):
        self.name, self._reader = name, reader

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value read; fails with the sentence of the reader."""
        if not isinstance(value, str):
            return value
        try:
            return self._reader(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _day(text: str) -> date:
    return read_date(text, today())


def _moment(text: str) -> datetime:
    return read_moment(text, HOUSE_ZONE)


DAY: click.ParamType[date] = _Read("NGÀY", _day)
"""A local date, 2026-06-22 or as people write it."""

MOMENT: click.ParamType[datetime] = _Read("ISO", _moment)
"""A moment as ISO 8601; without a zone it is house time."""
