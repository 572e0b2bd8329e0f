"""Reads deadline wordings of Vietnamese official papers: from the words to a proposed date, rhythm or none."""

from tracker.rules.wordings.deciding import read_wording
from tracker.rules.wordings.reading import Reading

__all__ = ["Reading", "read_wording"]
