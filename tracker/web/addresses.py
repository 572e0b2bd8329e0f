"""Numbers in addresses: only those that a record can have; any other leads nowhere instead of to the database."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1


class RecordNumber(IntegerConverter):
    """`<int:…>` of this house."""

    def __init__(self, url_map: Any, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **options})


def init_addresses(app: Flask) -> None:
    """Let `<int:…>` of all rules mean the number of a record; called before any blueprint is registered."""
    app.url_map.converters["int"] = RecordNumber
