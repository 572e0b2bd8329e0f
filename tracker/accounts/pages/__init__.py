"""The pages of people and their accounts, one small file for each subject."""

from __future__ import annotations

from tracker.accounts.pages import administration, signing, starting
from tracker.accounts.pages.signing import pages

__all__ = ["administration", "pages", "signing", "starting"]
