"""Delivery: what waits is judged again, put into letters and handed over with no transaction open.

    waiting ─claim─→ sending ─→ sent
       ▲  │             ├─────→ failed      refused for good, or tried too often
       │  └→ dropped    ├─────→ unknown     never answered, by a channel that must not be given it twice
       └── postponed ───┘

    rounds (until nothing waits, by several hands) → claiming → judging · readers · packing · writing → facts
                                                   → the carrier → noting

Any number of processes may deliver: a claim is one short transaction that skips what others hold, it carries a
mark of its own and lapses when its deliverer dies. A kill between the server's «accepted» and our note is the
one moment that can make a duplicate, of one letter a hand: it goes out again under the same Message-ID.
"""

from tracker.reminders.delivering.rounds import Carrier, deliver
from tracker.reminders.delivering.writing import Way

__all__ = ["Carrier", "Way", "deliver"]
