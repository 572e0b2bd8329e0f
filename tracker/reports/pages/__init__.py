"""The pages of figures; the order of import is the order of the address book."""

from tracker.reports.pages import briefing, checker, closed, communes, report
from tracker.reports.pages.shared import pages

__all__ = ["briefing", "checker", "closed", "communes", "pages", "report"]
