"""What the coming days would bring, counted by day, and by name who would hear it: under a manner, or a change of it.

    outlooks of the work, counted ─→ rules/foreseeing ─→ what opens on which day              looking
    the work of which something opens on a day ─→ situations (who hears by which channel, as in planning) ─→ Heard
    units with something overdue or due on a day ─→ their leaders, how the unit stands        mornings
    sides: how it is reminded and would be · where it is silent       people: who holds posts when, and where

Nobody's news are foreseen: what has happened is said at once, what will happen is unknown.
"""

from tracker.reminders.foreseeing.looking import DAYS_SHOWN, Look
from tracker.reminders.foreseeing.people import units_of
from tracker.reminders.foreseeing.sides import Forecast, Heard, Hearing

__all__ = ["DAYS_SHOWN", "Forecast", "Heard", "Hearing", "Look", "units_of"]
