"""Asking for figures: of a day or a period, in parts, week by week.

figures → breakdowns · lateness · matrix · watching · snapshots → differences; delays are the province's own
"""

from tracker.reports.queries.breakdowns import BREAKDOWNS, Line, breakdown, by_commune, by_directive, by_unit
from tracker.reports.queries.delays import ReviewDelay, review_delays
from tracker.reports.queries.differences import Changed, Difference, difference, difference_since
from tracker.reports.queries.figures import Figures, Scope, average, figures, rates_json, tally_json, tally_of
from tracker.reports.queries.lateness import Lateness, lateness
from tracker.reports.queries.matrix import Cell, Matrix, matrix
from tracker.reports.queries.watching import longest_overdue, overdue_on

__all__ = [
    "BREAKDOWNS",
    "Cell",
    "Changed",
    "Difference",
    "Figures",
    "Lateness",
    "Line",
    "Matrix",
    "ReviewDelay",
    "Scope",
    "average",
    "breakdown",
    "by_commune",
    "by_directive",
    "by_unit",
    "difference",
    "difference_since",
    "figures",
    "lateness",
    "longest_overdue",
    "matrix",
    "overdue_on",
    "rates_json",
    "review_delays",
    "tally_json",
    "tally_of",
]
