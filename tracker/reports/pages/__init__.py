"""The pages of figures; the order of import is the order of the address book."""

from tracker.reports.pages import briefing, communes, report
from tracker.reports.pages.shared import pages

__all__ = ["briefing", "communes", "pages", "report"]
