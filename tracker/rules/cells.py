"""How a value stands in a cell of a CSV file, where all is text: as Vietnamese Excel reads it, never a formula."""

from __future__ import annotations

from datetime import date, datetime

BOM = b"\xef\xbb\xbf"
"""Says to Excel that the letters are UTF-8."""
CALCULATED = ("=", "+", "-", "@")


def csv_cell(value: object) -> str:
    """Dates as dd/mm/yyyy, the decimal comma, nothing for none; before what would be calculated stands a «'»."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    if not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.lstrip()[:1] in CALCULATED else value
