"""What is true to say now: which assignments speak, what each has to say, and who hears it by which channel.

    work, happened · decisions ─→ topics (rung in force, news) ─→ hearers (from current posts) ─→ sayings
    daily (how a unit stands)  ─┘

Planning writes down what is true and was not written yet; delivery asks again and drops what is no longer
true. Both ask here, so they cannot disagree. The number of SQL questions does not grow with the work.
"""

from tracker.reminders.situations.daily import daily_topic, first_dues, speaks_until
from tracker.reminders.situations.foretelling import Topics, would_be_heard, would_hear
from tracker.reminders.situations.hearers import Key
from tracker.reminders.situations.sayings import Saying, sayings
from tracker.reminders.situations.topics import Topic
from tracker.reminders.situations.work import extension_waits, running

__all__ = [
    "Key",
    "Saying",
    "Topic",
    "Topics",
    "daily_topic",
    "extension_waits",
    "first_dues",
    "running",
    "sayings",
    "speaks_until",
    "would_be_heard",
    "would_hear",
]
