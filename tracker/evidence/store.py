"""Bytes under the name of their own SHA-256: written once, whole and judged, or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from tracker.errors import TooLarge

CHUNK = 1 << 20
HEAD = 512


@dataclass(frozen=True)
class Kept:
    """Bytes that lie in the store, or are about to; `entries` are the names inside when they are a zip container."""

    sha256: str
    size: int
    head: bytes
    entries: frozenset[str]


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes of a hash lie."""
    return folder / sha256[:2] / sha256


def keep(stream: IO[bytes], folder: Path, *, max_mb: int, judge: Callable[[Kept], None] | None = None) -> Kept:
    """Stream the bytes to disk under their hash; `judge` raises for bytes that are not to be kept.

    Raises TooLarge as soon as there are too many. Whatever is raised, nothing stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix="incoming-", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest, size, head = hashlib.sha256(), 0, b""
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > max_mb * CHUNK:
                    raise TooLarge(f"Tệp lớn hơn {max_mb} MB. Hãy tách tệp, nén ảnh hoặc xuất PDF rồi gửi lại.")
                head = (head + chunk[:HEAD])[:HEAD]
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        kept = Kept(digest.hexdigest(), size, head, _entries(temporary))
        if judge is not None:
            judge(kept)
        place = path_of(folder, kept.sha256)
        place.parent.mkdir(exist_ok=True)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
    return kept


def _entries(path: Path) -> frozenset[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return frozenset()


def stored(folder: Path) -> Iterator[Path]:
    """All files of the store, unfinished ones too."""
    yield from folder.glob("incoming-*")
    yield from folder.glob("??/*")


def sweep(folder: Path, named: Iterable[str], *, now: datetime, age: timedelta = timedelta(days=1)) -> int:
    """Remove bytes older than `age` that no record names; returns how many files went."""
    known = set(named)
    gone = 0
    for path in list(stored(folder)):
        old = now.timestamp() - path.stat().st_mtime > age.total_seconds()
        if old and path.name not in known:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
