"""The pages of directives, one small file for each subject; `pages` is the Blueprint that holds them all."""

from __future__ import annotations

from tracker.directives.pages import destination, importing, papers, rows
from tracker.directives.pages.shared import pages

__all__ = ["destination", "importing", "pages", "papers", "rows"]
