"""The pages of figures; the order of import is the order of the address book."""

from tracker.reports.pages import briefing, closed, communes, report
from tracker.reports.pages.shared import pages

__all__ = ["briefing", "closed", "communes", "pages", "report"]
