"""Cells that show a month: Excel turns a typed «6/2026» into 1 June 2026 and shows «Jun-26».

The value alone would become the first day of the month; the format of the cell tells that a month was meant.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse

_MONTH_FORMATS = {17}
"""Number formats that every Excel knows by number: 17 is «mmm-yy»."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_FIRST_DAY = date(1899, 12, 30)


def months_of(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """The cells of a sheet that show a month without a day, as «06/2026», by row and column from 0."""
    if not data.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "xl/workbook.xml" not in package.namelist():
            return {}
        styles = _month_styles(package)
        part = _part_of(package, sheet) if styles else None
        return dict(_cells(package, part, styles)) if part else {}


def _month_styles(package: zipfile.ZipFile) -> set[str]:
    if "xl/styles.xml" not in package.namelist():
        return set()
    root = fromstring(package.read("xl/styles.xml"))
    shown = {
        int(each.get("numFmtId", "0")) for each in root.iterfind("{*}numFmts/{*}numFmt") if _is_month(each)
    } | _MONTH_FORMATS
    formats = root.iterfind("{*}cellXfs/{*}xf")
    return {str(n) for n, each in enumerate(formats) if int(each.get("numFmtId", "0")) in shown}


def _is_month(number_format: Element) -> bool:
    code = _LITERAL.sub("", number_format.get("formatCode", "")).lower()
    return "m" in code and "y" in code and not re.search("[dhs]", code)


def _part_of(package: zipfile.ZipFile, sheet: str) -> str | None:
    book = fromstring(package.read("xl/workbook.xml"))
    links = fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in links}
    for each in book.iterfind("{*}sheets/{*}sheet"):
        if each.get("name") == sheet:
            link = next((value for key, value in each.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            return part if part in package.namelist() else None
    return None


def _cells(package: zipfile.ZipFile, part: str, styles: set[str]) -> Iterator[tuple[tuple[int, int], str]]:
    with package.open(part) as stream:
        for _, element in iterparse(stream):
            if element.tag.endswith("}c") and element.get("s") in styles:
                value = element.findtext("{*}v") or ""
                place = _place(element.get("r", ""))
                if place and re.fullmatch(r"\d{4,6}", value):
                    yield place, f"{_FIRST_DAY + timedelta(days=int(value)):%m/%Y}"
            elif element.tag.endswith("}row"):
                element.clear()


def _place(reference: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
