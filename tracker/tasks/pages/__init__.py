"""The pages of tasks, one small file for each subject; `pages` is the Blueprint that holds them all."""

from __future__ import annotations

from tracker.tasks.pages import (
    amending,
    assigning,
    deeds,
    detail,
    echoing,
    exporting,
    handover,
    issuing,
    listing,
    proposing,
    reviewing,
    series,
    targets,
    work,
)
from tracker.tasks.pages.shared import pages

__all__ = [
    "amending",
    "assigning",
    "deeds",
    "detail",
    "echoing",
    "exporting",
    "handover",
    "issuing",
    "listing",
    "pages",
    "proposing",
    "reviewing",
    "series",
    "targets",
    "work",
]
