"""Numbers and words in addresses: only those that a record can have; any other leads nowhere, not to the database."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

LARGEST = 2**31 - 1


class RecordNumber(IntegerConverter):
    """`<int:…>` of this house."""

    def __init__(self, url_map: Any, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **options})


class PlainWord(UnicodeConverter):
    """`<…>` of this house: a word that can be printed."""

    def to_python(self, value: str) -> str:
        """The word; raises ValidationError, so that no rule matches, for one with control characters."""
        if not value.isprintable():
            raise ValidationError
        return value


def init_addresses(app: Flask) -> None:
    """Let `<int:…>` and `<…>` of all rules mean what a record has; called before any blueprint is registered."""
    app.url_map.converters |= {"int": RecordNumber, "string": PlainWord, "default": PlainWord}
