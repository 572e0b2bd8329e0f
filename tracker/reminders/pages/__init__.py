"""The pages of reminders, one small file for each subject; `pages` is the Blueprint that holds them all."""

from __future__ import annotations

from tracker.reminders.pages import addresses, copying, effect, hearers, inbox, nudging, outbox, policy, silences
from tracker.reminders.pages.shared import pages

__all__ = ["addresses", "copying", "effect", "hearers", "inbox", "nudging", "outbox", "pages", "policy", "silences"]
