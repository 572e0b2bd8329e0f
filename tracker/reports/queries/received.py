"""What the checker says about files that a unit handed in: read once, as a file never changes under its hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tracker.errors import TrackerError
from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of
from tracker.reports.checking import Remark, checked, remarks
from tracker.reports.reading import is_readable, text_in

LARGEST_AT_ONCE = 3 * 1024 * 1024
"""Bytes up to which a file is read while its page is waited for; a larger one is read when somebody asks."""


@dataclass(frozen=True)
class Received:
    """A report file with what needs an eye in it; `refusal` says why it could not be read."""

    file: StoredFile
    remarks: tuple[Remark, ...]
    refusal: str = ""


def received(files: Iterable[StoredFile], folder: Path) -> list[Received]:
    """The report files among these, each checked."""
    return [_of(file, folder) for file in files if is_readable(file.name)]


def _of(file: StoredFile, folder: Path) -> Received:
    if file.size > LARGEST_AT_ONCE:
        return Received(file, (), "Tệp lớn, chưa soát tự động.")
    found, refusal = _checked(str(path_of(folder, file.sha256)), file.name)
    return Received(file, found, refusal)


@lru_cache(maxsize=512)
def _checked(path: str, name: str) -> tuple[tuple[Remark, ...], str]:
    try:
        return tuple(remarks(checked(text_in(name, Path(path).read_bytes()), None))), ""
    except TrackerError as error:
        return (), error.sentence
    except OSError:
        return (), "Tệp này không còn trong kho; đề nghị báo người quản trị."
