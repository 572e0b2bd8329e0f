"""The deeds on one assignment, each with a noun for its address: `/assignments/<id>/<noun>`."""

from __future__ import annotations

from tracker.tasks.pages.deeds import of_assigner, of_unit

__all__ = ["of_assigner", "of_unit"]
