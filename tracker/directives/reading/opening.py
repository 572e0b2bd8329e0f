"""Run as a program, `opening.py KIND < FILE`: prints the content of the file as JSON, or why it was refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # in isolated mode Python does not look beside this file by itself
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tracker.directives.reading.grids import Content
from tracker.directives.reading.limits import MOST_LETTERS, TooMuch
from tracker.directives.reading.sandbox import hold_back


def main(kind: str, seconds: int) -> None:
    """Read the file on standard input and print what it holds, within so many seconds."""
    sys.stdout.write(json.dumps(_said(kind, seconds), ensure_ascii=False))


def _said(kind: str, seconds: int) -> dict[str, Any]:
    try:
        read = _reader(kind)
        data = sys.stdin.buffer.read()
        hold_back(seconds)
        content = read(data)
        if content.letters > MOST_LETTERS:
            raise TooMuch(f"nhiều hơn {MOST_LETTERS // 1_000_000} triệu chữ cái")
        return content.as_json()
    except TooMuch as much:
        return {"refused": "much", "what": str(much)}
    except MemoryError:
        return {"refused": "heavy"}
    except Exception as error:  # a damaged file raises what its first broken part happens to raise
        said = f"{error!r} {error.__cause__!r} {error.__context__!r}".lower()
        locked = "password" in said or "encrypt" in said
        return {"refused": "locked" if locked else "damaged"}


def _reader(kind: str) -> Callable[[bytes], Content]:
    """The reader of a kind; only its own library is loaded, and before the limits hold."""
    module, name = _READERS[kind]
    reader: Callable[[bytes], Content] = getattr(import_module(f"tracker.directives.reading.{module}"), name)
    return reader


_READERS = {
    "workbook": ("xlsx", "read_workbook"),
    "docx": ("docx", "read_document"),
    "pdf": ("pdf", "read_pages"),
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
