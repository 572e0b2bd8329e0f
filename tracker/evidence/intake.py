"""Judging uploads at the gate: what is not of an accepted kind leaves no byte behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tracker.errors import Invalid
from tracker.evidence.store import Kept, keep
from tracker.rules.evidence import ACCEPTED, FileKind, kind_of, plain_name, safe_name

MOST_FILES = 10


@dataclass(frozen=True)
class Upload:
    """A file as a person chose it: its bytes to be read once, and the name it came with."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True)
class Accepted:
    """Bytes of an accepted kind in the store; until a record names them, they are swept after a day."""

    sha256: str
    name: str
    media_type: str
    size: int


def accept(uploads: Sequence[Upload], folder: Path, *, max_mb: int) -> list[Accepted]:
    """Keep the bytes of all uploads. Raises TooLarge, or Invalid for one that is not what the house takes."""
    if len(uploads) > MOST_FILES:
        raise Invalid({"files": f"Mỗi lần tối đa {MOST_FILES} tệp; hãy gửi làm nhiều lần."})
    return [_accepted(upload, folder, max_mb) for upload in uploads]


def _accepted(upload: Upload, folder: Path, max_mb: int) -> Accepted:
    def judge(kept: Kept) -> None:
        _kind(kept, upload.name)

    kept = keep(upload.stream, folder, max_mb=max_mb, judge=judge)
    kind = _kind(kept, upload.name)
    return Accepted(kept.sha256, safe_name(upload.name, kind), kind.media_type, kept.size)


def _kind(kept: Kept, name: str) -> FileKind:
    if kept.size == 0:
        raise Invalid({"files": f"Tệp «{plain_name(name)[:80]}» rỗng; hãy chọn lại."})
    kind = kind_of(kept.head, name, kept.entries)
    if kind is None:
        raise Invalid({"files": f"Tệp «{plain_name(name)[:80]}» không phải {ACCEPTED}."})
    return kind
