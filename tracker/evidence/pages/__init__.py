"""The pages of files, one small file for each subject; `pages` is the Blueprint that holds them all."""

from __future__ import annotations

from tracker.evidence.pages import answering, files
from tracker.evidence.pages.shared import pages

__all__ = ["answering", "files", "pages"]
