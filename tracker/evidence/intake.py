"""Judging uploads at the gate: what is not of an accepted kind leaves no byte behind.

A file that a directive was read from was judged by its reader; it is kept with what came inside it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tracker.directives.reading import guards
from tracker.directives.reading.limits import LARGEST_FILE
from tracker.directives.reading.results import Attachment
from tracker.errors import Invalid
from tracker.evidence.store import Kept, keep
from tracker.rules.evidence import ACCEPTED, DOCX, EDXML, ODS, PDF, FileKind, kind_of, plain_name, safe_name

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
    return _named(kept, _kind(kept, upload.name), upload.name)


def _kind(kept: Kept, name: str) -> FileKind:
    if kept.size == 0:
        raise Invalid({"files": f"Tệp «{plain_name(name)[:80]}» rỗng; hãy chọn lại."})
    kind = kind_of(kept.head, name, kept.entries)
    if kind is None:
        raise Invalid({"files": f"Tệp «{plain_name(name)[:80]}» không phải {ACCEPTED}."})
    return kind


def accept_read(data: bytes, name: str, attachments: Sequence[Attachment], folder: Path) -> list[Accepted]:
    """Keep the bytes of a file that a directive was read from, and of what came inside it.

    An attachment of a kind that the house does not take is not kept apart: its message holds it.
    """
    kept = keep(io.BytesIO(data), folder, max_mb=LARGEST_FILE // (1 << 20))
    accepted = [_named(kept, _kind_read(kept, data, name), name)]
    for each in attachments:
        try:
            accepted += accept([Upload(io.BytesIO(each.data), each.name)], folder, max_mb=LARGEST_FILE // (1 << 20))
        except Invalid:
            continue
    return accepted


def _kind_read(kept: Kept, data: bytes, name: str) -> FileKind:
    """What a file is that was read: the reader goes by the content even where the name or its packing is unusual."""
    read_as = guards.kind_of(data)
    if read_as != "workbook":
        return _READ_AS[read_as]
    return kind_of(kept.head, f"{name}.xls", kept.entries) or ODS


_READ_AS = {"xml": EDXML, "docx": DOCX, "pdf": PDF}


def _named(kept: Kept, kind: FileKind, name: str) -> Accepted:
    return Accepted(kept.sha256, safe_name(name, kind), kind.media_type, kept.size)
