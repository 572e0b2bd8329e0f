"""How much of a file is read: enough for any list of tasks, too little to harm."""

from __future__ import annotations

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes that a package may hold when unpacked."""
LARGEST_PART = 60 * 1024 * 1024
"""Bytes that one XML part of a package may hold."""
MOST_PARTS = 2000
MOST_ROWS = 20_000
MOST_COLUMNS = 80
MOST_CELLS = 400_000
MOST_LETTERS = 20_000_000
"""Letters that all cells and lines of a file may hold together."""
MOST_ELEMENTS = 200_000
"""Elements of an XML message; attachments count as one each, however large."""
MOST_PAGES = 300
MOST_GRIDS = 400
MEMORY = 460 * 1024 * 1024
"""Bytes of address space that a reading process may hold."""
SECONDS = 25


class TooMuch(Exception):
    """The file holds more than is read; says what of."""
